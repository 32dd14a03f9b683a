"""Named values side by side: signed from a common zero, or over powers of ten."""

from __future__ import annotations

import math

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from drops import scales
from drops.exercises.blocks import Bar, Bars
from drops.exercises.pictured import along
from drops.text import aligned, number
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks import pixels

THICKEST = 3  # lines of a bar, and
FULLEST = 9  # where bars have a pane of their own; such of more than
THICK = 5  # lines leave a quarter of their room between them
WIDEST = 48  # cells of a bar where it has no pane of its own


def draw(block: Bars, width: int, ink: Inks, more: int = 0, *, fill: bool = False) -> Lines:
    """The unit, and each bar with its name, its number, its note; up to `more` lines taller than it needs.

    With `fill` the bars take the whole width.
    """
    if not block.bars:
        return []
    if any(bar.chance is not None for bar in block.bars):
        return _whiskers(block, width, ink, max(0, more), fill=fill)
    count, widest = len(block.bars), width if fill else WIDEST
    more, gap = max(0, more), int(1 < count <= more + 1)  # two that touch are read as one shape
    spare = more - gap * (count - 1)
    thick = 1 + min((FULLEST * 4 // 3 if fill else THICKEST) - 1, spare // count)
    thick = max(min(thick, THICK), thick * 3 // 4)
    spare -= (thick - 1) * count
    apart = gap + min((thick if fill else 1) - gap, spare // (count - 1)) if gap else 0
    names = max(cell_len(bar.name) for bar in block.bars)
    texts = aligned(scales.at_bar(bar.value, log=block.log) for bar in block.bars)
    values = max(map(len, texts))
    notes = max(cell_len(bar.note) for bar in block.bars)
    room = min(widest, width - names - values - 4 - (notes + 2 if notes else 0))
    if room < 6 and notes:  # notes give way to the bars
        room, notes = min(widest, width - names - values - 4), 0
    room = max(4, room)
    out: Lines = []
    drawn = _log(block, room, ink) if block.log else _signed(block, room, ink)
    for i, (bar, text, (line, spanned)) in enumerate(zip(block.bars, texts, drawn, strict=True)):
        out += [[]] * apart if i else []
        for row in range(thick):
            told = row == (thick - 1) // 2
            out.append([
                Segment(fit_text(bar.name if told else "", names), ink.text),
                Segment("  "),
                *(spanned if told else line),
                Segment(f"  {text:>{values}}" if told else "", ink.text),
                Segment(f"  {bar.note}" if notes and told else "", ink.dim),
            ])  # fmt: skip
    if block.unit:  # once, over the bars: beside each of them it would take the bars' room
        out.insert(0, [Segment(" " * (names + 2) + block.unit, ink.dim)])
    return out + ([_decades(block, room, names + 2, ink)] if block.log else [])


# Cells of a whisker at least, and at most where it has no pane of its own.
NARROW, BROAD = 14, 60
TALL_ENDS = 2  # lines above and below a whisker that its ends take where there is room
FAR = 2.5  # times the second farthest, that the farthest may reach


def _whiskers(block: Bars, width: int, ink: Inks, more: int, *, fill: bool) -> Lines:
    """Differences with how far chance reaches, around a common zero: the name over its whisker, and behind
    it number and note, whatever the width. Where there is room the whiskers stand apart and have tall ends.
    """
    count = len(block.bars)
    gap = int(count - 1 <= more)
    tall = min(TALL_ENDS, (more - gap * (count - 1)) // (2 * count))
    spare = more - (gap * (count - 1) + 2 * tall * count)
    gap += min(tall, spare // max(1, count - 1))
    notes = [f"{scales.at_bar(bar.value)} {bar.note}".rstrip() for bar in block.bars]
    beside = max(map(cell_len, notes))
    under = width - beside - 2 < NARROW  # then what is told stands on a line of its own
    room = width if under else width - beside - 2
    room = max(NARROW, room if fill else min(BROAD, room))
    reaches = sorted(abs(bar.value) + (bar.chance or 0.0) for bar in block.bars)
    # one far beyond the others would make points of them: it stands at the edge, as an arrow
    reach = (reaches[-1] if len(reaches) < 2 else min(reaches[-1], FAR * reaches[-2])) or 1.0
    middle = room // 2

    def at(value: float) -> int:
        return min(room - 1, max(0, middle + round(value / reach * (room - 1 - middle))))

    far = number(reach, 2)  # how far the axis reaches to both sides
    out: Lines = [[Segment(f"{f'−{far}':<{middle}}0{f'+{far}':>{room - middle - 1}}", ink.dim)]]
    if block.unit:
        out.insert(0, [Segment(block.unit, ink.dim)])
    for i, (bar, note) in enumerate(zip(block.bars, notes, strict=True)):
        chance = bar.chance or 0.0
        low, high = at(bar.value - chance), at(bar.value + chance)
        cells = ["─" if low < x < high else " " for x in range(room)]
        cells[middle] = "┼" if low < middle < high else "│"
        beyond = abs(bar.value) > reach
        cells[low], cells[high] = "├", "┤"
        cells[at(bar.value)] = ("▶" if bar.value > 0 else "◀") if beyond else "●"
        sure = low > middle or high < middle  # chance alone does not reach zero
        style = ink.series[0 if bar.value > 0 else 1] if sure else ink.text
        drawn: Line = [Segment("".join(cells), style)]
        told: Line = [Segment(note, ink.text)]
        edge = "".join("│" if x in (low, middle, high) else " " for x in range(room))
        ends: Lines = [[Segment(edge, style)]] * tall
        out += [[]] * gap if i else []
        out += [[Segment(bar.name, ink.bold)], *ends]
        out += [drawn, *ends, told] if under else [[*drawn, Segment("  "), *told], *ends]
    return out


def fit_text(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


def _signed(block: Bars, room: int, ink: Inks) -> list[tuple[Line, Line]]:
    """Each bar, and what its line in the middle looks like."""
    low, high = scales.around_zero(along(block))
    spread = (high - low) or 1.0
    left = 0 if low == 0 else max(1, round((room - 1) * -low / spread))
    right = room - left - (1 if left else 0)
    per_cell = max(-low / left if left else 0.0, high / right if right else 0.0) or 1.0
    zero = left + 1 if left else 0
    out: list[tuple[Line, Line]] = []
    for bar in block.bars:
        line = _signed_bar(bar, left, right, per_cell, ink)
        inside = [min(high, max(low, at)) for at in bar.span or () if math.isfinite(at)]
        ends = [zero + math.floor(at / per_cell - 1e-9) for at in inside]
        places = [min(room - 1, max(0, at)) for at in ends]
        out.append((line, _spanned(line, places[0], places[1], ink) if len(places) == 2 else line))
    return out


def _spanned(line: Line, low: int, high: int, ink: Inks) -> Line:
    """A bar with a whisker over it from one cell to another: on the bar the ground shines through."""
    out: Line = []
    for x, (character, style) in enumerate((c, style) for text, style, _ in line for c in text):
        if low <= x <= high:
            sign = "┼" if low == high else "├" if x == low else "┤" if x == high else "─"
            full = character == "█"
            out.append(Segment(sign, style + Style(reverse=True) if full and style else ink.text))
        else:
            out.append(Segment(character, style))
    return list(Segment.simplify(out))


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


def _log(block: Bars, room: int, ink: Inks) -> list[tuple[Line, Line]]:
    scale = scales.Scale(*_range(block), room + 1, log=True)
    out: list[tuple[Line, Line]] = []
    for bar in block.bars:
        length = scale.place(abs(bar.value)) if bar.value and not math.isnan(bar.value) else 0.0
        text = pixels.bar(min(room, max(0.0, length)))
        line: Line = [Segment(fit_text(text, room), ink.series[1 if bar.value < 0 else 0])]
        out.append((line, line))
    return out


def _decades(block: Bars, room: int, gutter: int, ink: Inks) -> Line:
    low, high = _range(block)
    scale = scales.Scale(low, high, room + 1, log=True)
    cells = [" "] * (gutter + room + 6)
    for tick in scales.decades(low, high, max(2, room // 7)):
        label, at = scales.short(tick), gutter + round(scale.place(tick))
        cells[at : at + len(label)] = label
    return [Segment("".join(cells).rstrip(), ink.dim)]
