"""A net at work: a tile for each unit, wires between them, and the large map of what it says.

A tile says what its unit says over the plane; a wire is blue where it adds and orange where it takes away,
the stronger the brighter and the thicker. Sizes come from the room there is, widest layer first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from drops.networks.lab.scene import Dot, Place, Scene, Tile
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks.canvas import ZERO, Canvas
from drops.tui.blocks.pixels import Braille
from drops.tui.blocks.plane import sign

TALLEST, NAME = 5, 5  # cells of a tile's height; cells of an input's name
WEIGHTS = 5  # steps of a wire's strength
Wire = tuple[tuple[int, int], ...]
NO_DOTS = (0, 0)
Drawn = tuple[int, int, tuple[int, int, int, int]]  # strength, ink, and where a wire begins and ends


class Grid(NamedTuple):
    """How the tiles stand in a room of cells."""

    tall: int  # cells of a tile, twice as wide as high
    gap: int  # rows between two tiles
    left: tuple[int, ...]  # the column at which each layer begins
    shown: int  # units of a layer that find room

    @property
    def wide(self) -> int:
        return 2 * self.tall

    def top(self, units: int, at: int, height: int) -> int:
        """The row at which a tile begins, its layer being in the middle of the room."""
        units = min(units, self.shown)
        used = units * self.tall + (units - 1) * self.gap
        return max(0, (height - used) // 2) + at * (self.tall + self.gap)


def lay(units: Sequence[int], width: int, height: int) -> Grid:
    """The largest tiles with which every unit is seen, else as many of them as there is room for."""
    widest = max(units)
    sizes = [(tall, gap) for tall in range(TALLEST, 1, -1) for gap in (1, 0)]
    across = [one for one in sizes if len(units) * (2 * one[0] + 4) + NAME <= width] or [(2, 0)]
    fits = [one for one in across if widest * (one[0] + one[1]) - one[1] <= height]
    tall, gap = fits[0] if fits else across[-1]
    room = width - NAME - 2 * tall
    left = tuple(NAME + (room * i // max(1, len(units)) if len(units) > 1 else 0) for i in range(len(units)))
    return Grid(tall, gap, left, max(1, (height + gap) // (tall + gap)))


def draw_net(
    scene: Scene, grid: Grid, width: int, height: int, ink: Inks, focus: Place | None, top: int
) -> Lines:
    """Tiles and wires on `height` lines; `top` is the first unit that is shown of a layer too tall."""
    canvas = Canvas(width, height)
    first = [min(top, max(0, len(layer) - grid.shown)) for layer in scene.layers]
    _wires(canvas, scene, grid, width, height, first, focus)
    ground = [bytearray([ZERO]) * width for _ in range(2 * height)]
    canvas.ground = ground
    for k, layer in enumerate(scene.layers):
        x = grid.left[k]
        for at, unit in enumerate(range(first[k], min(len(layer), first[k] + grid.shown))):
            y = grid.top(len(layer), at, height)
            _tile(canvas, ground, layer[unit], x, y, grid, ink)
            if k == 0:
                name = layer[unit].name[: NAME - 1]
                canvas.write(
                    x - len(name) - 1, y + grid.tall // 2, name, ink.act if focus == (0, unit) else ink.dim
                )
            if focus == (k, unit):
                for row in range(y, min(height, y + grid.tall)):
                    canvas.write(x - 1, row, "▐", ink.act)
                    canvas.write(x + grid.wide, row, "▌", ink.act)
        if len(layer) > grid.shown:
            canvas.write(x, height - 1, f"+{len(layer) - grid.shown}", ink.dim)
    return canvas.lines(ink, strengths_in(ink), "·" if ink.few else "", bare=True)


def unit_at(scene: Scene, grid: Grid, height: int, top: int, x: int, y: int) -> Place | None:
    """The unit whose tile stands at a cell."""
    for k, layer in enumerate(scene.layers):
        if grid.left[k] <= x < grid.left[k] + grid.wide:
            first = min(top, max(0, len(layer) - grid.shown))
            for at, unit in enumerate(range(first, min(len(layer), first + grid.shown))):
                begins = grid.top(len(layer), at, height)
                if begins <= y < begins + grid.tall:
                    return k, unit
    return None


def wire_at(
    scene: Scene, grid: Grid, width: int, height: int, top: int, x: int, y: int
) -> tuple[int, int, int] | None:
    """The wire that runs through a cell, the strongest of them: its layer, the unit that it leads to, and the
    one it comes from, from 0."""
    first = [min(top, max(0, len(layer) - grid.shown)) for layer in scene.layers]
    through = []
    for k, i, j, share, ends in _wired(scene, grid, width, height, first):
        if any(at == (x, y) for at, _ in _cells(_curve(*ends), thick=False)):
            through.append((abs(share), (k, i, j)))
    return max(through)[1] if through else None


def _tile(canvas: Canvas, ground: list[bytearray], tile: Tile, x: int, y: int, grid: Grid, ink: Inks) -> None:
    """A tile over what stands there; where tiles touch, half a cell of nothing is left between them. Zero is
    no tone: it is dotted, so that a unit that says nothing is no hole."""
    shown = tile.pixels if grid.gap else tile.pixels[:-1]
    for row, levels in enumerate(shown, 2 * y):
        if row < len(ground):
            ground[row][x : x + grid.wide] = levels
    for row in range(y, y + grid.tall):
        for column in range(x, x + grid.wide):
            canvas.dots.cells.pop((column, row), None)
            if row < canvas.height and ground[2 * row][column] == ground[2 * row + 1][column] == ZERO:
                canvas.under[column, row] = "·", ink.rule
    if tile.dead:
        canvas.write(x + (grid.wide - 4) // 2, y + grid.tall // 2, "dead", ink.dim)


@lru_cache(8)
def strengths_in(ink: Inks) -> tuple[Style, ...]:
    """The inks of wires: five strengths of plus, five of minus."""
    p = ink.palette
    both = []
    for colour in (p.plus, p.minus):
        both += [Style(color=p.faint(colour)), Style(color=p.faint(colour)), Style(color=colour)]
        both += [Style(color=colour), Style(color=p.lit(colour), bold=True)]
    return tuple(both)


def _wires(
    canvas: Canvas, scene: Scene, grid: Grid, width: int, height: int, first: list[int], focus: Place | None
) -> None:
    """The weights between tiles, the weak ones first; those behind the last layer lead to the map."""
    drawn: list[Drawn] = []
    last = len(scene.wires) - 1
    for k, i, j, share, ends in _wired(scene, grid, width, height, first):
        if k == last and i and focus != (k + 1, i):
            continue
        strength = min(WEIGHTS - 1, int(abs(share) * WEIGHTS))
        apart = focus is not None and focus not in ((k + 1, i), (k, j))  # from the unit in hand
        who = (0 if apart else strength) + (0 if share > 0 else WEIGHTS)
        drawn.append((strength - WEIGHTS * apart, who, ends))
    drawn.sort()
    canvas.dots.cells.update(_laid(tuple(drawn), may_be_thick=grid.gap > 0))


def _wired(
    scene: Scene, grid: Grid, width: int, height: int, first: list[int]
) -> Iterator[tuple[int, int, int, float, tuple[int, int, int, int]]]:
    """Each weight that is strong enough to be seen: its layer, where it leads to and comes from, its share of
    the largest, and the dots at which its wire begins and ends."""
    for k, layer in enumerate(scene.wires):
        last = k == len(scene.wires) - 1
        x0 = 2 * (grid.left[k] + grid.wide)
        x1 = 2 * width - 1 if last else 2 * grid.left[k + 1] - 1
        least = 0.04 if len(layer) * len(layer[0]) <= 24 else 0.15  # of many wires the weak ones are left out
        sources = [_middle(grid, len(layer[0]), j - first[k], height) for j in range(len(layer[0]))]
        for i, weights in enumerate(layer):
            b = height * 2 if last else _middle(grid, len(scene.layers[k + 1]), i - first[k + 1], height)
            for j, share in enumerate(weights):
                a = sources[j]
                if a is not None and b is not None and abs(share) >= least:
                    yield k, i, j, share, (x0, a, x1, b)


@lru_cache(4)
def _laid(drawn: tuple[Drawn, ...], *, may_be_thick: bool) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells of all wires, the later over the earlier: dots, and in which ink."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for strength, who, ends in drawn:
        for at, dots in _cells(_curve(*ends), thick=may_be_thick and strength >= WEIGHTS // 2):
            cells[at] = (cells.get(at, NO_DOTS)[0] | dots, who)
    return cells


def _middle(grid: Grid, units: int, at: int, height: int) -> int | None:
    """The dot at the middle of a tile; None where it is not shown."""
    if not 0 <= at < grid.shown:
        return None
    return 4 * grid.top(units, at, height) + 2 * grid.tall


@lru_cache(8192)
def _cells(wire: Wire, *, thick: bool) -> tuple[tuple[tuple[int, int], int], ...]:
    """The cells that a wire runs through, and its dots in each."""
    canvas = Braille(1000, 1000)
    for x, y in wire:
        for more in range(1 + thick):
            canvas.dot(x, y + more, 0)
    return tuple((at, dots) for at, (dots, _) in canvas.cells.items())


@lru_cache(8192)
def _curve(x0: int, y0: int, x1: int, y1: int) -> Wire:
    """An S from tile to tile, in dots, each once."""
    span = max(1, x1 - x0)
    steps = max(span, abs(y1 - y0))
    found: dict[tuple[int, int], None] = {}
    for i in range(steps + 1):
        t = i / steps
        found[round(x0 + span * t), round(y0 + (y1 - y0) * t * t * (3 - 2 * t))] = None
    return tuple(found)


# ── the large map ─────────────────────────────────────────────────────────────────────────


def draw_map(
    big: Tile, dots: Sequence[Dot], width: int, height: int, ink: Inks, classes: int, probe: int | None
) -> Lines:
    """A map with the training rows on it; one that is wrong is a ✗, and the one in hand a ◉."""
    canvas = Canvas(width, height)
    canvas.ground = big.pixels
    text = Style(color=ink.palette.text, bold=True)
    for dot in dots:
        x, y = min(width - 1, int(dot.x * width)), min(height - 1, int(dot.y * height))
        shown = "✗" if dot.wrong else sign(dot.label) if classes > 2 else ("•" if dot.label else "∘")
        canvas.write(x, y, shown, ink.bad if dot.wrong else text)
    if probe is not None and probe < len(dots):
        x, y = (int(share * cells) for share, cells in zip(dots[probe][:2], (width, height), strict=True))
        canvas.write(min(width - 1, x), min(height - 1, y), "◉", ink.act)
    return canvas.lines(ink, ())


# ── many seeds ────────────────────────────────────────────────────────────────────────────


def draw_wall(
    tiles: Sequence[Tile], scores: Sequence[str], passed: Sequence[bool], width: int, tall: int, ink: Inks
) -> Lines:
    """Maps row by row, each with how it does below it."""
    wide, out = 2 * tall, Lines()
    across = max(1, (width + 2) // (wide + 2))
    for start in range(0, len(tiles), across):
        row = range(start, min(len(tiles), start + across))
        painted = []
        for i in row:
            canvas = Canvas(wide, tall)
            canvas.ground = tiles[i].pixels
            painted.append(canvas.lines(ink, ()))
        for y in range(tall):
            line: Line = []
            for one in painted:
                line += [Segment("  "), *one[y]] if line else one[y]
            out.append(line)
        said: Line = []
        for i in row:
            mark, style = ("✓", ink.good) if passed[i] else ("✗", ink.bad)
            gap = [Segment("  ")] if said else []
            said += [
                *gap,
                Segment(mark, style),
                Segment(f" {scores[i]}".ljust(wide - 1)[: wide - 1], ink.text),
            ]
        out.append(said)
    return out
