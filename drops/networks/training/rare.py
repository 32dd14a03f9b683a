"""A rare class: 96 of 100 rows right, and most of what was looked for not found.

1,000 rows, one in twenty is looked for, shifted by (1.5, 1.5); 2-8-1 tanh, threshold ½
  →  0.96 right, precision 0.68, recall 0.41
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Words
from drops.exercises.figure import Drawing
from drops.text import number
from nnlab import Adam, Net, Trainer

Array = np.ndarray[Any, Any]

ROWS, FRESH, SHARE, SHIFT = 1_000, 10_000, 0.05, 1.5
THRESHOLDS = (0.5, 0.3, 0.2, 0.1, 0.05)
WEIGHTS = (1, 19)  # what a row of the rare class counts


def rare_rows(rows: int, seed: int) -> tuple[Array, Array]:
    """(X, y): two columns; the rare class stands off by the shift in both."""
    y = (np.arange(rows) < rows * SHARE).astype(float)
    return np.random.default_rng(seed).normal(size=(rows, 2)) + SHIFT * y[:, None], y


# threshold → share right, precision, recall on fresh rows, means of 40 nets; first as the rows are, then with
# the rare class counted 19 times; `rare` measures them again.
SCORES: Mapping[int, Mapping[float, tuple[float, float, float]]] = {
    1: dict(zip(THRESHOLDS, ((0.96, 0.68, 0.41), (0.95, 0.53, 0.56), (0.94, 0.44, 0.65), (0.91, 0.32, 0.77),
                             (0.85, 0.24, 0.85)), strict=True)),
    19: dict(zip(THRESHOLDS, ((0.86, 0.25, 0.84), (0.78, 0.18, 0.91), (0.72, 0.15, 0.94), (0.59, 0.11, 0.97),
                              (0.45, 0.09, 0.99)), strict=True)),
}  # fmt: skip
NAMES = "right", "precision", "recall"


def draw_threshold(_: Mapping[str, Any]) -> Drawing:
    """```figure threshold → share right, precision and recall by threshold and by what a rare row counts."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        threshold, weight = THRESHOLDS[int(v["threshold"])], WEIGHTS[int(v["weight"])]
        scores = SCORES[weight][threshold]
        bars = tuple(Bar(name, score) for name, score in zip(NAMES, scores, strict=True))
        right, precision, recall = (number(100 * score, 0) for score in scores)
        says = (
            f"Threshold {number(threshold)}, a rare row counts {weight}×: {right} in 100 rows right. Of 100 "
            f"alarms {precision} are real; of 100 rare rows {recall} are found."
        )
        return Bars((Bar("always no", 1 - SHARE), *bars), says, "share"), Words(says)

    knobs = (
        Knob("threshold", "threshold", 0, len(THRESHOLDS) - 1, 1, 0, tuple(map(number, THRESHOLDS))),
        Knob("weight", "a rare row counts", 0, 1, 1, 0, tuple(f"{w}×" for w in WEIGHTS)),
    )
    numbers = {
        f"{name}_{t:g}_{w}": score
        for w, rows in SCORES.items()
        for t, row in rows.items()
        for name, score in zip(NAMES, row, strict=True)
    }
    says = "Lower the threshold. What do you gain, and what does it cost?"
    return Drawing((Figure(knobs, show, says),), numbers)


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
