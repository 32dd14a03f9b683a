"""Where the time of a sitting goes: enough is said to be enough, and nothing of a plan is believed blindly."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from drops.exercises.blocks import Choice, Field, Numbers, Order, Words
from drops.memory.learner import Learner
from drops.study import lasts
from drops.study.resume import as_logged
from drops.study.said import put_off
from drops.study.session import Session, Unit, lesson_units, recall_unit, worked_unit
from drops.study.timing import (
    BEYOND,
    asking_seconds,
    fits_again,
    lasts_of,
    lesson_seconds_left,
    may_stop,
    pace_of,
    reading_seconds,
    recall_to_put_off,
    seconds_left,
)
from drops.text import counted

DROP = "weighted-sum-and-squash"


def today(library, units=None, **plan) -> Session:
    units = lesson_units(library.drop(DROP)) if units is None else units
    return Session("s", "today", 1, tuple(units), plan=plan)


@pytest.mark.parametrize(
    "said",
    [
        None, "fast", 7, {}, [], [1, 2, 3], [1, 2, 3, 4, 5], ["1", 2, 1.0, 1.0], [True, 2, 1.0, 1.0],
        [1, 2, -1.0, 1.0], [1, 2, 1e6, 1.0], [1, 2, float("nan"), 1.0], [1, 2, float("inf"), 1.0], [None] * 4,
    ],
    ids=repr,
)  # fmt: skip
def test_a_pace_that_no_plan_of_ours_notes_is_the_common_pace(library, said):
    assert pace_of(today(library, learner=said)) == Learner()


def test_a_pace_that_was_noted_is_the_learner_s(library):
    assert pace_of(today(library, learner=[3, 4, 1.5, 0.5])) == Learner(3, 4, reads=1.5, asks=0.5)


def test_who_reads_at_half_the_pace_has_longer_before_them(library):
    usual, slow = (today(library, learner=[0, 0, reads, 1.0]) for reads in (1.0, 2.0))
    reads = sum(unit.reads for unit in lasts.lesson(library.drop(DROP)))
    assert seconds_left(library, slow) - seconds_left(library, usual) >= reads  # feedback is read, too


def test_what_is_left_falls_to_nothing_as_pages_get_behind(library):
    session = today(library)
    left = []
    for unit in session.units:
        left.append(seconds_left(library, session))
        session = session._replace(done=session.done | {unit.key})
    left.append(seconds_left(library, session))
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0
    assert left[0] > 60


@pytest.mark.slow
@pytest.mark.parametrize(
    ("drop", "as_far_as"), [(DROP, 99), ("tabular-architecture", 6), ("sigmoid-slow-training", 99)]
)
def test_the_minutes_left_go_down_with_each_page_of_an_exercise_and_never_up(learner, clock, drop, as_far_as):
    session = learner.run(learner.study.begin(clock(), drop=drop), pages=as_far_as)
    pages = [page for page in (*learner.seen, learner.study.page(session)) if page.part != "end"]
    for before, page in pairwise(pages):
        assert page.minutes_left <= before.minutes_left
        if "/do/" in before.key:
            assert page.minutes_left <= before.minutes_left - before.minutes_asked + 1e-9
            assert before.minutes_asked > 0
    assert pages[-1].minutes_left > 0


@pytest.mark.slow
def test_today_promises_what_is_left_of_the_session_that_enter_goes_on_with(learner, clock):
    study = learner.study
    learner.day()
    for mode in ({"replay": True}, {}, {"test_out": True}):
        drop = DROP if mode.get("replay") else "lines-and-shapes" if mode else "two-three-one"
        session = study.begin(clock(), drop=drop, **mode)
        for _ in range(2):
            left = study.page(session).minutes_left
            assert abs(study.today(clock()).begins_minutes - left) <= 1.5  # at the newest pace
            session = learner.page(session)


@pytest.mark.slow
def test_a_sitting_begins_with_as_much_left_as_was_promised(learner, clock):
    for _ in range(5):
        promised = learner.study.today(clock())
        session = learner.study.begin(clock())
        lines = sum(unit.kind == "line" for unit in session.units)
        left = 60 * learner.study.page(session).minutes_left
        assert left == pytest.approx(promised.seconds - promised.plan.again_seconds, abs=3 + 20 * lines)
        learner.run(session)
        clock.days(2)


def test_what_comes_back_is_no_part_of_the_lesson_that_is_left(library):
    lesson = lesson_units(library.drop("2"))
    recall = [recall_unit(key) for key in library.drop(DROP).kept]
    assert lesson_seconds_left(library, today(library, [*recall, *lesson])) == pytest.approx(
        seconds_left(library, today(library, lesson))
    )
    assert seconds_left(library, today(library, [*recall, *lesson])) > seconds_left(library, today(library, lesson))


FIELD = Field("z", "z", 0.01, example="2")


@pytest.mark.parametrize(
    ("ask", "seconds"),
    [
        (Numbers("z?", (FIELD,)), 22.0),
        (Numbers("z and a?", (FIELD, FIELD)), 34.0),
        (Choice("?", ()), 8.0),
        (Order("?", (), (), ""), 8.0),
    ],
    ids=lambda one: type(one).__name__,
)
def test_what_is_typed_takes_longer_with_each_field_and_what_is_chosen_does_not(ask, seconds):
    assert asking_seconds(ask) == seconds


def test_a_page_takes_its_words_and_a_look_at_each_figure(library):
    words = Words("one two three four five six seven eight nine ten")
    assert reading_seconds([words]) == pytest.approx(3.0)
    assert reading_seconds([words, object()]) == pytest.approx(3.0 + lasts.FIGURE)


def test_recall_is_put_off_only_when_it_took_much_longer_than_was_promised(library):
    recall = [recall_unit(key) for key in library.drop(DROP).kept]
    lesson = lesson_units(library.drop("2"))
    session = today(library, [*recall, *lesson], recall=60)
    assert recall_to_put_off(session._replace(recalling=60 + BEYOND)) == ()
    worked = worked_unit(recall[0].item)  # what was just missed is shown worked through all the same
    units = (recall[0], worked, *recall[1:], *lesson)
    late = session._replace(units=units, recalling=60 + BEYOND + 1, done=frozenset([recall[0].key]))
    assert recall_to_put_off(late) == tuple(unit.key for unit in recall[1:])  # and nothing of the lesson


@pytest.mark.slow
def test_recall_that_is_put_off_is_told_on_the_next_page_with_what_waits_and_until_when(learner, clock, until):
    for _ in range(3):
        learner.day()
        clock.days(1)
    session = learner.study.begin(clock())
    asked = [unit for unit in session.units if unit.kind == "recall"]
    for _ in asked:
        clock.at += timedelta(seconds=170)  # of a lesson there would be a page more
        session = learner.page(session)
        if session.waits:
            break
        assert "wait" not in learner.study.page(session).note
    waits = [unit for unit in asked if unit.key in session.waits]
    assert waits
    told = learner.study.page(session).note
    titles = [learner.study.library.item(unit.item)[1].title for unit in waits]
    assert told.startswith(put_off(titles))
    assert titles[0] in told
    assert "until tomorrow" in told
    session = as_logged(learner.study.log, session)  # and after a kill, too
    assert learner.study.page(session).note == told
    session = learner.page(session)
    assert "wait" not in learner.study.page(session).note
    learner.run(session)
    assert ("For tomorrow", f"{counted(len(waits), 'question')}: recall took its time") in learner.seen[-1].ending.lines


@pytest.mark.parametrize("promised", [None, "60", True, -1, 1e6, float("nan")], ids=repr)
def test_without_a_promise_nothing_is_put_off_and_no_end_is_offered(library, promised):
    recall = [recall_unit(key) for key in library.drop(DROP).kept]
    assert recall_to_put_off(today(library, recall, recall=promised)._replace(recalling=1e5)) == ()
    assert not may_stop(library, today(library, budget=promised)._replace(spent=1e5))


def test_an_end_is_offered_once_when_the_budget_is_over_and_much_is_left(library):
    session = today(library, budget=300)
    assert not may_stop(library, session._replace(spent=300 + BEYOND))
    late = session._replace(spent=300 + BEYOND + 1)
    assert may_stop(library, late)
    assert not may_stop(library, late._replace(mode="drop"))  # who chose a drop goes through it
    assert not may_stop(library, late._replace(units=(*late.units, Unit("offer/stop", "offer", DROP))))
    nearly = late._replace(done=frozenset(unit.key for unit in late.units[:-1]))
    assert not may_stop(library, nearly)  # only the last page is left: it is not worth a question


def test_what_was_missed_is_asked_again_only_within_the_budget(library):
    units = [recall_unit(key) for key in library.drop(DROP).kept]
    session = today(library, units, budget=600)
    left = seconds_left(library, session)
    assert fits_again(library, session, 22)
    assert fits_again(library, session._replace(spent=600 - left - 22), 22)
    assert not fits_again(library, session._replace(spent=600 - left - 22 + 1), 22)
    assert fits_again(library, session._replace(mode="replay", spent=1e5), 22)  # practice has no budget


def test_every_unit_of_every_drop_has_its_time(library):
    for drop in library:
        for unit in lesson_units(drop):
            assert lasts_of(library, unit).key == unit.key
        for key in drop.kept:
            assert lasts_of(library, recall_unit(key)).asks >= lasts.CHOICE
    assert lasts_of(library, Unit("offer/stop", "offer", DROP)).asks == lasts.CHOICE
