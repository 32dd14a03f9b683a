"""Drop 13: many layers in a row, and the same layers with a way around each two of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Series
from drops.exercises.figure import Drawing
from drops.text import number
from nnlab import Activation, Adam, Dense, Layer, Net, Residual, Trainer, data

Figures = Mapping[str, float]
WIDTH, ROWS, EPOCHS, BATCH, RATE, LEARNS = 16, 200, 30, 20, 0.003, 0.95
EACH = 10  # of so many rows one is asked for its blame


def deep_net(layers: int, around: bool, seed: int, squash: str = "tanh") -> Net:
    """Dense(16), so many layers in blocks of two, one output; `around` adds a block's input to its output."""
    made: list[Layer] = [Dense(WIDTH)]
    for _ in range(layers // 2):
        block: list[Layer] = [Dense(WIDTH), Activation(squash), Dense(WIDTH)]
        made += [Residual(*block)] if around else [*block, Activation(squash)]
    return Net(*made, Dense(1), out="sigmoid", loss="bce", input=2, seed=seed)


def around(layers: int, way: bool, runs: int = 10) -> Figures:
    """The share of starts from which the moons are learned, 95 of 100 right, in 30 epochs."""
    table = data.moons(ROWS, seed=0)
    right = []
    for seed in range(runs):
        net = deep_net(layers, way, seed)
        Trainer(net, table, Adam(RATE), batch=BATCH).fit(EPOCHS)
        right.append(float(net.accuracy(*table)))
    learn = float(np.mean(np.array(right) >= LEARNS))
    return {"learn": learn, "right": float(np.median(right)), "runs": float(runs)}


def let_through(layers: int, way: bool, runs: int = 20) -> Figures:
    """Before training: the share of what tells rows apart that is left behind the last layer, of that behind
    the first; and of the blame at the last layer the share that reaches the first. Medians over starts.
    """
    table = data.moons(ROWS, seed=0)
    forward, back = [], []
    for seed in range(runs):
        net = deep_net(layers, way, seed)
        first, last = net[0], net[-1]
        values = net.values(table.X).items()
        said = [value.std(axis=0).mean() for name, value in values if name.startswith("res" if way else "h")]
        forward.append(float(said[-1] / said[0]))
        came = []
        for at in range(0, ROWS, EACH):  # row by row: blames of several cancel out in a sum
            net.backward(table.X[at : at + 1], table.y[at : at + 1])
            came.append(np.linalg.norm(first.db) / (np.linalg.norm(last.W) * np.linalg.norm(last.db)))
        back.append(float(np.mean(came)))
    return {"forward": float(np.median(forward)), "back": float(np.median(back)), "runs": float(runs)}


ASKED = 5  # starts of a net whose signal is followed
ROOM = 1.1  # over the highest point


@lru_cache(maxsize=8)
def handed_on(layers: int, way: bool) -> tuple[float, ...]:
    """How far apart 200 rows are in what each layer says before training: medians over starts, tanh layers
    alone, and the sums behind them where there is a way around.
    """
    values = deep_net(layers, way, 0).fleet(ASKED).values(data.moons(ROWS, seed=0).X)
    said = [value for name, value in values.items() if name.startswith("res" if way else "h")]
    return tuple(float(np.median(value.std(axis=1).mean(axis=-1))) for value in said)


def draw_handed_on(params: Mapping[str, Any]) -> Drawing:
    """```figure handed-on: layers, way → how far apart rows still are behind each layer of a fresh net."""
    layers, way = int(params["layers"]), bool(params["way"])
    each, spreads = (2 if way else 1), handed_on(layers, way)
    points = tuple((float(each * k), spread) for k, spread in enumerate(spreads, 1))
    shape = "with a way around each two" if way else "in a row"
    says = (
        f"{layers} tanh layers {shape}, before training: rows are {number(spreads[0], 2)} apart "
        f"behind layer {each}, {number(spreads[-1], 2)} behind layer {layers}."
    )
    marks = tuple((x, y, number(y, 2)) for x, y in (points[0], points[-1]))
    line, window = Series("rows apart", points), (0.0, ROOM * max(spreads))
    curve = Curve((line,), "layer", "rows apart", says, marks=marks, window=window)
    return Drawing((curve,), {"first": spreads[0], "last": spreads[-1]})
