"""Lines and dots over a common axis, in braille, with axes that have numbers and names."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from drops import scales
from drops.exercises.blocks import Curve, Series
from drops.tui.base.ink import Inks, Line, Lines, does, fit, width_of
from drops.tui.blocks import pixels

DASHES = ((1, 0), (3, 3), (1, 2), (6, 2), (2, 4))  # told apart by pattern, not by colour alone
SAMPLES = ("──", "╌╌", "┄┄", "━╌", "╴╴")
DOTS = "•×+∘*"
GUTTER = 7  # cells left of a canvas that the numbers of its axis take, about
_MARK, _NAME, _HANDLE, _HELD = 100, 101, 102, 103  # inks of a cell beside the series' numbers


STEEP = 4  # dots within one column from which a line is a step


def draw(block: Curve, width: int, ink: Inks, height: int) -> Lines:
    """The plot with its axes, `height` cells of canvas, and a legend where there is more than one series."""
    top = _told_ceiling(block)
    block = _under_its_ceiling(block)
    places = [point for series in block.series for point in series.points]
    x_low, x_high = block.across or _plain_span([x for x, _ in places] + [x for x, _, _ in block.marks])
    heights = [y for _, y in places] + [y for _, y, _ in block.marks]
    y_low, y_high = block.window or scales.span(heights, log=block.log_y)
    y_low, y_high, y_ticks = scales.even(y_low, y_high, height, log=block.log_y)
    gutter = max((len(scales.short(t)) for t in y_ticks), default=1)
    columns = max(8, width - gutter - 2)
    across = scales.Scale(x_low, x_high, columns * 2)
    down = scales.Scale(y_low, y_high, height * 4, log=block.log_y)
    canvas = pixels.Braille(columns, height)
    over: dict[tuple[int, int], tuple[str, int]] = {}
    for who, series in enumerate(block.series):
        if series.style == "line":
            _trace(canvas, series, who, across, down, block.log_y)
        else:
            drawn_as = DOTS[who % len(DOTS)], who
            for at in _cells(across, down, series.points, height):
                if 0 <= at[0] < columns and 0 <= at[1] < height:
                    over[at] = drawn_as
    marked = _cells(across, down, [(x, y) for x, y, _ in block.marks], height)
    stand = [(at, label) for at, (_, _, label) in zip(marked, block.marks, strict=True)]
    stand = [((x, y), label) for (x, y), label in stand if 0 <= x < columns and 0 <= y < height]
    over.update((at, ("◆", _MARK)) for at, _ in stand)
    for at, label in stand:
        _name(over, at, label, columns, height)
    held = _cells(across, down, [(handle.x, handle.y) for handle in block.handles], height)
    for handle, (x, y) in zip(block.handles, held, strict=True):
        at = min(columns - 1, max(0, x)), min(height - 1, max(0, y))
        over[at] = ("●", _HELD if handle.held else _HANDLE)
    takes = does(Style(), map="handles", x=(x_low, x_high), y=(y_low, y_high)) if block.handles else None
    shaded = block.shaded and tuple(round(across.place(x) / 2) for x in block.shaded)
    tick_rows = {height - 1 - round(down.place(t)) // 4: scales.short(t) for t in y_ticks}
    named = f"{block.y_label}{top}"
    pad = min(gutter + 2, max(0, width - cell_len(named)))  # rather over its numbers than cut
    out: Lines = [[Segment(" " * pad + named, ink.dim)]] if block.y_label else []
    for y in range(height):
        label = tick_rows.get(y, "")
        line: Line = [Segment(f"{label:>{gutter}} {'┤' if label else '│'}", ink.dim)]
        cells = canvas.row(y)
        for (x, row), cell in over.items():
            if row == y:
                cells[x] = cell
        drawn = _inked(cells, shaded if isinstance(shaded, tuple) else None, ink)
        if takes is not None:
            drawn = [Segment(text, (style or Style()) + takes) for text, style, _ in drawn]
        out.append(line + drawn)
    out += _x_axis(block, columns, gutter, across, ink)
    return [fit(line, width) if width < gutter + columns + 2 else line for line in out] + _legend(
        block, gutter, width, ink
    )


def _told_ceiling(block: Curve) -> str:
    """What a line along the top stands for, where there is one."""
    high = block.ceiling
    if high is None or all(y <= high for series in block.series for _, y in series.points):
        return ""
    return f", at the top {scales.short(high)} or more"


def _under_its_ceiling(block: Curve) -> Curve:
    """The curve as it is drawn: what runs away stays at the edge."""
    if block.ceiling is None:
        return block
    series = (replace(s, points=tuple((x, block.drawn(y)) for x, y in s.points)) for s in block.series)
    marks = tuple((x, block.drawn(y), name) for x, y, name in block.marks)
    return replace(block, series=tuple(series), marks=marks)


def canvas(drawn: Lines, width: int) -> Region:
    """Where the lines of a curve stand in what was drawn of it, its axes left out."""
    rows = [y for y, line in enumerate(drawn) if line and line[0].text.endswith(("┤", "│"))]
    left = len(drawn[rows[0]][0].text)
    return Region(left, rows[0], max(1, width - left), len(rows))


def more(block: Curve, width: int) -> int:
    """The lines beside those of the canvas: its axes' names, its numbers, its legend."""
    return 2 + bool(block.y_label) + bool(block.x_label) + len(_packed(block, width - GUTTER))


def _plain_span(values: list[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low == high == 0:  # the first moment of a run: nothing is counted below it
        return 0.0, 1.0
    return (low, high) if low < high else (low - 1, high + 1)


def _cells(
    across: scales.Scale, down: scales.Scale, points: Sequence[tuple[float, float]], height: int
) -> Iterator[tuple[int, int]]:
    """The cell of each place. What is half a row from 0 or more stands beside its row: there 0 is read."""
    columns, rows = across.places([x for x, _ in points]), down.places([y for _, y in points])
    zero = down.place(0.0)
    of_zero = math.nan if down.log else round(zero) // 4
    for x, y in zip(columns, rows, strict=True):
        row = round(y) // 4
        if row == of_zero and abs(y - zero) >= 2:
            row = min(height - 1, max(0, row + (1 if y > zero else -1)))
        yield round(x) // 2, height - 1 - row


def _trace(
    canvas: pixels.Braille,
    series: Series,
    who: int,
    across: scales.Scale,
    down: scales.Scale,
    log: bool,
) -> None:
    on, off = DASHES[who % len(DASHES)]
    bottom = canvas.height * 4 - 1
    points = [(x, y) for x, y in series.points if not log or y > 0]
    placed = [*zip(across.places([x for x, _ in points]), down.places([y for _, y in points]), strict=True)]
    if len(placed) == 1:
        canvas.dot(round(placed[0][0]), bottom - round(placed[0][1]), who)
    if off:  # dashes run through the whole polyline, so they are measured along it in dots; a step is kept
        placed = [
            p
            for i, p in enumerate(placed)
            if i in (0, len(placed) - 1)
            or round(p[0]) != round(placed[i - 1][0])
            or abs(p[1] - placed[i - 1][1]) >= STEEP
        ]
    walked = 0.0
    for a, b in itertools.pairwise(placed):
        (x0, y0), (x1, y1) = a, b
        if not (0 <= y0 <= bottom and 0 <= y1 <= bottom):
            if (seen := pixels.clipped(a, b, 0, bottom)) is None:
                continue
            (x0, y0), (x1, y1) = seen
        canvas.line(x0, bottom - y0, x1, bottom - y1, who, on, off, walked)
        walked += max(abs(x1 - x0), abs(y1 - y0))


def _name(
    over: dict[tuple[int, int], tuple[str, int]], at: tuple[int, int], label: str, columns: int, height: int
) -> None:
    """A label right of its mark, or where there is no room left of it, above, below; never on a mark."""
    x, y = at
    above = min(max(0, x - len(label) // 2), columns - len(label))
    near = ((x + 2, y), (x - 1 - len(label), y), (above, y - 1), (above, y + 1))
    for start, row in (*near, (above, y - 2), (above, y + 2)):
        cells = [(start + i, row) for i in range(len(label))]
        inside = start >= 0 and start + len(label) <= columns and 0 <= row < height
        if inside and not any(over.get(cell, ("", 0))[1] in (_MARK, _NAME) for cell in cells):
            over.update(zip(cells, ((character, _NAME) for character in label), strict=True))
            return


def _inked(cells: list[tuple[str, int]], shaded: tuple[int, ...] | None, ink: Inks) -> Line:
    out: Line = []
    where = 0
    edges = [0, *(min(len(cells), max(0, x)) for x in shaded), len(cells)] if shaded else [0, len(cells)]
    for part, (start, end) in enumerate(itertools.pairwise(edges)):
        for text, who in pixels.runs(cells[start:end]):
            style = (
                ink.act
                if who == _HELD
                else ink.bold
                if who in (_MARK, _HANDLE)
                else ink.text
                if who == _NAME
                else ink.series[who % len(ink.series)]
                if who >= 0
                else ink.dim
            )
            out.append(Segment(text, ink.shade + style if shaded and part == 1 else style))
            where += len(text)
    return out


def _x_axis(block: Curve, columns: int, gutter: int, across: scales.Scale, ink: Inks) -> Lines:
    x_ticks = scales.ticks(across.low, across.high, max(2, min(7, columns // 9)))
    if len(x_ticks) < 2:  # a narrow one has numbers at its ends
        x_ticks = [across.low, *x_ticks, across.high]
    if _counts(block):
        x_ticks = [t for t in x_ticks if t == round(t)]
    named = ((t, scales.named(t, block.places)) for t in x_ticks)
    places = {round(across.place(t)) // 2: scales.short(n) for t, n in named if n is not None}
    inside = range(0)
    if block.shaded:
        inside = range(*(max(0, round(across.place(x) / 2)) for x in block.shaded))
    axis = "".join(
        ("┿" if x in inside else "┬") if x in places else ("━" if x in inside else "─")
        for x in range(columns)
    )
    labels = [" "] * (columns + gutter + 2)
    for x, label in places.items():
        start = min(max(0, gutter + 2 + x - len(label) // 2), len(labels) - len(label))
        if all(c == " " for c in labels[max(0, start - 1) : start + len(label) + 1]):
            labels[start : start + len(label)] = label
    text = "".join(labels).rstrip()
    name: Lines = []
    if block.x_label:
        pad = gutter + 2 + max(0, (columns - len(block.x_label)) // 2)
        name = [[Segment(" " * pad + block.x_label, ink.dim)]]
    return [[Segment(f"{' ' * gutter} └{axis}", ink.dim)], [Segment(text, ink.dim)], *name]


def _counts(block: Curve) -> bool:
    """Whether its axis counts steps, rows, layers: nothing stands between two of them."""
    return all(x == round(x) for series in block.series for x, _ in series.points)


def _legend(block: Curve, gutter: int, width: int, ink: Inks) -> Lines:
    """A sample of each series with its name, in as many lines as they take."""
    out: Lines = []
    for row in _packed(block, width - gutter - 2):
        line: Line = [Segment(" " * (gutter + 2))]
        for who in row:
            series = block.series[who]
            sample = SAMPLES[who % len(SAMPLES)] if series.style == "line" else DOTS[who % len(DOTS)]
            line += [
                Segment(f"{'   ' if who > row[0] else ''}{sample} ", ink.series[who % len(ink.series)]),
                Segment(series.name, ink.dim),
            ]
        out.append(fit(line, width) if width_of(line) > width else line)
    return out


def _packed(block: Curve, room: int) -> list[list[int]]:
    """Which series the legend names in each of its lines; none of one that is alone, or has no name."""
    rows: list[list[int]] = []
    left = 0
    for who, series in enumerate(block.series):
        if len(block.series) < 2 or not series.name:
            continue
        cells = len(series.name) + 3
        if rows and cells + 3 <= left:
            rows[-1].append(who)
            left -= cells + 3
        else:
            rows.append([who])
            left = room - cells
    return rows
