"""A class's database on PostgreSQL: who may what there, and a learner's log in it."""
