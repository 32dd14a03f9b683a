"""The live training of drop 3: the same small net follows a wave, with more and more of a bend."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median  # numpy's would import numpy.ma in the middle of the run: 8 ms, 1.2 MB
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Frame, Series, Sheet, Words
from drops.networks.live import one_by_one
from drops.networks.nets import points
from drops.text import number
from nnlab import Activation, Adam, Dense, Fleet, Net, Trainer, data
from nnlab.activations import leaky

SLOPES = (1.0, 0.9, 0.75, 0.5, 0.0)  # below zero; 1 is no squash, 0 is ReLU
UNITS, RUNS, STEPS, CHUNK = 8, 20, 1000, 10
RATE = 0.03
FOLLOWS = 0.02  # the loss of a net that can be taken for the wave


def bent(slope: float, seed: int = 0) -> Net:
    """1-8-1 with a leaky ReLU of this slope below zero."""
    return Net(Dense(UNITS), Activation(leaky(slope)), Dense(1), input=1, seed=seed)


def bend_a_sine(seed: int, verdict: str) -> Iterator[Frame | None]:
    """Fits sin(1.5x) with twenty nets for each slope; `verdict` closes the last frame."""
    wave = data.sine(100, frequency=1.5)
    fleets = yield from one_by_one(bent(slope, seed % 10_000).fleet(RUNS) for slope in SLOPES)
    training = [Trainer(fleet, wave, Adam(RATE)).epochs(STEPS, every=CHUNK) for fleet in fleets]
    losses: list[Any] = [None] * len(fleets)  # as training left them: asking again takes a plan a fleet
    for step in range(CHUNK, STEPS + 1, CHUNK):
        for i, events in enumerate(training):
            losses[i] = next(events).losses[-1]
            yield None
        if step % 25 == 0:
            yield _frame(fleets, losses, wave, step, verdict)


def _frame(fleets: list[Fleet], losses: list[Any], wave: data.Dataset, step: int, verdict: str) -> Frame:
    x, y = wave
    series, rows = [Series("the wave", points(x[:, 0], y), "dots")], []
    for slope, fleet, loss in zip(SLOPES, fleets, losses, strict=True):
        best = int(np.argmin(loss))
        rows.append((f"α = {number(slope)}", number(loss[best], 4), number(median(loss.tolist()), 4)))
        if slope in (1.0, 0.9, 0.0):
            one = fleet.net
            one.theta[...] = fleet.theta[best]
            series.append(Series(f"α = {number(slope)}", points(x[:, 0], one.predict(x))))
    told = "; ".join(f"{name}: best error {least}, median {median}" for name, least, median in rows)
    last = step == STEPS
    says = f"After {step} steps, 20 nets each. {told}." + (f" {verdict}" if last else "")
    table = Sheet(("slope below 0", "best of 20", "median"), tuple(rows), says)
    end = (Words(verdict),) if last else ()
    bent_best = float(losses[-1].min())
    moment = f"with ReLU the best net follows the wave, step {step}" if bent_best < FOLLOWS else ""
    return Frame((Curve(tuple(series), "x", "y", says), table, *end), step / STEPS, says, moment)
