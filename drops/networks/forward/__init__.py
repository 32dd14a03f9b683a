"""Phase 2: a 2-3-1 net by hand, forward and back."""
