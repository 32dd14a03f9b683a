"""The only door between a face and everything else.

`today` says what the day holds (light: no numpy, no SQLAlchemy, no fsrs); `session` is the
straight line from a typed text to a due day; `looking_back` and `history` are what the
screens about the past show: hard drops and progress, and every answer as it was.
"""
