"""The commands, each with its words and its options in one of these files."""
