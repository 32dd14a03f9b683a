"""Drops 8 to 10: how far back a state reaches, and who can say a number that was marked long ago."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

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


SAYS_IT = 0.95  # R² of a net that can be said to know the number
ROWS, FRESH, EPOCHS, BATCH, RATE = 400, 1000, 40, 40, 0.01


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


def say_the_marked(kind: str, steps: int, runs: int = 4) -> Figures:
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
