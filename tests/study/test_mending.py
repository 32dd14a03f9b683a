"""In a quiz a wrong line is found and then mended: what it should be is typed, and counts for nothing else."""

from __future__ import annotations

import pytest

from drops.course.minutes import seconds_of
from drops.course.model import ExerciseFence
from drops.events import Kind
from drops.exercises.blocks import Choice, Numbers
from drops.exercises.fading import MEND
from drops.study import lasts
from drops.study.tasks import fresh

KEYS = [
    "z-relu-h/wrong-line",
    "sliding-window/wrong-line",
    "weighted-mean/wrong-line",
    "heads-and-mask/wrong-line",
]


def at_the_line(study, clock, learners, key):
    """The session when the line of `key` is to be found."""
    drop, _, item = key.partition("/")
    session = study.begin(clock(), drop=drop)
    while session.unit is None or session.unit.key != f"{drop}/quiz/{item}":
        session = learners(study).page(session)
    return session


@pytest.mark.slow
@pytest.mark.parametrize("wrongly", [False, True])
def test_the_line_is_found_then_mended_and_only_the_finding_counts(study, clock, learners, wrongly):
    session = at_the_line(study, clock, learners, KEYS[0])
    found = study.page(session)
    assert isinstance(found.ask, Choice)
    session = learners(study).page(session)
    page = study.page(session)
    if page.key == found.key:  # what was said of it is turned
        session = learners(study).page(session)
        page = study.page(session)
    assert isinstance(page.ask, Numbers)
    assert page.key.endswith(f":{MEND}")
    assert "should it be" in page.ask.prompt
    learner = learners(study, (lambda _: True) if wrongly else (lambda _: False))
    session = learner.page(session)
    answered = [event for event in study.log.events() if event.payload.get("step") == MEND and event.correct is not None]
    assert [(event.kind, event.correct) for event in answered] == [(Kind.ATTEMPT, not wrongly)]
    assert not any(unit.kind == "retry" for unit in session.units if unit.item == KEYS[0])


@pytest.mark.parametrize("key", KEYS)
def test_mending_has_its_time(library, key):
    _, item = library.item(key)
    assert isinstance(item, ExerciseFence)
    drawn = {item.id: fresh(item, 1).exercise}
    finding = lasts.CHOICE
    assert seconds_of(item, drawn, alone=True) >= finding + lasts.SHORT
    unit = lasts.quiz_unit(key, item)
    assert (unit.asks, unit.pages, unit.judged) == (finding + lasts.SHORT, 2, 2)
