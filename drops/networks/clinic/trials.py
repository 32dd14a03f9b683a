"""A program at work: the engine trains it, and every gauge of it can be read.

    read(broken("rate-low", "moons", 16, 2), 7).moves[0].step  →  (2·10⁻⁶, 7·10⁻⁶, 3·10⁻⁵) of the weights

A live run pulls a `Trial` step by step; what is read of a finished one is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from drops.networks.clinic.faults import CaseProgram
from drops.networks.splits import Part
from nnlab import SGD, Adam, Momentum, Net, Trainer, data
from nnlab.doctor import ignorance
from nnlab.optim import Binding
from nnlab.plan import Array

TABLES = {"moons": data.moons, "circle": data.circle, "xor": data.xor}
HELD, USE = 1, 2  # added to a seed: rows that are held back, rows met in use
FRESH = 400  # rows of each
EARLY = 10  # steps after which gauges are read again
POINTS = 40  # of a loss curve


@dataclass(frozen=True, eq=False)
class CaseUphill(SGD):
    """θ ← θ + lr·g: the sign that is wrong."""

    def write(self, b: Binding) -> None:
        b.down(-b.g)


def rule(program: CaseProgram) -> Any:
    """The optimiser of a program, with its fault if it has one."""
    match program.rule:
        case "uphill":
            return CaseUphill(program.lr, clip=program.clip)
        case "never-zeroed":  # what was not set back is a momentum of 1
            return Momentum(program.lr, momentum=1.0)
        case "adam":
            return Adam(program.lr)
    return SGD(program.lr, clip=program.clip)


# ── rows ──────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class TrialRows:
    """What a program is trained on, what is held back, and what it meets in use."""

    train: Part
    held: Part
    use: Part


def rows(program: CaseProgram, seed: int) -> TrialRows:
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
            train, held, use = (part._replace(X=(part.X - mean) / sd) for part in raw)
            if program.feed == "raw in use":
                use = raw[2]
        case "leaking":
            train, held = (_with(part, part.y + rng.normal(0, 0.1, len(part.y))) for part in (train, held))
            use = _with(use, rng.permutation(use.y) + rng.normal(0, 0.1, len(use.y)))
        case "misaligned":
            train = train._replace(y=_misaligned(train.y, rng))
        case "sorted":
            order = np.argsort(train.y, kind="stable")
            train = Part(train.X[order], train.y[order])
    return TrialRows(train, held, use)


def _part(program: CaseProgram, n: int, seed: int) -> Part:
    table = TABLES[program.table]
    if program.target != "class":
        return _numbers(program, n, seed)
    if not program.rare:
        return Part(*table(n, seed=seed, noise=program.noise))
    X, y = table(20 * n, seed=seed, noise=program.noise)
    kept = np.flatnonzero((y == 0) | (np.cumsum(y == 1) % 19 == 0))
    chosen = np.random.default_rng(seed).permutation(kept)[: 3 * n]
    return Part(X[chosen], y[chosen])


def _numbers(program: CaseProgram, n: int, seed: int) -> Part:
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
    return part._replace(X=part.X * [1000.0, 1.0] + [3000.0, 0.0])


def _with(part: Part, column: Array) -> Part:
    return part._replace(X=np.column_stack([part.X, column]))


# ── a net at work ─────────────────────────────────────────────────────────────────────────


def built(program: CaseProgram, inputs: int, seed: int) -> Net:
    """The net as it starts."""
    sizes = "-".join(map(str, [inputs, *[program.width] * program.depth, 1]))
    net = Net(sizes, hidden=program.squash, out=program.out, loss=program.loss, init=program.init, seed=seed,
              l2=program.l2, class_weight=(1.0, program.weigh) if program.weigh != 1 else None,
              strict=False)  # fmt: skip
    for layer in range(program.depth):
        net[layer].b[:] = program.bias
    return net


def beginning(program: CaseProgram, seed: int) -> float:
    """The loss on the training rows before the first step, in units of what knowing nothing costs."""
    train = rows(program, seed).train
    net = built(program, train.X.shape[1], seed)
    with np.errstate(all="ignore"):
        loss = float(net.losses(train.X, train.y).mean())
    return loss / ignorance(net, train.y) if np.isfinite(loss) else np.inf


class Trial:
    """A program that is trained step by step, by whoever pulls."""

    def __init__(self, program: CaseProgram, seed: int) -> None:
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
