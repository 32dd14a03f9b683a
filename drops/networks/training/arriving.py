"""Whether a signal arrives: what the start does to its size, layer by layer, and whether the net then learns.

50 wide, weights of spread σ, ReLU   →   the mean square is multiplied by 50·σ²/2 a layer
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.nudged import Hold
from drops.networks.training.race import Stepper, epochs_of, race
from drops.scales import short
from drops.text import number, with_commas
from nnlab import SGD, Net, Trainer, data

WIDTH, LAYERS, ROWS = 50, 10, 128
HE = sqrt(2 / WIDTH)
Init = str | tuple[str, float]


@lru_cache(maxsize=64)
def sizes(squash: str, spread: float, starts: int) -> tuple[float, ...]:
    """The size of what each of ten layers hands on, 50 units wide: roots of mean squares, medians of starts.
    A spread of 0 is Xavier's start.
    """
    X = np.random.default_rng(0).normal(size=(ROWS, WIDTH))
    shape = "-".join([str(WIDTH)] * (LAYERS + 1) + ["1"])
    init: Init = ("normal", spread) if spread else "xavier"
    values = Net(shape, hidden=squash, init=init).fleet(starts).values(X)
    squares = [(values[f"h{layer}"] ** 2).mean(axis=(1, 2)) for layer in range(1, LAYERS + 1)]
    return tuple(float(np.median(np.sqrt(one))) for one in squares)


SPREADS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
_NAMES = tuple(map(number, SPREADS))
SQUASHES: Mapping[str, str] = {"relu": "ReLU", "tanh": "tanh"}


def draw_arriving(params: Mapping[str, Any]) -> Drawing:
    """```figure arriving: spread → how large a signal is behind each of ten layers, by its weights."""
    knobs = (
        Knob("spread", "spread σ", 0, 8, 1, SPREADS.index(float(params["spread"])), _NAMES),
        Knob("squash", "squash", 0, 1, 1, 0, tuple(SQUASHES.values())),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        squash, spread = list(SQUASHES)[int(v["squash"])], SPREADS[int(v["spread"])]
        found = sizes(squash, spread, 1)
        first, last = (with_commas(short(size)) for size in (found[0], found[-1]))  # as at the bars
        says = (
            f"{SQUASHES[squash]}, σ = {number(spread)}: size {first} behind layer 1, {last} behind layer 10."
        )
        bars = tuple(Bar(f"layer {i}", size) for i, size in enumerate(found, 1))
        return Bars(bars, says, "size", log=True), Words(says)

    numbers = {"he": HE, "factor": WIDTH * 0.1**2 / 2, "factor_he": WIDTH * HE**2 / 2}
    says = "Which spread of the weights brings the signal through?"
    return Drawing((Figure(knobs, show, says),), numbers)


# ── does it matter? ───────────────────────────────────────────────────────────────────────

STACK, RATE, BATCH, EPOCHS, LEARNED = "2-16-16-16-16-1", 0.1, 20, 60, 0.1

def _stack(init: Init) -> Net:
    return Net(STACK, hidden="relu", out="sigmoid", loss="bce", init=init, strict=False)


def race_starts(params: Mapping[str, Any]) -> Drawing:
    """spread → eight nets of four layers, started with weights of this spread, beside eight of He's."""
    spread = float(params["spread"])
    table = data.moons(200, noise=0.1, seed=1)

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for name, init in (("your spread", ("normal", spread)), ("He's start", "he")):
            fleet = _stack(init).fleet(8, seeds=range(8 * again, 8 * again + 8))
            yield name, epochs_of(hold(Trainer(fleet, table, SGD(0.3))), 300)

    prompt = f"Eight nets with weights of spread {number(spread)}, and eight started with He, on two moons."
    return Drawing(run=race(prompt, entrants, 300, top=1.5, below=LEARNED))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def signal_size(squash: str, spread: float, starts: int = 40) -> Mapping[str, float]:
    """The size of the signal behind layers 1, 5 and 10, median of the starts; spread 0 is Xavier's."""
    found = sizes(squash, spread, starts)
    return {"layer_1": found[0], "layer_5": found[4], "layer_10": found[-1], "runs": float(starts)}


def start_learns(init: str, spread: float = 0.0, starts: int = 100) -> Mapping[str, float]:
    """What share of the starts brings four layers of 16 below 0.1 on two moons, in 600 steps."""
    fleet = _stack(("normal", spread) if spread else init).fleet(starts)
    with np.errstate(all="ignore"):
        Trainer(fleet, data.moons(200, noise=0.1, seed=1), SGD(RATE), batch=BATCH).fit(EPOCHS)
        return {"share": float(np.mean(fleet.loss(*data.moons(200, noise=0.1, seed=1)) < LEARNED))}
