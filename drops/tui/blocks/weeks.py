"""The calendar: a column for each week, a square for each day; a sign as well as a shade."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from drops.tui.base.ink import Inks, Line, Lines

Square = tuple[date, int, float, int]  # day, answers, minutes, shade

SIGNS = "·░▒▓█"  # rest … most: the order is told by the ink on the cell, with or without colour
LEGEND = ("rest", "to 3 min", "to 6", "to 10", "more")
NAMES = ("Mon", "", "Wed", "", "Fri", "", "Sun")
GUTTER = 4
WIDTH = GUTTER + 2 * 26


def draw(weeks: Sequence[Sequence[Square]], width: int, ink: Inks, tall: int = len(NAMES)) -> Lines:
    """The last weeks that there is room for, with months above and the legend below. A day is a square of
    two cells on a line, of few weeks a larger one, as `tall` allows."""
    shown = weeks[-max(1, (width - GUTTER) // 2) :]
    size = max(1, min(tall // len(NAMES), (width - GUTTER) // (2 * len(shown))))
    shades = _shades(ink)
    out: Lines = [_months(shown, size, ink)]
    for weekday, name in enumerate(NAMES):
        for part in range(size):
            line: Line = [Segment(f"{'' if part else name:<{GUTTER}}", ink.dim)]
            for week in shown:
                if weekday < len(week):  # the days of this week that are still to come are blank
                    shade = week[weekday][3]
                    square = SIGNS[shade] * 2 * size if shade else f"{'' if part else '·':<{2 * size}}"
                    line.append(Segment(square, shades[shade]))
            out.append(line)
    return [*out, [], _legend(shades, ink)]


def _shades(ink: Inks) -> tuple[Style, ...]:
    """From the rest's dim to the accent. One hue: what differs is lightness, which every eye tells apart."""
    palette = ink.palette
    if ink.few:
        return (ink.dim, *(ink.text,) * 4)
    low, high = Color.parse(palette.rule), Color.parse(palette.accent)
    return (
        Style(color=palette.rule),
        *(Style(color=low.blend(high, share).hex) for share in (0.55, 0.7, 0.85, 1.0)),
    )


def _months(weeks: Sequence[Sequence[Square]], size: int, ink: Inks) -> Line:
    """A month's name over the first week that begins in it."""
    cells = [" "] * 2 * size * len(weeks)
    before = 0
    for at, week in enumerate(weeks):
        last, start = week[0][0] + timedelta(days=6), 2 * size * at
        name = cells[max(0, start - 1) : start + 3]
        free = start + 3 <= len(cells) and not "".join(name).strip()
        if last.month != before and free:
            cells[start : start + 3] = f"{last:%b}"
        before = last.month
    return [Segment(" " * GUTTER + "".join(cells).rstrip(), ink.dim)]


def _legend(shades: Sequence[Style], ink: Inks) -> Line:
    line: Line = [Segment(" " * GUTTER)]
    for sign, style, says in zip(SIGNS, shades, LEGEND, strict=True):
        line += [Segment(sign * 2, style), Segment(f" {says}  ", ink.dim)]
    return line
