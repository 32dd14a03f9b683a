"""How things look: contrast, colour maps, and what may be said in markup."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from helper import opened
from rich.style import Style
from textual.color import Color

import drops.tui
from drops.colours import DARK, LEVELS, LIGHT, PALETTES
from drops.exercises.blocks import Matrix
from drops.tui.base.ink import inks
from drops.tui.blocks.blocks import Hands, draw

SOURCES = sorted(Path(drops.tui.__file__).parent.rglob("*.py"))


def luminance(colour: Color) -> float:
    def linear(c: int) -> float:
        share = c / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio."""
    high, low = sorted((luminance(Color.parse(a)), luminance(Color.parse(b))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
def test_every_ink_can_be_read_on_every_ground(palette):
    low = {
        (name, ground): round(contrast(colour, getattr(palette, ground)), 2)
        for name, colour in palette.inks.items()
        for ground in ("ground", "field", "shade")
    }
    assert min(low.values()) >= 4.5, {key: value for key, value in low.items() if value < 4.5}
    assert contrast(palette.ground, palette.accent) >= 4.5  # the cursor's own letter


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
def test_the_map_has_a_middle_and_two_ends_that_colour_blindness_keeps_apart(palette):
    ramp = [Color.parse(colour) for colour in palette.ramp]
    assert len(ramp) == LEVELS
    assert len(set(palette.ramp)) == LEVELS
    assert ramp[LEVELS // 2] == Color.parse(palette.ground)
    assert ramp[-1].b - ramp[0].b > 80  # blue to yellow is the axis that deuteranopes and protanopes keep


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
def test_a_tile_has_the_tone_that_a_map_has_and_its_number_is_read_on_it(palette):
    values = (-2.0, -1.0, 0.0, 0.5, 2.0)
    block = Matrix(("w",), tuple("abcde"), (values,), "Weights.", lit=((0, 1), (0, 4)))
    (line,) = draw(block, 60, inks(palette, few=False), Hands())[1:]
    tiles = [s.style for s in line if s.text.strip(" ▏") and s.style and s.style.bgcolor]
    grounds = [style.bgcolor.name.lower() for style in tiles]
    plain = [palette.tone(v / 2).lower() for v in values]
    assert [grounds[i] for i in (0, 2, 3)] == [plain[i] for i in (0, 2, 3)]
    assert plain[2] == palette.ground.lower()  # zero is the ground itself
    assert plain[0] != plain[1] != plain[3] != plain[4]
    assert grounds[4] == palette.accent.lower()  # in hand
    assert grounds[1] == palette.accent.lower()  # half of the largest is strong
    for style in tiles:
        assert contrast(style.color.name, style.bgcolor.name) >= 4.5


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda p: p.name)
def test_no_curve_has_the_colour_of_a_verdict_or_of_what_is_in_hand(palette):
    assert not set(palette.series) & {palette.good, palette.bad, palette.accent}


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("palette", PALETTES.values(), ids=lambda p: p.name)
def test_no_ink_is_one_of_the_terminals_own_colours_or_dimmed(palette, few):
    """Textual looks for such in every segment that is painted; a line of ours is spared that."""
    ink = inks(palette, few)
    styles = [style for value in vars(ink).values() for style in (value if isinstance(value, tuple) else (value,))]
    styles = [style for style in styles if isinstance(style, Style)]
    assert len(styles) > 15
    for style in styles:
        assert not style.dim
        assert all(colour is None or colour.triplet for colour in (style.color, style.bgcolor)), style


async def test_a_line_is_on_the_ground_of_the_theme_that_is_chosen_now():
    """A widget asks for its colours once, and again when they may be others."""
    async with opened(size=(80, 24)) as hands:
        for palette in (DARK, LIGHT, DARK):
            hands.app.theme = palette.name
            await hands.pilot.pause()
            grounds = {
                Color.from_rich_color(style.bgcolor).hex.lower()
                for strip in hands.app.screen._compositor.render_strips(hands.app.size)
                for text, style, _ in strip
                if style is not None and style.bgcolor is not None
            }
            assert palette.ground.lower() in grounds
            other = LIGHT if palette is DARK else DARK
            assert other.ground.lower() not in grounds


def texts(call: ast.Call) -> list[ast.expr]:
    return [
        arg
        for arg in [*call.args[:1], *(k.value for k in call.keywords if k.arg in ("title", "content"))]
        if not isinstance(arg, ast.Constant)
    ]


@pytest.mark.parametrize("source", SOURCES, ids=lambda p: p.name)
def test_what_is_no_literal_is_never_read_as_markup(source):
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("notify", "Static", "Label", "Button", "Option") and texts(node):
                off = any(
                    k.arg == "markup" and isinstance(k.value, ast.Constant) and k.value.value is False
                    for k in node.keywords
                )
                assert off, f"{source.name}:{node.lineno}: {name} reads its text as markup"
