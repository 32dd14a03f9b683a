"""Pictures of given numbers, for questions: a net with its weights, a table of cells, points on a plane.

W1 = ((−1, 2), (0.5, −2)), W2 = ((3, 1),)   →   a 2-2-1 net, a number on each of its six wires
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

from drops.exercises.blocks import Beside, Matrix, Point, Surface, Wires
from drops.exercises.figure import Drawing
from drops.exercises.written.figures import TOLD_OF
from drops.networks.nets import empty_plane, names
from drops.networks.params import a_number, is_list, numbers, words
from drops.text import counted, number

LETTERS = "ABCDEFGHJK"
MOST_CELLS, TONES = 40, (0.35, 0.5)  # of a table that is drawn cell by cell


def draw_wires(params: Mapping[str, Any]) -> Drawing:
    """```figure wires: W1, W2 … ; and for those that are to be seen b1, b2 … , v0 (inputs), v1 … , d1, d2 …
    (dz, which stands below a unit), inputs (their names) → a net with these numbers."""
    tables = [_rows(params, f"W{n}") for n in range(1, 9) if f"W{n}" in params]
    if not tables:
        raise ValueError("it has no W1")
    sizes = [len(tables[0][0]), *(len(table) for table in tables)]
    for n, (into, table) in enumerate(zip(sizes, tables, strict=False), 1):
        if {len(row) for row in table} != {into}:
            raise ValueError(f"a row of W{n} wants {into} numbers")

    def layer(letter: str, n: int) -> tuple[float | None, ...]:
        key = f"{letter}{n}"
        found = _row(params, key) if key in params else (None,) * sizes[n]
        if len(found) != sizes[n]:
            raise ValueError(f"{letter}{n} wants {sizes[n]} numbers")
        return found

    values = tuple(layer("v", n) for n in range(len(sizes)))
    units = [(n, i, d) for n in range(1, len(sizes)) for i, d in enumerate(layer("d", n))]
    shares = {(n, i): ("dz", d) for n, i, d in units if d is not None}
    biases = tuple(tuple(b or 0.0 for b in layer("b", n)) for n in range(1, len(sizes)))
    called = names(sizes)
    if "inputs" in params:
        called = (words(params, "inputs"), *called[1:])
        if len(called[0]) != sizes[0]:
            raise ValueError(f"inputs wants {sizes[0]} names")
    held = [(called[n][i], v) for n, one in enumerate(values) for i, v in enumerate(one) if v is not None]
    told = [f"{name} holds {number(v)}" for name, v in held]
    told += [f"dz of {called[n][i]} is {number(d)}" for (n, i), (_, d) in shares.items()]
    return Drawing(
        (
            Wires(
                called,
                tuple(tables),
                values if any(v is not None for one in values for v in one) else None,
                "; ".join((f"A {'-'.join(map(str, sizes))} network", *told)) + ".",
                biases=biases if any(f"b{n}" in params for n in range(1, len(sizes))) else None,
                under=shares,
            ),
        ),
        {},
    )


def draw_cells(params: Mapping[str, Any]) -> Drawing:
    """```figure cells: values; rows, columns (lists of words), title and digits → a table of numbers whose
    cells are the darker the larger."""
    values = _rows(params, "values")
    plain = {
        "rows": [f"row {n}" for n in range(1, len(values) + 1)],
        "columns": [f"column {n}" for n in range(1, len(values[0]) + 1)],
    }
    rows, columns = (words(params if key in params else plain, key) for key in plain)
    if len(rows) != len(values) or any(len(row) != len(columns) for row in values):
        raise ValueError(f"{len(rows)} rows and {len(columns)} columns do not name the cells")
    title = " ".join(words(params, "title")) if "title" in params else ""
    digits = int(a_number(params, "digits")) if "digits" in params else 2
    says = f"{title or 'A table'}: {len(rows)} by {len(columns)} numbers."
    return Drawing((Matrix(rows, columns, values, says, title, digits=digits),), {})


DIGITS = "0123456789"
ACROSS = " | "  # in a parameter's name: its row, and what its column is called


def draw_rows(params: Mapping[str, Any]) -> Drawing:
    """```figure rows: "h | step 1" = a number, "x | step" or x = a list → rows of tiles by their names; what
    is not known yet is a question mark, and what is asked is in hand.
    """
    named = [name for name in params.get("named", params) if name not in TOLD_OF]
    held = tuple(params.get("held", ()))
    cells: dict[tuple[str, str], float] = {}
    lit: list[tuple[str, str]] = []
    for name in named:
        row, _, column = name.partition(ACROSS)
        several = is_list(params.get(name))
        listed = numbers(params, name) if name in params else [nan]
        here = {
            (row, f"{column} {i}".strip() if several else column or "1"): one
            for i, one in enumerate(listed, 1)
        }
        cells |= here
        lit += here if name in held else ()
    if not cells:
        raise ValueError("there is nothing in it")
    rows, heads = (tuple(dict.fromkeys(at[side] for at in cells)) for side in (0, 1))
    sorts = list(dict.fromkeys(head.rstrip(DIGITS) for head in heads))  # each counted upwards
    columns = tuple(sorted(heads, key=lambda one: (sorts.index(one.rstrip(DIGITS)), len(one), one)))
    table = tuple(tuple(cells.get((row, column)) for column in columns) for row in rows)
    says = "; ".join(
        f"{row}: {', '.join('?' if isnan(v) else number(v) for v in line if v is not None)}"
        for row, line in zip(rows, table, strict=True)
    )
    hand = tuple((rows.index(row), columns.index(column)) for row, column in lit)
    return Drawing((Matrix(rows, columns, table, f"{says}.", "", hand, digits=3),), {})


def draw_tables(params: Mapping[str, Any]) -> Drawing:
    """```figure tables: any names → tables of so many rows and columns, (rows, columns), cell by cell."""
    made: list[Surface] = []
    for name in params:
        if name in TOLD_OF:
            continue
        rows, columns = (int(one) for one in numbers(params, name))
        if not (rows >= 1 and columns >= 1):
            raise ValueError(f"{name} wants a number of rows and one of columns")
        shown = (min(rows, MOST_CELLS), min(columns, MOST_CELLS))
        tones = tuple(tuple(TONES[(r + c) % 2] for c in range(shown[1])) for r in range(shown[0]))
        says = f"{name}: {counted(rows, 'row')} of {counted(columns, 'number')}."
        made.append(
            Surface(
                tones, (0.0, float(columns)), (0.0, float(rows)), says, -1.0, 1.0, title=name, x_label="",
                y_label="", flat=True,
            )
        )  # fmt: skip
    return Drawing((Beside(tuple(made)) if len(made) > 1 else made[0],), {})


def draw_places(params: Mapping[str, Any]) -> Drawing:
    """```figure places: points (rows of two numbers); names (a list of words), line (w₁, w₂, b), reach →
    points on a plane, and a line across."""
    places = _rows(params, "points")
    if any(len(place) != 2 for place in places):
        raise ValueError("a point has two numbers")
    called = words(params, "names") if "names" in params else tuple(LETTERS[: len(places)])
    if len(called) != len(places):
        raise ValueError(f"{len(places)} points want {len(places)} names")
    reach = a_number(params, "reach") if "reach" in params else 5.0
    points = tuple(Point(x, y, 0, name) for (x, y), name in zip(places, called, strict=True))
    line = numbers(params, "line") if "line" in params else []
    if len(line) not in (0, 3):
        raise ValueError("line wants 3 numbers")
    lines = ((line[0], line[1], line[2]),) if line else ()
    told = "; ".join(f"{one.name} at ({number(one.x)}, {number(one.y)})" for one in points)
    return Drawing((empty_plane((-reach, reach), f"Points: {told}.", points=points, lines=lines),), {})


def _rows(params: Mapping[str, Any], key: str) -> tuple[tuple[float, ...], ...]:
    """A list of lists of numbers; a plain list is one row."""
    if key not in params:
        raise ValueError(f"there is no {key}")
    rows = params[key]
    if not is_list(rows):
        raise ValueError(f"{key} is no list of numbers and no list of such lists")
    if rows and not is_list(rows[0]):
        rows = (rows,)
    if not rows or not all(rows):
        raise ValueError("there are no numbers in it")
    if not all(is_list(row) and all(isinstance(one, int | float) for one in row) for row in rows):
        raise ValueError(f"{key} is no list of numbers and no list of such lists")
    return tuple(tuple(float(one) for one in row) for row in rows)


def _row(params: Mapping[str, Any], key: str) -> tuple[float | None, ...]:
    listed = params[key] if is_list(params[key]) else (params[key],)
    if not all(one is None or isinstance(one, int | float) for one in listed):
        raise ValueError(f"{key} is no number and no list of numbers")
    return tuple(None if one is None else float(one) for one in listed)


FIGURES = {
    "wires": draw_wires, "cells": draw_cells, "rows": draw_rows, "tables": draw_tables, "places": draw_places,
}  # fmt: skip
