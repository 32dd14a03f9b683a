"""How many pictures stand side by side: what there is room for; of maps, what leaves each the most lines.

A table beside them takes no more than its numbers need: what it leaves is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from rich.cells import cell_len

from drops.exercises.blocks import Beside, Curve, Matrix, Sheet, Show, Surface
from drops.tui.blocks import matrix, plane, sheet

NARROWEST = 26  # cells of a picture that stands beside another
HIGH = 26  # lines of a pane in which three small pictures do better in two rows than in one


Rows = list[list[tuple[Show, int]]]
_LATELY: list[tuple[Beside, int, int, Rows]] = []  # a picture is measured a dozen times while it is drawn


def in_rows(block: Beside, width: int, pane: int) -> Rows:
    """Row by row: each with the cells that it may take. `pane` is the lines of a pane of their own, or 0."""
    for one, wide, high, rows in _LATELY:
        if one is block and (wide, high) == (width, pane):
            return rows
    rows = list(_laid_out(block, width, pane))
    _LATELY[:] = [(block, width, pane, rows), *_LATELY[:3]]
    return rows


def _laid_out(block: Beside, width: int, pane: int) -> Iterator[list[tuple[Show, int]]]:
    blocks = block.blocks
    fits = max(1, min(len(blocks), (width + 3) // (NARROWEST + 3)))
    if len(blocks) == 3 and width >= 46 and pane < HIGH:
        fits = 3  # side by side three small maps say more than two and one
    maps = [one for one in blocks if isinstance(one, Surface)]
    if pane and len(maps) == len(blocks):
        fits = max(range(fits, 0, -1), key=lambda n: _lines_each(maps, n, width, pane))
    if pane and sum(2 * len(one.rows) + 2 for one in blocks if isinstance(one, Matrix)) <= pane:
        fits = 1 if all(isinstance(one, Matrix) for one in blocks) else fits  # twice as high, they fill it
    tables = [one for one in blocks if isinstance(one, Matrix | Sheet) and not _cramped(one, width)]
    while fits > 1 and any(_cramped(one, _each(width, fits)) for one in tables):
        fits -= 1  # one that folds for what stands beside it is read worse, and no lower; nor are names cut
    for start in range(0, len(blocks), fits):
        row, rooms = blocks[start : start + fits], [_each(width, fits)] * fits
        if len(row) == 1 and isinstance(row[0], Curve):
            rooms = [width]  # alone it takes all of it
        elif len(row) == len(blocks):  # in two rows its columns stand one under another
            rooms = _rooms(block, width)
        yield [*zip(row, rooms, strict=False)]


def _rooms(block: Beside, width: int) -> list[int]:
    """The cells of each in the only row: one share, and of what tables leave of theirs pictures have more."""
    tables = [isinstance(one, Sheet) for one in block.blocks]
    each = _each(width, len(tables))
    if all(tables) or not any(tables):
        return [each] * len(tables)
    needs = [sheet.needs(one) if isinstance(one, Sheet) else each for one in block.blocks]
    rooms = [min(each, max(pair)) for pair in zip_longest(needs, map(cell_len, block.titles), fillvalue=0)]
    more = (width - 3 * (len(rooms) - 1) - sum(rooms)) // tables.count(False)
    return [room if table else room + more for room, table in zip(rooms, tables, strict=True)]


def _cramped(one: Matrix | Sheet, width: int) -> bool:
    return matrix.cramped(one, width) if isinstance(one, Matrix) else sheet.cramped(one, width)


def _each(width: int, columns: int) -> int:
    """The cells of each of so many columns."""
    return (width - 3 * (columns - 1)) // columns


def _lines_each(maps: list[Surface], columns: int, width: int, pane: int) -> int:
    """The lines of the lowest map where so many stand side by side."""
    rows = -(-len(maps) // columns)
    return min(
        min(plane.rows_liked(one, _each(width, columns)), pane // rows - plane.more(one) - 1) for one in maps
    )
