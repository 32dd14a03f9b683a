"""The Lab: an experiment is one frozen value with one line of text."""
