"""A program at work: the engine trains it, and every gauge of it can be read.

    read(WORLDS["lies flat"].twin("moons", 16, 4).with_fault("rate-low"), 7).moves[0].step
        →  a few millionths of the weights, layer by layer

A live run pulls a `Trial` step by step; what is read of a finished one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from drops.networks.faults.making import build_net, build_rule, rows
from drops.networks.faults.program import Program
from drops.networks.splits import Part
from nnlab import Trainer
from nnlab.doctor import ignorance

EARLY = 10  # steps after which gauges are read again
POINTS = 40  # of a loss curve


def beginning(program: Program, seed: int) -> float:
    """The loss on the training rows before the first step, in units of what knowing nothing costs."""
    trial = Trial(program, seed)
    return trial.loss() / trial.ignorance


class Trial:
    """A program that is trained step by step, by whoever pulls."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program, self.rows = program, rows(program, seed)
        self.net = build_net(program, self.rows.train.X.shape[1], seed)
        train = self.rows.train.X, self.rows.train.y
        self.trainer = Trainer(
            self.net, train, build_rule(program), program.batch, seed, shuffle=not program.by_class
        )
        self.batch_losses: list[float] = []  # of every step, before it
        self._best = np.inf, self.net.theta.copy()

    def go(self, steps: int) -> None:
        """Train so many steps; one that ran away stays where it is."""
        for event in self.trainer.steps(steps):
            self.batch_losses.append(event.loss)

    def loss(self, part: Part | None = None) -> float:
        """The mean loss on all training rows, or on others; infinite where it is no number."""
        part = part or self.rows.train
        with np.errstate(all="ignore"):
            loss = float(self.net.losses(part.X, part.y).mean())
        return loss if np.isfinite(loss) else np.inf

    def run(self, stops: Sequence[int] = ()) -> Iterator[tuple[int, float]]:
        """Train to the end: (steps done, loss on the training rows) at each of `stops`, else at the start
        and POINTS times more."""
        stops = stops or [i * self.program.steps // POINTS for i in range(POINTS + 1)]
        done = 0
        for stop in stops:
            self.go(stop - done)
            done = stop
            if self.program.keep == "best":
                self._note()
                if stop == stops[-1]:
                    self.net.theta[...] = self._best[1]
            yield done, self.loss()

    def _note(self) -> None:
        """Remember the weights with which the held-back loss was lowest."""
        if (loss := self.loss(self.rows.held)) < self._best[0]:
            self._best = loss, self.net.theta.copy()

    @property
    def ignorance(self) -> float:
        """What the best constant answer costs on the training rows."""
        return ignorance(self.net, self.rows.train.y)

    def score(self, part: Part) -> Score:
        """How its answers on these rows compare with the right ones."""
        with np.errstate(all="ignore"):
            answers = self.net.predict(part.X)
        y, loss = part.y, self.loss(part)
        if self.program.target != "class":
            spread = float(((y - y.mean()) ** 2).sum())
            with np.errstate(all="ignore"):
                share = float(1 - ((answers - y) ** 2).sum() / spread)
            share = share if share > 0 else 0.0  # worse than the mean, or no number
            return Score(share, share, (), loss)
        says = (answers > 0.5) & np.isfinite(answers)
        found = tuple(float((says == label)[y == label].mean()) for label in (0, 1))
        return Score(float((says == y).mean()), sum(found) / 2, found, loss)


@dataclass(frozen=True)
class Score:
    """Share of rows that are right; of numbers, the share of their spread that is explained."""

    right: float
    fair: float  # both classes weigh the same
    found: tuple[float, ...]  # of each class
    loss: float
