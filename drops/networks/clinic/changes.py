"""What can be changed in a program: cures, and what people try. A set has one list for all its cases.

    CHANGES["he"].of(broken, twin)     the broken program, started with He

A cure puts back what the sound twin has; what a change does in each case is measured, and stands in MENDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drops.networks.faults.program import Program


@dataclass(frozen=True)
class PossibleChange:
    """One line of a list of changes. {…} in `says` is a setting of the sound twin."""

    says: str
    sets: Callable[[Program, Program], Mapping[str, Any]]  # of the broken program and its sound twin

    def of(self, broken: Program, twin: Program) -> Program:
        """The broken program with this changed."""
        return broken.changed(self.sets(broken, twin))

    def spelt(self, twin: Program) -> str:
        """As the list says it."""
        return self.says.format(rate=f"{twin.rate:g}", batch=twin.batch, weigh=f"{twin.weigh:g}")


def _like(*names: str) -> Callable[[Program, Program], Mapping[str, Any]]:
    """As the sound twin has it."""
    return lambda broken, twin: {name: getattr(twin, name) for name in names}


def _instead(name: str, wrong: str) -> Callable[[Program, Program], Mapping[str, Any]]:
    """As the sound twin has it, where it is wrong in this one way."""
    return lambda broken, twin: {name: getattr(twin if getattr(broken, name) == wrong else broken, name)}


def _to(**what: Any) -> Callable[[Program, Program], Mapping[str, Any]]:
    return lambda broken, twin: what


CHANGES: Mapping[str, PossibleChange] = {
    # ── steps
    "rate": PossibleChange("a learning rate of {rate}", _like("rate")),
    "cooler": PossibleChange("a tenth of the learning rate", lambda now, twin: {"rate": now.rate / 10}),
    "hotter": PossibleChange("ten times the learning rate", lambda now, twin: {"rate": now.rate * 10}),
    "clip": PossibleChange("cut every gradient to a size of 1", _to(clip=1.0)),
    "subtract": PossibleChange("subtract the step", _instead("rule", "uphill")),
    "zero": PossibleChange("set the gradients to 0 after each step", _instead("rule", "never-zeroed")),
    "longer": PossibleChange("five times as many steps", lambda now, twin: {"steps": now.steps * 5}),
    "decay": PossibleChange("a weight decay of 0.0001", _to(l2=1e-4)),
    "more-decay": PossibleChange("a weight decay of 0.01", _to(l2=0.01)),
    "batch": PossibleChange("batches of {batch} rows", _like("batch")),
    "stop": PossibleChange("keep the weights with the lowest held-back loss", _to(keep="best")),
    # ── the net
    "he": PossibleChange("start with He", _to(init="he")),
    "random": PossibleChange("start with random weights (He)", _to(init="he")),
    "biases": PossibleChange("start the hidden biases at 0", _like("bias")),
    "tanh": PossibleChange("tanh in the hidden layers", _to(squash="tanh")),
    "relu": PossibleChange(
        "ReLU in the hidden layers",
        lambda now, twin: {"squash": "relu", "init": "he" if now.init == "xavier" else now.init},
    ),
    "leaky": PossibleChange("leaky ReLU in the hidden layers", _to(squash="leaky")),
    "first": PossibleChange("as many units in the first layer as in the others", _like("first")),
    "shallow": PossibleChange("two hidden layers", lambda now, twin: {"depth": 2}),
    "wider": PossibleChange("four times as many units", lambda now, twin: {"width": now.width * 4}),
    "narrower": PossibleChange("a quarter of the units", lambda now, twin: {"width": now.width // 4}),
    # ── the output
    "linear-out": PossibleChange("a linear output", _to(out="linear")),
    "sigmoid-out": PossibleChange("a sigmoid at the output", _to(out="sigmoid")),
    # ── the rows
    "scale": PossibleChange("standardise the columns", lambda now, twin: {
        "columns": "standardised" if now.columns == "raw" else now.columns}),
    "target": PossibleChange("standardise the target, and turn answers back", _like("target")),
    "shuffle": PossibleChange("shuffle the rows", _like("by_class")),
    "realign": PossibleChange("put each answer back beside its row", _like("misaligned")),
    "more-rows": PossibleChange("ten times as many rows", lambda now, twin: {"rows": now.rows * 10}),
    "leave-out": PossibleChange("leave out the column that knows the answer", _like("leaking")),
    "same-scale": PossibleChange("scale new rows as the training rows were", lambda now, twin: {
        "columns": "standardised" if now.columns == "raw in use" else now.columns}),
    "count": PossibleChange("count each row of class 1 {weigh} times", _like("weigh")),
}  # fmt: skip

# The change that undoes a fault, where its set has no list or the list belongs to several sets.
CURES: Mapping[str, str] = {
    "rate-high": "rate", "rate-low": "rate", "uphill": "subtract", "never-zeroed": "zero", "decay": "decay",
    "start-wide": "he", "start-narrow": "he", "zeros": "he", "twins": "he", "silent": "biases",
    "vanishing": "tanh", "no-squash": "relu", "bottleneck": "first",
    "pressed": "linear-out", "relu-out": "linear-out", "wrong-output": "sigmoid-out",
    "unscaled": "scale", "target-huge": "target", "batch-one": "batch", "sorted": "shuffle",
    "misaligned": "realign", "overfit": "stop", "leaking": "leave-out", "raw-in-use": "same-scale",
    "rare-class": "count",
}  # fmt: skip
