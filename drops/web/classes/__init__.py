"""A class in the browser: who sits where, and the teacher's page."""
