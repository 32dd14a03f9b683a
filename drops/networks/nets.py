"""Networks with given numbers, and what they make of the plane: the engine in an exercise's words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import wraps
from itertools import pairwise
from typing import Any, ParamSpec, TypeVar

import numpy as np

from drops.exercises.blocks import Surface, Unit, Wires
from drops.exercises.sheets import SUB
from drops.exercises.worksheet import Values
from nnlab import Net

Grid = tuple[tuple[float, ...], ...]
Pair = tuple[float, float]
Pair2 = tuple[str, str]
DRAWN = 24  # units of a layer that are drawn; of a wider one the first


P = ParamSpec("P")
T = TypeVar("T")


def in_each_thread(make: Callable[P, T]) -> Callable[P, T]:
    """Made once for each thread that asks, since it is written into: pages are drawn in threads."""
    own = threading.local()

    @wraps(make)
    def found(*given: P.args, **named: P.kwargs) -> T:
        made: dict[Any, T] = own.__dict__.setdefault("made", {})
        key = (given, tuple(named.items()))
        if key not in made:
            made[key] = make(*given, **named)
        return made[key]

    return found


def dense(w: Sequence[float], b: float, squash: str = "relu") -> Net:
    """One neuron: weights, bias and a squash."""
    return layered([([list(w)], [b])], squash)


def layered(
    layers: Iterable[tuple[Sequence[Sequence[float]], Sequence[float]]],
    out: str = "linear",
    hidden: str = "relu",
) -> Net:
    """A net of given numbers: (W, b) for each layer, W row by row of the unit that listens."""
    layers = list(layers)
    sizes = [len(layers[0][0][0]), *(len(b) for _, b in layers)]
    net = Net("-".join(map(str, sizes)), hidden=hidden, out=out, init="zeros")
    for i, (W, b) in enumerate(layers):
        net[i].W[:] = W
        net[i].b[:] = b
    return net


def plane(
    low: float, high: float, columns: int = 48, rows: int = 24
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The middle of every cell of a square map, row by row from the top: (rows·columns, 2)."""
    return rectangle((low, high), (low, high), columns, rows)


def rectangle(
    across: Pair, up: Pair, columns: int = 48, rows: int = 24
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The middle of every cell of a map, row by row from the top: (rows·columns, 2)."""
    x = across[0] + (np.arange(columns) + 0.5) * (across[1] - across[0]) / columns
    y = up[1] - (np.arange(rows) + 0.5) * (up[1] - up[0]) / rows
    return np.column_stack([np.tile(x, rows), np.repeat(y, columns)])


def surface(net: Net, span: Pair, says: str, columns: int = 48, rows: int = 24, **drawn: Any) -> Surface:
    """The net's output over a square map, both inputs from span[0] to span[1]; `drawn` goes on it."""
    values = net.predict(plane(*span, columns, rows))
    return Surface(as_grid(values, columns), span, span, says, **drawn)


def empty_plane(span: Pair, says: str, **drawn: Any) -> Surface:
    """A plane on which nothing is known yet; `drawn` goes on it."""
    return Surface(((0.0,),), span, span, says, -1.0, 1.0, flat=True, **drawn)


def drawable(*sizes: float) -> tuple[int, ...]:
    """Sizes of layers as whole numbers. Raises ValueError for what no page has room for."""
    if not 1 <= len(sizes) <= DRAWN or not all(1 <= size <= DRAWN and size == int(size) for size in sizes):
        shown = ", ".join(f"{size:g}" for size in sizes[:DRAWN])
        raise ValueError(f"{shown} are no sizes of layers: each is a whole number from 1 to {DRAWN}")
    return tuple(int(size) for size in sizes)


def bare(sizes: Sequence[int], says: str, **drawn: Any) -> Wires:
    """A net of given sizes, wired, before it has numbers."""
    weights = tuple(((0.0,) * a,) * b for a, b in pairwise(sizes))
    return Wires(names(sizes), weights, None, says, **drawn)


def stacked(stack: str, wide: int = 3) -> Wires:
    """A stack such as W relu W W as a net, so many units `wide`: a table is what lies between two layers, a
    unit says whether it squashes.
    """
    layers = stack.split("W")[1:-1]
    net = bare((2, *[wide] * len(layers), 1), f"The stack {stack}: {len(layers) + 1} tables.")
    inner = tuple((layer.strip() or "·",) * wide for layer in layers)
    return replace(net, names=(net.names[0], *inner, net.names[-1]))


def names(sizes: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """x₁, x₂ … at the front, ŷ at the end; a layer between is h, and of several the units have no name."""
    hidden = "h" if len(sizes) == 3 else ""
    inner = (tuple(f"{hidden}{_low(i)}" if hidden else "·" for i in range(n)) for n in sizes[1:-1])
    last = ("ŷ",) if sizes[-1] == 1 else tuple(f"ŷ{_low(i)}" for i in range(sizes[-1]))
    return tuple(f"x{_low(i)}" for i in range(sizes[0])), *inner, last


def _low(i: int) -> str:
    return "".join(SUB[int(digit)] for digit in str(i + 1))


def half_plane(
    unit: Unit, across: Pair, up: Pair, says: str, names: Pair2 = ("x₁", "x₂"), **drawn: Any
) -> Surface:
    """A neuron's z over the plane: it fires on one side of its line; `drawn` goes on the map."""
    z = dense(unit[:2], unit[2], "linear").predict(rectangle(across, up))
    reach = float(np.abs(z).max()) or 1.0
    return Surface(
        as_grid(z), across, up, says, -reach, reach, lines=(unit,), x_label=names[0], y_label=names[1],
        sides=("silent, z < 0", "fires, z > 0"), **drawn,
    )  # fmt: skip


def as_grid(values: Iterable[float], columns: int = 48) -> Grid:
    """Values row by row as the rows of a Surface."""
    return tuple(tuple(map(float, row)) for row in np.reshape(np.asarray(values), (-1, columns)))


def points(x: Iterable[float], y: Iterable[float]) -> tuple[Pair, ...]:
    """Two columns as the points of a Series."""
    return tuple((float(a), float(b)) for a, b in zip(x, y, strict=True))


def relu(v: float) -> float:
    """max(0, v)."""
    return max(0.0, v)


def weighted(v: Values) -> float:
    """w₁x₁ + w₂x₂, without the bias."""
    return v["w1"] * v["x1"] + v["w2"] * v["x2"]
