"""In a pane of its own a picture is as wide as the pane, whatever the window: none is a strip of 60 cells."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from drops.colours import DARK
from drops.exercises.blocks import Bar, Bars, Curve, Series, Show, Strip
from drops.tui.base.ink import Lines, inks
from drops.tui.blocks import blocks
from drops.tui.blocks import curve as curves
from drops.tui.blocks.blocks import Hands

INK = inks(DARK, False)
PANE = 46  # lines
SHOWN: dict[str, Show] = {
    "a number line": Strip(-5.0, 5.0, ((1.5, "z"),), "z on a line.", gate=0.0),
    "bars": Bars((Bar("one", 3.0), Bar("other", -1.0)), "Two bars."),
    "bars by powers of ten": Bars((Bar("one", 3.0), Bar("other", 0.001)), "Two bars.", log=True),
    "whiskers": Bars((Bar("one", 0.3, chance=0.1), Bar("other", -0.1, chance=0.2)), "Two whiskers."),
    "a curve": Curve((Series("y", ((0.0, 0.0), (1.0, 1.0))),), "x", "y", "A line."),
}


def widest(lines: Lines) -> int:
    return max(cell_len("".join(text for text, *_ in line).rstrip()) for line in lines)


@pytest.mark.parametrize("width", [40, 62, 115, 180])
@pytest.mark.parametrize("name", SHOWN)
def test_in_a_pane_of_its_own_it_takes_the_width(name: str, width: int):
    drawn = blocks.fitted((SHOWN[name],), width, INK, Hands(tall=PANE, fill=True), 0)
    assert 0.85 * width <= widest(drawn) <= width


@pytest.mark.parametrize("width", range(24, 61, 4))
def test_the_name_of_an_axis_is_seen_whole_where_it_fits_at_all(width):
    name = "share that the net gives"  # as wide as a narrow world beside another
    curve = Curve((Series("", ((0.0, 1e-7), (1.0, 100.0))),), "row", name, "A line.", log_y=True)
    assert name in "".join(part.text for part in curves.draw(curve, width, INK, 8)[0])
