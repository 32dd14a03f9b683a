"""The moving pictures of drops 3 to 5: a window that slides, what sharing costs, pooling, and what a unit
sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Beside, Figure, Knob, Matrix, Show, Words
from drops.exercises.figure import Drawing
from drops.text import number
from nnlab import Conv2D, Net

KERNELS: Mapping[str, tuple[tuple[float, ...], ...]] = {
    "upright": ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)),
    "flat": ((-1, -1, -1), (2, 2, 2), (-1, -1, -1)),
    "edge": ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
    "equal": ((1, 1, 1), (1, 1, 1), (1, 1, 1)),
}
# fmt: off
PICTURE = np.array([
    [0, 0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0, 0],
    [0, 1, 1, 1, 1, 0],
    [0, 0, 0, 0, 0, 0],
], dtype=float)
# fmt: on


def matrix(values: np.ndarray, says: str, title: str, lit: tuple[tuple[int, int], ...] = ()) -> Matrix:
    """Rows and columns called by their numbers."""
    rows, columns = values.shape
    cells = tuple(tuple(map(float, row)) for row in values)
    return Matrix(
        tuple(map(str, range(1, rows + 1))), tuple(map(str, range(1, columns + 1))), cells, says, title, lit
    )


def slid(picture: np.ndarray, kernel: np.ndarray, bias: float = 0.0) -> np.ndarray:
    """The map of a kernel over a picture, as the engine makes it."""
    k = len(kernel)
    net = Net(Conv2D(1, k), input=(1, *picture.shape))
    net[0].W[:], net[0].b[:] = kernel.reshape(1, -1), bias
    made: np.ndarray = np.asarray(net.predict(picture[None, None]))[0, 0]
    return made


def draw_window(params: Mapping[str, Any]) -> Drawing:
    """```figure window: kernel → a 3×3 window over a picture, moved by its knobs, and the map it makes."""
    names = list(KERNELS)
    knobs = (
        Knob("row", "row", 1, 4, 1, 1),
        Knob("column", "column", 1, 4, 1, 2),
        Knob("kernel", "kernel", 0, len(names) - 1, 1, names.index(params["kernel"]), tuple(names)),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        r, c = int(v["row"]) - 1, int(v["column"]) - 1
        name = names[int(v["kernel"])]
        kernel = np.array(KERNELS[name], dtype=float)
        made = slid(PICTURE, kernel)
        window = tuple((r + i, c + j) for i in range(3) for j in range(3))
        terms = [
            f"{number(w)}·{number(p)}"
            for w, p in zip(kernel.ravel(), PICTURE[r : r + 3, c : c + 3].ravel(), strict=True)
            if w and p
        ]
        worked = " + ".join(terms) or "nothing but zeros"
        says = f"Row {r + 1}, column {c + 1}: {worked} = {number(made[r, c])}."
        return (
            Beside((matrix(PICTURE, says, "picture", window), matrix(made, says, "map", ((r, c),)))),
            matrix(kernel, f"The kernel asks: {name}?", f"kernel: {name}"),
            Words(says),
        )

    made = {name: slid(PICTURE, np.array(kernel, dtype=float)) for name, kernel in KERNELS.items()}
    numbers = {"upright": float(made["upright"][0, 1]), "flat": float(made["flat"][0, 1])}
    numbers |= {"places": float(made["upright"].size)}
    return Drawing((Figure(knobs, show, "Slide the window. Where does the kernel answer loudest?"),), numbers)


def draw_map_size(params: Mapping[str, Any]) -> Drawing:
    """```figure map-size: n, k, p, s → where the windows begin, and how large the map is."""
    knobs = tuple(
        Knob(name, label, low, high, 1, float(params[name]))
        for name, label, low, high in (
            ("n", "pixels n", 5, 12), ("k", "kernel k", 1, 5), ("p", "margin p", 0, 2), ("s", "step s", 1, 3),
        )
    )  # fmt: skip

    def size(v: Mapping[str, float]) -> int:
        net = Net(Conv2D(1, int(v["k"]), int(v["s"]), int(v["p"])), input=(1, int(v["n"]), int(v["n"])))
        return int(np.asarray(net.predict(np.zeros((1, 1, int(v["n"]), int(v["n"]))))).shape[-1])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        n, k, p, s = (int(v[name]) for name in "nkps")
        made = size(v)
        wide = n + 2 * p
        cells = np.full((made, wide), np.nan)
        for place in range(made):
            cells[place, place * s : place * s + k] = 1
        values = tuple(tuple(None if np.isnan(x) else float(x) for x in row) for row in cells)
        margin = ("·",) * p
        columns = (*margin, *(str(i + 1) for i in range(n)), *margin)
        says = f"({n} + 2·{p} − {k})/{s} + 1, rounded down: {made} windows, so a map of {made}×{made}."
        return (
            Matrix(tuple(f"{i + 1}." for i in range(made)), columns, values, says, "windows along a row"),
            Words(says),
        )

    start = {knob.name: knob.start for knob in knobs}
    numbers = {"size": float(size(start)), "margin": float(size({**start, "p": 1.0}))}
    says = "Add a margin, then take larger steps. How many windows fit?"
    return Drawing((Figure(knobs, show, says),), numbers)
