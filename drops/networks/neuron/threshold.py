"""A neuron run backwards.   w = (2, −1)  x = (1, 3)   →   z = 0 needs b = −(2·1 − 1·3) = 1

The bias that makes one input stand exactly on the edge of firing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Field, Numbers, Point, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.sheets import pair
from drops.exercises.steps import do
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import empty_plane, half_plane, weighted
from drops.text import number

# ── what people do instead ────────────────────────────────────────────────────────────────

RULE = "z = w₁x₁ + w₂x₂ + b is 0 when b is the products' sum with its sign turned."

# fmt: off
MISCONCEPTIONS = {
    "bias-sign-kept": Misconception(
        "the sign was not turned", "b equals the products' sum, and z is then twice that sum instead of 0",
        RULE, {"b": weighted}),
    "zero-bias-for-zero": Misconception(
        "b = 0 was taken for z = 0", "the bias is 0, and z is then the products' sum", RULE,
        {"b": lambda _: 0.0}),
    "first-input-only": Misconception(
        "one input was forgotten", "only the first product is made up for: −({w1}·{x1})", RULE,
        {"b": lambda v: -v["w1"] * v["x1"]}),
    "inputs-forgotten": Misconception(
        "the inputs were left out", "the weights alone are added and their sign turned", RULE,
        {"b": lambda v: -v["w1"] - v["w2"]}),
    "weights-forgotten": Misconception(
        "the weights were left out", "the inputs alone are added and their sign turned", RULE,
        {"b": lambda v: -v["x1"] - v["x2"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Threshold(Exercise):
    """Weights and an input; the bias is asked for."""

    kind = "threshold"
    fields = (Field("b", "b", example="−4.2"),)
    misconceptions = MISCONCEPTIONS

    w: tuple[float, float]
    x: tuple[float, float]

    @classmethod
    def draw(cls, rng: np.random.Generator, _params: Mapping[str, Any]) -> Self:
        w1, w2 = rng.choice([0.5, 1, 1.5, 2, 3], 2) * rng.choice([-1, 1], 2)
        x1, x2 = rng.choice([1, 2, 3, 4], 2) * rng.choice([-1, 1], 2)
        return cls((float(w1), float(w2)), (float(x1), float(x2)))

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"w1": self.w[0], "w2": self.w[1], "x1": self.x[0], "x2": self.x[1]}
        line = Line("b", "b", lambda v: -weighted(v), "−({w1}·{x1} + {w2}·{x2})", "−(w₁·x₁ + w₂·x₂)")
        return Worksheet(givens, (line,))

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The input in the plane, and the line of the neuron with the bias that was found."""
        del hand
        span, here = (-5.0, 5.0), (Point(*self.x, 2, "◆"),)
        if "b" not in values:
            return (empty_plane(span, "The input in the plane.", points=here),)
        unit = (*self.w, values["b"])
        return (half_plane(unit, span, span, "The neuron's line with your b, and the input.", points=here),)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:  # noqa: ARG002  nothing foreseen, one blank
        givens = Words(
            f"A neuron with **w₁ = {number(self.w[0])}** and **w₂ = {number(self.w[1])}** "
            f"looks at the input **{pair(self.x)}**."
        )
        return (do(givens, ask=Numbers("Which bias b makes its sum z exactly 0?", self.fields)),)
