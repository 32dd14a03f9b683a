"""What can be read off a program: its curve, its units, its steps, its columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from drops.networks.clinic.trials import EARLY, Score, Trial
from drops.networks.faults.making import build_rule
from drops.networks.faults.program import Program
from drops.networks.splits import Part
from nnlab import Net, Trainer
from nnlab.doctor import examine
from nnlab.layers import Dense
from nnlab.plan import Array

EIGHT, EIGHT_STEPS = 8, 400  # rows that a sound net knows by heart after so many steps


class Units(NamedTuple):
    """A hidden layer's units: how many, and shares of them."""

    of: int
    silent: float  # the same on every row, with slope 0
    flat: float  # at a flat end on nearly every row
    alike: float  # twins of another unit, weights included
    bending: float  # whose value between two rows is not the middle of their values


class Move(NamedTuple):
    """A step: its size ÷ the weights' layer by layer, the same of rate × gradient, and what it did."""

    step: tuple[float, ...]
    rule: tuple[float, ...]
    at: int  # the number of the step
    before: float  # loss on all training rows
    after: float

    @property
    def ahead(self) -> float:
        """How many times rate × gradient it is, in the layer where it is most."""
        return max((a / b for a, b in zip(self.step, self.rule, strict=True) if b > 0), default=0.0)


class Column(NamedTuple):
    """A column of the rows, or the target."""

    name: str
    mean: float
    spread: float
    use_mean: float
    use_spread: float
    agrees: float  # |correlation| with the target in training
    use_agrees: float


@dataclass(frozen=True, eq=False)
class GaugeReading:
    """All gauges of a program, read at the start, after EARLY steps and at the end.

    One entry a weighted layer, front to back, where nothing else is said.
    """

    curve: tuple[tuple[float, float], ...]  # (steps, loss on the training rows)
    ignorance: float  # what the best constant answer costs
    gradients: tuple[float, ...]  # norm of ∂L/∂W at the start
    units: tuple[Units, ...]  # of each hidden layer, at the end
    weights: tuple[tuple[float, ...], tuple[float, ...]]  # rms without biases, at the start and the end
    moves: tuple[Move, Move]  # the first step, and of three after EARLY the one furthest ahead of its rule
    columns: tuple[Column, ...]
    shares: tuple[float, ...]  # of class 1 in the first batches and the last ones; () for numbers
    batch: int
    leap: float  # typical factor between the losses of two batches in a row
    range: tuple[float, float, float, float]  # lowest and highest answer, lowest and highest target
    trained: Score
    held: Score
    used: Score
    eight: float  # the loss on eight rows, after training on these alone

    @property
    def start(self) -> float:
        """The loss on the training rows before the first step."""
        return self.curve[0][1]


@lru_cache(maxsize=24)
def read(program: Program, seed: int) -> GaugeReading:
    """Train a program to its end and read everything on the way."""
    trial, young = Trial(program, seed), Trial(program, seed)
    curve, train = tuple((float(done), loss) for done, loss in trial.run()), trial.rows.train
    with np.errstate(all="ignore"):
        gradients, sizes, first = _norms(young), _sizes(young.net), _move(young)
        young.go(EARLY - 1)
        later = max((_move(young) for _ in range(3)), key=lambda move: move.ahead)
        answers = trial.net.predict(train.X)
        logs = np.log(np.maximum(trial.batch_losses, 1e-12))
        leap = float(np.exp(np.median(np.abs(np.diff(logs[-200:]))))) if len(logs) > 1 else np.nan
        return GaugeReading(
            curve, trial.ignorance, gradients, _units(trial),
            (sizes, _sizes(trial.net)), (first, later), _columns(trial), _shares(trial),
            program.batch or len(train.y), leap,
            (float(answers.min()), float(answers.max()), float(train.y.min()), float(train.y.max())),
            trial.score(train), trial.score(trial.rows.held), trial.score(trial.rows.use),
            _eight_rows(program, seed),
        )  # fmt: skip


def _weighted(net: Net) -> list[Dense]:
    return [net[i] for i in range(sum(layer.weighted for layer in net.layers))]


def _sizes(net: Net) -> tuple[float, ...]:
    return tuple(float(np.sqrt((layer.W**2).mean())) for layer in _weighted(net))


def _norms(trial: Trial) -> tuple[float, ...]:
    """The size of each layer's gradient over all training rows."""
    trial.net.backward(trial.rows.train.X, trial.rows.train.y)
    return tuple(float(np.linalg.norm(layer.dW)) for layer in _weighted(trial.net))


def _move(trial: Trial) -> Move:
    """Take one step and see what it does."""
    layers, loss = _weighted(trial.net), trial.loss()
    before = [layer.W.copy() for layer in layers]
    trial.go(1)
    sizes = [float(np.linalg.norm(W)) or np.inf for W in before]  # weights of 0 do not move here
    steps = (float(np.linalg.norm(layer.W - W)) for layer, W in zip(layers, before, strict=True))
    rates = (trial.program.rate * float(np.linalg.norm(layer.dW)) for layer in layers)
    step, rule = (tuple(a / b for a, b in zip(of, sizes, strict=True)) for of in (steps, rates))
    return Move(step, rule, len(trial.batch_losses), loss, trial.loss())


def _units(trial: Trial) -> tuple[Units, ...]:
    X = trial.rows.train.X
    half = len(X) // 2
    a, b = X[:half], X[half : 2 * half]
    values, ends, middle = (trial.net.values(rows) for rows in (X, np.concatenate([a, b]), (a + b) / 2))
    report = examine(trial.net, X, trial.rows.train.y).layers
    found = []
    for k, gauge in enumerate(report[:-1], 1):
        if not np.isfinite(values["yhat"]).all():  # it ran away: there is nothing to read
            found.append(Units(len(trial.net[k - 1].W), np.nan, np.nan, np.nan, np.nan))
            continue
        name = f"h{k}" if f"h{k}" in values else f"z{k}"
        straight = (ends[name][:half] + ends[name][half:]) / 2
        bends = np.abs(middle[name] - straight).max(axis=0) > 1e-9 * (1 + np.abs(values[name]).max())
        found.append(
            Units(
                len(trial.net[k - 1].W),
                gauge.dead,
                gauge.saturated,
                _alike(trial.net[k - 1].W),
                float(bends.mean()),
            )
        )
    return tuple(found)


def _alike(W: Array) -> float:
    """The share of units that have a twin, up to what rounding makes of equal sums."""
    _, counts = np.unique(np.round(W / (np.abs(W).max() or 1), 6), axis=0, return_counts=True)
    return float(counts[counts > 1].sum() / len(W))


def _columns(trial: Trial) -> tuple[Column, ...]:
    train, use = trial.rows.train, trial.rows.use
    names = [f"x{i + 1}" for i in range(train.X.shape[1])]
    pairs = [*zip(train.X.T, use.X.T, strict=True), (train.y, use.y)]
    return tuple(
        Column(name, _mean(a), float(a.std()), _mean(b), float(b.std()),
               _agreement(a, train.y), _agreement(b, use.y))
        for name, (a, b) in zip([*names, "target"], pairs, strict=True)
    )  # fmt: skip


def _mean(column: Array) -> float:
    """A mean that only rounding keeps from 0 is 0."""
    mean = float(column.mean())
    return mean if abs(mean) > 1e-9 * float(column.std()) else 0.0


def _agreement(column: Array, y: Array) -> float:
    return abs(float(np.corrcoef(column, y)[0, 1]))


def _shares(trial: Trial) -> tuple[float, ...]:
    """Of class 1 in the first three and the last three batches of the first epoch."""
    y, size = trial.rows.train.y, trial.program.batch or len(trial.rows.train.y)
    if trial.program.target != "class":
        return ()
    if not trial.program.by_class:
        y = y[np.random.default_rng(0).permutation(len(y))]
    batches = [float(y[i : i + size].mean()) for i in range(0, len(y), size)]
    return tuple(batches if len(batches) < 6 else [*batches[:3], *batches[-3:]])


def _eight_rows(program: Program, seed: int) -> float:
    """The loss on eight training rows after 400 steps on just these: a machine that works learns
    them by heart. After Karpathy, A Recipe for Training Neural Networks (2019)."""
    trial = Trial(replace(program, batch=None, steps=EIGHT_STEPS, keep="last"), seed)
    spread = np.linspace(0, len(trial.rows.train.y) - 1, EIGHT).astype(int)
    few = Part(trial.rows.train.X[spread], trial.rows.train.y[spread])
    trainer = Trainer(trial.net, (few.X, few.y), build_rule(program))
    for _ in trainer.steps(EIGHT_STEPS):
        pass
    return trial.loss(few)
