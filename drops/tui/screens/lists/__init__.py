"""Lists with a pane: the path, why today, progress, the history, hard drops."""
