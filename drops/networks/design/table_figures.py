"""The moving pictures of drop 14 beside the table card: real rows, what scaling is for, and the points.

a wine's 13 numbers added up as they stand   →   proline alone is most of the sum
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Sheet, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.design.defence import BETS
from drops.networks.design.designing import NEEDED_POINTS, OWN_POINTS, TABLES
from drops.networks.design.reasons import NEEDED as REASONS
from drops.networks.design.what_if import NEEDED as FORESEEN
from drops.networks.nets import dense
from drops.text import number, with_commas
from nnlab import data
from nnlab.data import Dataset

REAL = ("wine", "tumour", "diabetes")
SHOWN = 20  # rows to walk through
load = cache(data.load)


def _plain(column: str) -> str:
    return column.replace("_", " ").replace("od280/od315 of diluted wines", "dilution")


def draw_columns(_: Mapping[str, Any]) -> Drawing:
    """```figure columns → rows of the real tables, and how far their narrowest and widest columns reach."""
    knobs = (
        Knob("table", "table", 0, 2, 1, 0, tuple(TABLES[name].title for name in REAL)),
        Knob("row", "row", 1, SHOWN, 1, 1),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        table, row = load(REAL[int(v["table"])]), int(v["row"]) * 7  # rows are sorted by class
        reach = np.ptp(table.X, axis=0)
        order = np.argsort(-reach, kind="stable")
        picked = sorted((*order[:3], *order[-3:]), key=lambda c: -reach[c])
        rows = tuple(
            (
                _plain(table.columns[c]),
                *(
                    with_commas(number(float(x)))
                    for x in (table.X[row, c], table.X[:, c].min(), table.X[:, c].max())
                ),
            )
            for c in picked
        )
        size = f"{len(table)} rows, {len(table.columns)} columns; shown: the three widest and narrowest."
        told = "; ".join(f"{name} {here}, from {least} to {most}" for name, here, least, most in rows)
        says = f"{told[:1].upper()}{told[1:]}."
        here = tuple(Bar(_plain(table.columns[c]), float(table.X[row, c])) for c in picked)
        told = ", ".join(f"{name} {value}" for name, value, *_ in rows)
        bars = Bars(here, f"This row: {told}.", "this row")
        return Words(size), bars, Sheet(("column", "this row", "least", "most"), rows, says)

    says = "Walk through some rows. Which column would drown the others in a sum?"
    numbers = {f"{name}_columns": len(load(name).columns) for name in REAL}
    return Drawing((Figure(knobs, show, says),), {**numbers, "wine_rows": len(load("wine"))})


PUSHING = ("alcohol", "malic_acid", "magnesium", "total_phenols", "hue", "proline")


def draw_pushes(_: Mapping[str, Any]) -> Drawing:
    """```figure pushes → a neuron with weights of 1 on six columns of a wine, as they stand and scaled."""
    knobs = (
        Knob("scaled", "columns", 0, 1, 1, 0, ("as they stand", "standardised")),
        Knob("row", "wine", 1, SHOWN, 1, 1),
    )
    split = load("wine").split()
    parts: tuple[Dataset, ...] = (split.train, split.standardised().train)
    at = [split.train.columns.index(name) for name in PUSHING]
    neuron = dense([1.0] * len(at), 0.0, "linear")

    def pushes(v: Mapping[str, float]) -> np.ndarray[Any, Any]:
        return np.asarray(parts[int(v["scaled"])].X[int(v["row"]) - 1, at])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        here = pushes(v)
        z = float(neuron.predict(here[None, :])[0])
        loudest = int(np.abs(here).argmax())
        part = 100 * abs(here[loudest]) / np.abs(here).sum()
        name = _plain(PUSHING[loudest])
        says = f"z = {with_commas(number(z, 2))}. The hardest push, {name}, is {part:.0f} % of all pushing."
        bars = tuple(
            Bar(_plain(column), round(float(push), 2)) for column, push in zip(PUSHING, here, strict=True)
        )
        return Bars(bars, says), Words(f"**{says}**")

    raw = np.abs(parts[0].X[:, at])
    numbers = {"proline": round(100 * float((raw[:, -1] / raw.sum(axis=1)).mean()))}
    says = (
        f"As they stand, proline does {numbers['proline']} % of the pushing over all wines. Standardise the "
        "columns, then walk from wine to wine. Who pushes hardest now?"
    )
    return Drawing((Figure(knobs, show, says),), numbers)


# Birds that were not learned from, 100 splits: the share told right with no hidden layer and with 16 ReLU
# units. `held_out_pair` measures them again.
BIRDS: Mapping[str, tuple[float, float]] = {
    "chinstrap": (0.876, 0.953),  # or not, by two measures
    "penguins": (0.986, 0.984),  # three species, by all four
}
ASKED = {"chinstrap": "Chinstrap or not, by two measures", "penguins": "Three species, by all four measures"}


def draw_two_columns(_: Mapping[str, Any]) -> Drawing:
    """```figure two-columns → what sixteen units add to two measures of a bird, and to four."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        table = list(BIRDS)[int(v["measures"])]
        straight, sixteen = BIRDS[table]
        commonest = np.unique(data.load(table).y, return_counts=True)[1].max() / len(data.load(table))
        told = f"no hidden layer {number(100 * straight, 1)} %, sixteen units {number(100 * sixteen, 1)} %"
        says = f"{ASKED[table]}: {told}."
        bars = (
            Bar("always the commonest", float(commonest)),
            Bar("no hidden layer", straight),
            Bar("16 ReLU", sixteen),
        )
        return Bars(bars, says, "share right", full=1.0), Words(says)

    knob = Knob("measures", "measures", 0, 1, 1, 0, ("two", "four"))
    (two, two_16), (four, four_16) = BIRDS.values()
    numbers = {"two": two, "two_16": two_16, "four": four, "four_16": four_16}
    says = "Ask for two more columns. What is left for the units to do?"
    return Drawing((Figure((knob,), show, says),), numbers)


def draw_points(_: Mapping[str, Any]) -> Drawing:
    """```figure points → what a design must show to pass: form, reasons, the decision, what-ifs."""
    form, reasons, choices = len(OWN_POINTS), REASONS[10], 10
    knobs = (
        Knob("form", "points of the form", 0, form, 1, form),
        Knob("reasons", "reasons that hold", 0, choices, 1, choices),
        Knob("decision", "the decision", 0, 1, 1, 1, ("against the splits", "with the splits")),
        Knob("foreseen", "what-ifs foreseen", 0, BETS, 1, 0),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        held = (
            ("form", f"{number(v['form'])} of {form}, {NEEDED_POINTS} needed", v["form"] >= NEEDED_POINTS),
            ("reasons", f"{number(v['reasons'])} of {choices}, {reasons} needed", v["reasons"] >= reasons),
            ("decision", knobs[2].told(v["decision"]), bool(v["decision"])),
            (
                "what-ifs",
                f"{number(v['foreseen'])} of {BETS}, {FORESEEN} needed",
                v["foreseen"] >= FORESEEN,
            ),
        )
        passed = all(holds for _, _, holds in held)
        says = "Passed, if every gate held." if passed else "Not passed."
        rows = tuple((name, told, "✓" if holds else "✗") for name, told, holds in held)
        bars = (
            Bar("form", v["form"], f"{NEEDED_POINTS} needed"),
            Bar("reasons", v["reasons"], f"{reasons} needed"),
            Bar("what-ifs", v["foreseen"], f"{FORESEEN} needed"),
        )
        counted = Bars(bars, "What there is, beside what is needed.", "points")
        return counted, Sheet(("", "", ""), rows, says), Words(f"**{says}**")

    says = "All but the what-ifs is perfect here. What does it take? And how weak may the rest be?"
    numbers = {"what_ifs": BETS, "needed": FORESEEN, "reasons": choices, "reasons_needed": reasons}
    return Drawing((Figure(knobs, show, says),), numbers)
