"""A matrix as shaded cells with their numbers: the darker the larger, blue above 0, orange below.

It folds where it is too wide: its columns in parts, one under another, and says so.
"""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from drops.exercises.blocks import Matrix
from drops.text import aligned
from drops.tui.base.ink import Inks, Line, Lines, does

SHADES = " ░▒▓█"
TALLEST = 3  # lines of a row where there is room, and
LINES = 18  # those that a few rows may share
WIDEST = 10  # cells of a number with its shade, and
BROADER = 4  # of each line of a taller row, two more


def folds(block: Matrix, width: int) -> bool:
    """Whether its columns do not all stand side by side at this width."""
    return bool(block.rows and block.columns) and _across(block, width)[2] < len(block.columns)


def draw(block: Matrix, width: int, ink: Inks, more: int = 0) -> Lines:
    """At most `width` cells wide; its rows up to `more` lines taller in all."""
    if not block.rows or not block.columns:
        return []
    names, cell, across = _across(block, width)
    parts = [range(at, min(at + across, len(block.columns))) for at in range(0, len(block.columns), across)]
    tall = 1 + max(0, min(max(TALLEST, LINES // len(block.rows)) - 1, more // (len(block.rows) * len(parts))))
    if tall > 1 and len(parts) == 1:  # a cell that is taller is broader, too
        cell = max(cell, min(BROADER * tall + 2, (width - names) // len(block.columns) - 1))
    out: Lines = [[Segment(set_cell_size(block.title, width), ink.bold)]] if block.title else []
    for part in parts:
        if len(parts) > 1:
            last = min(part.stop, len(block.columns))
            those = f"columns {part.start + 1}–{last}" if len(part) > 1 else f"column {last}"
            told = f"folded: {those} of {len(block.columns)}"
            out.append([Segment(set_cell_size(told, width), ink.dim)])
        out += _part(block, part, (names, cell, tall), ink)
    return out


def _across(block: Matrix, width: int) -> tuple[int, int, int]:
    """The cells of its rows' names and of a number, and how many columns stand side by side."""
    names = min(max(map(cell_len, block.rows)), max(4, width // 3))
    names = 0 if block.rows == (block.title,) else names  # its name stands above it
    longest = max(len(text) for row in _texts(block) for text in row)
    least = max(longest + 2, min(max(map(cell_len, block.columns)), 8))
    room = (width - names) // len(block.columns) - 1
    cell = longest + 2 if room < least else min(max(least, WIDEST), room)
    return names, cell, max(1, (width - names) // (cell + 1))


def _part(block: Matrix, part: range, size: tuple[int, int, int], ink: Inks) -> Lines:
    """The columns of `part`, under their names."""
    names, cell, tall = size
    head: Line = [Segment(" " * names)]
    for c in part:
        name = block.columns[c]
        told = set_cell_size(name, min(cell, cell_len(name)))
        head.append(Segment(" " * (1 + cell - cell_len(told)) + told, ink.dim))
    out, texts = [head], _texts(block)
    sizes = [abs(v) for row in block.values for v in row if v is not None]
    full = block.full or max(sizes, default=0.0) or 1.0
    for r, name in enumerate(block.rows):
        for line in range(tall):  # the number stands in the first of them
            drawn: Line = [Segment(set_cell_size(name if line == 0 else "", names), ink.text)]
            for c in part:
                text = texts[r][c] if line == 0 else ""
                drawn += [Segment(" "), *_cell(block, r, c, full, cell, ink, text)]
            out.append(drawn)
    return out


def _texts(block: Matrix) -> list[tuple[str, ...]]:
    """The numbers of its cells by row, their points one under another in each column."""
    columns = zip(*([block.told(value) for value in row] for row in block.values), strict=True)
    return list(zip(*map(aligned, columns), strict=True))


def _cell(block: Matrix, r: int, c: int, full: float, cell: int, ink: Inks, text: str) -> Line:
    """A cell with its number; a line below it has none."""
    value = block.values[r][c]
    if value is None:
        return [Segment(f"{text:>{cell}}", ink.dim)]
    level = min(len(SHADES) - 1, round((len(SHADES) - 1) * abs(value) / full))
    hand = (r, c) in block.lit
    style = ink.lit if hand else ink.plus if value >= 0 else ink.minus
    text_style = ink.lit if hand else ink.text
    if (r, c) in block.spots:
        style, text_style = (does(one, field=block.spots[r, c]) for one in (style, text_style))
    if not text:
        return [Segment(SHADES[level] * cell, style)]
    return [Segment(SHADES[level] * (cell - len(text) - 1) + " ", style), Segment(text, text_style)]
