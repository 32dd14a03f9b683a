"""A list among the givens: as numbers by their places, and as a grid.

P = ((1, 2), (3, 4))   →   "P[1,2]" is 2
"""

from __future__ import annotations

from collections.abc import Mapping
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


def grids(given: Mapping[str, Value | str]) -> tuple[Matrix, ...]:
    """Givens as pictures: one each, and those that are lists of one length as the rows of one."""
    found: list[Matrix] = []
    for name, value in given.items():
        one, before = grid(name, value), found[-1] if found else None
        if before is not None and _rows_alike(before, one):
            rows, values = (*before.rows, name), (*before.values, *one.values)
            found[-1] = Matrix(rows, one.columns, values, f"{before.says} {one.says}")
        else:
            found.append(one)
    return tuple(found)


def _rows_alike(above: Matrix, one: Matrix) -> bool:
    """Whether both have named rows and as many columns: a table's are numbered."""
    return above.columns == one.columns and not any(row.isdecimal() for row in (*above.rows, *one.rows))


def grid(name: str, value: Value | str) -> Matrix:
    """A given as the rows of a picture."""
    rows = value if isinstance(value, tuple) and value and isinstance(value[0], tuple) else (value,)
    cells = tuple(tuple(flat(cast(Value, row))) for row in rows)
    names = tuple(map(str, range(1, len(cells) + 1))) if len(cells) > 1 else (name,)
    says = f"{name}: {'; '.join(' '.join(map(number, row)) for row in cells)}."
    return Matrix(names, tuple(map(str, range(1, len(cells[0]) + 1))), cells, says, name)
