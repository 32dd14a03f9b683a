"""Rows that are put by hand, and the map on which they are put."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style

from drops.networks.lab.drawing import FEWEST, SIDE, DrawnRow
from drops.text import number
from drops.tui.base.ink import Inks, Line, Lines, ends, written

APART = 4  # cells between two dots of the grid, and twice the rows

BOLD = Style(bold=True)


@dataclass
class PutRows:
    """Rows that are put by hand: where the hand is, what it puts, and what was put."""

    rows: list[DrawnRow] = field(default_factory=list)
    across: int = SIDE // 2
    up: int = SIDE // 2
    yes: bool = True

    @property
    def held(self) -> DrawnRow:
        """What the hand would put now."""
        return DrawnRow(self.across, self.up, self.yes)

    @property
    def missing(self) -> str:
        """What they want before a net can be trained on them; "" where nothing is missing."""
        yes = sum(row.yes for row in self.rows)
        counts = (FEWEST - yes, "yes"), (FEWEST - len(self.rows) + yes, "no")
        return " and ".join(f"{count} more {name}" for count, name in counts if count > 0)


def draw_rows(made: PutRows, wide: int, tall: int, ink: Inks) -> Lines:
    """The plane from −2 to 2 with the rows on it and lines to the hand, and what to do next."""
    yes = sum(row.yes for row in made.rows)
    counts: Line = [Segment(f"• {yes} yes", ink.plus), Segment(f"   ∘ {len(made.rows) - yes} no", ink.minus)]
    cells: dict[tuple[int, int], Segment] = {}
    at, middle = _cell(made.held, wide, tall), (wide // 2, tall // 2)
    for x, y in ((x, y) for y in range(tall) for x in range(wide)):
        if axis := "┼" if (x, y) == middle else "│" if x == middle[0] else "─" if y == middle[1] else "":
            cells[x, y] = Segment(axis, ink.dim)
        elif x == at[0] or y == at[1]:
            cells[x, y] = Segment("│" if x == at[0] else "─", ink.rule)
        elif (x - middle[0]) % APART == 0 and 2 * (y - middle[1]) % APART == 0:
            cells[x, y] = Segment("·", ink.dim)
    for row in made.rows:
        cells[_cell(row, wide, tall)] = _sign(row, ink)
    cells[at] = Segment(_sign(made.held, ink).text, ink.cursor)
    lines = [[cells.get((x, y), Segment(" ")) for x in range(wide)] for y in range(tall)]
    across, up = (number(place, 2) for place in made.held.at)
    here = f"Enter puts a {'yes' if made.yes else 'no'} at {across}, {up}."
    then = f"Wants {made.missing}." if made.missing else "d trains on them."
    told = [*written(here, wide, ink.text), *written(then, wide, ink.text)]
    return [ends([Segment("Draw rows", ink.bold)], counts, wide), *lines, *told]


def _sign(row: DrawnRow, ink: Inks) -> Segment:
    return Segment("•", ink.plus + BOLD) if row.yes else Segment("∘", ink.minus + BOLD)


def _cell(row: DrawnRow, wide: int, tall: int) -> tuple[int, int]:
    return row.across * wide // SIDE, tall - 1 - row.up * tall // SIDE
