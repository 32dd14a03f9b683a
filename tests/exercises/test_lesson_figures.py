"""The figures beside the lessons' pages: each at every place of its knobs, their numbers with a pencil."""

import math
from itertools import product

import numpy as np
import pytest

from drops.course.model import FigureFence
from drops.course.parse import library_folders, read
from drops.exercises.blocks import Curve, Figure, Sheet, Surface, Wires, Words
from drops.exercises.figures import FIGURES, drawing

PARTS = [
    part
    for drop in read(library_folders(None)).library
    for section in drop.sections
    for part in section.parts
    if isinstance(part, FigureFence)
]
FENCES = {part.name: part.params for part in reversed(PARTS)}  # the first of each name


def at(name, params=None, **places):
    """The blocks of a figure with some of its knobs moved."""
    (figure,) = (block for block in drawing(name, params or FENCES[name]).show if isinstance(block, Figure))
    assert set(places) <= {knob.name for knob in figure.knobs}
    return figure.draw({knob.name: places.get(knob.name, knob.start) for knob in figure.knobs})


def a(kind, shown):
    """The only block of its kind."""
    (block,) = (block for block in shown if isinstance(block, kind))
    return block


def told(shown):
    return a(Words, shown).markdown.replace("*", "").replace("−", "-")


def numbers(name):
    return drawing(name, FENCES[name]).numbers


def test_every_figure_stands_in_a_lesson():
    assert set(FENCES) == set(FIGURES)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_draws_at_every_place_and_in_every_corner_and_says_what_it_shows(name):
    for figure in (block for block in drawing(name, FENCES[name]).show if isinstance(block, Figure)):
        start = {knob.name: knob.start for knob in figure.knobs}
        assert figure.says
        every = [
            {**start, k.name: k.low + i * k.step}
            for k in figure.knobs
            for i in range(round((k.high - k.low) / k.step) + 1)
        ]
        every += [
            dict(zip(start, ends, strict=True)) for ends in product(*((k.low, k.high) for k in figure.knobs))
        ]
        for values in every:
            shown = figure.draw(values)
            assert any(not isinstance(block, Words) for block in shown)
            for block in shown:
                assert block.markdown if isinstance(block, Words) else getattr(block, "says", "beside")
                if isinstance(block, Curve):
                    assert all(math.isfinite(y) for series in block.series for _, y in series.points)


# ── drops 1 to 4 ──────────────────────────────────────────────────────────────────────────


def test_the_numbers_to_find_are_judged_as_a_pencil_judges_them():
    rows = FENCES["find-numbers"]["rows"]
    for w1, w2, b in product(range(-3, 4), repeat=3):
        met = sum(max(0, w1 * x1 + w2 * x2 + b) == wanted for x1, x2, wanted in rows)
        assert told(at("find-numbers", w1=w1, w2=w2, b=b)) == f"{met} of 4 rows come out as wanted."


def test_more_rows_are_more_to_see_and_nothing_more_to_hold():
    held = {places: a(Sheet, at("held", rows=places)).rows for places in range(4)}
    assert [rows[0][1] for rows in held.values()] == ["60", "600", "6,000", "60,000"]
    assert {rows[1][1] for rows in held.values()} == {"3"}
    assert a(Sheet, at("held", inputs=12)).rows[1][1] == "13"


@pytest.mark.parametrize("table", ["circle", "moons"])
def test_a_cut_counts_the_points_on_the_side_they_belong_to(table):
    for angle, shift in ((0, 0), (75, -0.7), (285, 0.1)):
        shown = at("cut", {"table": table, "angle": 0, "shift": 0}, angle=angle, shift=shift)
        picture, way = a(Surface, shown), math.radians(angle)
        right = sum((p.x * math.cos(way) + p.y * math.sin(way) > shift) == p.label for p in picture.points)
        assert told(shown) == f"This line gets {right} of the 200 points right."


def test_two_lines_are_one_wherever_one_looks():
    for w1, b1, w2, b2 in ((2, -3, -1.5, 1), (-1, 0.5, 3, -2), (0, 2, 1, 1)):
        first, both = a(Curve, at("two-lines", w1=w1, b1=b1, w2=w2, b2=b2)).series
        for (x, h), (_, y) in zip(first.points, both.points, strict=True):
            assert h == pytest.approx(w1 * x + b1)
            assert y == pytest.approx(w2 * w1 * x + w2 * b1 + b2)


def test_no_stack_of_lines_bends_however_high_or_wide():
    for layers, width, start in product((1, 2, 17, 50), (0, 1, 2), (1, 9)):
        (series,) = a(Curve, at("line-stack", layers=layers, width=width, start=start)).series
        y = np.array(series.points)[:, 1]
        assert np.abs(np.diff(y, 2)).max() < 1e-9
        assert np.ptp(y) > 1e-3  # a line to be seen


def test_only_doubling_leaves_the_two_layers_a_line():
    squash = (
        lambda z: max(0, z),
        lambda z: z if z > 0 else 0.01 * z,
        math.tanh,
        lambda z: 1 / (1 + math.exp(-z)),
        lambda z: 2 * z,
    )
    for place, f in enumerate(squash):
        shown = at("between", between=place)
        for x, y in a(Curve, shown).series[0].points:
            assert y == pytest.approx(-1.5 * f(2 * x - 3) + 1)
        assert ("melted" in told(shown)) == (place == 4)


def test_a_unit_lights_the_wires_it_reads_and_no_others():
    lit = [a(Wires, at("reading", unit=unit)).lit for unit in range(1, 8)]
    assert [len(wires) for wires in lit] == [3, 3, 3, 3, 4, 4, 2]
    assert len(set().union(*lit)) == 3 * 4 + 4 * 2 + 2 * 1
