"""Phase 4: a net for a table, designed and defended."""
