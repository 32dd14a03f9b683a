"""The net of a case before anything of it is known: what can be seen from the brief, and no more.

Each hidden layer is drawn with three units, however many it has: how many it has is what a gauge tells.
"""

from __future__ import annotations

from itertools import pairwise

from drops.exercises.blocks import Piece, Show, Wires, Words
from drops.networks.clinic.gauges import GAUGES, Spot

DRAWN = 3  # units of a hidden layer
HAND = "gauge"  # what a part stands for that the gauge in hand is put on
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
NOTE = "Each hidden layer is drawn with three units, however many it has. **L** is the loss."


def patient(depth: int, gauge: str = "") -> tuple[Show, ...]:
    """The net: two columns, so many hidden layers, the answer and its loss; lit is what a gauge looks at."""
    hidden = (("h" + "".join(_RAISED[int(c)] for c in str(layer)),) * DRAWN for layer in range(1, depth + 1))
    names = (("x₁", "x₂"), *hidden, ("ŷ",), ("L",))
    sizes = [*map(len, names)]
    weights = tuple(((0.0,) * before,) * after for before, after in pairwise(sizes))
    meter = GAUGES[gauge] if gauge else None
    on = meter.on if meter else ()
    lit = tuple(
        (layer, to, start)
        for layer in range(depth + 1 if "weights" in on else 0)
        for to in range(sizes[layer + 1])
        for start in range(sizes[layer])
    )
    blanks: dict[Piece, str] = {
        ("unit", layer, i): HAND
        for layer, size in enumerate(sizes)
        for i in range(size)
        if _spot(layer, len(sizes)) in on
    }
    asks = (Words(f"**{meter.label}**: {meter.asks}"),) if meter else ()
    says = f"A net of {depth} hidden layers; nothing of it is known yet."
    return *asks, Wires(names, weights, None, says, lit, blanks=blanks, hand=HAND), Words(NOTE)


def _spot(layer: int, layers: int) -> Spot:
    """What the units of a layer are."""
    ends: dict[int, Spot] = {0: "columns", layers - 2: "answer", layers - 1: "loss"}
    return ends.get(layer, "units")
