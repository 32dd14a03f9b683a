"""The moving picture of drop 3: two layers on one line, with and without a squash between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.nets import layered, points
from drops.exercises.paper import Drawing
from drops.exercises.worksheet import fill
from drops.text import number
from nnlab import Net

LABELS = {"w1": "w₁", "b1": "b₁", "w2": "w₂", "b2": "b₂"}


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
        return Curve(series, "x", "y", says), Words(says)

    knobs = tuple(Knob(name, LABELS[name], -3, 3, 0.5, start[name]) for name in LABELS)
    says = "Turn any number: without a squash the line stays straight. What moves the kink?"
    return Drawing((Figure(knobs, show, says),), line(start))
