"""The pictures of the loss: squares on the misses, a parabola."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Sheet, Show
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.text import number
from nnlab.losses import LOSSES


def loss_of(name: str, predicted: Sequence[float], y: Sequence[float]) -> float:
    """The engine's mean loss of given predictions."""
    return float(LOSSES[name](predicted, y).mean())


def draw_parabola(params: Mapping[str, Any]) -> Drawing:
    """```figure parabola: y, p → L while the prediction of the worst row moves: lowest at its target."""
    y, predicted = (list(map(float, params[name])) for name in ("y", "p"))
    worst = max(range(len(y)), key=lambda r: abs(predicted[r] - y[r]))
    low, high, name = y[worst] - 4, y[worst] + 4, f"ŷ{SUB[worst + 1]}"

    def loss(value: float) -> float:
        return loss_of("mse", [*predicted[:worst], value, *predicted[worst + 1 :]], y)

    line = Series("L", tuple((low + k / 8, loss(low + k / 8)) for k in range(65)))

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        value, now = at["p"], loss(at["p"])
        says = (
            f"{name} = {number(value)}: a miss of {number(value - y[worst])}, L = {number(now)}. "
            f"The lowest point is at the target, {number(y[worst])}."
        )
        return (Curve((line,), name, "L", says, marks=((value, now, number(now)),)),)

    knobs = (Knob("p", name, low, high, 0.5, predicted[worst]),)
    says = "Move the worst prediction: the loss runs along a parabola."
    return Drawing((Figure(knobs, draw, says),), {})


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
