"""Seven sets of look-alikes, each with one world: a fault is that world with one thing changed.

    WORLDS["lies flat"].twin("moons", 16, 4).with_fault("silent")

What is unchanged is the sound twin. Everything that is seen before a gauge is opened is the same for
all faults of a set, so that it tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from drops.networks.faults.program import Program

ALL = ("moons", "circle", "xor")
CURVED = ("circle", "xor")


@dataclass(frozen=True)
class ClinicWorld:
    """How the sound twin of a set is made, and what can be wrong with it."""

    complaint: str  # what a colleague says; of the set, and never of the case
    faults: tuple[str, ...]  # the set itself
    also: tuple[str, ...]  # other faults that show in this world
    sets: Mapping[str, Any]
    tables: tuple[str, ...] = ALL
    widths: tuple[int, int] = (12, 24)
    depths: tuple[int, int] = (2, 3)
    by: str = "right"  # what a change improves in use: the fair share that is right, or the "loss"
    changes: tuple[str, ...] = field(default=())  # the list that is offered, the same in all its cases

    @property
    def shows(self) -> tuple[str, ...]:
        """All faults that show in it."""
        return (*self.faults, *self.also)

    def twin(self, table: str, width: int, depth: int) -> Program:
        """The sound program."""
        return Program(table, width, depth).changed(self.sets)


_NUMBER = {"target": "number", "out": "linear", "loss": "mse"}

WORLDS: Mapping[str, ClinicWorld] = {
    "runs away": ClinicWorld(
        "It does not do what it should.",
        ("rate-high", "start-wide", "unscaled", "uphill", "target-huge"),
        ("rate-low", "silent", "zeros", "raw-in-use", "never-zeroed", "leaking"),
        {**_NUMBER, "columns": "standardised", "rate": 0.02, "steps": 600},
        depths=(3, 4),
        changes=("rate", "he", "scale", "subtract", "target", "cooler", "clip"),
    ),
    "lies flat": ClinicWorld(
        "It does not do what it should.",
        ("silent", "zeros", "start-narrow", "rate-low", "decay"),
        ("uphill", "rate-high", "start-wide", "never-zeroed", "twins", "vanishing", "misaligned",
         "no-squash"),
        {"rate": 0.2, "steps": 600},
        depths=(4, 4),
        changes=("rate", "biases", "he", "decay", "hotter", "leaky", "longer"),
    ),
    "stops early": ClinicWorld(
        "It does not do what it should.",
        ("vanishing", "start-narrow", "no-squash", "twins", "bottleneck"),
        ("start-wide", "zeros", "silent", "rate-low", "decay", "uphill", "rate-high"),
        {"rate": 0.1, "steps": 800},
        tables=CURVED,
        depths=(5, 6),
        changes=("tanh", "he", "first", "shallow", "hotter", "longer"),
    ),
    "ragged": ClinicWorld(
        "It does not do what it should.",
        ("batch-one", "never-zeroed", "sorted", "wrong-output", "rate-high"),
        ("misaligned", "uphill", "rate-low", "unscaled", "raw-in-use"),
        {"rate": 0.5, "batch": 32, "rows": 2000, "noise": 0.25},
        changes=("rate", "batch", "zero", "shuffle", "sigmoid-out", "cooler", "clip"),
    ),
    "number": ClinicWorld(
        "It does not do what it should.",
        ("pressed", "relu-out", "bottleneck", "twins", "decay"),
        ("rate-low", "silent", "no-squash", "uphill", "rate-high", "zeros"),
        {**_NUMBER, "rate": 0.05, "steps": 800},
        depths=(3, 4),
        changes=("linear-out", "random", "first", "decay", "hotter", "longer"),
    ),
    "wrong in use": ClinicWorld(
        "It does not do what it should.",
        ("misaligned", "overfit", "leaking", "raw-in-use"),
        ("bottleneck", "decay", "unscaled"),
        {"columns": "standardised", "rule": "adam", "rate": 0.01, "batch": None, "rows": 60, "noise": 0.3,
         "steps": 600, "keep": "best"},
        widths=(32, 48),
        by="loss",
        changes=("realign", "stop", "more-decay", "more-rows", "leave-out", "same-scale", "narrower"),
    ),
    "rare class": ClinicWorld(
        "It does not do what it should.",
        ("rare-class", "silent", "decay", "no-squash"),
        ("zeros", "twins"),
        {"rare": True, "noise": 0.5, "rows": 300, "weigh": 19.0},
        tables=CURVED,
        changes=("count", "decay", "biases", "relu", "wider", "hotter"),
    ),
}  # fmt: skip
