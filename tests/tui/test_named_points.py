"""The names of a map's points: each whole where it has room, over its place or beside a dot there."""

from __future__ import annotations

import pytest

from drops.colours import DARK
from drops.exercises.blocks import Point, Surface
from drops.networks.sequences.company import WORDS, _film, _map
from drops.tui.base.ink import inks
from drops.tui.blocks import plane

SPAN = (-4.0, 4.0)


def drawn(*points: tuple[float, float, str], columns: int = 41) -> list[str]:
    """The rows of a map with such points, as text."""
    block = Surface([[0.0]], SPAN, SPAN, "", points=tuple(Point(x, y, 0, name) for x, y, name in points))
    lines = plane.draw(block, columns, inks(DARK, True), 21)
    return ["".join(part.text for part in line) for line in lines]


def test_of_neighbours_in_a_row_no_name_is_cut_to_a_letter():
    """They were "dh"."""
    rows = drawn((0, 0, "dog"), (0.3, 0, "hen"))
    assert any("dog" in row for row in rows)
    assert any("hen" in row for row in rows)
    assert any("•" in row for row in rows)


@pytest.mark.parametrize("x", [-4.0, -2.0, 0.0, 3.9, 4.0])
def test_a_name_alone_stands_over_its_place_and_needs_no_dot(x):
    rows = drawn((x, 0, "mouse"))
    assert any("mouse" in row for row in rows)
    assert not any("•" in row for row in rows)


@pytest.mark.parametrize("table", range(0, 11, 2))
def test_at_80_columns_most_words_of_the_small_language_are_read_whole(table):
    words = " ".join(part.text for line in plane.draw(
        _map(_film(4)[table], ""), 38, inks(DARK, True), 17) for part in line)  # fmt: skip
    assert sum(word in words for word in WORDS) >= 9
