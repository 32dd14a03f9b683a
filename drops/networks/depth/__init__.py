"""Phase 3: squashes, depth and width."""
