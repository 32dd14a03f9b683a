"""Nets on birds that they have not seen: many splits at once, each with its own start.

chinstrap, 2-16-1, 40 birds to learn from and 100 to stop by, 202 to be judged on, 100 splits
  →  94 % right; a loss of 0.44, and 0.15 where the weights of the best moment are put back
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from drops.networks.splits import Braked, Parts
from nnlab import Adam, Net, Trainer, data

RATE = 0.03  # of Adam
Array = np.ndarray[Any, Any]


class HeldOutScores(NamedTuple):
    """What nets say of held-out birds, split by split: once trained to the end, and (`braked`) with the
    weights of their lowest validation loss."""

    right: Array  # (splits,): the share of birds told right
    loss: Array
    right_braked: Array
    loss_braked: Array
    wrong: float  # on the birds told wrong, the median share given to the truth; of two classes only


def judged(
    table: str, sizes: str, learn: int, stop: int, splits: int, steps: int, yes: str = ""
) -> HeldOutScores:  # fmt: skip
    """Trains one ReLU net a split. `yes` asks for one of several species."""
    rows = data.load(table)
    if yes:
        rows = replace(rows, y=(rows.y == rows.classes.index(yes)).astype(float))
    n = len(rows)
    parts = Parts.of(
        [
            rows.split(test=(n - learn - stop) / n, validation=stop / n, seed=seed).standardised()
            for seed in range(splits)
        ]
    )
    loss = "bce" if sizes.endswith("-1") else "ce"
    fleet = Net(sizes, hidden="relu", loss=loss, seed=1).fleet(splits)
    training = Braked(Trainer(fleet, parts.train, Adam(RATE), validation=parts.validation))
    for _ in training.epochs(steps):
        pass
    right, losses, wrong = training.score(parts.test, False), _losses(fleet, parts), 0.0
    if loss == "bce":
        said = [fleet.member(i).predict(X) for i, X in enumerate(parts.test[0])]
        truth = np.where(parts.test[1] > 0.5, said, 1 - np.array(said))
        wrong = float(np.median(truth[truth < 0.5]))
    right_braked = training.score(parts.test, True)
    fleet.theta[...] = training.weights
    return HeldOutScores(right, losses, right_braked, _losses(fleet, parts), wrong)


def _losses(fleet: Any, parts: Parts) -> Array:
    return np.array([fleet.member(i).loss(X, y) for i, (X, y) in enumerate(zip(*parts.test, strict=True))])


# ── claims ────────────────────────────────────────────────────────────────────────────────


def held_out(
    table: str, sizes: str, learn: int, stop: int, splits: int = 100, steps: int = 1000
) -> Mapping[str, float]:
    """Means over the splits, with the brake and without."""
    found = judged(table, sizes, learn, stop, splits, steps)
    means = {name: float(np.mean(values)) for name, values in found._asdict().items()}
    return {**means, "splits": float(splits)}


def held_out_pair(
    table: str,
    nets: Sequence[str],
    steps: Sequence[int],
    learn: int,
    stop: int,
    splits: int = 100,
    yes: str = "",
) -> Mapping[str, float]:
    """Two nets on the same splits, with the brake: their mean shares right, and how much the second gains."""
    first, second = (
        judged(table, sizes, learn, stop, splits, many, yes).right_braked
        for sizes, many in zip(nets, steps, strict=True)
    )
    gain = second - first
    return {
        "first": float(first.mean()),
        "second": float(second.mean()),
        "gain": float(gain.mean()),
        "noise": float(2 * gain.std(ddof=1) / np.sqrt(splits)),
        "splits": float(splits),
    }
