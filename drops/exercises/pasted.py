"""What was pasted, as the numbers it is: "−7\\t0\\n3\\t3" is four, row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from drops.errors import Unreadable
from drops.exercises.answers import LONGEST, read_number
from drops.text import safe_text

MOST = 200  # numbers of one paste that are looked at
NAMED = 4  # things that are named in a sentence
_BETWEEN = re.compile(r",\s+|\s+")


def is_number(text: str) -> bool:
    try:
        read_number(text, share=True)
    except Unreadable:
        return False
    return True


def pasted_numbers(text: str) -> list[str]:
    """The cells of a text, row by row; what stands before the first number is a heading and is left out.

    Rows end with a line, cells with a tab or a semicolon. A cell that is no number itself is a row of
    numbers with blanks, or commas and blanks, between them, in brackets or not. An empty cell keeps
    its place, an empty line has none.
    """
    cells: list[str] = []
    for row in safe_text(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n"):
        if row.strip() and len(cells) < MOST:
            cells += re.split(r"[\t;]", row)
    cells = [one for cell in cells[:MOST] for one in _numbers_in(cell.strip())]
    while cells and not cells[-1]:
        cells.pop()
    first = next((i for i, cell in enumerate(cells) if is_number(cell)), 0)
    return cells[first:]


def _numbers_in(cell: str) -> list[str]:
    if is_number(cell) or not cell or len(cell) > LONGEST * MOST:
        return [cell]
    parts = [part for part in _BETWEEN.split(cell.strip("[](){}, "), MOST) if part]
    return parts if parts and all(map(is_number, parts)) else [cell]


def listed(found: Sequence[str]) -> str:
    """The first few, to be named in a sentence."""
    names = "; ".join(f"“{one[:LONGEST]}”" for one in found[:NAMED])
    return names + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "")
