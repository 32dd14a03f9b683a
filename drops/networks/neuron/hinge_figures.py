"""The picture beside drop 3's exercise: a layer, and the bent line that it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drops.exercises.blocks import Curve, Series
from drops.exercises.figure import Drawing
from drops.networks.nets import points, relu

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
