"""What a net says over the plane, in words and digits: its map, its units, its health."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from drops.errors import DropsError
from drops.networks.lab.bench import Bench
from drops.networks.lab.rows import classes, columns, listen
from drops.networks.nets import rectangle
from drops.text import in_percent, number
from nnlab import diagnose
from nnlab.plan import Array

SIDE = 9  # rows and columns of a map in digits


def reach(bench: Bench, axes: tuple[int, int] = (0, 1)) -> tuple[tuple[float, float], tuple[float, float]]:
    """The stretch of two columns that holds all training rows, a little wider; of one column the second goes
    from 0 to 1."""
    at = bench.rows[0].at[:, [axis for axis in axes if axis < bench.recipe.source.columns]]
    low, high = at.min(axis=0), at.max(axis=0)
    room = 0.05 * (high - low)
    spans = list(zip((low - room).tolist(), (high + room).tolist(), strict=True))
    return spans[0], spans[1] if len(spans) > 1 else (0.0, 1.0)


def map_in_digits(bench: Bench) -> list[str]:
    """Nine lines of nine digits, from the top: 0 is no, or the least that it says; 9 is yes, or the most; of
    more classes each has its digit. The last line tells which. Of one column the curve, point by point.
    Raises DropsError where there are more than two."""
    columns = bench.recipe.source.columns
    if columns > 2:
        raise DropsError(
            f"a map has two columns and {bench.recipe.data} {columns}; units tells of every unit"
        )
    if columns == 1:
        return _curve(bench)
    across, up = reach(bench)
    says = bench.net.predict(listen(bench.recipe, rectangle(across, up, SIDE, SIDE)))
    if bench.recipe.source.classes > 2:
        lines = ["".join(map(str, row)) for row in says.argmax(axis=-1).reshape(SIDE, SIDE)]
        return [*lines, ", ".join(f"{i}: {name}" for i, name in enumerate(classes(bench.recipe)))]
    called = classes(bench.recipe)
    low, high = (0.0, 1.0) if called else (float(says.min()), float(says.max()))
    share = np.nan_to_num((says - low) / (high - low or 1.0)).clip(0, 0.999)
    least, most = called or (number(low), number(high))
    lines = ["".join(map(str, row)) for row in (share * 10).astype(int).reshape(SIDE, SIDE)]
    return [*lines, f"0: {least}, 9: {most}"]


def _curve(bench: Bench) -> list[str]:
    at = bench.rows[0].at
    x = np.linspace(at.min(), at.max(), SIDE)[:, None]
    says = bench.net.predict(listen(bench.recipe, x))
    return [f"x {number(float(a))}: {number(float(y))}" for a, y in zip(x[:, 0], says, strict=True)]


def units_in_words(bench: Bench) -> Iterator[str]:
    """Each hidden unit in a sentence."""
    values = bench.net.values(bench.train.X)
    for layer, one in enumerate(bench.recipe.hidden, 1):
        z, h = values[f"z{layer}"], values.get(f"h{layer}", values[f"z{layer}"])
        for unit in range(one.units):
            yield f"h{layer}[{unit + 1}]: {_first(bench, layer, unit)}{_on_rows(z[:, unit], h[:, unit])}"


def _first(bench: Bench, layer: int, unit: int) -> str:
    """The line of a unit that listens to the two columns themselves."""
    if layer > 1 or bench.recipe.listens_to != ("x", "y"):
        return ""
    a, *others = (float(w) for w in bench.net.params.view("W1")[unit])
    signed = (f"{'−' if w < 0 else '+'} {number(abs(w))}" for w in others)
    y, bias = signed
    return f"z is 0 on the line {number(a)}·x {y}·y {bias} = 0; "


def _on_rows(z: Array, h: Array) -> str:
    if float(np.ptp(h)) < 1e-9:
        return f"it says {number(float(h[0]), 3)} on every row, so it is dead"
    up = f"z is above 0 on {in_percent(float(np.mean(z > 0)))} of the rows"
    return f"{up}; it says {number(float(h.min()), 3)} to {number(float(h.max()), 3)}"


def findings(bench: Bench) -> list[str]:
    """What the doctor names."""
    found = [str(one) for one in diagnose(bench.net, tuple(bench.train), bench.recipe.learning_rate)]
    return found or ["Nothing stands out."]


class RowTold(NamedTuple):
    """A training row in words."""

    row: str  # Row 3
    heard: tuple[str, ...]  # x 0.5, …
    answer: str  # Right is yes, the net says 0.97
    so: str = ""  # of a yes or no what that means


def tell_row(bench: Bench, row: int) -> RowTold:
    """A training row, counted from 0: what the net hears, what is right, what it says."""
    X, says = bench.train.X[row], np.atleast_1d(bench.net.predict(bench.train.X[row][None])[0])
    names = bench.recipe.listens_to or columns(bench.recipe)
    heard = tuple(f"{name} {number(float(x), 4)}" for name, x in zip(names, X, strict=True))
    right, called = right_answer(bench, row), classes(bench.recipe)
    answer = number(float(says[0]), 4) if len(says) == 1 else called[int(says.argmax())]
    so = f", so {called[int(says[0] > 0.5)]}" if len(called) == 2 else ""
    return RowTold(f"Row {row + 1}", heard, f"Right is {right}, the net says {answer}", so)


def right_answer(bench: Bench, row: int) -> str:
    """What is right at a training row: its class by name, or its number."""
    y, called = float(bench.train.y[row]), classes(bench.recipe)
    return called[int(y)] if called else number(y, 4)


def row_in_words(bench: Bench, row: int) -> list[str]:
    """A training row as a sentence."""
    told = tell_row(bench, row)
    return [f"{told.row}: {', '.join(told.heard)}. {told.answer}{told.so}."]
