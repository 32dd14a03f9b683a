"""Toy data by formula, real tables from files, and the two things to do before training.

ds = load("tumour").split(test=.2, seed=1).standardised()
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import wraps
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from nnlab import table
from nnlab.chance import stream
from nnlab.errors import LabError, either, in_memory, is_number, named, setting, short, spelt, whole
from nnlab.given import finite, numbers_of
from nnlab.plan import Array


@spelt
@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows and what to predict; `X, y = dataset` unpacks it."""

    X: Array  # (n, features)
    y: Array  # (n,): numbers, 0/1, or labels 0 … classes − 1
    columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()  # names of the labels; () for a number

    def __post_init__(self) -> None:
        for name, given in {"X": self.X, "y": self.y}.items():
            object.__setattr__(self, name, numbers_of(name, given, float))
        if not self.X.ndim or self.X.shape[:1] != self.y.shape[:1]:
            got = f"X has the shape {self.X.shape} and y {self.y.shape}"
            raise LabError(f"{got}; a data set wants as many rows of X as numbers of y")
        finite("X", self.X)
        finite("y", self.y)

    def __iter__(self) -> Iterator[Array]:
        return iter((self.X, self.y))

    def __len__(self) -> int:
        return len(self.X)

    def rows(self, chosen: Any) -> "Dataset":
        """Some of the rows, by their numbers from 0, or by True and False for each."""
        try:
            return replace(self, X=self.X[chosen], y=self.y[chosen])
        except (IndexError, TypeError, ValueError):
            wants = f"numbers from 0 to {len(self) - 1}, or True and False for each"
            raise LabError(f"rows got {short(chosen)}; it wants {wants}") from None

    @spelt
    def split(self, test: float = 0.2, validation: float = 0.2, seed: int = 0) -> "Split":
        """Shuffle and cut: shares of all rows for test and validation, the rest to train on."""
        n = len(self)
        shares: dict[str, Any] = {"test": test, "validation": validation}
        for name, share in shares.items():
            setting("split", name, share, "a share of the rows from 0 to 1", lambda share: 0 <= share < 1)
        cut = round(test * n), round(test * n) + round(validation * n)
        if not cut[1] < n:
            raise LabError(
                f"split(test={test:g}, validation={validation:g}) leaves no rows of {n} to train on"
            )
        order = stream("split", seed).permutation(n)
        parts = order[cut[1] :], order[cut[0] : cut[1]], order[: cut[0]]
        train, watch, held = (self.rows(np.sort(part)) for part in parts)
        return Split(train, watch if len(watch) else None, held)


@dataclass(frozen=True, eq=False)
class Split:
    """Three parts that share no row. Validation chooses; test is looked at once."""

    train: Dataset
    validation: Dataset | None
    test: Dataset
    mean: Array = field(default_factory=lambda: np.zeros(0))  # of the training part, (features,)
    sd: Array = field(default_factory=lambda: np.zeros(0))
    y_mean: float = 0.0
    y_sd: float = 1.0

    def standardised(self, target: bool = False) -> "Split":
        """Columns to mean 0 and spread 1 by the training part's statistics only; `target`
        does the same to y (`y_mean`, `y_sd` lead back)."""
        X, y = self.train
        either("target", target)
        (mean, sd), (ys_mean, ys_sd) = _scale(X), _scale(y.reshape(-1, 1))
        y_mean, y_sd = (float(ys_mean[0]), float(ys_sd[0])) if target else (0.0, 1.0)

        def scaled(part: Dataset) -> Dataset:
            z = (part.y - y_mean) / y_sd if target else part.y
            return replace(part, X=(part.X - mean) / sd, y=z)

        watch = None if self.validation is None else scaled(self.validation)
        return Split(scaled(self.train), watch, scaled(self.test), mean, sd, y_mean, y_sd)


def moments(X: Array) -> tuple[Array, Array]:
    """Mean and spread of each column, (features,), however large its numbers: squares of 1e200 are no numbers
    any more, and a power of two taken out changes no digit."""
    power = np.frexp(np.abs(X).max(axis=0))[1]
    near_one = np.ldexp(X, -power)
    return np.ldexp(near_one.mean(axis=0), power), np.ldexp(near_one.std(axis=0), power)


def _scale(X: Array) -> tuple[Array, Array]:
    """The moments to standardise by. Where all numbers are one the spread is 1, and the mean that one.
    Rounding leaves of a constant column a spread of about n·ε·|mean|, and dividing by that would blow up the
    next other value; as much is off its mean, which of a date in nanoseconds is hundreds."""
    mean, sd = moments(X)
    varies = sd > 10 * len(X) * np.finfo(float).eps * np.abs(mean)
    return np.where(varies, mean, X[0]), np.where(varies, sd, 1.0)


# --- toys --------------------------------------------------------------------------------
def _chance(n: Any, seed: Any, noise: Any) -> np.random.Generator:
    """What a toy draws from, once its arguments are what they should be."""
    whole("n", n)
    if not is_number(noise) or noise < 0:
        raise LabError(f"noise is {short(noise)}; it wants a number ≥ 0")
    return stream("data", seed)


Toy = TypeVar("Toy", bound=Callable[..., Dataset])


def _toy(draw: Toy) -> Toy:
    """A toy that says what is wrong with a name, or with a count that memory has no room for."""

    @wraps(draw)
    def drawn(*args: Any, **given: Any) -> Dataset:
        n = (*args, given.get("n", 1))[0]
        with in_memory(n if isinstance(n, int) else 1, draw.__name__, "take fewer rows"):
            return draw(*args, **given)

    return spelt(cast("Toy", drawn))


def _labelled(X: Array, y: Any) -> Dataset:
    return Dataset(X, y.astype(float), ("x1", "x2"), ("0", "1"))


@_toy
def circle(n: int = 200, seed: int = 0, noise: float = 0.0) -> Dataset:
    """A disc (1) of radius 1 in a ring (0) from 1.4 to 2, half of the points each."""
    rng = _chance(n, seed, noise)
    y = np.arange(n) % 2
    r = np.where(y == 1, np.sqrt(rng.uniform(0, 1, n)), np.sqrt(rng.uniform(1.96, 4, n)))
    t = rng.uniform(0, 2 * np.pi, n)
    X = np.column_stack([r * np.cos(t), r * np.sin(t)]) + rng.normal(0, noise, (n, 2))
    return _labelled(X, y)


@_toy
def xor(n: int = 200, seed: int = 0, noise: float = 0.0, gap: float = 0.1) -> Dataset:
    """1 where the signs of x1 and x2 differ; a band of 2·`gap` around the axes is empty."""
    rng = _chance(n, seed, noise)
    setting("xor", "gap", gap, "a number from 0 to 1", lambda gap: 0 <= gap <= 1)
    quarter = np.arange(n) % 4
    sign = np.column_stack([1 - 2 * (quarter % 2), 1 - 2 * (quarter // 2)])
    X = sign * rng.uniform(gap, 1, (n, 2)) + rng.normal(0, noise, (n, 2))
    return _labelled(X, sign[:, 0] != sign[:, 1])


@_toy
def gauss(n: int = 200, seed: int = 0, noise: float = 1.0) -> Dataset:
    """Two clouds with spread `noise` around (−2, −2) and (2, 2)."""
    rng = _chance(n, seed, noise)
    y = np.arange(n) % 2
    return _labelled((4 * y - 2)[:, None] + rng.normal(0, noise, (n, 2)), y)


@_toy
def spiral(n: int = 200, seed: int = 0, noise: float = 0.0, turns: float = 1.75) -> Dataset:
    """Two arms of radius up to 2, half a turn apart."""
    rng = _chance(n, seed, noise)
    setting("spiral", "turns", turns, "a number")
    y = np.arange(n) % 2
    r = (np.arange(n) // 2 + 1) / ((n + 1) // 2)
    t = turns * 2 * np.pi * r + np.pi * y
    X = 2 * r[:, None] * np.column_stack([np.sin(t), np.cos(t)])
    return _labelled(X + rng.normal(0, noise, (n, 2)), y)


@_toy
def moons(n: int = 200, seed: int = 0, noise: float = 0.1) -> Dataset:
    """Two half circles that reach into each other."""
    rng = _chance(n, seed, noise)
    y = np.arange(n) % 2
    t = np.pi * (np.arange(n) // 2) / max((n - 1) // 2, 1)
    upper, lower = np.column_stack([np.cos(t), np.sin(t)]), np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])
    X = np.where(y[:, None] == 0, upper, lower) + rng.normal(0, noise, (n, 2))
    return _labelled(X, y)


@_toy
def rings(n: int = 300, seed: int = 0, noise: float = 0.0) -> Dataset:
    """Three classes around each other, a third of the points each: a disc of radius 0.5 (0) in
    rings from 0.8 to 1.2 (1) and from 1.6 to 2 (2)."""
    rng = _chance(n, seed, noise)
    y = np.arange(n) % 3
    inner, outer = np.array([(0, 0.5), (0.8, 1.2), (1.6, 2)])[y].T
    r, t = np.sqrt(rng.uniform(inner**2, outer**2)), rng.uniform(0, 2 * np.pi, n)
    X = np.column_stack([r * np.cos(t), r * np.sin(t)]) + rng.normal(0, noise, (n, 2))
    return Dataset(X, y.astype(float), ("x1", "x2"), ("0", "1", "2"))


@_toy
def plane(n: int = 200, seed: int = 0, noise: float = 0.0) -> Dataset:
    """y = (x1 + x2)/4 over −2 to 2: a number that no bend helps with."""
    rng = _chance(n, seed, noise)
    X = rng.uniform(-2, 2, (n, 2))
    return Dataset(X, X.sum(axis=1) / 4 + rng.normal(0, noise, n), ("x1", "x2"))


HILLS = np.array(  # where, and how high
    [(-1.2, 0.8, 1), (0, 0.8, -1), (1.2, 0.8, 1), (-1.2, -0.8, -1), (0, -0.8, 1), (1.2, -0.8, -1)]
)


@_toy
def hills(n: int = 200, seed: int = 0, noise: float = 0.0) -> Dataset:
    """A number over −2 to 2: three hills of height 1 and three hollows, turn by turn in two rows,
    each e^(−6·distance²)."""
    rng = _chance(n, seed, noise)
    X = rng.uniform(-2, 2, (n, 2))
    away = ((X[:, None] - HILLS[:, :2]) ** 2).sum(axis=-1)
    return Dataset(X, np.exp(-6 * away) @ HILLS[:, 2] + rng.normal(0, noise, n), ("x1", "x2"))


@_toy
def sine(
    n: int = 100, seed: int = 0, noise: float = 0.0, frequency: float = 1.5,
    low: float = -2.0, high: float = 2.0,
) -> Dataset:  # fmt: skip
    """y = sin(frequency·x) at n evenly spaced x."""
    rng = _chance(n, seed, noise)
    for name, value in {"frequency": frequency, "low": low, "high": high}.items():
        setting("sine", name, value, "a number")
    x = np.linspace(low, high, n)
    return Dataset(x[:, None], np.sin(frequency * x) + rng.normal(0, noise, n), ("x",))


@_toy
def sawtooth(n: int = 200, seed: int = 0, noise: float = 0.0, pieces: int = 8) -> Dataset:
    """`pieces` straight pieces between 0 and 1 over x from 0 to 1, up first."""
    rng = _chance(n, seed, noise)
    x = np.linspace(0, 1, n)
    setting("sawtooth", "pieces", whole("pieces", pieces), "a number of pieces")
    y = 1 - np.abs((x * pieces) % 2 - 1)
    return Dataset(x[:, None], y + rng.normal(0, noise, n), ("x",))


@_toy
def friedman1(n: int = 300, seed: int = 0, noise: float = 1.0) -> Dataset:
    """Ten columns in [0, 1], of which five matter (Friedman 1991):
    y = 10·sin(π·x1·x2) + 20·(x3 − ½)² + 10·x4 + 5·x5 + noise."""
    rng = _chance(n, seed, noise)
    X = rng.uniform(size=(n, 10))
    y = 10 * np.sin(np.pi * X[:, 0] * X[:, 1]) + 20 * (X[:, 2] - 0.5) ** 2
    y = y + 10 * X[:, 3] + 5 * X[:, 4] + rng.normal(0, noise, n)
    return Dataset(X, y, tuple(f"x{i}" for i in range(1, 11)))


DATASETS: dict[str, Callable[..., Dataset]] = {
    draw.__name__: draw
    for draw in (circle, xor, gauss, spiral, moons, rings, plane, hills, sine, sawtooth, friedman1)
}


# --- tables ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Table:
    """How a file of nnlab/tables is read."""

    file: str
    classes: tuple[str, ...] = ()  # what the labels are called; () where a number is asked for
    columns: tuple[str, ...] = ()  # () all of them
    yes: str = ""  # the class that is 1 where all others are 0

    def read(self) -> Dataset:
        text = resources.files("nnlab").joinpath("tables", f"{self.file}.csv").read_text("utf-8")
        head, *body = csv.reader(text.splitlines())
        values, at = np.array(body, dtype=float), head.index("target")
        columns = self.columns or tuple(column for column in head if column != "target")
        X, y = values[:, [head.index(column) for column in columns]], values[:, at]
        if not self.yes:
            return Dataset(X, y, columns, self.classes)
        return Dataset(X, (y == self.classes.index(self.yes)).astype(float), columns, ("other", self.yes))


BIRDS = "Adelie", "Chinstrap", "Gentoo"
TABLES: dict[str, Table] = {
    "wine": Table("wine", ("0", "1", "2")),  # three growers told apart by 13 measurements of their wine
    "tumour": Table("tumour", ("malignant", "benign")),  # 30 measurements of cell nuclei
    "diabetes": Table("diabetes"),  # how far it went in a year, from ten numbers at its start
    "penguins": Table("penguins", BIRDS),  # three species told apart by four measures
    "gentoo": Table("penguins", BIRDS, ("flipper_length_mm", "bill_depth_mm"), "Gentoo"),
    "chinstrap": Table("penguins", BIRDS, ("bill_length_mm", "bill_depth_mm"), "Chinstrap"),
}


@spelt
def read_csv(path: str | Path, target: str | int = -1, labels: bool | None = None) -> Dataset:
    """A table of your own. `target` is the column to predict, by its name or its number from 0 (−1 is
    the last); all others must be numbers. A target of words becomes labels in the order of the
    alphabet; one of numbers stays numbers, unless `labels=True` makes classes of it. What is wrong
    is named with its row and column."""
    return Dataset(*table.read(path, target, labels))


def load(name: str) -> Dataset:
    """A bundled table by name; sources and licences stand in nnlab/tables/SOURCES.md."""
    return named("table", name, TABLES).read()
