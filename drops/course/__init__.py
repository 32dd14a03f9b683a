"""Courses: Markdown in, values out."""
