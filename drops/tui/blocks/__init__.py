"""A file for each thing that is shown: lines of text, drawn by a function."""
