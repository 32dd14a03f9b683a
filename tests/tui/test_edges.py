"""A flat map whose border goes through cells: each is parted as the border parts it, not cut off whole."""

from __future__ import annotations

import math

import pytest

from drops.colours import DARK, LEVELS
from drops.exercises.blocks import Surface, Unit
from drops.networks.sequences.picture_figures import draw_first_place
from drops.tui.base.edges import FINE, SIGNS, Ground, sign_of
from drops.tui.base.ink import inks
from drops.tui.blocks import plane

COLUMNS, ROWS = 60, 30
SPAN = (-3.0, 3.0)
TURNS = [i * math.pi / 12 + 0.05 for i in range(24)]
OF_SIGN = {sign: covered for covered, sign in SIGNS.items()}


def halves(unit: Unit, cells: int = 240) -> Surface:
    """A flat map that is 1 where a unit fires and 0 elsewhere, with its line."""
    at = [SPAN[0] + (SPAN[1] - SPAN[0]) * (i + 0.5) / cells for i in range(cells)]
    w1, w2, b = unit
    values = [[float(w1 * x + w2 * y + b > 0) for x in at] for y in reversed(at)]
    return Surface(values, SPAN, SPAN, "", lines=(unit,), flat=True)


def is_covered(sign: str, across: int, down: int) -> bool:
    return bool(OF_SIGN[sign] >> (FINE * FINE - 1 - (down * FINE + across)) & 1)


def fires(unit: Unit, x: int, y: int, across: int, down: int) -> bool:
    """Whether a unit fires in the middle of a part of a cell."""
    wide = SPAN[1] - SPAN[0]
    at = SPAN[0] + wide * (x + (across + 0.5) / FINE) / COLUMNS
    up = SPAN[1] - wide * (y + (down + 0.5) / FINE) / ROWS
    return unit[0] * at + unit[1] * up + unit[2] > 0


@pytest.mark.parametrize("turn", TURNS)
def test_along_a_line_no_more_than_a_fifth_of_a_cell_has_the_tone_of_the_other_side(turn):
    unit = math.cos(turn), math.sin(turn), 0.31
    every = [(x, y) for x in range(COLUMNS) for y in range(ROWS)]
    parted = Ground(halves(unit), COLUMNS, ROWS, LEVELS).along([unit], every)
    assert len(parted) >= ROWS
    for (x, y), how in parted.items():
        assert how is not None
        sign, tone, ground = how
        assert {tone, ground} == {0, LEVELS - 1}
        wrong = 0
        for across in range(FINE):
            for down in range(FINE):
                drawn = tone if is_covered(sign, across, down) else ground
                wrong += (drawn > 0) != fires(unit, x, y, across, down)
        assert wrong <= FINE * FINE / 5


@pytest.mark.parametrize("covered", SIGNS, ids=SIGNS.get)
def test_what_a_sign_covers_is_drawn_by_it_or_by_one_that_leaves_it_out(covered):
    sign, covers = sign_of(covered)
    full = (1 << FINE * FINE) - 1
    assert OF_SIGN[sign] == (covered if covers else covered ^ full)


def test_where_a_line_is_the_border_it_is_told_by_tones_and_elsewhere_by_dots():
    unit, other = (1.0, 1.0, 0.3), (1.0, -1.0, 0.2)
    one = halves(unit)
    both = Surface(one.values, SPAN, SPAN, "", lines=(unit, other), flat=True)
    braille = [
        sum("⠀" < character <= "⣿" for line in drawn for text, *_ in line for character in text)
        for drawn in (plane.draw(surface, COLUMNS, inks(DARK, False), ROWS) for surface in (one, both))
    ]
    assert braille[0] == 0
    assert braille[1] >= ROWS // 2


@pytest.mark.parametrize(("columns", "rows"), [(60, 30), (52, 26), (75, 37), (41, 20)])
@pytest.mark.parametrize("turn", [0.0, 0.4, 1.1])
def test_where_borders_cross_no_dots_are_left(columns, rows, turn):
    corners = [turn + k * 2 * math.pi / 3 for k in range(3)]
    lines = tuple((math.cos(one), math.sin(one), 0.9) for one in corners)
    at = [SPAN[0] + (SPAN[1] - SPAN[0]) * (i + 0.5) / 240 for i in range(240)]
    values = [[sum(w1 * x + w2 * y + b > 0 for w1, w2, b in lines) / 3 for x in at] for y in reversed(at)]
    triangle = Surface(values, SPAN, SPAN, "", lines=lines, flat=True)
    drawn = plane.draw(triangle, columns, inks(DARK, False), rows)
    assert not [c for line in drawn for text, *_ in line for c in text if "⠀" < c <= "⣿"]


def test_a_line_in_hand_stays_drawn_over_the_border():
    one = halves((1.0, 1.0, 0.3))
    held = Surface(one.values, SPAN, SPAN, "", lines=one.lines, flat=True, lit=0)
    drawn = plane.draw(held, COLUMNS, inks(DARK, False), ROWS)
    assert sum("⠀" < c <= "⣿" for line in drawn for text, *_ in line for c in text) >= ROWS


def test_in_few_colours_the_line_is_drawn_by_signs():
    drawn = plane.draw(halves((1.0, 1.0, 0.3)), COLUMNS, inks(DARK, True), ROWS)
    assert sum(text.count("+") for line in drawn for text, *_ in line) >= ROWS // 2


def test_in_few_colours_a_line_over_bare_ground_is_drawn_by_dots():
    bare = Surface(((0.0,),), SPAN, SPAN, "", -1.0, 1.0, lines=((1.0, 1.0, 0.3),), flat=True)
    text = "".join(part for line in plane.draw(bare, COLUMNS, inks(DARK, True), ROWS) for part, *_ in line)
    assert "+" not in text
    assert sum("⠀" < character <= "⣿" for character in text) >= ROWS


TONES = {
    "ink on paper": ((0.15, 1.0), "░▓"),
    "a table's cells": ((0.35, 0.5), "░▓"),
    "a margin between windows": ((0.15, 0.0, 0.8), "░ ▓"),
    "windows in turn": ((0.15, 0.0, 0.8, 1.0), "░ ▒▓"),
    "silent and firing": ((-1.0, 1.0), "░▓"),
    "one tone": ((0.6,), "▓"),
}


@pytest.mark.parametrize(("tones", "signs"), TONES.values(), ids=TONES)
def test_in_few_colours_every_tone_of_a_flat_map_has_its_sign(tones, signs):
    values = tuple(tuple(tones[x * len(tones) // COLUMNS] for x in range(COLUMNS)) for _ in range(ROWS))
    flat = Surface(values, (1.0, 9.0), (1.0, 9.0), "", -1.0, 1.0, flat=True)
    drawn = plane.draw(flat, COLUMNS, inks(DARK, True), ROWS)
    line = "".join(part.text for part in drawn[ROWS // 2])
    assert "".join(dict.fromkeys(line.strip())) == signs


def test_a_kernel_is_seen_on_its_picture_in_few_colours():
    (kernel,) = draw_first_place({"n": 12, "k": 3}).show
    rows = ["".join(part.text for part in line) for line in plane.draw(kernel, 48, inks(DARK, True), 24)]
    assert rows[3].count("▓") in range(7, 14), rows[3]
    assert "▓" not in rows[16]
    assert "░" in rows[16]


def test_a_map_without_lines_is_parted_by_quarters_of_a_cell():
    values = [[float(x > y) for x in range(2 * COLUMNS)] for y in range(2 * ROWS)]
    found = Ground(Surface(values, SPAN, SPAN, "", flat=True), COLUMNS, ROWS, LEVELS).by_quarters()
    assert len(found) >= ROWS
    for (x, y), (sign, tone, ground) in found.items():
        for across in (0, 1):
            for down in (0, 1):
                drawn = tone if is_covered(sign, across * FINE // 2, down * FINE // 2) else ground
                assert (drawn > 0) == (values[2 * y + down][2 * x + across] > 0)
