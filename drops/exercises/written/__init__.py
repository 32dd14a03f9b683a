"""Exercises that are data: givens, lines and mix-ups as formulas, in the lesson's own Markdown."""
