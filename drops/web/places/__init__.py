"""Pages that the menu and links lead to, each a file."""
