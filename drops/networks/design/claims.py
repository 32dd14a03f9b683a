"""What drop 14 claims of designs on its tables, measured split by split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from drops.networks.design.designing import TABLES, NetPlan, baseline
from drops.networks.design.evidence import Compared, nothing, scores

DESIGNS: Mapping[str, Callable[[NetPlan], NetPlan]] = {
    "none": lambda d: d,
    "16-relu": lambda d: replace(d, hidden=(16,)),
    "16-relu-both": lambda d: replace(d, hidden=(16,), brake="both"),
    "16-relu-no-brake": lambda d: replace(d, hidden=(16,), brake="none"),
    "16-16-no-squash": lambda d: replace(d, hidden=(16, 16), squash="none"),
    "16-relu-unscaled": lambda d: replace(d, hidden=(16,), scaling="none"),
    "deep-narrow": lambda d: replace(d, hidden=(8,) * 8),
    "three-wide": lambda d: replace(d, hidden=(128, 128), brake="none"),
}


def defended(table: str, design: str, splits: int = 20) -> Mapping[str, float]:
    """A named design on a table beside no hidden layer: mean scores, and the paired difference."""
    card = TABLES[table]
    straight = baseline(card)
    a, b = (scores(card, plan, 1, splits) for plan in (DESIGNS[design](straight), straight))
    told = Compared.of(a, b)
    return {
        "score": a.mean,
        "straight": b.mean,
        "delta": told.delta,
        "noise": told.noise,
        "runs": float(splits),
        "median": float(np.median(a.test)),
        "nothing": nothing(card),
    }
