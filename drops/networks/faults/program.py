"""How a net is made, fed and trained, as one value; a fault is one such value with one thing changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from drops.networks.faults.table import FAULTS


@dataclass(frozen=True)
class Program:
    """How a net is made, fed and trained; every default is sound."""

    table: str  # the data: "moons", "circle" or "xor"
    width: int
    depth: int  # hidden layers
    first: int | None = None  # units of the first hidden layer, where it is another width
    squash: str = "relu"
    init: str | tuple[str, float] = "he"
    bias: float = 0.0  # of every hidden unit at the start
    out: str = "sigmoid"
    loss: str = "bce"
    rule: str = "sgd"  # or "uphill", "never-zeroed", "adam"
    rate: float = 0.3
    clip: float | None = None  # the largest gradient that is taken as it is
    batch: int | None = 20
    steps: int = 400
    l2: float = 0.0
    keep: str = "last"  # weights, or "best": those with the lowest held-back loss
    rows: int = 200
    noise: float = 0.1
    columns: str = "as measured"  # or "standardised", "raw", "raw in use"
    leaking: bool = False  # a column more, that knows the answer in training
    misaligned: bool = False  # training answers stand beside the wrong rows
    by_class: bool = False  # training rows come sorted by class
    rare: bool = False  # one row in twenty belongs to class 1, and the classes overlap
    weigh: float = 1.0  # how many rows a row of class 1 counts for
    target: str = "class"  # or "number", from −3 to 3, or "price", around 200,000

    def with_fault(self, name: str) -> Program:
        """The same with one thing wrong."""
        return self.changed(FAULTS[name].sets)

    def changed(self, what: Mapping[str, Any]) -> Program:
        """The same with these settings instead."""
        return replace(self, **what)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Units of each hidden layer."""
        return (self.first or self.width, *[self.width] * (self.depth - 1))
