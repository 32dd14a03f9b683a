"""Two nets for the same number of parameters, and what folding buys.   2-8-8-1, 3 folds

deep 2-8-8-1: 24 + 72 + 9 = 105 parameters    one layer for that budget: 2-26-1 (105)
3 folds make 2³ = 8 pieces    one layer needs 7 units for 8 pieces
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Beside, Choice, Field, Run, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named, whole
from drops.exercises.sheets import Fields
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.depth import wide_deep
from drops.networks.nets import DRAWN, bare

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

FIELDS = (
    Field("deep", "parameters of the deep net", example="97"),
    Field("width", "units of one layer for that budget", tolerance=1, example="90"),
    Field("pieces", "straight pieces after the folds", example="24"),
    Field("units", "units one layer needs for as many", example="20"),
)


def _deep(v: Values) -> float:
    return v["w"] * (v["d"] + 1) + v["w"] * (v["w"] + 1) + v["w"] + 1


def _width(v: Values) -> float:
    """A d-h-1 net has h·(d + 2) + 1 parameters; the whole h nearest to the budget."""
    return float(round((v["deep"] - 1) / (v["d"] + 2)))


# ── what people do instead ────────────────────────────────────────────────────────────────

# fmt: off
MISCONCEPTIONS = {
    "params-no-bias": Misconception(
        "biases not counted", "every unit is taken to cost its weights alone",
        "Every unit has one bias beside its weights.",
        {"deep": lambda v: v["d"] * v["w"] + v["w"] ** 2 + v["w"],
         "width": lambda v: float(round(v["deep"] / (v["d"] + 1)))}),
    "forgot-middle-block": Misconception(
        "the middle block left out",
        "the weights between the two hidden layers are left out, which leaves {deep}",
        "Between two layers of w units stand w·w weights and w biases.",
        {"deep": lambda v: v["w"] * (v["d"] + 1) + v["w"] + 1}),
    "params-added-sizes": Misconception(
        "sizes added", "the sizes are added: {d} + {w} + {w} + 1",
        "A block has a weight for every pair: (units before + 1) × units.",
        {"deep": lambda v: v["d"] + 2 * v["w"] + 1}),
    "blocks-added": Misconception(
        "sizes added block by block", "each block adds its sizes: ({d} + {w}) + ({w} + {w}) + ({w} + 1)",
        "A block has a weight for every pair: (units before + 1) × units.",
        {"deep": lambda v: v["d"] + 4 * v["w"] + 1}),
    "same-neurons-same-params": Misconception(
        "same units, same budget", "one layer simply gets all the units: 2·{w} = {width}",
        "Units are not the price. Parameters are: h·(inputs + 2) + 1 for one layer.",
        {"width": lambda v: 2 * v["w"]}),
    "same-width": Misconception(
        "same width, same budget", "the one layer keeps the width {width}",
        "One layer of the same width costs less. Solve h·(inputs + 2) + 1 = budget.",
        {"width": lambda v: v["w"]}),
    "folds-added": Misconception(
        "folds added", "each fold adds two pieces: 2·{k} = {pieces}",
        "Folding the folded strip doubles all pieces: 2 × 2 × …", {"pieces": lambda v: 2 * v["k"]}),
    "fold-adds-a-piece": Misconception(
        "one piece a fold", "a fold adds a single piece: {k} + 1 = {pieces}",
        "The second fold bends both halves at once, so pieces double.", {"pieces": lambda v: v["k"] + 1}),
    "unit-for-each-piece": Misconception(
        "a unit for each piece", "each of the {pieces} pieces costs a unit",
        "The first piece is free. Each unit adds one kink, so n units make n + 1 pieces.",
        {"units": lambda v: v["pieces"]}),
    "units-two-a-fold": Misconception(
        "the deep net's units", "one layer gets by with the deep net's two units a fold",
        "Side by side, units add kinks one by one: pieces − 1 units.", {"units": lambda v: 2 * v["k"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Budget(Exercise):
    d: int  # inputs
    w: int  # units in each of the two hidden layers
    folds: int
    seed: int  # of the nets that are shown

    only: tuple[str, ...] = ()  # the fields a short review asks; () asks all

    kind = "budget"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        while True:  # ends: most pairs have budgets within 3 %
            d, w = int(rng.integers(1, 9)), int(rng.integers(3, 11))
            deep = _deep({"d": d, "w": w})
            wide = _width({"d": d, "deep": deep}) * (d + 2) + 1
            if abs(wide - deep) <= 0.03 * deep:
                folds = whole(params, "folds", 2, 8) or int(rng.integers(3, 7))
                only = fields_named(params, "only", FIELDS)
                return cls(d, w, folds, int(rng.integers(1, 10_000)), only)

    @property
    def fields(self) -> Fields:
        return tuple(field for field in FIELDS if not self.only or field.name in self.only)

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"d": float(self.d), "w": float(self.w), "k": float(self.folds)}
        # fmt: off
        lines = (
            Line(
                "deep", "parameters of the deep net", _deep, "{w}·({d} + 1) + {w}·({w} + 1) + ({w} + 1)",
                "(inputs + 1)·units, block by block"),
            Line(
                "width", "units of one layer", _width, "({deep} − 1) / ({d} + 2), rounded",
                "h·(inputs + 2) + 1 = the deep net's parameters"),
            Line(
                "pieces", "pieces after the folds", lambda v: 2 ** v["k"], "2 to the power {k}",
                "every fold doubles the pieces"),
            Line(
                "units", "units one layer needs", lambda v: v["pieces"] - 1, "{pieces} − 1",
                "n units bend a line n times"),
        )
        # fmt: on
        return Worksheet(givens, tuple(line for line in lines if not self.only or line.name in self.only))

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The deep net; beside it the wide one as soon as its units were found."""
        del hand
        deep = bare((self.d, self.w, self.w, 1), "The deep net.")
        units = round(values.get("width", 0))
        if not 1 <= units <= DRAWN:
            return (deep,)
        return (Beside((deep, bare((self.d, units, 1), "One layer with the units that you found."))),)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        brief = (
            f"The deep net is **{self.d}-{self.w}-{self.w}-1**. The wide one is {self.d}-h-1 and may cost "
            f"as much. Then a strip is folded **{self.folds} times**, two ReLU units a fold."
        )
        guess = card_for(PREDICT, self.seed, self.d, self.w)
        return (
            predict(
                Words(
                    "Two nets of 105 parameters learn two **spirals**: 2-8-8-1 and 2-26-1. Two nets of 97 "
                    "parameters learn a **smooth curve** from 30 noisy points: 1-8-8-1 and 1-32-1. Each "
                    "pairing runs from twenty seeds."
                ),
                wide_deep.two_tasks(),
                ask=guess,
            ),
            do(
                Words(brief),
                ask=self.numbers("Count before you choose.", asked, "Two budgets, and the price of pieces."),
            ),
            see(
                Words(foresaw(answers, guess)),
                ask=Run("Twenty seeds of each net, on points they never saw.", wide_deep.duel(self.seed)),
            ),
            explain(ask=card_for(WHY, self.seed, self.d, self.w)),
        )


PREDICT = (
    Choice(
        "Who does better on fresh points of the spirals?",
        (
            right(
                "the deep net",
                "The spirals need many bends for the price, and the second layer reuses those of the first.",
            ),
            wrong(
                "the wide net",
                "On the spirals one layer of this price runs out of pieces.",
                "wider-is-better",
            ),
            wrong(
                "neither: the price is the same",
                "The price is. What the same numbers can draw is not.",
                "price-not-held",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "Who does better on fresh points of the smooth curve?",
        (
            wrong(
                "the deep net",
                "On thirty noisy points the wide net is steadier: depth had nothing to multiply.",
                "deeper-is-better",
            ),
            right("the wide net", "The curve needs few bends, found calmly, and has nothing to multiply."),
            wrong(
                "neither: the price is the same",
                "The price is. How steadily its bends are found is not.",
                "price-not-held",
            ),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "Same budget, two winners. What decided each?",
        (
            right(
                "Spirals repay reused bends; a plain noisy curve does not",
                "Depth reuses its bends, which pays where a shape turns again and again. The curve has "
                "nothing to multiply, and sharp folds follow its noise.",
            ),
            wrong(
                "The deep net has more parameters to spend on spirals",
                "Both have 105. What differs is what the same numbers are arranged to do.",
                "price-not-held",
            ),
            wrong(
                "The deep net was trained for longer on the spirals",
                "All took the same number of steps. Time was equal; arrangement was not.",
                "training-explains",
            ),
        ),
    ),
    Choice(
        "Why is the deep net the worse one on the smooth curve?",
        (
            wrong(
                "It has too few parameters for a curve",
                "Both have 97, and the wide one does it.",
                "price-not-held",
            ),
            right(
                "Its sharp folds follow the noise of thirty points",
                "There is nothing to multiply, and few rows do not hold the folds back.",
            ),
            wrong(
                "It was trained for too short a time",
                "Both took the same number of steps.",
                "training-explains",
            ),
        ),
    ),
    Choice(
        "Why does the wide net fall behind on the spirals?",
        (
            wrong(
                "One layer cannot bend at all",
                "Every unit bends once. It is reuse that is missing.",
                "depth-adds",
            ),
            wrong("It has fewer parameters", "Both have 105.", "price-not-held"),
            right(
                "Each of its units adds one bend, and none is used twice",
                "The arms turn again and again. A second layer bends what is bent already.",
            ),
        ),
    ),
)
