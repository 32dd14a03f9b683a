"""The 342 penguins that walk through the lessons, in units that a head can hold.

    bird 315: bill 49.0 × 19.5 mm, flipper 210 mm   →   l = 5, d = 2.5, f = 1

f = flipper in centimetres above 20, d = bill depth in millimetres above 17, l = bill length in
millimetres above 44. A number of a bird is its place among the 342, from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from drops.exercises.blocks import Unit
from nnlab import data

Array = np.ndarray[Any, Any]


class Measure(NamedTuple):
    """A column of the table, and what a head makes of it."""

    letter: str  # what lessons call it in units for the head
    says: str  # for an axis
    zero: float  # millimetres
    one: float  # millimetres
    low: float  # millimetres: where an axis begins and ends
    high: float

    def head(self, mm: Any) -> Any:
        """In units for the head. Rounded: a bird on a line is on it, and 0.1 has no exact binary form."""
        return np.round((mm - self.zero) / self.one, 9)

    def mm(self, head: Any) -> Any:
        return self.zero + self.one * head


MEASURES: Mapping[str, Measure] = {
    "bill_length_mm": Measure("l", "bill length (mm)", 44, 1, 32, 60),
    "bill_depth_mm": Measure("d", "bill depth (mm)", 17, 1, 13, 22),
    "flipper_length_mm": Measure("f", "flipper (mm)", 200, 10, 170, 235),
}


TABLES = ("gentoo", "chinstrap", "penguins")  # of nnlab: two yes-no questions of two measures, and all


class Birds(NamedTuple):
    """A yes-no table of the birds, two measures each."""

    X: Array  # (342, 2), units for the head
    y: Array  # (342,): 1 for the species that is asked for
    measures: tuple[Measure, Measure]
    asked: str  # "Gentoo"


@cache
def birds(table: str) -> Birds:
    """`gentoo` (flipper, depth) or `chinstrap` (bill length, depth)."""
    rows = data.load(table)
    across, up = (MEASURES[column] for column in rows.columns)
    X = np.column_stack([across.head(rows.X[:, 0]), up.head(rows.X[:, 1])])
    return Birds(X, rows.y, (across, up), rows.classes[1])


def standardised(table: str) -> tuple[Array, Array]:
    """All birds, every column to mean 0 and spread 1: what training uses. (342, columns), (342,)."""
    rows = data.load(table)
    return (rows.X - rows.X.mean(axis=0)) / rows.X.std(axis=0), rows.y


def sums(unit: Unit, X: Array) -> Array:
    """z of one neuron for every row, (n,); exactly 0 on its line."""
    return np.asarray(np.round(X @ np.array(unit[:2]) + unit[2], 9))


def fires(units: Iterable[Unit], vote: float, X: Array) -> Array:
    """Whether the output fires that counts how many units do, and adds its bias `vote`; (n,) of bool.

    One unit and a vote of −½ is that neuron alone.
    """
    votes = sum((sums(unit, X) > 0).astype(float) for unit in units)
    return np.asarray(votes + vote > 0)


def right(table: str, says_yes: Callable[[Array], Array]) -> int:
    """How many of the 342 birds a rule tells right."""
    one = birds(table)
    return int(np.sum(says_yes(one.X) == (one.y > 0.5)))
