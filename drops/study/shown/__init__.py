"""What a learner has made and can show: the picture of a day, its end, the week."""
