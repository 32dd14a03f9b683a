"""A design on trial: ten common splits, and a net with no hidden layer beside it.

    wine, 16 ReLU, early stopping:  0.967 against 0.968 for no hidden layer, ± 0.008 by chance: no difference

Every training is fixed by (table, design, seed) and kept, so that asking twice costs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import Any, Literal

import numpy as np

from drops.exercises.blocks import Bar, Bars, Frame, Show, Words
from drops.networks.design.designing import GATES, DataTable, NetPlan, baseline
from drops.networks.splits import Braked, Parts
from drops.text import number
from nnlab import SGD, Adam, Net, Trainer, data
from nnlab.data import Dataset

SPLITS, STEPS = 10, 500
_BITE = 1_500_000  # multiplications a pull: a few milliseconds
PART = 0.25  # of what is left of the bar, for each training: nobody knows how many it takes
_LOST = -9.0  # the score of a net whose numbers ran away

Verdict = Literal["better", "same", "worse"]

# Student's t beyond which 2.5 % lie on either side, by the number of splits: a 95 % interval.
_T = {5: 2.776, 10: 2.262, 20: 2.093}
FLOOR = {"R²": 0.02, "accuracy": 0.01}  # what is smaller is no difference that anybody would pay for
FRESH = {"bill": (300, 1.0), "yield": (200, 2.0)}  # tables made anew: rows to learn from, noise
_STOP = {"bill": 150, "yield": 100}  # rows that watch, and
_HELD = 600  # rows held back


# ── rows ──────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=32)
def _parts(table: str, scaling: str, target: bool, seed: int, splits: int) -> Parts:
    whole, test, validation = _whole(table, seed)
    if scaling == "all":
        whole = replace(whole, X=(whole.X - whole.X.mean(axis=0)) / whole.X.std(axis=0))
    cut = [whole.split(test=test, validation=validation, seed=seed + i) for i in range(splits)]
    scaled = [split.standardised(target=target) for split in cut]
    if scaling != "train":  # the columns as they were; only the target from the scaled copy
        scaled = [
            replace(
                s, **{n: replace(getattr(s, n), X=getattr(raw, n).X) for n in ("train", "validation", "test")}
            )
            for s, raw in zip(scaled, cut, strict=True)
        ]
    return Parts.of(scaled)


def _whole(table: str, seed: int) -> tuple[Dataset, float, float]:
    """All rows, and the shares of them that are held back and that watch."""
    if table not in FRESH:
        return data.load(table), 0.2, 0.2
    learn, noise = FRESH[table]
    rows = learn + _STOP[table] + _HELD
    return data.friedman1(rows, seed=seed, noise=noise), _HELD / rows, _STOP[table] / rows


# ── one training ──────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Scores:
    """One number for each split, on rows held back."""

    test: tuple[float, ...]
    diverged: bool

    @property
    def mean(self) -> float:
        return float(np.mean(self.test))


_Key = tuple[str, NetPlan, int, int]
_KEPT: dict[_Key, Scores] = {}


def can_run(design: NetPlan, table: DataTable) -> bool:
    """Whether the engine can train it: it can be built, and its output fits target and loss."""
    return all(gate.holds(design, table) for gate in GATES if gate.name != "scaled by the training rows")


class _Going:
    """A training under way, at most one bite at a time: whoever asks for it goes on where it stands,
    be it the page that shows it or the one that needs what came of it, in whatever thread."""

    def __init__(self, bites: Iterator[float]) -> None:
        self._bites, self._lock = bites, Lock()
        # what a run holds open over its bites (numpy.errstate) must be closed in the context it began in
        self._within = copy_context()
        self.share = 0.0

    def bite(self) -> bool:
        """Whether there was more to do."""
        with self._lock:
            share = self._within.run(next, self._bites, None)
            self.share = self.share if share is None else share
            return share is not None


_GOING: dict[_Key, _Going] = {}


def _training(table: DataTable, design: NetPlan, seed: int, splits: int) -> Iterator[float]:
    """Trains a design on every split at once and keeps the scores; yields the share done."""
    key = (table.name, design, seed, splits)
    if key in _KEPT:
        return
    while len(_GOING) > 20:
        _GOING.pop(next(iter(_GOING)))
    going = _GOING.setdefault(key, _Going(_bites(table, design, seed, splits)))
    try:
        while going.bite():
            yield going.share
    except Exception:
        _GOING.pop(key, None)
        raise
    _GOING.pop(key, None)


def _bites(table: DataTable, design: NetPlan, seed: int, splits: int) -> Iterator[float]:
    yield 0.0  # tables, nets and scores each take milliseconds: a pull for each
    parts = _parts(
        table.name, design.scaling, table.task == "number" and design.target == "train", seed, splits
    )
    yield 0.0
    as_shares = (design.output, design.loss) == ("softmax", "mse")
    encoded = _one_hot(parts, table.outputs) if as_shares else parts
    sizes = "-".join(map(str, (table.columns, *(design.hidden or ()), design.units)))
    net = Net(
        sizes,
        hidden={"none": "linear"}.get(design.squash, design.squash),
        out=design.output,
        loss=design.loss,
        init=design.init,
        l2=0.01 if design.brake in ("decay", "both") else 0.0,
        seed=seed,
        strict=False,
    ).fleet(splits)
    optimiser = {"adam": Adam(0.01), "slow": Adam(0.001), "sgd": SGD(0.05)}[design.pace]
    run = Braked(Trainer(net, encoded.train, optimiser, validation=encoded.validation))
    yield 0.0
    bite = max(1, min(20, _BITE // (design.parameters(table.columns) * table.rows * splits)))
    yield from run.epochs(STEPS, every=bite)
    if design.brake in ("stop", "both"):
        net.theta[...] = run.weights
    if len(_KEPT) > 200:
        _KEPT.clear()
    _KEPT[(table.name, design, seed, splits)] = Scores(_score(net, parts, table), run.diverged)


def _one_hot(parts: Parts, classes: int) -> Parts:
    def shares(rows: tuple[Any, Any]) -> tuple[Any, Any]:
        return rows[0], np.eye(classes)[rows[1].astype(int)]

    return Parts(shares(parts.train), shares(parts.validation), shares(parts.test))


def _score(net: Net, parts: Parts, table: DataTable) -> tuple[float, ...]:
    X, y = parts.test
    if table.task == "number":
        values = net.r2(X, y)
    elif net.outputs > 1:
        values = (net.predict(X).argmax(axis=-1) == y).mean(axis=-1)
    else:
        values = net.accuracy(X, y)
    return tuple(float(v) if np.isfinite(v) else _LOST for v in values)


def scores(table: DataTable, design: NetPlan, seed: int, splits: int = SPLITS) -> Scores:
    """The scores of a design; trained now unless they are known."""
    for _ in _training(table, design, seed, splits):
        pass
    return _KEPT[(table.name, design, seed, splits)]


# ── against the baseline ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Compared:
    """A paired difference over the splits, and how far chance reaches to both sides of it."""

    delta: float
    noise: float  # half of its 95 % interval
    floor: float  # what is smaller is no difference

    @classmethod
    def of(cls, a: Scores, b: Scores, floor: float) -> Compared:
        """a − b, split by split."""
        apart = np.array(a.test) - np.array(b.test)
        error = apart.std(ddof=1) / np.sqrt(len(apart))
        return cls(float(apart.mean()), float(_T[len(apart)] * error), floor)

    @property
    def verdict(self) -> Verdict:
        if abs(self.delta) <= max(self.noise, self.floor):
            return "same"
        return "better" if self.delta > 0 else "worse"


def compared(table: DataTable, a: NetPlan, b: NetPlan, seed: int) -> Compared:
    """a − b on the same splits of a table; trained now unless that was done."""
    return Compared.of(scores(table, a, seed), scores(table, b, seed), FLOOR[table.unit])


@dataclass(frozen=True)
class Result:
    design: Scores
    straight: Scores
    against: Compared  # the design minus the net without a hidden layer

    @property
    def diverged(self) -> bool:
        return self.design.diverged

    @property
    def holds(self) -> bool:
        """Not below the net without a hidden layer by more than chance."""
        return self.against.verdict != "worse"


@lru_cache(maxsize=8)
def nothing(table: DataTable) -> float:
    """The score of knowing nothing: 0 for R², the share of the commonest class for accuracy."""
    if table.task == "number":
        return 0.0
    y = data.load(table.name).y
    return float(np.unique(y, return_counts=True)[1].max() / len(y))


def result(table: DataTable, design: NetPlan, seed: int) -> Result:
    a, b = scores(table, design, seed), scores(table, baseline(table), seed)
    return Result(a, b, compared(table, design, baseline(table), seed))


def trial(
    table: DataTable, design: NetPlan, more: Callable[[], Iterable[NetPlan]], seed: int
) -> Callable[[int], Iterator[Frame | None]]:
    """Trains the straight net, the design, and then what else is needed, which hangs on how those before it
    did; the first two are painted."""

    def frames(_: int) -> Iterator[Frame | None]:
        done = 0.0
        for count, each in enumerate(chain((baseline(table), design), more()), 1):
            began, says = done, f"Training net {count} on {SPLITS} splits."
            for i, share in enumerate(_training(table, each, seed, SPLITS)):
                done = began + share * (1 - began) * PART
                yield (
                    Frame((*_standing(table, design, seed), Words(says)), min(done, 0.99), says)
                    if i % 8 == 0
                    else None
                )
        shown = _standing(table, design, seed)
        yield Frame(shown, 1.0, " ".join(block.says for block in shown if isinstance(block, Bars)))

    return frames


def _standing(table: DataTable, design: NetPlan, seed: int) -> tuple[Show, ...]:
    bars = [Bar("knowing nothing", nothing(table))]
    for name, each in (("no hidden layer", baseline(table)), (f"this design: {design.says()}", design)):
        known = _KEPT.get((table.name, each, seed, SPLITS))
        if known is None:
            bars.append(Bar(name, math.nan, "still training"))
        else:
            span = min(known.test), max(known.test)
            bars.append(Bar(name, known.mean, " to ".join(map(number, span)), span=span))
    says = (
        f"{table.unit.capitalize()} on held-out rows of {table.title}: "
        + ", ".join(f"{b.name} {number(b.value)}" for b in bars if not math.isnan(b.value))
        + "."
    )
    return (Bars(tuple(bars), says, table.unit, full=1.0, fixed=True),)
