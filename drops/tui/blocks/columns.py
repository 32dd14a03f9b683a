"""A value for each of many days: upright bars over a line of days, with an axis that has numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment

from drops import scales
from drops.tui.base.ink import Inks, Line, Lines

HEIGHT = 6
_EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Columns:
    """One bar a place; None is a place without a value, which is not the same as 0."""

    values: Sequence[float | None]
    labels: Mapping[int, str]  # under some of the places
    unit: str  # above the axis
    top: float = 0.0  # the axis reaches at least here
    widest: int = 3  # cells of a bar and the gap after it, in a picture of few lines


def draw(block: Columns, width: int, ink: Inks, height: int = HEIGHT) -> Lines:
    """The bars, their axis and the labels below; as wide as fits, a gap after each where there is room."""
    top = max((value for value in block.values if value is not None), default=0.0)
    top = max(top, block.top) or 1.0
    marks, top = _marks(top)
    height -= height % (len(marks) - 1)  # the steps of the axis are of so many rows each
    gutter = max(len(scales.short(mark)) for mark in marks)
    count = max(1, len(block.values))
    widest = block.widest + max(0, height - HEIGHT) // 2  # a tall picture has broad bars
    pitch = max(1, min(widest, (width - gutter - 2) // count))
    out: Lines = [[Segment(f"{'':>{gutter}} {block.unit}", ink.dim)]]
    rows = {max(0, round(mark / top * height) - 1): scales.short(mark) for mark in marks[1:]}
    for row in reversed(range(height)):
        label = rows.get(row, "")
        bars = "".join(_cell(value, top, height, row, pitch) for value in block.values)
        out.append(
            [Segment(f"{label:>{gutter}} {'┤' if label else '│'}", ink.dim), Segment(bars, ink.series[0])]
        )
    ticks = "".join(("┴" if at in block.labels else "─") + "─" * (pitch - 1) for at in range(count))
    out.append([Segment(f"{'0':>{gutter}} └{ticks}", ink.dim)])
    return [*out, _labels(block, gutter + 2, pitch, width, ink)]


def _marks(top: float) -> tuple[list[float], float]:
    """Two or three equal steps to a round number not below `top`, and that number."""
    step = [*scales.ticks(0, top, 3), top][1]
    steps = max(2, math.ceil(top / step - 1e-9))
    return [i * step for i in range(steps + 1)], steps * step


def _cell(value: float | None, top: float, height: int, row: int, pitch: int) -> str:
    eighths = round((value or 0.0) / top * height * 8) - row * 8
    if value and row == 0:
        eighths = max(1, eighths)  # something is never drawn as nothing
    sign = _EIGHTHS[min(8, max(0, eighths))]
    return sign * max(1, pitch - 1) + " " * (pitch > 1)


def _labels(block: Columns, start: int, pitch: int, width: int, ink: Inks) -> Line:
    cells = [" "] * width
    for at, label in sorted(block.labels.items()):
        place = start + at * pitch
        place = max(0, min(place, width - len(label)))  # the last one ends with the line
        if all(cell == " " for cell in cells[max(0, place - 1) : place + len(label) + 1]):
            cells[place : place + len(label)] = label
    return [Segment("".join(cells).rstrip(), ink.dim)]
