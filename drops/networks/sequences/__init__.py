"""Words, pictures and sequences: what a network needs beyond a table with fixed columns."""
