"""The moving pictures of drop 11: a signal that fades, two tables to bet on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from drops.exercises.blocks import (
    Beside,
    Curve,
    Figure,
    Knob,
    Point,
    Series,
    Show,
    Surface,
    Words,
)
from drops.exercises.figure import Drawing
from drops.networks.birds import birds
from drops.networks.depth.wide_deep import rows
from drops.networks.nets import DRAWN, bare, drawable, points
from drops.text import number
from nnlab import Net

STARTS = 10


def draw_fading(params: Mapping[str, Any]) -> Drawing:
    """```figure fading: layers, width → what a net says before training, from one random start of ten."""
    x = np.linspace(-2, 2, 49)
    knobs = (
        Knob("layers", "hidden layers", 1, 12, 1, float(params["layers"])),
        Knob("width", "units in each", 2, 10, 1, float(params["width"])),
        Knob("start", "start", 1, STARTS, 1, 1),
    )

    @cache
    def said(layers: float, width: float) -> np.ndarray[Any, Any]:
        """(start, x): what each of the ten nets says."""
        net = Net("-".join(["1", *[str(int(width))] * int(layers), "1"]), hidden="relu", init="he", seed=0)
        return np.asarray(net.fleet(STARTS).predict(x[:, None]))

    def deaf(outputs: np.ndarray[Any, Any]) -> int:
        """How many nets say the same number wherever x is."""
        return int(np.sum(np.ptp(outputs, axis=1) < 1e-9))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        outputs = said(v["layers"], v["width"])
        here = outputs[int(v["start"]) - 1]
        says = (
            f"Start {number(v['start'])}: the output moves by {number(float(np.ptp(here)))} from end to end. "
            f"{deaf(outputs)} of {STARTS} starts say the same number everywhere."
        )
        line = Series("output", points(x, here))
        return Curve((line,), "x", "output before training", says, window=(-2, 2)), Words(says)

    numbers = {
        "deaf": deaf(said(params["layers"], params["width"])),
        "deaf_at_1": deaf(said(1, params["width"])),
    }
    says = "Take layers away, then make them wider. When do all ten starts hear x again?"
    return Drawing((Figure(knobs, show, says),), numbers)


LEARNED = 200  # birds to learn from


def _chinstraps(draw: int) -> Surface:
    """Some of the birds as they are drawn to learn from."""
    one = birds("chinstrap")
    across, up = one.measures
    some = np.random.default_rng(draw).permutation(len(one.y))[:LEARNED]
    dots = zip(across.mm(one.X[some, 0]), up.mm(one.X[some, 1]), one.y[some], strict=True)
    return Surface(
        ((0.5, 0.5), (0.5, 0.5)), (across.low, across.high), (up.low, up.high),
        f"{LEARNED} of the {len(one.y)} penguins, Chinstraps among others.",
        points=tuple(Point(float(x), float(y), int(label)) for x, y, label in dots),
        x_label=across.says, y_label=up.says, classes=("other birds", one.asked),
    )  # fmt: skip


def draw_bets(_: Mapping[str, Any]) -> Drawing:
    """```figure bets → the two tables of the duel and the penguins, and others drawn like them."""
    flat = ((0.5, 0.5), (0.5, 0.5))
    knobs = (
        Knob("table", "table", 0, 2, 1, 0, ("spirals", "curve", "penguins")),
        Knob("draw", "another draw", 1, 9, 1, 1),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        if v["table"] == 0:
            X, y = rows("spirals", int(v["draw"]))[0]
            says, span = f"{len(X)} points on two spirals.", (-2.2, 2.2)
            spirals = tuple(Point(float(a), float(b), int(c)) for (a, b), c in zip(X, y, strict=True))
            return (Surface(flat, span, span, says, points=spirals),)
        if v["table"] == 2:
            return (_chinstraps(int(v["draw"])),)
        x, y = rows("smooth", int(v["draw"]))[0]
        says = f"{len(x)} noisy points along a curve."
        dots = Series("rows", points(x[:, 0], y), "dots")
        return (Curve((dots,), "x", "y", says, window=(-2, 2)),)

    numbers: dict[str, float] = {f"{task}_rows": len(rows(task, 1)[0][0]) for task in ("spirals", "smooth")}
    says = "Draw each of them again. What stays, and what is only noise?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_two_budgets(params: Mapping[str, Any]) -> Drawing:
    """```figure two-budgets: d, w, width → the deep net; beside it the wide one once its units are known."""
    (d, w), units = drawable(params["d"], params["w"]), round(params.get("width", 0))
    deep = bare((d, w, w, 1), "The deep net.")
    if not 1 <= units <= DRAWN:
        return Drawing((deep,), {})
    return Drawing((Beside((deep, bare((d, units, 1), "One layer with the units that you found."))),), {})
