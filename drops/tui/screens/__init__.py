"""A file for each screen, and its pieces."""
