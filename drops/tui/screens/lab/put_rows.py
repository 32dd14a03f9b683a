"""Rows that are put by hand, and the map on which they are put."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.segment import Segment

from drops.networks.lab.drawing import SIDE, DrawnRow
from drops.tui.base.ink import Inks, Lines, ends

WIDE = 42  # cells that the hints want
KEYS = ("enter puts one that says   1 no   2 yes", "backspace takes it   d trains   esc leaves")
FEW = ("enter puts   1 no   2 yes", "backspace   d trains   esc")


@dataclass
class PutRows:
    """Rows that are put by hand: where the hand is, what it puts, and what was put."""

    rows: list[DrawnRow] = field(default_factory=list)
    across: int = SIDE // 2
    up: int = SIDE // 2
    yes: bool = True


def draw_rows(made: PutRows, wide: int, tall: int, ink: Inks) -> Lines:
    """The empty map with the rows, and where the hand is."""
    yes = sum(row.yes for row in made.rows)
    head = ends(
        [Segment("draw", ink.bold)], [Segment(f"{yes} yes   {len(made.rows) - yes} no", ink.text)], wide
    )
    cells: dict[tuple[int, int], Segment] = {}
    for row in made.rows:
        cells[_cell(row.across, row.up, wide, tall)] = Segment(
            "•" if row.yes else "∘", ink.plus if row.yes else ink.minus
        )
    at = _cell(made.across, made.up, wide, tall)
    cells[at] = Segment("•" if made.yes else "∘", ink.cursor)
    lines = [[cells.get((x, y), Segment("·", ink.rule)) for x in range(wide)] for y in range(tall)]
    return [head, *lines, *([Segment(one, ink.dim)] for one in (KEYS if wide >= WIDE else FEW))]


def _cell(across: int, up: int, wide: int, tall: int) -> tuple[int, int]:
    return across * wide // SIDE, tall - 1 - up * tall // SIDE
