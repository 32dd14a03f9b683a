"""Geometry of the pictures in cells: a cell of a curve holds eight dots, two wide and four high, as braille.

Knows no terminal and no colour.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

# ── curves ────────────────────────────────────────────────────────────────────────────────

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))


@dataclass
class Braille:
    """Dots on a canvas of width × height cells; each cell remembers who drew there last."""

    width: int
    height: int
    cells: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # (x, y) → dots, who

    def dot(self, x: int, y: int, who: int) -> None:
        """A dot at (x, y) counted from the top left in dots; outside the canvas nothing happens."""
        if 0 <= x < self.width * 2 and 0 <= y < self.height * 4:
            at = (x // 2, y // 4)
            dots, _ = self.cells.get(at, (0, who))
            self.cells[at] = (dots | _DOTS[y % 4][x % 2], who)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, who: int, on: int = 1, off: int = 0,
        walked: float = 0.0,
    ) -> None:
        """A straight line of dots, `on` drawn and `off` left out in turn, `walked` of them before it."""
        dx, dy = x1 - x0, y1 - y0
        if not (length := max(abs(dx), abs(dy))) < 20_000:  # also true of no number
            return
        steps, cells, wide, tall = round(length), self.cells, self.width * 2, self.height * 4
        for i in range(steps + 1):
            if off and (walked + i) % (on + off) >= on:
                continue
            share = i / steps if steps else 0.0
            x, y = round(x0 + dx * share), round(y0 + dy * share)
            if 0 <= x < wide and 0 <= y < tall:  # as `dot`, at half its cost: a curve has thousands
                before = cells.get(at := (x // 2, y // 4))
                dot = _DOTS[y % 4][x % 2]
                cells[at] = (before[0] | dot if before else dot, who)

    def row(self, y: int) -> list[tuple[str, int]]:
        """The characters of a line of cells, and who drew each; a blank of nobody, −1, where none is."""
        found = map(self.cells.get, zip(range(self.width), repeat(y)))
        return [(chr(0x2800 + one[0]), one[1]) if one else (" ", -1) for one in found]


def clipped(
    a: tuple[float, float], b: tuple[float, float], bottom: float, top: float
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """The part of the line a–b whose second coordinate lies in bottom … top."""
    (x0, y0), (x1, y1) = a, b
    if y0 == y1:
        return (a, b) if bottom <= y0 <= top else None
    t0, t1 = sorted(((bottom - y0) / (y1 - y0), (top - y0) / (y1 - y0)))
    t0, t1 = max(0.0, t0), min(1.0, t1)
    if t0 > t1:
        return None
    return (x0 + (x1 - x0) * t0, y0 + (y1 - y0) * t0), (x0 + (x1 - x0) * t1, y0 + (y1 - y0) * t1)


# ── bars and number lines ─────────────────────────────────────────────────────────────────

_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(length: float) -> str:
    """A bar to the right, `length` cells long to the nearest eighth."""
    eighths = max(0, round(length * 8))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def bar_left(length: float) -> str:
    """A bar to the left, to the nearest half cell."""
    full, rest = divmod(max(0, round(length * 2)), 2)
    return ("▐" if rest else "") + "█" * full


def rows_for(places: Sequence[tuple[int, int]], gap: int = 1) -> list[int]:
    """A row for each (start, length) so that nothing in a row touches: first fit, from row 0."""
    taken: list[list[tuple[int, int]]] = []
    out: list[int] = []
    for start, length in places:
        row = 0
        while row < len(taken) and any(
            s < start + length + gap and start < s + n + gap for s, n in taken[row]
        ):
            row += 1
        if row == len(taken):
            taken.append([])
        taken[row].append((start, length))
        out.append(row)
    return out


def runs(cells: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Neighbours of one ink as one text: run-length, so that a line is few segments."""
    text, who = "", -1
    for character, ink in cells:
        if ink != who and text:
            yield text, who
            text = ""
        text, who = text + character, ink
    if text:
        yield text, who
