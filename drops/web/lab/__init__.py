"""The Lab in a browser."""
