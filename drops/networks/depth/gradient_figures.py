"""The moving pictures of drop 10 beside the gauge: what a slope leaves, and what the start makes up for.

slope of σ at 0 = 0.25, six layers, weights of 1   →   0.25⁶ = 0.000244 is left
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.depth.slow_training import SQUASHES, Setup, moons
from drops.networks.nets import points
from drops.text import number
from nnlab.activations import activation


def draw_slope_left(params: Mapping[str, Any]) -> Drawing:
    """```figure slope-left: layers → the sigmoid's slope at z, and what so many layers leave of a signal."""
    sigmoid, grid = activation("sigmoid"), np.linspace(-6, 6, 97)
    slopes = Series("slope", points(grid, sigmoid.slope(grid)))
    knobs = (
        Knob("z", "z", -5, 5, 0.5, 0),
        Knob("w", "weight", 1, 8, 1, 1),
        Knob("layers", "layers", 1, 6, 1, float(params["layers"])),
    )

    def at(z: float) -> float:
        return float(sigmoid.slope(np.array([z]))[0])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        slope, left = at(v["z"]), (v["w"] * at(v["z"])) ** v["layers"]
        says = (
            f"At z = {number(v['z'])} the slope is {number(slope)}. Times a weight of {number(v['w'])}, "
            f"in {number(v['layers'])} layers: {number(left, 6)} is left of 1."
        )
        return Curve(
            (slopes,), "z", "slope of σ", says, marks=((v["z"], slope, number(slope)),), window=(0, 0.3)
        ), Words(says)

    layers = int(params["layers"])
    numbers = {"top": at(0), "at_2": at(2), "left": at(0) ** layers, "four": (4 * at(0)) ** layers}
    says = "Which weight keeps the signal alive at z = 0? Does it at z = 2?"
    return Drawing((Figure(knobs, show, says),), numbers)


STARTS = (0.25, 0.5, 1, 2, 4, 8)


def draw_start(params: Mapping[str, Any]) -> Drawing:
    """```figure start: layers → every layer's gradient before the first step, by the size of the weights."""
    hidden = int(params["layers"])
    knobs = (
        Knob("squash", "squash", 0, 2, 1, 0, SQUASHES),
        Knob("start", "weights ×", 0, 5, 1, 2, tuple(map(number, STARTS))),
    )

    def gradients(squash: str, times: float) -> list[float]:
        net = Setup(hidden, squash, "he" if squash == "relu" else "xavier").net(1)
        for i in range(hidden):
            net[i].W[:] *= times
        net.backward(*moons(1))
        return [float(np.linalg.norm(net[i].dW)) for i in range(hidden + 1)]

    def share(sizes: list[float]) -> float:
        return sizes[0] / sizes[-1]

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        squash, times = SQUASHES[int(v["squash"])], STARTS[int(v["start"])]
        sizes = gradients(squash, times)
        says = (
            f"{squash}, weights × {number(times)}: the first layer gets {number(share(sizes), 5)} of what "
            "the output layer gets."
        )
        names = (*(f"layer {i}" for i in range(1, hidden + 1)), "output")
        bars = tuple(Bar(name, size) for name, size in zip(names, sizes, strict=True))
        return Bars(bars, says, "gradient", log=True), Words(says)

    numbers = {f"{squash}_{t:g}": share(gradients(squash, t)) for squash in SQUASHES for t in (1, 4)}
    says = "The sigmoid's start is too small for its slope. How much larger must the weights be?"
    return Drawing((Figure(knobs, show, says),), numbers)
