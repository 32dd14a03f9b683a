"""What every kind promises that asks for a choice or a form instead of numbers."""

import re

import pytest
from variants import CHOSEN, COUNTED, VARIANTS, draws, every, graded

from benchmarks.day import filled
from drops import catalog
from drops.exercises import fading
from drops.exercises.answers import digit, read
from drops.exercises.blocks import Case, Choice, Design
from drops.study.tasks import ExerciseTask

pytestmark = every(CHOSEN)


def test_every_kind_asks_for_numbers_or_for_something_else_in_all_its_draws(variant):
    assert variant not in COUNTED
    assert len(CHOSEN) + len(COUNTED) == len(VARIANTS)
    asks = {type(graded(exercise).ask) for exercise in draws(variant, 10)}
    assert asks <= {Case, Choice, Design}
    assert len(asks) == 1


@pytest.mark.slow
def test_what_giving_up_shows_is_right_when_typed_and_every_other_choice_is_told_why(variant):
    for exercise in draws(variant, 10):
        ask = graded(exercise).ask
        if isinstance(ask, Design):
            continue
        right = ExerciseTask(variant.kind, exercise).worked(ask).wanted
        assert catalog.grade_step(exercise, ask, read(ask, right)).right
        for at, option in enumerate(getattr(ask, "options", ())):  # a case says in its own tests what it tells
            verdict = catalog.grade_step(exercise, ask, read(ask, digit(at)))
            assert verdict.right is option.right
            assert verdict.feedback
            assert verdict.options[at] == option.feedback
    assert not isinstance(ask, Design) or variant.kind == "architecture"


@pytest.mark.slow
def test_no_place_among_the_options_holds_the_answer_in_most_draws(variant):
    asked = [graded(exercise).ask for exercise in draws(variant, 60)]
    if isinstance(asked[0], Design):
        assert all(len(field.options) != 1 for ask in asked for field in ask.fields)  # each is a choice
        return
    if isinstance(asked[0], Case):
        places = [exercise.offered.index(exercise.fault) for exercise in draws(variant, 60)]
        assert max(map(places.count, set(places))) <= 0.6 * len(places)
        return
    places = [next(at for at, option in enumerate(ask.options) if option.right) for ask in asked]
    assert max(map(places.count, set(places))) <= 0.6 * len(places)


@pytest.mark.slow
def test_any_form_is_judged_in_words_or_refused_in_one_line(variant):
    for exercise in draws(variant, 3):
        for step in fading.steps(exercise, 2, {}):
            if isinstance(step.ask, Case | Choice | Design) and step.part == "do":
                typed = digit(0) if isinstance(step.ask, Case | Choice) else next(filled(step.ask))
                verdict = catalog.grade_step(exercise, step.ask, read(step.ask, typed))
                assert verdict.feedback
                assert not re.search(r"\bnan\b", f"{verdict.feedback} {verdict.line}")
