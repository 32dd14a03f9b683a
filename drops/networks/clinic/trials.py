"""A program at work: the engine trains it, and every gauge of it can be read.

    read(broken("rate-low", "moons", 16, 2), 7).moves[0].step  →  (2·10⁻⁶, 7·10⁻⁶, 3·10⁻⁵) of the weights

A live run pulls a `Trial` step by step; what is read of a finished one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from drops.networks.clinic.faults import Program
from nnlab import SGD, Adam, Momentum, Net, Trainer, data
from nnlab.doctor import gauges, ignorance
from nnlab.layers import Dense
from nnlab.optim import Binding
from nnlab.plan import Array

TABLES = {"moons": data.moons, "circle": data.circle, "xor": data.xor}
HELD, USE = 1, 2  # added to a seed: rows that are held back, rows met in use
FRESH = 400  # rows of each
EARLY = 10  # steps after which gauges are read again
POINTS = 40  # of a loss curve
EIGHT, EIGHT_STEPS = 8, 400


@dataclass(frozen=True, eq=False)
class Uphill(SGD):
    """θ ← θ + lr·g: the sign that is wrong."""

    def write(self, b: Binding) -> None:
        b.down(-b.g)


def rule(program: Program) -> Any:
    """The optimiser of a program, with its fault if it has one."""
    match program.rule:
        case "uphill":
            return Uphill(program.lr, clip=program.clip)
        case "never-zeroed":  # what was not set back is a momentum of 1
            return Momentum(program.lr, momentum=1.0)
        case "adam":
            return Adam(program.lr)
    return SGD(program.lr, clip=program.clip)


# ── rows ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Part:
    """X (n, columns), y (n,)."""

    X: Array
    y: Array


@dataclass(frozen=True, eq=False)
class CaseRows:
    """What a program is trained on, what is held back, and what it meets in use."""

    train: Part
    held: Part
    use: Part


def rows(program: Program, seed: int) -> CaseRows:
    """The rows of a program, as its `feed` brings them in."""
    wanted = (program.rows, seed), (FRESH, seed + HELD), (FRESH, seed + USE)
    train, held, use = (_part(program, n, at) for n, at in wanted)
    rng = np.random.default_rng(seed)
    match program.feed:
        case "raw":
            train, held, use = map(_stretched, (train, held, use))
        case "standardised" | "raw in use":
            raw = tuple(map(_stretched, (train, held, use)))
            mean, sd = raw[0].X.mean(axis=0), raw[0].X.std(axis=0)
            train, held, use = (replace(part, X=(part.X - mean) / sd) for part in raw)
            if program.feed == "raw in use":
                use = raw[2]
        case "leaking":
            train, held = (_with(part, part.y + rng.normal(0, 0.1, len(part.y))) for part in (train, held))
            use = _with(use, rng.permutation(use.y) + rng.normal(0, 0.1, len(use.y)))
        case "misaligned":
            train = replace(train, y=_misaligned(train.y, rng))
        case "sorted":
            order = np.argsort(train.y, kind="stable")
            train = Part(train.X[order], train.y[order])
    return CaseRows(train, held, use)


def _part(program: Program, n: int, seed: int) -> Part:
    table = TABLES[program.table]
    if program.target != "class":
        return _numbers(program, n, seed)
    if not program.rare:
        return Part(*table(n, seed=seed, noise=program.noise))
    X, y = table(20 * n, seed=seed, noise=program.noise)
    kept = np.flatnonzero((y == 0) | (np.cumsum(y == 1) % 19 == 0))
    chosen = np.random.default_rng(seed).permutation(kept)[: 3 * n]
    return Part(X[chosen], y[chosen])


def _numbers(program: Program, n: int, seed: int) -> Part:
    """A landscape over two columns, with the hills of the table's name, from −3 to 3."""
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (n, 2))
    a, b = X.T
    height = {"moons": np.sin(3 * a) - b * b, "circle": 1.6 * (a * a + b * b) - 1, "xor": 2 * a * b + 0.3 * a}
    y = 3 * height[program.table] / np.abs(height[program.table]).max() + rng.normal(0, program.noise, n)
    return Part(X, 200_000 + 20_000 * y if program.target == "price" else y)


def _misaligned(y: Array, rng: np.random.Generator) -> Array:
    """The answers in an order in which half of each class stands beside a row of the other one: what
    is learned of them is worth nothing, which a plain shuffle leaves to chance."""
    y = y.copy()
    zeros, ones = (rng.permutation(np.flatnonzero(y == label)) for label in (0, 1))
    half = min(len(zeros), len(ones)) // 2
    y[zeros[:half]], y[ones[:half]] = 1, 0
    return y


def _stretched(part: Part) -> Part:
    return replace(part, X=part.X * [1000.0, 1.0] + [3000.0, 0.0])


def _with(part: Part, column: Array) -> Part:
    return replace(part, X=np.column_stack([part.X, column]))


# ── a net at work ─────────────────────────────────────────────────────────────────────────


def built(program: Program, inputs: int, seed: int) -> Net:
    """The net as it starts."""
    sizes = "-".join(map(str, [inputs, *[program.width] * program.depth, 1]))
    net = Net(sizes, hidden=program.squash, out=program.out, loss=program.loss, init=program.init, seed=seed,
              l2=program.l2, class_weight=(1.0, program.weigh) if program.weigh != 1 else None,
              strict=False)  # fmt: skip
    for layer in range(program.depth):
        net[layer].b[:] = program.bias
    return net


class Trial:
    """A program that is trained step by step, by whoever pulls."""

    def __init__(self, program: Program, seed: int) -> None:
        self.program, self.rows = program, rows(program, seed)
        self.net = built(program, self.rows.train.X.shape[1], seed)
        train = self.rows.train.X, self.rows.train.y
        self._trainer = Trainer(
            self.net, train, rule(program), program.batch, seed, shuffle=program.feed != "sorted"
        )
        self.batch_losses: list[float] = []  # of every step, before it
        self._best = np.inf, self.net.theta.copy()

    def go(self, steps: int) -> None:
        """Train so many steps; one that ran away stays where it is."""
        for event in self._trainer.steps(steps):
            self.batch_losses.append(event.loss)

    def loss(self, part: Part | None = None) -> float:
        """The mean loss on all training rows, or on others; infinite where it is no number."""
        part = part or self.rows.train
        with np.errstate(all="ignore"):
            loss = float(self.net.losses(part.X, part.y).mean())
        return loss if np.isfinite(loss) else np.inf

    def run(self) -> Iterator[tuple[int, float]]:
        """Train to the end: (steps done, loss on the training rows) at the start and POINTS times more."""
        done = 0
        for i in range(POINTS + 1):
            stop = i * self.program.steps // POINTS
            self.go(stop - done)
            done = stop
            if self.program.stop:
                self._note()
                if i == POINTS:
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


# ── reading ───────────────────────────────────────────────────────────────────────────────


class Units(NamedTuple):
    """Shares of a hidden layer's units."""

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
    gradients: tuple[tuple[float, ...], tuple[float, ...]]  # norm of ∂L/∂W, at the start and after EARLY
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


class UseGlance(NamedTuple):
    """What is seen of a program before any gauge is opened."""

    curve: tuple[tuple[float, float], ...]  # (steps, loss on the training rows)
    ignorance: float  # what the best constant answer costs
    used: Score


@lru_cache(maxsize=256)
def glance(program: Program, seed: int) -> UseGlance:
    """Train a program to its end; what is kept of it is small."""
    trial = Trial(program, seed)
    curve = tuple((float(done), loss) for done, loss in trial.run())
    return UseGlance(curve, trial.ignorance, trial.score(trial.rows.use))


@lru_cache(maxsize=24)
def read(program: Program, seed: int) -> GaugeReading:
    """Train a program to its end and read everything on the way."""
    trial, young = Trial(program, seed), Trial(program, seed)
    curve, train = tuple((float(done), loss) for done, loss in trial.run()), trial.rows.train
    with np.errstate(all="ignore"):
        gradients, sizes, first = _norms(young), _sizes(young.net), _move(young)
        young.go(EARLY - 1)
        gradients_early = _norms(young)
        later = max((_move(young) for _ in range(3)), key=lambda move: move.ahead)
        answers = trial.net.predict(train.X)
        logs = np.log(np.maximum(trial.batch_losses, 1e-12))
        leap = float(np.exp(np.median(np.abs(np.diff(logs[-200:]))))) if len(logs) > 1 else np.nan
        return GaugeReading(
            curve, trial.ignorance, (gradients, gradients_early), _units(trial),
            (sizes, _sizes(trial.net)), (first, later), _columns(trial), _shares(trial),
            program.batch or len(train.y), leap,
            (float(answers.min()), float(answers.max()), float(train.y.min()), float(train.y.max())),
            trial.score(train), trial.score(trial.rows.held), trial.score(trial.rows.use),
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
    rates = (trial.program.lr * float(np.linalg.norm(layer.dW)) for layer in layers)
    step, rule = (tuple(a / b for a, b in zip(of, sizes, strict=True)) for of in (steps, rates))
    return Move(step, rule, len(trial.batch_losses), loss, trial.loss())


def _units(trial: Trial) -> tuple[Units, ...]:
    X = trial.rows.train.X
    half = len(X) // 2
    a, b = X[:half], X[half : 2 * half]
    values, ends, middle = (trial.net.values(rows) for rows in (X, np.concatenate([a, b]), (a + b) / 2))
    report = gauges(trial.net, X, trial.rows.train.y).gauges
    found = []
    for k, gauge in enumerate(report[:-1], 1):
        if not np.isfinite(values["yhat"]).all():
            found.append(Units(np.nan, np.nan, np.nan, np.nan))  # it ran away: there is nothing to read
            continue
        name = f"h{k}" if f"h{k}" in values else f"z{k}"
        straight = (ends[name][:half] + ends[name][half:]) / 2
        bends = np.abs(middle[name] - straight).max(axis=0) > 1e-9 * (1 + np.abs(values[name]).max())
        found.append(Units(gauge.dead, gauge.saturated, _alike(trial.net[k - 1].W), float(bends.mean())))
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
    if trial.program.feed != "sorted":
        y = y[np.random.default_rng(0).permutation(len(y))]
    batches = [float(y[i : i + size].mean()) for i in range(0, len(y), size)]
    return tuple(batches if len(batches) < 6 else [*batches[:3], *batches[-3:]])


@lru_cache(maxsize=24)
def eight_rows(program: Program, seed: int) -> float:
    """The loss on eight training rows after 400 steps on just these: a machine that works learns
    them by heart. After Karpathy, A Recipe for Training Neural Networks (2019)."""
    trial = Trial(replace(program, batch=None, steps=EIGHT_STEPS, stop=False), seed)
    spread = np.linspace(0, len(trial.rows.train.y) - 1, EIGHT).astype(int)
    few = Part(trial.rows.train.X[spread], trial.rows.train.y[spread])
    trainer = Trainer(trial.net, (few.X, few.y), rule(program))
    for _ in trainer.steps(EIGHT_STEPS):
        pass
    return trial.loss(few)
