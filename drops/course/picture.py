"""The picture of a drop to come: numbers of its front matter, drawn without any engine.

    picture = { net = [2, 3, 1] }                              units, layer by layer
    picture = { weights = [[[1, 2], [0.5, -2]], [[1, -1]]] }   a net's tables, row by row
    picture = { lines = [[0, 2, 3], [-1.7, -1, 3]] }           w₁, w₂, b of each line on a plane of ±5
    picture = { curves = [[[-3, 0], [0, 0], [3, 3]]], x = "z", y = "h" }
                points of each curve, left to right; the names of both axes, in `names` those of several
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from drops.course.model import Teaser
from drops.course.table import TomlTable

MOST_LAYERS, MOST_UNITS, MOST_LINES, MOST_POINTS = 6, 12, 8, 200
LONGEST_NAME = 40
AXES = ("x", "y", "names")
WRITE = (
    "write picture = { net = [2, 3, 1] }, { weights = [[[1, -1]]] }, { lines = [[1, 2, -1]] } "
    'or { curves = [[[0, 0], [1, 1]]], x = "steps", y = "loss" }'
)
NAME = 'name its axes: x = "steps", y = "loss"; and each of several curves: names = ["plain", "scaled"]'


def read_picture(front: TomlTable) -> Teaser | None:
    """The picture of a drop's front matter; None where there is none. Raises ContentError."""
    if "picture" not in front.data:
        return None
    given = front.table("picture")
    kind, *others = [name for name in given if name not in AXES] or [""]
    data: Any = given.get(kind)
    if others or kind not in KINDS:
        raise front.error("picture", "a picture of no known kind", WRITE)
    if not KINDS[kind](data):
        raise front.error("picture", f"{kind} of a picture that cannot be drawn", WRITE)
    x, y, names = given.get("x", ""), given.get("y", ""), given.get("names", [])
    wanted = len(data) if kind == "curves" and len(data) > 1 else 0
    told = isinstance(names, list) and len(names) == wanted and all(map(_is_name, names))
    if not told or (kind == "curves") != (_is_name(x) and _is_name(y)):
        raise front.error("picture", f"{kind} of a picture without their names", NAME)
    return Teaser(kind, _frozen(data), x, y, tuple(names))


def _is_name(text: Any) -> bool:
    return isinstance(text, str) and 0 < len(text.strip()) <= LONGEST_NAME


def _is_net(data: Any) -> bool:
    whole = isinstance(data, list) and all(type(n) is int and 1 <= n <= MOST_UNITS for n in data)
    return whole and 2 <= len(data) <= MOST_LAYERS


def _is_weights(data: Any) -> bool:
    if not isinstance(data, list) or not 1 <= len(data) < MOST_LAYERS:
        return False
    if not all(isinstance(table, list) and 1 <= len(table) <= MOST_UNITS for table in data):
        return False
    if not all(_is_row(row, 1, MOST_UNITS) and len(row) == len(table[0]) for table in data for row in table):
        return False
    return all(len(before) == len(after[0]) for before, after in pairwise(data))


def _is_lines(data: Any) -> bool:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_LINES:
        return False
    return all(_is_row(line, 3, 3) and any(line[:2]) for line in data)


def _is_curves(data: Any) -> bool:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_LINES:
        return False
    return all(isinstance(curve, list) and _is_curve(curve) for curve in data)


def _is_curve(points: list[Any]) -> bool:
    if not 2 <= len(points) <= MOST_POINTS or not all(_is_row(point, 2, 2) for point in points):
        return False
    return all(a[0] <= b[0] for a, b in pairwise(points)) and points[0][0] < points[-1][0]


def _is_row(row: Any, fewest: int, most: int) -> bool:
    numbers = isinstance(row, list) and all(type(n) in (int, float) for n in row)
    return numbers and fewest <= len(row) <= most


KINDS: Mapping[str, Callable[[Any], bool]] = {
    "net": _is_net,
    "weights": _is_weights,
    "lines": _is_lines,
    "curves": _is_curves,
}


def _frozen(data: Any) -> Any:
    return tuple(map(_frozen, data)) if isinstance(data, list) else data
