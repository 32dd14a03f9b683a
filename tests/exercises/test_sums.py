"""What a feedback prints as a sum is one: every sum of every feedback is worked out again."""

import numpy as np
import pytest
from sums import agree, chains, false_sums, has_a_sign, worked
from variants import VARIANTS, draws, every, graded, numbers, works

from drops import catalog
from drops.course.parse import library_folders, read
from drops.exercises import fading, fairness
from drops.exercises.blocks import Choice
from drops.exercises.worksheet import figure, fill
from drops.networks.depth.vanishing import Vanishing
from drops.text import number
from lessons import lessons


@pytest.mark.parametrize(
    ("text", "false"),
    [
        ("z = −2·1 + 0.5·2 − 1 = −2", []),
        ("the sizes are added: 4 + 8 + 8 + 1 = 29.", ["4 + 8 + 8 + 1 = 29"]),
        ("(1 + 2)/3 = 1 and 2·(−3) = 6", ["2·(−3) = 6"]),
        ("−ln 0.9 = 0.11, 0.25⁶ = 0.000244", []),
        ("w₂·2 + 1 = 7 and 2·(ŷ − 1) = 4", []),  # letters: nothing that numbers alone decide
        ("relu(1·(−3) + 2) + 1 = 1; 2 to the power 3 = 8", []),
        ("1/3 = 0.333 and 0.333·3 = 1", []),
        ("−1/2 = 0.5", ["−1/2 = 0.5"]),
        ("4·3 + 4 for one layer, 20,801 − 1 = 20,800", []),
    ],
)
def test_the_reader_of_sums_tells_true_from_false(text, false):
    assert false_sums(text) == false


def told(verdict):
    """Every sentence of a verdict that may hold a sum."""
    yield from (verdict.feedback, verdict.line, *verdict.options)
    if verdict.repair:
        yield verdict.repair.question


def verdicts(variant, count):
    """What is said of every misconception, of slips, and of mixtures of both."""
    rng = np.random.default_rng(7)
    for exercise in draws(variant, count):
        for level in (0, 2):
            ask = numbers(exercise, level)
            if ask is None:
                return
            for bug in fairness.armed(exercise):
                yield exercise, catalog.grade_step(exercise, ask, works(exercise, ask, bug))
                yield exercise, catalog.grade_step(exercise, ask, works(exercise, ask, bug, 0.3, rng))
            yield exercise, catalog.grade_step(exercise, ask, works(exercise, ask, "", 0.4, rng))


def feedbacks_are_true(variant, count):
    for _, verdict in verdicts(variant, count):
        for text in told(verdict):
            assert false_sums(text) == [], text


@pytest.mark.slow
@every(VARIANTS)
def test_every_sum_in_a_feedback_is_true(variant):
    feedbacks_are_true(variant, 4)


@pytest.mark.nightly
@every(VARIANTS)
def test_every_sum_of_a_thousand_feedbacks_is_true(variant):
    feedbacks_are_true(variant, 60)


@pytest.mark.parametrize(
    ("typed", "bug", "sum_of_it"),
    [(21, "params-added-sizes", "4 + 8 + 8 + 1"), (37, "blocks-added", "(4 + 8) + (8 + 8) + (8 + 1)")],
)
def test_added_sizes_are_named_with_the_sum_that_was_typed(typed, bug, sum_of_it):
    _, item = lessons().item("wider-or-deeper/equal-budgets")
    exercise = catalog.restore("written", {"d": 4, "w": 8, "folds": 3, "seed": 1}, {**item.params, "asks": ["deep"]})
    verdict = catalog.grade_step(exercise, numbers(exercise), {"deep": typed})
    assert verdict.misconceptions == (bug,)
    assert f"= {typed} is" in verdict.feedback
    assert sum_of_it in verdict.feedback
    assert agree(sum_of_it, str(typed))


def test_a_feedback_repeats_what_was_typed_without_rounding_it():
    exercise = Vanishing(weights=(1, -2), hidden=5, seed=1)
    right = exercise.worksheet.run()
    verdict = catalog.grade_step(
        exercise, numbers(exercise), {**{f.name: right[f.name] for f in exercise.fields}, "chain": 0.0625, "relu": 1.0}
    )
    assert "whole chain = 0.0625" in verdict.feedback


@every(VARIANTS)
def test_a_line_of_a_sheet_worked_with_its_printed_numbers_comes_to_what_is_printed(variant):
    for exercise in draws(variant, 30):
        sheet = exercise.worksheet
        right = sheet.run()
        for line in sheet.lines:
            sums = [*chains(fill(line.formula, line.sees(right)))]
            if len(sums) == 1 and len(sums[0]) == 1 and has_a_sign(sums[0][0]):  # numbers alone
                printed = figure(right[line.name])
                decimals = max(3, len(printed.partition(".")[2]))
                off = abs(worked(sums[0][0]).value - float(printed.replace("−", "-")))
                assert off <= 0.5 * 10**-decimals + 1e-9, (sums[0][0], printed)


@every(VARIANTS)
def test_what_a_misconception_says_was_done_comes_to_what_it_gives(variant):
    for exercise in draws(variant, 30):
        sheet = exercise.worksheet
        for name, misconception in fairness.armed(exercise).items():
            wrong = sheet.run(swap=misconception.swap)
            for line in sheet.lines:
                if line.swapped(misconception.swap) is None:
                    continue
                says = fill(misconception.gives, line.sees(wrong))
                for chain in chains(says):
                    pieces = [piece for piece in chain if piece and has_a_sign(piece)]
                    for piece in pieces:
                        found = worked(piece)
                        assert abs(found.value - wrong[line.name]) <= found.off + 0.005, (name, says, wrong[line.name])
                assert false_sums(says) == [], (name, says)


@pytest.mark.slow
@every(VARIANTS)
def test_the_sum_to_recheck_comes_to_what_is_wanted(variant):
    for _, verdict in verdicts(variant, 4):
        repair = verdict.repair
        if repair is None:
            continue
        for chain in chains(repair.question):
            for piece in chain:
                if piece and has_a_sign(piece) and chain == (piece,) and piece == repair.question:
                    assert agree(piece, number(repair.answer, 9)), (piece, repair.answer)


@every(VARIANTS)
def test_every_sum_of_an_exercise_s_options_and_broken_sheets_is_true(variant):
    for exercise in draws(variant, 12):
        made = [step.ask for step in fading.steps(exercise, 2, {})]
        if numbers(exercise) is not None:
            made.append(graded(exercise, 3).ask)
        for ask in made:
            for option in ask.options if isinstance(ask, Choice) else ():
                assert false_sums(option.text) + false_sums(option.feedback) == [], option


@pytest.mark.slow
def test_every_sum_of_a_lesson_is_true():
    reading = read(library_folders(None))
    false = [
        f"{source.file}:{n} {found}"
        for source in reading.sources
        for n, line in enumerate(source.lines, 1)
        for found in false_sums(line)
    ]
    assert false == []
