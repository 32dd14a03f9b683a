"""A learner's history on disk: an append-only log, and what is folded from it."""
