"""The pictures of drops 8 and 9 beside the squares and the sheets: rows and their misses, a nudge, and
step after step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Sheet, Show, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.networks.forward.net231 import engine, values, wires
from drops.networks.forward.net231_figures import example
from drops.networks.nets import points
from drops.text import number
from nnlab import SGD, Net

# ── drop 8 ────────────────────────────────────────────────────────────────────────────────


def draw_four_rows(params: Mapping[str, Any]) -> Drawing:
    """```figure four-rows: y, p, e1 …, L → targets and predictions, where each miss that was found leads from
    its target, and what was found squared.
    """
    y, predicted = (list(map(float, params[name])) for name in ("y", "p"))
    rows = range(1, len(y) + 1)
    misses = {r: float(params[f"e{r}"]) for r in rows if f"e{r}" in params}
    series = [
        Series("target y", points(rows, y), "dots"),
        Series("prediction ŷ", points(rows, predicted), "dots"),
    ]
    if misses:
        series.append(Series("y + your miss", points(misses, (y[r - 1] + misses[r] for r in misses)), "dots"))
    says = f"Targets and predictions of the {len(y)} rows."
    plot = Curve(tuple(series), "row", "", says, window=(-7.5, 7.5))
    squares = [Bar(f"e{SUB[r]}²", e**2) for r, e in misses.items()]
    squares += [Bar("L", float(params["L"]))] if "L" in params else []
    told = "The squares of the misses, and what you take for their mean."
    return Drawing((plot, Bars(tuple(squares), told)) if squares else (plot,), {})


def draw_two_models(params: Mapping[str, Any]) -> Drawing:
    """```figure two-models: A, B → by how much each of two models misses its rows."""

    misses = {name: list(map(float, params[name])) for name in "AB"}
    told = " ".join(f"Model {name} misses by {', '.join(map(number, its))}." for name, its in misses.items())
    each = [(f"{name} e{SUB[r]}", miss) for name, its in misses.items() for r, miss in enumerate(its, 1)]
    return Drawing((Bars(tuple(Bar(*one) for one in each), told, unit="miss"),), {})  # one scale for both


# ── drop 9 ────────────────────────────────────────────────────────────────────────────────

NUDGED = {"W₁[2, 1]": (0, "W", (1, 0)), "W₁[2, 2]": (0, "W", (1, 1)), "b₁[2]": (0, "b", (1,)),
          "W₂[1, 2]": (1, "W", (0, 1)), "b₂": (1, "b", (0,))}  # fmt: skip
SIZES = (1.0, 0.1, 0.01, 0.001)


def draw_nudge(params: Mapping[str, Any]) -> Drawing:
    """```figure nudge: x, y → one number moved a little, the network with it, the loss before and after, and
    the ratio.
    """
    net = example(params)
    X, y = [net.x], [net.y]
    before = float(engine(net).loss(X, y))

    def nudged(name: str, size: float) -> Net:
        moved = engine(net).copy()
        layer, table, place = NUDGED[name]
        getattr(moved[layer], table)[place] += size
        return moved

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        name, size = list(NUDGED)[int(v["number"])], SIZES[int(v["nudge"])]
        moved, (layer, table, place) = nudged(name, size), NUDGED[name]
        became, loss = float(getattr(moved[layer], table)[place]), float(moved.loss(X, y))
        rows = (
            (f"loss with {name} = {number(became - size)}", number(before, 6)),
            (f"loss with {name} = {number(became)}", number(loss, 6)),
            ("change of the loss", number(loss - before, 6)),
            (f"change / {number(size)}", number((loss - before) / size)),
        )
        ratio = number((loss - before) / size)
        says = f"{name} grows by {number(size)}: the loss changes {ratio} times as fast."
        (W1, W2), (b1, b2) = ([getattr(moved[i], each).tolist() for i in (0, 1)] for each in "Wb")
        turned = replace(net, W1=W1, b1=b1, W2=W2[0], b2=b2[0])
        lit = ((layer, *place),) if len(place) == 2 else ()
        here = values(turned, net.x)
        drawn = wires(turned, f"{name} is {number(became)}, ŷ {number(here[2][0] or 0.0, 6)}.", here, lit=lit)
        told = f"Loss {rows[0][1]} before, {rows[1][1]} after. {says}"
        return drawn, Sheet(("", ""), rows, told), Words(f"**{says}**")

    knobs = (
        Knob("number", "number", 0, len(NUDGED) - 1, 1, 0, tuple(NUDGED)),
        Knob("nudge", "nudge", 0, 3, 1, 3, tuple(map(number, SIZES))),
    )
    ratio = (float(nudged("W₁[2, 1]", 0.001).loss(X, y)) - before) / 0.001
    says = "Five of the 13. Make the nudge smaller: towards which number does the ratio settle?"
    return Drawing((Figure(knobs, show, says),), {"before": before, "w21": ratio})


MOST = 8


def draw_again(params: Mapping[str, Any]) -> Drawing:
    """```figure again: x, y, lr → the loss after each of eight steps on one row."""
    net = example(params)
    X, y = [net.x], [net.y]

    @cache
    def fallen(lr: float) -> list[tuple[float, float]]:
        """ŷ and the loss after 0, 1 … 8 steps: 13 numbers and one row take 2 ms."""
        now: Net = engine(net).copy()
        seen = [(float(now.predict(X)[0]), float(now.loss(X, y)))]
        for _ in range(MOST):
            now.step(X, y, SGD(lr))
            seen.append((float(now.predict(X)[0]), float(now.loss(X, y))))
        return seen

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        seen, k = fallen(v["lr"]), int(v["iterations"])
        yhat, loss = seen[k]
        says = f"After {k} iteration{'s' * (k != 1)}: ŷ = {number(yhat)}, loss {number(loss, 4)}."
        line = Series("loss", tuple((float(i), at) for i, (_, at) in enumerate(seen)))
        return Curve(
            (line,),
            "iterations",
            "loss",
            says,
            marks=((k, loss, number(loss)),),
            window=(0, 2 * fallen(v["lr"])[0][1]),
        ), Words(says)

    knobs = (
        Knob("iterations", "iterations", 0, MOST, 1, 0),
        Knob("lr", "learning rate", 0.005, 0.1, 0.005, net.lr),
    )
    seen = fallen(net.lr)
    numbers = {"first": seen[1][1], "second": seen[2][1]}
    says = "Take one step after another. Which learning rate comes down fastest, and which jumps?"
    return Drawing((Figure(knobs, show, says),), numbers)
