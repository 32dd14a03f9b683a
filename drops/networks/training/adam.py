"""Adam divides each gradient by its own recent size: the first step is lr, whatever the gradient.

lr = 0.01, gradients −0.002 and −2000   →   both weights move by 0.01
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from drops.exercises.blocks import Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold
from drops.networks.training import columns, valley
from drops.networks.training.first_look import wine_fleet
from drops.networks.training.race import Stepper, epochs_of, race
from drops.networks.training.valley import best_rate
from nnlab import SGD, Adam, Net, Trainer, data
from nnlab.optim import Optimiser

RATE = 0.01


def first_step(gradient: float, rule: Optimiser) -> float:
    """How far one weight moves in the first step, as the engine computes it."""
    net = Net("1-1", out="linear", loss="mse", init="zeros", seed=1)
    net.step([[1.0]], [-gradient / 2], rule)  # the slope of (0 − y)² is −2y
    return float(net[0].W[0, 0])


# ── the lesson's figures ──────────────────────────────────────────────────────────────────

RULES = "SGD", "Adam"
SPREADS = (1, 3, 10)
SHOWN = 120


@cache
def _descent(rule: str, spread: int) -> tuple[tuple[float, float], ...]:
    """(step, loss) of one rule at its best rate."""
    own = replace(valley.RULES[rule], lr=best_rate(rule, spread)[1])
    (X, y), net = valley.valley(spread), Net("2-1", loss="mse", init="zeros")
    return tuple((float(t), max(1e-6, float(net.step(X, y, own)))) for t in range(SHOWN))


def draw_adam_valley(_: Mapping[str, Any]) -> Drawing:
    """```figure adam-valley → SGD beside Adam, each at its best rate, by the spread of a second column."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        spread = SPREADS[int(v["spread"])]
        told = " and ".join(f"{rule} {best_rate(rule, spread)[0]}" for rule in RULES)
        says = f"Spreads 1 and {spread}: {told} steps to a hundredth of the loss, each at its best rate."
        lines = tuple(Series(rule, _descent(rule, spread)) for rule in RULES)
        return Curve(lines, "steps", "loss", says, log_y=True), Words(says)

    knob = Knob("spread", "spread of column 2", 0, 2, 1, 2, tuple(map(str, SPREADS)))
    numbers = {f"{rule}_{s}": float(best_rate(rule, s)[0]) for s in SPREADS for rule in RULES}
    return Drawing((Figure((knob,), show, "Make the valley round. Who is quicker there?"),), numbers)


# ── raw columns ───────────────────────────────────────────────────────────────────────────

WINES: Mapping[str, tuple[str, Optimiser]] = {  # as raced: the columns and the rule
    "plain, raw": ("raw", SGD(0.001)),
    "Adam, raw": ("raw", Adam(RATE)),
    "plain, scaled": ("scaled", SGD(0.1)),
}


def race_wine(_: Mapping[str, Any]) -> Drawing:
    """Five wine nets of each: raw columns for plain descent and for Adam, scaled ones for plain descent."""

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for name, (side, rule) in WINES.items():
            nets = wine_fleet(5, first=5 * again)
            yield name, epochs_of(hold(Trainer(nets, columns.columns(side), rule)), columns.STEPS)

    prompt = "Five wine nets of each: raw columns for plain descent and Adam, scaled ones for plain descent."
    return Drawing(run=race(prompt, entrants, columns.STEPS, top=2.5, below=0.2))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def adam_first(gradients: tuple[float, ...]) -> Mapping[str, float]:
    """Adam's first steps for these gradients: the shortest and the longest."""
    sizes = [abs(first_step(g, Adam(RATE))) for g in gradients]
    return {"least": min(sizes), "most": max(sizes)}


def adam_hot(lr: float, starts: int = 100) -> Mapping[str, float]:
    """The share of starts from which four ReLU layers of 16 learn the moons, batches of 20, 60 epochs."""
    table = data.moons(200, noise=0.1, seed=1)
    net = Net("2-16-16-16-16-1", hidden="relu", loss="bce", init="he", seed=1).fleet(starts)
    for _ in Trainer(net, table, Adam(lr), batch=20).epochs(60, every=20):
        pass
    return {"share": float((net.loss(table.X, table.y) < 0.1).mean()), "runs": float(starts)}
