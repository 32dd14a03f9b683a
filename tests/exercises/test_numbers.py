"""What every kind promises that asks for numbers, with every parameter that a lesson gives it."""

import re

import numpy as np
import pytest
from variants import COUNTED, asks, draws, every, graded, numbers, said

from drops import catalog
from drops.exercises import fading, fairness
from drops.exercises.answers import read
from drops.exercises.blocks import Blank, Field, Sheet
from drops.text import number

pytestmark = every(COUNTED)

MOST_WORDS = 45
NUMBER = re.compile(r"(?<![\w.])−?\d+(?:\.\d+)?")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_right_answers_grade_right(variant, level):
    for exercise in draws(variant, 30):
        ask = numbers(exercise, level)
        assert ask is not None
        right = exercise.worksheet.run()
        verdict = catalog.grade_step(exercise, ask, {f.name: right[f.name] for f in ask.fields})
        assert verdict.right, verdict


@pytest.mark.parametrize("level", [0, 1, 2])
def test_what_the_verdict_says_was_wanted_is_right_when_typed(variant, level):
    for exercise in draws(variant, 30)[:10]:
        ask = numbers(exercise, level)
        assert ask is not None
        wanted = catalog.grade_step(exercise, ask, {f.name: 1234.5 for f in ask.fields}).wanted
        assert catalog.grade_step(exercise, ask, read(ask, wanted)).right, wanted


def test_the_ladder_asks_for_more_at_each_level_and_the_last_first(variant):
    for exercise in draws(variant, 30)[:5]:
        names = [field.name for field in exercise.fields]
        asked = [fading.asked(exercise, level) for level in (0, 1, 2)]
        assert asked[0] <= asked[1] <= asked[2] == {*names}
        assert all(names[-len(some) :] == [n for n in names if n in some] for some in asked)


def test_each_asked_field_stands_blank_once_and_the_others_in_print(variant):
    for exercise in draws(variant, 30)[:5]:
        for level in (0, 1, 2):
            ask = numbers(exercise, level)
            assert ask is not None
            assert {field.name for field in ask.fields} == fading.asked(exercise, level)
            if ask.sheet:
                blanks = [cell.field for row in ask.sheet.rows for cell in row if isinstance(cell, Blank)]
                assert sorted(blanks) == sorted(field.name for field in ask.fields)


@pytest.mark.slow
def test_no_constant_answer_passes_more_than_about_a_third_of_the_draws(variant):
    made = draws(variant, 100)
    right = [exercise.worksheet.run() for exercise in made]
    for level in (0, 1, 2):
        asked = [[f for f in exercise.fields if f.name in fading.asked(exercise, level)] for exercise in made]
        most = max(map(len, asked))  # one that asks for less has no number, NaN, at the places it lacks
        keys, tolerances = (
            np.array(
                [
                    [one(f, values) for f in fields] + [np.nan] * (most - len(fields))
                    for fields, values in zip(asked, right, strict=True)
                ]
            )
            for one in (lambda f, values: values[f.name], lambda f, values: f.tolerance)
        )
        off = np.abs(keys[:, None] - keys)  # (typed, wanted, fields)
        passes = ((off <= tolerances) | (np.isnan(keys[:, None]) & np.isnan(keys))).all(axis=-1)
        assert passes.mean(axis=1).max() <= 0.45, f"level {level}"  # 0.35, and what 100 draws scatter


@pytest.mark.slow
def test_no_step_shows_an_asked_value_before_it_is_answered(variant):
    # beside its own label: a leak shows in every draw, a coincidence in some
    made = draws(variant, 100)[:40]
    leaks: dict[str, int] = {}
    for exercise in made:
        right = exercise.worksheet.run()
        before = [text for step in up_to_the_answer(exercise) for text in (*said(step.show), *asks(step.ask))]
        for field in exercise.fields:
            value = number(right[field.name], 4)
            beside = (text.replace(field.label, "") for text in before if field.label in text)
            leaks[field.name] = leaks.get(field.name, 0) + any(
                value in NUMBER.findall(text) for text in beside
            )
    assert all(count / len(made) < 0.9 for count in leaks.values()), leaks


def up_to_the_answer(exercise):
    made = exercise.steps(fading.asked(exercise, 2), {})
    return made[: made.index(fading.graded_step(made)) + 1]


@pytest.mark.parametrize("typed", [0.0, 1.0, -1.0, 77.0, 1e11, -1e11, 0.001])
def test_any_number_in_every_field_is_graded_and_shows_no_more_than_a_misconception_foretells(variant, typed):
    for exercise in draws(variant, 30)[:10]:
        ask = numbers(exercise)
        assert ask is not None
        verdict = catalog.grade_step(exercise, ask, {f.name: typed for f in ask.fields})
        assert verdict.feedback
        assert "nan" not in f"{verdict.feedback} {verdict.line} {verdict.repair}"
        for name in verdict.misconceptions:
            wrong = exercise.worksheet.run(swap=exercise.misconceptions[name].swap)
            assert any(abs(wrong[f.name] - typed) <= f.tolerance + 1e-9 for f in ask.fields)


@pytest.mark.slow
def test_any_mixture_of_mix_ups_is_told_in_at_most_45_words_that_hold(variant):
    rng = np.random.default_rng(3)
    for exercise in draws(variant, 30)[:10]:
        sheet = exercise.worksheet
        runs = [sheet.run(), *(sheet.run(swap=m.swap) for m in fairness.armed(exercise).values())]
        for level in (0, 1, 2):
            ask = numbers(exercise, level)
            for _ in range(6):
                typed = {f.name: float(rng.choice([run[f.name] for run in runs])) for f in ask.fields}
                verdict = catalog.grade_step(exercise, ask, typed)
                assert len(verdict.feedback.split()) <= MOST_WORDS, verdict.feedback
                assert "nan" not in f"{verdict.feedback} {verdict.line} {verdict.repair}"


def test_fields_stand_in_the_order_of_the_worksheet(variant):
    exercise = draws(variant, 30)[0]
    lines = [line.name for line in exercise.worksheet.lines]
    names = [field.name for field in exercise.fields]
    assert [name for name in lines if name in names] == names
    assert all(isinstance(field, Field) and field.tolerance > 0 for field in exercise.fields)
    assert isinstance(getattr(graded(exercise).ask, "sheet", None), Sheet | None)
