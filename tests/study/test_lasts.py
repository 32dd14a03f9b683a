"""How long things take, as Today tells it before anything is drawn: held equal to what is drawn."""

from __future__ import annotations

from statistics import fmean, median

import pytest

from benchmarks.day import filled
from drops.course.model import ExerciseFence
from drops.exercises import fading
from drops.exercises.blocks import Design, Numbers, Run, Words
from drops.networks.kinds import KINDS
from drops.networks.lengths import LENGTHS
from drops.study import lasts
from drops.study.tasks import fresh
from drops.study.timing import asking_seconds
from drops.text import without_tables


def drawn_in_lessons(library):
    return [(drop, one) for drop in library for one in drop.exercises]


def test_every_kind_says_how_long_it_is():
    assert set(LENGTHS) == {*KINDS, "lab"}  # the learner's own questions stand in no lesson


def gone_through(task, level):
    """The steps of an exercise as they come, each answered: some are made only once others were."""
    answers, seen = {}, []
    while True:
        passed = {step.name for step in seen}
        step = next((one for one in task.steps(level, answers, "") if one.name not in passed), None)
        if step is None:
            return seen
        seen.append(step)
        if isinstance(step.ask, Design):
            answers = {**answers, step.name: next(filled(step.ask))}
        elif step.ask is not None and not isinstance(step.ask, Run):
            answers = {**answers, step.name: task.worked(step.ask).wanted}


@pytest.mark.parametrize("draws", [pytest.param(1, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.nightly)])
def test_an_exercise_of_a_lesson_takes_what_its_kind_says(library, draws):
    for drop, fence in drawn_in_lessons(library):
        unit = lasts.exercise_unit("", fence)
        found = []
        for seed in range(draws):
            steps = gone_through(fresh(fence, seed), fence.level)
            asks = [step.ask for step in steps if step.ask is not None and not isinstance(step.ask, Run)]
            looks = [step for step in steps if step.ask is None or isinstance(step.ask, Run)]
            words = sum(len(without_tables(b.markdown).split()) for step in steps for b in step.show if isinstance(b, Words))
            figures = sum(not isinstance(b, Words) for step in looks for b in step.show)
            figures += sum(isinstance(step.ask, Run) for step in looks)
            found.append(sum(map(asking_seconds, asks)) + words * lasts.WORD + figures * lasts.FIGURE)
        assert unit.reads + unit.asks == pytest.approx(fmean(found), abs=10), (drop.id, fence.id)


@pytest.mark.slow
@pytest.mark.parametrize("level", range(4))
def test_what_comes_back_takes_what_its_form_takes_on_every_level(library, level):
    """A sheet that is known is asked as a line to find, a click: it is not charged as typed."""
    for drop in library:
        for key, item in drop.kept.items():
            step = fading.graded_step(fresh(item, 1).steps(level, {}, "", short=True))
            assert lasts.form_seconds(item, level) == asking_seconds(step.ask), key
            assert lasts.is_typed(item, level) == isinstance(step.ask, Numbers), key


def test_what_comes_back_is_one_field_or_one_click(library):
    kept = [item for drop in library for item in drop.kept.values()]
    cases = [item for item in kept if isinstance(item, ExerciseFence) and item.kind == "clinic"]
    assert {lasts.form_seconds(item, 0) for item in cases} == {56}  # a case is a case, whenever it comes
    kept = [item for item in kept if item not in cases]
    forms = [lasts.form_seconds(item, lasts.first_level(item)) for item in kept]
    assert median(forms) <= lasts.SHORT
    assert sum(form > lasts.SHORT for form in forms) <= 1  # the contract of a design, four choices


def test_the_units_of_a_drop_take_no_more_than_its_minutes(library):
    for drop in library:
        seconds = sum(unit.reads + unit.asks for unit in lasts.lesson(drop))
        assert seconds <= drop.minutes * 60, f"{drop.id}: {seconds / 60:.1f} minutes of {drop.minutes:g}"
