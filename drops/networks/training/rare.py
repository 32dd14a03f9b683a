"""A rare class: 96 of 100 rows right, and most of what was looked for not found.

1,000 rows, one in twenty is looked for, shifted by (1.5, 1.5); 2-8-1 tanh, threshold ½
  →  0.96 right, precision 0.68, recall 0.41
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnlab import Adam, Net, Trainer

Array = np.ndarray[Any, Any]

ROWS, FRESH, SHARE, SHIFT = 1_000, 10_000, 0.05, 1.5
THRESHOLDS = (0.5, 0.3, 0.2, 0.1, 0.05)
NAMES = "right", "precision", "recall"


def rare_rows(rows: int, seed: int) -> tuple[Array, Array]:
    """(X, y): two columns; the rare class stands off by the shift in both."""
    y = (np.arange(rows) < rows * SHARE).astype(float)
    return np.random.default_rng(seed).normal(size=(rows, 2)) + SHIFT * y[:, None], y


# ── claims ────────────────────────────────────────────────────────────────────────────────


def rare(weight: int = 1, many: int = 40) -> Mapping[str, float]:
    """Share right, precision and recall on fresh rows at each threshold; means of the nets."""
    learned = [rare_rows(ROWS, seed) for seed in range(many)]
    net = Net("2-8-1", hidden="tanh", loss="bce", seed=1, class_weight=(1, weight)).fleet(many)
    X, y = (np.stack(column) for column in zip(*learned, strict=True))
    for _ in Trainer(net, (X, y), Adam(0.01), batch=50).epochs(30, every=10):
        pass
    found: dict[str, list[float]] = {}
    for i in range(many):
        X, y = rare_rows(FRESH, 1_000 + i)
        said = net.member(i).predict(X)
        for threshold in THRESHOLDS:
            alarm, looked_for = said >= threshold, y == 1
            hit = float((alarm & looked_for).sum())
            scores = (alarm == looked_for).mean(), hit / max(1, alarm.sum()), hit / looked_for.sum()
            for name, score in zip(NAMES, scores, strict=True):
                found.setdefault(f"{name}_{threshold:g}", []).append(float(score))
    return {**{name: float(np.mean(scores)) for name, scores in found.items()}, "nets": float(many)}
