"""Named values side by side: signed from a common zero, or over powers of ten."""

from __future__ import annotations

import math

from rich.cells import cell_len
from rich.segment import Segment

from drops import scales
from drops.exercises.blocks import Bar, Bars
from drops.text import number
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks import pixels

THICKEST = 3  # lines of a bar, and
FULLEST = 5  # where bars have a pane of their own
WIDEST = 48  # cells of a bar where it has no pane of its own


def draw(block: Bars, width: int, ink: Inks, more: int = 0, *, fill: bool = False) -> Lines:
    """The unit, and each bar with its name, its number, its note; up to `more` lines taller than it needs.

    With `fill` the bars take the whole width.
    """
    if not block.bars:
        return []
    count, widest = len(block.bars), width if fill else WIDEST
    thick = 1 + min((FULLEST if fill else THICKEST) - 1, max(0, more) // count)
    spare = max(0, more) - (thick - 1) * count
    apart = min(thick if fill else 1, spare // (count - 1)) if count > 1 else 0
    names = max(cell_len(bar.name) for bar in block.bars)
    texts = [_told(bar.value, block.log) for bar in block.bars]
    values = max(map(len, texts))
    notes = max(cell_len(bar.note) for bar in block.bars)
    room = min(widest, width - names - values - 4 - (notes + 2 if notes else 0))
    if room < 6 and notes:  # notes give way to the bars
        room, notes = min(widest, width - names - values - 4), 0
    room = max(4, room)
    out: Lines = []
    drawn = _log(block, room, ink) if block.log else _signed(block, room, ink)
    for i, (bar, text, line) in enumerate(zip(block.bars, texts, drawn, strict=True)):
        out += [[]] * apart if i else []
        for row in range(thick):
            told = row == (thick - 1) // 2
            out.append([
                Segment(fit_text(bar.name if told else "", names), ink.text),
                Segment("  "),
                *line,
                Segment(f"  {text:>{values}}" if told else "", ink.text),
                Segment(f"  {bar.note}" if notes and told else "", ink.dim),
            ])  # fmt: skip
    if block.unit:  # once, over the bars: beside each of them it would take the bars' room
        out.insert(0, [Segment(" " * (names + 2) + block.unit, ink.dim)])
    return out + ([_decades(block, room, names + 2, ink)] if block.log else [])


def _told(value: float, log: bool) -> str:
    return "?" if math.isnan(value) else scales.short(value) if log else number(value)


def fit_text(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _signed(block: Bars, room: int, ink: Inks) -> list[Line]:
    finite = [b.value for b in block.bars if math.isfinite(b.value)]
    low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
    spread = (high - low) or 1.0
    left = 0 if low == 0 else max(1, round((room - 1) * -low / spread))
    right = room - left - (1 if left else 0)
    per_cell = max(-low / left if left else 0.0, high / right if right else 0.0) or 1.0
    return [_signed_bar(bar, left, right, per_cell, ink) for bar in block.bars]


def _signed_bar(bar: Bar, left: int, right: int, per_cell: float, ink: Inks) -> Line:
    length = (
        min(abs(bar.value) / per_cell, left if bar.value < 0 else right) if math.isfinite(bar.value) else 0.0
    )
    minus = pixels.bar_left(length) if bar.value < 0 else ""
    plus = pixels.bar(length) if bar.value > 0 else ""
    line: Line = [Segment(minus.rjust(left), ink.series[1])] if left else []
    line += [Segment("│", ink.dim)] if left else []
    return [*line, Segment(fit_text(plus, right), ink.series[0])]


def _range(block: Bars) -> tuple[float, float]:
    low, high = scales.span([abs(bar.value) for bar in block.bars], log=True)
    return low / 10, high  # the smallest keeps a bar to be seen by


def _log(block: Bars, room: int, ink: Inks) -> list[Line]:
    scale = scales.Scale(*_range(block), room + 1, log=True)
    out: list[Line] = []
    for bar in block.bars:
        length = scale.place(abs(bar.value)) if bar.value and not math.isnan(bar.value) else 0.0
        text = pixels.bar(min(room, max(0.0, length)))
        out.append([Segment(fit_text(text, room), ink.series[1 if bar.value < 0 else 0])])
    return out


def _decades(block: Bars, room: int, gutter: int, ink: Inks) -> Line:
    low, high = _range(block)
    scale = scales.Scale(low, high, room + 1, log=True)
    cells = [" "] * (gutter + room + 6)
    for tick in scales.decades(low, high, max(2, room // 7)):
        label, at = scales.short(tick), gutter + round(scale.place(tick))
        cells[at : at + len(label)] = label
    return [Segment("".join(cells).rstrip(), ink.dim)]
