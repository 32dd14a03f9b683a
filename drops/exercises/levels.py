"""The fading ladder of an exercise: how much of it is left to the learner."""

HIGHEST = 3  # from 0: the last third is asked, the second half, every field, the wrong line
FEWEST_LINES = 3  # among which a wrong one is looked for: of two every second guess is right
