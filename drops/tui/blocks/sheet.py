"""A table of numbers and formulas, with blanks that can be filled."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from drops.exercises.blocks import Blank, Cell, Sheet
from drops.text import aligned
from drops.tui.base.ink import Inks, Line, Lines, does, fit, width_of, wrap

Look = Literal["open", "now", "right", "wrong", "follows", "given"]
SIGN: Mapping[Look, str] = {"right": "✓", "wrong": "✗", "follows": "↳"}
WORD: Mapping[Look, str] = {"right": "right", "wrong": "not yet", "follows": "follows from yours"}
_NUMBER = re.compile(r"[−+\-]?[\d.,/·%]+( [a-z]+)?|[−+\-–]|")
NARROWEST = 12  # cells of a column of words
GAP = 3  # cells between its columns, where there is room
BLANK = 7  # cells of an empty blank, between its brackets


@dataclass(frozen=True)
class InBlank:
    """What stands in a blank: the typed text, how it is looked upon, where the caret is."""

    text: str = ""
    look: Look = "open"
    caret: int | None = None  # a place in the text while it is being typed

    def drawn(self, ink: Inks, name: str, blank: int = BLANK) -> Line:
        """`[ −0.5  ] ✗`, as wide whatever is typed into it (up to a point)."""
        wide = max(blank, len(self.text) + 1)
        style = ink.text if self.caret is None and self.look == "given" else ink.blank
        style = does(style, field=name)
        bracket = does(ink.accent if self.caret is not None else ink.dim, field=name)
        body = self.text.ljust(wide)
        if self.caret is None:
            inside: Line = [Segment(body, style)]
        else:
            at = min(self.caret, wide - 1)
            inside = [
                Segment(body[:at], style),
                Segment(body[at], ink.cursor),
                Segment(body[at + 1 :], style),
            ]
        return [Segment("[", bracket), *inside, Segment("]", bracket), Segment(" "), self.mark(ink)]

    def mark(self, ink: Inks) -> Segment:
        """The sign after a blank; a space keeps its place, so that nothing jumps."""
        style = {"right": ink.good, "wrong": ink.bad, "follows": ink.warn}.get(self.look, ink.text)
        return Segment(SIGN.get(self.look, " "), style)


def draw(
    block: Sheet, width: int, ink: Inks, typed: Mapping[str, InBlank] | None = None, more: int = 0
) -> Lines:
    """The table, or where it is too wide, its rows one under another.

    Its rows stand apart where there are `more` lines enough for it.
    """
    block, cells, wide = _laid_out(block, ink, typed or {})
    count = len(wide)
    for gap in range(GAP, 0, -1):
        if sum(wide) + gap * (count - 1) <= width:
            wider = max(gap, min(8, (width - sum(wide)) // max(1, count - 1))) if more > 0 else gap
            return _table(block, cells, wide, wider, ink, apart=more >= len(cells) - 1 > 0)
    if narrowed := _narrowed(block, cells, wide, width - 2 * (count - 1)):
        return _table(block, cells, narrowed, 2, ink, apart=more >= 2 * len(cells) > 0)
    return _stacked(block, cells, width, ink)


def fits(block: Sheet, width: int, ink: Inks) -> bool:
    """Whether nothing of it has to be broken at this width."""
    wide = _laid_out(block, ink, {})[2]
    return sum(wide) + len(wide) - 1 <= width


def cramped(block: Sheet, width: int) -> bool:
    """Whether a table of given texts folds at this width; one with blanks grows as it is typed in."""
    wide = _given(block)
    return sum(wide) + len(wide) - 1 > width


def needs(block: Sheet) -> int:
    """The cells of a table of given texts as it likes to stand; one with blanks has no end to it."""
    if any(isinstance(cell, Blank) for row in block.rows for cell in row):
        return sys.maxsize
    wide = _given(replace(block, rows=_pointed(block.rows)))
    return sum(wide) + GAP * (len(wide) - 1)


def _given(block: Sheet) -> list[int]:
    """How wide its columns are, by the rows of given texts."""
    rows = [row for row in (block.columns, *block.rows) if all(isinstance(cell, str) for cell in row)]
    return [max(map(cell_len, map(str, column))) for column in zip_longest(*rows, fillvalue="")]


def _laid_out(
    block: Sheet, ink: Inks, typed: Mapping[str, InBlank]
) -> tuple[Sheet, list[list[Line]], list[int]]:
    """The table point under point, its cells as they are drawn, and how wide each column is."""
    block = replace(block, rows=_pointed(block.rows))
    blank = max([BLANK, *(len(one.text) + 1 for one in typed.values())])  # all grow with the longest
    cells = [[_cell(cell, ink, typed, blank) for cell in row] for row in block.rows]
    count = max([len(block.columns), *map(len, cells)], default=0)
    wide = [
        max(
            [
                cell_len(block.columns[c]) if c < len(block.columns) else 0,
                *(width_of(row[c]) for row in cells if c < len(row)),
            ],
            default=0,
        )
        for c in range(count)
    ]
    return block, cells, wide


def _narrowed(block: Sheet, cells: list[list[Line]], wide: list[int], room: int) -> list[int]:
    """The widths with the columns of words as narrow as they have to be to fit; [] where none can."""
    words = [
        c
        for c in range(len(wide))
        if all(len(row[c]) <= 1 for row in cells if c < len(row))
        and not numeric([row[c] for row in block.rows if c < len(row)])
    ]
    made = list(wide)
    if len(words) == 2 and sum(made) > room:
        both = room - sum(wide) + sum(wide[c] for c in words)
        told = tuple((_told(row, words[0]), _told(row, words[1])) for row in cells)
        first = _shared(told, both)
        made[words[0]], made[words[1]] = first, both - first
        return made if first else []
    while words and sum(made) > room:
        widest = max(words, key=lambda c: made[c])
        if made[widest] <= NARROWEST:
            return []
        made[widest] -= 1
    return made if words else []


def _told(row: list[Line], c: int) -> str:
    return "".join(segment.text for segment in row[c]) if c < len(row) else ""


@lru_cache(maxsize=64)
def _shared(rows: tuple[tuple[str, str], ...], room: int) -> int:
    """Of the room of two columns of words how much the first one takes: so that as few words as can be are
    broken, and the rows take as few lines as can be; 0 where it is not enough for both."""
    longest = [max(cell_len(row[c]) for row in rows) for c in (0, 1)]
    first, second = (min(NARROWEST, cells) for cells in longest)

    def costs(wide: int) -> tuple[int, int, int, int]:
        broken = lines = parts = 0
        for row in rows:
            folds = [wrap(text, cells) for text, cells in zip(row, (wide, room - wide), strict=True)]
            broken += sum(" ".join(f) != " ".join(t.split()) for f, t in zip(folds, row, strict=True))
            lines += max(map(len, folds))
            parts += sum(map(len, folds))
        return broken, lines, parts, abs(2 * wide - room)

    return min(range(first, room - second + 1), key=costs, default=0)


def numeric(column: list[Cell]) -> bool:
    """Whether a column holds numbers and blanks only, and so is right-aligned."""
    return all(isinstance(cell, Blank) or _NUMBER.fullmatch(cell.strip()) for cell in column)


def _pointed(rows: tuple[tuple[Cell, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
    """The rows with the numbers of a column point under point."""
    made = [list(row) for row in rows]
    for c in range(max(map(len, rows), default=0)):
        column = {r: cell for r, row in enumerate(rows) if c < len(row) and isinstance(cell := row[c], str)}
        if numeric([row[c] for row in rows if c < len(row)]):
            for r, text in zip(column, aligned(column.values()), strict=True):
                made[r][c] = text
    return tuple(map(tuple, made))


def _cell(cell: Cell, ink: Inks, typed: Mapping[str, InBlank], blank: int) -> Line:
    if isinstance(cell, Blank):
        return typed.get(cell.field, InBlank()).drawn(ink, cell.field, blank)
    return [Segment(cell, ink.text)]


def _table(
    block: Sheet, cells: list[list[Line]], wide: list[int], gap: int, ink: Inks, *, apart: bool = False
) -> Lines:
    columns = [[row[c] for row in block.rows if c < len(row)] for c in range(len(wide))]
    filled = [any(isinstance(cell, Blank) for cell in column) for column in columns]
    right = [numeric(column) and not blanks for column, blanks in zip(columns, filled, strict=True)]
    out: Lines = []
    if any(block.columns):
        heads: list[Line] = [[Segment(name, ink.dim)] for name in block.columns]
        out.append(_joined(heads, wide, right, filled, gap))
        out.append([Segment("─" * (sum(wide) + gap * (len(wide) - 1)), ink.rule)])
    for i, row in enumerate(cells):
        out += [[]] if i and apart else []
        folded = [_folded(cell, wide[c]) for c, cell in enumerate(row)]
        for k in range(max(map(len, folded), default=1)):
            part = [lines[k] if k < len(lines) else [] for lines in folded]
            out.append(_joined(part, wide, right, filled, gap))
    return out


def _folded(cell: Line, width: int) -> Lines:
    """A cell's lines: words that are wider than their column take several."""
    if len(cell) != 1 or width_of(cell) <= width:
        return [cell]
    return [[Segment(part, cell[0].style)] for part in wrap(cell[0].text, width)]


def _joined(row: list[Line], wide: list[int], right: list[bool], filled: list[bool], gap: int) -> Line:
    out: Line = []
    for c, width in enumerate(wide):
        cell = row[c] if c < len(row) else []
        if filled[c] and len(cell) == 1 and width_of(cell) < width:
            cell = [Segment(" "), *cell]  # over what is typed, not over its bracket
        room = width - width_of(cell)
        pad = [Segment(" " * room)] if room else []
        out += [Segment(" " * gap)] if c else []
        out += [*pad, *cell] if right[c] else [*cell, *pad]
    return out


def _stacked(block: Sheet, cells: list[list[Line]], width: int, ink: Inks) -> Lines:
    """A row as a few lines "column  cell": for narrow screens."""
    out: Lines = []
    names = max((cell_len(name) for name in block.columns), default=0)
    for i, row in enumerate(cells):
        out += [[]] if i else []
        for c, cell in enumerate(row):
            name = block.columns[c] if c < len(block.columns) else ""
            head: Line = [Segment(f"{name}{' ' * (names - cell_len(name))}  ", ink.dim)]
            if len(cell) == 1 and width_of(cell) > width - names - 2:
                parts = wrap(cell[0].text, max(8, width - names - 2))
                out += [
                    [
                        *(head if k == 0 else [Segment(" " * (names + 2))]),
                        Segment(part, cell[0].style or Style()),
                    ]
                    for k, part in enumerate(parts)
                ]
            elif cell and cell[0].text:
                out.append([*head, *cell])
    return [fit(line, width) if width_of(line) > width else line for line in out]
