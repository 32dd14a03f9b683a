"""The inherited sigmoid net, measured: what comes back to each layer, and what repairs it.

2-16-16-16-16-1 on the penguins or on two moons, plain descent at 0.3, the whole table in each of 600 steps
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Frame, Knob, Series, Words
from drops.exercises.figure import Drawing
from drops.networks.birds import standardised
from drops.networks.live import Table, every
from drops.networks.nets import in_each_thread
from drops.networks.nudged import Hold
from drops.scales import short
from drops.text import number
from nnlab import SGD, Adam, Net, Trainer, data

ROWS, STEPS, LEARNED = 200, 600, 0.1  # LEARNED: the loss that counts as "got there"


@dataclass(frozen=True)
class Setup:
    """A net and how it is trained."""

    hidden: int = 4
    squash: str = "sigmoid"
    init: str = "xavier"
    out: str = "sigmoid"
    lr: float = 0.3
    steps: int = STEPS
    adam: bool = False

    def net(self, seed: int) -> Net:
        sizes = "-".join(["2", *["16"] * self.hidden, "1"])
        return Net(
            sizes, hidden=self.squash, out=self.out, loss="bce", init=self.init, seed=seed, strict=False
        )

    def optimiser(self) -> SGD | Adam:
        return Adam(self.lr) if self.adam else SGD(self.lr)


INHERITED = Setup()
SETUPS: Mapping[str, Setup] = {
    "inherited": INHERITED,
    "relu-he": replace(INHERITED, squash="relu", init="he"),
    "tanh-xavier": replace(INHERITED, squash="tanh"),
    "more-epochs": replace(INHERITED, steps=3 * STEPS),
    "raise-lr": replace(INHERITED, lr=3.0),
    "more-layers": replace(INHERITED, hidden=6),
    "change-output-squash": replace(INHERITED, out="relu"),
    "adam": replace(INHERITED, lr=0.01, adam=True),
    "straight-line": Setup(hidden=0, lr=1.0, steps=5 * STEPS),
}
RIGHT_FIXES = ("relu-he", "tanh-xavier")
FIX_SAYS: Mapping[str, str] = {
    "relu-he": "An active ReLU has slope 1, and He's start makes up for the silent half.",
    "tanh-xavier": "tanh squashes too, but its slope at 0 is 1, four times the sigmoid's.",
    "more-epochs": "Three times the steps end at 0.26, a line at 0.25. The front still sleeps.",
    "raise-lr": "Every layer's step grows alike; the front stays behind. It ends at 0.24, a line's loss.",
    "more-layers": "Each layer keeps a quarter at most. The loss stays at 0.693, knowing nothing.",
    "change-output-squash": "The output was fine: sigmoid and −ln p are a pair. A ReLU states no chance.",
}


@lru_cache(maxsize=4)
def rows_of(table: str) -> Table:
    """(X, y): two moons, or the birds, Chinstrap or not."""
    return data.moons(ROWS, noise=0.1, seed=1) if table == "moons" else standardised(table)


@in_each_thread
def _measured(hidden: int, squash: str) -> Net:
    """One net for all starts of these sizes: to write its plan takes longer than to run it."""
    return Setup(hidden, squash, "he" if squash == "relu" else "xavier").net(0)


@lru_cache(maxsize=256)
def norms(hidden: int, squash: str, seed: int, table: str = "moons") -> tuple[float, ...]:
    """The size of each layer's gradient before the first step, front to back."""
    (X, y), net = rows_of(table), _measured(hidden, squash)
    net.theta[...] = net.fresh(seed).theta
    net.backward(X, y)
    return tuple(float(np.linalg.norm(net[i].dW)) for i in range(hidden + 1))


def front_to_back(hidden: int, squash: str, seed: int, table: str = "moons") -> float:
    """The first layer's gradient as a share of the last one's."""
    sizes = norms(hidden, squash, seed, table)
    return sizes[0] / sizes[-1]


def gauge(hidden: int, squash: str, seed: int, table: str = "moons") -> Bars:
    """The gradient of every layer as a bar; powers of ten."""
    sizes = norms(hidden, squash, seed, table)
    bars = tuple(Bar("output" if i == hidden else f"layer {i + 1}", size) for i, size in enumerate(sizes))
    return Bars(
        bars,
        f"Gradient sizes with {hidden} hidden layers of {squash}: {short(sizes[0])} in the first layer, "
        f"{short(sizes[-1])} at the output.",
        unit="gradient",
        log=True,
    )


# ── the learner's fixes beside the net as it was ──────────────────────────────────────────


def repair_run(fixes: tuple[str, ...], seed: int) -> Callable[[int, Hold], Iterator[Frame | None]]:
    """Trains the inherited net and the chosen repairs from the same seed."""
    names = ("inherited", *fixes)

    def frames(again: int, hold: Hold) -> Iterator[Frame | None]:
        X, y = rows_of("moons")
        losses: dict[str, list[tuple[float, float]]] = {name: [] for name in names}
        for share in every(tuple(_share(name, X, y, seed + again, losses[name], hold) for name in names)):
            if share is None:
                yield None
            else:
                yield Frame((_losses(losses), Words(_told(losses))), share, _told(losses), _through(losses))
        yield Frame((_losses(losses), Words(_told(losses))), 1.0, _told(losses), _through(losses))

    return frames


THROUGH = 0.35  # half of what knowing nothing costs
SHOWN = 1.5  # a picture of the loss ends there, twice what knowing nothing costs


def _through(losses: Mapping[str, list[tuple[float, float]]]) -> str:
    """The first repair that has left knowing nothing behind, and when."""
    found = [
        (step, name)
        for name, points in losses.items()
        for step, loss in [next(((s, v) for s, v in points if v < THROUGH), (math.inf, 0.0))]
    ]
    step, name = min(found)
    return f"{_NAMES[name]} is through, step {step:.0f}" if math.isfinite(step) else ""


_NAMES = {
    "inherited": "as inherited",
    "relu-he": "ReLU with He",
    "tanh-xavier": "tanh with Xavier",
    "more-epochs": "three times the steps",
    "raise-lr": "ten times the rate",
    "more-layers": "two more layers",
    "change-output-squash": "a ReLU output",
}


def _share(
    name: str, X: Any, y: Any, seed: int, losses: list[tuple[float, float]], hold: Hold
) -> Iterator[float | None]:
    """Trains one setup, noting its loss; yields how much of it is done, at times None."""
    setup = SETUPS[name]
    training = hold(Trainer(setup.net(seed), (X, y), setup.optimiser())).steps(setup.steps)
    for step in range(setup.steps):
        loss = next(training).loss
        if step % (setup.steps // 60) == 0:
            losses.append((step * STEPS / setup.steps, float(loss)))
        if step % 5 == 4:
            yield (step + 1) / setup.steps if step % 10 == 9 else None


def _losses(losses: Mapping[str, list[tuple[float, float]]]) -> Curve:
    series = tuple(Series(_NAMES[name], tuple(points)) for name, points in losses.items())
    steps = "steps (the longer run drawn shorter)" if "more-epochs" in losses else "steps"
    far = 0.0, float(STEPS)
    return Curve(series, steps, "loss", _told(losses), window=(0.0, SHOWN), across=far, ceiling=SHOWN)


def _told(losses: Mapping[str, list[tuple[float, float]]]) -> str:
    ends = (f"{_NAMES[name]} {number(points[-1][1])}" for name, points in losses.items() if points)
    return f"Loss now: {', '.join(ends)}. Knowing nothing costs 0.693."


def judged(fixes: Sequence[str]) -> str:
    """What fixes came to: which of them go to the cause."""
    cures = [_NAMES[name] for name in fixes if name in RIGHT_FIXES]
    others = " and ".join(_NAMES[name] for name in fixes if name not in RIGHT_FIXES)
    let = "let" if len(cures) > 1 else "lets"
    said = f"{' and '.join(cures)} {let} the gradient through to the front layers." if cures else ""
    return f"{said} With {others} the front layers starve as before.".strip() if others else said


# ── the lesson's figure ───────────────────────────────────────────────────────────────────

SQUASHES = ("sigmoid", "tanh", "relu")


def gradient_gauge(params: Mapping[str, Any]) -> Drawing:
    """```figure gradient-gauge: layers, table → gradient sizes by the number of layers and the squash."""
    layers, table = int(params["layers"]), params["table"]
    knobs = (
        Knob("layers", "hidden layers", 1, 8, 1, layers),
        Knob("squash", "squash", 0, 2, 1, 0, SQUASHES),
    )

    def draw(values: Mapping[str, float]) -> tuple[Bars, Words]:
        hidden, squash = int(values["layers"]), SQUASHES[int(values["squash"])]
        share = front_to_back(hidden, squash, 1, table)
        return gauge(hidden, squash, 1, table), Words(
            f"**{squash}**, {hidden} hidden layers: the first layer gets {number(share, 6)} of "
            "what the output layer gets."
        )

    says = "Add layers and watch the front bars sink; then change the squash and watch them rise."
    return Drawing((Figure(knobs, draw, says),), {"quarter": 0.25**layers})


# ── claims ────────────────────────────────────────────────────────────────────────────────


def repairs(setup: str, seeds: int = 20, table: str = "moons") -> Mapping[str, float]:
    """A setup from `seeds` starts: medians at the end, the share that learned, and when."""
    X, y = rows_of(table)
    how = SETUPS[setup]
    fleet, optimiser = how.net(1).fleet(seeds), how.optimiser()
    first = np.full(seeds, np.inf)
    for step in range(how.steps):
        first = np.where((fleet.step(X, y, optimiser) <= LEARNED) & np.isinf(first), step, first)
    return {
        "loss": float(np.median(fleet.loss(X, y))),
        "accuracy": float(np.median(fleet.accuracy(X, y))),
        "share": float(np.isfinite(first).mean()),
        "steps": float(np.median(first)) if np.isfinite(first).all() else -1.0,
        "runs": float(seeds),
    }


def descents(setups: Sequence[str], table: str, seeds: int = 20, every: int = 100) -> Mapping[str, float]:
    """The loss of setups after 0, `every`, 2·`every` … steps, medians over the starts."""
    X, y = rows_of(table)
    found: dict[str, float] = {}
    for setup in setups:
        how = SETUPS[setup]
        fleet, optimiser = how.net(1).fleet(seeds), how.optimiser()
        for step in range(how.steps + 1):
            if step % every == 0:
                found[f"{setup}_{step}"] = float(np.median(fleet.loss(X, y)))
            fleet.step(X, y, optimiser)
    return found


def first_to_last(squash: str, layers: int, seeds: int = 40, table: str = "moons") -> Mapping[str, float]:
    """The first layer's share of the last one's gradient before any step, median over starts."""
    return {
        "share": float(np.median([front_to_back(layers, squash, s, table) for s in range(seeds)])),
        "runs": float(seeds),
    }


def sigmoid_slope(z: float) -> Mapping[str, float]:
    """The slope of the sigmoid at z, as the engine computes it: one unit, weight 1, read backwards."""
    net = Net("1-1-1", hidden="sigmoid", loss="mse")
    net[0].W[:], net[0].b[:], net[1].W[:], net[1].b[:] = 1.0, z, 1.0, 0.0
    row = {row.name: row.value for row in net.trace([0.0], 0.0)}
    return {"slope": float(np.ravel(row["dz1"])[0] / np.ravel(row["dh1"])[0])}
