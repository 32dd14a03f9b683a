"""Geometry without an app."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops import scales
from drops.tui.base.ink import wrap
from drops.tui.blocks import pixels

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


@pytest.mark.slow
@given(NUMBERS, st.floats(0.01, 1e6), st.integers(2, 200))
def test_the_ends_of_a_scale_are_its_first_and_last_place(low, width, steps):
    scale = scales.Scale(low, low + width, steps)
    assert scale.place(low) == pytest.approx(0, abs=1e-6)
    assert scale.place(low + width) == pytest.approx(steps - 1, abs=1e-6)
    assert scale.value(scale.place(low + width / 3)) == pytest.approx(low + width / 3, rel=1e-6, abs=1e-6)


def test_a_logarithmic_scale_gives_every_decade_the_same_room():
    scale = scales.Scale(1e-4, 1, 41, log=True)
    assert [round(scale.place(10.0**e)) for e in range(-4, 1)] == [0, 10, 20, 30, 40]
    assert scale.place(0) < 0


@given(NUMBERS, st.floats(1e-3, 1e6), st.integers(1, 12))
def test_ticks_are_few_round_and_inside(low, width, most):
    found = scales.ticks(low, low + width, most)
    assert len(found) <= most
    assert all(low - width * 1e-6 <= tick <= low + width * (1 + 1e-6) for tick in found)


def test_ticks_step_by_one_two_or_five():
    assert scales.ticks(0, 10, 5) == [0, 5, 10]
    assert scales.ticks(-1, 1, 5) == [-1, -0.5, 0, 0.5, 1]
    assert scales.ticks(3, 3, 5) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-3, "−3"),
        (0.25, "0.25"),
        (1e-5, "10⁻⁵"),
        (4.3e-7, "4.3·10⁻⁷"),
        (12_000, "1.2·10⁴"),
        (math.inf, "∞"),
        (math.nan, "?"),
    ],
)
def test_short_numbers_take_few_cells(value, text):
    assert scales.short(value) == text


def test_levels_run_from_low_to_high_and_nothing_falls_outside():
    grid = scales.levels([[-5, 0.0, 0.5, 1.0, 9, math.nan]], 0, 1, 21)
    assert grid == [[0, 0, 10, 20, 20, 10]]


def test_a_map_without_values_is_flat():
    assert scales.nearest([], 2, 1) == scales.smooth([], 2, 1) == [[0.0, 0.0]]


ANY = st.one_of(st.floats(-3, 3), st.sampled_from([0.0, 0.5, math.nan, math.inf, -math.inf]))
GRIDS = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(ANY, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(GRIDS)
def test_a_border_crosses_between_two_neighbours_on_two_sides_and_nowhere_else(grid):
    found = list(scales.border(grid, 0.5))
    between = {}
    for x, y in found:
        assert math.isfinite(x)
        assert math.isfinite(y)
    for y, row in enumerate(grid):
        for x, value in enumerate(row):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < len(row) and y + dy < len(grid):
                    between[x, y, dx, dy] = (value, grid[y + dy][x + dx])
    finite = {at: pair for at, pair in between.items() if all(map(math.isfinite, pair))}
    crossed = [at for at, (a, b) in finite.items() if (a > 0.5) != (b > 0.5)]
    assert len(crossed) <= len(found) <= len(crossed) + len(between) - len(finite)
    for x, y, dx, dy in crossed:
        a, b = between[x, y, dx, dy]
        share = (0.5 - a) / (b - a)
        assert any(math.dist((x + dx * share, y + dy * share), place) < 1e-9 for place in found)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 30), st.integers(1, 30))
def test_a_plane_stays_a_plane_when_it_is_resampled(columns, rows, width, height):
    """Between its samples a tilted plane is met exactly; beyond the outermost it stays as it is there."""
    grid = [[3 * (x + 0.5) / columns - 2 * (y + 0.5) / rows for x in range(columns)] for y in range(rows)]
    for y, row in enumerate(scales.smooth(grid, width, height)):
        v = min(1 - 0.5 / rows, max(0.5 / rows, (y + 0.5) / height))
        for x, value in enumerate(row):
            u = min(1 - 0.5 / columns, max(0.5 / columns, (x + 0.5) / width))
            assert value == pytest.approx(3 * u - 2 * v, abs=1e-9)


def test_the_border_of_a_circle_lies_on_it():
    grid = [[math.hypot(x - 20, y - 15) for x in range(41)] for y in range(31)]
    found = list(scales.border(grid, 9.5))
    assert len(found) > 40
    assert all(abs(math.hypot(x - 20, y - 15) - 9.5) < 0.1 for x, y in found)


def test_a_dot_lands_in_its_corner_of_the_cell():
    canvas = pixels.Braille(1, 1)
    canvas.dot(0, 0, 3)
    canvas.dot(1, 3, 3)
    canvas.dot(9, 9, 3)
    assert canvas.row(0) == [("⢁", 3)]


def test_a_dashed_line_leaves_gaps_and_a_mad_one_is_not_drawn():
    canvas = pixels.Braille(4, 1)
    canvas.line(0, 0, 7, 0, 0, on=1, off=1)
    assert "".join(text for text, _ in canvas.row(0)) == "⠁⠁⠁⠁"
    canvas.line(0, 0, math.nan, 0, 0)
    canvas.line(0, 0, 1e9, 0, 0)


@given(*(st.tuples(st.floats(-50, 50), st.floats(-50, 50)) for _ in range(2)))
def test_what_is_clipped_stays_inside(a, b):
    seen = pixels.clipped(a, b, 0, 10)
    if seen is not None:
        assert all(-1e-6 <= y <= 10 + 1e-6 for _, y in seen)


@pytest.mark.parametrize(("length", "text"), [(0, ""), (0.5, "▌"), (2, "██"), (2.125, "██▏"), (-1, "")])
def test_a_bar_is_as_long_as_its_number(length, text):
    assert pixels.bar(length) == text


def test_labels_that_would_touch_stand_in_different_rows():
    assert pixels.rows_for([(0, 3), (2, 3), (8, 2), (4, 2)]) == [0, 1, 0, 0]


@given(st.text("ab é漢 ", max_size=80), st.integers(2, 30))
def test_wrapping_loses_no_letter_and_keeps_to_the_width(text, width):
    from rich.cells import cell_len

    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)
