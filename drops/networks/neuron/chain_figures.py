"""The moving pictures of drop 4: units and what they read, numbers on a conveyor, parameters counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Sheet, Show, Wires, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.exercises.worksheet import fill
from drops.networks.nets import layered
from drops.text import number
from nnlab import Activation, Dense, Net

SQUASHES = ("s1", "s2")


def conveyor(w: Sequence[float], b: Sequence[float], x: float) -> Figure:
    """A chain of three layers whose input and squashes can be changed."""
    squashes = (Knob(name, f"squash {i}", 0, 1, 1, 1, ("out", "in")) for i, name in enumerate(SQUASHES, 1))
    knobs = (Knob("x", "x", -4, 4, 1, x), *squashes)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        on = [v[s] > 0.5 for s in SQUASHES]
        h1, h2, y = _through(w, b, v["x"], on)
        says = (
            f"x = {number(v['x'])}, h₁ = {number(h1)}, h₂ = {number(h2)}, ŷ = {number(y)}. "
            f"{_melted(w, b, on)}"
        )
        names, held = (("x",), ("h₁",), ("h₂",), ("ŷ",)), ((v["x"],), (h1,), (h2,), (y,))
        weights, biases = tuple(((weight,),) for weight in w), tuple((bias,) for bias in b)
        bars = tuple(Bar(name, one) for (name,), (one,) in zip(names, held, strict=True))
        return (
            Wires(names, weights, held, says, biases=biases),
            Bars(bars, "What runs along the chain."),
            Words(says),
        )

    says = "Change x, then take a squash out: two layers melt into one. What comes out then?"
    return Figure(knobs, show, says)


def _through(
    w: Sequence[float], b: Sequence[float], x: float, on: Sequence[bool]
) -> tuple[float, float, float]:
    """h₁, h₂ and ŷ, with a squash where `on` says so."""
    net = Net(Dense(1), *_maybe(on[0]), Dense(1), *_maybe(on[1]), Dense(1), input=1)
    for i in range(3):
        net[i].W[:], net[i].b[:] = w[i], b[i]
    trace = net.trace([x])
    h1, h2 = (float(trace[("h" if squash else "z") + str(i)][0]) for i, squash in enumerate(on, 1))
    return h1, h2, float(trace["yhat"][0])


def _maybe(squash: bool) -> tuple[Activation, ...]:
    return (Activation("relu"),) if squash else ()


def _melted(w: Sequence[float], b: Sequence[float], on: Sequence[bool]) -> str:
    """Which layers have become one, with the numbers of the one."""
    groups = [[0]]
    for i, squash in enumerate(on, 1):
        if squash:
            groups.append([i])
        else:
            groups[-1].append(i)
    said = []
    for group in groups:
        if len(group) > 1:
            one = layered([([[w[i]]], [b[i]]) for i in group], hidden="linear")
            at0, at1 = (float(y) for y in one.predict([[0.0], [1.0]]))
            names = " and ".join(f"layer {i + 1}" for i in group)
            said.append(fill(f"{names} are one: {{w}}·input + {{b}}.", {"w": at1 - at0, "b": at0}))
    return " ".join([*said, f"Layers that count: {len(groups)}."])


def draw_conveyor(params: Mapping[str, Any]) -> Drawing:
    """```figure conveyor: w, b, x → numbers travel from layer to layer."""
    w, b, x = params["w"], params["b"], float(params["x"])
    h1, h2, y = _through(w, b, x, (True, True))
    return Drawing((conveyor(w, b, x),), {"h1": h1, "h2": h2, "y": y})


# ── counting ──────────────────────────────────────────────────────────────────────────────


def table_of(sizes: Sequence[int]) -> Sheet:
    """A net's parameters, layer by layer, as the engine counts them."""
    rows = [(f"{a} → {c}", f"{a}·{c} = {a * c}", str(c), str(a * c + c)) for a, c in pairwise(sizes)]
    total = str(Net("-".join(map(str, sizes))).theta.size)
    return Sheet(
        ("layer", "weights", "biases", "together"),
        (*rows, ("all", "", "", total)),
        f"A {'-'.join(map(str, sizes))} net has {total} parameters.",
    )


# ── reading ───────────────────────────────────────────────────────────────────────────────


def draw_reading(params: Mapping[str, Any]) -> Drawing:
    """```figure reading: sizes → the units of a net one after another, and the row that each reads with."""
    sizes = [int(n) for n in params["sizes"]]
    drawn = np.random.default_rng(4)
    halves = np.array([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2])
    weights = tuple(tuple(map(tuple, drawn.choice(halves, (n, m)).tolist())) for m, n in pairwise(sizes))
    units = [(layer, j) for layer, n in enumerate(sizes[1:]) for j in range(n)]
    inputs = tuple(f"x{SUB[i + 1]}" for i in range(sizes[0]))
    inner = (tuple(f"{layer}.{j + 1}" for j in range(n)) for layer, n in enumerate(sizes[1:-1], 1))
    names = (inputs, *inner, ("ŷ",))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        layer, j = units[int(v["unit"]) - 1]
        reads = len(weights[layer][j])
        says = (
            f"Unit {j + 1} of layer {layer + 1} reads {reads} values with row {j + 1} of table {layer + 1}: "
            f"{reads} weights and a bias."
        )
        lit = tuple((layer, j, i) for i in range(reads))
        return Wires(names, weights, None, says, lit), Words(says)

    knob = Knob("unit", "unit", 1, len(units), 1, 1)
    numbers = {"units": len(units), "tables": len(weights)}
    return Drawing((Figure((knob,), show, "Walk from unit to unit: what does each of them read?"),), numbers)
