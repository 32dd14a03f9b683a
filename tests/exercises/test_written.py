"""Exercises that are data are exercises: drawn, graded, named, faded, stored and made again with no code of their own."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from variants import said, works
from written_fences import FENCES

from drops import catalog
from drops.course.model import ExerciseFence
from drops.exercises import fading, fairness
from drops.exercises.blocks import Choice, Figure, Numbers, Run, Words
from drops.exercises.figure import Drawing
from drops.exercises.levels import FEWEST_LINES
from drops.exercises.worksheet import figure, worked_line
from lessons import lessons

DRAWS = 60


@pytest.fixture(scope="module")
def drawn():
    return {name: [catalog.draw("written", seed, fence) for seed in range(DRAWS)] for name, fence in FENCES.items()}


each = pytest.mark.parametrize("name", FENCES)


def truth(name: str, g: dict) -> dict[str, float]:
    """The right answers, worked out apart, by numpy."""
    arrays = {key: np.array(value) for key, value in g.items()}
    if name == "bowl":
        g1 = 2 * g["c"] * g["w"]
        w1 = g["w"] - g["lr"] * g1
        return {"g": g1, "w1": w1, "L1": g["c"] * w1 * w1, "cliff": 1 / g["c"]}
    if name == "two-inputs":
        z = {x: float(arrays["w"] @ arrays[x] + g["b"]) for x in "AB"}
        return {**{f"z{x}": v for x, v in z.items()}, **{f"a{x}": max(0.0, v) for x, v in z.items()}}
    if name == "recurrent":
        h, found = 0.0, {}
        for i, x in enumerate(g["x"], 1):
            h = max(0.0, g["w"] * x + g["u"] * h + g["b"])
            found[f"h{i}"] = h
        return found
    if name == "convolution":
        here = float((arrays["P"][:3, 1:4] * arrays["K"]).sum() + g["b"])
        return {"here": here, "strided": (g["n"] - 3) // g["s"] + 1}
    if name == "attend":
        s = arrays["K"] @ arrays["q"] / 2
        p = np.exp(s) / np.exp(s).sum()
        return {"s1": s[0], "s2": s[1], "share": p[0], "out": float(p @ arrays["v"])}
    if name == "dropout":
        h, w, mask, p = arrays["h"], arrays["w"], arrays["mask"], g["p"]
        return {"kept": h[0] / (1 - p), "train": float((w * h * mask).sum() / (1 - p)), "use": float(w @ h)}
    years = {f"y{n}": g["start"] * (1 + g["rate"]) ** n for n in (1, 2, 3)}
    return {**years, "end": years["y3"] - g["start"]}


@pytest.mark.slow
@each
def test_right_answers_are_what_numpy_says(drawn, name):
    for exercise in drawn[name]:
        found, wanted = exercise.worksheet.run(), truth(name, dict(exercise.given))
        assert {field.name for field in exercise.fields} == set(wanted)
        for line, value in wanted.items():
            assert found[line] == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.slow
@each
def test_each_mix_up_is_named_on_the_full_sheet_and_a_sound_learner_is_right(drawn, name):
    for exercise in drawn[name]:
        ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
        assert isinstance(ask, Numbers)
        assert catalog.grade_step(exercise, ask, works(exercise, ask)).right
        armed = fairness.armed(exercise)
        assert set(armed) == set(FENCES[name]["mixups"])
        for bug in armed:
            verdict = catalog.grade_step(exercise, ask, works(exercise, ask, bug))
            assert verdict.misconceptions == (bug,)
            assert "{" not in verdict.feedback


@each
def test_who_types_the_same_everywhere_does_not_pass(drawn, name):
    for value in (0.0, 1.0, 2.0):
        passed = 0
        for exercise in drawn[name]:
            ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
            passed += catalog.grade_step(exercise, ask, {field.name: value for field in ask.fields}).right
        assert passed <= 0.35 * DRAWS


@each
def test_stored_numbers_make_the_same_exercise_again(drawn, name):
    for exercise in drawn[name][:10]:
        stored = json.loads(json.dumps(fairness.numbers(exercise)))
        assert catalog.restore("written", stored, FENCES[name]) == exercise


@each
def test_a_printed_line_is_a_true_sum(drawn, name):
    """The numbers in a worked line give what it says: eval of what a learner reads, signs turned into Python's."""
    env = {"relu": lambda v: max(0.0, v), "floor": math.floor, "sqrt": math.sqrt, "e": math.e, "sum": sum, "__builtins__": {}}
    for exercise in drawn[name][:20]:
        right = exercise.worksheet.run()
        for line in exercise.worksheet.lines:
            text = worked_line(line, right, "L").split(" = ")[1]
            assert "[" not in text.replace(f"{line.name}[", ""), text  # a place stands with its number
            code = re.sub(r"√(\(|[\d.]+)", lambda root: "sqrt(" if root[1] == "(" else f"sqrt({root[1]})", text)
            code = code.replace("−", "-").replace("·", "*").replace("^", "**")
            code = re.sub("[⁰¹²³⁴-⁹]+", lambda power: f"**{unicodedata.normalize('NFKC', power[0])}", code)
            code = code.replace("⌊", "floor(").replace("⌋", ")")
            assert eval(code, env) == pytest.approx(right[line.name], abs=0.05, rel=0.01), text  # noqa: S307


@each
def test_every_level_and_the_short_form_can_be_asked(drawn, name):
    exercise = drawn[name][0]
    for level in range(4):
        for short in (False, True):
            steps = fading.steps(exercise, level, {}, short=short)
            assert all("{" not in text for step in steps for text in said(step.show))
    ask = fading.graded_step(fading.steps(exercise, 3, {})).ask
    assert isinstance(ask, Choice) is (len(exercise.fields) >= FEWEST_LINES)
    short = fading.graded_step(fading.steps(exercise, 2, {}, short=True)).ask
    assert len(short.fields) == 1


def test_a_regime_that_is_drawn_first_is_as_frequent_as_the_others(drawn):
    """Without it the ball would stay on its side in two draws of three."""
    sides = [dict(exercise.given)["side"] for exercise in drawn["bowl"]]
    assert all(0.15 <= sides.count(side) / DRAWS <= 0.55 for side in (0.0, 1.0, 2.0))
    texts = [
        next(option.text for option in exercise.steps(frozenset(), {})[0].ask.options if option.right)
        for exercise in drawn["bowl"]
    ]
    assert max(map(texts.count, texts)) <= 0.6 * DRAWS


def test_what_is_asked_for_less_is_printed_where_it_is_needed():
    fence = {**FENCES["bowl"], "asks": ["w1"]}
    exercise = catalog.draw("written", 4, fence)
    right = truth("bowl", dict(exercise.given))
    assert [field.name for field in exercise.fields] == ["w1"]
    ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
    assert ("slope", figure(right["g"])) in [row for row in ask.sheet.rows if isinstance(row[-1], str)]
    assert set(fairness.armed(exercise)) == {"step-uphill"}  # the slope is given: nobody can lose its 2


def test_hints_are_in_letters():
    exercise = catalog.draw("written", 1, FENCES["attend"])
    assert exercise.worksheet.lines[0].symbols == "(q₁·K[1, 1] + q₂·K[1, 2] + q₃·K[1, 3] + q₄·K[1, 4])/√4"
    assert exercise.worksheet.lines[-1].symbols.startswith("(e^(s₁)·v₁ + e^(s₂)·v₂ + e^(s₃)·v₃)/(")
    assert catalog.draw("written", 1, FENCES["recurrent"]).worksheet.lines[1].symbols == "relu(w·x₂ + u·h₁ + b)"


@pytest.mark.parametrize(
    ("rule", "hint", "line"),
    [
        ("exp(a)", "e^a", "e²"), ("exp(-a)", "e^(−a)", "e^(−2)"), ("exp(a)^2", "(e^a)²", "(e²)²"),
        ("3*exp(a + b)", "3·e^(a + b)", "3·e^(2 − 3)"), ("exp(b)", "e^b", "e^(−3)"),
        ("exp(a)*b", "e^(a)·b", "e²·(−3)"), ("exp(a)/exp(b)", "e^(a)/e^b", "e²/e^(−3)"), ("a*2^b", "a·2^b", "2·2^(−3)"),
        ("1.28^k", "1.28^k", "1.28³"), ("b^k", "(b)^k", "(−3)³"), ("a^12", "(a)¹²", "2¹²"), ("a^(k - 1)", "(a)^(k − 1)", "2^(3 − 1)"),
        ("floor((a - b)/2)", "⌊(a − b)/2⌋", "⌊(2 − (−3))/2⌋"), ("ceil(a/3)*2", "⌈a/3⌉·2", "⌈2/3⌉·2"),
        ("abs(b) + 1", "|b| + 1", "|−3| + 1"), ("ln(a)", "ln(a)", "ln(2)"),
        ("spread(x)", "spread(x)", "spread(1, 5)"), ("max(x)", "max(x)", "max(1, 5)"), ("max(a, b)", "max(a, b)", "max(2, −3)"),
    ],
)  # fmt: skip
def test_a_function_is_written_as_the_field_writes_it(rule, hint, line):
    """Powers of e, brackets of the whole numbers, bars of a size; what has a name keeps it, with one bracket."""
    fence = {"given": {"a": [2], "b": [-3], "k": [3], "x": [[1, 5]]}, "lines": {"c": {"rule": rule, "tol": 0.01}}}
    drawn = catalog.draw("written", 1, fence)
    (found,) = drawn.worksheet.lines
    assert found.symbols == hint
    assert worked_line(found, drawn.worksheet.run(), "L").split(" = ")[1] == line


def test_pi_is_a_number_that_is_printed_as_its_letter():
    fence = {"given": {"t": [0, 1, 2, 3]}, "lines": {"c": "cos(pi*t/3)"}}
    (line,) = catalog.draw("written", 1, fence).worksheet.lines
    assert (line.formula, line.symbols) == ("cos(π·{t}/3)", "cos(π·t/3)")


# ── what it closes on ─────────────────────────────────────────────────────────────────────

CLOSES = {**FENCES["two-inputs"], "see": [{"figure": "neuron", "x": "A", "w": "w", "b": "b"}]}


TWO_ROWS = {
    "given": {"p": {"of": [0.1, 0.9], "size": 2}, "y": [[1, 0]]},
    "letters": {"l": "loss"},
    "lines": {"l": {"each": {"i": [1, 2]}, "rule": "-ln(if(y[i] == 1, p[i], 1 - p[i]))"}},
    "mixups": {
        "wrong-side": {
            "title": "t", "gives": "p = {p[i]} was the share of yes, and {l[i]} came out", "rule": "r",
            "swap": {"l": "-ln(p[i])"},
        },
    },
}  # fmt: skip


def test_what_a_mix_up_gives_is_told_of_the_line_that_was_wrong():
    for seed in range(20):
        exercise = catalog.draw("written", seed, TWO_ROWS)
        p, wrong = dict(exercise.given)["p"], exercise.worksheet.run(swap=exercise.misconceptions["wrong-side"].swap)
        ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
        verdict = catalog.grade_step(exercise, ask, {"l1": wrong["l1"], "l2": wrong["l2"]})
        told = f"p = {figure(p[1])} was the share of yes, and {figure(wrong['l2'])} came out"
        assert verdict.misconceptions == ("wrong-side",)
        assert told in verdict.feedback


def test_a_worked_line_shows_the_branch_that_its_givens_take():
    exercise = catalog.draw("written", 1, TWO_ROWS)
    (one, two), p, run = exercise.worksheet.lines, dict(exercise.given)["p"], exercise.worksheet.run()
    assert worked_line(one, run, one.label) == f"loss₁ = −ln({figure(p[0])}) = {figure(run['l1'])}"
    assert worked_line(two, run, two.label) == f"loss₂ = −ln(1 − {figure(p[1])}) = {figure(run['l2'])}"


def test_it_closes_on_a_figure_with_its_own_numbers():
    for seed in range(20):
        exercise = catalog.draw("written", seed, CLOSES)
        (seen,) = (step for step in exercise.steps(frozenset(), {}) if step.part == "see")
        (drawn,) = (block for block in seen.show if isinstance(block, Figure))
        g = dict(exercise.given)
        starts = {knob.name: knob.start for knob in drawn.knobs}
        assert starts == {"x1": g["A"][0], "x2": g["A"][1], "w1": g["w"][0], "w2": g["w"][1], "b": g["b"]}


def test_how_the_prediction_came_out_stands_above_the_figure():
    fence = {**FENCES["bowl"], "see": [{"figure": "line-to", "at": "[w, w1]"}]}

    class Closing(type(catalog.draw("written", 0, FENCES["bowl"]))):
        figures: ClassVar = {"line-to": lambda params: Drawing((Words(f"from {params['at']}"),), {})}

    exercise = Closing.draw(np.random.default_rng(1), fence)
    told, figure_ = next(step for step in exercise.steps(frozenset(), {}) if step.part == "see").show
    assert told.markdown.startswith("The answer:")
    assert figure_.markdown == f"from {(dict(exercise.given)['w'], exercise.worksheet.run()['w1'])}"


def test_a_mix_up_may_read_a_line_that_is_not_asked():
    fence = {
        "tells": "{a} and {b}", "asks": ["less"],
        "given": {"a": {"from": 2, "to": 90}, "b": [3, 5]},
        "lines": {"whole": "a*b", "less": "a*b - a"},
        "mixups": {"half": {"title": "half of it", "gives": "half is taken", "rule": "take a away", "swap": {"less": "whole/2"}}},
    }  # fmt: skip
    exercise = catalog.draw("written", 1, fence)
    a, b = (value for _, value in exercise.given)
    assert [field.name for field in exercise.fields] == ["less"]
    assert exercise.worksheet.run(exercise.misconceptions["half"].swap)["less"] == a * b / 2


def test_a_training_that_a_figure_brings_is_run_in_it():
    run = Run("Watch.", lambda _: iter(()))

    class Closing(type(catalog.draw("written", 0, FENCES["bowl"]))):
        figures: ClassVar = {"race": lambda _: Drawing((), {}, run)}

    exercise = Closing.draw(np.random.default_rng(1), {**FENCES["bowl"], "see": [{"figure": "race"}]})
    (see,) = (step for step in exercise.steps(frozenset(), {}) if step.part == "see")
    assert replace(see.ask, closes="") == run
    assert see.ask.closes.startswith("The answer: ")  # at its end, and not before it
    assert not any(isinstance(block, Words) for block in see.show)


BESIDE = [
    pytest.param(item.params, id=f"{drop.id}/{item.id}")
    for drop in lessons()
    for item in drop.exercises
    if isinstance(item, ExerciseFence) and item.kind == "written" and "beside" in item.params
]


@pytest.mark.parametrize("params", BESIDE)
def test_what_stands_beside_a_lesson_s_sheet_is_drawn_for_every_blank_and_however_wrong_a_number_is(params):
    exercise = catalog.draw("written", 1, params)
    for field in exercise.fields:
        for typed in ({}, {field.name: -1e6}, {field.name: 1e6}):
            assert exercise.picture(typed, field.name)


def test_a_given_that_was_called_otherwise_opens_older_answers():
    renamed = {
        "given": {"few": {"of": [1, 2], "was": "widths[1]"}, "d": [3], "both": "few + d"},
        "lines": {"y": "few*d"},
    }
    exercise = catalog.restore("written", {"given": [["widths", [2, 5]], ["d", 3]]}, renamed)
    assert dict(exercise.given) == {"few": 2, "d": 3, "both": 5}
    with pytest.raises(KeyError, match="widths"):
        catalog.restore("written", {"given": [["d", 3]]}, renamed)


def test_of_several_questions_one_is_asked_whose_numbers_they_are():
    options = [{"text": "yes", "when": True, "why": "so"}, {"text": "no", "why": "not so"}]
    asked = {
        "given": {"friend": [0, 1, 2], "a": {"from": 1, "to": 50}},
        "lines": {"y": "friend + a"},
        "explain": [{"asks": f"Friend {n}?", "when": f"friend == {n}", "options": options} for n in (0, 1, 2)],
    }
    seen = set()
    for seed in range(30):
        exercise = catalog.draw("written", seed, asked)
        *_, last = exercise.steps(frozenset(), {})
        assert last.ask.prompt == f"Friend {dict(exercise.given)['friend']:g}?"
        seen.add(last.ask.prompt)
    assert len(seen) == 3
