"""The edges of a flat map within its cells: where two tones meet in one, it is parted as they part it.

A line through a cell, blue above it and orange below: ▃ in orange on blue, to the eighth of a cell. Of a map
whose lines are not known, to the quarter: ▙.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import compress, product

from drops import scales
from drops.exercises.blocks import Surface, Unit

Cell = tuple[int, int]
Parted = tuple[str, int, int]  # a sign, the tone that it is drawn in, and that of the ground
FINE = 8  # parts of a cell, across and up
PIECED = 2  # places of a cell, across and up, that are asked for their tone where lines cross
_QUARTERS = " ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"  # by upper left, upper right, lower left, lower right, as 8, 4, 2, 1
HAIR = 1e-12
_FULL = (1 << FINE * FINE) - 1


def _covered(rows: Iterable[int]) -> int:
    """Rows of a cell from the top, each FINE bits from the left, as one number."""
    found = 0
    for row in rows:
        found = found << FINE | row
    return found


def _signs() -> Iterator[tuple[int, str]]:
    """What each sign covers of its cell."""
    full = (1 << FINE) - 1
    for i, sign in enumerate("▁▂▃▄▅▆▇", 1):
        yield _covered([0] * (FINE - i) + [full] * i), sign
    for i, sign in enumerate("▏▎▍▌▋▊▉", 1):
        yield _covered([full & ~(full >> i)] * FINE), sign
    for i, sign in enumerate(_QUARTERS):
        left, right = full & ~(full >> FINE // 2), full >> FINE // 2
        upper, lower = (left * bool(a) | right * bool(b) for a, b in ((i & 8, i & 4), (i & 2, i & 1)))
        yield _covered([upper] * (FINE // 2) + [lower] * (FINE // 2)), sign


SIGNS = {**dict(_signs())}


@lru_cache(maxsize=4096)
def sign_of(covered: int) -> tuple[str, bool]:
    """The sign that covers most nearly what is covered, or what is not, and whether it does that."""
    best = min(SIGNS, key=lambda one: (covered ^ one).bit_count())
    other = min(SIGNS, key=lambda one: (covered ^ one ^ _FULL).bit_count())
    if (covered ^ other ^ _FULL).bit_count() < (covered ^ best).bit_count():
        return SIGNS[other], False
    return SIGNS[best], True


class Ground:
    """A flat map on `columns` × `rows` cells, and the tone of its places."""

    def __init__(self, block: Surface, columns: int, rows: int, levels: int) -> None:
        self.block, self.columns, self.rows, self.levels = block, columns, rows, levels
        self._tones: dict[float, int] = {}  # of its values: a flat map has few

    def at(self, cell: tuple[float, float]) -> tuple[float, float]:
        """The place of a cell's upper left corner, or of a part of it."""
        (left, right), (bottom, top) = self.block.x_range, self.block.y_range
        x, y = cell
        return left + (right - left) * x / self.columns, top - (top - bottom) * y / self.rows

    def tone(self, across: float, up: float) -> int:
        """The tone of a cell's place, counted in cells; off the map that of its edge."""
        values = self.block.values
        row = min(len(values) - 1, max(0, int(up / self.rows * len(values))))
        column = min(len(values[0]) - 1, max(0, int(across / self.columns * len(values[0]))))
        value = values[row][column]
        if value not in self._tones:
            self._tones[value] = scales.levels([[value]], self.block.low, self.block.high, self.levels)[0][0]
        return self._tones[value]

    def along(self, lines: Iterable[Unit], cells: Iterable[Cell]) -> dict[Cell, Parted | None]:
        """How the lines part these cells and their neighbours, where one goes through and tones change; None
        where they cross beside it and it has one tone all the same."""
        lines, found = tuple(lines), dict[Cell, Parted | None]()
        near = {(x + i, y + j) for x, y in cells for i, j in ((0, 0), (0, 1), (1, 0), (0, -1), (-1, 0))}
        left, crossings = list[Cell](), set[Cell]()
        for cell in (one for one in near if 0 <= one[0] < self.columns and 0 <= one[1] < self.rows):
            through = [values for line in lines if (values := self._corners(line, cell))]
            if len(through) == 1 and (parted := self._parted(cell, through[0])):
                found[cell] = parted
            elif through:
                left.append(cell)
                crossings |= {cell} if len(through) > 1 else set()
        for cell in left:  # where lines cross, and beside that, a side of one may have two tones
            x, y = cell
            if any((x + i, y + j) in crossings for i in (-1, 0, 1) for j in (-1, 0, 1)):
                found[cell] = self._pieced(cell, lines)
        return found

    def _pieced(self, cell: Cell, lines: Sequence[Unit]) -> Parted | None:
        """How all the lines together part a cell: each piece has the tone that it has mostly nearby. Of three
        tones the two with most of the cell are drawn.
        """
        x, y = cell
        nearby = defaultdict[tuple[bool, ...], Counter[int]](Counter)
        steps = [(k + 0.5) / PIECED - 1 for k in range(3 * PIECED)]  # from the cell before to the one behind
        for i, j in product(steps, steps):
            if 0 <= x + i < self.columns and 0 <= y + j < self.rows:
                nearby[self._side(lines, x + i, y + j)][self.tone(x + i, y + j)] += 1
        inside = [(k + 0.5) / FINE for k in range(FINE)]
        pieces = [[self._side(lines, x + i, y + j) for i in inside] for j in inside]
        tones = [[nearby[one].most_common(1)[0][0] if nearby[one] else None for one in row] for row in pieces]
        most = Counter(tone for row in tones for tone in row if tone is not None).most_common(2)
        if len(most) < 2:
            return None
        ground, other = most[0][0], most[1][0]
        covered = 0
        for row in tones:
            for tone in row:
                covered = covered << 1 | (tone == other)
        sign, covers = sign_of(covered)
        return (sign, other, ground) if covers else (sign, ground, other)

    def _side(self, lines: Sequence[Unit], across: float, down: float) -> tuple[bool, ...]:
        """On which side of each line a place lies, counted in cells."""
        at, up = self.at((across, down))
        return tuple(w1 * at + w2 * up + b > 0 for w1, w2, b in lines)

    def crossed(self, lines: Iterable[Unit], cell: Cell) -> bool:
        """Whether a line goes through a cell."""
        return any(self._corners(line, cell) for line in lines)

    def _corners(self, line: Unit, cell: Cell) -> tuple[float, float, float] | None:
        """Of a line through a cell: its sum at the upper left corner, what a cell across adds, one down."""
        w1, w2, b = line
        (x, y), (right, down) = self.at(cell), self.at((cell[0] + 1, cell[1] + 1))
        first, across, below = w1 * x + w2 * y + b, w1 * (right - x), w2 * (down - y)
        ends = first, first + across, first + below, first + across + below
        return (first, across, below) if min(ends) < 0 < max(ends) else None

    def _parted(self, cell: Cell, sums: tuple[float, float, float]) -> Parted | None:
        first, across, below = sums
        x, y = cell[0] + 0.5, cell[1] + 0.5
        right, down = ((by > HAIR) - (by < -HAIR) for by in (across, below))  # where the sum grows
        plus, minus = (self.tone(x + side * right, y + side * down) for side in (1, -1))
        if plus == minus:
            return None
        covered, steps = 0, [across * (i + 0.5) / FINE for i in range(FINE)]
        for j in range(FINE):
            start = first + below * (j + 0.5) / FINE
            for step in steps:
                covered = covered << 1 | (start + step > 0)
        sign, covers = sign_of(covered)
        return (sign, plus, minus) if covers else (sign, minus, plus)

    def by_quarters(self) -> dict[Cell, Parted]:
        """How the values part cells in which there are two tones side by side."""
        fine = scales.nearest(self.block.values, 2 * self.columns, 2 * self.rows)
        tones = scales.levels(fine, self.block.low, self.block.high, self.levels)
        found: dict[Cell, Parted] = {}
        for y in range(self.rows):
            rows = tones[2 * y], tones[2 * y + 1]
            if all(row[::2] == row[1::2] for row in rows):
                continue
            unlike = [any(row[2 * x] != row[2 * x + 1] for row in rows) for x in range(self.columns)]
            for x in compress(range(self.columns), unlike):
                four = [row[i] for row in rows for i in (2 * x, 2 * x + 1)]
                if len(set(four)) == 2:
                    ground, other = min(four), max(four)
                    covered = sum(8 >> i for i, tone in enumerate(four) if tone == other)
                    found[x, y] = _QUARTERS[covered], other, ground
        return found
