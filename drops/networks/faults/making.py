"""The rows, the net and the rule of a program: what is wrong with one is wrong here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from drops.networks.faults.program import Program
from drops.networks.splits import Part
from nnlab import SGD, Adam, Momentum, Net, data
from nnlab.optim import Binding
from nnlab.plan import Array

TABLES = {"moons": data.moons, "circle": data.circle, "xor": data.xor}
HELD, USE = 1, 2  # added to a seed: rows that are held back, rows met in use
FRESH = 400  # rows of each


# ── the rule ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class Uphill(SGD):
    """θ ← θ + lr·g: the sign that is wrong."""

    def write(self, b: Binding) -> None:
        b.down(-b.g)


def NeverZeroed(rate: float, **more: Any) -> Momentum:  # noqa: N802  a rule among rules
    """What was not set back is a momentum of 1."""
    return Momentum(rate, momentum=1.0, **more)


def build_rule(program: Program) -> Any:
    """The optimiser of a program, with its fault if it has one."""
    match program.rule:
        case "uphill":
            return Uphill(program.rate, clip=program.clip)
        case "never-zeroed":
            return NeverZeroed(program.rate, clip=program.clip)
        case "adam":
            return Adam(program.rate)
    return SGD(program.rate, clip=program.clip)


# ── the rows ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class CaseRows:
    """What a program is trained on, what is held back, and what it meets in use."""

    train: Part
    held: Part
    use: Part


def rows(program: Program, seed: int) -> CaseRows:
    """The rows of a program, as its settings bring them in."""
    wanted = (program.rows, seed), (FRESH, seed + HELD), (FRESH, seed + USE)
    train, held, use = (_part(program, n, at) for n, at in wanted)
    rng = np.random.default_rng(seed)
    if program.columns != "as measured":
        raw = tuple(map(_stretched, (train, held, use)))
        mean, sd = raw[0].X.mean(axis=0), raw[0].X.std(axis=0)
        scaled = tuple(part._replace(X=(part.X - mean) / sd) for part in raw)
        train, held, use = raw if program.columns == "raw" else scaled
        if program.columns == "raw in use":
            use = raw[2]
    if program.leaking:
        train, held = (_with(part, part.y + rng.normal(0, 0.1, len(part.y))) for part in (train, held))
        use = _with(use, rng.permutation(use.y) + rng.normal(0, 0.1, len(use.y)))
    if program.misaligned:
        train = train._replace(y=misaligned(train.y, rng))
    if program.by_class:
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


def misaligned(y: Array, rng: np.random.Generator) -> Array:
    """The answers in an order in which half of each class stands beside a row of the other one: what
    is learned of them is worth nothing, which a plain shuffle leaves to chance. Numbers are shuffled."""
    if len(np.unique(y)) > 2:
        return rng.permutation(y)
    y = y.copy()
    zeros, ones = (rng.permutation(np.flatnonzero(y == label)) for label in (0, 1))
    half = min(len(zeros), len(ones)) // 2
    y[zeros[:half]], y[ones[:half]] = 1, 0
    return y


def _stretched(part: Part) -> Part:
    return part._replace(X=part.X * [1000.0, 1.0] + [3000.0, 0.0])


def _with(part: Part, column: Array) -> Part:
    return part._replace(X=np.column_stack([part.X, column]))


# ── the net ───────────────────────────────────────────────────────────────────────────────


def build_net(program: Program, inputs: int, seed: int) -> Net:
    """The net as it starts."""
    sizes = "-".join(map(str, [inputs, *program.sizes, 1]))
    net = Net(sizes, hidden=program.squash, out=program.out, loss=program.loss, init=program.init, seed=seed,
              l2=program.l2, class_weight=(1.0, program.weigh) if program.weigh != 1 else None,
              strict=False)  # fmt: skip
    for layer in range(program.depth):
        net[layer].b[:] = program.bias
    return net
