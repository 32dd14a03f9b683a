"""The engine of exercises: drawn fairly, graded and diagnosed as pure functions. It knows no subject.

In reading order: `blocks` (the closed vocabulary of what is shown and asked), `answers` (typed text
to values), `worksheet` (how an exercise is calculated), `exercise` (what a kind is), `fairness` (which
numbers are asked), `sheets` and `steps` (how a kind is put on paper), `grading` (how an answer is
diagnosed), `fading` (how much is left to the learner). `blocks` and `answers` load without numpy.
"""
