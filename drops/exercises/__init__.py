"""Exercises: computed by the engine, graded and diagnosed as pure functions.

`blocks` is the closed vocabulary of what an exercise shows and asks, `worksheet` how it is
calculated and diagnosed, `kinds` the list of all kinds, `experiments` what lessons claim.
`blocks` and `answers` load without numpy.
"""
