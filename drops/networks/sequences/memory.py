"""Drops 8 to 10: how far back a state reaches, and who can say a number that was marked long ago."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Frame, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import GRU, LSTM, RNN, Adam, Dense, Layer, Net, Trainer

Figures = Mapping[str, float]
UNITS = 16
MAKERS: Mapping[str, Callable[[], Layer]] = {
    "RNN": lambda: RNN(UNITS),
    "LSTM": lambda: LSTM(UNITS),
    "LSTM, open": lambda: LSTM(UNITS, forget=2.0),
    "GRU": lambda: GRU(UNITS),
    "GRU, open": lambda: GRU(UNITS, keep=2.0),
}


def influence(kind: str, back: int, runs: int = 40, nudge: float = 1e-4) -> Figures:
    """How far the last state moves when an input `back` steps earlier is nudged, divided by the nudge: the
    median over starts."""
    moved = []
    for seed in range(runs):
        net = Net(MAKERS[kind](), input=(back + 1, 1), seed=seed)
        x = np.random.default_rng(seed).uniform(-1, 1, (2, back + 1, 1))
        x[1] = x[0]
        x[1, 0] += nudge
        before, after = np.asarray(net.predict(x))
        moved.append(float(np.linalg.norm(after - before)) / nudge)
    return {"moves": float(np.median(moved)), "runs": float(runs)}


MEASURED, FAR, STARTED = (1, 3, 5), 20, 10  # steps back that are drawn, the one that is asked for, starts
SHARES: Mapping[str, float] = {"a third": 1 / 3, "a tenth": 0.1, "a ten-thousandth": 0.0001}


@lru_cache(maxsize=2 * len(MAKERS))
def _moved(kind: str, backs: tuple[int, ...]) -> tuple[tuple[float, float], ...]:
    return tuple((float(back), influence(kind, back, STARTED)["moves"]) for back in backs)


def _share(share: float) -> str:
    """With two digits that say something: 0.32, 0.00011."""
    return number(share, 2 if share >= 0.01 else 5)


def draw_nudged(params: Mapping[str, Any]) -> Drawing:
    """```figure nudged: kind → what a nudge few steps back moves in a fresh net, with levels for far back;
    with `far` also what it moves from there."""
    kind = list(MAKERS)[int(params["kind"])]
    moved = _moved(kind, (*MEASURED, *((10, FAR) if params.get("far") else ())))
    told = ", ".join(f"{_share(share)} of it from {int(back)} back" for back, share in moved)
    levels = (Series(name, ((0.0, at), (float(FAR), at))) for name, at in SHARES.items())
    marks = tuple((back, share, _share(share)) for back, share in moved)
    says = (
        f"A fresh {kind}, an input nudged: its state moves by {told}. What {FAR} back may leave: "
        f"{', '.join(SHARES)}."
    )
    series, window = (Series("measured", moved), *levels), (0.00005, 1.0)
    curve = Curve(series, "steps back", "moves by", says, True, marks, window=window)
    return Drawing((curve,), {f"back_{int(back)}": share for back, share in moved})


SAYS_IT = 0.95  # R² of a net that can be said to know the number
ROWS, FRESH, EPOCHS, BATCH, RATE = 400, 1000, 40, 40, 0.01
PULLED = 125  # fresh rows that a live run judges in one pull
FILMED = 10  # steps between two moments that are kept


def marked(rows: int, steps: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(rows, steps, 2): numbers from −1 to 1, and a mark on one of the first three; the marked number."""
    rng = np.random.default_rng(seed)
    X = np.zeros((rows, steps, 2))
    X[..., 0] = rng.uniform(-1, 1, (rows, steps))
    at = rng.integers(0, 3, rows)
    X[np.arange(rows), at, 1] = 1
    return X, X[np.arange(rows), at, 0].copy()


def _trainer(kind: str, steps: int, seed: int) -> tuple[Net, Trainer]:
    net = Net(MAKERS[kind](), Dense(1), loss="mse", input=(steps, 2), seed=seed)
    return net, Trainer(net, marked(ROWS, steps, seed), Adam(RATE, clip=1.0), batch=BATCH)


def explained(net: Net, steps: int, seed: int) -> float:
    """R² on fresh rows: 1 for the marked number itself, 0 for the mean."""
    X, y = marked(FRESH, steps, seed)
    return 1 - float(np.mean((net.predict(X) - y) ** 2) / np.var(y))


def say_the_marked(kind: str, steps: int, runs: int = 20) -> Figures:
    """R² of nets trained to say the marked number, on fresh rows: median, least and most over starts."""
    found = []
    for seed in range(runs):
        net, trainer = _trainer(kind, steps, seed)
        trainer.fit(EPOCHS)
        found.append(explained(net, steps, 5000 + seed))
    return {
        "r2": float(np.median(found)), "least": min(found), "most": max(found),
        "said": float(np.mean(np.array(found) >= SAYS_IT)), "runs": float(runs),
    }  # fmt: skip


def draw_marked(params: Mapping[str, Any]) -> Drawing:
    """```figure marked: kind, steps → a net trained to say a number that was marked among the first three."""
    kind, steps = list(MAKERS)[int(params["kind"])], int(params["steps"])

    def frames(seed: int, hold: Hold) -> Iterator[Frame | None]:
        seed %= 10_000
        net, trainer = _trainer(kind, steps, seed)
        hold(trainer)
        X, y = marked(FRESH, steps, seed + 1)
        found: list[tuple[float, float]] = []
        for n, _ in enumerate(trainer.steps(EPOCHS * ROWS // BATCH), 1):
            if n % FILMED:
                yield None
                continue
            missed = 0.0
            for part in range(0, FRESH, PULLED):  # all at once would hold the keys up
                yield None
                rows = slice(part, part + PULLED)
                missed += float(np.sum((net.predict(X[rows]) - y[rows]) ** 2))
            epoch = n * BATCH / ROWS
            found.append((epoch, 1 - missed / FRESH / float(np.var(y))))
            says = f"{kind}, {steps} steps, epoch {epoch:.0f}: R² {number(found[-1][1])}."
            moment = "it says the number" if found[-1][1] >= SAYS_IT else ""
            line = Series(kind, tuple(found))
            curve = Curve(
                (line,), "epochs", "R² on fresh rows", says, window=(-0.5, 1.0), across=(0.0, float(EPOCHS))
            )
            yield Frame((curve, Words(says)), epoch / EPOCHS, says, moment)

    run = nudgeable(f"Train it to say the marked number after {steps} steps.", frames)
    return Drawing((), {"steps": float(steps)}, run)


# Runs of those tried that said the number after 30 steps; `say_the_marked` measures them again.
SAID: Mapping[str, tuple[int, int]] = {
    "RNN": (0, 40), "LSTM": (56, 100), "LSTM, open": (40, 40), "GRU": (72, 100), "GRU, open": (40, 40),
}  # fmt: skip


def draw_said(params: Mapping[str, Any]) -> Drawing:
    """```figure said: kinds → how many runs of each said the marked number after 30 steps, as recorded."""
    kinds = [str(kind) for kind in params["kinds"]]
    knob = Knob("open", "valve starts", 0, 1, 1, 0, ("half open", "open"))

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        names = [f"{kind}, open" if v["open"] and kind != "RNN" else kind for kind in kinds]
        bars = tuple(Bar(n, SAID[n][0] / SAID[n][1], f"{SAID[n][0]} of {SAID[n][1]}") for n in names)
        told = ", ".join(f"{bar.name} {bar.note} runs" for bar in bars)
        says = f"After 30 steps the number is said by: {told}."
        return Bars(bars, says, "share of runs that say it", full=1.0), Words(says)

    numbers = {f"{kind}_{i}": float(n) for kind, counts in SAID.items() for i, n in enumerate(counts)}
    return Drawing((Figure((knob,), show, "Open the valve at the start. Who gains?"),), numbers)
