"""Drops 1 to 4: the design's own numbers, the engine against plain arithmetic, the see that resolves."""

import math
from dataclasses import replace
from itertools import combinations

import pytest
from variants import drawn

from drops import catalog
from drops.catalog import drawing
from drops.exercises import fading
from drops.exercises.answers import digit
from drops.exercises.blocks import Choice, Curve, Figure, Knobs, Run, Surface, Words
from drops.networks.figures import FIGURES
from drops.networks.neuron import runs
from drops.networks.neuron.chain import Chain
from drops.networks.neuron.neuron import Neuron
from drops.networks.neuron.region import TRIANGLES, bias_says
from drops.study.tasks import again
from lessons import lessons
from nnlab import Net

EXAMPLE = Neuron((-2.0, 0.5), -1.0, (1.0, 2.0), (-3.0, -1.0))


def grade(exercise, **typed):
    ask = fading.graded_step(fading.steps(exercise, 2, {})).ask
    return catalog.grade_step(exercise, ask, typed)


def test_the_lessons_neuron_comes_out_as_written():
    assert grade(EXAMPLE, zA=-2, aA=0, zB=4.5, aB=4.5).right


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ((-1, 0, 5.5, 5.5), "no-bias"),
        ((-2, 2, 4.5, 4.5), "relu-abs"),
        ((-2, 0, 4.5, 1), "relu-as-step"),
        ((-2, -2, 4.5, 4.5), "relu-skipped"),
    ],
)
def test_the_designs_wrong_answers_are_named(typed, name):
    verdict = grade(EXAMPLE, **dict(zip(("zA", "aA", "zB", "aB"), typed, strict=True)))
    assert verdict.misconceptions == (name,)


def test_a_wrong_answer_is_told_with_its_own_numbers():
    verdict = grade(EXAMPLE, zA=-2, aA=-2, zB=4.5, aB=4.5)
    assert verdict.feedback == (
        "Your a for A = −2 is what you get if a is z itself: −2 stays −2. "
        "relu(z) is z where z is positive and 0 everywhere else."
    )


@pytest.mark.slow
def test_the_chain_of_the_engine_is_plain_arithmetic():
    for seed in range(50):
        exercise = catalog.draw("chain", seed, {})
        assert isinstance(exercise, Chain)
        h1 = max(0.0, exercise.w[0] * exercise.x + exercise.b[0])
        h2 = max(0.0, exercise.w[1] * h1 + exercise.b[1])
        run = exercise.worksheet.run()
        assert (run["h1"], run["h2"], run["yhat"]) == (h1, h2, exercise.w[2] * h2 + exercise.b[2])
        assert run["params"] == Net("-".join(map(str, exercise.sizes))).theta.size
        assert run["eff"] == 1 + sum(exercise.squashed)


def test_the_collapse_is_the_one_line_it_says():
    for seed in range(50):
        e = drawn("why-the-squash/collapse-and-kink", seed)
        run, given = e.worksheet.run(), dict(e.given)
        w1, b1, w2, b2 = (given[name] for name in ("w1", "b1", "w2", "b2"))
        for x in (-1.0, 0.0, 2.5):
            assert math.isclose(w2 * (w1 * x + b1) + b2, run["slope"] * x + run["intercept"])
        assert w1 * run["kink"] + b1 == 0
        silent = "yL" if w1 > 0 else "yR"
        assert run[silent] == b2


def test_the_triangles_are_bounded_and_hold_the_origin():
    for units in TRIANGLES:
        assert all(b > 0 for _, _, b in units)
        # no direction leads away inside: along each of many, some unit's sum falls
        for k in range(360):
            way = math.cos(math.radians(k)), math.sin(math.radians(k))
            assert min(w1 * way[0] + w2 * way[1] for w1, w2, _ in units) < 0


@pytest.mark.parametrize(
    ("c", "name"),
    [
        (-4.0, "never-fires"),
        (-3.0, "on-the-edge"),
        (-2.5, ""),
        (-2.0, "on-the-edge"),
        (-1.5, "majority"),
        (-0.5, "or-for-and"),
        (0.5, "bias-sign"),
    ],
)
def test_each_output_bias_says_what_it_does(c, name):
    assert bias_says(c) == name


def test_any_bias_between_two_counts_is_right():
    exercise = again(lessons().item("lines-and-shapes/or-and-and")[1], {"n": 4, "w": 1.0}).exercise
    assert grade(exercise, any=-0.9, all=-3.1).right
    assert grade(exercise, any=-3.5, all=-0.5).misconceptions == ("or-for-and",)
    assert not grade(exercise, any=-0.5, all=-3).right


@pytest.mark.parametrize(
    "key",
    [
        "weighted-sum-and-squash/by-hand",
        "lines-and-shapes/three-votes",
        "stack-of-sums/run-and-count",
    ],
)
def test_the_prediction_is_resolved_in_what_is_then_seen(key, monkeypatch):
    monkeypatch.setattr(runs, "FENCING_STEPS", 30)
    monkeypatch.setattr(runs, "BENDING_STEPS", 100)
    exercise = drawn(key, 4)
    guess = fading.steps(exercise, 2, {})[0].ask
    assert isinstance(guess, Choice)
    assert guess.confidence
    for i, option in enumerate(guess.options):
        see = next(s for s in fading.steps(exercise, 2, {"predict": digit(i)}) if s.part == "see")
        text = see.show[0].markdown if see.show and isinstance(see.show[0], Words) else ""
        if isinstance(see.ask, Run):
            *_, last = (frame for frame in see.ask.frames(0) if frame is not None)
            assert last.done == 1
            assert option.feedback not in text + last.says  # it would give the show away
            text += see.ask.closes
        assert ("You foresaw it" in text) is option.right
        assert option.feedback in text


@pytest.mark.slow
def test_three_lines_close_and_two_do_not_in_the_live_run():
    see = next(s for s in fading.steps(catalog.draw("region", 1, {}), 2, {}) if s.part == "see")
    *_, last = (frame for frame in see.ask.frames(7) if frame is not None)
    assert "2 hidden units" in last.says
    assert (
        "0 of 20 runs fenced the disc in" in last.says.split("2 hidden units")[1].split("3 hidden units")[0]
    )
    assert all(isinstance(picture, Surface) for picture in last.show[0].blocks)


def test_the_way_from_a_to_b_passes_through_both_answers():
    see = next(s for s in fading.steps(EXAMPLE, 2, {}) if s.part == "see")
    curve = next(block for block in see.show if isinstance(block, Curve))
    assert curve.marks == ((0, 0.0, "A"), (1, 4.5, "B"))
    z, a = ({round(x, 3): y for x, y in series.points} for series in curve.series)
    assert math.isclose(z[0.0], -2, abs_tol=1e-9)
    assert math.isclose(a[1.0], 4.5)


FENCES = {
    "neuron": {"x": [1, 2], "w": [-2, 0.5], "b": -1},
    "line": {"w": [2, -4], "b": 4},
    "xor": {"w": [1, 1], "b": -0.5},
    "xor-hidden": {"b": [-0.5, -1.5], "v": [1, -1], "c": -0.5},
    "birds": {"table": "gentoo", "units": [[1, 1, 0]]},
    "conveyor": {"w": [2, -1, 3], "b": [-1, 4, -2], "x": 1},
}


@pytest.mark.parametrize("name", FENCES)
def test_a_figure_draws_at_both_ends_of_every_knob(name):
    assert name in FIGURES
    made = drawing(name, FENCES[name])
    (figure,) = made.show
    start = {knob.name: knob.start for knob in figure.knobs}
    for knob in figure.knobs:
        assert knob.low <= knob.start <= knob.high
        for place in (knob.low, knob.high, 0.0 if knob.low <= 0 <= knob.high else knob.low):
            assert figure.draw({**start, knob.name: place})


def test_every_place_of_a_knob_in_the_lessons_has_a_name_if_one_has():
    shown = [
        drawing(part.name, part.params).show
        for drop in lessons()
        for section in drop.sections
        for part in section.parts
        if not isinstance(part, str)
    ]
    knobs = [
        knob for blocks in shown for figure in blocks if isinstance(figure, Figure) for knob in figure.knobs
    ]
    named = [knob for knob in knobs if knob.settings]
    assert named
    for knob in named:
        assert [knob.told(knob.low + i * knob.step) for i in range(len(knob.settings))] == list(knob.settings)
        assert knob.low + (len(knob.settings) - 1) * knob.step == knob.high


def cell_by_cell(surface):
    """((x, y) of the middle of a cell, its value), read off the ranges that the map itself prints."""
    (left, right), (low, high) = surface.x_range, surface.y_range
    height, width = len(surface.values), len(surface.values[0])
    for row, values in enumerate(surface.values):
        for column, value in enumerate(values):
            yield (
                left + (column + 0.5) * (right - left) / width,
                high - (row + 0.5) * (high - low) / height,
                value,
            )


@pytest.mark.parametrize("name", ["line", "xor", "xor-hidden"])
def test_a_map_of_one_line_fires_on_its_side_and_nowhere_else(name):
    (figure,) = drawing(name, FENCES[name]).show
    for shown in (
        figure.draw({knob.name: place(knob) for knob in figure.knobs})
        for place in (lambda k: k.start, lambda k: (k.start + k.high) / 2)
    ):
        surface = next(block for block in shown if isinstance(block, Surface))
        ((w1, w2, b),) = surface.lines
        for x, y, value in cell_by_cell(surface):
            middle = (surface.low + surface.high) / 2
            assert (value > middle) == (w1 * x + w2 * y + b > 0), (x, y)


@pytest.mark.parametrize("units", TRIANGLES, ids=str)
def test_each_line_of_the_triangle_wears_the_name_of_its_unit_and_no_two_names_meet(units):
    exercise = replace(catalog.draw("region", 1, {}), units=units)
    (shown,) = exercise.picture({}, "P1")
    names = [point for point in shown.points if point.name.startswith("unit")]
    assert [point.name for point in names] == ["unit 1", "unit 2", "unit 3"]
    for (w1, w2, b), point in zip(units, names, strict=True):
        assert w1 * point.x + w2 * point.y + b == pytest.approx(0)
    assert all(abs(a.y - b.y) > 1 for a, b in combinations(names, 2))


def test_the_patch_that_three_units_vote_for_is_drawn_as_finely_as_a_large_screen_shows():
    vote = next(step.ask for step in fading.steps(catalog.draw("region", 1, {}), 2, {}) if isinstance(step.ask, Knobs))
    surface = vote.draw({"c": -2.5})[0]
    assert len(surface.values) >= 90
    assert len(surface.values[0]) >= 90


def test_two_straight_lines_are_drawn_as_far_as_each_crosses_zero():
    (shown,) = drawing("straight", {"w": [1, 1], "b": [-4, -8], "hand": "answer"}).show
    low, high = (end(x for x, _ in shown.series[0].points) for end in (min, max))
    assert low < -8
    assert high > 8


def test_pairs_are_counted_and_nothing_stands_between_two_of_them():
    (shown,) = drawing("hits", {"y": [-1, -3, 4], "p": [0, -6, 2]}).show
    assert shown.places == (1, 2, 3)
    assert [x for x, _ in shown.series[0].points] == [0, 1, 2]


def test_an_opinion_that_is_not_counted_yet_is_no_bar():
    (shown,) = drawing("opinions", {"rows": 250, "hidden": [3, 24, 500], "p1": 51, "hand": "p2"}).show
    assert [bar.value for bar in shown.bars[:2]] == [250, 51]
    assert all(math.isnan(bar.value) for bar in shown.bars[2:])
