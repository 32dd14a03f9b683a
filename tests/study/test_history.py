"""Answer history: every past answer opens again exactly as it was."""

from __future__ import annotations

import pytest

from drops.course.model import Quiz
from drops.exercises.blocks import Ask, Knobs, Run
from drops.study.shown.history import history, reopen
from drops.study.tasks import title_of


def put(ask: Ask) -> object:
    """What an ask puts before the learner, comparable: functions are made anew at every opening."""
    return (ask.prompt, ask.knobs, ask.solution) if isinstance(ask, Knobs) else ask


def seen_in(learner, session) -> dict[bytes, tuple]:
    """A session to its end: of each graded or practised answer, the page it was given on and its verdict."""
    seen = {}
    while not session.ended:
        page = learner.study.page(session)
        if page.ask is None or isinstance(page.ask, Run):
            session = learner.study.turn(session, learner.clock())
            continue
        front = learner.study._front(session)
        text = learner.answer_to(session, page)
        session, outcome = learner.study.answer(
            session, text, learner.clock(), seconds=9, confidence="certain"
        )
        seen[outcome.event_id] = (front.now.show, put(front.ask), text, outcome.verdict)
        session = learner.study.turn(session, learner.clock())
    return seen


def rightly(page) -> bool:
    return page is None


def wrongly(page) -> bool:
    return page.part in ("predict", "do", "explain", "quiz", "recall", "retry")


@pytest.mark.slow
@pytest.mark.parametrize("errs", [pytest.param(rightly, marks=pytest.mark.slow), wrongly])
@pytest.mark.parametrize(
    "number", [n if n in (2, 5, 9, 14) else pytest.param(n, marks=pytest.mark.nightly) for n in range(1, 15)]
)
def test_every_answer_of_every_drop_opens_again_as_it_was(study, learners, clock, number, errs):
    learner, drop = learners(study, errs), study.library.drop(str(number))
    seen = seen_in(learner, study.begin(clock(), drop=str(number)))
    listed = {past.event_id for past in history(study)}
    assert listed <= {*seen}
    assert len(listed) >= len(drop.exercises) + len(drop.quiz)
    for event_id, (show, ask, typed, verdict) in seen.items():
        again = reopen(study, event_id)
        assert again.note == ""
        assert (again.show, put(again.ask), again.typed, again.verdict) == (show, ask, typed, verdict)
        assert again.past.right is verdict.right


@pytest.mark.slow
def test_an_answer_after_four_in_the_morning_opens_with_what_was_answered_before_it(study, learner, clock):
    """A session goes on into the next learner-day; what the fixes run shows hangs on the fixes chosen."""
    clock.at = clock.at.replace(hour=3, minute=58)
    session = study.begin(clock(), drop="14")
    while study.page(session).part != "do":
        session = learner.page(session)
    session = learner.page(session)
    clock.at = clock.at.replace(hour=4, minute=5)
    seen = seen_in(learner, session)
    flips = [shown for shown in seen.values() if "On the same ten splits" in str(shown[1])]
    assert len(flips) == 4
    for event_id, (show, ask, _, verdict) in seen.items():
        again = reopen(study, event_id)
        assert (again.note, again.show, put(again.ask), again.verdict) == ("", show, ask, verdict)


@pytest.mark.slow
def test_a_second_try_given_up_leaves_the_first_try_to_what_comes_after(study, learner, clock):
    session = study.begin(clock(), drop="14")
    while study.page(session).part != "see":
        session = learner.page(session)
    while not study.page(session).key.endswith(":rule"):
        session = learner.page(session)
    session, _ = study.answer(session, "1", clock(), seconds=9)
    session, _ = study.reveal(session, clock())
    session = study.turn(session, clock())
    page = study.page(session)
    session, outcome = study.answer(session, "1", clock(), seconds=9, confidence="certain")
    assert put(reopen(study, outcome.event_id).ask) == put(page.ask)


# ── what a mix-up is called ───────────────────────────────────────────────────────────────


def test_a_mix_up_is_called_as_the_exercise_calls_it_that_showed_it(library):
    net, layer = library.drop("1"), library.drop("4")
    assert title_of(library, "no-bias", f"{net.id}/by-hand") == "the bias was left out"
    assert title_of(library, "no-bias", f"{layer.id}/run-and-count") == "the biases were left out"


def test_a_mix_up_of_the_quiz_is_called_as_its_drop_calls_it_and_else_by_its_id(library):
    for drop in library:
        for name, title in drop.misconceptions.items():
            for question in (one for one in drop.quiz if isinstance(one, Quiz)):
                assert title_of(library, name, f"{drop.id}/{question.id}") == title
    assert title_of(library, "never-heard-of", "gone/item") == "never heard of"
