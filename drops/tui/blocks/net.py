"""A net at work: a tile for each unit, wires between them, and the large map of what it says.

A tile says what its unit says over the plane; a wire is blue where it adds and orange where it takes away,
the stronger the brighter and the thicker. Sizes come from the room there is, widest layer first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from drops.networks.lab.scene import Dot, Place, Scene, Tile
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks.canvas import ZERO, Canvas
from drops.tui.blocks.pixels import Braille
from drops.tui.blocks.plane import sign

TALLEST, LOWEST, PAIRED = 5, 2, 3  # rows of a tile; of one in two columns
LEAST_WIRE = 3  # cells that a layer leaves for the wires behind it
BETWEEN = 1  # cells between two columns of a layer
LONGEST_NAME = 4  # cells of an input's name
WEIGHTS = 5  # steps of a wire's strength
Wire = tuple[tuple[int, int], ...]
NO_DOTS = (0, 0)


class Way(NamedTuple):
    """Where a wire runs, in dots: level through its layer and through the one it leads to."""

    begins: int
    leaves: int  # its layer
    reaches: int  # the next one
    ends: int
    high: int  # where it begins, counted from the top
    low: int  # … and ends


Drawn = tuple[int, int, Way]  # strength, ink, and where a wire runs


class Grid(NamedTuple):
    """Where the tiles stand in a room of cells."""

    tall: int  # rows of a tile, half as many as it is wide
    gap: int  # rows between two tiles of a column
    places: tuple[tuple[Place, ...], ...]  # of each layer: column and row at which its tiles begin, in order

    @property
    def wide(self) -> int:
        return 2 * self.tall

    def ends(self, layer: int) -> tuple[int, int]:
        """The column at which a layer begins, and the first behind it."""
        columns = [x for x, _ in self.places[layer]]
        return min(columns), max(columns) + self.wide

    def first(self, layer: int, units: int, top: int) -> int:
        """The first unit of a layer that is seen where `top` should be; a unit keeps its column."""
        shown, by = len(self.places[layer]), 2 if self._is_paired(layer) else 1
        return max(0, min(top - top % by, -(-(units - shown) // by) * by))

    def top(self, layer: int, unit: int, before: int) -> int:
        """The first unit to be seen so that `unit` is, too: `before` where that does."""
        shown = len(self.places[layer])
        least = unit - shown + 1
        return min(max(before, least + least % 2 if self._is_paired(layer) else least), unit)

    def _is_paired(self, layer: int) -> bool:
        return len({x for x, _ in self.places[layer]}) > 1


class Stand(NamedTuple):
    """How tiles may stand: their rows, the rows between them, and in how many columns a long layer stands. In
    two columns units stand by turns, those of the second half a tile lower."""

    tall: int
    gap: int
    columns: int

    @property
    def lower(self) -> int:
        """Rows by which the second column begins lower: the wires of the first run between its tiles."""
        return (self.tall + self.gap + 1) // 2

    def columns_of(self, units: int, height: int) -> int:
        """A layer that has room in one column stands in one."""
        return 1 if self.rows(units, 1) <= height else self.columns

    def across(self, columns: int) -> int:
        """Cells of a layer."""
        return columns * (2 * self.tall + BETWEEN) - BETWEEN

    def rows(self, units: int, columns: int) -> int:
        """Rows of a layer."""
        last = self.lower if columns > 1 and units % 2 == 0 else 0
        return -(-units // columns) * (self.tall + self.gap) - self.gap + last

    def places(self, units: int, left: int, height: int) -> tuple[Place, ...]:
        """Where the tiles of a layer begin, in the middle of the height. Of two columns in which not all find
        room both have as many."""
        columns = self.columns_of(units, height)
        shown = next((n for n in range(units, 1, -1) if self.rows(n, columns) <= height), 1)
        if columns > 1 and shown < units:
            shown = max(2, shown - shown % 2)
        high = max(0, (height - self.rows(shown, columns)) // 2)
        lines = (divmod(at, columns) for at in range(shown))
        return tuple(
            (
                left + second * (2 * self.tall + BETWEEN),
                high + line * (self.tall + self.gap) + second * self.lower,
            )
            for line, second in lines
        )


STANDS = (
    *(Stand(tall, gap, 1) for tall in range(TALLEST, PAIRED - 1, -1) for gap in (1, 0)),
    Stand(PAIRED, 1, 2), Stand(PAIRED, 0, 2), Stand(LOWEST, 1, 1), Stand(LOWEST, 0, 1),
)  # fmt: skip
MOST_SEEN = (Stand(PAIRED, 0, 2), Stand(LOWEST, 0, 1))  # where no way to stand shows every unit


@lru_cache(32)
def lay(units: tuple[int, ...], names: int, width: int, height: int) -> Grid:
    """The first way to stand with which every unit is seen, else the one that shows most of them. `names` are
    the cells of the longest name of an input."""
    begins = min(names, LONGEST_NAME) + 1

    def room(stand: Stand) -> int:
        """Cells that are left for wires."""
        return width - begins - sum(stand.across(stand.columns_of(n, height)) for n in units)

    def has_room(stand: Stand) -> bool:
        return room(stand) >= LEAST_WIRE * len(units)

    def shows_all(stand: Stand) -> bool:
        return all(stand.rows(n, stand.columns_of(n, height)) <= height for n in units)

    narrow = [one for one in STANDS if has_room(one)]
    most = next((one for one in MOST_SEEN if has_room(one)), MOST_SEEN[-1])
    stand = next((one for one in narrow if shows_all(one)), most)
    left, places = begins, []
    for k, n in enumerate(units):
        places.append(stand.places(n, left + max(0, room(stand)) * k // len(units), height))
        left += stand.across(stand.columns_of(n, height))
    return Grid(stand.tall, stand.gap, tuple(places))


def draw_net(
    scene: Scene, grid: Grid, width: int, height: int, ink: Inks, focus: Place | None, top: int
) -> Lines:
    """Tiles and wires on `height` lines; `top` is the first unit that is shown of a layer too tall."""
    canvas = Canvas(width, height)
    _wires(canvas, scene, grid, width, height, top, focus)
    ground = [bytearray([ZERO]) * width for _ in range(2 * height)]
    canvas.ground = ground
    for k, layer in enumerate(scene.layers):
        for unit, (x, y) in _seen(scene, grid, k, top):
            _tile(canvas, ground, layer[unit], x, y, grid, ink)
            if k == 0:
                name = layer[unit].name[:LONGEST_NAME]
                canvas.write(
                    grid.ends(0)[0] - len(name) - 1, y + grid.tall // 2, name,
                    ink.act if focus == (0, unit) else ink.dim,
                )  # fmt: skip
        if focus is not None and focus[0] == k and (at := dict(_seen(scene, grid, k, top)).get(focus[1])):
            for row in range(at[1], min(height, at[1] + grid.tall)):
                canvas.write(at[0] - 1, row, "▐", ink.act)
                canvas.write(at[0] + grid.wide, row, "▌", ink.act)
        if (more := len(layer) - len(grid.places[k])) > 0:
            canvas.write(grid.ends(k)[0], height - 1, f"+{more}", ink.dim)
    return canvas.lines(ink, strengths_in(ink), bare=True)


def _seen(scene: Scene, grid: Grid, layer: int, top: int) -> list[tuple[int, Place]]:
    """The units of a layer that are shown, and where the tile of each begins."""
    units = len(scene.layers[layer])
    return list(zip(range(grid.first(layer, units, top), units), grid.places[layer], strict=False))


def unit_at(scene: Scene, grid: Grid, top: int, x: int, y: int) -> Place | None:
    """The unit whose tile stands at a cell."""
    for k in range(len(scene.layers)):
        for unit, (left, high) in _seen(scene, grid, k, top):
            if left <= x < left + grid.wide and high <= y < high + grid.tall:
                return k, unit
    return None


def wire_at(
    scene: Scene, grid: Grid, width: int, height: int, top: int, x: int, y: int
) -> tuple[int, int, int] | None:
    """The wire that runs through a cell, the strongest of them: its layer, the unit that it leads to, and the
    one it comes from, from 0."""
    through = []
    for k, i, j, share, way in _wired(scene, grid, width, height, top):
        if any(at == (x, y) for at, _ in _cells(_curve(way), thick=False)):
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
    """The inks of wires: five strengths of plus, five of minus. Few colours have no tones between them."""
    p = ink.palette
    both = []
    for colour in (p.plus, p.minus):
        plain, faint = Style(color=colour), Style(color=p.faint(colour))
        both += [
            *((ink.rule, plain) if ink.few else (faint, faint)),
            *(plain, plain),
            Style(color=colour if ink.few else p.lit(colour), bold=True),
        ]
    return tuple(both)


def _wires(
    canvas: Canvas, scene: Scene, grid: Grid, width: int, height: int, top: int, focus: Place | None
) -> None:
    """The weights between tiles, the weak ones first; those behind the last layer lead to the map."""
    drawn: list[Drawn] = []
    last = len(scene.wires) - 1
    for k, i, j, share, way in _wired(scene, grid, width, height, top):
        if k == last and i and focus != (k + 1, i):
            continue
        strength = min(WEIGHTS - 1, int(abs(share) * WEIGHTS))
        apart = focus is not None and focus not in ((k + 1, i), (k, j))  # from the unit in hand
        who = (0 if apart else strength) + (0 if share > 0 else WEIGHTS)
        drawn.append((strength - WEIGHTS * apart, who, way))
    drawn.sort()
    canvas.dots.cells.update(_laid(tuple(drawn), may_be_thick=grid.gap > 0))


def _wired(
    scene: Scene, grid: Grid, width: int, height: int, top: int
) -> Iterator[tuple[int, int, int, float, Way]]:
    """Each weight that is strong enough to be seen: its layer, where it leads to and comes from, its share of
    the largest, and the way of its wire: within a layer of two columns between the tiles."""
    for k, layer in enumerate(scene.wires):
        last = k == len(scene.wires) - 1
        leaves = 2 * grid.ends(k)[1]
        reaches = 2 * width - 1 if last else 2 * grid.ends(k + 1)[0] - 1
        least = 0.04 if len(layer) * len(layer[0]) <= 24 else 0.15  # of many wires the weak ones are left out
        sources = dict(_seen(scene, grid, k, top))
        targets = {} if last else dict(_seen(scene, grid, k + 1, top))
        for i, weights in enumerate(layer):
            if last:
                ends, low = reaches, 2 * height
            elif (to := targets.get(i)) is not None:
                ends, low = 2 * to[0] - 1, 4 * to[1] + 2 * grid.tall
            else:
                continue
            for j, share in enumerate(weights):
                if abs(share) >= least and (of := sources.get(j)) is not None:
                    begins, high = 2 * (of[0] + grid.wide), 4 * of[1] + 2 * grid.tall
                    yield k, i, j, share, Way(begins, leaves, reaches, ends, high, low)


@lru_cache(4)
def _laid(drawn: tuple[Drawn, ...], *, may_be_thick: bool) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells of all wires, the later over the earlier: dots, and in which ink."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for strength, who, way in drawn:
        for at, dots in _cells(_curve(way), thick=may_be_thick and strength >= WEIGHTS // 2):
            cells[at] = (cells.get(at, NO_DOTS)[0] | dots, who)
    return cells


@lru_cache(8192)
def _cells(wire: Wire, *, thick: bool) -> tuple[tuple[tuple[int, int], int], ...]:
    """The cells that a wire runs through, and its dots in each."""
    canvas = Braille(1000, 1000)
    for x, y in wire:
        for more in range(1 + thick):
            canvas.dot(x, y + more, 0)
    return tuple((at, dots) for at, (dots, _) in canvas.cells.items())


@lru_cache(8192)
def _curve(way: Way) -> Wire:
    """An S from layer to layer, in dots, each once; level before it and behind it."""
    span, climb = max(1, way.reaches - way.leaves), way.low - way.high
    steps = max(span, abs(climb))
    found: dict[tuple[int, int], None] = {}
    for x in range(way.begins, way.leaves):
        found[x, way.high] = None
    for i in range(steps + 1):
        t = i / steps
        found[round(way.leaves + span * t), round(way.high + climb * t * t * (3 - 2 * t))] = None
    for x in range(way.reaches + 1, way.ends + 1):
        found[x, way.low] = None
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


def names_in(names: Sequence[str], room: int) -> list[str]:
    """Names that have so many cells together: the longest are cut, and all to the same length."""
    longest = max(map(cell_len, names))
    while longest > 1 and sum(min(longest, cell_len(name)) for name in names) > room:
        longest -= 1
    return [name if cell_len(name) <= longest else set_cell_size(name, longest).rstrip() for name in names]


# ── many seeds ────────────────────────────────────────────────────────────────────────────


SMALLEST = 2  # rows of a map of a wall


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
            told = scores[i] if len(scores[i]) >= wide - 1 else f" {scores[i]}"
            said += [*gap, Segment(mark, style), Segment(told.ljust(wide - 1)[: wide - 1], ink.text)]
        out.append(said)
    return out
