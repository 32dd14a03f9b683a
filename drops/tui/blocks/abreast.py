"""How many pictures stand side by side: what there is room for; of maps, what leaves each the most lines."""

from __future__ import annotations

from collections.abc import Iterator

from drops.exercises.blocks import Curve, Matrix, Sheet, Show, Surface
from drops.tui.blocks import matrix, plane, sheet

NARROWEST = 26  # cells of a picture that stands beside another
HIGH = 26  # lines of a pane in which three small pictures do better in two rows than in one


def in_rows(blocks: tuple[Show, ...], width: int, pane: int) -> Iterator[tuple[list[tuple[Show, int]], int]]:
    """Row by row: each with the cells it may take, and the cells of a column. `pane` is the lines of a pane
    of their own, or 0.
    """
    fits = max(1, min(len(blocks), (width + 3) // (NARROWEST + 3)))
    if len(blocks) == 3 and width >= 46 and pane < HIGH:
        fits = 3  # side by side three small maps say more than two and one
    maps = [one for one in blocks if isinstance(one, Surface)]
    if pane and len(maps) == len(blocks):
        fits = max(range(fits, 0, -1), key=lambda n: _lines_each(maps, n, width, pane))
    tables = [one for one in blocks if isinstance(one, Matrix | Sheet) and not _cramped(one, width)]
    while fits > 1 and any(_cramped(one, _each(width, fits)) for one in tables):
        fits -= 1  # one that folds for what stands beside it is read worse, and no lower; nor are names cut
    each = _each(width, fits)
    for start in range(0, len(blocks), fits):
        row = blocks[start : start + fits]
        room = width if len(row) == 1 and isinstance(row[0], Curve) else each  # alone it takes all of it
        yield [(one, room) for one in row], room


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
