"""Drops 4 and 6: bars of three pixels in noise, upright or flat, told apart by nets of several kinds.

8×8 pixels, bars that begin in columns 1 to 3   →   asked for bars there, and three columns further right
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Beside, Curve, Figure, Frame, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold, nudgeable
from drops.networks.sequences.picture_figures import matrix, pixels
from drops.text import number
from nnlab import Adam, AvgPool, Conv2D, Dense, Flatten, Layer, MaxPool, Net, ReLU, Trainer

Figures = Mapping[str, float]
Table = tuple[np.ndarray, np.ndarray]
PIXELS, LONG, NOISE, ROWS = 8, 3, 0.3, 200
STARTS = PIXELS - LONG + 1  # columns and rows in which a bar may begin
EPOCHS, BATCH, RATE = 60, 20, 0.02
LEARNED, MOVED, ANYWHERE = (0, 3), (3, STARTS), (0, STARTS)
FRESH = 500
AHEAD, STRIPES = 0.1, 0.9  # a share right by which one net is ahead of another; of a kernel that runs one way
DARKEST = 2.0  # the size of a kernel's number that is drawn darkest while it is trained


def bars(seed: int, starts: tuple[int, int] = ANYWHERE, rows: int = ROWS, noise: float = NOISE) -> Table:
    """(rows, 1, 8, 8) pictures of a bar that begins in these columns, and whether it stands upright.

    Both kinds begin in the same places, so that the place alone tells nothing.
    """
    rng = np.random.default_rng(seed)
    X = rng.normal(0, noise, (rows, 1, PIXELS, PIXELS))
    upright = rng.integers(0, 2, rows)
    for picture, up in zip(X[:, 0], upright, strict=True):
        r, c = int(rng.integers(0, STARTS)), int(rng.integers(*starts))
        tall, wide = (LONG, 1) if up else (1, LONG)
        picture[r : r + tall, c : c + wide] += 1
    return X, upright.astype(float)


def dense(seed: int) -> Net:
    """64-16-1: every pixel has weights of its own."""
    return Net(Flatten(), Dense(16), ReLU(), Dense(1), loss="bce", input=(1, PIXELS, PIXELS), seed=seed)


def conv(seed: int, kernels: int = 4, pool: str = "max") -> Net:
    """Shared kernels; "max" and "mean" then look at the whole map at once, "none" leaves it its places."""
    pools: list[Layer] = []
    if pool != "none":
        pools.append(MaxPool(STARTS) if pool == "max" else AvgPool(STARTS))
    layers = (Conv2D(kernels, LONG), ReLU(), *pools, Flatten(), Dense(1))
    return Net(*layers, loss="bce", input=(1, PIXELS, PIXELS), seed=seed)


NETS: Mapping[str, Callable[[int], Net]] = {
    "dense": dense,
    "conv, no pool": lambda seed: conv(seed, pool="none"),
    "conv, mean": lambda seed: conv(seed, pool="mean"),
    "conv, max": conv,
}


def moved_bars(net: str, runs: int = 10) -> Figures:
    """Shares right: of the rows learned from, of fresh ones in the same columns, of bars moved right."""
    found = []
    for seed in range(runs):
        one = NETS[net](seed)
        table = bars(seed, LEARNED)
        Trainer(one, table, Adam(RATE), batch=BATCH).fit(EPOCHS)
        fresh, moved = bars(1000 + seed, LEARNED, FRESH), bars(2000 + seed, MOVED, FRESH)
        found.append([one.accuracy(*table), one.accuracy(*fresh), one.accuracy(*moved)])
    learned, fresh_share, moved_share = np.median(found, axis=0)
    return {
        "learned": float(learned), "fresh": float(fresh_share), "moved": float(moved_share),
        "parameters": float(one.theta.size), "runs": float(runs),
    }  # fmt: skip


def draw_bar_moved(_: Mapping[str, Any]) -> Drawing:
    """```figure bar-moved → a bar as it stands in training, and the same bar moved to the right."""
    shown = []
    for title, column in (("in training", 1), ("moved by three", 1 + LONG)):
        picture = np.zeros((PIXELS, PIXELS))
        picture[2 : 2 + LONG, column] = 1.0
        says = f"A picture {title}: an upright bar of {LONG} pixels in column {column + 1}."
        shown.append(pixels(picture, title, says))
    return Drawing((Beside(tuple(shown)),))


# As the lesson calls them: what stands behind the kernels.
CALLED = {"conv, no pool": "no pooling", "conv, mean": "mean kept", "conv, max": "largest kept"}


def draw_moved(params: Mapping[str, Any]) -> Drawing:
    """```figure moved: net → the dense net and another one trained on bars, then asked for moved ones."""
    other = list(NETS)[int(params["net"])]

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        seed %= 10_000
        table = bars(seed, LEARNED)
        fresh, moved = bars(seed + 1, LEARNED, FRESH), bars(seed + 2, MOVED, FRESH)
        nets = {name: NETS[name](seed) for name in ("dense", other)}
        trainings = {
            name: hold(Trainer(net, table, Adam(RATE), batch=BATCH)).epochs(EPOCHS)
            for name, net in nets.items()
        }
        for epoch in range(1, EPOCHS + 1):
            for training in trainings.values():
                next(training)
                yield None
            shown = [
                Bar(f"{CALLED.get(name, name)}, {where}", float(net.accuracy(*rows)))
                for name, net in nets.items()
                for where, rows in (("learned", table), ("fresh", fresh), ("moved", moved))
            ]
            told = ", ".join(f"{bar.name} {number(bar.value)}" for bar in shown)
            says, unit = f"Epoch {epoch}, shares right: {told}.", f"share right, epoch {epoch}"
            picture = Bars(tuple(shown), says, unit, full=1.0, fixed=True)
            first, second = (shown[at].value for at in (2, 5))
            apart = f"{other} is ahead on moved bars, epoch {epoch}" if second >= first + AHEAD else ""
            by_heart = f"dense has learned its bars by heart, epoch {epoch}" if shown[0].value > 0.99 else ""
            yield Frame((picture,), epoch / EPOCHS, picture.says, apart or by_heart)

    run = nudgeable("Train both on bars in the left part, then ask for bars moved to the right.", frames)
    return Drawing((), {"parameters": float(NETS[other](0).theta.size)}, run)


# ── a detector appears ──


def oriented(kernel: np.ndarray) -> float:
    """The share of a kernel's variance that runs one way: 1 for equal columns, or for equal rows."""
    apart = kernel - kernel.mean()
    along = max(np.sum(apart.mean(axis=axis) ** 2) * LONG for axis in (0, 1))
    return float(along / np.sum(apart**2))


def detector(runs: int = 20, kernels: int = 1) -> Figures:
    """Nets with so many kernels, bars anywhere: the share of fresh bars right, how far the first kernel is
    stripes."""
    right, stripes = [], []
    for seed in range(runs):
        net = conv(seed, kernels)
        Trainer(net, bars(seed), Adam(RATE), batch=BATCH).fit(EPOCHS)
        right.append(net.accuracy(*bars(900 + seed, rows=FRESH)))
        stripes.append(oriented(net[0].W[0].reshape(LONG, LONG)))
    return {
        "fresh": float(np.median(right)), "least": float(min(right)), "stripes": float(np.median(stripes)),
        "runs": float(runs),
    }  # fmt: skip


FILMED = 5  # the seed of the film; `kernel_film` measures it again
MOMENTS = (0, 5, 10, 20, 40, 60)  # epochs
# fmt: off
FILM: tuple[tuple[tuple[float, ...], float], ...] = (
    ((-0.04, 0.51, -0.31, -0.39, 0.36, -0.83, 0.10, 0.02, -0.16), 0.478),
    ((0.54, 0.53, 0.62, -0.25, -0.09, -0.27, -0.16, -0.21, -0.00), 0.848),
    ((0.83, 0.84, 0.89, -0.23, -0.16, -0.29, -0.26, -0.17, -0.07), 0.94),
    ((1.09, 1.14, 1.19, -0.29, -0.15, -0.32, -0.34, -0.25, -0.03), 0.95),
    ((1.37, 1.40, 1.45, -0.34, -0.18, -0.30, -0.55, -0.29, 0.04), 0.946),
    ((1.48, 1.49, 1.56, -0.33, -0.22, -0.32, -0.63, -0.30, 0.11), 0.948),
)
# fmt: on


def _films(seed: int) -> Iterator[tuple[np.ndarray, float]]:
    """The kernel and the share of fresh bars right, at each of the moments."""
    net, fresh = conv(seed, 1), bars(900 + seed, rows=FRESH)
    training = Trainer(net, bars(seed), Adam(RATE), batch=BATCH).epochs(EPOCHS)
    for epoch in range(EPOCHS + 1):
        if epoch:
            next(training)
        if epoch in MOMENTS:
            yield net[0].W[0].copy(), float(net.accuracy(*fresh))


def kernel_film() -> Figures:
    """The film of the lesson, trained again: the largest difference from what is drawn."""
    worst = 0.0
    for (kernel, right), (drawn, drawn_right) in zip(_films(FILMED), FILM, strict=True):
        worst = max(worst, float(np.abs(kernel - drawn).max()), abs(right - drawn_right))
    return {"largest_difference": worst}


def draw_detector(_: Mapping[str, Any]) -> Drawing:
    """```figure detector → one kernel while it is trained on bars, as it was recorded."""
    knob = Knob("moment", "epochs", 0, len(MOMENTS) - 1, 1, 0, tuple(map(str, MOMENTS)))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        kernel, right = FILM[int(v["moment"])]
        epochs = MOMENTS[int(v["moment"])]
        says = f"After {epochs} epochs it tells {number(100 * right, 0)} of 100 fresh bars."
        return matrix(np.reshape(kernel, (LONG, LONG)), says, "the kernel"), Words(says)

    drawn = np.reshape(FILM[-1][0], (LONG, LONG))
    numbers = {"first": FILM[0][1], "last": FILM[-1][1], "stripes": oriented(drawn)}
    return Drawing((Figure((knob,), show, "Train it. What do the nine numbers become?"),), numbers)


def draw_detectors(params: Mapping[str, Any]) -> Drawing:
    """```figure detectors: kernels → a net with so many kernels trained on fresh bars, two of them shown."""
    count = int(params["kernels"])

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        seed %= 10_000
        net, fresh = conv(seed, count), bars(seed + 1, rows=FRESH)
        training = hold(Trainer(net, bars(seed), Adam(RATE), batch=BATCH)).epochs(EPOCHS)
        found: list[tuple[float, float]] = []
        for epoch in range(1, EPOCHS + 1):
            next(training)
            yield None
            right = float(net.accuracy(*fresh))
            found.append((float(epoch), 100 * right))
            says = f"Epoch {epoch}: {number(100 * right, 0)} of 100 fresh bars."
            shown = tuple(
                replace(matrix(kernel.reshape(LONG, LONG).copy(), says, f"kernel {i}"), full=DARKEST)
                for i, kernel in enumerate(net[0].W[:2], 1)
            )
            learned = Curve(
                (Series("right", tuple(found)),), "epochs", "right, of 100", says,
                window=(0.0, 100.0), across=(0.0, float(EPOCHS)),
            )  # fmt: skip
            ways = [oriented(kernel.reshape(LONG, LONG)) for kernel in net[0].W[:2]]
            most = int(np.argmax(ways)) + 1
            moment = f"kernel {most} runs one way, epoch {epoch}" if max(ways) >= STRIPES else ""
            told = f"{says} {number(100 * max(ways), 0)} % of kernel {most} runs one way."
            yield Frame((Beside((*shown, learned)), Words(told)), epoch / EPOCHS, told, moment)

    run = nudgeable("Train from a fresh start on fresh bars.", frames)
    return Drawing((), {"kernels": float(count)}, run)
