"""Rows split, scaled by the training part, stacked split by split: one fleet learns them all.

Parts.of([split, split, …]) → X (splits, rows, columns) for training, validation, test
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from nnlab import Fleet, Trainer
from nnlab.plan import Array


class Part(NamedTuple):
    """Some of the rows: X (n, columns), y (n,)."""

    X: Array
    y: Array


@dataclass(frozen=True, eq=False)
class Parts:
    """Pairs (X, y), a split each along the first axis."""

    train: tuple[Any, Any]
    validation: tuple[Any, Any]
    test: tuple[Any, Any]

    @classmethod
    def of(cls, splits: Sequence[Any]) -> Parts:
        def stacked(name: str) -> tuple[Any, Any]:
            parts = [getattr(split, name) for split in splits]
            return np.stack([part.X for part in parts]), np.stack([part.y for part in parts])

        return cls(stacked("train"), stacked("validation"), stacked("test"))

    def __len__(self) -> int:
        return len(self.train[0])


class Braked:
    """A training that keeps, for each member, the weights of its lowest validation loss."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.best = np.full(trainer.net.members, np.inf)
        self.step = np.zeros(trainer.net.members)
        self.weights = trainer.net.theta.copy()
        self.diverged = False

    def epochs(self, n: int, every: int = 10) -> Iterator[float]:
        """Trains on, yielding the share done."""
        for event in self.trainer.epochs(n, every=every):
            better = event.validation_loss < self.best
            self.best = np.where(better, event.validation_loss, self.best)
            self.step = np.where(better, event.epoch, self.step)
            self.weights[better] = self.trainer.net.theta[better]
            yield event.epoch / n
        self.diverged = bool(np.any(self.trainer.diverged_at))

    def score(self, rows: tuple[Any, Any], braked: bool) -> Any:
        """R² or accuracy of every member, at its best validation loss or as it stands."""
        fleet: Fleet = self.trainer.net
        by_r2 = fleet.loss_kind.name == "mse" and fleet.outputs == 1 and fleet.out == "linear"
        now = fleet.theta.copy()
        if braked:
            fleet.theta[...] = self.weights
        # one after another: a plan of all rows for all members is megabytes
        nets = (fleet.member(i) for i in range(len(rows[0])))
        value = [net.r2(X, y) if by_r2 else net.accuracy(X, y) for net, X, y in zip(nets, *rows, strict=True)]
        fleet.theta[...] = now
        return np.array(value)
