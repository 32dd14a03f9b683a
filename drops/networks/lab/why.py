"""Where a number comes from: its sum down to the inputs, its gradient, and what the next step does to it.

explain(bench, "h2[3]", 0)      lines, each a formula with its numbers
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from drops.errors import Unknown
from drops.networks.lab.bench import Bench
from drops.text import number
from nnlab import Trace

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
    yield "A step follows the mean of that over the rows of a batch."


def _unit(trace: Trace, name: str, place: str) -> tuple[int, ...]:
    """Counted from 0; the first where no place is named."""
    shape = np.shape(trace[name])
    unit = tuple(int(one) - 1 for one in place.split(",")) if place else (0,) * len(shape)
    if len(unit) != len(shape) or not all(0 <= i < n for i, n in zip(unit, shape, strict=True)):
        last = ",".join(map(str, shape))
        raise Unknown("number", f"{name}[{place}]", [f"{name}[{last}]"] if shape else [name])
    return unit
