"""What is said of tomorrow, and how many minutes something takes, is the same wherever it is said."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import pytest

from drops.memory.today import DayPlan
from drops.plain.feedback import title
from drops.study.looking_back import progress
from drops.study.reports import today_as_data, today_as_lines
from drops.study.said import in_minutes
from drops.study.today import today
from drops.text import whole_minutes


def a_day(study, clock, learner) -> None:
    session = study.begin(clock())
    while not session.ended:
        clock.at += timedelta(seconds=12)
        session = learner.page(session)


def next_morning(clock) -> None:
    clock.at = clock.at.replace(hour=9, minute=0, second=0) + timedelta(days=1)


@pytest.mark.slow
@pytest.mark.parametrize("misses", [0.0, 0.25, pytest.param(0.5, marks=pytest.mark.slow)])
def test_what_was_said_of_tomorrow_once_today_is_done_is_what_tomorrow_holds(study, clock, learners, misses):
    chance = random.Random(str(misses))
    learner = learners(study, lambda page: page.part in ("recall", "do", "quiz") and chance.random() < misses)
    for _ in range(5):
        a_day(study, clock, learner)
        told = study.today(clock())
        day = told.day + timedelta(days=1)
        asked = today(study.library, study.log.glance(), clock(), on=day)
        forecast = progress(study.library, study.log.ledger(), clock()).forecast
        next_morning(clock)
        holds = study.today(clock())
        drop = f"drop {holds.new.number}" if holds.new else ""
        items = f"{len(holds.items)} question{'s' * (len(holds.items) != 1)}" if holds.items else ""
        assert told.coming[0] == f"tomorrow {' + '.join(filter(None, (items, drop)))}"
        assert [item.item_key for item in asked.items] == [item.item_key for item in holds.items]
        assert asked.says == holds.says
        assert forecast[1] == (day, len(holds.items), pytest.approx(holds.recall_seconds / 60))


@pytest.mark.slow
def test_before_today_is_done_tomorrow_is_what_comes_of_it_if_it_goes_well(study, clock, learners):
    learner = learners(study)
    for _ in range(3):
        told = study.today(clock()).coming[0]
        a_day(study, clock, learner)
        assert study.today(clock()).coming[0] == told
        next_morning(clock)


@pytest.mark.slow
def test_progress_forecasts_for_today_what_today_holds(study, clock, learners):
    a_day(study, clock, learners(study))
    for _ in range(3):
        next_morning(clock)
        holds = study.today(clock())
        found = progress(study.library, study.log.ledger(), clock()).forecast[0]
        assert found == (holds.day, len(holds.items), pytest.approx(holds.recall_seconds / 60))
        session = learners(study).page(study.begin(clock()))
        left = study.today(clock())
        assert progress(study.library, study.log.ledger(), clock()).forecast[0][1] == len(left.items)
        learners(study).run(session)


@pytest.mark.slow
def test_the_minutes_of_a_day_add_up_and_are_the_same_in_every_sentence(study, clock, learners):
    for _ in range(8):
        told = study.today(clock())
        total, recall, lesson = told.minutes
        assert total == recall + lesson == whole_minutes(told.seconds)
        data, lines = today_as_data(told), "\n".join(today_as_lines(told))
        assert data["says"].startswith(f"{total} minute")
        if told.items and told.new:
            assert f"{recall} of recall" in told.says
        if told.new:
            assert f"({lesson} min)" in lines
        a_day(study, clock, learners(study))
        next_morning(clock)


@pytest.mark.parametrize(("recall", "lesson", "again"), [(90, 330, 3), (98, 333, 0), (40, 200, 30), (29, 61, 0), (20, 31, 0)])
def test_parts_that_are_rounded_still_add_up(recall, lesson, again):
    from drops.memory.today import Due, LessonPart

    due = Due("a/1", "a", "one", recall, 0.9, "", "recall", 0)
    part = LessonPart("b", "b", ("b/read/0",), lesson, 0.0, False)
    made = DayPlan((due,), part, recall, again, recall + lesson + again, 480, 0, 0, "", ())
    total, first, then = in_minutes(made)
    assert total == first + then
    assert min(first, then) >= 1


def test_how_much_is_left_is_said_alike_by_both_faces(study, clock, learners):
    learner, session = learners(study), study.begin(clock())
    while not session.ended:
        page = study.page(session)
        said = re.search(r"(\d+) min left", title(page))
        assert (said[0] if said else "") == page.left
        session = learner.page(session)


@pytest.mark.slow
def test_what_comes_back_is_counted_over_the_sitting_of_whatever_drop_it_is(study, clock, learner):
    for _ in range(3):
        a_day(study, clock, learner)
        next_morning(clock)
    asks, session = len(study.today(clock()).items), study.begin(clock())
    found = []
    while not session.ended:
        page = study.page(session)
        if page.part == "recall" and (not found or found[-1][0] != page.item_key):
            found.append((page.item_key, page.drop_id, page.part_index, page.part_of))
        session = learner.page(session)
    assert len({drop for _, drop, _, _ in found}) > 1
    assert [at for _, _, at, _ in found] == list(range(1, asks + 1))
    assert {of for _, _, _, of in found} == {asks}
