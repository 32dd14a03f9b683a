"""The Lab where a terminal has sixteen colours or none: the same signs, the same sides, the same wires."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem

from drops.colours import DARK, LEVELS, LIGHT, LIGHT_OF_FEW, PALETTES
from drops.networks.lab.bench import Bench
from drops.networks.lab.line import read_line
from drops.networks.lab.scene import Scene, Sizes, scene
from drops.tui.base.ink import inks
from drops.tui.blocks import net

LOST_ON_LIGHT = {3, 6, 7, 10, 11, 14, 15}  # yellow, cyan, white, and most of the bright ones
LOST_ON_DARK = {0, 4, 8}


def number_of(colour: str) -> int | None:
    return Color.parse(colour).downgrade(ColorSystem.STANDARD).number


@pytest.mark.parametrize(
    ("palette", "lost"), [(LIGHT_OF_FEW, LOST_ON_LIGHT), (DARK, LOST_ON_DARK)], ids=["light", "dark"]
)
def test_no_text_is_lost_on_its_ground_where_there_are_sixteen_colours(palette, lost):
    assert not {name for name, colour in palette.inks.items() if number_of(colour) in lost}
    assert number_of(palette.plus) != number_of(palette.minus)
    assert number_of(palette.accent) not in (number_of(palette.plus), number_of(palette.minus))
    assert inks(LIGHT, few=True).palette is LIGHT_OF_FEW
    assert inks(LIGHT, few=False).palette is LIGHT


@pytest.fixture(scope="module")
def seen() -> Scene:
    bench = Bench(read_line("circle 2-8-1"))
    bench.go(200)
    return scene(bench, Sizes((6, 6), (30, 30)), LEVELS)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda palette: palette.name)
def test_yes_is_blue_and_no_is_orange_on_maps_tiles_and_wires_of_few_colours(seen, palette):
    ink = inks(palette, few=True)
    grid = net.lay((2, 8), 1, 45, 18)
    lines = net.draw_net(seen, grid, 45, 18, ink, None, 0)
    lines += net.draw_map(seen.big, (), 30, 15, ink, 2, None)
    sides = {"▓": ink.plus.color, "░": ink.minus.color}
    met = set()
    for segment in (segment for line in lines for segment in line):
        for sign in segment.text:
            if sign in sides:
                assert segment.style.color == sides[sign]
                met.add(sign)
    assert met == {*sides}
    strengths = net.strengths_in(ink)
    assert {style.color for style in strengths[1:5]} == {ink.plus.color}
    assert {style.color for style in strengths[6:]} == {ink.minus.color}


def test_wires_run_through_the_same_dots_whatever_colours_there_are(seen):
    grid = net.lay((2, 8), 1, 45, 18)

    def wires(few: bool) -> list[list[str]]:
        lines = net.draw_net(seen, grid, 45, 18, inks(DARK, few=few), None, 0)
        texts = ["".join(segment.text for segment in line) for line in lines]
        return [[sign if "⠀" <= sign <= "⣿" else " " for sign in text] for text in texts]

    assert wires(few=True) == wires(few=False)
    assert sum(sign != " " for row in wires(few=True) for sign in row) > 50
