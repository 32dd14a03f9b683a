"""The Lab: its engine in a thread, its picture, its keys."""
