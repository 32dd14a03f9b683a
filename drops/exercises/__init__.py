"""Exercises: computed by the engine, graded and diagnosed as pure functions.

`neuron` is the kind to read first: the arithmetic, what people do instead, the kind itself. All
others stand in the same order. `exercise` says what a kind is, `blocks` is the closed vocabulary
of what it shows and asks, `worksheet` how it is calculated, `grading` how it is diagnosed, `paper`
what all put it on paper with, `kinds` the list of all, `figures` the pictures of lessons that move,
`experiments` what lessons claim. `blocks` and `answers` load without numpy.
"""
