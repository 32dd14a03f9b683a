"""The experiments of drops 1 to 4: what one neuron holds, what lines can separate, what a bend is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drops.networks.nets import dense
from drops.networks.neuron.bending import RATE, bent
from nnlab import Adam, Net, Trainer, data

Figures = Mapping[str, float]

XOR = (np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float), np.array([0, 1, 1, 0], dtype=float))


def _table(name: str, rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A data set by name; "corners" are the four of XOR."""
    if name == "corners":
        return XOR
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


def best_line(table: str, rows: int = 200, seed: int = 0, angles: int = 721) -> Figures:
    """The best share right of any straight line: every direction of a fan, every place to cut."""
    X, y = _table(table, rows, seed)
    best = 0.0
    for angle in np.linspace(0, np.pi, angles):
        order = np.argsort(X @ [np.cos(angle), np.sin(angle)])
        ones_before = np.concatenate([[0.0], np.cumsum(y[order])])
        ones_after, cut = y.sum() - ones_before, np.arange(len(y) + 1)
        right = ones_before + (len(y) - cut - ones_after)  # firing side before the cut
        best = max(best, float(right.max()), float((len(y) - right).max()))
    return {"share": best / len(y)}


def trained_nets(
    table: str, sizes: str, hidden: str = "tanh", runs: int = 40, steps: int = 600, lr: float = 0.1,
    rows: int = 200, seed: int = 0,
) -> Figures:  # fmt: skip
    """Nets trained from `runs` starting points on one table: what share of them gets 99 in 100
    right, and the best, median and worst of their shares right and losses."""
    X, y = _table(table, rows, seed)
    fleet = Net(sizes, hidden=hidden, loss="bce").fleet(runs)
    Trainer(fleet, (X, y), Adam(lr)).fit(steps)
    right, loss = fleet.accuracy(X, y), fleet.loss(X, y)
    return {
        "solved": float(np.mean(right >= 0.99)),
        "best": float(right.max()), "median": float(np.median(right)), "worst": float(right.min()),
        "least_loss": float(loss.min()), "most_loss": float(loss.max()),
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
        Trainer(fleet, wave, Adam(RATE)).fit(steps)
        loss = fleet.loss(X, y)
        found |= {f"best_{slope:g}": float(loss.min()), f"median_{slope:g}": float(np.median(loss))}
    return found


# ── drop 4 ────────────────────────────────────────────────────────────────────────────────


def parameters(sizes: Sequence[str]) -> Figures:
    """What the engine stores for nets of these sizes."""
    return {size: float(Net(size).theta.size) for size in sizes}


def melted(shallow: str, deep: str, runs: int = 10, steps: int = 600) -> Figures:
    """A linear net and one with a linear layer more, on the moons: what the layer costs and buys."""
    nets = {
        name: trained_nets("moons", sizes, "linear", runs, steps)
        for name, sizes in (("shallow", shallow), ("deep", deep))
    }
    return {
        "shallow_parameters": float(Net(shallow).theta.size), "deep_parameters": float(Net(deep).theta.size),
        "shallow_best": nets["shallow"]["best"], "deep_best": nets["deep"]["best"],
        "loss_apart": abs(nets["shallow"]["least_loss"] - nets["deep"]["least_loss"]),
    }  # fmt: skip
