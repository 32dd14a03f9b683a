"""The pictures of the loss: squares on the misses, a parabola, the strip of −ln."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Sheet, Show
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.text import number
from nnlab.losses import LOSSES


def loss_of(name: str, predicted: Sequence[float], y: Sequence[float]) -> float:
    """The engine's mean loss of given predictions."""
    return float(LOSSES[name](predicted, y).mean())


def parabola(y: Sequence[float], predicted: Sequence[float]) -> Figure:
    """L while the prediction of the worst row moves: a parabola that is lowest at its target."""
    worst = max(range(len(y)), key=lambda r: abs(predicted[r] - y[r]))
    low, high = y[worst] - 4, y[worst] + 4
    grid = [low + k / 8 for k in range(65)]

    def losses(values: Sequence[float]) -> list[float]:
        """L for each of them in the worst row's place."""
        moved = np.tile(predicted, (len(values), 1)).T
        moved[worst] = values
        each = LOSSES["mse"](moved, np.tile(y, (len(values), 1)).T)
        return [float(loss) for loss in each.mean(axis=0)]

    line = Series("L", tuple(zip(grid, losses(grid), strict=True)))

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        value = at["p"]
        (loss,) = losses([value])
        says = (
            f"ŷ{SUB[worst + 1]} = {number(value)}: a miss of {number(value - y[worst])}, L = {number(loss)}. "
            f"The lowest point is at the target, {number(y[worst])}."
        )
        return (Curve((line,), f"ŷ{SUB[worst + 1]}", "L", says, marks=((value, loss, number(loss)),)),)

    knob = Knob("p", f"ŷ{SUB[worst + 1]}", low, high, 0.5, float(predicted[worst]))
    return Figure((knob,), draw, "Move the worst prediction: the loss runs along a parabola.")


def surprise(p: Sequence[float] = (), y: Sequence[int] = ()) -> Figure:
    """−ln of a share, with a cursor; the rows given are marked."""
    grid = [k / 100 for k in range(1, 101)]
    line = Series("−ln", tuple((s, -log(s)) for s in grid))
    seen = [share if happened else 1 - share for share, happened in zip(p, y, strict=True)]
    fixed = tuple((s, -log(s), f"row {r}") for r, s in enumerate(seen, 1))

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        s = at["s"]
        rows = "".join(f" Row {r} gave it {number(v)} and pays {-log(v):.2f}." for r, v in enumerate(seen, 1))
        says = f"A share of {number(s)} for what happened costs −ln {number(s)} = {-log(s):.2f}.{rows}"
        return (
            Curve(
                (line,),
                "share given to what happened",
                "−ln",
                says,
                marks=(*fixed, (s, -log(s), f"{-log(s):.2f}")),
            ),
        )

    return Figure(
        (Knob("s", "share", 0.01, 1.0, 0.01, 0.5),),
        draw,
        "Move the share towards 0 and watch the cost climb.",
    )


def squares_figure(params: Mapping[str, Any]) -> Drawing:
    """```figure squares: names, y, p → some rows, their misses and squares, and the loss."""
    y, predicted = list(map(float, params["y"])), list(map(float, params["p"]))
    names = [str(name) for name in params["names"]]

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        now = [at[f"p{r}"] for r in range(1, len(y) + 1)]
        misses = [a - b for a, b in zip(now, y, strict=True)]
        loss = loss_of("mse", now, y)
        heads = ("", *names)
        rows = (
            ("target y", *map(number, y)),
            ("prediction ŷ", *map(number, now)),
            ("miss", *map(number, misses)),
            ("square", *(number(e * e) for e in misses)),
        )
        told = ", ".join(f"{number(e)} squared is {number(e * e)}" for e in misses)
        bars = tuple(Bar(name, e * e) for name, e in zip(names, misses, strict=True))
        return (
            Sheet(heads, rows, f"Misses: {told}. Their mean is {number(loss)}."),
            Bars((*bars, Bar("mean", loss)), f"The mean of the squares is L = {number(loss)}."),
        )

    knobs = tuple(Knob(f"p{r}", f"ŷ{SUB[r]}", -1, 2, 0.05, v) for r, v in enumerate(predicted, 1))
    misses = [a - b for a, b in zip(predicted, y, strict=True)]
    numbers = {
        "mse": loss_of("mse", predicted, y),
        "mae": loss_of("mae", predicted, y),
        "mean_miss": sum(misses) / len(misses),
    }
    return Drawing(
        (Figure(knobs, draw, "Move a prediction: its square grows on both sides of the target."),), numbers
    )


def strip_figure(params: Mapping[str, Any]) -> Drawing:
    """−ln of a share with a cursor; `shares` in the fence become the numbers cost1, cost2 …"""
    shares = [float(s) for s in params["shares"]]
    numbers = {f"cost{k}": loss_of("bce", [s], [1]) for k, s in enumerate(shares, 1)}
    return Drawing((surprise(),), numbers)
