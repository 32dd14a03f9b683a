"""What a learner has made and can look back on: past answers, the picture of a day, its end, the week."""
