"""The progress file: one SQLite file, its folder, its copies, and what is done when it is damaged."""
