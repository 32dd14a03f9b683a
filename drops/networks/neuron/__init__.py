"""Phase 1: one neuron, lines, and why the squash."""
