"""Drops 11 and 12: letters to be reversed by looking at the mirror place, two jobs at once, and peeking.

six letters of five, each place says which letter stands in the mirror place   →   36 shares, one pattern
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Beside, Curve, Frame, Matrix, Series, Words
from drops.exercises.figure import Drawing
from drops.networks.live import spread_out
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import RNN, Adam, Dense, Flatten, Layer, Net, ReLU, Residual, TokenDense, Trainer, multi_head

Figures = Mapping[str, float]
PLACES, LETTERS, WIDTH = 6, 5, 16
ROWS, FRESH, EPOCHS, BATCH, RATE = 400, 1000, 60, 50, 0.02
FILMED = 70  # moments that a run is kept at, at most


def letters(seed: int, rows: int, jobs: int = 1, placed: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """(rows, places, letters + places) one-hot letters beside one-hot places, and what each place is to say:
    the letter at its mirror place, and with two jobs its left neighbour's, too (the first one its own)."""
    rng = np.random.default_rng(seed)
    which = rng.integers(0, LETTERS, (rows, PLACES))
    hot = np.eye(LETTERS)
    places = np.broadcast_to(np.eye(PLACES) if placed else np.zeros((PLACES, PLACES)), (rows, PLACES, PLACES))
    said = [hot[which[:, ::-1]]]
    if jobs == 2:
        said.append(hot[np.concatenate([which[:, :1], which[:, :-1]], axis=1)])
    return np.concatenate([hot[which], places], axis=2), np.concatenate(said, axis=2).reshape(rows, -1)


def net_of(seed: int, heads: int = 1, jobs: int = 1, kind: str = "attention") -> Net:
    """Letters and places in, a sigmoid for each letter that each place may say."""
    said = LETTERS * jobs
    inner: list[Layer] = {
        "attention": [TokenDense(WIDTH), *multi_head(WIDTH, heads), TokenDense(said), Flatten()],
        "none": [TokenDense(WIDTH), ReLU(), TokenDense(said), Flatten()],
        "dense": [Flatten(), Dense(64), ReLU(), Dense(PLACES * said)],
        "RNN": [RNN(WIDTH, sequence=True), TokenDense(said), Flatten()],
    }[kind]
    return Net(*inner, out="sigmoid", loss="bce", input=(PLACES, LETTERS + PLACES), seed=seed)


def told_right(net: Net, X: np.ndarray, y: np.ndarray) -> float:
    """The share of places (and jobs) whose most likely letter is the right one."""
    said = np.asarray(net.predict(X)).reshape(-1, LETTERS).argmax(axis=1)
    return float(np.mean(said == y.reshape(-1, LETTERS).argmax(axis=1)))


def shares(net: Net, X: np.ndarray) -> np.ndarray:
    """(rows, heads, queries, keys): who looks at whom."""
    values = net.values(X)
    return np.asarray(next(value for name, value in values.items() if name.startswith("shares")))


def reverse(kind: str = "attention", runs: int = 20, placed: bool = True) -> Figures:
    """Reversing six letters: fresh places right, and the share that each place gives its mirror place."""
    right, mirror = [], []
    for seed in range(runs):
        net = net_of(seed, kind=kind)
        Trainer(net, letters(seed, ROWS, placed=placed), Adam(RATE), batch=BATCH).fit(EPOCHS)
        X, y = letters(900 + seed, FRESH, placed=placed)
        right.append(told_right(net, X, y))
        if kind == "attention":
            seen = shares(net, X[:200]).mean(axis=(0, 1))
            mirror.append(float(np.mean(seen[np.arange(PLACES), np.arange(PLACES)[::-1]])))
    return {
        "right": float(np.median(right)), "least": min(right), "mirror": float(np.median(mirror or [0.0])),
        "parameters": float(net.theta.size), "runs": float(runs),
    }  # fmt: skip


def two_jobs(heads: int, runs: int = 12) -> Figures:
    """Left neighbour and mirror letter at once: fresh ones of both right."""
    right = []
    for seed in range(runs):
        net = net_of(seed, heads, jobs=2)
        Trainer(net, letters(seed, ROWS, jobs=2), Adam(RATE), batch=BATCH).fit(EPOCHS)
        right.append(told_right(net, *letters(900 + seed, FRESH, jobs=2)))
    return {
        "right": float(np.median(right)), "least": min(right), "most": max(right),
        "parameters": float(net.theta.size), "runs": float(runs),
    }  # fmt: skip


# ── peeking ──

CYCLE, LONG, KEEPS = 4, 8, 0.7  # letters of a noisy cycle, places, and how often the next letter follows


def cycles(seed: int, rows: int) -> np.ndarray:
    """(rows, places + 1) letters: mostly the next of the cycle, else any of the four."""
    rng = np.random.default_rng(seed)
    made = np.zeros((rows, LONG + 1), dtype=int)
    made[:, 0] = rng.integers(0, CYCLE, rows)
    for t in range(LONG):
        follows = rng.random(rows) < KEEPS
        made[:, t + 1] = np.where(follows, (made[:, t] + 1) % CYCLE, rng.integers(0, CYCLE, rows))
    return made


def _as_input(made: np.ndarray) -> np.ndarray:
    """One-hot letters of the first places beside one-hot places."""
    hot = np.eye(CYCLE)[made[:, :LONG]]
    return np.concatenate([hot, np.broadcast_to(np.eye(LONG), (len(made), LONG, LONG))], axis=2)


def next_net(causal: bool, seed: int) -> Net:
    """Says the next letter at every place; `causal` hides the places after it."""
    looking = Residual(*multi_head(WIDTH, 1, causal))
    layers = (TokenDense(WIDTH), looking, TokenDense(CYCLE), Flatten())
    return Net(*layers, out="sigmoid", loss="bce", input=(LONG, CYCLE + LONG), seed=seed)


def peek(causal: bool, runs: int = 8) -> Figures:
    """Next letters right when the whole sequence is given, and when it is known only as far as it is
    written."""
    whole, written = [], []
    for seed in range(runs):
        net = next_net(causal, seed)
        made = cycles(seed, ROWS)
        target = np.eye(CYCLE)[made[:, 1:]].reshape(ROWS, -1)
        Trainer(net, (_as_input(made), target), Adam(RATE), batch=BATCH).fit(EPOCHS)
        fresh = cycles(900 + seed, FRESH)
        X = _as_input(fresh)
        said = np.asarray(net.predict(X)).reshape(FRESH, LONG, CYCLE).argmax(axis=2)
        whole.append(float(np.mean(said == fresh[:, 1:])))
        right = []
        for t in range(LONG):
            known = X.copy()
            known[:, t + 1 :, :CYCLE] = 0  # letters that are not written yet
            step = np.asarray(net.predict(known)).reshape(FRESH, LONG, CYCLE)[:, t].argmax(axis=1)
            right.append(np.mean(step == fresh[:, t + 1]))
        written.append(float(np.mean(right)))
    return {
        "whole": float(np.median(whole)), "written": float(np.median(written)),
        "best": KEEPS + (1 - KEEPS) / CYCLE, "runs": float(runs),
    }  # fmt: skip


# ── pictures ──


def draw_jobs(params: Mapping[str, Any]) -> Drawing:
    """```figure jobs: jobs → the place each of six is asked for: its mirror, and its left neighbour."""
    names = tuple(map(str, range(1, PLACES + 1)))
    at = np.arange(PLACES)
    asked = (("mirror letter", PLACES - 1 - at), ("left neighbour", at - 1))[: int(params["jobs"])]
    pictures = tuple(
        Matrix(
            names, names,
            tuple(tuple(1.0 if column == to else None for column in range(PLACES)) for to in wanted),
            f"Each of {PLACES} places is asked for its {title}.", title, digits=0,
        )
        for title, wanted in asked
    )  # fmt: skip
    return Drawing((Beside(pictures),) if len(pictures) > 1 else pictures, {})


def draw_reversal(params: Mapping[str, Any]) -> Drawing:
    """```figure reversal: heads, jobs, placed → letters learned to be reversed, and who looks at whom."""
    heads, jobs, placed = int(params["heads"]), int(params["jobs"]), bool(params["placed"])

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        seed %= 10_000
        net = net_of(seed, heads, jobs)
        rows = letters(seed, ROWS, jobs, placed)
        steps = EPOCHS * ROWS // BATCH
        training = hold(Trainer(net, rows, Adam(RATE), batch=BATCH)).steps(steps)
        moments = spread_out(steps, FILMED)
        X, y = letters(seed + 1, FRESH // 4, jobs, placed)
        found: list[tuple[float, float]] = []
        for step in range(steps + 1):
            if step:
                next(training)
            yield None
            if step not in moments:
                continue
            right = told_right(net, X, y)
            found.append((float(step), 100 * right))
            says = f"Step {step} of {steps}: {number(100 * right, 0)} of 100 fresh letters right."
            # fmt: off
            learned = Curve(
                (Series("right", tuple(found)),), "steps", "right, of 100", says,
                window=(0.0, 100.0), across=(0.0, float(steps)),
            )
            seen = shares(net, X[:50]).mean(axis=0)
            names = tuple(map(str, range(1, PLACES + 1)))
            pictures = tuple(
                Matrix(names, names, tuple(tuple(map(float, row)) for row in head), says,
                       f"shares, head {i}" if heads > 1 else "shares", full=1.0, digits=1)
                for i, head in enumerate(seen, 1)
            )
            # fmt: on
            moment = f"all letters right, step {step}" if right > 0.995 else ""
            done = moments.index(step) / (len(moments) - 1)
            side = (learned,) if heads == 1 else ()  # several matrices take the width
            yield Frame((Beside((*pictures, *side)), Words(says)), done, says, moment)

    run = nudgeable("Train it on six letters: the first steps are shown slowly.", frames)
    return Drawing((), {"heads": float(heads)}, run)
