"""The words of a line, each family a table: what each word stands for, and what it may be with.

spiral x y sinx siny 4-5-1 adam .02
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from nnlab import ACTIVATIONS, INITIALISERS, OPTIMISERS
from nnlab.plan import Array


@dataclass(frozen=True)
class RowSource:
    """Where rows come from: how many columns, and what is asked: a number (0), or one of so many classes."""

    columns: int
    classes: int  # 0: a number is asked for
    drawn: bool = True  # fresh rows can be drawn at any time; else the table has so many and no more
    noise: float = 0.0  # how much where the line says nothing

    @property
    def outputs(self) -> int:
        return self.classes if self.classes > 2 else 1

    @property
    def asks(self) -> str:
        return "a number" if not self.classes else "a yes or no" if self.classes == 2 else "a class"

    @property
    def losses(self) -> tuple[str, ...]:
        """What may measure it; the first where the line says none."""
        return tuple(name for name, suits in LOSSES.items() if self.asks in suits)


SOURCES: Mapping[str, RowSource] = {
    "circle": RowSource(2, 2),
    "xor": RowSource(2, 2),
    "gauss": RowSource(2, 2, noise=1.0),
    "spiral": RowSource(2, 2),
    "moons": RowSource(2, 2, noise=0.1),
    "rings": RowSource(2, 3),
    "plane": RowSource(2, 0),
    "hills": RowSource(2, 0),
    "sine": RowSource(1, 0),
    "sawtooth": RowSource(1, 0),
    "friedman": RowSource(10, 0, noise=1.0),
    "penguins": RowSource(4, 3, drawn=False),
    "gentoo": RowSource(2, 2, drawn=False),
    "chinstrap": RowSource(2, 2, drawn=False),
    "wine": RowSource(13, 3, drawn=False),
    "tumour": RowSource(30, 2, drawn=False),
    "diabetes": RowSource(10, 0, drawn=False),
}

# What a unit may listen to, of rows (n, 1) or (n, 2). 2x: a spiral turns nearly twice within −2 … 2.
FEATURES: Mapping[str, Callable[[Array], Array]] = {
    "x": lambda X: X[:, 0],
    "y": lambda X: X[:, 1],
    "xx": lambda X: X[:, 0] ** 2,
    "yy": lambda X: X[:, 1] ** 2,
    "xy": lambda X: X[:, 0] * X[:, 1],
    "sinx": lambda X: np.sin(2 * X[:, 0]),
    "siny": lambda X: np.sin(2 * X[:, 1]),
}
OF_ONE = ("x", "xx", "sinx")  # those of a single column

SQUASHES = tuple(name for name in ACTIVATIONS if name not in ("step", "softmax"))  # no slope; not one by one
RULES: Mapping[str, float] = {  # and the rate of each where the line says none
    "sgd": 0.1, "momentum": 0.03, "nesterov": 0.03, "rmsprop": 0.01, "adam": 0.03, "adamw": 0.03,
}  # fmt: skip
assert set(RULES) == set(OPTIMISERS)
STARTS = tuple(INITIALISERS)
SCHEDULES = ("cosine", "step", "warmup")  # each with a number of epochs

# What each loss is for; where the line says none the first is taken that suits what is asked.
LOSSES: Mapping[str, tuple[str, ...]] = {
    "bce": ("a yes or no",),
    "ce": ("a class",),
    "mse": ("a number", "a yes or no"),
    "mae": ("a number", "a yes or no"),
    "huber": ("a number", "a yes or no"),
}


@dataclass(frozen=True)
class Range:
    """What the number after a word may be."""

    low: float
    high: float
    whole: bool = False


RATE = Range(1e-9, 1000)
SCALE = Range(-1000, 1000)
EPOCHS = Range(1, 100_000, whole=True)
NUMBER_WORDS: Mapping[str, Range] = {
    "noise": Range(0, 10),
    "rows": Range(20, 4000, whole=True),
    "test": Range(0.05, 0.9),
    "batch": Range(1, 2000, whole=True),
    "l1": Range(0, 10),
    "l2": Range(0, 10),
    "drop": Range(0, 0.95),
    "clip": Range(1e-6, 1e6),
    "goal": Range(0.01, 100),
    "seed": Range(0, 999_999_999, whole=True),
}

# As help lists them.
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "data": (*SOURCES, "csv:NAME, a table of yours", "drawn:CODE, rows that you drew"),
    "features": tuple(FEATURES),
    "shape": ("2-8-8-1", "2-8relu-4tanh-1", "2-8-8+-1", "with + adding what came in"),
    "squash": SQUASHES,
    "rule and its rate": tuple(RULES),
    "loss": tuple(LOSSES),
    "start": STARTS,
    "schedule in epochs": SCHEDULES,
    "each with a number": tuple(NUMBER_WORDS),
    "one thing wrong": ("break rate-high", "break twins", "break none"),
    "a change in the run": ("@1240", "adam", ".005"),
}
