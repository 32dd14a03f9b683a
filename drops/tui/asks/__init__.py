"""A widget for each way of asking, and what is said of an answer."""
