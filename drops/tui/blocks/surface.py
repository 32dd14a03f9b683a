"""A map over two inputs, in half blocks: what the network says everywhere, points and lines on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from drops.exercises.blocks import Point, Surface
from drops.tui.base.ink import Inks, Line, Lines, does, fit
from drops.tui.base.theme import LEVELS, Palette
from drops.tui.blocks import pixels

SIGNS = "○●▲■◆"  # classes 0, 1, 2 …: told by shape, not by colour alone
SHADES = " ░▒▓█"  # low to high where there are too few colours
TALLEST = 22
FLATTEST = 11  # where a map has to make room for its knobs
LINE = -1  # a pixel's "level" where a line runs


def draw(block: Surface, width: int, ink: Inks, less: int = 0, within: int | None = None) -> Lines:
    """The map at most `width` cells wide and up to `less` lines flatter, its axes' ends, its signs.

    `within` is the first knob of the figure that it belongs to, if its lines can be held by mouse.
    """
    columns, rows = _size(block, width)
    rows = max(min(rows, FLATTEST), rows - less)
    held = None if within is None else does(Style(), map=within, x=block.x_range, y=block.y_range)
    paint = _shades if ink.few else _halves
    grid = paint(block, columns, rows, ink, held)
    out: Lines = [fit([Segment(block.title, ink.bold)], columns)] if block.title else []
    out += grid
    out.append(_ends(block, columns, ink))
    if labels := _labels(block):
        out.append([Segment("  ".join(f"{sign(label)} class {label}" for label in labels), ink.dim)])
    return out


def lines(block: Surface, width: int) -> int:
    """How many lines the map takes, as tall as it likes to be."""
    return _size(block, width)[1] + 1 + bool(block.title) + bool(_labels(block))


def _labels(block: Surface) -> list[int]:
    """The classes that are drawn by a sign: a point with a name is drawn by its first letter."""
    return sorted({point.label for point in block.points if not point.name})


def _size(block: Surface, width: int) -> tuple[int, int]:
    columns = max(4, min(width, 60))
    rows = max(2, min(TALLEST, round(columns / 2 * _aspect(block))))
    return max(4, min(columns, round(rows * 2 / _aspect(block)), width)), rows


def sign(label: int) -> str:
    return SIGNS[label % len(SIGNS)]


def _aspect(block: Surface) -> float:
    """Height over width, kept between flat and tall so that every map can be read."""
    across, up = block.x_range[1] - block.x_range[0], block.y_range[1] - block.y_range[0]
    return min(1.25, max(0.4, up / across)) if across > 0 and up > 0 else 1.0


def _ends(block: Surface, columns: int, ink: Inks) -> Line:
    left, right = pixels.short(block.x_range[0]), pixels.short(block.x_range[1])
    gap = columns - len(left) - len(right)
    return [Segment(f"{left}{' ' * gap}{right}" if gap > 0 else left, ink.dim)]


def _points(block: Surface, columns: int, rows: int) -> dict[tuple[int, int], Point]:
    """Which points stand in which cell; of several in one, the last."""
    (left, right), (bottom, top) = block.x_range, block.y_range
    if right <= left or top <= bottom:
        return {}
    # by hand: Scale.place for each of 200 points is half of a frame
    wide, tall = right - left, top - bottom
    placed = (((p.x - left) / wide * (columns - 1), (top - p.y) / tall * (rows - 1), p) for p in block.points)
    return {
        (round(x), round(y)): point
        for x, y, point in placed
        if -0.5 <= x <= columns - 0.5 and -0.5 <= y <= rows - 0.5
    }


def _halves(block: Surface, columns: int, rows: int, ink: Inks, held: Style | None) -> Lines:
    grid = pixels.levels(block.values, columns, rows * 2, block.low, block.high, LEVELS)
    for line in block.lines:
        for x, y in pixels.line_pixels(line, block.x_range, block.y_range, columns, rows * 2):
            grid[y][x] = LINE
    points = _points(block, columns, rows)
    pair = _pairs(ink.palette, held)
    point_style = _point_styles(ink.palette, held)
    out: Lines = []
    for y in range(rows):
        upper, lower = grid[2 * y], grid[2 * y + 1]
        line_out: Line = []
        start = 0
        marked = sorted(x for x, row in points if row == y)
        for x in [*marked, columns]:
            line_out += _run(upper, lower, start, x, pair)
            if x < columns:
                point = points[x, y]
                line_out.append(
                    Segment(point.name[:1] or sign(point.label), point_style(max(upper[x], lower[x])))
                )
            start = x + 1
        out.append(line_out)
    return out


def _run(upper: list[int], lower: list[int], start: int, end: int, pair: Callable[[int, int], Style]) -> Line:
    """Cells start … end − 1 as run-length segments."""
    out: Line = []
    x = start
    while x < end:
        a, b = upper[x], lower[x]
        first = x
        while x < end and upper[x] == a and lower[x] == b:
            x += 1
        out.append(Segment("▀" * (x - first), pair(a, b)))
    return out


@lru_cache(maxsize=8)
def _pairs(palette: Palette, held: Style | None) -> Callable[[int, int], Style]:
    colours = [Color.parse(colour) for colour in (*palette.ramp, palette.text)]  # [−1]: a line

    @cache
    def pair(top: int, bottom: int) -> Style:
        return Style.from_color(colours[top], colours[bottom]) + held

    return pair


@lru_cache(maxsize=8)
def _point_styles(palette: Palette, held: Style | None) -> Callable[[int], Style]:
    ramp = palette.ramp

    @cache
    def style(level: int) -> Style:
        ground = ramp[max(0, level)]
        return Style(color=_against(ground), bgcolor=ground, bold=True) + held

    return style


@lru_cache(maxsize=256)
def _against(ground: str) -> str:
    """Black or white, whichever stands out; class is told by the sign."""
    r, g, b = (int(ground[i : i + 2], 16) for i in (1, 3, 5))
    return "#000000" if 0.299 * r + 0.587 * g + 0.114 * b > 110 else "#ffffff"


def _shades(block: Surface, columns: int, rows: int, ink: Inks, held: Style | None) -> Lines:
    grid = pixels.levels(block.values, columns, rows, block.low, block.high, len(SHADES))
    cells = [[SHADES[level] for level in row] for row in grid]
    for line in block.lines:
        for x, y in pixels.line_pixels(line, block.x_range, block.y_range, columns, rows):
            cells[y][x] = "+"
    for (x, y), point in _points(block, columns, rows).items():
        cells[y][x] = point.name[:1] or sign(point.label)
    return [[Segment("".join(row), ink.text + held)] for row in cells]
