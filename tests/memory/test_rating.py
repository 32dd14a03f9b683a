"""Every row of the table that turns evidence into a rating."""

import itertools
from dataclasses import replace

import pytest

from drops.events import Rating
from drops.memory.rating import Evidence, rate

SOUND = Evidence(right=True, seconds=20, usual_seconds=40, first_sight=False, days_since_seen=6, recall=0.8)


def rating(**evidence):
    found = rate(replace(SOUND, **evidence))
    return found and found[0]


def test_right_fast_and_after_a_real_gap_is_easy():
    assert rate(SOUND) == (Rating.EASY, "Easy: first try, much faster than usual for you")
    assert rating(seconds=24, days_since_seen=2) is Rating.EASY  # six tenths of 40 s, two days: just enough


@pytest.mark.parametrize(
    "evidence",
    [
        {"seconds": 24.1},
        {"days_since_seen": 1},
        {"days_since_seen": None},
        {"recall": 0.9},
        {"recall": None},
        {"usual_seconds": None},
        {"first_sight": True},
        {"choice": True},
    ],
)
def test_right_without_any_one_sign_of_ease_is_good(evidence):
    assert rate(replace(SOUND, **evidence)) == (Rating.GOOD, "Good: first try")


@pytest.mark.parametrize(
    ("evidence", "said"),
    [
        ({"right": False, "only_slip": True}, "Hard: the method is right, one sum slipped"),
        ({"right": False}, "Again: not right yet"),
        ({"right": False, "misconception": True}, "Again: a known mix-up showed"),
        ({"right": False, "gave_up": True}, "Again: you asked to see the answer"),
    ],
)
def test_the_reason_is_said_in_the_learners_words(evidence, said):
    found, reason = rate(replace(SOUND, **evidence))
    assert reason == said
    assert said.startswith(found.name.capitalize())


def test_a_right_choice_in_under_two_seconds_is_a_guess_and_does_not_count():
    assert rating(choice=True, seconds=1.9) is None
    assert rating(choice=True, seconds=2.0) is Rating.GOOD


def test_a_wrong_choice_counts_however_fast():
    assert rating(choice=True, right=False, seconds=0.5) is Rating.AGAIN


def test_a_typed_answer_in_under_two_seconds_counts():
    assert rating(seconds=1.5) is Rating.EASY


def test_nothing_that_helped_or_went_wrong_is_ever_better_than_hard():
    flags = ("right", "only_slip", "misconception", "gave_up", "choice")
    for values in itertools.product((False, True), repeat=len(flags)):
        evidence = dict(zip(flags, values, strict=True))
        found = rating(**evidence)
        helped = any(evidence[flag] for flag in ("misconception", "gave_up"))
        if helped:
            assert found is Rating.AGAIN
        elif not evidence["right"] or evidence["only_slip"]:
            assert found <= Rating.HARD
        if found is Rating.EASY:
            assert not evidence["choice"]
