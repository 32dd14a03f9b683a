"""What happens before a step, in it and beside it: the figures and experiments of the second path."""
