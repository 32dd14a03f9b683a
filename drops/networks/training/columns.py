"""Wine, raw and standardised: what one rate does to columns from 0.1 to 1,680.

raw, best of seven rates   →   two wines in three    standardised, rate 0.1   →   all of them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nudged import Hold
from drops.networks.training.first_look import wine, wine_fleet
from drops.networks.training.race import Stepper, epochs_of, race
from drops.text import number
from nnlab import SGD, Adam, Trainer, data

STEPS = 300
SIDES = ("raw", "scaled")

@lru_cache(maxsize=2)
def columns(side: str) -> Table:
    """(X, y) of the wines: raw, or with every column standardised."""
    table = data.load("wine")
    return (table.X, table.y) if side == "raw" else wine()


def race_columns(params: Mapping[str, Any]) -> Drawing:
    """rate → twelve wine nets at this rate, on raw and on standardised columns."""
    rate = float(params["rate"])

    def entrants(again: int, hold: Hold) -> Iterator[tuple[str, Stepper]]:
        for side in SIDES:
            trainer = hold(Trainer(wine_fleet(12, first=12 * again), columns(side), SGD(rate)))
            yield side, epochs_of(trainer, STEPS)

    prompt = f"Twelve wine nets at a rate of {number(rate, 4)}, twice: on raw and on standardised columns."
    return Drawing(run=race(prompt, entrants, STEPS, top=2.5, below=0.2))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def wine_rates(side: str, rate: float, starts: int = 20, adam: bool = False) -> Mapping[str, float]:
    """The median share of wines that are right after 300 steps at this rate, of plain descent or Adam."""
    (X, y), fleet, rule = columns(side), wine_fleet(starts), (Adam if adam else SGD)(rate)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            fleet.step(X, y, rule)
        return {"accuracy": float(np.median(fleet.accuracy(X, y))), "runs": float(starts)}
