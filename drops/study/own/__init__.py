"""What is the learner's own: acts that can be taken back, a clock that can be put right, what was typed."""
