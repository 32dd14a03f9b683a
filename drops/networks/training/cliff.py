"""The rate has a cliff: a sweep over 26 rates in one fleet.

0.001 … 5, 40 epochs on two moons   →   the best near 1.8, the cliff twice that
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Frame, Run, Series, Words
from drops.exercises.figure import Drawing
from drops.networks.nets import points
from drops.text import number
from nnlab import SGD, Net, Trainer, data
from nnlab.net import Fleet
from nnlab.plan import Array

RATES = tuple(float(rate) for rate in np.round(np.geomspace(0.001, 5, 26), 4))
EPOCHS, BATCH, CEILING = 40, 20, 0.8
TENS = np.log10(RATES)


def _fleet(start: int) -> Fleet:
    net = Net("2-16-16-1", hidden="relu", out="sigmoid", loss="bce", init="he", seed=start, strict=False)
    return net.fleet(len(RATES), lr=RATES)


def _epochs(start: int) -> Iterator[Array]:
    """The losses at all rates on two moons, before the first epoch and after each."""
    rows = data.moons(200, noise=0.1, seed=1)
    fleet = _fleet(start)
    yield fleet.loss(*rows)
    stretches = Trainer(fleet, rows, SGD(1.0), batch=BATCH).epochs(EPOCHS)
    while True:
        with np.errstate(all="ignore"):  # left before each loss is handed out: who asks for it keeps its own
            if next(stretches, None) is None:
                return
            losses = fleet.loss(*rows)
        yield losses


def swept(start: int) -> tuple[float, ...]:
    """The loss after 40 epochs at each rate; what is no number counts as the worst."""
    *_, last = _epochs(start)
    return tuple(float(loss) for loss in np.nan_to_num(last, nan=10.0, posinf=10.0))


def cliff_of(losses: tuple[float, ...]) -> float:
    """The first rate beyond the best one at which the loss is back at half of knowing nothing."""
    best = int(np.argmin(losses))
    return next((r for r, loss in zip(RATES[best:], losses[best:], strict=True) if loss > 0.35), RATES[-1])


def _near(rate: float) -> int:
    """The place of the rate that is nearest."""
    return int(np.argmin(np.abs(TENS - np.log10(rate))))


def race_sweep(params: Mapping[str, Any]) -> Drawing:
    """start → the same sweep live, epoch by epoch."""
    start = int(params["start"])

    def frames(again: int) -> Iterator[Frame | None]:
        for epoch, losses in enumerate(_epochs(start + again)):
            best = int(np.nanargmin(losses))
            low = number(float(losses[best]), 4)
            says = f"Epoch {epoch}: lowest at a rate of {number(RATES[best])}, {low}."
            moment = f"the first rate is through, epoch {epoch}" if losses[best] < 0.1 else ""
            line = Series("loss", points(TENS, losses))
            axes = "rate, powers of ten", "loss"
            far = float(TENS[0]), float(TENS[-1])
            picture = Curve((line,), *axes, says, window=(0, CEILING), across=far, ceiling=CEILING)
            yield Frame((picture, Words(says)), epoch / EPOCHS, says, moment)

    closes = "The loss falls with the rate as far as the cliff, and the best rate stands close to it."
    return Drawing(run=Run("One net, 26 rates at once, 40 epochs on two moons.", frames, closes=closes))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def sweep(starts: int = 12) -> Mapping[str, float]:
    """Medians over the starts: the loss near some rates, the best rate, the cliff beside it."""
    runs = [swept(start) for start in range(1, starts + 1)]
    middle = np.median(runs, axis=0)
    near = {f"at_{rate:g}": float(middle[_near(rate)]) for rate in (0.001, 0.01, 0.1, 1, 3.6, 5)}
    best = np.median([RATES[int(np.argmin(run))] for run in runs])
    return {**near, "best": float(best), "cliff": float(np.median([cliff_of(run) for run in runs]))}
