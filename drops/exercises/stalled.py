"""A network whose loss does not fall.   loss 0.693 → 0.693, gradients 0, every unit silent: shut gates

Each fault is the healthy plan with one thing changed; the data, the sizes and the seed are a
disguise. The learner reads the gauges and names the cause; then the engine mends it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Curve, Frame, Run, Series, Sheet, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.paper import do, right, see, shuffled, wrong
from drops.exercises.worksheet import Misconception
from drops.text import number
from nnlab import SGD, Net, data

ROWS, BATCH, STEPS, EARLY = 200, 20, 400, 60
HIGH = 3.0  # where the picture of the loss ends
TABLES = {"moons": data.moons, "circle": data.circle, "xor": data.xor}


@dataclass(frozen=True)
class Plan:
    """How a net is made and trained; this one is healthy."""

    lr: float = 0.3
    bias: float = 0.0  # of every hidden unit at the start
    uphill: bool = False  # the step is added instead of subtracted


@dataclass(frozen=True)
class Fault:
    """One thing changed in the healthy plan, and how it shows."""

    cause: str  # as an option says it
    broken: Plan
    shows: str  # how the gauges give it away
    denies: str  # what speaks against it where it is not the cause
    mended: str  # what repairs it


HEALTHY = Plan()
# fmt: off
FAULTS: Mapping[str, Fault] = {
    "rate-too-low": Fault(
        "the learning rate is far too small", replace(HEALTHY, lr=1e-4),
        "Units fire and gradients are large, but a step changes the weights by a few millionths.",
        "A rate that is too small shows as healthy gradients and tiny steps.", "learning rate 0.3"),
    "all-silent": Fault(
        "every hidden unit is silent", replace(HEALTHY, bias=-10.0),
        "The first layer's units are silent on every row, every gate is shut, and no gradient comes back.",
        "Silent units show as gradients of exactly 0. Here some come back.", "hidden biases 0"),
    "uphill": Fault(
        "the step is added instead of subtracted", replace(HEALTHY, uphill=True),
        "Gradients and steps have a healthy size, and the loss rises from the start: wrong direction.",
        "Steps in the wrong direction make the loss rise from the first one on.", "subtract the step"),
}
# fmt: on


MISCONCEPTIONS = {
    name: Misconception(f"took it for this: {fault.cause}", fault.cause, fault.denies)
    for name, fault in FAULTS.items()
}


@dataclass(frozen=True)
class Stalled(Exercise):
    case: str
    table: str
    width: int
    depth: int  # hidden layers
    seed: int

    kind = "stalled"
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """A fault in a fresh disguise."""
        _ = params
        return cls(
            str(rng.choice(list(FAULTS))),
            str(rng.choice(list(TABLES))),
            int(rng.integers(12, 25)),
            int(rng.integers(2, 4)),
            int(rng.integers(1, 1000)),
        )

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked, answers
        fault = FAULTS[self.case]
        told = Words(
            f"A {_sizes(self)} network with ReLU; {ROWS} rows of two classes in batches of {BATCH}. "
            f"Within {STEPS} steps its loss should be near 0. It is not."
        )
        run = Run("Broken and mended, from the same start.", self.frames)
        return (
            do(told, readings(self), ask=self._ask()),
            see(Words(f"The repair: {fault.mended}."), ask=run),
        )

    def _ask(self) -> Choice:
        shows = FAULTS[self.case].shows
        others = (
            wrong(fault.cause, f"{fault.denies} {shows}", name)
            for name, fault in FAULTS.items()
            if name != self.case
        )
        options = (right(FAULTS[self.case].cause, shows), *others)
        choice = Choice("What do the gauges say is wrong?", options)
        return shuffled(choice, self.seed, self.width, self.table)

    def frames(self, again: int) -> Iterator[Frame | None]:
        """Trains the broken and the mended net from the same start."""
        seen = replace(self, seed=self.seed + again)
        runs = {"as it was": _training(seen, FAULTS[self.case].broken), "mended": _training(seen, HEALTHY)}
        losses: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for step in range(0, STEPS + 1, 5):
            for name, run in runs.items():
                loss = next(run)
                losses[name].append((float(step), min(loss, HIGH) if np.isfinite(loss) else HIGH))
                yield None
            if step % 20 == 0:
                yield _frame(losses, step / STEPS)


def _sizes(what: Stalled) -> str:
    return "-".join(["2", *[str(what.width)] * what.depth, "1"])


def _frame(losses: Mapping[str, list[tuple[float, float]]], done: float) -> Frame:
    series = tuple(Series(name, tuple(points)) for name, points in losses.items())
    ends = {name: points[-1] for name, points in losses.items()}
    now = "; ".join(f"{name} {number(y)}{' or more' if y == HIGH else ''}" for name, (_, y) in ends.items())
    says = f"Loss after {ends['mended'][0]:.0f} steps: {now}."
    return Frame((Curve(series, "step", "loss", says),), done, says)


# ── the engine's side ─────────────────────────────────────────────────────────────────────


def _start(what: Stalled, plan: Plan) -> tuple[Net, Any, Any]:
    table = TABLES[what.table](ROWS, seed=what.seed)
    net = Net(_sizes(what), out="sigmoid", loss="bce", seed=what.seed)
    for layer in range(what.depth):
        net[layer].b[:] = plan.bias
    return net, table.X, table.y


def _training(what: Stalled, plan: Plan) -> Iterator[float]:
    """Trains with shuffled batches; yields the loss on all rows before every fifth step."""
    net, X, y = _start(what, plan)
    rng, optimiser = np.random.default_rng(what.seed), SGD(plan.lr)
    for step in range(STEPS + 1):
        if step % 5 == 0:
            with np.errstate(all="ignore"):  # never over a yield: whoever pulls would inherit it
                loss = float(net.loss(X, y))
            yield loss
        rows = rng.permutation(ROWS)[:BATCH]
        if not np.isfinite(net.theta).all():
            continue  # it ran away; there is nothing left to step
        before = net.theta.copy()
        with np.errstate(all="ignore"):
            net.step(X[rows], y[rows], optimiser)
            if plan.uphill:
                net.theta[...] = 2 * before - net.theta  # the same step, the other way


@dataclass(frozen=True)
class Reading:
    """What the gauges say; one entry a layer, front to back."""

    losses: tuple[float, float, float]  # at step 0, after 5 steps, after EARLY steps
    gradients: tuple[float, ...]  # norm of ∂L/∂W at step 0
    silent: tuple[float, ...]  # share of hidden units that fire on no row
    ratios: tuple[float, ...]  # size of a step ÷ size of the weights


@lru_cache(maxsize=128)
def read(what: Stalled, plan: Plan) -> Reading:
    """The gauges of a net that is trained by `plan`."""
    net, X, y = _start(what, plan)
    net.backward(X, y)
    layers = [net[i] for i in range(what.depth + 1)]
    gradients = tuple(float(np.linalg.norm(layer.dW)) for layer in layers)
    sizes = (float(np.linalg.norm(layer.W)) for layer in layers)
    ratios = tuple(plan.lr * g / size for g, size in zip(gradients, sizes, strict=True))
    seen = net.values(X)
    silent = tuple(float((seen[f"h{i + 1}"] <= 0).all(axis=0).mean()) for i in range(what.depth))
    losses = _training(what, plan)
    start, after5, *later = (next(losses) for _ in range(EARLY // 5 + 1))
    return Reading((start, after5, later[-1]), gradients, silent, ratios)


def readings(what: Stalled) -> Sheet:
    """The gauges as a table: loss, gradients, silent units, step sizes."""
    got = read(what, FAULTS[what.case].broken)
    columns = ("gauge", *(f"layer {i + 1}" for i in range(what.depth)), "output")
    lines: tuple[tuple[str, tuple[float, ...]], ...] = (
        ("loss at step 0", got.losses[:1]),
        ("loss after 5 steps", got.losses[1:2]),
        (f"loss after {EARLY} steps", got.losses[2:]),
        ("size of the gradient", got.gradients),
        ("share of silent units", got.silent),
        ("step ÷ weights", got.ratios),
    )
    rows = tuple(
        (name, *map(_size, values), *[""] * (what.depth + 1 - len(values))) for name, values in lines
    )
    says = "; ".join(f"{name}: {', '.join(map(_size, values))}" for name, values in lines)
    return Sheet(columns, rows, f"{says}. Knowing nothing costs 0.693.")


def _size(value: float) -> str:
    """A gauge's number: 0.145, 2.3·10⁻⁶, or that it is none."""
    if not np.isfinite(value):
        return "no number"
    if value == 0 or 0.001 <= abs(value) < 1000:
        return number(value)
    power = int(np.floor(np.log10(abs(value))))
    return f"{number(value / 10.0**power, 1)}·10{str(power).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
