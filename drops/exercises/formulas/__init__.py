"""Formulas as authors write them: read by a whitelist, evaluated on numbers, never run as code."""
