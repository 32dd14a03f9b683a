"""The only door between a face and everything else.

`study` is the door and the straight line from a typed text to a due day; read it first. On the way
stand `resume` (which session is begun or resumed), `session` (where the learner stands), `question`
(what is in front: an item, its numbers, its step), `tasks` (exercise or question, to the line one
thing), `attempts` (what a try is evidence of) and `build_pages` (the page that a face gets). `today` says
what the day holds (light: no numpy, no SQLAlchemy, no fsrs); `looking_back` and `history` are what
the screens about the past show.
"""
