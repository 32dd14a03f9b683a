"""Three teammates, three widths.   13 columns, 3 classes, 142 rows; widths 2, 16, 256

13-2-3: 26 + 2 + 6 + 3 = 37    13-16-3: 275    13-256-3: 4355
Cem's net has 4355 / 142 = 30.7 parameters for each row
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Bar, Bars, Choice, Field, Run, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import Fields
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.depth import width_and_brake

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

WHO = ("Ana", "Ben", "Cem")


FIELDS = (
    Field("p1", "parameters for Ana", example="37"),
    Field("p2", "parameters for Ben", example="275"),
    Field("p3", "parameters for Cem", example="4355"),
    Field("ratio", "parameters per row for Cem", tolerance=0.05, example="30.7"),
)


def _params(v: Values) -> float:
    return v["d"] * v["h"] + v["h"] + v["h"] * v["K"] + v["K"]


# ── what people do instead ────────────────────────────────────────────────────────────────

# fmt: off
MISCONCEPTIONS = {
    "params-no-bias": Misconception(
        "biases not counted", "only weights are counted: {d}·{h} + {h}·{K}",
        "Every hidden unit and every output has one bias too: + h + K.",
        {"p": lambda v: v["d"] * v["h"] + v["h"] * v["K"]}),
    "params-nodes": Misconception(
        "units counted, not weights", "the units are counted: {d} + {h} + {K}",
        "Parameters sit on the wires between units, plus one bias a unit.",
        {"p": lambda v: v["d"] + v["h"] + v["K"]}),
    "forgot-output-layer": Misconception(
        "the output layer left out", "the count stops at the hidden layer: {d}·{h} + {h}",
        "From h units to K outputs run h·K more weights and K biases.",
        {"p": lambda v: v["d"] * v["h"] + v["h"]}),
    "params-input-bias": Misconception(
        "biases on the inputs", "the {d} inputs get biases as well",
        "Inputs are only read. Biases belong to hidden and output units.",
        {"p": lambda v: _params(v) + v["d"]}),
    "output-is-one": Misconception(
        "one output for all classes", "a single output unit stands for all {K} classes",
        "One of K classes needs K outputs, one score for each.",
        {"p": lambda v: v["d"] * v["h"] + v["h"] + v["h"] + 1}),
    "ratio-upside-down": Misconception(
        "rows per parameter", "rows are divided by parameters", "Parameters per row: parameters on top.",
        {"ratio": lambda v: v["rows"] / v["p3"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Widths(Exercise):
    d: int  # columns
    K: int  # classes, one output unit each
    rows: int
    widths: tuple[int, int, int]
    seed: int  # of the table that is shown

    only: tuple[str, ...] = ()  # the fields a short review asks; () asks all

    kind = "widths"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        return cls(
            d=int(rng.choice([8, 10, 12, 13, 20, 30])),
            K=int(rng.choice([3, 4, 10])),
            rows=int(rng.choice([50, 100, 125, 142, 200, 250, 400, 500])),
            widths=(
                int(rng.integers(1, 5)),
                int(rng.integers(10, 33)),
                int(rng.choice([100, 128, 200, 256, 300, 400, 500])),
            ),
            seed=int(rng.integers(1, 10_000)),
            only=fields_named(params, "only", FIELDS),
        )

    @property
    def fields(self) -> Fields:
        return tuple(field for field in FIELDS if not self.only or field.name in self.only)

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"d": float(self.d), "K": float(self.K), "rows": float(self.rows)}
        givens |= {f"h{i + 1}": float(h) for i, h in enumerate(self.widths)}
        # fmt: off
        nets = tuple(
            Line(
                f"p{i}", f"parameters for {who}", _params, "{d}·{h} + {h} + {h}·{K} + {K}",
                "d·h + h + h·K + K", role="p", reads={"h": f"h{i}"})
            for i, who in enumerate(WHO, 1)
        )
        # fmt: on
        ratio = Line(
            "ratio",
            "parameters per row for Cem",
            lambda v: v["p3"] / v["rows"],
            "{p3} / {rows}",
            "Cem's parameters / rows, one decimal",
        )
        return Worksheet(
            givens, tuple(line for line in (*nets, ratio) if not self.only or line.name in self.only)
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The rows there are, and the numbers that each of the three wants to learn from them."""
        del hand
        bars = [Bar("rows", float(self.rows))]
        bars += [
            Bar(who, max(0.0, values.get(f"p{i}", nan)), f"{self.widths[i - 1]} hidden")
            for i, who in enumerate(WHO, 1)
        ]
        return (Bars(tuple(bars), "Rows to learn from, and numbers to learn.", log=True),)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        few, some, many = self.widths
        key = (self.seed, self.rows, self.widths)
        guess = card_for(PREDICT, *key)
        return (
            predict(
                Words(
                    "A fresh table: ten columns, five of which matter, one noisy number to predict, 200 "
                    "rows to learn from. Ana wants 1 hidden unit, Ben 4, Cem 128. All train to the very "
                    "end, **without any brake**."
                ),
                OPINIONS,
                ask=guess,
            ),
            do(
                Words(
                    f"Another table first: **{self.d} columns, {self.K} classes, {self.rows} "
                    f"rows**. Ana says {few} hidden unit{'s' * (few > 1)}, "
                    f"Ben says {some}, Cem says {many}. One hidden layer, one output for each class."
                ),
                ask=self.numbers("What do the three ask for?", asked, "Three opinions, counted."),
            ),
            see(
                Words(foresaw(answers, guess)),
                ask=Run(
                    "Three widths on five splits of the fresh table, without the brake and with it.",
                    width_and_brake.race(self.seed),
                ),
            ),
            explain(ask=card_for(WHY, *key)),
        )


OPINIONS = Bars(
    (Bar("rows", 200.0), Bar("Ana", 1.0, "hidden"), Bar("Ben", 4.0, "hidden"), Bar("Cem", 128.0, "hidden")),
    "200 rows to learn from; 1, 4 and 128 hidden units.",
    log=True,
)

PREDICT = (
    Choice(
        "Whose net shows the widest gap between training and validation rows?",
        (
            wrong(
                "Ana's: one unit is too few",
                "Too few hurts on both sets alike. Her curve is low everywhere, with hardly a gap.",
                "narrow-means-gap",
            ),
            wrong(
                "Ben's: it sits in between",
                "Some gap, yes. The most room to memorise noise is in Cem's.",
                "middle-fits-most",
            ),
            right(
                "Cem's: it has room to memorise",
                "It fits the training rows best of all, noise included, and pays on the others.",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "Whose net shows the narrowest gap between training and validation rows?",
        (
            right(
                "Ana's: it has no room to memorise",
                "One unit is poor on both sets alike, and that is no gap.",
            ),
            wrong(
                "Ben's: it is the best fit",
                "It may score best. Its gap is wider than that of a single unit.",
                "middle-fits-most",
            ),
            wrong(
                "Cem's: it learns its rows best",
                "Best by far, noise included, and that is the gap.",
                "wider-is-better",
            ),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "With the brake on, Cem's net comes close to the others. Why?",
        (
            right(
                "It is stopped before it uses all its room",
                "Early on it learns what all rows share. Stopped at the best validation loss, its spare room "
                "stays unused.",
            ),
            wrong(
                "The brake removes its surplus units",
                "All units stay. Training is cut short and the best weights are put back.",
                "brake-removes-units",
            ),
            wrong(
                "With the brake it trains longer and learns more",
                "Shorter. The noise is learned last, and the brake stops before.",
                "more-epochs",
            ),
        ),
    ),
    Choice(
        "The brake hardly changes Ana's net. Why?",
        (
            wrong(
                "It removes nothing where there is one unit",
                "It removes no units anywhere. It stops training.",
                "brake-removes-units",
            ),
            right(
                "One unit has no room for the noise",
                "There is little to learn by heart, so stopping early saves little.",
            ),
            wrong(
                "Her net needs more epochs",
                "One line is soon found. More epochs do not bend it.",
                "more-epochs",
            ),
        ),
    ),
    Choice(
        "How does the brake know when to stop?",
        (
            wrong("The training loss stops falling", "It falls to the end, noise and all.", "train-chooses"),
            wrong(
                "The test score is at its best", "Then the test rows would choose the net.", "test-chooses"
            ),
            right(
                "The validation loss stops falling",
                "Those rows are not learned from, so they show where learning by heart begins.",
            ),
        ),
    ),
)
