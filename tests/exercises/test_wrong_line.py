"""Find the wrong line: somebody's sheet shows what is given and what came out, never how."""

import re
import string
from collections import Counter

import pytest
from variants import VARIANTS, draws, every, graded, numbers, said

from drops import catalog
from drops.colours import DARK
from drops.exercises import fading, fairness
from drops.exercises.blocks import Beside, Blank, Choice, Sheet, Wires
from drops.exercises.levels import FEWEST_LINES
from drops.exercises.worksheet import figure, line_named, written
from drops.plain.spoken import lines, numbered
from drops.text import of_name, stated
from drops.tui.asks.choice import AskChoice
from drops.tui.base.ink import inks
from drops.tui.blocks import blocks

WITH_LINES = [v for v in VARIANTS if numbers(v.draw(0)) is not None and len(v.draw(0).fields) >= FEWEST_LINES]
pytestmark = every(WITH_LINES)

LITTLE = 0.12  # above chance: more would be a trick

# names of formulas that a learner works out from what is printed
WORKED_OUT = {"chain": {"squashes"}}


def broken(exercise, bug=""):
    """The step, and by field the values that its options tell."""
    rule = fading.rule_to_break(exercise, 3, bug)
    step = fading.graded_step(fading.steps(exercise, 3, {}, rule))
    told = zip(numbers(exercise).fields, step.ask.options, strict=True)
    return step, {field.name: value_in(field, option) for field, option in told}


def value_in(field, option):
    """The number of “z₁ = 3”, of “parameters = 21”."""
    before = stated(field.label, "")
    assert option.text.startswith(before)
    return option.text.removeprefix(before)


@pytest.mark.slow
def test_it_can_be_found_and_is_not_always_the_same(variant):
    right = []
    for exercise in draws(variant, 200):
        ask = graded(exercise, 3).ask
        assert isinstance(ask, Choice)
        assert all(
            value_in(field, option) for field, option in zip(exercise.fields, ask.options, strict=True)
        )
        assert [option.right for option in ask.options].count(True) == 1
        right.append(next(i for i, option in enumerate(ask.options) if option.right))
    assert max(map(right.count, right)) / len(right) <= 0.4  # whatever place is always picked


def as_number(text):
    """A printed number: “−1,024”, “3·10⁻⁵” as far as its power."""
    return float(re.match(r"−?[\d,]*\.?\d*", text)[0].replace("−", "-").replace(",", "") or 0)


def guesses(printed):
    """Where each who knows nothing points: of all that is printed they see no more than its looks."""
    values = [as_number(text) for text in printed]
    places = range(len(values))
    negative = [at for at in places if values[at] < 0]
    digits = [sum(map(str.isdigit, text)) for text in printed]
    return {
        "the first negative, else the first": min(negative, default=0),
        "the last negative, else the last": max(negative, default=len(values) - 1),
        "the first that is not whole, else the first": min(
            (at for at in places if values[at] % 1), default=0
        ),
        "the first zero, else the first": min((at for at in places if not values[at]), default=0),
        "the largest": max(places, key=values.__getitem__),
        "the smallest": min(places, key=values.__getitem__),
        "the farthest from 0": max(places, key=lambda at: abs(values[at])),
        "the most digits": max(places, key=digits.__getitem__),
        "the fewest digits": min(places, key=digits.__getitem__),
        **{f"place {at + 1}": at for at in places},
    }


@pytest.mark.slow
def test_no_look_of_the_numbers_finds_it_much_more_often_than_chance(variant):
    drawn = draws(variant, 200)
    found = Counter()
    for exercise in drawn:
        step, shown = broken(exercise)
        right = [option.right for option in step.ask.options].index(True)
        found.update(trick for trick, at in guesses([*shown.values()]).items() if at == right)
    most = (1 / len(drawn[0].fields) + LITTLE) * len(drawn)
    assert {trick: times for trick, times in found.items() if times > most} == {}


def test_it_is_the_first_number_that_differs_from_a_right_sheet(variant):
    for exercise in draws(variant, 30)[:10]:
        step, shown = broken(exercise)
        right = exercise.worksheet.run()
        off = [shown[field.name] != figure(right[field.name]) for field in numbers(exercise).fields]
        assert [option.right for option in step.ask.options].index(True) == off.index(True)


def test_it_can_be_the_learners_own_misconception_and_tells_it_with_these_numbers(variant):
    exercise = draws(variant, 30)[0]
    for bug, misconception in fairness.armed(exercise).items():
        if misconception.convention:
            continue
        step, shown = broken(exercise, bug)
        at = [option.right for option in step.ask.options].index(True)
        told, field = step.ask.options[at], numbers(exercise).fields[at]
        assert told.feedback.lower().startswith(misconception.title.lower())
        assert f"{of_name(field.label, shown[field.name])} comes out if" in told.feedback
        assert len(told.feedback.split()) <= 45


@pytest.mark.slow
def test_then_it_is_asked_what_it_should_be(variant):
    """The right number passes, the one that stands there does not and is named."""
    for exercise in draws(variant, 30)[:10]:
        steps = fading.steps(exercise, 3, {}, fading.rule_to_break(exercise, 3))
        found, mend = (
            step
            for step in steps
            if step.part == "do" and step.name in (graded(exercise, 3).name, fading.MEND)
        )
        right = exercise.worksheet.run()
        (field,) = mend.ask.fields
        assert [value_in(field, option) for option in found.ask.options if option.right] == [
            broken(exercise)[1][field.name]
        ]
        assert catalog.grade_step(exercise, mend.ask, {field.name: right[field.name]}).right
        _, shown = broken(exercise)
        assert shown.pop(field.name) != figure(right[field.name])
        blanks = [cell for row in mend.ask.sheet.rows for cell in row if isinstance(cell, Blank)]
        assert blanks == [Blank(field.name)]  # it is filled where it stands among the others
        assert {*shown.values()} <= {
            cell for row in mend.ask.sheet.rows for cell in row if isinstance(cell, str)
        }


def test_the_numbers_that_came_out_stand_once(variant):
    """A list of them above the options says the same again; a table with more in it stands there filled."""
    step, _ = broken(draws(variant, 30)[0])
    labels = {field.label for field in numbers(draws(variant, 30)[0]).fields}
    for sheet in step.show:
        if isinstance(sheet, Sheet):
            assert not {row[0] for row in sheet.rows} <= labels or len(sheet.columns) > 2
            assert not any(isinstance(cell, Blank) for row in sheet.rows for cell in row)


def test_how_a_line_was_worked_out_is_not_printed(variant):
    for exercise in draws(variant, 30)[:10]:
        step, _ = broken(exercise)
        shown = " ".join(said(step.show))
        sheet = exercise.worksheet
        for field in exercise.fields:
            line = line_named(sheet, field.name)
            how = written(line, sheet.run())
            assert len(how) < 6 or how not in shown.replace("**", "")
            assert len(line.symbols) < 6 or line.symbols not in shown


def test_every_number_that_a_line_needs_is_printed_among_the_givens(variant):
    for exercise in draws(variant, 30)[:10]:
        step, _ = broken(exercise)
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
    step, shown = broken(draws(variant, 30)[0])
    ink = inks(DARK, few=False)
    spoken = "\n".join(
        [
            *(line for block in step.show for line in lines(block)),
            *numbered([one.text for one in step.ask.options]),
        ]
    )
    asked = AskChoice(step.ask).draw(76, ink)
    shapes = [*blocks.draw_all(step.show, 76, ink), *asked]
    drawn = "\n".join("".join(part.text for part in line) for line in shapes)
    for face in (spoken, drawn):
        assert all(value in face for value in shown.values())


def flat(shown):
    """Every picture, also those side by side."""
    for block in shown:
        yield from flat(block.blocks) if isinstance(block, Beside) else (block,)


def test_no_number_is_in_hand_while_the_wrong_one_is_looked_for_and_then_it_is(variant):
    for exercise in draws(variant, 10):
        made = fading.steps(exercise, 3, {})
        find = fading.graded_step(made)
        mend = made[made.index(find) + 1]
        assert not any(one.hand or one.lit or one.blanks for one in flat(find.show) if isinstance(one, Wires))
        (field,) = mend.ask.fields
        drawn = [*flat(mend.ask.picture({}, field.name))]
        assert all(one.hand in ("", field.name) for one in drawn if isinstance(one, Wires))
        assert all({*one.blanks.values()} <= {field.name} for one in drawn if isinstance(one, Wires))
        assert not [one for one in flat(mend.show) if isinstance(one, Wires) and one.hand]


def test_what_is_typed_for_the_wrong_number_stands_in_its_picture(variant):
    for exercise in draws(variant, 10):
        made = fading.steps(exercise, 3, {})
        ask = made[made.index(fading.graded_step(made)) + 1].ask
        (field,) = ask.fields
        right = exercise.worksheet.run()
        printed = {one.name: right[one.name] for one in exercise.fields if one is not field}
        typed = {field.name: right[field.name]}
        if exercise.picture({**printed, **typed}, field.name) != exercise.picture(printed, field.name):
            assert ask.picture(typed, field.name) != ask.picture({}, field.name)
