"""A month of days, simulated: learners who come daily, every second day, after three weeks, and
one who always fails a drop. Recall is drawn from FSRS's own probability.
"""

import random
from itertools import pairwise
from statistics import fmean

import pytest

from drops.events import Rating
from drops.memory.forgetting import recall
from drops.memory.hardness import Record, ranked
from drops.memory.mastery import MasteryStage, mastery
from drops.memory.schedule import fold
from drops.memory.today import Candidate, NewDrop, plan

START = 740_000
# The path's fourteen drops, minutes as its page prints them; three kept items of 45 seconds each.
MINUTES = (6, 6, 6, 7, 6, 7, 6, 6, 7, 7, 7, 7, 7, 12)
DROPS = [NewDrop(f"drop-{n}", f"Drop {n}", minutes) for n, minutes in enumerate(MINUTES, 1)]
ITEMS, SECONDS, BUDGET = 3, 45.0, 8


class Learner:
    """One simulated learner; `days` holds each practised day's plan."""

    def __init__(self, event, seed, fails=""):
        self.event, self.fails = event, fails
        self.chance = random.Random(seed)
        self.memories, self.begun, self.days = {}, 0, {}

    def practise(self, day):
        kept = [
            Candidate(
                key,
                key.partition("/")[0],
                key,
                SECONDS,
                memory,
                "exercise" if key.endswith("1") else "recall",
            )
            for key, memory in self.memories.items()
        ]
        following = DROPS[self.begun] if self.begun < len(DROPS) else None
        found = self.days[day] = plan(day, kept, following, BUDGET)
        for item in found.items:
            memory = self.memories[item.item_key]
            self._answer(item.item_key, day, 0.8 if memory is None else recall(memory, day))
        if found.new:
            # The drop's exercise is graded in the drop; its questions are first asked the day after.
            self.begun += 1
            self.memories |= {f"{found.new.drop_id}/{n}": None for n in range(1, ITEMS + 1)}
            self._answer(f"{found.new.drop_id}/1", day, 0.8)
        return found

    def _answer(self, key, day, likely):
        right = self.chance.random() < likely and not (self.fails and key.startswith(self.fails + "/"))
        rating = Rating.GOOD if right else Rating.AGAIN
        self.memories[key] = fold(self.memories[key], self.event(key, day, rating))


def minutes(found):
    return sum(item.seconds for item in found.items) / 60


def p95(values):
    return sorted(values)[int(0.95 * (len(values) - 1) + 0.999)]


SEEDS = range(5)


@pytest.mark.parametrize("seed", SEEDS)
def test_thirty_days_on_time_take_at_most_eight_minutes_of_reviews_and_finish_the_path(event, seed):
    learner = Learner(event, seed)
    for day in range(START, START + 30):
        learner.practise(day)
    spent = [minutes(found) for found in learner.days.values()]
    assert p95(spent) <= 8
    assert fmean(spent) <= 5
    assert learner.begun == 14
    finished = max(day for day, found in learner.days.items() if found.new) - START + 1
    assert finished <= 18


@pytest.mark.parametrize("seed", SEEDS)
def test_every_second_day_still_fits_and_still_arrives(event, seed):
    learner = Learner(event, seed)
    for day in range(START, START + 60, 2):
        learner.practise(day)
    assert max(minutes(found) for found in learner.days.values()) <= 8
    assert learner.begun == 14
    assert sum(found.waiting for found in learner.days.values()) <= 60


def back_after_three_weeks(event, seed):
    """A learner twelve days in, three weeks away, and back until nothing waits: (promised, taken)."""
    learner = Learner(event, seed)
    for day in range(START, START + 12):
        learner.practise(day)
    back = day = START + 12 + 21
    first = learner.practise(back)
    while learner.days[day].waiting:
        day += 1
        learner.practise(day)
    assert first.waiting > 0
    assert all(minutes(learner.days[n]) <= 8 for n in range(back, day + 1))
    assert all(learner.days[n].new is None for n in range(back, day))
    assert learner.days[day].new is not None
    return first.clears_in_days, day - back


def test_three_weeks_away_are_spread_by_the_budget_and_cleared_when_promised(event):
    returns = [back_after_three_weeks(event, seed) for seed in range(60)]
    late = [taken - promised for promised, taken in returns]
    assert max(late) <= 2
    assert min(late) >= -1
    assert sum(days > 0 for days in late) <= 0.2 * len(late)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drop_that_always_fails_is_named_and_starves_no_other(event, seed):
    learner = Learner(event, seed, fails="drop-2")
    for day in range(START, START + 45):
        learner.practise(day)
    assert learner.begun == 14
    assert max(minutes(found) for found in learner.days.values()) <= 8
    records = [
        Record(key, key.partition("/")[0], memory) for key, memory in learner.memories.items() if memory
    ]
    hardest = ranked(records, START + 45)[0]
    assert hardest.drop_id == "drop-2"
    assert hardest.hard
    assert len(hardest.stuck) == ITEMS
    others = [m for key, m in learner.memories.items() if not key.startswith("drop-2/")]
    assert all(memory and memory.reps >= 1 for memory in others)
    assert fmean(recall(memory, START + 45) for memory in others) > 0.88


def test_most_drops_are_solid_after_half_a_year_of_short_days(event):
    learner = Learner(event, 1)
    for day in range(START, START + 180):
        learner.practise(day)
    stages = [
        mastery(True, [learner.memories[f"{drop.drop_id}/{n}"] for n in range(1, ITEMS + 1)]).stage
        for drop in DROPS
    ]
    assert min(stages) >= MasteryStage.RECALLED
    # Not all: at a target of 0.9 one review in ten is a lapse, and the item begins again.
    assert sum(stage >= MasteryStage.SOLID for stage in stages) >= 10


def test_neighbours_of_one_drop_are_rare_over_a_month(event):
    learner = Learner(event, 3)
    for day in range(START, START + 30):
        learner.practise(day)
    for found in learner.days.values():
        drops = [item.drop_id for item in found.items]
        most = max((drops.count(drop) for drop in drops), default=0)
        touching = sum(a == b for a, b in pairwise(drops))
        assert touching == max(0, 2 * most - len(drops) - 1)
