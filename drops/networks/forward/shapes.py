"""The tables of a p-q-r network by their shapes.   5-7-2   →   W₁ is 7×5, W₂ is 2×7, 58 numbers in all"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Field, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.steps import do
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import bare

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

HIDDEN, INPUTS = "one for each hidden unit of {p}-{q}-{r}", "one for each input of {p}-{q}-{r}"

FIELDS = (
    Field("rows", "rows of W₁", example="9"),
    Field("columns", "columns of W₁", example="10"),
    Field("lying", "rows of W in X·W", example="11"),
    Field("total", "numbers in all", example="20"),
)


# ── what people do instead ────────────────────────────────────────────────────────────────

# fmt: off
MISCONCEPTIONS = {
    "transposed": Misconception(
        "rows and columns changed places", "a row is given to each input instead of each listening unit",
        "Row = who listens, column = whom to: W₁ has a row for each hidden unit.",
        {"rows": lambda v: v["p"], "columns": lambda v: v["q"], "lying": lambda v: v["q"]}),
    "same-both-ways": Misconception(
        "the lying table was not turned", "W in X·W is given as many rows as W₁",
        "In X·W the columns of X meet the rows of W: it has a row for each input.",
        {"lying": lambda v: v["q"]}),
    "params-no-bias": Misconception(
        "the biases were not counted", "only the wires are counted, {p}·{q} + {q}·{r}",
        "Each hidden unit and each output has a bias too.",
        {"total": lambda v: v["p"] * v["q"] + v["q"] * v["r"]}),
    "params-nodes": Misconception(
        "circles were counted, not numbers", "the circles are counted, {p} + {q} + {r}",
        "The numbers sit on the wires and in the biases.", {"total": lambda v: v["p"] + v["q"] + v["r"]}),
    "params-input-bias": Misconception(
        "the inputs got biases", "each input is given a bias as well",
        "Inputs only hand over a value; biases begin in the hidden layer.",
        {"total": lambda v: (v["p"] + 1) * v["q"] + (v["q"] + 1) * v["r"] + v["p"]}),
    "params-forgot-output-bias": Misconception(
        "the last biases were forgotten", "the biases of the output layer are left out",
        "Every output is a weighted sum too, with a bias of its own.",
        {"total": lambda v: (v["p"] + 1) * v["q"] + v["q"] * v["r"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Shapes(Exercise):
    p: int
    q: int
    r: int

    kind = "shapes"
    misconceptions = MISCONCEPTIONS
    fields = FIELDS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """Three different sizes."""
        _ = params
        p, q = rng.choice(np.arange(2, 9), 2, replace=False).tolist()
        return cls(p, q, int(rng.integers(1, 4)))

    @cached_property
    def worksheet(self) -> Worksheet:
        return Worksheet(
            {"p": self.p, "q": self.q, "r": self.r},
            (
                Line("rows", "rows of W₁", lambda v: v["q"], HIDDEN, "one for each unit that listens"),
                Line("columns", "columns of W₁", lambda v: v["p"], INPUTS, "one for each value it hears"),
                Line(
                    "lying", "rows of W in X·W", lambda v: v["p"], INPUTS, "the columns of X must meet them"
                ),
                Line(
                    "total",
                    "numbers in all",
                    lambda v: (v["p"] + 1) * v["q"] + (v["q"] + 1) * v["r"],
                    "{p}·{q} + {q} + {q}·{r} + {r}",
                    "weights and biases of both layers",
                ),
            ),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The network, unit by unit."""
        del values, hand
        sizes = self.p, self.q, self.r
        return (bare(sizes, f"A {self.p}-{self.q}-{self.r} network, unit by unit."),)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = answers
        says = "The tables of the network by their sizes."
        told = Words(f"A **{self.p}-{self.q}-{self.r}** network. X is a table with one example in each row.")
        ask = self.numbers("What shapes do its tables have?", asked, says)
        return (do(told, ask=ask),)
