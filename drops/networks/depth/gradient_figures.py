"""The moving pictures of drop 10 beside the gauge: how three nets came down, what a slope leaves, and
what the start makes up for.

slope of σ at 0 = 0.25, six layers, weights of 1   →   0.25⁶ = 0.000244 is left
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.depth.slow_training import rows_of
from drops.networks.nets import points
from drops.text import number
from nnlab.activations import activation

# The loss after 0, 50 … 600 steps on the birds, medians of 20 starts; `descents` measures it again.
# fmt: off
MEASURED: Mapping[str, tuple[float, ...]] = {
    "inherited": (
        0.737, 0.499, 0.499, 0.499, 0.499, 0.498, 0.498, 0.498, 0.498, 0.498, 0.498, 0.498, 0.497),
    "tanh-xavier": (
        0.700, 0.209, 0.079, 0.070, 0.068, 0.066, 0.065, 0.064, 0.063, 0.063, 0.062, 0.061, 0.061),
    "relu-he": (
        0.721, 0.079, 0.064, 0.060, 0.058, 0.056, 0.053, 0.051, 0.049, 0.048, 0.046, 0.044, 0.041),
}
# fmt: on
ONE_LINE = 0.284  # the loss of a single neuron on the birds, trained; `repairs` measures it again


SHORT = {"inherited": "sigmoid", "tanh-xavier": "tanh", "relu-he": "ReLU"}


def loss_of_share(p: float) -> float:
    """What it costs to say of every bird that it is a Chinstrap with the share p."""
    y = rows_of("chinstrap")[1]
    return float(np.mean(-np.log(np.where(y > 0.5, p, 1 - p))))


def draw_descents(_: Mapping[str, Any]) -> Drawing:
    """```figure descents → how the inherited net and two others came down, beside what costs no training."""
    lines = tuple(
        Series(SHORT[setup], tuple((50.0 * i, loss) for i, loss in enumerate(losses)))
        for setup, losses in MEASURED.items()
    )
    ends = (0.0, 600.0)
    a_fifth = loss_of_share(0.2)
    level = tuple(
        Series(name, tuple((x, loss) for x in ends))
        for name, loss in (("0.2 to all", a_fifth), ("one line", ONE_LINE))
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        now = {SHORT[setup]: losses[int(v["steps"]) // 50] for setup, losses in MEASURED.items()}
        told = ", ".join(f"{name} {number(loss)}" for name, loss in now.items())
        says = f"After {number(v['steps'])} steps: {told}."
        marks = tuple((v["steps"], loss, number(loss)) for loss in now.values())
        return Curve((*lines, *level), "steps", "loss", says, marks=marks, window=(0, 0.8)), Words(says)

    numbers = {"a_fifth": a_fifth, "line": ONE_LINE}
    numbers |= {setup.replace("-", "_"): losses[-1] for setup, losses in MEASURED.items()}
    says = "Follow the three. Which of them has left both level lines behind, and when?"
    knob = Knob("steps", "steps", 0, 600, 50, 50)
    return Drawing((Figure((knob,), show, says),), numbers)


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
