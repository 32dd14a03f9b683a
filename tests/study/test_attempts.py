"""One try at a question: what is noted opens it again, and what it is evidence of is no more than it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drops.events import Kind, Memory
from drops.exercises.blocks import Case, Numbers
from drops.exercises.grading import FieldVerdict, Verdict
from drops.study.attempts import (
    LONGEST_MS,
    Tried,
    can_return,
    evidence,
    should_take,
    why_not,
)
from drops.study.question import with_notes
from drops.study.tasks import again
from drops.study.timing import asking_seconds


@pytest.fixture
def fronts(study, learner, clock):
    """Every question of the first drop, as it stands in front, with the session it stands in."""
    found, session = [], study.begin(clock())
    while not session.ended:
        page = study.page(session)
        if page.ask is not None and page.part in ("predict", "do", "explain", "quiz"):
            found.append(study._front(session))
        session = learner.page(session)
    return found


def test_every_part_of_a_lesson_asks_something(fronts):
    assert {front.now.part for front in fronts} >= {"predict", "do", "explain"}
    assert {front.unit.kind for front in fronts} == {"exercise", "quiz"}


def test_what_is_stored_of_every_answer_makes_its_question_again(study, learner, clock):
    learner.day()
    answered = study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT))
    assert len(answered) > 5
    for event in answered:
        _, item = study.library.item(event.item_key)
        said = event.payload
        steps = again(item, said["numbers"]).steps(said["level"], {}, said["bug"])
        assert said["step"] in {step.name for step in steps}
        assert 0 < said["should"] < 600


def test_an_answer_that_took_hours_was_a_lunch_break(study, learner, clock, until):
    session = until(learner, study.begin(clock()), lambda page: page.part == "do")
    study.answer(session, learner.answer_to(session, study.page(session)), clock(), seconds=9e9)
    (event, *_) = study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT), newest_first=True)
    assert event.duration_ms == LONGEST_MS
    assert Tried("", 1.5).milliseconds == 1500


def test_of_a_single_number_nobody_can_say_that_the_method_was_right(fronts):
    at = next(front for front in fronts if isinstance(front.ask, Numbers))
    slip, right = FieldVerdict("z", "z", 1.0, 2.0, "slip"), FieldVerdict("a", "a", 2.0, 2.0, "right")
    one, two = (Verdict(False, "", fields=fields) for fields in ((slip,), (slip, right)))
    tried = Tried("1", 9.0)
    assert not evidence(at, tried, one, None, None, 10).only_slip
    assert evidence(at, tried, two, None, None, 10).only_slip == two.only_slip


def test_what_was_known_before_a_try_is_told_with_it(fronts):
    at, memory = fronts[0], Memory("a/b", 12, 4.0, 5.0, 8, 3, 1, False, "x")
    first = evidence(at, Tried("1", 9.0), Verdict(True, ""), None, None, 10)
    assert (first.first_sight, first.days_since_seen, first.recall, first.usual_seconds) == (True, None, None, None)
    later = evidence(at, Tried("", 9.0, revealed=True), Verdict(False, ""), memory, 8_000, 12)
    assert (later.first_sight, later.days_since_seen, later.usual_seconds, later.gave_up) == (False, 4, 8.0, True)
    assert later.recall == pytest.approx(0.9, abs=1e-6)  # as many days later as its stability says


def test_only_what_is_typed_comes_once_more_in_a_sitting(fronts):
    for front in fronts:
        assert can_return(front) == isinstance(front.ask, Numbers)


def test_why_an_answer_counts_for_nothing_is_said_and_nothing_is_said_of_one_that_counts(fronts):
    kept = next(front for front in fronts if front.item.keep and front.is_main)
    assert why_not(kept, first=True, due=True, known=True) == "Under two seconds: it counts as practice"
    assert why_not(kept, first=True, due=False, known=True) == "Practice: it is not due today"
    assert why_not(kept, first=True, due=False, known=False) == "Practice: it counts when it comes back"
    assert why_not(kept, first=False, due=False, known=True) == "Practice: the same numbers once more"
    again = replace(kept, unit=kept.unit._replace(kind="retry"))  # it was asked today already
    assert why_not(again, first=True, due=False, known=True) == "Practice: once more, with fresh numbers"
    predicted = next(front for front in fronts if front.now.part == "predict")
    assert why_not(predicted, first=False, due=False, known=False) == ""


def test_a_page_of_a_lesson_takes_its_words_and_its_question(fronts):
    for front in fronts:
        asks = asking_seconds(front.ask)
        assert should_take(front) == asks if front.unit.kind == "quiz" else should_take(front) >= asks


def test_what_is_no_case_stays_as_it_was_typed(fronts):
    for front in fronts:
        if not isinstance(front.ask, Case):
            assert with_notes(front, "2; 3") == "2; 3"
