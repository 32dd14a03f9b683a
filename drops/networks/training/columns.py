"""Wine, raw and standardised: what one rate does to columns from 0.1 to 1,680.

raw, best of seven rates   →   two wines in three    standardised, rate 0.1   →   all of them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Figure, Knob, Series, Sheet, Show, Strip, Words
from drops.exercises.figure import Drawing
from drops.networks.live import Table
from drops.networks.nets import points
from drops.networks.training.first_look import wine
from drops.networks.training.race import Stepper, race
from drops.text import number
from nnlab import SGD, Adam, Net, data
from nnlab.net import Fleet

STEPS = 300
SIDES = ("raw", "scaled")

# Wines right after 300 steps at 10⁻⁶ … 1, medians of 20 starts; `wine_rates` measures them again.
MEASURED: Mapping[str, tuple[float, ...]] = {
    "raw": (0.32, 0.508, 0.618, 0.663, 0.399, 0.399, 0.399),
    "scaled": (0.331, 0.331, 0.351, 0.548, 0.961, 1.0, 1.0),
}


@lru_cache(maxsize=2)
def columns(side: str) -> Table:
    """(X, y) of the wines: raw, or with every column standardised."""
    table = data.load("wine")
    return (table.X, table.y) if side == "raw" else wine()


def wine_nets(starts: int, first: int = 0) -> Fleet:
    """13-16-3 from several starts."""
    net = Net("13-16-3", hidden="relu", out="softmax", loss="ce", init="he", seed=first, strict=False)
    return net.fleet(starts)


def draw_column(params: Mapping[str, Any]) -> Drawing:
    """```figure column: values, new → a column and a new row, raw and standardised."""
    values = np.asarray(params["values"], dtype=float)
    mean, spread = float(values.mean()), float(values.std())
    knobs = (Knob("new", "new row", -12, 28, 1, float(params["new"])),)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        raw = [*values, v["new"]]
        scaled = [(x - mean) / spread for x in raw]
        names = (*(f"row {i}" for i in range(1, len(raw))), "new row")
        table = tuple(
            (name, number(x), number(x - mean), number(z))
            for name, x, z in zip(names, raw, scaled, strict=True)
        )
        says = f"{number(v['new'])} becomes ({number(v['new'])} − {number(mean)})/{number(spread)}"
        says = f"{says} = {number(scaled[-1])}."
        marks = tuple(zip(scaled, ("", "", "", "", "new"), strict=False))
        return (
            Strip(-4, 4, marks, f"The column in spreads from its mean. {says}"),
            Sheet(("", "raw", "− mean", "÷ spread"), table, says),
            Words(says),
        )

    numbers = {"mean": mean, "spread": spread, "last": (values[-1] - mean) / spread, "back": mean - spread}
    return Drawing((Figure(knobs, show, "Move the new row. Mean and spread stay."),), numbers)


def draw_wine_rates(_: Mapping[str, Any]) -> Drawing:
    """```figure wine-rates → how many wines are right after 300 steps at each rate, raw and standardised."""
    tens = np.arange(-6.0, 1.0)
    lines = tuple(Series(side, points(tens, MEASURED[side])) for side in SIDES)
    knobs = (Knob("rate", "rate", -6, 0, 1, -6, tuple(number(10.0**at, 6) for at in range(-6, 1))),)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        now = {side: MEASURED[side][round(v["rate"]) + 6] for side in SIDES}
        told = ", ".join(f"{side} {number(100 * share, 0)} %" for side, share in now.items())
        says = f"Rate {number(10.0 ** v['rate'], 6)}: {told} of the wines right."
        marks = tuple((v["rate"], share, f"{number(100 * share, 0)} %") for share in now.values())
        picture = Curve(lines, "rate, powers of ten", "share right", says, marks=marks, window=(0, 1))
        return picture, Words(says)

    numbers = {f"best_{side}": max(MEASURED[side]) for side in SIDES}
    return Drawing((Figure(knobs, show, "Look for a rate at which the raw columns learn."),), numbers)


def race_columns(params: Mapping[str, Any]) -> Drawing:
    """rate → twelve wine nets at this rate, on raw and on standardised columns."""
    rate = float(params["rate"])
    rule = SGD(rate)

    def entrants(again: int) -> Iterator[tuple[str, Stepper]]:
        for side in SIDES:
            rows, fleet = columns(side), wine_nets(12, 12 * again)
            yield side, lambda rows=rows, f=fleet: float(np.median(f.step(*rows, rule)))  # type: ignore[misc]

    prompt = f"Twelve wine nets at a rate of {number(rate)}, twice: on raw and on standardised columns."
    return Drawing((), {}, race(prompt, entrants, STEPS, top=2.5, below=0.2))


# ── claims ────────────────────────────────────────────────────────────────────────────────


def wine_rates(side: str, rate: float, starts: int = 20, adam: bool = False) -> Mapping[str, float]:
    """The median share of wines that are right after 300 steps at this rate, of plain descent or Adam."""
    (X, y), fleet, rule = columns(side), wine_nets(starts), (Adam if adam else SGD)(rate)
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            fleet.step(X, y, rule)
        return {"accuracy": float(np.median(fleet.accuracy(X, y))), "runs": float(starts)}
