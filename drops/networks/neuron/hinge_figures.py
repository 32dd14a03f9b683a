"""The moving pictures of drop 3: layers that melt into one line, and the bends that keep them apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.nets import layered, points, relu
from drops.text import number
from nnlab import Net

FOUND = ("slope", "intercept", "kink", "yL", "yR")
LABELS = {"w1": "w₁", "b1": "b₁", "w2": "w₂", "b2": "b₂"}


def draw_kink(params: Mapping[str, Any]) -> Drawing:
    """```figure kink: w1, b1, w2, b2, d, slope, intercept, kink, yL, yR, hand → the first layer, and what was
    found in its place: the line, the kink, the heights d beside it; with nothing left in hand as they are.
    """
    w1, b1, w2, b2, d = (float(params[name]) for name in ("w1", "b1", "w2", "b2", "d"))

    def y(x: float) -> float:
        return w2 * relu(w1 * x + b1) + b2

    at = -b1 / w1
    true = dict(zip(FOUND, (w1 * w2, w2 * b1 + b2, at, y(at - d), y(at + d)), strict=True))
    known = {n: float(params[n]) if params.get("hand") else true[n] for n in FOUND if n in params}
    ends = (-6.0, 6.0)
    lines = [Series("first layer, z", points(ends, (w1 * x + b1 for x in ends)))]
    if {"slope", "intercept"} <= known.keys():
        straight = (known["slope"] * x + known["intercept"] for x in ends)
        lines.append(Series("without a squash", points(ends, straight)))
    marks: list[tuple[float, float, str]] = []
    if "kink" in known:
        kink = known["kink"]
        beside = {name: kink + side * d for name, side in (("yL", -1), ("yR", 1)) if name in known}
        marks = [(kink, 0.0, "kink")]
        marks += [(x, known[name], "left" if name == "yL" else "right") for name, x in beside.items()]
        if len(beside) == 2:
            bent = ((beside["yL"], known["yL"]), (kink, y(kink)), (beside["yR"], known["yR"]))
            lines.append(Series("with ReLU", bent))
    says = "The first layer, and what you found in its place: the line, the kink, the two heights."
    return Drawing((Curve(tuple(lines), "x", "y", says, marks=tuple(marks), window=(-12.0, 12.0)),), {})


def draw_hinge(params: Mapping[str, Any]) -> Drawing:
    """```figure hinge: w1, b1, w2, b2 → the straight line, the bent one, and where it bends."""
    start = {name: float(params[name]) for name in LABELS}
    x = np.linspace(-4, 4, 81)

    def net(v: Mapping[str, float], squash: str) -> Net:
        return layered([([[v["w1"]]], [v["b1"]]), ([[v["w2"]]], [v["b2"]])], hidden=squash)

    def line(v: Mapping[str, float]) -> dict[str, float]:
        at0, at1 = (float(y) for y in net(v, "linear").predict([[0.0], [1.0]]))
        kink = {"kink": -v["b1"] / v["w1"]} if v["w1"] else {}
        return {"slope": at1 - at0, "constant": at0, **kink}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        found = line(v)
        says = fill("Without a squash: y = {slope}·x + {constant}.", found)
        kink = f"a kink at x = {number(found['kink'], 2)}" if "kink" in found else "flat"
        says += f" With ReLU: {kink}."
        series = tuple(
            Series(name, points(x, net(v, squash).predict(x[:, None])))
            for name, squash in (("no squash", "linear"), ("ReLU between", "relu"))
        )
        return Curve(series, "x", "y", says, window=(-12, 18)), Words(says)

    knobs = tuple(Knob(name, LABELS[name], -3, 3, 0.5, start[name]) for name in LABELS)
    says = "Turn any number: without a squash the line stays straight. What moves the kink?"
    return Drawing((Figure(knobs, show, says),), line(start))


def draw_two_lines(params: Mapping[str, Any]) -> Drawing:
    """```figure two-lines: w1, b1, w2, b2 → the first layer's line, and the one that both come to."""
    start = {name: float(params[name]) for name in LABELS}
    x = np.linspace(-4, 4, 33)

    def both(v: Mapping[str, float]) -> Net:
        return layered([([[v["w1"]]], [v["b1"]]), ([[v["w2"]]], [v["b2"]])], hidden="linear")

    def one(v: Mapping[str, float]) -> dict[str, float]:
        at0, at1 = (float(y) for y in both(v).predict([[0.0], [1.0]]))
        return {"slope": at1 - at0, "constant": at0}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        says = fill("{w2}·({w1}·x + {b1}) + {b2} = {slope}·x + {constant}", {**v, **one(v)})
        seen = both(v).values(x[:, None])
        series = (
            Series("after one layer", points(x, seen["z1"][:, 0])),
            Series("after both", points(x, seen["yhat"][:, 0])),
        )
        return Curve(series, "x", "y", f"One line: {says}.", window=(-12, 12)), Words(f"**{says}**")

    knobs = tuple(Knob(name, LABELS[name], -3, 3, 0.5, start[name]) for name in LABELS)
    says = "Which of the four numbers leave the slope of both alone?"
    return Drawing((Figure(knobs, show, says),), one(start))


BETWEEN = {"ReLU": "relu", "leaky ReLU": "leaky", "tanh": "tanh", "sigmoid": "sigmoid", "f(z) = 2z": ""}


def draw_between(params: Mapping[str, Any]) -> Drawing:
    """```figure between: w1, b1, w2, b2 → two layers with one step or another between them."""
    w1, b1, w2, b2 = (float(params[name]) for name in LABELS)
    x, names = np.linspace(-4, 4, 81), tuple(BETWEEN)

    def curve(name: str) -> np.ndarray[Any, Any]:
        first, last = ([[w1]], [b1]), ([[w2]], [b2])
        if BETWEEN[name]:
            net = layered([first, last], hidden=BETWEEN[name])
        else:
            net = layered([first, ([[2.0]], [0.0]), last], hidden="linear")
        return np.asarray(net.predict(x[:, None]))

    def bend(name: str) -> float:
        """How far the curve strays from the straight line between its ends."""
        y = curve(name)
        return float(np.abs(y - np.interp(x, x[[0, -1]], y[[0, -1]])).max())

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        name = names[int(v["between"])]
        bent = "a bend" if bend(name) > 1e-9 else "a straight line: the layers have melted"
        says = f"{name} between the layers: {bent}."
        return Curve((Series(name, points(x, curve(name))),), "x", "y", says), Words(says)

    knob = Knob("between", "between the layers", 0, len(names) - 1, 1, 0, names)
    doubled = curve("f(z) = 2z")
    numbers = {
        "bends": sum(bend(name) > 1e-9 for name in names),
        "doubled_slope": float(doubled[-1] - doubled[0]) / 8,
    }
    return Drawing((Figure((knob,), show, "Go through all five. Which of them leaves a line?"),), numbers)
