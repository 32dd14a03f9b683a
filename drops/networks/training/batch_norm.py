"""Batch norm keeps every layer in range: six layers of 16 that learn from starts where they would not.

a unit over four rows (−4, 2, 4, 10): mean 3, spread 5   →   −1.4, −0.2, 0.2, 1.4, then γ·x̂ + β
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold
from drops.networks.training.race import Stepper, epochs_of, race
from drops.scales import short
from drops.text import number
from nnlab import SGD, BatchNorm, Dense, Net, Trainer, data
from nnlab.layers.core import Activation

LAYERS, UNITS, ROWS, BATCH, STEPS = 6, 16, 200, 20, 600
TABLE = data.moons(ROWS, noise=0.1, seed=1)
STARTS = (0.05, 0.1, 0.2, 0.35, 0.5, 1.0)  # spreads of the weights


def deep(start: float, norm: bool, squash: str = "relu", seed: int = 1) -> Net:
    """Six layers of 16 whose weights begin with this spread, batch norm before each squash or nowhere."""
    layers: list[Any] = []
    for _ in range(LAYERS):
        layers += [Dense(UNITS), *([BatchNorm()] if norm else []), Activation(squash)]
    layers += [Dense(1), Activation("sigmoid")]
    return Net(*layers, input=(2,), loss="bce", init=("normal", start), seed=seed)


# ── the lesson's figures ──────────────────────────────────────────────────────────────────


@lru_cache(maxsize=16)
def _sizes(start: float, norm: bool) -> tuple[float, ...]:
    """The spread of what each hidden layer hands on before the first step, over all rows and units."""
    net, h, sizes = deep(start, norm=False), TABLE.X, list[float]()
    for k in range(LAYERS):
        z = h @ net[k].W.T
        h = np.maximum(0.0, (z - z.mean(0)) / (z.std(0) + 1e-12) if norm else z)
        sizes.append(float(h.std()))
    return tuple(sizes)


def draw_layer_sizes(params: Mapping[str, Any]) -> Drawing:
    """```figure layer-sizes → the spread of what six layers hand on, by the start, with batch norm or not;
    with `start` and `norm` of one net, as it stands.
    """

    def of(start: float, norm: bool) -> tuple[Show, ...]:
        sizes = _sizes(start, norm)
        bars = tuple(Bar(f"layer {k}", size) for k, size in enumerate(sizes, 1))
        says = (
            f"Weights of spread {number(start)}, {'with' if norm else 'without'} batch norm: layer 1 hands "
            f"on a spread of {number(sizes[0], 2)}, layer 6 {short(sizes[-1])}."
        )
        return Bars(bars, says, "spread", log=True), Words(says)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        return of(STARTS[int(v["start"])], v["norm"] > 0)

    if "start" in params:
        return Drawing(of(float(params["start"]), bool(params["norm"]))[:1])
    knobs = (
        Knob("start", "start", 0, len(STARTS) - 1, 1, 0, tuple(map(number, STARTS))),
        Knob("norm", "batch norm", 0, 1, 1, 0, ("off", "on")),
    )
    says = "Switch batch norm on. What is left of the start?"
    numbers = {f"layer {k}, {s:g}": _sizes(s, norm=False)[k - 1] for s in (0.05, 1.0) for k in (1, LAYERS)}
    return Drawing((Figure(knobs, show, says),), numbers)


RACED = 5  # nets of each side


def race_norm(params: Mapping[str, Any]) -> Drawing:
    """start → the same start without and with batch norm, five nets each."""
    start, epochs = float(params["start"]), STEPS * BATCH // ROWS

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for name, norm in (("without norm", False), ("with norm", True)):
            nets = deep(start, norm, seed=again + 1).fleet(RACED)
            yield name, epochs_of(hold(Trainer(nets, TABLE, SGD(0.1), batch=BATCH)), epochs)

    prompt = f"Weights of spread {number(start)}: five nets without batch norm, five with it."
    return Drawing(run=race(prompt, entrants, epochs, top=2.0, below=0.1, counted="epoch"))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def _trained(start: float, norm: bool, squash: str, lr: float, batch: int, starts: int) -> Any:
    fleet = deep(start, norm, squash).fleet(starts)
    for _ in Trainer(fleet, TABLE, SGD(lr), batch=batch).steps(STEPS):
        pass
    return fleet


def norm_learns(
    start: float, norm: bool, squash: str = "relu", lr: float = 0.1, starts: int = 100
) -> Mapping[str, float]:
    """The share of starts that are right on 95 rows of 100 after 600 steps."""
    fleet = _trained(start, norm, squash, lr, BATCH, starts)
    with np.errstate(all="ignore"):
        share = float((fleet.accuracy(TABLE.X, TABLE.y) >= 0.95).mean())
    return {"share": share, "runs": float(starts)}


def norm_batch(batch: int, starts: int = 100) -> Mapping[str, float]:
    """How right nets with batch norm are in use, trained in batches of so many rows; median of the starts."""
    fleet = _trained(0.35, True, "relu", 0.1, batch, starts)
    return {"right": float(np.median(fleet.accuracy(TABLE.X, TABLE.y))), "runs": float(starts)}
