"""The moving pictures of drops 7 to 10: one step after another, what fades, and valves.

h ← relu(w·x + u·h + b)      w = 1, u = 0.5, b = 0, x = 2, 4   →   h = 2, then 4 + 1 = 5
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Matrix, Series, Show, Surface, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.sequences.word_figures import arrows
from drops.text import number
from nnlab import GRU, LSTM, RNN, Layer, Net


def stepped(w: float, u: float, b: float, x: Sequence[float]) -> list[float]:
    """h after each step, from the engine."""
    net = Net(RNN(1, "relu", sequence=True), input=(len(x), 1))
    net[0].Wb[:] = [[u, w, b]]
    return [float(h) for h in np.asarray(net.predict(np.array(x, dtype=float)[None, :, None])).ravel()]


def draw_recurrence(params: Mapping[str, Any]) -> Drawing:
    """```figure recurrence: w, u, b, x → a unit that hears its own last word, step by step."""
    x = [float(v) for v in params["x"]]
    knobs = tuple(Knob(name, name, -2, 2, 0.5, float(params[name])) for name in "wub")

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        h = stepped(v["w"], v["u"], v["b"], x)
        before = [0.0, *h[:-1]]
        says = "\n\n".join(
            fill(
                "Step {i}: relu({w}·{x} + {u}·{h} + {b}) = {out}.",
                {**v, "i": i, "x": now, "h": last, "out": out},
            )
            for i, (now, last, out) in enumerate(zip(x, before, h, strict=True), 1)
        )
        cells = (tuple(x), tuple(before), tuple(h))
        columns = tuple(f"step {i}" for i in range(1, len(x) + 1))
        return Matrix(("x", "h before", "h"), columns, cells, says), Words(says)

    w, u, b = (float(params[name]) for name in "wub")
    h = stepped(w, u, b, x)
    numbers = {f"h{i}": value for i, value in enumerate(h, 1)}
    says = "Change u alone. When does it forget at once, when does it add everything up?"
    return Drawing((Figure(knobs, show, says),), numbers)


def draw_recurrent_price(params: Mapping[str, Any]) -> Drawing:
    """```figure recurrent-price: n, f, T → the numbers of a recurrent layer, whatever the length."""
    knobs = (
        Knob("n", "units n", 1, 16, 1, float(params["n"])),
        Knob("f", "inputs f", 1, 8, 1, float(params["f"])),
        Knob("T", "steps", 1, 50, 1, float(params["T"])),
    )

    def size(v: Mapping[str, float]) -> int:
        return int(Net(RNN(int(v["n"])), input=(int(v["T"]), int(v["f"]))).theta.size)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        n, f, held = int(v["n"]), int(v["f"]), size(v)
        says = f"{n}·({n} + {f} + 1) = {held:,} numbers, used {int(v['T'])} times."
        bars = (Bar("hear the last h", n * n), Bar("read the input", n * f), Bar("biases", n))
        return Bars(bars, says, "numbers"), Words(says)

    start = {knob.name: knob.start for knob in knobs}
    says = "Take more steps. Which of the three grows?"
    return Drawing((Figure(knobs, show, says),), {"held": float(size(start))})


# ── what fades ──


def draw_fade(params: Mapping[str, Any]) -> Drawing:
    """```figure fade: u, slope → what is left of a change after so many steps."""
    knobs = (
        Knob("u", "u", 0.5, 3, 0.25, float(params["u"])),
        Knob("slope", "slope", 0.25, 1, 0.25, float(params["slope"])),
        Knob("k", "steps", 1, 10, 1, 4),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        factor, k = v["u"] * v["slope"], int(v["k"])
        left = factor**k
        says = (
            f"Each step multiplies by {number(v['u'])}·{number(v['slope'])} = {number(factor)}. "
            f"After {k}: {number(left, 4)}."
        )
        line = Series("what is left", tuple((float(i), factor**i) for i in range(11)))
        marks = ((k, left, number(left, 4)),)
        return Curve((line,), "steps", "left of 1", says, log_y=True, marks=marks), Words(says)

    numbers = {"half": 0.5**4, "more": 1.5**4}
    return Drawing((Figure(knobs, show, "Find a pair that neither fades nor grows."),), numbers)


def draw_clip(params: Mapping[str, Any]) -> Drawing:
    """```figure clip: g, c → a gradient cut to a length, its direction kept."""
    knobs = (
        Knob("g1", "first number", -8, 8, 1, float(params["g"][0])),
        Knob("g2", "second number", -8, 8, 1, float(params["g"][1])),
        Knob("c", "longest c", 1, 8, 1, float(params["c"])),
    )

    def cut(v: Mapping[str, float]) -> tuple[float, float, float]:
        long = float(np.hypot(v["g1"], v["g2"]))
        times = min(1.0, v["c"] / long) if long else 1.0
        return v["g1"] * times, v["g2"] * times, long

    def show(v: Mapping[str, float]) -> tuple[Surface | Words, ...]:
        g1, g2, long = cut(v)
        says = (
            f"({number(v['g1'])}, {number(v['g2'])}) is {number(long)} long. At most {number(v['c'])}: "
            f"({number(g1)}, {number(g2)})."
        )
        return arrows({"cut": (g1, g2), "gradient": (v["g1"], v["g2"])}, says), Words(says)

    first, second, long = cut({knob.name: knob.start for knob in knobs})
    numbers = {"first": first, "second": second, "long": long}
    return Drawing((Figure(knobs, show, "Turn the arrow. What does the cut keep?"),), numbers)


# ── valves ──


def draw_gate_price(params: Mapping[str, Any]) -> Drawing:
    """```figure gate-price: n, f → the numbers of RNN, GRU and LSTM, as the engine holds them."""
    knobs = (
        Knob("n", "units n", 1, 16, 1, float(params["n"])),
        Knob("f", "inputs f", 1, 8, 1, float(params["f"])),
    )

    def prices(v: Mapping[str, float]) -> dict[str, float]:
        n, f = int(v["n"]), int(v["f"])
        kinds: dict[str, Layer] = {"RNN": RNN(n), "GRU": GRU(n), "LSTM": LSTM(n)}
        return {name: float(Net(kind, input=(3, f)).theta.size) for name, kind in kinds.items()}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        held = prices(v)
        says = ", ".join(f"{name} {size:.0f}" for name, size in held.items()) + " numbers."
        return Bars(tuple(Bar(name, size) for name, size in held.items()), says, "numbers"), Words(says)

    numbers = prices({knob.name: knob.start for knob in knobs})
    return Drawing((Figure(knobs, show, "Add units. How do the three grow?"),), numbers)
