"""Networks that do not do well, to be mended."""
