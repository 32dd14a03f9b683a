"""The experiments of drops 1 to 4: what one neuron holds, what lines can separate, what a bend is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drops.networks.birds import TABLES as BIRD_TABLES
from drops.networks.birds import birds, fires, right, standardised, sums
from drops.networks.nets import dense
from drops.networks.neuron.runs import BENDING_RATE, bent
from nnlab import Adam, Net, Trainer, data

Figures = Mapping[str, float]

XOR = (np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float), np.array([0, 1, 1, 0], dtype=float))


def _table(name: str, rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A data set by name; "corners" are the four of XOR, a table of birds has its columns standardised."""
    if name == "corners":
        return XOR
    if name in BIRD_TABLES:
        return standardised(name)
    made = {"circle": data.circle, "xor": data.xor, "moons": data.moons}[name](rows, seed=seed)
    return made.X, made.y


# ── drop 1 ────────────────────────────────────────────────────────────────────────────────


def bias_moves_the_hinge(w: float, b: float) -> Figures:
    """One ReLU neuron on a fine line, before and after its bias grows by 1."""
    found: dict[str, float] = {}
    x = np.linspace(-5, 5, 100_001)
    for when, bias in (("", b), ("_after", b + 1)):
        a = dense([w], bias).predict(x[:, None])
        on = a > 0
        found["firing_point" + when] = float(x[on][0] if w > 0 else x[on][-1])
        found["slope" + when] = float(np.diff(a[on][:2])[0] / np.diff(x[on][:2])[0])
    return found


def numbers_held(rows: Sequence[int], steps: int = 300, seed: int = 1) -> Figures:
    """A sigmoid neuron trained on few and on many rows: how many numbers it holds, how well it does."""
    found: dict[str, float] = {}
    for name, count in zip(("few_rows", "many_rows"), rows, strict=True):
        X = np.random.default_rng(seed).uniform(-1, 1, (count, 2))
        y = (X[:, 0] - 2 * X[:, 1] > 0.2).astype(float)
        net = Net("2-1", loss="bce", seed=seed)
        Trainer(net, (X, y), Adam(0.1)).fit(steps)
        found[name] = float(net.theta.size)
        found[name + "_accuracy"] = float(net.accuracy(X, y))
    return found


# ── drop 2 ────────────────────────────────────────────────────────────────────────────────


def best_line(table: str, rows: int = 200, seed: int = 0) -> Figures:
    """The most rows that any straight line gets right: every direction, every place to cut.

    The order of the rows along a direction changes only where two of them stand level, so that one
    direction between each two such is all there are.
    """
    X, y = _table(table, rows, seed)
    first, second = np.triu_indices(len(X), 1)
    away = X[first] - X[second]
    level = np.unique(np.round(np.arctan2(away[:, 0], -away[:, 1]) % np.pi, 12))
    angles = (level + np.append(level[1:], level[0] + np.pi)) / 2
    best = 0
    for some in np.array_split(angles, max(1, len(angles) // 1000)):
        along = X @ np.stack([np.cos(some), np.sin(some)])  # (rows, directions)
        order = np.argsort(along, axis=0)
        sorted_along = np.take_along_axis(along, order, axis=0)
        ones = np.cumsum(y[order], axis=0)[:-1]  # among the first k rows, k from 1
        apart = np.diff(sorted_along, axis=0) > 1e-9  # no line passes between two rows in one place
        right = ones + (len(y) - np.arange(1, len(y))[:, None]) - (y.sum() - ones)
        right = np.where(apart, np.maximum(right, len(y) - right), 0)
        best = max(best, int(right.max()))
    most = max(best, int(y.sum()), int(len(y) - y.sum()))
    return {"right": float(most), "share": most / len(y)}


def birds_right(table: str, units: Sequence[Sequence[float]], vote: float = -0.5) -> Figures:
    """How many of the 342 birds one neuron, or a vote of several, tells right; how near a sum comes to 0."""
    rules = [(w1, w2, b) for w1, w2, b in units]
    return {
        "right": float(right(table, lambda X: fires(rules, vote, X))),
        "nearest": min(float(np.abs(sums(unit, birds(table).X)).min()) for unit in rules),
    }


def trained_nets(
    table: str, sizes: str, hidden: str = "tanh", runs: int = 40, steps: int = 600, lr: float = 0.1,
    rows: int = 200, seed: int = 0, solved_at: float = 0.99, loss: str = "bce",
) -> Figures:  # fmt: skip
    """Nets trained from `runs` starting points on one table: what share of them gets `solved_at` of it
    right, and the best, median and worst of their shares right and losses."""
    X, y = _table(table, rows, seed)
    fleet = Net(sizes, hidden=hidden, out="sigmoid", loss=loss).fleet(runs)
    Trainer(fleet, (X, y), Adam(lr)).fit(steps)
    share, losses = fleet.accuracy(X, y), fleet.loss(X, y)
    return {
        "solved": float(np.mean(share >= solved_at)),
        "best": float(share.max()), "median": float(np.median(share)), "worst": float(share.min()),
        "least_loss": float(losses.min()), "median_loss": float(np.median(losses)),
        "most_loss": float(losses.max()),
    }  # fmt: skip


# ── drop 3 ────────────────────────────────────────────────────────────────────────────────


def linear_stack(depths: Sequence[int], width: int = 8, rows: int = 100, seed: int = 0) -> Figures:
    """Nets of many linear layers beside the single layer they multiply out to."""
    X = np.random.default_rng(seed).normal(size=(rows, 3))
    worst = 0.0
    for depth in depths:
        net = Net("-".join(["3", *[str(width)] * (depth - 1), "1"]), hidden="linear", seed=seed)
        W, b = np.eye(3), np.zeros(3)
        for i in range(depth):
            W, b = net[i].W @ W, net[i].W @ b + net[i].b
        worst = max(worst, float(np.abs(net.predict(X) - (X @ W.T + b)[:, 0]).max()))
    return {"largest_difference": worst}


def bent_fit(slopes: Sequence[float], runs: int = 20, steps: int = 1000) -> Figures:
    """Nets 1-8-1 on sin(1.5x), one fleet for each slope below zero: best and median error."""
    wave = data.sine(100, frequency=1.5)
    X, y = wave
    line = np.column_stack([X[:, 0], np.ones(len(X))])
    found = {"best_line": float(np.mean((line @ np.linalg.lstsq(line, y, rcond=None)[0] - y) ** 2))}
    for slope in slopes:
        fleet = bent(slope).fleet(runs)
        Trainer(fleet, wave, Adam(BENDING_RATE)).fit(steps)
        loss = fleet.loss(X, y)
        found |= {f"best_{slope:g}": float(loss.min()), f"median_{slope:g}": float(np.median(loss))}
    return found


# ── drop 4 ────────────────────────────────────────────────────────────────────────────────


def parameters(sizes: Sequence[str]) -> Figures:
    """What the engine stores for nets of these sizes."""
    return {size: float(Net(size).theta.size) for size in sizes}
