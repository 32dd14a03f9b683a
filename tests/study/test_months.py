"""Months of a learner's days on the real path: how long a day takes, and where it ends."""

from __future__ import annotations

import random
from statistics import quantiles

import pytest

from drops.exercises.blocks import Choice, Numbers

READING = 30.0  # seconds a page without a question
SECONDS = {Numbers: 12.0, Choice: 12.0}  # a field; a choice


def seconds_of(page) -> float:
    if page.ask is None:
        return READING
    if isinstance(page.ask, Numbers):
        return 10.0 + SECONDS[Numbers] * len(page.ask.fields)
    return SECONDS[Choice]


@pytest.fixture
def months(study, learners, clock):
    """Runs days; gives minutes of review and of new drops per day, errors at the given rate."""

    def run(days, *, errs=0.1, comes=lambda day: True, fails=lambda page: False):
        rng = random.Random(7)
        learner = learners(study, errs=lambda page: fails(page) or rng.random() < errs)
        learner.seconds = seconds_of
        review, new = [], []
        for day in range(days):
            if comes(day):
                learner.seen.clear()
                promised = study.today(clock())
                learner.day()
                recalled = [p for p in learner.seen if p.part == "recall"]
                review.append(sum(map(seconds_of, recalled)) / 60)
                new.append(sum(seconds_of(p) for p in learner.seen if p.part not in ("recall", "retry")) / 60)
                assert len(recalled) <= len(promised.items) + 2  # at most a worked page and a line to find
            clock.days(1)
        return review, new

    return run


@pytest.mark.slow
def test_thirty_days_on_time_finish_the_path_within_eight_minutes_of_recall_a_day(months, study, clock):
    review, _ = months(30)
    assert quantiles(review, n=20)[-1] <= 8.0
    assert study.today(clock()).finished == 14


@pytest.mark.slow
def test_every_second_day_still_finishes_the_path(months, study, clock):
    review, _ = months(50, comes=lambda day: day % 2 == 0)
    assert quantiles(review, n=20)[-1] <= 9.0
    assert study.today(clock()).finished >= 13


@pytest.mark.slow
def test_after_three_weeks_away_the_backlog_is_spread_and_new_drops_wait(months, study, clock):
    months(8)
    clock.days(21)
    back = study.today(clock())
    assert back.items
    assert back.recall_seconds <= 8 * 60 + 60
    review, _ = months(12)
    assert max(review) <= 9.5
    assert study.today(clock()).finished > 8


@pytest.mark.slow
def test_who_always_fails_one_drop_finds_it_hardest_and_still_finishes_the_others(months, study, clock):
    from drops.study.looking_back import hard_drops

    months(30, errs=0.05, fails=lambda page: page.drop_number == 3 and page.part in ("recall", "do", "quiz"))
    assert hard_drops(study, clock())[0].drop.number == 3
    assert study.today(clock()).finished >= 12
