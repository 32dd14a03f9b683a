"""A valley: two columns of different spread, one rate for both, a net 2-1 that starts at 0.

spreads 1 and s, at the best rate   →   about s² steps    momentum, long in the valley   →   a third of them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Figure, Knob, Point, Show, Surface, Words
from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nets import as_grid, plane
from drops.networks.nudged import Hold
from drops.networks.training.race import Stepper, epochs_of, race
from drops.text import number
from nnlab import SGD, Adam, Net, Trainer, data
from nnlab.optim import Momentum, Nesterov, Optimiser

ROWS = 200
RATES = np.geomspace(1e-4, 10, 65)
RULES: Mapping[str, Optimiser] = {
    "SGD": SGD(1.0), "momentum": Momentum(1.0), "Nesterov": Nesterov(1.0), "Adam": Adam(1.0),
}  # fmt: skip
FLOOR, MOST = 0.01, 150  # of the loss at the start; steps that are tried


@lru_cache(maxsize=16)
def valley(spread: float) -> Table:
    """(X, y): 200 rows of two uncorrelated columns, spreads 1 and `spread`; both pull y as hard."""
    drawn = np.random.default_rng(0).normal(size=(ROWS, 2))
    columns, _ = np.linalg.qr(drawn - drawn.mean(0))
    X = columns * np.sqrt(ROWS) * (1.0, spread)
    return X, X @ (1.0, 1.0 / spread)


@lru_cache(maxsize=64)
def best_rate(rule: str, spread: float) -> tuple[int, float]:
    """After how many steps the loss stays below a hundredth, at the best of 65 rates; and that rate."""
    X, y = valley(spread)
    fleet = Net("2-1", loss="mse", init="zeros", strict=False).fleet(len(RATES), lr=RATES)
    start, above = fleet.loss(X, y), np.zeros(len(RATES))
    with np.errstate(all="ignore"):
        for at in range(MOST + 1):
            below = fleet.loss(X, y) <= FLOOR * start
            above = np.where(below, above, at)
            fleet.step(X, y, RULES[rule])
    best = int(np.argmin(above))
    return int(above[best]) + 1, float(RATES[best])


def path(spread: float, rate: float, momentum: float = 0.0, steps: int = 30) -> list[tuple[float, float]]:
    """The misses of both weights, step by step from (1, 1): every rule of the engine, every row."""
    X, _ = valley(spread)
    net, rule = Net("2-1", loss="mse", init="zeros", strict=False), SGD(rate, momentum=momentum)
    net[0].W[:] = 1.0
    found = [(1.0, 1.0)]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            net.step(X, np.zeros(len(X)), rule)
            found.append((float(net[0].W[0, 0]), float(net[0].W[0, 1])))
    return found


def walked(spread: float, rate: float, momentum: float = 0.0) -> tuple[Show, ...]:
    """The map of the loss with thirty steps on it, and what is left of it."""
    places = path(spread, rate, momentum)
    first, second = (abs(miss) for miss in places[-1])
    says = (
        f"After 30 steps the misses are {number(first)} and {number(second)} instead of 1."
        if max(first, second) <= 1
        else "It climbs out: every step lands higher."
    )
    grid = plane(-1.4, 1.4)
    bands = np.floor(np.log2(np.maximum(1e-3, grid[:, 0] ** 2 + (spread * grid[:, 1]) ** 2)))
    inside = [at for at in places if max(map(abs, at)) <= 1.4]
    dots = tuple(Point(x, y, 1, "start" if i == 0 else "") for i, (x, y) in enumerate(inside))
    picture = Surface(
        as_grid(bands), (-1.4, 1.4), (-1.4, 1.4), f"Thirty steps on the map of the loss. {says}",
        float(bands.min()), float(bands.max()), points=dots, flat=True, classes=("", "a step"), amount=True,
        x_label="miss of weight 1", y_label="miss of weight 2", sides=("low loss", "high loss"),
    )  # fmt: skip
    return picture, Words(says)


SPREADS = (1.0, 2.0, 3.0, 5.0, 10.0)
MEMORIES = (0.0, 0.5, 0.75, 0.9)


def draw_valley(params: Mapping[str, Any]) -> Drawing:
    """spread, share → thirty steps down a valley, by its spread and the rate; with momentum, a ball that
    remembers.
    """
    remembers = "momentum" in params
    wide = Knob("spread", "valley 1 :" if remembers else "spread of column 2", 0, 4, 1,
                SPREADS.index(float(params["spread"])), tuple(map(number, SPREADS)))  # fmt: skip
    share = Knob("share", "rate × spread²", 0.1, 1.5 if remembers else 1.1, 0.1, float(params["share"]))
    knobs: tuple[Knob, ...] = wide, share
    if remembers:
        at = MEMORIES.index(float(params["momentum"]))
        knobs = Knob("momentum", "μ", 0, 3, 1, at, tuple(map(number, MEMORIES))), *knobs

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        spread = SPREADS[int(v["spread"])]
        return walked(spread, v["share"] / spread**2, MEMORIES[int(v.get("momentum", 0))])

    rules = {"SGD": "SGD", "momentum": "momentum", "Nesterov": "Nesterov"} if remembers else {"steps": "SGD"}
    numbers: dict[str, float] = {
        f"{name}_{s:g}": best_rate(rule, s)[0] for name, rule in rules.items() for s in (1.0, 3.0, 10.0)
    }
    says = (
        "Turn μ up in the long valley, then in the round one. Where does it pay?"
        if remembers
        else "Make column 2 wider. How large may the rate be before the steps climb out?"
    )
    return Drawing((Figure(knobs, show, says),), numbers)


def race_rules(params: Mapping[str, Any]) -> Drawing:
    """spread → SGD, momentum, Nesterov and Adam, each at its own best rate, in one valley."""
    spread = float(params["spread"])
    X, y = valley(spread)
    whole = float(np.mean(y**2))
    rates = {name: best_rate(name, spread)[1] for name in RULES}  # 65 nets each: before the first pull

    def entrants(_: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for name, rule in RULES.items():
            net = Net("2-1", loss="mse", init="zeros")
            step = epochs_of(hold(Trainer(net, (X, y), replace(rule, lr=rates[name]))), 120)
            yield name, lambda step=step: step() / whole  # type: ignore[misc]

    prompt = f"Four rules in a valley 1 : {number(spread)}, each at its own best rate."
    left, weights = "share of the loss left", ("W1[1,1]", "W1[1,2]")
    return Drawing(run=race(prompt, entrants, 120, top=1.2, below=FLOOR, what=left, weights=weights))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def steps_on_moons(rate: float, momentum: float = 0.0, starts: int = 20) -> Mapping[str, float]:
    """Full batches until 2-16-16-1 is below 0.1 on two moons, median of the starts; at most 800."""
    X, y = data.moons(200, noise=0.1, seed=1)
    fleet = Net("2-16-16-1", hidden="relu", out="sigmoid", loss="bce", init="he").fleet(starts)
    rule, first = SGD(rate, momentum=momentum), np.full(starts, np.inf)
    for step in range(800):
        first = np.where((fleet.step(X, y, rule) <= 0.1) & np.isinf(first), step, first)
        if np.isfinite(first).all():
            break
    return {"steps": float(np.median(first)), "runs": float(starts)}


def valley_steps(rule: str, spread: float) -> Mapping[str, float]:
    """Steps until the loss stays below a hundredth, at the rule's own best rate of 65."""
    steps, rate = best_rate(rule, spread)
    return {"steps": float(steps), "rate": rate}
