"""The moving pictures of drop 2: one line, alone and through data, and lines that vote on a shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import (
    Boundary,
    Figure,
    Knob,
    Point,
    Sheet,
    Show,
    Strip,
    Unit,
    Wires,
    Words,
)
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.nets import dense, drawable, empty_plane, half_plane, layered
from drops.text import number


def _neuron(v: Mapping[str, float]) -> Unit:
    return v["w1"], v["w2"], v["b"]


NEURON = Boundary(_neuron, "b", ("w1", "w2"))  # of a figure whose knobs are a neuron's three numbers


def draw_line(params: Mapping[str, Any]) -> Drawing:
    """```figure line: w, b → the half of the plane where the neuron fires, and its crossings."""
    (w1, w2), b = params["w"], params["b"]
    knobs = (
        Knob("w1", "w₁", -4, 4, 0.5, w1),
        Knob("w2", "w₂", -4, 4, 0.5, w2),
        Knob("b", "b", -6, 6, 0.5, b),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        cuts = [f"x{sub} at {number(-v['b'] / v[w], 2)}" for sub, w in (("₁", "w1"), ("₂", "w2")) if v[w]]
        line = f"the line cuts {' and '.join(cuts)}" if cuts else "the line is gone"
        says = f"{fill('z = {w1}·x₁ + {w2}·x₂ + {b}', v)}: {line}."
        unit = _neuron(v)
        return Words(says), half_plane(unit, (-5, 5), (-5, 5), says, neuron=unit)

    says = "Change the bias: the line moves sideways. Change one weight: it turns."
    return Drawing((Figure(knobs, show, says, (NEURON,)),), {"x1_at": -b / w1, "x2_at": -b / w2})


WANTED = ("silent", "fires")  # what a corner should make of the neuron, by its label
CORNERS = ((0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0))  # x₁, x₂, wanted


def draw_edge(params: Mapping[str, Any]) -> Drawing:
    """```figure edge: w, x, b → an input in the plane, and the neuron's line as soon as b is known."""
    span, (x1, x2) = (-5.0, 5.0), map(float, params["x"])
    here = (Point(x1, x2, 2, "◆"),)
    if "b" not in params:
        return Drawing((empty_plane(span, "The input in the plane.", points=here),), {})
    w1, w2 = map(float, params["w"])
    unit = (w1, w2, float(params["b"]))
    says = "The neuron's line with your b, and the input."
    return Drawing((half_plane(unit, span, span, says, points=here),), {})


def draw_crossings(params: Mapping[str, Any]) -> Drawing:
    """```figure crossings: w, b, P, c1, c2, zP, hand → the plane, where the crossings and the side of P were
    found to be; with nothing left in hand the line itself.
    """
    w1, w2, b = (*map(float, params["w"]), float(params["b"]))
    found = {name: float(params[name]) for name in ("c1", "c2", "zP") if name in params}
    points = list[Point]()
    if "P" in params:
        x1, x2 = map(float, params["P"])
        points = [Point(x1, x2, _side(found.get("zP", 0.0)), "P")]
    if not params.get("hand"):
        span, says = (-5.0, 5.0), "The line that you found, and the side that fires."
        unit = (w1, w2, b)
        return Drawing((half_plane(unit, span, span, says, points=tuple(points), neuron=unit),), {})
    points += [Point(found["c1"], 0.0, 2, "◆")] if "c1" in found else []
    points += [Point(0.0, found["c2"], 2, "◆")] if "c2" in found else []
    reach = max(5.0, *(abs(found.get(name, 0.0)) for name in ("c1", "c2")))
    says = "The plane of the two inputs. A crossing stands where you put it."
    return Drawing((empty_plane((-reach, reach), says, points=tuple(points)),), {})


def _side(z: float) -> int:
    """How a point is drawn: as silent, as firing, or, on the line, as neither."""
    return 1 if z > 0 else 0 if z < 0 else 2


def draw_votes(params: Mapping[str, Any]) -> Drawing:
    """```figure votes: n, w, biases by name, hand → an output that counts votes, what they add up to, and the
    bias in hand, which lets through what is beyond it.
    """
    (n,), w = drawable(params["n"]), float(params["w"])
    hand = str(params.get("hand", ""))
    c = params.get(hand)
    net = Wires(
        (("·",) * n, ("ŷ",)),
        (((w,) * n,),),
        None,
        f"{n} step units and the output.",
        under={(1, 0): ("c", c)},
        blanks={("under", 1, 0): hand} if hand else {},
        hand=hand,
    )
    ends = {0: "none", n: "all"}
    sums = tuple((k * w, ends.get(k, str(k))) for k in range(n + 1))
    gate = -c if c is not None and -w <= -c <= (n + 1) * w else None
    return Drawing((net, Strip(-w, (n + 1) * w, sums, "What the firing units add up to.", gate=gate)), {})


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
        points, span = tuple(Point(x, y, want) for x, y, want in CORNERS), (-0.5, 1.5)
        return Words(says), half_plane(_neuron(v), span, span, says, points=points, classes=WANTED)

    says = "Try to get all four corners. Each corner's sign says whether the neuron should fire there."
    return Drawing((Figure(knobs, show, says, (NEURON,)),), {"right": right({"w1": w1, "w2": w2, "b": b})})


def draw_xor_hidden(params: Mapping[str, Any]) -> Drawing:
    """```figure xor-hidden: b, v, c → the corners of XOR as two hidden units see them, and one cut."""
    b1, b2 = map(float, params["b"])
    v1, v2 = map(float, params["v"])
    knobs = (
        Knob("b1", "b of h₁", -3, 1, 0.5, b1),
        Knob("b2", "b of h₂", -3, 1, 0.5, b2),
        Knob("c", "output bias", -3, 3, 0.5, float(params["c"])),
    )
    corners = np.array([corner[:2] for corner in CORNERS], dtype=float)
    cuts = Boundary(lambda v: (v1, v2, v["c"]), "c")

    def seen(v: Mapping[str, float]) -> tuple[list[list[float]], list[float]]:
        net = layered([([[1, 1], [1, 1]], [v["b1"], v["b2"]]), ([[v1, v2]], [v["c"]])], "step", "step")
        return net.values(corners)["h1"].tolist(), net.predict(corners).tolist()

    def right(v: Mapping[str, float]) -> int:
        return sum(out == want for out, (_, _, want) in zip(seen(v)[1], CORNERS, strict=True))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        hidden, out = seen(v)
        rows = tuple(
            (number(x1), number(x2), number(h1), number(h2), number(y), number(want))
            for (x1, x2, want), (h1, h2), y in zip(CORNERS, hidden, out, strict=True)
        )
        says = f"{right(v)} of the 4 corners right."
        points = tuple(Point(h1, h2, want) for (h1, h2), (_, _, want) in zip(hidden, CORNERS, strict=True))
        seen_as = "The corners in the plane of h₁ and h₂, and the output unit's one straight cut."
        span = (-0.5, 1.5)
        names = ("h₁", "h₂")
        picture = half_plane(cuts.unit(v), span, span, seen_as, names, points=points, classes=WANTED)
        table = Sheet(("x₁", "x₂", "h₁", "h₂", "output", "wanted"), rows, f"The four corners; {says}")
        return Words(says), table, picture

    start = {"b1": b1, "b2": b2, "c": float(params["c"])}
    says = "h₁ and h₂ both add x₁ and x₂; only their biases differ. In their plane one cut is enough."
    return Drawing((Figure(knobs, show, says, (cuts,)),), {"right": float(right(start))})
