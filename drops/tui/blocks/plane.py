"""A map over two inputs: what the network says everywhere, with axes, border, points, crossings and arrow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style

from drops import scales
from drops.colours import LEVELS
from drops.exercises.blocks import Point, Show, Surface, Unit
from drops.text import number
from drops.tui.base.edges import Ground
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, width_of
from drops.tui.blocks.canvas import ZERO, Canvas, shades_of

Range = tuple[float, float]

SIGNS = "○●▲■◆△□◇▼▽"  # classes 0, 1, 2 …: told by shape, not by colour alone
FLATTEST = 11  # where a map has to make room for its knobs
ARROW = 4.2  # of the axes' units: a longer arrow is cut
SYMBOL = 3  # cells of a name that is a sign, x₁
SMALL = 34  # cells across from which a map has its numbers on both axes
_BORDER, _LINE, _ARROW, _FAINT, _ROWS = 0, 1, 2, 3, 4  # who draws dots: places in the inks of the dots


def draw(block: Surface, width: int, ink: Inks, rows: int, within: int | None = None) -> Lines:
    """The map on `rows` lines at most `width` cells wide, and a line above and below it.

    `within` is the first knob of the figure that it belongs to, if its lines can be held by mouse.
    """
    gutter = _gutter(block, width)
    columns, rows = _fitting(block, width - gutter, rows)
    means = "handles" if block.handles else within
    held = Style() if means is None else does(Style(), map=means, x=block.x_range, y=block.y_range)
    canvas = Canvas(columns, rows, held)
    grid = (scales.nearest if block.flat else scales.smooth)(block.values, columns, rows * 2)
    canvas.ground, canvas.amount = scales.levels(grid, block.low, block.high, LEVELS), block.amount
    if block.flat and ink.few and not block.amount:
        canvas.shades = shades_of(canvas.ground)
    scale = Places(block.x_range, block.y_range, columns, rows)
    _axes(canvas, scale, ink)
    _borders(canvas, block, grid, scale)
    if block.flat and not ink.few:
        _edges(canvas, block)
    _points(canvas, block, ink)
    _arrows(canvas, block, scale, ink)
    if block.neuron is not None:
        _neuron(canvas, block.neuron, scale, ink)
    for handle in block.handles:
        canvas.write(*scale.cell(handle.x, handle.y), "●", ink.act if handle.held else ink.bold)
    shaded = ink.few and any(level != ZERO for row in canvas.ground for level in row)
    sign_of_dots = "+" if shaded else ""
    painted = canvas.lines(ink, (ink.bold, ink.text, ink.bold, ink.dim, *_styles(ink)), sign_of_dots)
    out: Lines = [_head(block, gutter, columns, ink)]
    labels = _heights(block, scale) if gutter else {}
    for y, line in enumerate(painted):
        out.append([Segment(f"{labels.get(y, ''):>{gutter - 1}} ", ink.dim), *line] if gutter else line)
    out.append(_foot(block, gutter, scale, ink))
    if classes := _labels(block):
        out.append([Segment(" " * gutter + _legend(block, classes, columns), ink.dim)])
    return out


def _legend(block: Surface, classes: list[int], columns: int) -> str:
    """What each sign stands for; where there is no room for the word "class", the bare number."""
    for word in ("class ", ""):
        names = [block.classes[label] if block.classes else f"{word}{label}" for label in classes]
        text = "  ".join(f"{sign(label)} {name}" for label, name in zip(classes, names, strict=True))
        if len(text) <= columns:
            break
    return text


def rows_liked(block: Surface, width: int) -> int:
    """The lines of a map that fills `width`."""
    return _fitting(block, width - _gutter(block, width), 10_000)[1]


def larger_above(shown: Iterable[Show], above: tuple[int, int], abreast: tuple[int, int]) -> bool:
    """Whether a single map is larger, and seen at once, with its knobs below it than with them beside it.

    `above` are the cells across and the lines that it would have there, `abreast` those beside them, with
    what stands around it.
    """
    maps = [block for block in shown if isinstance(block, Surface)]
    if len(maps) != 1 or above[1] < FLATTEST:
        return False
    return _size(maps[0], *above) > _size(maps[0], abreast[0], abreast[1] - more(maps[0]))


def _size(block: Surface, width: int, rows: int) -> int:
    across, down = _fitting(block, width - _gutter(block, width), rows)
    return across * down


def more(block: Surface) -> int:
    """The lines beside those of the map itself: its head, its foot, its signs."""
    return 2 + bool(_labels(block))


class Places:
    """Where the plane's places fall on a canvas, in dots and in cells."""

    def __init__(self, x_range: Range, y_range: Range, columns: int, rows: int) -> None:
        self.across = scales.Scale(*x_range, columns * 2)
        self.down = scales.Scale(y_range[1], y_range[0], rows * 4)
        self.columns, self.rows = columns, rows

    def dots(self, x: float, y: float) -> tuple[float, float]:
        return self.across.place(x), self.down.place(y)

    def cell(self, x: float, y: float) -> tuple[int, int]:
        a, b = self.dots(x, y)
        return int(round(a) // 2), int(round(b) // 4)


def sign(label: int) -> str:
    return SIGNS[label % len(SIGNS)]


def _gutter(block: Surface, width: int) -> int:
    """The cells left of the map, for the numbers of its axis; none where it is small."""
    return 2 + max(len(scales.short(v)) for v in block.y_range) if width >= SMALL else 0


def _fitting(block: Surface, width: int, rows: int) -> tuple[int, int]:
    """Columns and rows of a map that keeps its shape within a room; it is never flatter than FLATTEST."""
    shape = _shape(block)  # height over width of the plane; a cell is twice as high as wide
    if shape is None:  # its axes have units of their own: it takes the room there is
        return max(4, width), max(2, min(rows, max(FLATTEST, width // 2)))
    tall = max(2, round(width / 2 * shape))
    tall = max(min(tall, FLATTEST), min(tall, rows))
    return max(4, min(width, round(tall * 2 / shape))), tall


def _shape(block: Surface) -> float | None:
    across, up = block.x_range[1] - block.x_range[0], block.y_range[1] - block.y_range[0]
    if not (across > 0 and up > 0):
        return 1.0
    return up / across if 0.4 <= up / across <= 1.25 else None


def _labels(block: Surface) -> list[int]:
    """The classes that are drawn by a sign: a point with a name is drawn by that."""
    return sorted({point.label for point in block.points if not point.name})


def _head(block: Surface, gutter: int, columns: int, ink: Inks) -> Line:
    """What stands above the map: its name or that of the axis, and what its colours mean."""
    left: Line = [Segment(" " * gutter), Segment(block.title or block.y_label, ink.bold)]
    low, high = block.sides
    if not (low or high):
        return fit(left, gutter + columns)
    palette = ink.palette
    least, most = (palette.ground, palette.amounts[-1]) if block.amount else (palette.low, palette.high)
    ends_of = ((high, "▓▓", most), (low, "  " if block.amount else "░░", least))
    swatches: Line = []
    for text, bare, colour in ends_of:
        patch = Segment(bare) if ink.few else Segment("  ", Style(bgcolor=colour))
        swatches += [Segment("  "), patch, Segment(f" {text}", ink.dim)]
    if width_of(left) + width_of(swatches) > gutter + columns:
        return fit(left, gutter + columns)
    return ends(left, swatches, gutter + columns)


def _foot(block: Surface, gutter: int, scale: Places, ink: Inks) -> Line:
    """The numbers along the map, each under its place, and the axis's name between two of them."""
    low, high = block.x_range
    named = gutter or len(block.x_label) > SYMBOL  # a small map says what its numbers are, not which input
    columns, name = scale.columns, block.x_label if named else ""
    first, last, zero = scales.short(low), scales.short(high), scale.cell(0.0, 0.0)[0]
    told: dict[int, tuple[str, Style]] = {0: (first, ink.dim)}
    if len(first) + len(last) < columns:
        told[columns - len(last)] = (last, ink.dim)
    inside = gutter and low < 0 < high and len(first) < zero < columns - len(last) - 1
    room = columns - len(last) - 1 - (zero + 2 if inside else len(first) + 1)
    if inside and room >= len(name):
        told[zero] = ("0", ink.dim)
    else:  # the zero gives way to the name
        room = columns - len(last) - 2 - len(first)
    if name and room >= len(name):
        told[columns - len(last) - 1 - room + (room - len(name)) // 2] = (name, ink.bold)
    line: Line = [Segment(" " * gutter)]
    for x, (text, style) in sorted(told.items()):
        line += [Segment(" " * (gutter + x - width_of(line))), Segment(text, style)]
    return fit(line, gutter + columns)


def _heights(block: Surface, scale: Places) -> dict[int, str]:
    """Which rows have a number beside them: both ends, and zero."""
    low, high = block.y_range
    found = {0: scales.short(high), scale.rows - 1: scales.short(low)}
    if low < 0 < high:
        found[scale.cell(0.0, 0.0)[1]] = "0"
    return found


def _axes(canvas: Canvas, scale: Places, ink: Inks) -> None:
    """Thin lines through zero, under everything."""
    x, y = scale.cell(0.0, 0.0)
    style = ink.dim
    if 0 <= x < canvas.width:
        canvas.under.update({(x, row): ("│", style) for row in range(canvas.height)})
    if 0 <= y < canvas.height:
        canvas.under.update({(column, y): ("─", style) for column in range(canvas.width)})
    if (x, y) in canvas.under:
        canvas.under[x, y] = ("┼", style)


def _borders(canvas: Canvas, block: Surface, grid: scales.Grid, scale: Places) -> None:
    """The lines of units, or where there are none the border between the two sides of the map."""
    for i, unit in enumerate(block.lines):
        seen = scales.seen_part(unit, block.x_range, block.y_range)
        put_back = block.lit not in (None, i)
        if seen is not None:
            (x0, y0), (x1, y1) = (scale.dots(*end) for end in seen)
            steep = abs(y1 - y0) > abs(x1 - x0)
            # a line that is alone, or in hand, is two dots thick
            for k in range(2 if len(block.lines) == 1 or block.lit == i else 1):
                right, under = (k, 0) if steep else (0, k)
                who = _FAINT if put_back else _LINE
                canvas.dots.line(x0 + right, y0 + under, x1 + right, y1 + under, who)
    if not block.lines and not block.flat:
        for x, y in scales.border(grid, (block.low + block.high) / 2):
            canvas.dots.dot(round(2 * x + 0.5), round(2 * y + 0.5), _BORDER)


def _edges(canvas: Canvas, block: Surface) -> None:
    """Where a line is the border of two flat tones, these meet along it: dots in a cell of one tone would
    leave stairs. A line in hand is drawn over them."""
    ground = Ground(block, canvas.width, canvas.height, LEVELS)
    if not block.lines:
        canvas.edges = ground.by_quarters()
        return
    drawn = [at for at, (_, who) in canvas.dots.cells.items() if who != _LINE or block.lit is None]
    parted = ground.along(block.lines, drawn)
    canvas.edges = {cell: how for cell, how in parted.items() if how is not None}
    for x, y in drawn:  # a dot of a thick line, or one that was rounded, may stand in the cell beside it
        beside = any(one in canvas.edges for one in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)))
        if (x, y) in parted or (beside and not ground.crossed(block.lines, (x, y))):
            canvas.dots.cells.pop((x, y))


def _points(canvas: Canvas, block: Surface, ink: Inks) -> None:
    """The rows of a table, each at its place; of several in a cell the last is seen."""
    styles = _styles(ink)
    cells = _cells(block.points, block.x_range, block.y_range, canvas.width, canvas.height)
    for (x, y), (character, label) in cells:
        canvas.over[x, y] = (character, styles[label])
    cell = Places(block.x_range, block.y_range, canvas.width, canvas.height).cell
    for i, (point, spot) in enumerate(zip(block.points, block.spots, strict=False)):
        x, y = cell(point.x, point.y)
        canvas.write(x, y, point.name, does(styles[point.label % len(SIGNS)], field=spot))
        if i == block.held:
            canvas.write(x - 1, y, "▐", ink.act)
            canvas.write(x + len(point.name), y, "▌", ink.act)


@lru_cache(maxsize=8)
def _styles(ink: Inks) -> tuple[Style, ...]:
    """What a point of each class is drawn in."""
    palette = ink.palette
    colours = {0: palette.on_map(palette.minus), 1: palette.on_map(palette.plus)}
    return tuple(Style(color=colours.get(label, palette.text), bold=True) for label in range(len(SIGNS)))


@lru_cache(maxsize=8)
def _cells(
    points: tuple[Point, ...], x_range: Range, y_range: Range, columns: int, rows: int
) -> tuple[tuple[tuple[int, int], tuple[str, int]], ...]:
    """The cells that hold a point, each with the character and the label it is drawn by: while a line
    moves, the rows of the table stay where they are. A name is written whole where it touches no other: over
    its place, else above or below a dot there."""
    cell = Places(x_range, y_range, columns, rows).cell
    at = {one: cell(one.x, one.y) for one in points}
    found = {at[one]: (_character(one), one.label % len(SIGNS)) for one in points}
    last = {place: one for one, place in at.items()}  # of several in a cell
    waits = [one for one, place in at.items() if last[place] is one and len(one.name) > 1]
    for down in (0, -1, 1):
        for one in tuple(waits):
            (x, y), label, long = at[one], one.label % len(SIGNS), len(one.name)
            for start in (x, x - long + 1, *range(x - long + 2, x)):  # from its place on, up to it, over it
                around = (i for i in range(start - 1, start + long + 1) if down or i != x)
                free = not any((i, y + down) in found for i in around)
                if free and start >= 0 and start + long <= columns and 0 <= y + down < rows:
                    found |= {(x, y): ("•", label)} if down else {}
                    found |= {(start + i, y + down): (letter, label) for i, letter in enumerate(one.name)}
                    waits.remove(one)
                    break
    return tuple(
        (at, drawn) for at, drawn in found.items() if 0 <= at[0] < columns and 0 <= at[1] < rows
    )


def _character(point: Point) -> str:
    return point.name[:1] or sign(point.label)


def _neuron(canvas: Canvas, unit: Unit, scale: Places, ink: Inks) -> None:
    """Where the neuron's line crosses the axes, and the arrow of its weights: it points to the side that
    fires. Labels take the first free cells around their place."""
    w1, w2, b = unit
    strong = ink.bold
    crossings = [(-b / w1, 0.0, "−b/w₁")] if w1 else []
    crossings += [(0.0, -b / w2, "−b/w₂")] if w2 else []
    names = canvas.width >= SMALL
    size = math.hypot(w1, w2)
    if size:
        _arrow(canvas, unit, scale, min(size, ARROW) / size)
    marks = [(scale.cell(x, y), x or y, name) for x, y, name in crossings]
    for (x, y), _, _ in marks:
        canvas.write(x, y, "◆", strong)
    for (x, y), value, name in marks:
        text = f"{name} = {number(value, 2)}" if names and b else number(value, 2)
        canvas.seek(text, strong, _around(x, y, len(text)))
    if size and names:
        foot = -b * w1 / size**2, -b * w2 / size**2
        share = min(size, ARROW) / size
        x, y = scale.cell(foot[0] + w1 * share, foot[1] + w2 * share)
        text = f"w = ({number(w1, 2)}, {number(w2, 2)})"
        canvas.seek(text, strong, _around(x, y, len(text)))


def _arrow(canvas: Canvas, unit: Unit, scale: Places, share: float) -> None:
    """From the foot of the origin on the line, w long."""
    w1, w2, b = unit
    size2 = w1 * w1 + w2 * w2
    foot = -b * w1 / size2, -b * w2 / size2
    _tipped(canvas, scale.dots(*foot), scale.dots(foot[0] + w1 * share, foot[1] + w2 * share), _ARROW)


def _arrows(canvas: Canvas, block: Surface, scale: Places, ink: Inks) -> None:
    """From zero to each of its points; names stand where they cover nothing."""
    styles = _styles(ink)
    for one in sorted(block.arrows, key=lambda one: -math.hypot(one.x, one.y)):  # a short one over a long one
        _tipped(canvas, scale.dots(0.0, 0.0), scale.dots(one.x, one.y), _ROWS + one.label % len(SIGNS))
    for one in block.arrows:
        x, y = scale.cell(one.x, one.y)
        near = [(x + 2, y), (x - len(one.name) - 1, y)]  # on the far side of the tip, if it is free
        near = near if one.x >= 0 else near[::-1]
        style = styles[one.label % len(SIGNS)]
        if not canvas.seek(one.name, style, [*near, *_around(x, y, len(one.name))]):  # else over the dots
            canvas.write(max(0, min(canvas.width - len(one.name), x + 1)), y, one.name, style)


def _tipped(canvas: Canvas, start: tuple[float, float], end: tuple[float, float], who: int) -> None:
    """A line of dots with a filled triangle as its head."""
    (x0, y0), (x1, y1) = start, end
    canvas.dots.line(x0, y0, x1, y1, who)
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 8:  # too short for a head
        return
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    for back in range(7):
        half = back * 0.5
        for side in range(-3, 4):
            if abs(side) <= half:
                canvas.dots.dot(round(x1 - ux * back - uy * side), round(y1 - uy * back + ux * side), who)


def _around(x: int, y: int, length: int) -> Iterator[tuple[int, int]]:
    """Places for a label near a cell, the best first."""
    for away in (1, 2, 3):
        yield x - length - 1, y - away
        yield x + 2, y - away
        yield x - length - 1, y + away
        yield x + 2, y + away
        yield x - length // 2, y - away - 1
        yield x - length // 2, y + away + 1
    yield x + 2, y
    yield x - length - 2, y
