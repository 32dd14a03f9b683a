"""What drop 14 claims of designs on its tables, measured split by split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from drops.networks.design.designing import TABLES, NetPlan, baseline
from drops.networks.design.evidence import FLOOR, Compared, nothing, scores

DESIGNS: Mapping[str, Callable[[NetPlan], NetPlan]] = {
    "16-relu": lambda d: replace(d, hidden=(16,)),
    "16-16-no-squash": lambda d: replace(d, hidden=(16, 16), squash="none"),
}


def defended(table: str, design: str, splits: int = 20) -> Mapping[str, float]:
    """A named design on a table beside no hidden layer: mean scores, and the paired difference."""
    card = TABLES[table]
    straight = baseline(card)
    a, b = (scores(card, plan, 1, splits) for plan in (DESIGNS[design](straight), straight))
    told = Compared.of(a, b, FLOOR[card.unit])
    return {
        "score": a.mean,
        "straight": b.mean,
        "delta": told.delta,
        "noise": told.noise,
        "runs": float(splits),
        "median": float(np.median(a.test)),
        "nothing": nothing(card),
    }
