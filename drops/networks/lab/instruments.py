"""What instruments read from a net at a moment, as rows that every face can show.

read(bench, "gradients").rows[0]      layer 1   .62   0.0041
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from drops.networks.lab import look
from drops.networks.lab.bench import Bench
from drops.networks.lab.rows import classes
from drops.text import number
from nnlab.doctor import LayerHealth, examine

BINS = 12  # of a histogram
BARS = "▁▂▃▄▅▆▇█"
LEAST, DECADES = 1e-6, 8  # where the bar of a size begins, and how many powers of ten it spans


class PanelRow(NamedTuple):
    """One row: a bar from 0 to 1 where there is one, and what it says."""

    name: str
    bar: float | None
    says: str


class InstrumentPanel(NamedTuple):
    """What one instrument shows; `told` is that in a sentence."""

    title: str
    rows: tuple[PanelRow, ...]
    told: str


def read(bench: Bench, name: str) -> InstrumentPanel:
    """What the instrument of that name shows now."""
    with np.errstate(all="ignore"):
        return INSTRUMENTS[name](bench)


def _health(bench: Bench) -> list[LayerHealth]:
    return examine(bench.net, *bench.train, bench.recipe.learning_rate).layers


def _size(value: float) -> float:
    """Where a size stands among eight powers of ten, from 0 to 1."""
    if not math.isfinite(value):
        return 1.0
    return min(1.0, max(0.0, (math.log10(max(value, 1e-300)) - math.log10(LEAST)) / DECADES))


def _short(value: float) -> str:
    return f"{value:.2g}".replace("-", "−") if math.isfinite(value) else "no number"


def _gradients(bench: Bench) -> InstrumentPanel:
    layers = _health(bench)
    rows = tuple(PanelRow(f"layer {one.layer}", _size(one.gradient), _short(one.gradient)) for one in layers)
    first, last = layers[0].gradient, layers[-1].gradient
    share = f"; the first has {first / last:.2g} of the last" if last and math.isfinite(first / last) else ""
    told = f"The size of ∂L/∂W; bars go by powers of ten, from a millionth to a hundred{share}."
    return InstrumentPanel("gradient by layer", rows, told)


def _updates(bench: Bench) -> InstrumentPanel:
    layers = _health(bench)
    rows = tuple(PanelRow(f"layer {one.layer}", _size(one.ratio), _short(one.ratio)) for one in layers)
    told = "A step of rate × gradient as a share of the weights; about a thousandth is healthy."
    return InstrumentPanel("update ÷ weight", rows, told)


def _spread(bench: Bench) -> InstrumentPanel:
    """A histogram of what each hidden layer says on the training rows."""
    values, rows = bench.net.values(bench.train.X), []
    for k, _ in enumerate(bench.recipe.hidden, 1):
        h = np.asarray(values.get(f"h{k}", values[f"z{k}"]), dtype=float).ravel()
        h = h[np.isfinite(h)]
        if not len(h):
            rows.append(PanelRow(f"h{k}", None, "no number"))
            continue
        low, high = float(h.min()), float(h.max())
        counts = np.histogram(h, BINS, (low, high if high > low else low + 1))[0]
        tall = np.ceil(counts / counts.max() * (len(BARS) - 1)).astype(int)
        shape = "".join(BARS[t] if count else " " for t, count in zip(tall, counts, strict=True))
        rows.append(PanelRow(f"h{k}", None, f"{_short(low)} {shape} {_short(high)}"))
    told = "How often each layer says how much, from its least to its most."
    return InstrumentPanel("what layers say", tuple(rows), told if rows else "There is no hidden layer.")


def _right(bench: Bench) -> InstrumentPanel:
    """The confusion on fresh rows; of a number how far off it is."""
    X, y = bench.fresh
    says = np.asarray(bench.net.predict(X))
    if not bench.recipe.source.classes:
        miss = np.abs(says.ravel() - y)
        rows = (
            PanelRow("R²", None, number(float(bench.score(bench.fresh)), 3)),
            PanelRow("middle miss", None, _short(float(np.median(miss)))),
            PanelRow("largest miss", None, _short(float(miss.max()))),
        )
        return InstrumentPanel("how far off", rows, "On rows that nothing has seen.")
    guess = says.argmax(axis=-1) if says.ndim > 1 else (says > 0.5).astype(int)
    names = classes(bench.recipe)
    counts = [[int(np.sum(guess[y == c] == d)) for d in range(len(names))] for c in range(len(names))]
    wide = max(len(str(count)) for row in counts for count in row)
    found = tuple(
        PanelRow(f"is {name}", row[c] / sum(row) if any(row) else None, " ".join(f"{n:>{wide}}" for n in row))
        for c, (name, row) in enumerate(zip(names, counts, strict=True))
    )
    told = f"Rows by what they are; across, what it says: {', '.join(names)}."
    return InstrumentPanel("right and wrong", found, told)


def _doctor(bench: Bench) -> InstrumentPanel:
    found = look.findings(bench)
    rows = tuple(PanelRow("", None, one) for one in found)
    return InstrumentPanel("what the doctor names", rows, " ".join(found))


INSTRUMENTS: Mapping[str, Callable[[Bench], InstrumentPanel]] = {
    "gradients": _gradients,
    "updates": _updates,
    "layers": _spread,
    "right": _right,
    "doctor": _doctor,
}
