"""The terminal itself: what it sends, how it is left, what it can tell."""
