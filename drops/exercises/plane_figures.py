"""The moving pictures of drop 2: one line, the corners of XOR, and lines that vote on a shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Figure, Knob, Point, Show, Surface, Words
from drops.exercises.nets import dense, over_the_plane
from drops.exercises.paper import Drawing
from drops.exercises.worksheet import fill
from drops.text import number


def draw_line(params: Mapping[str, Any]) -> Drawing:
    """```figure line: w, b → the half of the plane where the neuron fires, and its crossings."""
    (w1, w2), b = params["w"], params["b"]
    knobs = (
        Knob("w1", "w₁", -4, 4, 0.5, w1),
        Knob("w2", "w₂", -4, 4, 0.5, w2),
        Knob("b", "b", -6, 6, 0.5, b),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        net = dense((v["w1"], v["w2"]), v["b"], "step")
        cuts = [
            f"cuts x{sub} at {number(-v['b'] / v[w], 2)}" for sub, w in (("₁", "w1"), ("₂", "w2")) if v[w]
        ]
        says = f"{fill('z = {w1}·x₁ + {w2}·x₂ + {b}', v)}: the line {' and '.join(cuts) or 'is gone'}."
        return Words(says), Surface(
            over_the_plane(net, 5), (-5, 5), (-5, 5), says, lines=((v["w1"], v["w2"], v["b"]),)
        )

    says = "Change the bias: the line moves sideways. Change one weight: it turns."
    return Drawing((Figure(knobs, show, says),), {"x1_at": -b / w1, "x2_at": -b / w2})


CORNERS = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))  # x₁, x₂, wanted


def draw_xor(params: Mapping[str, Any]) -> Drawing:
    """```figure xor: w, b → one line against the four corners of XOR, and how many it gets right."""
    (w1, w2), b = params["w"], params["b"]
    knobs = (
        Knob("w1", "w₁", -3, 3, 0.5, w1),
        Knob("w2", "w₂", -3, 3, 0.5, w2),
        Knob("b", "b", -4, 4, 0.5, b),
    )

    def right(v: Mapping[str, float]) -> int:
        net = dense((v["w1"], v["w2"]), v["b"], "step")
        fires = net.predict(np.array([corner[:2] for corner in CORNERS], dtype=float))
        return int(sum(fire == want for fire, (_, _, want) in zip(fires, CORNERS, strict=True)))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        says = f"This line gets {right(v)} of the 4 corners right."
        net = dense((v["w1"], v["w2"]), v["b"], "step")
        points = tuple(Point(x, y, want) for x, y, want in CORNERS)
        return Words(says), Surface(
            over_the_plane(net, 1, 0.5),
            (-0.5, 1.5),
            (-0.5, 1.5),
            says,
            points=points,
            lines=((v["w1"], v["w2"], v["b"]),),
        )

    says = "Try to get all four corners. Each corner's sign says whether the neuron should fire there."
    return Drawing((Figure(knobs, show, says),), {"right": right({"w1": w1, "w2": w2, "b": b})})
