"""A map of how much there is, as of loss: neither blue nor orange, which say yes and no."""

from __future__ import annotations

import pytest

from drops.catalog import FIGURES
from drops.colours import DARK, LIGHT, Palette
from drops.exercises.blocks import Figure, Show, Surface
from drops.exercises.figure import Drawing
from drops.tui.base.ink import inks
from drops.tui.blocks import plane
from drops.web.maps import draw_map

VALLEYS = {"one-rate": {"spread": 3, "share": 0.5}, "ball": {"spread": 3, "share": 0.5, "momentum": 0.5}}


def maps(drawing: Drawing) -> list[Surface]:
    """The maps of a figure as it first stands."""

    def of(shown: tuple[Show, ...]) -> list[Surface]:
        found: list[Surface] = []
        for block in shown:
            if isinstance(block, Figure):
                found += of(block.draw({knob.name: knob.start for knob in block.knobs}))
            found += [block] if isinstance(block, Surface) else []
        return found

    return of(drawing.show)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda one: one.name)
@pytest.mark.parametrize("name", VALLEYS)
def test_a_map_of_loss_is_drawn_in_tones_without_a_sign(name: str, palette: Palette):
    (valley,) = maps(FIGURES[name](VALLEYS[name]))
    assert valley.sides == ("low loss", "high loss")
    drawn = plane.draw(valley, 60, inks(palette, False), 24)
    grounds = {style.bgcolor.name.upper() for line in drawn for _, style, *_ in line if style and style.bgcolor}
    amounts = {colour.upper() for colour in palette.amounts}
    assert grounds <= amounts
    assert len(grounds) >= 5
    assert not (amounts & {colour.upper() for colour in palette.ramp}) - {palette.ground.upper()}


def lightness(colour: str) -> int:
    return sum(int(colour[at : at + 2], 16) for at in (1, 3, 5))


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda one: one.name)
def test_the_more_there_is_the_further_its_tone_is_from_the_ground(palette: Palette):
    away = [abs(lightness(colour) - lightness(palette.ground)) for colour in palette.amounts]
    assert away[0] == 0
    assert away == sorted(away)


@pytest.mark.parametrize("name", VALLEYS)
def test_in_few_colours_it_is_told_by_how_dense_it_is(name: str):
    (valley,) = maps(FIGURES[name](VALLEYS[name]))
    drawn = plane.draw(valley, 60, inks(DARK, True), 24)
    dense = [sum(text.count(sign) for line in drawn for text, *_ in line) for sign in "░▒▓"]
    assert all(count > 20 for count in dense)


@pytest.mark.parametrize("name", VALLEYS)
def test_the_browser_draws_it_in_the_same_tones(name: str):
    (valley,) = maps(FIGURES[name](VALLEYS[name]))
    page = str(draw_map(valley))
    assert 'class="a' in page
    assert "swatch a" in page
    assert 'class="m' not in page.replace('class="map', "").replace('class="mark', "")
