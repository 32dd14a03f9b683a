"""A design on trial: five common splits, a net with no hidden layer beside it, and what-ifs.

    wine, 16 ReLU, early stopping:  0.978 against 0.972 for no hidden layer, ± 0.02 by chance

Every training is fixed by (table, design, seed) and kept, so that asking twice costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Frame, Knob, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.design.designing import GATES, TABLES, DataTable, NetPlan, baseline
from drops.networks.splits import Braked, Parts
from drops.text import number
from nnlab import SGD, Adam, Net, Trainer, data

SPLITS, STEPS = 5, 500
_BITE = 1_500_000  # multiplications a pull: a few milliseconds
_LOST = -9.0  # the score of a net whose numbers ran away

Verdict = Literal["better", "same", "worse"]


# ── rows ──────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=32)
def _parts(table: str, scaling: str, target: bool, seed: int, splits: int) -> Parts:
    whole = data.friedman1(1050, seed=seed) if table == "bill" else data.load(table)
    test, validation = (600 / 1050, 150 / 1050) if table == "bill" else (0.2, 0.2)
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
    """A paired difference over the splits, and twice its standard error."""

    delta: float
    noise: float

    @classmethod
    def of(cls, a: Scores, b: Scores) -> Compared:
        """a − b, split by split."""
        apart = np.array(a.test) - np.array(b.test)
        return cls(float(apart.mean()), float(2 * apart.std(ddof=1) / np.sqrt(len(apart))))

    @property
    def verdict(self) -> Verdict:
        if abs(self.delta) <= self.noise:
            return "same"
        return "better" if self.delta > 0 else "worse"


@dataclass(frozen=True)
class Result:
    design: Scores
    straight: Scores
    nothing: float  # the score of always saying the commonest answer, or the mean

    @property
    def diverged(self) -> bool:
        return self.design.diverged

    @property
    def holds(self) -> bool:
        """Not below the net without a hidden layer by more than chance."""
        return Compared.of(self.design, self.straight).verdict != "worse"

    @property
    def above_nothing(self) -> bool:
        return self.design.mean > self.nothing


@lru_cache(maxsize=8)
def nothing(table: DataTable) -> float:
    """The score of knowing nothing: 0 for R², the share of the commonest class for accuracy."""
    if table.task == "number":
        return 0.0
    y = data.load(table.name).y
    return float(np.unique(y, return_counts=True)[1].max() / len(y))


def result(table: DataTable, design: NetPlan, seed: int) -> Result:
    return Result(scores(table, design, seed), scores(table, baseline(table), seed), nothing(table))


def trial(
    table: DataTable, design: NetPlan, changed: Iterable[NetPlan], seed: int
) -> Callable[[int], Iterator[Frame | None]]:
    """Trains the straight net, the design, and what it is when `changed`, painting the first two."""
    plans = (baseline(table), design, *changed)

    def frames(_: int) -> Iterator[Frame | None]:
        for n, each in enumerate(plans):
            for i, share in enumerate(_training(table, each, seed, SPLITS)):
                done = (n + share) / len(plans)
                yield (
                    Frame(_standing(table, design, seed), min(done, 0.99), "Training goes on.")
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
        if known:
            bars.append(Bar(name, known.mean, f"{number(min(known.test))} to {number(max(known.test))}"))
    says = (
        f"{table.unit.capitalize()} on held-out rows of {table.title}: "
        + ", ".join(f"{b.name} {number(b.value)}" for b in bars)
        + "."
    )
    return (Bars(tuple(bars), says, table.unit),)


def card_words(table: DataTable) -> Words:
    """The table's card, as the lesson shows it."""
    return Words(
        f"**{table.title}** · {table.rows} rows to learn from, {table.columns} columns, {table.ranges} · "
        f"predict {table.target} · scored by {table.unit}"
    )


# ── the lesson's figure ───────────────────────────────────────────────────────────────────

# Mean scores over 20 splits: no hidden layer, 16 ReLU stopped early, with both brakes, with none.
# `design_defended` measures them again.
MEASURED: Mapping[str, tuple[float, float, float, float]] = {
    "bill": (0.71, 0.85, 0.90, 0.85),
    "wine": (0.97, 0.97, 0.97, 0.97),
    "tumour": (0.97, 0.97, 0.97, 0.97),
    "diabetes": (0.49, 0.45, 0.46, 0.20),
}


def table_card(_: Mapping[str, Any]) -> Drawing:
    """The four tables; knobs for the table and the brake of sixteen ReLU units."""
    names = list(TABLES)
    brakes = ("early stopping", "early stopping and weight decay", "no brake")
    knobs = (
        Knob("table", "table", 0, 3, 1, 0, tuple(table.title for table in TABLES.values())),
        Knob("brake", "brake", 0, 2, 1, 0, ("early stopping", "both", "none")),
    )

    def draw(values: Mapping[str, float]) -> tuple[Show, ...]:
        table, brake = TABLES[names[int(values["table"])]], int(values["brake"])
        row = MEASURED[table.name]
        bars = (
            Bar("knowing nothing", nothing(table)),
            Bar("no hidden layer", row[0]),
            Bar("16 ReLU", row[1 + brake]),
        )
        says = (
            f"{table.title}, {table.unit}, 20 splits: no hidden layer {number(row[0], 2)}, "
            f"16 ReLU units with {brakes[brake]} {number(row[1 + brake], 2)}."
        )
        return card_words(table), Bars(bars, says, table.unit)

    numbers = {
        f"{name}_{what}": value
        for name, row in MEASURED.items()
        for what, value in zip(("straight", "stopped", "both", "unbraked"), row, strict=True)
    }
    return Drawing((Figure(knobs, draw, "Look at the four tables, and take the brake off."),), numbers)
