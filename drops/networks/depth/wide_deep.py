"""Wide against deep for the same price: the folded strip on paper, spirals and a curve in training.

2-8-8-1 and 2-26-1: 105 parameters each    1-8-8-1 and 1-32-1: 97 each
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from drops.exercises.blocks import Bar, Bars, Beside, Curve, Frame, Point, Series
from drops.exercises.figure import Drawing
from drops.networks.live import LIGHT, every, one_by_one
from drops.networks.nets import empty_plane, points
from drops.networks.nudged import Hold, nudgeable
from drops.text import number
from nnlab import Adam, Net, Trainer, data

# ── folding, exactly ──────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=16)
def folding_net(folds: int) -> Net:
    """Two ReLU units a fold: tent(x) = 2·relu(x) − 4·relu(x − ½), fed to itself `folds` times."""
    net = Net("-".join(["1", *["2"] * folds, "1"]), hidden="relu", loss="mse", init="zeros")
    tent = np.array([[2.0, -4.0]])
    for i in range(folds):
        net[i].W[:] = np.ones((2, 1)) if i == 0 else np.vstack([tent, tent])
        net[i].b[:] = [0.0, -0.5]
    net[folds].W[:], net[folds].b[:] = tent, 0.0
    return net


def pieces(folds: int) -> int:
    """The straight pieces of the folded strip over [0, 1], counted in the engine's output."""
    x = np.linspace(0, 1, 2 ** (folds + 3) + 1)
    slopes = np.sign(np.diff(folding_net(folds).predict(x)))
    return int(1 + np.count_nonzero(slopes[1:] != slopes[:-1]))


def parameters(sizes: str) -> int:
    """Weights and biases of a net, as the engine holds them."""
    return int(Net(sizes).params.count)


# ── the duel ──────────────────────────────────────────────────────────────────────────────


SEEDS = 20  # starts of every net that is shown
WIDE_MISS = 0.15  # the miss that a bar of the whole room stands for: about what the first steps leave
AHEAD = 0.1  # of the spirals: from there on the second layer has told
PART = 50  # rows judged at once; all tables are whole multiples


class Match(NamedTuple):
    """A data set and the nets that meet on it."""

    task: str
    nets: tuple[str, ...]
    loss: str
    steps: int
    lr: float


MATCHES: Mapping[str, Match] = {
    "spirals": Match("spirals", ("2-8-8-1", "2-26-1"), "bce", 1000, 0.03),
    "smooth": Match("smooth", ("1-8-8-1", "1-32-1"), "mse", 1000, 0.03),
    "wave": Match("wave", ("-".join(["1", *["3"] * 12, "1"]), "1-47-1"), "mse", 1000, 0.01),
}


@lru_cache(maxsize=8)
def rows(task: str, seed: int) -> tuple[Any, Any]:
    """(to learn from, to be judged on), each (X, y)."""
    if task == "spirals":
        return tuple(data.spiral(200, seed=seed, noise=0.05)), tuple(
            data.spiral(400, seed=seed + 1, noise=0.05)
        )
    truth = tuple(data.sine(200))
    return (tuple(data.sine(30, seed=seed, noise=0.3)), truth) if task == "smooth" else (truth, truth)


def draw_two_tasks(_: Mapping[str, Any]) -> Drawing:
    """```figure two-tasks → two spirals, and thirty noisy points of a smooth curve."""
    (X, y), _ = rows("spirals", 1)
    arms = tuple(Point(float(a), float(b), int(label)) for (a, b), label in zip(X, y, strict=True))
    (x, noisy), (grid, truth) = rows("smooth", 1)
    spirals = empty_plane((-2.2, 2.2), "Two spirals, 200 points.", points=arms)
    series = (
        Series("the truth", points(grid[:, 0], truth)),
        Series("30 rows", points(x[:, 0], noisy), "dots"),
    )
    curve = Curve(series, "x", "y", "A smooth curve and 30 noisy points of it.")
    return Drawing((Beside((spirals, curve)),), {})


def _trainer(match: Match, sizes: str, seeds: range, table: int, dtype: DTypeLike = float) -> Trainer:
    kinks: dict[str, Any] = {"init": "spread-kinks", "kinks": (-2.0, 2.0)} if sizes == "1-47-1" else {}
    net = Net(sizes, hidden="relu", loss=match.loss, dtype=dtype, **kinks).fleet(len(seeds), seeds=seeds)
    return Trainer(net, rows(match.task, table)[0], Adam(match.lr))


def _scores(match: Match, trainer: Trainer, table: int) -> Any:
    """Accuracy on spirals, mean squared miss on curves; one for each seed."""
    X, y = rows(match.task, table)[1]
    judge = trainer.net.accuracy if match.loss == "bce" else trainer.net.loss
    # a part after the other: a plan of all rows for twenty nets is megabytes
    parts = [slice(start, start + PART) for start in range(0, len(X), PART)]
    return np.mean([judge(X[part], y[part]) for part in parts], axis=0)


def draw_duel(params: Mapping[str, Any]) -> Drawing:
    """```figure duel: seed → a deep and a wide net of one price, trained on both tasks from twenty seeds, for
    an exercise to close on.
    """

    def frames(again: int, hold: Hold) -> Iterator[Frame | None]:
        first = int(params["seed"]) + again
        seeds = range(first, first + SEEDS)
        running = yield from one_by_one(
            (m, s, hold(_trainer(m, s, seeds, 1, LIGHT)))
            for m in (MATCHES["spirals"], MATCHES["smooth"])
            for s in m.nets
        )
        for share in every([_steps(trainer, match.steps) for match, _, trainer in running]):
            if share is None:
                yield None
            else:
                told = yield from _boxes(running)
                yield Frame(told, share, "Training goes on.", _ahead(told, share))
        told = yield from _boxes(running)
        yield Frame(told, 1.0, " ".join(bars.says for bars in told), _ahead(told, 1.0))

    prompt = "Twenty seeds of each net, on points they never saw."
    return Drawing(run=nudgeable(prompt, frames, ("W1[1,1]", "b1[1]")))


def _steps(trainer: Trainer, steps: int) -> Iterator[float | None]:
    for i, _ in enumerate(trainer.epochs(steps, every=5)):
        yield 5 * (i + 1) / steps if i % 5 == 4 else None


def _ahead(told: tuple[Bars, ...], share: float) -> str:
    """Whether one of the two is ahead on the spirals by now, and which."""
    first, second = told[0].bars
    if abs(first.value - second.value) < AHEAD:
        return ""
    ahead, step = max((first, second), key=lambda bar: bar.value), MATCHES["spirals"].steps * share
    return f"{ahead.name} is ahead, step {step:.0f}"


def _boxes(running: list[tuple[Match, str, Trainer]]) -> Generator[None, None, tuple[Bars, ...]]:
    """For each match a strip of bars: the median of the seeds, with the worst and best."""
    told: list[Bars] = []
    judged = yield from one_by_one(_scores(match, trainer, 1) for match, _, trainer in running)
    for match in dict.fromkeys(m for m, _, _ in running):
        unit = "accuracy on fresh points" if match.loss == "bce" else "mean squared miss of the true curve"
        bars = []
        for (m, sizes, _), s in zip(running, judged, strict=True):
            if m is match:
                span = float(s.min()), float(s.max())
                bars.append(Bar(sizes, median(s.tolist()), " to ".join(map(number, span)), span=span))
        says = (
            f"{match.task.capitalize()}, {unit}: "
            + ", ".join(f"{b.name} {number(b.value)} ({b.note})" for b in bars)
            + "."
        )
        full = 1.0 if match.loss == "bce" else WIDE_MISS
        told.append(Bars(tuple(bars), says, unit, full=full, fixed=True))
    return tuple(told)


# ── claims ────────────────────────────────────────────────────────────────────────────────


def match(name: str, seeds: int = 20) -> Mapping[str, float]:
    """Both nets of a match from `seeds` starts: medians, and the share of pairs the first wins."""
    m = MATCHES[name]
    first, second = (_trainer(m, sizes, range(seeds), 1) for sizes in m.nets)
    for trainer in (first, second):
        trainer.fit(m.steps)
    a, b = _scores(m, first, 1), _scores(m, second, 1)
    better = a > b if m.loss == "bce" else a < b
    return {
        "first": float(np.median(a)),
        "second": float(np.median(b)),
        "first_wins": float(better.mean()),
        "runs": float(seeds),
        "first_tenth": float(np.quantile(a, 0.1)),
        "parameters_first": float(parameters(m.nets[0])),
        "parameters_second": float(parameters(m.nets[1])),
    }


def folded(folds: int) -> Mapping[str, float]:
    """The exact construction: its pieces and its price, and one layer's price for as many."""
    made = pieces(folds)
    return {
        "pieces": float(made),
        "deep": float(parameters("-".join(["1", *["2"] * folds, "1"]))),
        "wide": float(parameters(f"1-{made - 1}-1")),
    }
