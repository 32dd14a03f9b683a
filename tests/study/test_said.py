"""The promise of a day in words, and why it is as it is."""

from __future__ import annotations

from datetime import date

import pytest

from drops.exercises.grading import Verdict
from drops.memory.resting import AWAY, RESTS, Rest, resting
from drops.memory.today import DayPlan, LessonPart
from drops.study.pages import Answered
from drops.study.said import clears, in_a_line, rests_until, whole_minutes

DUE = (object(), object())


def made(items=(), part=None, recall=0.0, seconds=0.0, waiting=0, clears_in=0) -> DayPlan:
    return DayPlan(items, part, recall, 0.0, seconds, 480.0, waiting, clears_in, "", ())


def lesson(rest=0.0, *, begun=False) -> LessonPart:
    return LessonPart("a", "A", ("a/read/0",), 300.0, rest, begun)


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (made(), "nothing is due today"),
        (made(DUE, recall=40, seconds=40), "1 minute of recall"),
        (made(DUE, recall=130, seconds=130), "2 minutes of recall"),
        (made((), lesson(), seconds=361), "6 minutes: drop 6"),
        (made(DUE, lesson(), 70, 480), "8 minutes: 1 of recall, then drop 6"),
        (made((), lesson(begun=True), seconds=30), "1 minute: the rest of drop 6"),
        (made((), lesson(240), seconds=300), "5 minutes: the first part of drop 6; the rest (4 min) tomorrow"),
        (
            made(DUE, lesson(240, begun=True), 60, 300),
            "5 minutes: 1 of recall, then the next part of drop 6; the rest (4 min) tomorrow",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_day_is_promised_in_one_sentence(day, says):
    assert in_a_line(day, "drop 6") == says


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (1, 1), (89, 1), (91, 2), (479, 8), (3600, 60)])
def test_a_promise_is_never_of_no_minutes(seconds, minutes):
    assert whole_minutes(seconds) == minutes


@pytest.mark.parametrize(
    ("waiting", "days", "says"),
    [
        (0, 0, ""),
        (1, 1, "1 more waits its turn; at this pace all are done in 1 day"),
        (11, 4, "11 more wait their turn; at this pace all are done in 4 days"),
    ],
)
def test_what_finds_no_room_today_is_counted_with_the_day_it_is_done(waiting, days, says):
    assert clears(made(waiting=waiting, clears_in=days)) == says


@pytest.mark.parametrize("missed", range(RESTS, AWAY + 1))
def test_what_becomes_of_an_item_that_is_missed_again_and_again_says_how_often_it_was(missed):
    rest = resting(missed, right=False, rested=False, day=date(2026, 3, 2).toordinal())
    assert rest is not None
    says = rests_until(rest)
    assert ("put away" in says) == (rest.until is None)
    assert says.startswith("Missed six times" if rest.until is None else "Missed four times")


def test_the_day_on_which_a_rest_ends_is_named():
    assert rests_until(Rest(date(2026, 3, 9).toordinal())).endswith("it rests until 9 March.")


@pytest.mark.parametrize("due", [None, date(2026, 3, 3)])
@pytest.mark.parametrize("returns", [False, True])
def test_when_an_answer_comes_back_is_one_clause_that_names_each_time_once(due, returns):
    answered = Answered(b"", Verdict(False, ""), False, None, "", due, returns=returns)
    said = answered.comes_back(lambda day: f"on {day:%A}")
    assert said.count("comes back") == (due is not None or returns)
    assert said.count("at the end of this session") == returns
    assert said.count("on Tuesday") == (due is not None)
    if due and returns:  # two times in two sentences would contradict each other
        assert said == "comes back at the end of this session, then on Tuesday"
