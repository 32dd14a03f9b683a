"""The page a session ends on: what was gained, what was mended, what comes back, and the next riddle."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count

import pytest

from drops import catalog
from drops.clock import weekday
from drops.events import Fact, Kind
from drops.exercises.blocks import Beside, Curve, Frame, Matrix, Run, Step, Surface, Words
from drops.study.shown import made
from drops.study.shown.ending import coming_day, days_back
from lessons import lessons


def told(study, session):
    page = study.page(session)
    assert page.part == "end"
    return " ".join(block.markdown for block in page.show if isinstance(block, Words))


def played(study, clock, learner, **how):
    session = study.begin(clock(), **how)
    while study.page(session).part != "end":
        session = learner.page(session)
    return session


def test_the_page_names_no_faults_and_counts_none(study, clock, learners):
    wrong = learners(study, lambda page: (page.part == "quiz" and page.part_index == 1) or page.part == "do")
    session = played(study, clock, wrong)
    assert any(page.part == "retry" for page in wrong.seen)
    text = told(study, session)
    assert "right at the first try" not in text
    graded = next(e for e in study.log.events() if e.correct is False and e.payload["misconceptions"])
    (mix_up,) = graded.payload["misconceptions"]
    drop, _ = study.library.item(graded.item_key)
    assert drop.misconceptions[mix_up] not in text  # a choice is not asked twice in a sitting: it was not mended


def test_what_was_mixed_up_and_then_answered_rightly_is_met_and_mended(study, clock, learners):
    sheet, first = learners(study), []

    def mixes_up(session, page, right=sheet.answer_to):
        front = study._front(session)
        kind = getattr(front.task, "exercise", None)
        swaps = [one for one in kind.misconceptions.values() if one.swap] if page.part == "do" and kind else []
        if not swaps or first:
            return right(session, page)
        first.append(swaps[0].title)
        values = kind.worksheet.run(swap=swaps[0].swap)
        return "; ".join(f"{round(values[field.name], 4):g}" for field in front.ask.fields)

    sheet.answer_to = mixes_up
    session = played(study, clock, sheet, drop="1")
    assert first
    assert f"Met, put right: {first[0]}" in told(study, session)


def test_the_picture_is_what_the_learners_own_exercise_came_to(study, clock, learner):
    session = played(study, clock, learner, drop="1")
    seen = [page for page in learner.seen if page.part == "see"]
    (shown,) = [block for block in seen[-1].show if isinstance(block, Curve)]
    assert study.made(session) == shown
    assert study.page(session).ending.goes_on.number == 2


@pytest.mark.parametrize(("seconds", "told"), [(0.0, "10"), (0.2, "8"), (0.4, None), (9.0, None)])
def test_of_a_training_that_does_not_come_to_its_end_in_time_no_beginning_is_shown(seconds, told, monkeypatch):
    clock = count(0.0, seconds)
    monkeypatch.setattr(made, "ticks", lambda: next(clock))
    moments = [Frame((Curve((), "x", "y", f"{n}"),), n / 10, "") for n in range(1, 11)]
    step = Step("see", "see", (), Run("Watch.", lambda seed: iter(moments)))
    shown = made._picture(step)
    assert (shown and shown.says) == told


def _sees(drop):
    fence = drop.exercises[0]
    steps = catalog.draw(fence.kind, 3, fence.params).steps(frozenset(), {})
    return [step for step in steps if step.part == "see"]


@pytest.mark.parametrize("drop", [one for one in lessons() if one.exercises and _sees(one)], ids=lambda one: one.id)
def test_every_drop_ends_on_a_picture_of_what_was_made(drop):
    """Six of the third path ended on words: tiles were no picture, and a page before a training none either."""
    shown = [block for step in _sees(drop) for block in step.show]
    trained = [step.ask for step in _sees(drop) if isinstance(step.ask, Run)]
    shown += [block for run in trained for block in next(filter(None, run.frames(3))).show]
    assert list(made._pictures(shown))


def test_what_a_slow_training_does_not_come_to_is_told_by_the_page_before_it():
    told = Step("foreseen", "see", (Curve((), "x", "y", "told"),), None)
    trained = Step("see", "see", (), Run("Watch.", lambda seed: iter(())))
    assert made.newest((told, trained)).says == "told"
    assert made.newest((trained, Step("other", "do", (), None))) is None


def test_a_map_is_what_was_made_and_not_the_table_beside_it():
    plane = Surface(((0.0,),), (0, 1), (0, 1), "a map")
    table = Matrix(("a",), ("b",), ((1.0,),), "a table")
    assert made._picture(Step("see", "see", (Beside((plane, table)),), None)) is plane
    assert made._picture(Step("see", "see", (table,), None)) is table


def test_a_day_of_recall_alone_says_what_still_stands(study, clock, learner):
    learner.day()
    clock.days(3)
    session = played(study, clock, learner, wish="not today")
    assert told(study, session).startswith("**I still know ")


def test_the_day_opens_with_what_one_can_do_now_and_ends_with_the_riddle_of_the_next(study, learner, clock):
    session = study.begin(clock(), drop="1")
    while not session.ended and study.page(session).part != "end":
        session = learner.page(session)
    words = [block.markdown for block in study.page(session).show if isinstance(block, Words)]
    drop = next(iter(study.library))
    assert words[0] == f"**{drop.gain}**"
    assert all(line in words[1] for line in drop.carry_forward)
    assert words[-1].endswith(f"Tomorrow: {drop.riddle}")
    assert "Comes back: " in words[-1]


def test_the_riddle_of_a_drop_that_was_opened_ahead_is_not_told_as_that_of_tomorrow(study, clock, learner):
    """Beside it stood "Go on with drop 1", of another path."""
    *_, last = study.library
    for drop in (last, next(drop for drop in study.library if drop.number == 5)):
        said = told(study, played(study, clock, learner, drop=drop.id))
        assert f"To think about: {drop.riddle}" in said
        assert "Tomorrow" not in said


def test_no_day_behind_is_told_as_one_to_come(study, clock, learner, monkeypatch):
    """What was due long ago and answered in under two seconds is due still."""
    learner.day()
    clock.days(9)
    answer = type(study).answer
    monkeypatch.setattr(type(study), "answer", lambda *at, **how: answer(*at, **{**how, "seconds": 1}))
    session = played(study, clock, learner, wish="not today")
    coming = dict(study.page(session).ending.lines)["Comes back"]
    assert "tomorrow" in coming
    assert not [day for back in range(9) if (day := weekday(clock().day - timedelta(days=back), clock().day)) in coming]


def first_day(text):
    """The first of the days that are named: "tomorrow", "on Saturday", "on Friday, 7 April"."""
    return re.search(r"tomorrow|on [A-Z][a-z]+day(?:, \d+ [A-Z][a-z]+)?", text)[0]


@pytest.mark.parametrize("away", [0, 1, 2, 9, 40])
def test_the_last_page_of_a_drop_and_the_end_of_the_sitting_name_the_same_first_day(study, clock, learner, away):
    """The plan's own: also where the drop is done again, and some of its questions are due already."""
    session = played(study, clock, learner, drop="1")
    if away:
        clock.days(1)
        played(study, clock, learner, wish="not today")
        clock.days(away)
        learner.seen.clear()
        session = played(study, clock, learner, drop="1")
    (carry,) = [page for page in learner.seen if page.part == "carry"]
    coming = dict(study.page(session).ending.lines)["Comes back"]
    day = clock().day.toordinal()
    known = [memory.due_day for memory in study.log.memories().values()]
    first = day + 1 if not away else max(min(known), day + 1)  # the day after a drop brings its first question
    assert first_day(" ".join(block.markdown for block in carry.show)) == coming_day(first, day)
    assert first_day(coming) == coming_day(first, day)
    if not away:
        following = study.today(clock()).plan.coming[0]
        assert (following.day, following.items) == (first, 1)


def test_what_is_set_aside_is_not_told_to_come_back(study, clock, learner):
    played(study, clock, learner, drop="1")
    clock.days(2)
    played(study, clock, learner, wish="not today")
    keys = list(study.log.memories())
    for key in keys[1:]:
        study.log.append(Fact(Kind.SUSPEND, key, payload={"suspended": True}), clock())
    (drop,) = {study.library.item(key)[0].id for key in keys}
    days = days_back(study.log, clock().day.toordinal(), [study.library.drop(drop)])
    assert days == [max(study.log.memory(keys[0]).due_day, clock().day.toordinal() + 1)]


def test_a_day_within_a_week_is_told_by_its_name_and_a_later_one_with_its_date():
    sunday = date(2026, 3, 8).toordinal()
    told = [coming_day(sunday + days, sunday) for days in (1, 2, 6, 7, 30)]
    assert told == ["tomorrow", "on Tuesday", "on Saturday", "on Sunday, 15 March", "on Tuesday, 7 April"]


def test_a_mix_up_that_was_not_mended_comes_back(study, learners, clock):
    learner = learners(study, lambda page: page.part in ("do", "retry"))
    session = study.begin(clock(), drop="1")
    while study.page(session).part != "end":
        session = learner.page(session)
    text = told(study, session)
    assert "Met, put right" not in text


def test_every_drop_of_the_course_says_what_one_can_do_now_and_asks_what_comes(study):
    for drop in study.library:
        assert drop.gain.startswith("I can "), drop.id
        assert drop.riddle.endswith("?"), drop.id
