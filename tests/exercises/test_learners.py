"""Simulated learners: one misconception is named, a slip is not, and follow-through is honoured.

Those of the gate sample; by night the shares are measured at full length.
"""

import numpy as np
import pytest
from variants import VARIANTS, drawn, draws, every, numbers, works

from drops import catalog
from drops.exercises import fairness

every_kind = every([variant for variant in VARIANTS if variant.params == "{}"])


def named(exercise, typed):
    return catalog.grade_step(exercise, numbers(exercise), typed).misconceptions


def attempts(variant, count, seed=0):
    """(exercise, its ask, an armed misconception), each misconception in turn."""
    for i, exercise in enumerate(draws(variant, count)):
        ask = numbers(exercise)
        if ask is None:
            return
        bugs = sorted(fairness.armed(exercise))
        if bugs:
            yield exercise, ask, bugs[(i + seed) % len(bugs)]


def share_exact(variant, count):
    tries = [named(e, works(e, ask, bug)) == (bug,) for e, ask, bug in attempts(variant, count)]
    return np.mean(tries) if tries else 1.0


def share_with_slips(variant, count, slips=0.05):
    rng = np.random.default_rng(5)
    tries = [bug in named(e, works(e, ask, bug, slips, rng)) for e, ask, bug in attempts(variant, count)]
    return np.mean(tries) if tries else 1.0


def share_falsely_confirmed(variant, count, slips=0.10):
    """Pairs of attempts of a sound but careless learner that show the same misconception."""
    rng = np.random.default_rng(6)
    made = [e for e in draws(variant, count) if numbers(e) is not None]
    shown = [{*named(e, works(e, numbers(e), "", slips, rng))} for e in made]
    pairs = [bool(a & b) for a, b in zip(shown[::2], shown[1::2], strict=False)]
    return np.mean(pairs) if pairs else 0.0


@pytest.mark.slow
@every(VARIANTS)
def test_a_learner_with_one_misconception_is_told_its_name(variant):
    assert share_exact(variant, 30) >= 0.99


def on_the_full_sheet(exercise, ask, bug):
    """The sheets of three who hold the misconception: goes on from the wrong numbers, copies a whole
    wrong sheet, and, where one field's rule alone is bent, finds all the other fields by another way."""
    sheet, swap = exercise.worksheet, exercise.misconceptions[bug].swap
    right, wrong = sheet.run(), sheet.run(swap=swap)
    yield works(exercise, ask, bug)
    yield {f.name: wrong[f.name] for f in ask.fields}
    bent = [line.name for line in sheet.lines if line.swapped(swap)]
    if len(bent) == 1 and bent[0] in right and bent[0] in {f.name for f in ask.fields}:
        yield {f.name: right[f.name] for f in ask.fields} | {bent[0]: wrong[bent[0]]}


@pytest.mark.slow
@every(VARIANTS)
def test_every_misconception_that_is_held_is_named_on_the_full_sheet_and_no_other(variant):
    named_on_full_sheets(variant, 5)


@pytest.mark.nightly
@every_kind
def test_every_misconception_is_named_on_the_full_sheets_of_more_draws(variant):
    named_on_full_sheets(variant, 20)


def named_on_full_sheets(variant, count):
    exact, other, all_of_them = 0, 0, 0
    for exercise in draws(variant, count):
        ask = numbers(exercise)
        if ask is None:
            return
        for bug in fairness.armed(exercise):
            for typed in on_the_full_sheet(exercise, ask, bug):
                shown = named(exercise, typed)
                exact, other = exact + (shown == (bug,)), other + (bug not in shown and shown != ())
                all_of_them += 1
    assert exact / all_of_them >= 0.99
    assert other / all_of_them <= 0.001


@pytest.mark.slow
@pytest.mark.parametrize("bug", ["kink-sign", "kink-is-bias"])
def test_a_wrong_kink_is_named_whatever_y_stands_beside_it(bug):
    for seed in range(40):
        exercise = drawn("why-the-squash/collapse-and-kink", seed)
        ask = numbers(exercise)
        assert bug in fairness.armed(exercise)
        for typed in on_the_full_sheet(exercise, ask, bug):
            assert named(exercise, typed) == (bug,)


@pytest.mark.slow
@every_kind
def test_a_misconception_is_still_named_when_five_in_a_hundred_fields_slip(variant):
    assert share_with_slips(variant, 60) >= 0.90 - 0.08  # what 60 attempts scatter


@pytest.mark.slow
@every_kind
def test_a_careless_but_sound_learner_is_hardly_ever_confirmed(variant):
    assert share_falsely_confirmed(variant, 80) <= 0.01 + 0.04  # what 40 pairs scatter


@every_kind
def test_what_follows_from_ones_own_wrong_number_is_not_wrong(variant):
    for exercise in draws(variant, 10):
        ask = numbers(exercise)
        if ask is None:
            return
        sheet = exercise.worksheet
        right = sheet.run()
        for i, first in enumerate(ask.fields):
            typed = {f.name: right[f.name] for f in ask.fields[:i]}
            typed[first.name] = right[first.name] + 37.25
            for f in ask.fields[i + 1 :]:
                typed[f.name] = sheet.run(entered=typed)[f.name]
            verdict = catalog.grade_step(exercise, ask, typed)
            assert not verdict.right
            assert {v.standing for v in verdict.fields[i + 1 :]} <= {"right", "follows"}
            assert verdict.fields[i].standing == "slip"
            assert verdict.misconceptions == ()


@pytest.mark.slow
@every_kind
def test_two_that_tie_are_told_apart_at_the_next_draw(variant):
    exercise = draws(variant, 20)[0]
    bugs = sorted(fairness.armed(exercise))
    if numbers(exercise) is None or len(bugs) < 2:
        return
    pair = (bugs[0], bugs[1])
    apart = catalog.draw(variant.kind, 11, {}, pair)
    assert fairness.first_difference(apart, pair) <= min(
        fairness.first_difference(e, pair) for e in (catalog.draw(variant.kind, 11, {}),)
    )


@pytest.mark.nightly
@every(VARIANTS)
def test_the_shares_of_learners_at_full_length(variant):
    assert share_exact(variant, 400) >= 0.99
    assert share_with_slips(variant, 400) >= 0.90 - 0.02  # what 400 attempts scatter
    assert share_falsely_confirmed(variant, 800) <= 0.01 + 0.005
