"""The moving pictures of drop 13 beside the widths: parameters a row, forty birds, the brake, chance.

13-512-3 on 106 rows: 8,707 parameters, 82 for each row
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Show, Words
from drops.exercises.figure import Drawing
from drops.networks.depth.any_function import HIGH, LOW, by_hand
from drops.text import number
from nnlab import Net, data
from nnlab.activations import activation

Array = np.ndarray[Any, Any]

ASKED = {"Ana": 2, "Ben": 16, "Cem": 512}
def draw_opinions(params: Mapping[str, Any]) -> Drawing:
    """```figure opinions: rows, hidden, p1 … → the rows there are, and the numbers that each of the three
    wants to learn from them; before they are counted, the units.
    """
    bars, counted = [Bar("rows", float(params["rows"]))], "hand" in params  # beside the sheet
    for i, (who, units) in enumerate(zip(ASKED, params["hidden"], strict=True), 1):
        wants = float(params.get(f"p{i}", 0.0)) if counted else float(units)
        bars.append(Bar(who, max(0.0, wants), f"{number(units)} hidden"))
    says = f"Rows to learn from, and {'numbers to learn' if counted else 'hidden units'}."
    return Drawing((Bars(tuple(bars), says, log=True),), {})


# ── nets whose kinks stand still ──────────────────────────────────────────────────────────


def kinks(units: int) -> Array:
    """At equal distances from −2 on."""
    return np.linspace(LOW, HIGH, units + 1)[:-1]


def hidden(x: Array, units: int) -> Array:
    """(row, unit): what the hidden units hand on, and a 1 for the bias."""
    return np.column_stack([activation("relu")(x[:, None] - kinks(units)), np.ones(len(x))])


def noisy(rows: int, seed: int, noise: float, frequency: float) -> tuple[Array, Array]:
    table = data.sine(rows, seed=seed, noise=noise, frequency=frequency)
    return np.asarray(table.X[:, 0]), np.asarray(table.y)


def fitted(x: Array, y: Array, units: int) -> Net:
    """The net with these kinks whose output weights miss the rows least: least squares, no training."""
    *weights, level = np.linalg.lstsq(hidden(x, units), y, rcond=None)[0].tolist()
    return by_hand(tuple(kinks(units).tolist()), tuple(weights), level)


# Nets 2-w-1 that learn 40 birds, Chinstrap or not, and are judged on 202 others, means of 100 splits: the
# share told right and the loss, trained to the end and stopped at the best moment; `held_out` measures
# them again.
FORTY: Mapping[int, tuple[float, float, float, float]] = {
    2: (0.879, 0.485, 0.886, 0.287),
    4: (0.930, 0.410, 0.928, 0.191),
    16: (0.939, 0.443, 0.943, 0.154),
    64: (0.939, 0.497, 0.944, 0.163),
}


ALWAYS_NO = 274 / 342  # the share of birds that are no Chinstraps
TRAINED = "to the end", "to its best moment"


def draw_forty_birds(_: Mapping[str, Any]) -> Drawing:
    """```figure forty-birds → two scores of four widths that learned 40 birds, to the end or stopped."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        braked = int(v["trained"])
        rows = {width: row[2 * braked : 2 * braked + 2] for width, row in FORTY.items()}
        word = f"trained {TRAINED[braked]}"
        told = "; ".join(
            f"{w} units: {number(100 * a, 0)} in 100 right, loss {number(b, 2)}" for w, (a, b) in rows.items()
        )
        right = (
            Bar("always no", ALWAYS_NO),
            *(Bar(f"{width} units", value) for width, (value, _) in rows.items()),
        )
        loss = tuple(Bar(f"{width} units", value) for width, (_, value) in rows.items())
        says = f"New birds, {word}. {told}."
        return (
            Bars(right, f"The share of new birds told right, {word}.", "share right"),
            Bars(loss, f"The loss on new birds, {word}.", "loss"),
            Words(says),
        )

    knob = Knob("trained", "trained", 0, 1, 1, 0, TRAINED)
    names = ("right", "loss", "right_braked", "loss_braked")
    numbers = {f"{name}_{w}": row[i] for w, row in FORTY.items() for i, name in enumerate(names)}
    return Drawing(
        (Figure((knob,), show, "Stop at the best moment. Which of the two scores does that mend?"),), numbers
    )


STOPS = (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def draw_stopping(_: Mapping[str, Any]) -> Drawing:
    """```figure stopping → both losses while 40 output weights descend on 24 noisy rows, and a place to stop.

    With the kinks held still the loss is a bowl, and the weights after t steps have a formula:
    along each axis of the bowl what is left to go shrinks by one factor a step.
    """
    (x, y), (fresh, truth) = noisy(24, 3, 0.5, 1.5), noisy(100, 4, 0.5, 1.5)
    here, there = hidden(x, 40), hidden(fresh, 40)
    U, stretch, V = np.linalg.svd(here, full_matrices=False)
    pace = 1 - (stretch / stretch[0]) ** 2  # rate: as fast as the steepest axis allows

    def losses(steps: int) -> tuple[float, float]:
        weights = V.T @ ((1 - pace**steps) / stretch * (U.T @ y))
        return float(np.mean((here @ weights - y) ** 2)), float(np.mean((there @ weights - truth) ** 2))

    seen = {steps: losses(steps) for steps in STOPS}
    lines = tuple(
        Series(name, tuple((float(np.log10(steps)), at[i]) for steps, at in seen.items()))
        for i, name in enumerate(("its own rows", "validation rows"))
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        steps = STOPS[int(v["stop"])]
        own, validation = seen[steps]
        says = (
            f"Stopped after {steps:,} step{'s' * (steps > 1)}: loss {number(own)} on its own rows, "
            f"{number(validation)} on validation rows."
        )
        mark = (float(np.log10(steps)), validation, number(validation))
        return Curve(lines, "steps as a power of ten: 3 is 1,000", "loss", says, marks=(mark,)), Words(says)

    knob = Knob("stop", "stop after", 0, len(STOPS) - 1, 1, len(STOPS) - 1, tuple(f"{n:,}" for n in STOPS))
    best = min(seen, key=lambda steps: seen[steps][1])
    numbers = {
        "best_step": best,
        "best": seen[best][1],
        "last": seen[STOPS[-1]][1],
        "last_own": seen[STOPS[-1]][0],
    }
    says = "Move the stop. Where would you have stopped, if you saw only its own rows?"
    return Drawing((Figure((knob,), show, says),), numbers)


WIDTHS, TABLES = (7, 9, 11), 20


@cache
def by_table() -> Array:
    """(table, width): the loss on 200 fresh rows of a net fitted to 40."""
    scores = []
    for table in range(TABLES):
        (x, y), (fresh, truth) = noisy(40, 100 + table, 0.3, 3.0), noisy(200, 500 + table, 0.3, 3.0)
        scores.append([float(fitted(x, y, n).loss(fresh[:, None], truth)) for n in WIDTHS])
    return np.array(scores)


def draw_chance(_: Mapping[str, Any]) -> Drawing:
    """```figure chance → three widths on one table after another, and who wins how often."""
    scores = by_table()
    wins = {n: int(np.sum(scores.argmin(axis=1) == i)) for i, n in enumerate(WIDTHS)}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        here = scores[int(v["table"]) - 1]
        first = WIDTHS[int(here.argmin())]
        ahead = float(np.sort(here)[1] - here.min())
        says = f"Table {number(v['table'])}: {first} units win, by {number(ahead, 4)}."
        bars = tuple(Bar(f"{n} units", float(loss)) for n, loss in zip(WIDTHS, here, strict=True))
        return Bars(bars, says, "loss on fresh rows"), Words(f"**{says}**")

    numbers = {**{f"wins_{n}": won for n, won in wins.items()}, "spread": float(scores.std(axis=0).mean())}
    says = "Take another table, and another. How sure are you now of the winner?"
    return Drawing((Figure((Knob("table", "table", 1, TABLES, 1, 1),), show, says),), numbers)
