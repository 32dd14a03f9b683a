"""The worksheets that stand in the lessons' own Markdown: right by numpy, every mix-up named, no answer right too often."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache

import numpy as np
import pytest
from variants import works

from drops import catalog
from drops.course.model import ExerciseFence
from drops.exercises import fading, fairness
from drops.exercises.blocks import Choice, Curve, Figure, Matrix, Numbers
from drops.exercises.fairness import armed
from drops.exercises.worksheet import worked_line
from drops.exercises.written.kind import Written
from drops.networks.training.plans import stopped
from lessons import lessons

FENCES = {
    f"{drop.id}/{item.id}": item
    for drop in lessons()
    for item in drop.items.values()
    if isinstance(item, ExerciseFence) and item.kind == Written.kind
}
LATER = ("when-a-network-does-not-learn", "from-words-to-a-transformer")
MOST_ALIKE = 0.65  # 0.6, and chance over 200 draws


@cache
def drawn(key: str, draws: int) -> tuple[Written, ...]:
    made = tuple(catalog.draw(FENCES[key].kind, seed, FENCES[key].params) for seed in range(draws))
    assert all(isinstance(one, Written) for one in made)
    return made  # type: ignore[return-value]


@pytest.mark.parametrize("key", FENCES)
def test_a_worked_line_takes_a_list_apart_before_it_multiplies(key):
    """A sum over a part of a list was "−1·(2, 1, 0) + …", which is no number; a window was "max(((9, 5), (7, 6)))"."""
    for one in drawn(key, 6):
        run = one.worksheet.run()
        for line in one.worksheet.lines:
            text = worked_line(line, run, "L")
            listed = re.search(r"[·/^]\([^()]*, |\([^()]*, [^()]*\)[·/]|\(\(\(", text)
            assert listed is None, text


def test_lists_of_one_length_stand_in_one_table_a_row_each():
    (do,) = (step for step in drawn("rounds/rare-class", 1)[0].steps(frozenset(), {}) if step.part == "do")
    (table,) = (block for block in do.show if isinstance(block, Matrix))
    assert table.rows == ("share", "y")
    assert table.says.startswith("share: ")
    assert " y: " in table.says


@pytest.mark.parametrize("key", FENCES)
def test_no_line_of_a_picture_is_named_by_a_bare_number(key):
    for one in drawn(key, 3):
        shown = [block for step in one.steps(frozenset(), {}) for block in step.show]
        shown += one.picture(one.worksheet.run(), "")
        for curve in (block for block in shown if isinstance(block, Curve)):
            assert not [series.name for series in curve.series if series.name.isdecimal()]


TRUTHS = {
    "read-before-you-touch/first-look": lambda g: {
        "start": math.log(g["K"]), "mean": g["s"] ** 2, "ratio": g["lr"] * g["g"] / g["w"]},
    "one-size/by-hand": lambda g: {
        "mean": np.mean(g["x"]), "spread": np.std(g["x"]),
        "z": (g["x"][0] - np.mean(g["x"])) / np.std(g["x"]),
        "znew": (g["q"][0] - np.mean(g["x"])) / np.std(g["x"]),
        "back": np.mean(g["x"]) + g["k"] * np.std(g["x"])},
    "the-start/through": lambda g: {
        "factor": g["n"] * g["sigma"] ** 2 / 2, "after": np.prod([g["n"] * g["sigma"] ** 2 / 2] * int(g["k"])),
        "he": 2 / g["n"]},
    "the-cliff/bowl": lambda g: {
        "g": 2 * g["c"] * g["w"], "w1": g["w"] * (1 - 2 * g["c"] * g["lr"]),
        "L1": g["c"] * (g["w"] * (1 - 2 * g["c"] * g["lr"])) ** 2, "cliff": 1 / g["c"]},
    "batches/counted": lambda g: {
        "per": len(range(0, int(g["n"]), int(g["B"]))), "all": g["E"] * len(range(0, int(g["n"]), int(g["B"]))),
        "noise": g["sigma"] / math.sqrt(g["B"]), "half": 4 * g["B"]},
    "momentum/two-steps": lambda g: {
        "v2": g["mu"] * g["g1"] + g["g2"], "w2": g["w"] - g["lr"] * (g["g1"] + g["mu"] * g["g1"] + g["g2"]),
        "long": sum(g["mu"] ** t for t in range(2_000))},
    "adam/adam": lambda g: {
        "m": g["ga"] - 0.75 * g["ga"], "v": (1 - 0.75) * np.square(g["ga"]), "stepa": g["lr"] * np.sign(g["ga"]),
        "stepb": g["lr"] * np.sign(g["gb"]), "new": g["w"] - g["lr"] * np.sign(g["ga"])},
    "batch-norm/batch-norm": lambda g: {
        "mean": np.mean(g["z"]), "spread": np.std(g["z"]), "hat": (g["z"][0] - np.mean(g["z"])) / np.std(g["z"]),
        "out": g["gamma"] * (g["z"][0] - np.mean(g["z"])) / np.std(g["z"]) + g["beta"],
        "use": g["gamma"] * (g["q"] - g["M"]) / g["S"] + g["beta"]},
    "weight-decay/decay": lambda g: {
        "two": g["w"] * np.prod([1 - g["lr"] * g["la"]] * 2),
        "one": g["w"] - g["lr"] * (g["g"] + g["la"] * g["w"]), "rest": np.roots([2 + g["lb"], -2 * g["t"]])[0]},
    "dropout/dropout": lambda g: {
        "kept": g["h"][0] / np.mean(g["mask"]), "train": np.dot(np.multiply(g["h"], g["w"]), g["mask"]) / np.mean(g["mask"]),
        "use": np.dot(g["h"], g["w"])},
    "slow-down-and-stop/plan-and-patience": lambda g: {
        "step": g["lr"] / 2 ** (g["t"] // g["k"]), "cosine": g["lr"] * np.cos(np.pi * g["at"] / g["L"] / 2) ** 2,
        **dict(zip(("stop", "kept"), stopped(g["losses"], int(g["p"])), strict=True))},
    "rounds/rare-class": lambda g: {
        "tp": np.sum((np.array(g["share"]) > g["t"]) & (np.array(g["y"]) == 1)),
        "precision": np.mean(np.array(g["y"])[np.array(g["share"]) > g["t"]]),
        "recall": np.mean(np.array(g["share"])[np.array(g["y"]) == 1] > g["t"]), "never": np.mean(np.equal(g["y"], 0))},
}  # fmt: skip


@pytest.mark.parametrize("key", TRUTHS)
def test_right_answers_are_what_numpy_says(key):
    for exercise in drawn(key, 40):
        found = exercise.worksheet.run()
        for line, wanted in TRUTHS[key](dict(exercise.given)).items():
            assert found[line] == pytest.approx(wanted, rel=1e-9, abs=1e-12), (line, exercise.given)


@pytest.mark.slow
@pytest.mark.parametrize("key", FENCES)
def test_a_sound_learner_is_right_and_each_mix_up_is_named(key):
    told, named = 0, 0
    for exercise in drawn(key, 12):
        ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
        assert isinstance(ask, Numbers)
        assert catalog.grade_step(exercise, ask, works(exercise, ask)).right
        for bug in armed(exercise):
            verdict = catalog.grade_step(exercise, ask, works(exercise, ask, bug))
            told, named = told + 1, named + (verdict.misconceptions == (bug,))
            assert "{" not in verdict.feedback
    if "asks" not in FENCES[key].params:  # one that asks for some lines has mix-ups of others
        assert set().union(*(armed(one) for one in drawn(key, 40))) == set(drawn(key, 1)[0].misconceptions)
    assert named >= 0.99 * told


EXPLAINED = [f"{drop.id}/{item.id}" for path in LATER for drop in lessons().path(path).drops for item in drop.exercises]


@pytest.mark.slow
@pytest.mark.parametrize("key", [key for key in EXPLAINED if key in FENCES])
def test_no_answer_of_an_explanation_is_right_too_often(key):
    right_at_most(key, "explain", 60, 0.7)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("key", "part"), [*((key, "predict") for key in FENCES), *((key, "explain") for key in EXPLAINED if key in FENCES)]
)
def test_no_answer_of_more_draws_is_right_too_often(key, part):
    """Of a hundred draws of a prediction `drops check` says so."""
    right_at_most(key, part, 200, MOST_ALIKE)


def right_at_most(key, part, draws, share):
    right: Counter[str] = Counter()
    for exercise in drawn(key, draws):
        for step in exercise.steps(frozenset(), {}):
            if step.part == part and isinstance(step.ask, Choice):
                (one,) = (option.text for option in step.ask.options if option.right)
                right[one] += 1
    assert not right or max(right.values()) <= share * right.total(), right


def texts(told) -> list[str]:
    if isinstance(told, str):
        return [told]
    inner = told.values() if isinstance(told, dict) else told if isinstance(told, list | tuple) else ()
    return [text for part in inner for text in texts(part)]


@pytest.mark.parametrize("key", FENCES)
def test_what_a_text_chooses_between_is_words_and_no_name_that_would_stand_there_unworked(key):
    params = FENCES[key].params
    names = {*params.get("given", {}), *params.get("lines", {})}
    branches = re.findall(r"\{[^{}?]*\?([^{}]*)\}", " ".join(texts(params)))
    assert not names & {branch.strip() for both in branches for branch in both.split(" :")}


@pytest.mark.slow
@pytest.mark.parametrize("key", FENCES)
def test_after_a_wrong_guess_the_reason_told_is_true_of_these_numbers(key):
    for exercise in drawn(key, 10):
        for step in exercise.steps(frozenset(), {}):
            if step.part == "predict" and isinstance(step.ask, Choice):
                (right,) = (option for option in step.ask.options if option.right)
                conditional = {exercise._filled(o.text) for o in exercise.guess.options if o.when is not None}
                told = {option.feedback for option in step.ask.options if option.text in conditional}
                assert told == {right.feedback}


UNITS = {0: (4, 2, 1, 0.5), 1: (1, 3, 6, 10), 2: (1, 2, 3, 4)}


@pytest.mark.slow
def test_the_unit_that_is_seen_is_the_unit_of_the_guess():
    for exercise in drawn("one-step-at-a-time/recurrent", 40):
        (figure,) = exercise.drawn(exercise.spec.see[0]).show
        assert isinstance(figure, Figure)
        table = next(
            one for one in figure.draw({knob.name: knob.start for knob in figure.knobs}) if isinstance(one, Matrix)
        )
        assert table.values[-1] == UNITS[dict(exercise.given)["kind"]]


@pytest.mark.parametrize("key", FENCES)
def test_every_draw_is_fair(key):
    assert all(not fairness.alike(one) for one in drawn(key, 10))
