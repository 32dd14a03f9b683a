"""A bias that counts votes.   4 step units, weights 1   →   any of them: −0.5   all of them: −3.5

The same output unit is an OR or an AND; its bias decides how many votes it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Field, Show, Step, Strip, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.sheets import Fields
from drops.exercises.steps import do
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.text import number

# ── what people do instead ────────────────────────────────────────────────────────────────

COUNT = "k votes pass when k·w + c is above 0 and (k − 1)·w + c is not."

# fmt: off
MISCONCEPTIONS = {
    "or-for-and": Misconception(
        "any and all were exchanged", "the bias for one vote stands where all {n} are wanted", COUNT,
        {"any": lambda v: -v["n"] * v["w"] + v["w"] / 2, "all": lambda v: -v["w"] / 2}),
    "majority": Misconception(
        "a majority was taken for all", "more than half of the {n} votes are enough", COUNT,
        {"all": lambda v: -(v["n"] // 2) * v["w"] - v["w"] / 2}),
    "never-fires": Misconception(
        "the bias is one vote too low", "even all {n} votes do not reach above 0", COUNT,
        {"all": lambda v: -v["n"] * v["w"] - v["w"] / 2}),
    "bias-sign": Misconception(
        "the sign of the bias was turned", "the bias pushes up, so that it fires without any vote",
        "Votes push up; a negative bias sets how many it takes.",
        {"any": lambda v: v["w"] / 2, "all": lambda v: v["n"] * v["w"] - v["w"] / 2}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Vote(Exercise):
    """n step units with weight w each into one output unit."""

    kind = "vote"
    misconceptions = MISCONCEPTIONS

    n: int
    w: float

    @property
    def fields(self) -> Fields:
        slack = 0.4999 * self.w  # anything strictly between two counts will do
        labels = (("any", "c for any unit"), ("all", "c for all units"))
        return tuple(Field(name, label, slack, "−40.5") for name, label in labels)

    @classmethod
    def draw(cls, rng: np.random.Generator, _params: Mapping[str, Any]) -> Self:
        return cls(int(rng.integers(3, 10)), float(rng.choice([0.5, 1, 2, 3])))

    @cached_property
    def worksheet(self) -> Worksheet:
        # fmt: off
        return Worksheet(
            {"n": self.n, "w": self.w},
            (
                Line(
                    "any", "c for any unit", lambda v: -v["w"] / 2, "(−{w} + 0) / 2",
                    "between −w and 0"),
                Line(
                    "all", "c for all units", lambda v: -v["n"] * v["w"] + v["w"] / 2,
                    "(−{n}·{w} − ({n} − 1)·{w}) / 2", "between −n·w and −(n − 1)·w"),
            ),
        )
        # fmt: on

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The output, its units, and on a line what they add up to; a bias lets through what is beyond it."""
        c = values.get(hand)
        most = self.n * self.w
        net = Wires(
            (tuple("·" for _ in range(self.n)), ("ŷ",)),
            (((self.w,) * self.n,),),
            None,
            f"{self.n} step units and the output.",
            under={(1, 0): ("c", c)},
            blanks={("under", 1, 0): hand} if hand else {},
            hand=hand,
        )
        ends = {0: "none", self.n: "all"}
        sums = tuple((k * self.w, ends.get(k, str(k))) for k in range(self.n + 1))
        gate = -c if c is not None and -self.w <= -c <= most + self.w else None
        return net, Strip(-self.w, most + self.w, sums, "What the firing units add up to.", gate=gate)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:  # noqa: ARG002  nothing foreseen
        givens = Words(
            f"An output unit listens to **{self.n} step units** (each gives 0 or 1) with weight "
            f"**{number(self.w)}** for each, adds a bias c and fires above 0."
        )
        prompt = "Give a bias c with which it fires if any unit fires, and one with which all must fire."
        return (do(givens, ask=self.numbers(prompt, asked, "Two biases for the same output unit.")),)
