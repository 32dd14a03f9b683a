"""What a learner remembers: ratings from evidence, the schedule, today's plan, the truth about it.

Values in, values out: nothing here reads the clock, a file or a course. In reading order:
rating, schedule (the one door to FSRS), forgetting, today; then what is said about a history:
hardness, ladder, misconceptions, mastery, honesty, progress.
"""
