"""Where a number comes from: its sum down to the inputs, its gradient, and what the next step does to it.

explain(bench, "h2[3]", 0)      lines, each a formula with its numbers
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from drops.errors import Unknown
from drops.networks.lab.bench import Bench
from drops.networks.lab.look import right_answer
from drops.networks.lab.recipe import Recipe
from drops.text import number
from nnlab import Trace


class Addend(NamedTuple):
    """One line of a sum: what is listened to, through which weight, and what the loss says of that weight."""

    source: str
    weight: float
    value: float
    gradient: float

    @property
    def product(self) -> float:
        return self.weight * self.value


class Sum(NamedTuple):
    """Where a unit's number comes from at one row. The last term is the bias, whose source is always 1."""

    name: str  # h1[2], ŷ
    z: str  # z1[2]
    terms: tuple[Addend, ...]
    total: float
    squash: str  # "" where what it adds up is what it says
    says: float
    loss: float
    slope: float  # ∂L/∂z
    row: str  # what the net hears at this row, and what is right


STEPS = {  # what a step of each rule is
    "sgd": "the mean gradient of the batch times the rate, downhill",
    "momentum": "that downhill step and what is left of those before it",
    "nesterov": "that downhill step and what is left of those before it, looking ahead",
    "rmsprop": "the gradient divided by the usual size of this weight's gradients, times the rate",
    "adam": "the mean of its last gradients divided by their usual size, times the rate",
    "adamw": "the mean of its last gradients divided by their usual size, times the rate, and some shrinking",
}
ADDRESS = re.compile(r"(?P<name>[a-zA-Z]+\d*)(?:\[(?P<place>\d+(?:,\d+)?)\])?")
EXAMPLES = ("h1[1]", "z1[1]", "W1[1,1]", "b1[1]", "dW1[1,1]", "yhat", "L")


def explain(bench: Bench, address: str, at: int) -> list[str]:
    """The number called `address` at training row `at`, counted from 0. Raises Unknown."""
    row = at % len(bench.train.X)
    trace = bench.net.trace(bench.train.X[row], bench.train.y[row])
    found = ADDRESS.fullmatch(address)
    if not found:
        raise Unknown("number", address, EXAMPLES)
    name, place = found["name"], found["place"] or ""
    written = {one.name: one for one in trace.rows}
    if re.fullmatch(r"[Wb]\d+", name) and f"d{name}" in written:
        return list(_parameter(bench, trace, written, name, place))
    if name not in written:
        raise Unknown("number", address, [*written, *EXAMPLES])
    return list(_value(bench, trace, written, name, place))


def _value(bench: Bench, trace: Trace, written: dict[str, Any], name: str, place: str) -> Iterator[str]:
    unit = _unit(trace, name, place)
    yield written[name].unit_written(unit)
    if name == "L":
        losses = float(bench.loss(bench.train)), float(bench.loss(bench.test))
        yield (
            f"The mean over all training rows is {number(losses[0], 4)}, over those held back "
            f"{number(losses[1], 4)}; that is what training makes small."
        )
    layer = re.fullmatch(r"h(\d+)", name)
    below = f"z{layer[1]}" if layer else f"z{len(bench.recipe.hidden) + 1}" if name == "yhat" else ""
    if below in written:
        yield written[below].unit_written(unit)
    back = f"d{below or name}"
    if back in written:
        yield f"From the loss: {written[back].unit_written(unit)}"


def _parameter(bench: Bench, trace: Trace, written: dict[str, Any], name: str, place: str) -> Iterator[str]:
    unit = _unit(trace, f"d{name}", place)
    block = bench.net.params.view(f"W{name[1:]}")
    value = float(block[*unit] if name[0] == "W" else block[unit[0], -1])
    yield f"{name}[{','.join(str(i + 1) for i in unit)}] = {number(value)}"
    yield f"Its gradient at this row: {written[f'd{name}'].unit_written(unit)}"
    yield from _next_step(bench, block, unit if name[0] == "W" else (unit[0], -1))


def _next_step(bench: Bench, block: Any, at: tuple[int, ...]) -> Iterator[str]:
    """What the next batch does to a weight: it is taken, and taken back to the same bits."""
    before, trainer = float(block[at]), bench.trainer
    kept = trainer.kept()
    for _ in trainer.steps(1):
        pass
    after = float(block[at])
    trainer.put_back(kept)
    rule = bench.recipe.rule
    moved = f"from {number(before, 4)} to {number(after, 4)}, by {number(after - before, 6)}"
    by = f"{rule}, rate {number(bench.recipe.learning_rate, 6)}: {STEPS[rule]}"
    yield f"The next step takes it {moved}. {by[0].upper()}{by[1:]}."


def _unit(trace: Trace, name: str, place: str) -> tuple[int, ...]:
    """Counted from 0; the first where no place is named."""
    shape = np.shape(trace[name])
    unit = tuple(int(one) - 1 for one in place.split(",")) if place else (0,) * len(shape)
    if len(unit) != len(shape) or not all(0 <= i < n for i, n in zip(unit, shape, strict=True)):
        last = ",".join(map(str, shape))
        raise Unknown("number", f"{name}[{place}]", [f"{name}[{last}]"] if shape else [name])
    return unit


def sum_of(bench: Bench, layer: int, unit: int, at: int) -> Sum:
    """The sum of a unit, both counted from 1, at training row `at`, counted from 0; the layer behind the
    hidden ones is the output."""
    row = at % len(bench.train.X)
    trace = bench.net.trace(bench.train.X[row], bench.train.y[row])
    last = layer > len(bench.recipe.hidden)
    *weights, bias = bench.net.params.view(f"W{layer}")[unit - 1].tolist()
    below = bench.train.X[row].tolist() if layer == 1 else _says(trace, layer - 1)
    slopes = np.atleast_2d(trace[f"dW{layer}"])[unit - 1].tolist()
    sources = names(bench, layer - 1)
    terms = [Addend(*one) for one in zip(sources, weights, below, slopes, strict=True)]
    slope = float(np.atleast_1d(trace[f"dz{layer}"])[unit - 1])
    terms.append(Addend("b", bias, 1.0, slope))
    out = np.atleast_1d(trace["yhat"]).tolist() if last else _says(trace, layer)
    return Sum(
        names(bench, layer)[unit - 1], f"z{layer}[{unit}]", tuple(terms),
        float(np.atleast_1d(trace[f"z{layer}"])[unit - 1]),
        squash_at(bench.recipe, layer), out[unit - 1], float(trace["L"]), slope,
        f"row {row + 1}   right is {right_answer(bench, row)}",
    )  # fmt: skip


def name_of(found: Sum, term: int) -> str:
    """The weight of a term, or the bias, as a line sets it: W2[1,3], b2[1]."""
    layer, _, unit = found.z.removeprefix("z").rstrip("]").partition("[")
    bias = term >= len(found.terms) - 1
    return f"b{layer}[{unit}]" if bias else f"W{layer}[{unit},{term + 1}]"


def names(bench: Bench, layer: int) -> list[str]:
    """What the units of a layer are called; layer 0 are the inputs."""
    recipe = bench.recipe
    if layer == 0:
        return list(recipe.listens_to or (f"x{i + 1}" for i in range(recipe.inputs)))
    if layer > len(recipe.hidden):
        return ["ŷ"] if recipe.source.outputs == 1 else [f"ŷ[{i + 1}]" for i in range(recipe.source.outputs)]
    return [f"h{layer}[{i + 1}]" for i in range(recipe.sizes[layer])]


def squash_at(recipe: Recipe, layer: int) -> str:
    """The squash of a layer, counted from 1, as formulas write it; "" where there is none."""
    if layer <= len(recipe.hidden):
        return recipe.squash_of(layer - 1)
    return {"a yes or no": "σ", "a class": "softmax", "a number": ""}[recipe.source.asks]


def _says(trace: Trace, layer: int) -> list[float]:
    """What the units of a hidden layer hand on."""
    found = trace[f"h{layer}"] if f"h{layer}" in trace else trace[f"z{layer}"]
    return [float(one) for one in np.atleast_1d(found)]
