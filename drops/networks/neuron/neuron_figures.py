"""The moving picture of drop 1: a neuron to turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Strip, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.nets import dense
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
