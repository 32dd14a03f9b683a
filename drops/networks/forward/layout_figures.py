"""The moving pictures of drops 5 and 6: four tables, a table on its side, three neurons.

W₁ is 3×2, x = (2, 3)   →   upright it hears both inputs; on its side it wants three, and is refused
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from drops.exercises.blocks import Figure, Knob, Sheet, Show, Wires, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB, pair
from drops.exercises.worksheet import fill
from drops.networks.forward.net231 import NAMES, engine, trace, values, wires
from drops.networks.forward.net231_figures import UNITS, example
from drops.networks.nets import bare, drawable
from drops.text import number

# ── drop 5 ────────────────────────────────────────────────────────────────────────────────


def draw_four_tables(params: Mapping[str, Any]) -> Drawing:
    """```figure four-tables → each table of the network, and the part of the drawing that it is."""
    net = example(params)
    heads = {
        "W₁": ("from x₁", "from x₂"),
        "b₁": ("bias",),
        "W₂": ("from h₁", "from h₂", "from h₃"),
        "b₂": ("bias",),
    }
    held = {"W₁": net.W1, "b₁": tuple((b,) for b in net.b1), "W₂": (net.W2,), "b₂": ((net.b2,),)}
    part = {"W₁": "the wires into the hidden units", "b₁": "a number in each hidden unit",
            "W₂": "the wires into ŷ", "b₂": "a number in ŷ"}  # fmt: skip

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        name = list(held)[int(v["table"])]
        layer, into = ("₁₂".index(name[1]), ("ŷ",) if name[1] == "₂" else NAMES[1])
        lit = tuple(
            (layer, j, i) for j in range(len(into)) for i in range(len(NAMES[layer])) if name[0] == "W"
        )
        rows = tuple((f"to {unit}", *map(number, row)) for unit, row in zip(into, held[name], strict=True))
        says = f"{name}: {part[name]}."
        told = "; ".join(f"{row[0]}: {', '.join(row[1:])}" for row in rows)
        return (
            wires(net, says, lit=lit),
            Words(f"**{name}**: {part[name]}."),
            Sheet((name, *heads[name]), rows, f"{name}. {told}."),
        )

    knob = Knob("table", "table", 0, 3, 1, 0, tuple(held))
    says = "Go through the four tables. Where in the drawing do the biases hide?"
    return Drawing((Figure((knob,), show, says),), {"tables": len(held)})


def draw_another_net(params: Mapping[str, Any]) -> Drawing:
    """```figure another-net: x → the same boxes with three of their numbers turned, and what comes out."""
    net = example(params)
    knobs = (
        Knob("W1[1,2]", "W₁[1, 2]", -4, 4, 0.5, net.W1[0][1]),
        Knob("b1[2]", "b₁[2]", -4, 4, 0.5, net.b1[1]),
        Knob("W2[1,3]", "W₂[1, 3]", -2, 2, 0.1, net.W2[2]),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        turned = replace(
            net,
            W1=((net.W1[0][0], v["W1[1,2]"]), *net.W1[1:]),
            b1=(net.b1[0], v["b1[2]"], net.b1[2]),
            W2=(*net.W2[:2], v["W2[1,3]"]),
        )
        here = values(turned, net.x)
        inside = "; ".join(f"{name} {number(h or 0.0)}" for name, h in zip(NAMES[1], here[1], strict=True))
        out = f"For x = {pair(net.x)} this network puts out {number(here[2][0] or 0.0)}."
        return wires(turned, f"{inside}. {out}", here), Words(out)

    says = "Each turn makes another network. Which number can you turn without changing what comes out?"
    return Drawing((Figure(knobs, show, says),), {"yhat": trace(net, net.x)["yhat[1]"]})


TABLE = np.array([[-0.5, 1, 2, -1], [1.5, -1, 0.5, 1], [-2, 0.5, 1, 3], [1, 2, -1.5, -0.5]])
HEARD = np.array([2.0, 3, -1, 1])


def draw_side_table(params: Mapping[str, Any]) -> Drawing:
    """```figure side-table: inputs, units → a table upright and on its side, times x or refused."""
    knobs = (
        Knob("inputs", "inputs", 2, 4, 1, int(params["inputs"])),
        Knob("units", "units", 2, 4, 1, int(params["units"])),
        Knob("side", "the table", 0, 1, 1, 0, ("upright", "on its side")),
    )

    def product(v: Mapping[str, float]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
        """The table as it lies, and its product with x where the sizes match."""
        W, x = TABLE[: int(v["units"]), : int(v["inputs"])], HEARD[: int(v["inputs"])]
        W = W.T if v["side"] else W
        return W, W @ x if W.shape[1] == len(x) else None

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        W, z = product(v)
        rows = tuple(
            (f"row {j + 1}", *map(number, row), "–" if z is None else number(z[j])) for j, row in enumerate(W)
        )
        shape, x = f"{W.shape[0]}×{W.shape[1]}", pair(HEARD[: int(v["inputs"])])
        if z is None:
            says = (
                f"{shape} times x = {x}: **refused**. {W.shape[1]} columns do not meet {W.shape[0]} inputs."
            )
        else:
            says = f"{shape} times x = {x} gives {pair(z)}."
        columns = (f"W, {shape}", *(f"col {i + 1}" for i in range(W.shape[1])), "W·x")
        drawn = wired(W, HEARD[: int(v["inputs"])] if z is not None else None, z)
        return drawn, Sheet(columns, rows, says.replace("*", "")), Words(says)

    def wired(W: np.ndarray[Any, Any], x: Any, z: Any) -> Wires:
        """The layer that the table is as it lies: a unit for each row, a wire for each cell."""
        units, inputs = W.shape
        names = tuple(f"x{SUB[i + 1]}" for i in range(inputs)), tuple(f"z{SUB[j + 1]}" for j in range(units))
        known: tuple[tuple[float | None, ...], ...] = ((None,) * inputs, (None,) * units)
        known = known if z is None else (tuple(map(float, x)), tuple(map(float, z)))
        says = f"{units} units, each hears {inputs} inputs: a unit for each row, an input for each column."
        return Wires(names, (tuple(tuple(map(float, row)) for row in W),), known, says)

    start = {knob.name: knob.start for knob in knobs}
    square = {**start, "units": start["inputs"]}
    upright, lying = (product({**square, "side": side})[1] for side in (0, 1))
    numbers = {"refused": float(product({**start, "side": 1})[1] is None)}
    if upright is not None and lying is not None:
        numbers |= {"square": float(upright[0]), "square_on_its_side": float(lying[0])}
    says = "Lay it on its side. Then make inputs and units equal: who warns you now?"
    return Drawing((Figure(knobs, show, says),), numbers)


# ── drop 6 ────────────────────────────────────────────────────────────────────────────────


def draw_three_neurons(params: Mapping[str, Any]) -> Drawing:
    """```figure three-neurons: x → one hidden unit at a time: the wires it listens to, its sum."""
    net = example(params)
    inputs: tuple[tuple[float | None, ...], ...] = (net.x, (None,) * 3, (None,))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        j = int(v["unit"])
        (w1, w2), b = net.W1[j - 1], net.b1[j - 1]
        sum_ = fill(f"z{SUB[j]} = {{w1}}·x₁ + {{w2}}·x₂ + {{b}}", {"w1": w1, "w2": w2, "b": b})
        says = f"h{SUB[j]} reads both inputs with row {j} of W₁, and its own bias: {sum_}."
        lit = tuple((0, j - 1, i) for i in (0, 1))
        return Wires(NAMES, engine_weights, inputs, says, lit, (net.b1, (net.b2,))), Words(says)

    engine_weights = tuple(tuple(tuple(map(float, row)) for row in engine(net)[i].W) for i in (0, 1))
    knob = Knob("unit", "unit", 1, 3, 1, 1)
    says = "One neuron after another. What do all three share, and what has each for itself?"
    return Drawing((Figure((knob,), show, says),), {f"b{j}": net.b1[j - 1] for j in UNITS})


def draw_net(params: Mapping[str, Any]) -> Drawing:
    """```figure net: sizes → a network of these sizes, unit by unit, before it has numbers."""
    sizes = drawable(*params["sizes"])
    return Drawing((bare(sizes, f"A {'-'.join(map(str, sizes))} network, unit by unit."),), {})
