"""Rows that were drawn by hand, as a word of the line: drawn:CODE holds every one of them.

    code([Drawn(0, 35, False), Drawn(35, 0, True)])      0z.z0

A row is two digits, across and up, each of 36; those that say no come before the dot.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from drops.errors import DropsError

WORD = "drawn:"
SIDE = 36  # places across and up
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
EDGE = 2.0  # where the outermost places lie
FEWEST, MOST = 4, 150  # rows of each class; rows of all, so that the line has room
CODE = re.compile(r"(?:[0-9a-z]{2})*\.(?:[0-9a-z]{2})*")


class DrawnRow(NamedTuple):
    """A row by its place, counted from the left and from below, and whether it says yes."""

    across: int
    up: int
    yes: bool

    @property
    def at(self) -> tuple[float, float]:
        """Where it lies, from −2 to 2."""
        return tuple(EDGE * (2 * place / (SIDE - 1) - 1) for place in self[:2])  # type: ignore[return-value]  # two


def code(rows: Sequence[DrawnRow]) -> str:
    """The rows as a word. Raises DropsError where they are too few or too many."""
    _check(rows)
    parts = [
        "".join(DIGITS[row.across] + DIGITS[row.up] for row in rows if row.yes is wanted)
        for wanted in (False, True)
    ]
    return f"{WORD}{parts[0]}.{parts[1]}"


def rows_of(word: str) -> list[DrawnRow]:
    """The rows of a word, those that say no first. Raises DropsError."""
    found = word.removeprefix(WORD)
    if not CODE.fullmatch(found):
        raise DropsError(f'"{word[:40]}" holds no rows; two digits a row, a dot before those of yes')
    rows = [
        DrawnRow(DIGITS.index(part[i]), DIGITS.index(part[i + 1]), yes)
        for part, yes in zip(found.split("."), (False, True), strict=True)
        for i in range(0, len(part), 2)
    ]
    _check(rows)
    return rows


def place(x: float, y: float, *, yes: bool) -> DrawnRow:
    """The row at the place that is nearest to a point. Raises DropsError where that is off the map."""
    if not (-EDGE <= x <= EDGE and -EDGE <= y <= EDGE):
        raise DropsError(f"a row lies from −2 to 2, and ({x:g}, {y:g}) does not")
    across, up = (round((value / EDGE + 1) / 2 * (SIDE - 1)) for value in (x, y))
    return DrawnRow(across, up, yes)


def _check(rows: Sequence[DrawnRow]) -> None:
    yes = sum(row.yes for row in rows)
    for count, name in ((len(rows) - yes, "no"), (yes, "yes")):
        if count < FEWEST:
            says = "row says" if count == 1 else "rows say"
            raise DropsError(f"{count} {says} {name}; put {FEWEST} of each at least")
    if len(rows) > MOST:
        raise DropsError(f"{len(rows)} rows; {MOST} have room in a line: take some away")
