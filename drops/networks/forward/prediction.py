"""The last weighted sum.   h = (1.5, 0, 0.5)  w₂ = (2, −1, −0.5)  b₂ = −1   →   ŷ = 1.75

One network, two inputs, one prediction above 0 and one below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Beside, Choice, Field, Option, Piece, Sheet, Show, Step, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import whole
from drops.exercises.sheets import SUB, Fields, pair
from drops.exercises.steps import do, explain, foresaw, predict, see, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values, Worksheet
from drops.networks.forward.net231 import NAMES, Tiny, givens, one_silent, trace, values, wires
from drops.networks.forward.net231_figures import shares
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

UNITS = (1, 2, 3)
SIDES = "AB"


def _sum(v: Values, source: str = "h") -> float:
    """The weighted sum of h (or z) without its bias."""
    return sum(v[f"v{j}"] * v[f"{source}{j}"] for j in UNITS)


# ── what people do instead ────────────────────────────────────────────────────────────────


def _y(rule: Rule) -> Mapping[str, Rule]:
    return {"y": rule}


# fmt: off
MISCONCEPTIONS = {
    "used-z-not-h": Misconception(
        "z was used instead of h", "the sums before the ReLU are carried on: {z1}, {z2}, {z3}",
        "The output listens to h, what came through the squash.", _y(lambda v: _sum(v, "z") + v["c"])),
    "no-bias": Misconception(
        "the bias was left out", "b₂ = {c} is not added", "The output is a weighted sum too: it has a bias.",
        _y(_sum)),
    "bias-subtracted": Misconception(
        "the bias was subtracted", "b₂ = {c} is taken away", "The bias is always added, with its sign.",
        _y(lambda v: _sum(v) - v["c"])),
    "relu-on-output": Misconception(
        "the output was squashed too", "ReLU is applied once more at the end",
        "A free number leaves the network as it is, negative or not.",
        _y(lambda v: max(0.0, _sum(v) + v["c"]))),
    "averaged": Misconception(
        "averaged instead of added", "the three contributions are averaged",
        "A weighted sum adds up; the weights already say how much counts.",
        _y(lambda v: _sum(v) / 3 + v["c"])),
    "weights-reversed": Misconception(
        "the weights stand in reverse", "h₁ meets the weight of h₃ and h₃ that of h₁",
        "W₂[1, j] belongs to hⱼ.", _y(lambda v: sum(v[f"v{4 - j}"] * v[f"h{j}"] for j in UNITS) + v["c"])),
    "weights-ignored": Misconception(
        "the weights were left out", "the h are added as they are",
        "Each h is multiplied by its own weight first.",
        _y(lambda v: sum(v[f"h{j}"] for j in UNITS) + v["c"])),
    "bias-per-unit": Misconception(
        "one bias for each hidden unit", "b₂ = {c} is added three times",
        "The output is one unit: its bias is added once.", _y(lambda v: _sum(v) + 3 * v["c"])),
    "dead-unit-counts-one": Misconception(
        "a silent unit was counted as 1", "the weight of a silent unit is added as if h were 1",
        "A silent unit hands on 0, so it adds nothing.",
        _y(lambda v: sum(v[f"v{j}"] * (v[f"h{j}"] or 1.0) for j in UNITS) + v["c"])),
    "sign-dropped": Misconception(
        "minus signs were lost", "every contribution is taken as positive",
        "A negative weight pulls the prediction down.",
        _y(lambda v: sum(abs(v[f"v{j}"] * v[f"h{j}"]) for j in UNITS) + v["c"])),
}
# fmt: on


def _engine(net: Tiny, x: tuple[float, float]) -> Rule:
    """The engine's prediction for input x."""
    return lambda _: float(trace(net, x)["yhat[1]"])


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Prediction(Exercise):
    x: tuple[tuple[float, float], ...]  # A, and B unless a short review asks A alone
    W1: tuple[tuple[float, float], ...]
    b1: tuple[float, ...]
    W2: tuple[float, ...]
    b2: float

    kind = "prediction"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """Predictions of opposite sign, neither near 0, and a hidden unit that decides A.

        `inputs = 1` in `params` asks one prediction, which is below 0: a squash would show.
        """
        inputs = whole(params, "inputs", 1, 2) or 2
        while True:
            d = one_silent(rng, inputs, most=4.0)
            made = cls(d.x, d.W1, d.b1, d.W2, d.b2)
            at = made.worksheet.run()
            push = sorted(abs(at[f"v{j}"] * at[f"h{j}A"]) for j in UNITS)
            if push[2] > push[1] and (inputs == 2 or at["yA"] < 0):
                return made

    @property
    def sides(self) -> str:
        return SIDES[: len(self.x)]

    @property
    def fields(self) -> Fields:
        return tuple(Field(f"y{s}", f"ŷ for {s}", example="−1.7") for s in self.sides)

    @cached_property
    def worksheet(self) -> Worksheet:
        given = givens(self)
        for side, x in zip(self.sides, self.x, strict=True):
            seen = trace(self, x)
            given |= {f"{c}{j}{side}": seen[f"{c}1[{j}]"] for j in UNITS for c in "zh"}
        # fmt: off
        return Worksheet(
            given,
            tuple(
                Line(
                    f"y{s}", f"ŷ for {s}", _engine(self, x), "{v1}·{h1} + {v2}·{h2} + {v3}·{h3} + {c}",
                    "W₂ · h + b₂", "y", {f"{c}{j}": f"{c}{j}{s}" for c in "zh" for j in UNITS})
                for s, x in zip(self.sides, self.x, strict=True)
            ),
        )
        # fmt: on

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        ask = self.numbers(
            "One more weighted sum. What does the network predict?", asked, "The prediction for each input."
        )
        work = do(self._given(), ask=ask)
        if len(self.x) == 1:
            return (work,)
        guess = self._predict()
        flows = tuple(
            wires(self, f"{s}: {pair(x)} goes in.", values(self, x))
            for s, x in zip(self.sides, self.x, strict=True)
        )
        told = Words(foresaw(answers, guess))
        return (
            predict(self._given(), *self.picture({}, "A"), ask=guess),
            work,
            see(told, Beside(flows), shares(self, self.x[0])),
            explain(ask=self._explain()),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The output and what it hears of the input in hand."""
        side = hand[-1:] or self.sides[0]
        at = self.worksheet.run()
        blanks: dict[Piece, str] = {("unit", 1, 0): f"y{side}"}
        return (
            Wires(
                NAMES[1:],
                ((self.W2,),),
                (tuple(at[f"h{j}{side}"] for j in UNITS), (values.get(f"y{side}"),)),
                f"What ŷ hears of input {side}.",
                biases=((self.b2,),),
                blanks=blanks | {("wire", 0, 0, j - 1): f"y{side}" for j in UNITS},
                hand=hand,
            ),
        )

    def _given(self) -> Sheet:
        """z and h of each input beside the weights into ŷ; the bias in the last row."""
        heads = [f"{c} for {s}" for s in self.sides for c in "zh"]
        at = self.worksheet.run()
        rows = tuple(
            (
                f"unit {j}",
                *(number(at[f"{c}{j}{s}"]) for s in self.sides for c in "zh"),
                number(self.W2[j - 1]),
            )
            for j in UNITS
        )
        blank = ("",) * len(heads)
        says = "; ".join(f"{head} " + ", ".join(row[k + 1] for row in rows) for k, head in enumerate(heads))
        weights = ", ".join(map(number, self.W2))
        return Sheet(
            ("", *heads, "weight into ŷ"),
            (*rows, ("b₂", *blank, number(self.b2))),
            f"{says}; weights into ŷ {weights}; b₂ {number(self.b2)}.",
        )

    def _predict(self) -> Choice:
        up = self.worksheet.run()["yA"] > 0
        look = "look at the larger h and the signs of their weights."
        pushed = f"For A the push upwards is the stronger one: {look}"
        pulled = f"For A the pull downwards is the stronger one: {look}"
        return Choice(
            "Before any arithmetic: on which side of 0 does each prediction fall?",
            (
                Option("A above, B below", up, pushed if up else pulled),
                Option("A below, B above", not up, pushed if up else pulled),
                wrong(
                    "both above, since no h is negative",
                    "No h is negative, but a negative weight turns it into a pull downwards.",
                    "relu-on-output",
                ),
            ),
            confidence=True,
        )

    def _explain(self) -> Choice:
        h = trace(self, self.x[0])["h1"].tolist()
        push = [self.W2[j] * h[j] for j in range(3)]
        most = max(range(3), key=lambda j: abs(push[j]))
        told = [f"It adds {number(self.W2[j])}·{number(h[j])} = {number(push[j])}" for j in range(3)]
        return Choice(
            "Take one hidden unit away. Which one changes A's prediction most?",
            tuple(
                Option(
                    f"h{SUB[j + 1]}",
                    j == most,
                    f"{told[j]}, the largest share of all."
                    if j == most
                    else f"{told[j]}; h{SUB[most + 1]} adds {number(push[most])}: weight times h.",
                    "" if j == most else "weight-alone-decides",
                )
                for j in range(3)
            ),
        )
