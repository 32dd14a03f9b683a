"""Find the wrong line: somebody's sheet shows what is given and what came out, never how."""

import string

import pytest
from variants import VARIANTS, draws, every, graded, numbers, said

from drops import catalog
from drops.colours import DARK
from drops.exercises import fading, fairness
from drops.exercises.blocks import Blank, Choice, Sheet
from drops.exercises.levels import FEWEST_LINES
from drops.exercises.worksheet import figure, line_named, written
from drops.plain.spoken import lines
from drops.text import of_name
from drops.tui.base.ink import inks
from drops.tui.blocks import blocks

WITH_LINES = [v for v in VARIANTS if numbers(v.draw(0)) is not None and len(v.draw(0).fields) >= FEWEST_LINES]
pytestmark = every(WITH_LINES)

# names of formulas that a learner works out from what is printed
WORKED_OUT = {"chain": {"squashes"}}


def broken(exercise, bug=""):
    """The step, its sheet, and the values that stand in it by field."""
    step = fading.graded_step(fading.steps(exercise, 3, {}, bug))
    sheet = step.show[-1]
    assert isinstance(sheet, Sheet)
    empty = graded(exercise, 2).ask.sheet
    places = {
        cell.field: (r, c)
        for r, row in enumerate(empty.rows)
        for c, cell in enumerate(row)
        if isinstance(cell, Blank)
    }
    return step, sheet, {name: sheet.rows[r][c] for name, (r, c) in places.items()}


@pytest.mark.slow
def test_it_can_be_found_and_is_not_always_the_same(variant):
    right = []
    for exercise in draws(variant, 200):
        ask = graded(exercise, 3).ask
        assert isinstance(ask, Choice)
        assert [option.text for option in ask.options] == [field.label for field in exercise.fields]
        assert [option.right for option in ask.options].count(True) == 1
        right.append(next(option.text for option in ask.options if option.right))
    assert max(map(right.count, right)) / len(right) <= 0.4  # whatever place is always picked


def test_it_is_the_first_number_that_differs_from_a_right_sheet(variant):
    for exercise in draws(variant, 30)[:10]:
        step, _, shown = broken(exercise)
        right = exercise.worksheet.run()
        off = [
            field.label
            for field in numbers(exercise).fields
            if shown[field.name] != figure(right[field.name])
        ]
        assert [option.text for option in step.ask.options if option.right] == off[:1]


def test_it_can_be_the_learners_own_misconception_and_tells_it_with_these_numbers(variant):
    exercise = draws(variant, 30)[0]
    for bug, misconception in fairness.armed(exercise).items():
        if misconception.convention:
            continue
        step, _, shown = broken(exercise, bug)
        told = next(option for option in step.ask.options if option.right)
        field = next(field for field in numbers(exercise).fields if field.label == told.text)
        assert told.feedback.lower().startswith(misconception.title.lower())
        assert f"{of_name(field.label, shown[field.name])} comes out if" in told.feedback
        assert len(told.feedback.split()) <= 45


@pytest.mark.slow
def test_then_it_is_asked_what_it_should_be(variant):
    """The right number passes, the one that stands there does not and is named."""
    for exercise in draws(variant, 30)[:10]:
        steps = fading.steps(exercise, 3, {})
        found, mend = (step for step in steps if step.part == "do" and step.name in (graded(exercise, 3).name, fading.MEND))
        right = exercise.worksheet.run()
        (field,) = mend.ask.fields
        assert [option.text for option in found.ask.options if option.right] == [field.label]
        assert catalog.grade_step(exercise, mend.ask, {field.name: right[field.name]}).right
        _, _, shown = broken(exercise)
        assert shown[field.name] != figure(right[field.name])


def test_how_a_line_was_worked_out_is_not_printed(variant):
    for exercise in draws(variant, 30)[:10]:
        step, _, _ = broken(exercise)
        shown = " ".join(said(step.show))
        sheet = exercise.worksheet
        for field in exercise.fields:
            line = line_named(sheet, field.name)
            how = written(line, sheet.run())
            assert len(how) < 6 or how not in shown.replace("**", "")
            assert len(line.symbols) < 6 or line.symbols not in shown


def test_every_number_that_a_line_needs_is_printed_among_the_givens(variant):
    for exercise in draws(variant, 30)[:10]:
        step, _, _ = broken(exercise)
        shown = " ".join(said(step.show))
        sheet = exercise.worksheet
        values = sheet.run()
        asked = {field.name for field in exercise.fields} | {line.name for line in sheet.lines}
        for line in sheet.lines:
            for _, name, _, _ in string.Formatter().parse(line.formula):
                source = line.reads.get(name, name)
                if name and source not in asked and name not in WORKED_OUT.get(variant.kind, ()):
                    assert figure(values[source]) in shown, (line.name, name)


def test_both_faces_show_the_givens_and_what_came_out(variant):
    step, sheet, shown = broken(draws(variant, 30)[0])
    ink = inks(DARK, few=False)
    spoken = "\n".join(line for block in step.show for line in lines(block))
    drawn = "\n".join("".join(part.text for part in line) for line in blocks.draw_all(step.show, 76, ink))
    assert not any(isinstance(cell, Blank) for row in sheet.rows for cell in row)
    for face in (spoken, drawn):
        assert all(value in face for value in shown.values())
