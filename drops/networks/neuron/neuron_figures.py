"""A neuron to turn, of drop 1; and the bent line that a layer becomes, beside drop 3's exercise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Show, Strip, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.nets import dense, points, relu
from drops.text import number


def draw_neuron(params: Mapping[str, Any]) -> Drawing:
    """```figure neuron: x, w, b → pushes, needle and gate, every number movable."""
    (x1, x2), (w1, w2), b = params["x"], params["w"], params["b"]
    start = {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": b}
    labels = {"x1": "x₁", "x2": "x₂", "w1": "w₁", "w2": "w₂", "b": "b"}
    knobs = tuple(Knob(name, labels[name], -4, 4, 0.5, float(v)) for name, v in start.items())

    def z_and_a(v: Mapping[str, float]) -> tuple[float, float]:
        at = np.array([[v["x1"], v["x2"]]])
        z, a = (float(dense((v["w1"], v["w2"]), v["b"], f).predict(at)[0]) for f in ("linear", "relu"))
        return z, a

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        z, a = z_and_a(v)
        sum_ = fill("z = {w1}·{x1} + {w2}·{x2} + {b} = {z}", {**v, "z": z})
        squash = fill("a = relu({z}) = {a}", {"z": z, "a": a})
        p1, p2 = v["w1"] * v["x1"], v["w2"] * v["x2"]
        return (
            Words(f"{sum_}  \n{squash}"),
            Bars(
                (Bar("w₁·x₁", p1), Bar("w₂·x₂", p2), Bar("b", v["b"])),
                f"The pushes are {number(p1)}, {number(p2)} and {number(v['b'])}; together {number(z)}.",
            ),
            Strip(
                -9,
                9,
                ((z, "z"),),
                f"z = {number(z)} is {'above' if z > 0 else 'not above'} 0: "
                f"the neuron {'fires' if z > 0 else 'is silent'} and a = {number(a)}.",
                gate=0.0,
            ),
        )

    says = "Move one number at a time. Which of them can make the neuron fire?"
    z, a = z_and_a(start)
    return Drawing((Figure(knobs, show, says),), {"z": z, "a": a})


FOUND = ("slope", "intercept", "kink", "yL", "yR")


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
