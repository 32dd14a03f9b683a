"""A list among the givens: as numbers by their places, and as a grid.

P = ((1, 2), (3, 4))   →   "P[1,2]" is 2
"""

from __future__ import annotations

from typing import cast

from drops.exercises.blocks import Matrix
from drops.exercises.formulas.tree import Value
from drops.exercises.formulas.working_out import flat
from drops.text import number


def numbers_in(name: str, value: Value | str) -> dict[str, float]:
    """A given by name, a list's numbers by their places: "x[2]", "P[2,3]"."""
    if isinstance(value, str):
        return {}
    if not isinstance(value, tuple):
        return {name: value}
    found: dict[str, float] = {}
    for i, item in enumerate(value, 1):
        if isinstance(item, tuple):
            found |= {f"{name}[{i},{j}]": inner for j, inner in enumerate(flat(item), 1)}
        else:
            found[f"{name}[{i}]"] = item
    return found


def grid(name: str, value: Value | str) -> Matrix:
    """A given as the rows of a picture."""
    rows = value if isinstance(value, tuple) and value and isinstance(value[0], tuple) else (value,)
    cells = tuple(tuple(flat(cast(Value, row))) for row in rows)
    names = tuple(map(str, range(1, len(cells) + 1))) if len(cells) > 1 else (name,)
    says = f"{name}: {'; '.join(' '.join(map(number, row)) for row in cells)}."
    return Matrix(names, tuple(map(str, range(1, len(cells[0]) + 1))), cells, says, name)
