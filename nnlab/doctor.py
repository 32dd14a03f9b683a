"""The doctor reads gauges and names what it sees, with the numbers that made it say so.

    for finding in diagnose(net, (X, y)): print(finding)

Thresholds are rules of thumb, each with its reason in `RULES`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.layers import Activation
from nnlab.net import Net
from nnlab.plan import Array


@dataclass(frozen=True, slots=True, eq=False)
class Gauge:
    """One weighted layer under load. Shares are of its units."""

    layer: int  # counted from 1
    squash: str
    mean: float  # of what it hands on
    sd: float
    dead: float  # same value on every row, with slope 0 there (ReLU: never above 0)
    saturated: float  # a squash with two flat ends, |slope| < 2 % on 90 % of the rows
    identical: float  # units that are the twin of another, weights included
    gradient: float  # ‖∂L/∂W‖ with bias
    weight: float  # ‖W‖ with bias
    ratio: float  # rms of an update of size lr·gradient ÷ rms of the weights


@dataclass(frozen=True, slots=True)
class Finding:
    """`layer` is None where the whole net is meant; `evidence` holds the numbers."""

    name: str
    layer: int | None
    evidence: str
    says: str

    def __str__(self) -> str:
        where = f" in layer {self.layer}" if self.layer else ""
        return f"{self.name}{where}: {self.evidence}. {self.says}"


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """All gauges, and the loss against what knowing nothing costs."""

    gauges: list[Gauge]
    loss: float
    ignorance: float
    inputs: float  # largest |mean| or spread of an input column
    targets: float  # spread of y where y is a number


def gauges(net: Net, X: Any, y: Any, lr: float = 0.1) -> Report:
    """Read everything from one forward and backward pass on these rows."""
    trace = net.trace(X, y)
    layers = list(_gauges(net, trace, lr))
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    flat = X.reshape(len(X), -1)
    spread = float(np.max(np.maximum(np.abs(flat.mean(axis=0)), flat.std(axis=0))))
    return Report(layers, trace["L"], ignorance(net, y), spread, float(y.std()))


def ignorance(net: Net, y: Array) -> float:
    """The loss of the best constant answer: ln 2 for balanced yes/no, ln K for K classes,
    the variance for MSE."""
    kind = net.loss_kind.name
    if kind in ("bce", "bce-logits", "ce"):
        share = np.unique(y, return_counts=True)[1] / y.size
        return float(-(share * np.log(share)).sum())
    best = np.median(y) if kind == "mae" else y.mean()
    each = {"mae": np.abs(y - best), "huber": _huber(y - best)}.get(kind, (y - best) ** 2)
    return float(each.mean())


def _huber(d: Array) -> Array:
    size = np.abs(d)
    return np.where(size <= 1, d * d / 2, size - 0.5)


def _gauges(net: Net, trace: Any, lr: float) -> Iterator[Gauge]:
    parts = [part for layer in net.layers for part in layer.parts()]
    for i, part in enumerate(parts):
        name = f"W{part.k}"
        if not part.weighted or f"dW{part.k}" not in trace:
            continue
        after = parts[i + 1] if i + 1 < len(parts) else None
        block, slope = net.params.view(name), net.params.grad_view(name)
        z = np.atleast_2d(np.asarray(trace[f"z{part.k}"])) if f"z{part.k}" in trace else None
        hidden = isinstance(after, Activation) and not after.last
        squash = after.how.name if isinstance(after, Activation) else "linear"
        h = z
        dead = saturated = 0.0
        if hidden and z is not None and isinstance(after, Activation) and after.how.back:
            h = after.how(z)
            steep = np.abs(after.how.slope(z))
            dead = float((steep == 0).all(axis=0).mean())
            if squash in ("sigmoid", "tanh"):
                saturated = float((((steep / _steepest(squash)) < 0.02).mean(axis=0) > 0.9).mean())
        size, weight = float(np.linalg.norm(slope)), float(np.linalg.norm(block))
        yield Gauge(
            part.k, squash, float(h.mean()) if h is not None else math.nan,
            float(h.std()) if h is not None else math.nan, dead, saturated, _twins(block), size,
            weight, lr * size / weight if weight else math.inf,
        )  # fmt: skip


def _steepest(squash: str) -> float:
    return 0.25 if squash == "sigmoid" else 1.0


def _twins(block: Array) -> float:
    rows = block.reshape(len(block), -1)
    if len(rows) < 2:
        return 0.0
    _, counts = np.unique(rows, axis=0, return_counts=True)
    return float(counts[counts > 1].sum() / len(rows))


Rule = Callable[[Report], Iterator[tuple[int | None, str]]]


def _dead(r: Report) -> Iterator[tuple[int | None, str]]:
    for g in r.gauges:
        if g.dead >= 0.5:
            yield g.layer, f"{g.dead:.0%} of the units pass nothing on and learn nothing"


def _saturated(r: Report) -> Iterator[tuple[int | None, str]]:
    for g in r.gauges:
        if g.saturated >= 0.5:
            yield g.layer, f"{g.saturated:.0%} of the units sit on a flat end"


def _identical(r: Report) -> Iterator[tuple[int | None, str]]:
    for g in r.gauges:
        if g.identical == 1:
            yield g.layer, "all units have the same weights"


def _vanishing(r: Report) -> Iterator[tuple[int | None, str]]:
    sizes = [g.gradient for g in r.gauges]
    if len(sizes) > 1 and 0 < sizes[0] < sizes[-1] / 100:
        yield 1, f"gradient {sizes[0]:.2g} in front against {sizes[-1]:.2g} at the end"


def _faint(r: Report) -> Iterator[tuple[int | None, str]]:
    sizes = [g.gradient for g in r.gauges[:-1]]
    middle = float(np.median(sizes)) if sizes else 0.0
    if 0 < middle < 2e-3 and r.loss > 0.9 * r.ignorance:
        yield None, f"half of the hidden layers get a gradient below {middle:.2g}"


def _nothing(r: Report) -> Iterator[tuple[int | None, str]]:
    if r.gauges and all(g.gradient == 0 for g in r.gauges[:-1] or r.gauges):
        yield None, "every hidden gradient is exactly 0"


def _exploding(r: Report) -> Iterator[tuple[int | None, str]]:
    worst = max((g.gradient for g in r.gauges), default=0.0)
    if not math.isfinite(worst) or worst > 100:
        yield None, f"gradient {worst:.3g}, loss {r.loss:.3g}"


def _inputs(r: Report) -> Iterator[tuple[int | None, str]]:
    if r.inputs > 20:
        yield None, f"an input column has mean or spread {r.inputs:.3g}"


def _targets(r: Report) -> Iterator[tuple[int | None, str]]:
    if r.targets > 20:
        yield None, f"targets spread by {r.targets:.3g}"


def _start(r: Report) -> Iterator[tuple[int | None, str]]:
    if r.loss > 2 * r.ignorance:
        yield None, f"loss {r.loss:.3g} against {r.ignorance:.3g} for knowing nothing"


def _ignorant(r: Report) -> Iterator[tuple[int | None, str]]:
    if 0.97 * r.ignorance <= r.loss <= 1.03 * r.ignorance:
        yield None, f"loss {r.loss:.3g}, knowing nothing costs {r.ignorance:.3g}"


def _linear(r: Report) -> Iterator[tuple[int | None, str]]:
    if len(r.gauges) > 1 and all(g.squash == "linear" for g in r.gauges[:-1]):
        yield None, "no squash between the weighted layers"


RULES: dict[str, tuple[Rule, str]] = {
    "unscaled inputs": (_inputs, "Standardise with the training part's mean and spread."),
    "unscaled targets": (_targets, "Standardise the target, or steps have the wrong size."),
    "nothing flows back": (_nothing, "Whatever the rate, nothing in front can move."),
    "dead units": (_dead, "Their slope is 0 on every row; look at biases, rate and start."),
    "saturated units": (_saturated, "A flat end has almost no slope; weights or inputs are large."),
    "identical units": (_identical, "Twins get equal gradients and stay twins: start at random."),
    "vanishing gradient": (_vanishing, "The front learns a hundred times slower than the end."),
    "faint gradients": (_faint, "Small everywhere: the weights started too small for the depth."),
    "exploding gradients": (_exploding, "One step of such a size throws the weights away."),
    "worse than ignorance": (_start, "Confidently wrong: look at start, scale and output."),
    "at ignorance": (_ignorant, "The net answers the same for every row so far."),
    "no squash": (_linear, "Weighted sums of weighted sums are one weighted sum."),
}


def diagnose(net: Net, data: Any, lr: float = 0.1) -> list[Finding]:
    """Named findings on these rows, worst causes first; empty where nothing stands out."""
    X, y = data
    with np.errstate(all="ignore"):
        report = gauges(net, X, y, lr)
    return [
        Finding(name, layer, evidence, says)
        for name, (rule, says) in RULES.items()
        for layer, evidence in rule(report)
    ]
