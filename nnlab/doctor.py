"""The doctor examines each layer and names what it sees, with the numbers that made it say so.

    for finding in diagnose(net, (X, y)): print(finding)

Thresholds are rules of thumb, each with its reason in `RULES`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.activations import ACTIVATIONS
from nnlab.data import moments
from nnlab.errors import setting, spelt
from nnlab.given import pair_of
from nnlab.layers import Activation
from nnlab.net import Net
from nnlab.plan import Array
from nnlab.wiring import net_of


@dataclass(frozen=True, slots=True, eq=False)
class LayerHealth:
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


@dataclass(frozen=True, eq=False)
class Report:
    """The health of each layer, and the loss against what knowing nothing costs."""

    layers: list[LayerHealth]
    loss: float
    ignorance: float
    inputs: float  # largest |mean| or spread of an input column
    targets: float  # spread of y where y is a number
    bends: bool  # something between the weighted layers is more than a weighted sum

    @property
    def steepest(self) -> float:
        return float(np.max([g.gradient for g in self.layers], initial=0.0))


@spelt
@np.errstate(all="ignore")  # a net that has run away is told by its numbers
def examine(net: Net, X: Any, y: Any, lr: float = 0.1) -> Report:
    """Read everything from one forward and backward pass on these rows."""
    setting("examine", "lr", lr, "a number ≥ 0", lambda lr: lr >= 0)
    trace = net_of("examine", net).trace(X, y)
    layers = list(_layers(net, trace, lr))
    X = net.rows_of(X)
    y = net.targets_of(X, y)
    spread = float(np.max(np.abs(moments(X))))
    parts = [part for layer in net.layers for part in layer.parts()]
    last = max((i for i, part in enumerate(parts) if part.weighted), default=0)
    bends, width = any(part.bends for part in parts[: last + 1]), moments(y.reshape(-1, 1))[1][0]
    return Report(layers, trace["L"], ignorance(net, y), spread, float(width), bends)


def ignorance(net: Net, y: Array) -> float:
    """The loss of the best constant answer: ln 2 for balanced yes/no, ln K for K classes,
    the variance for MSE."""
    kind, outputs = net.loss_kind, net.output[-1]
    per = 1 if kind.labels else outputs
    wanted = kind.targets(y.reshape(-1, per), outputs).T  # one answer for all places
    masses = net.masses_within(y)
    if masses is None:
        masses = np.ones((1, wanted.shape[1]))
    w = np.broadcast_to(masses.reshape(wanted.shape[1], -1).T, wanted.shape)

    def costs(constant: Array) -> Array:
        """What it costs to say the same everywhere, (losses a column,), before the mean."""
        losses = kind(np.broadcast_to(constant[:, None], wanted.shape), wanted)
        return np.asarray((losses * w[: len(losses)]).sum(axis=1))

    mean = (wanted * w).sum(axis=1) / w.sum(axis=1)
    best = costs(mean if kind.name in BY_MEAN else _lowest(costs, wanted))
    return float(best.sum() / w[: len(best)].sum())


BY_MEAN = "mse", "bce", "bce-logits", "ce"  # the losses whose best constant answer is the mean of the targets
GOLDEN = (math.sqrt(5) - 1) / 2


def _lowest(costs: Callable[[Array], Array], wanted: Array) -> Array:
    """The constant that costs least, one for each output, between the least and the largest target: the
    interval shrinks by the golden section until floats end."""
    low, high = wanted.min(axis=1), wanted.max(axis=1)
    for _ in range(80):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        go_left = costs(left) <= costs(right)
        low, high = np.where(go_left, low, left), np.where(go_left, right, high)
    return np.asarray((low + high) / 2)


def _layers(net: Net, trace: Any, lr: float) -> Iterator[LayerHealth]:
    parts = [part for layer in net.layers for part in layer.parts()]
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        k, dead, saturated = part.k, 0.0, 0.0
        if not part.weighted or f"dW{k}" not in trace:
            continue
        squash = after.how if isinstance(after, Activation) else ACTIVATIONS["linear"]
        block, slope = net.params.view(f"W{k}"), net.params.grad_view(f"W{k}")
        h = z = np.atleast_2d(trace[f"z{k}"] if f"z{k}" in trace else math.nan)  # noqa: SIM401  # no dict
        if after is not None and not after.last:
            h, steep = squash(z), np.abs(squash.slope(z))
            dead = float((steep == 0).all(axis=0).mean())
            if squash.name in STEEPEST:
                flat = (steep < 0.02 * STEEPEST[squash.name]).mean(axis=0) > 0.9
                saturated = float(flat.mean())
        size, weight = float(np.linalg.norm(slope)), float(np.linalg.norm(block))
        yield LayerHealth(k, squash.name, float(h.mean()), float(h.std()), dead, saturated, _twins(block),
                    size, weight, lr * size / weight if weight else math.inf)  # fmt: skip


STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}  # the squashes with two flat ends


def _twins(block: Array) -> float:
    _, counts = np.unique(block.reshape(len(block), -1), axis=0, return_counts=True)
    return float(counts[counts > 1].sum() / len(block))


def _each(test: Callable[[LayerHealth], bool], evidence: str) -> "Rule":
    """A rule about single layers; {g…} in `evidence` is the layer's gauge."""
    return lambda r: [(g.layer, evidence.format(g=g)) for g in r.layers if test(g)]


def _whole(test: Callable[[Report], bool], evidence: str) -> "Rule":
    """A rule about the whole net; {r…} is the report."""
    return lambda r: [(None, evidence.format(r=r))] if test(r) else []


def _vanishing(r: Report) -> list[tuple[int | None, str]]:
    sizes = [g.gradient for g in r.layers]
    if len(sizes) < 2 or not 0 < sizes[0] < sizes[-1] / 100:
        return []
    return [(1, f"gradient {sizes[0]:.2g} in front against {sizes[-1]:.2g} at the end")]


def _faint(r: Report) -> list[tuple[int | None, str]]:
    middle = float(np.median([g.gradient for g in r.layers[:-1]] or [0.0]))
    if not 0 < middle < 2e-3 or r.loss <= 0.9 * r.ignorance:
        return []
    return [(None, f"half of the hidden layers get a gradient below {middle:.2g}")]


Rule = Callable[[Report], list[tuple[int | None, str]]]
RULES: dict[str, tuple[Rule, str]] = {
    "unscaled inputs": (
        _whole(lambda r: r.inputs > 20, "an input column has mean or spread {r.inputs:.3g}"),
        "Standardise with the training part's mean and spread."),
    "unscaled targets": (
        _whole(lambda r: r.targets > 20, "targets spread by {r.targets:.3g}"),
        "Standardise the target, or steps have the wrong size."),
    "nothing flows back": (
        _whole(lambda r: not any(g.gradient for g in r.layers[:-1] or r.layers),
               "every hidden gradient is exactly 0"),
        "Whatever the rate, nothing in front can move."),
    "dead units": (
        _each(lambda g: g.dead >= 0.5, "{g.dead:.0%} of the units pass nothing on and learn nothing"),
        "Their slope is 0 on every row; look at biases, rate and start."),
    "saturated units": (
        _each(lambda g: g.saturated >= 0.5, "{g.saturated:.0%} of the units sit on a flat end"),
        "A flat end has almost no slope; weights or inputs are large."),
    "identical units": (
        _each(lambda g: g.identical == 1, "all units have the same weights"),
        "Twins get equal gradients and stay twins: start at random."),
    "vanishing gradient": (_vanishing, "The front learns a hundred times slower than the end."),
    "faint gradients": (_faint, "Small everywhere: the weights started too small for the depth."),
    "exploding gradients": (
        _whole(lambda r: not r.steepest <= 100, "gradient {r.steepest:.3g}, loss {r.loss:.3g}"),
        "One step of such a size throws the weights away."),
    "worse than ignorance": (
        _whole(lambda r: r.loss > 2 * r.ignorance,
               "loss {r.loss:.3g} against {r.ignorance:.3g} for knowing nothing"),
        "Confidently wrong: look at start, scale and output."),
    "at ignorance": (
        _whole(lambda r: 0.97 * r.ignorance <= r.loss <= 1.03 * r.ignorance,
               "loss {r.loss:.3g}, knowing nothing costs {r.ignorance:.3g}"),
        "The net answers the same for every row so far."),
    "no squash": (
        _whole(lambda r: len(r.layers) > 1 and not r.bends,
               "no squash between the weighted layers"),
        "Weighted sums of weighted sums are one weighted sum."),
}  # fmt: skip


@spelt
def diagnose(net: Net, data: Any, lr: float = 0.1) -> list[Finding]:
    """Named findings on these rows, worst causes first; empty where nothing stands out."""
    X, y = pair_of(data)
    with np.errstate(all="ignore"):
        report = examine(net, X, y, lr)
    return [
        Finding(name, layer, evidence, says)
        for name, (rule, says) in RULES.items()
        for layer, evidence in rule(report)
    ]
