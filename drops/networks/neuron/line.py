"""A neuron's line.   w = (2, −4)  b = 4   →   cuts x₁ at −2 and x₂ at 1;   P = (1, 3)   →   z = −6

Where z = 0 the neuron switches: a straight line, and P lies on one side of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Field, Option, Point, Show, Step, Surface, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import Fields, blank, pair
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import empty_plane, half_plane, weighted
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

FIELDS = (
    Field("c1", "crossing on the x₁-axis", example="−2.7"),
    Field("c2", "crossing on the x₂-axis", example="3.7"),
    Field("zP", "z at P", example="−4.5"),
)


# fmt: off
LINES = (
    Line(
        "c1", FIELDS[0].label, lambda v: -v["b"] / v["w"], "−{b} / {w}", "−b / w₁", "cut",
        {"w": "w1", "other": "w2"}),
    Line(
        "c2", FIELDS[1].label, lambda v: -v["b"] / v["w"], "−{b} / {w}", "−b / w₂", "cut",
        {"w": "w2", "other": "w1"}),
    Line(
        "zP", "z at P", lambda v: weighted(v) + v["b"], "{w1}·{x1} + {w2}·{x2} + {b}", "w₁·x₁ + w₂·x₂ + b",
        "z"),
)
# fmt: on

# ── what people do instead ────────────────────────────────────────────────────────────────

CUT = "On an axis the other input is 0, so w·x + b = 0 and x = −b/w."
SUM = "z = w₁x₁ + w₂x₂ + b, each input with its own weight."

# fmt: off
MISCONCEPTIONS = {
    "intercept-sign": Misconception(
        "the sign was lost on the way", "b/w is taken: {b} divided by {w}", CUT,
        {"cut": lambda v: v["b"] / v["w"]}),
    "intercept-inverted": Misconception(
        "the fraction stands on its head", "w is divided by b instead of b by w", CUT,
        {"cut": lambda v: -v["w"] / v["b"]}),
    "intercepts-swapped": Misconception(
        "the two axes were swapped", "the other axis' weight is used: −{b} / {other}", CUT,
        {"cut": lambda v: -v["b"] / v["other"]}),
    "intercept-is-bias": Misconception(
        "the bias was read as the crossing", "the bias {b} itself is the crossing", CUT,
        {"cut": lambda v: v["b"]}),
    "no-bias": Misconception(
        "the bias was left out", "b is taken as 0: then the line runs through the origin",
        "z = 0 means w₁x₁ + w₂x₂ = −b.", {"cut": lambda _: 0.0, "z": weighted}),
    "bias-subtracted": Misconception(
        "the bias was subtracted", "{b} is taken away instead of added", SUM,
        {"z": lambda v: weighted(v) - v["b"]}),
    "crossed-weights": Misconception(
        "the weights were crossed", "w₂ goes with x₁ and w₁ with x₂", SUM,
        {"z": lambda v: v["w2"] * v["x1"] + v["w1"] * v["x2"] + v["b"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class BoundaryLine(Exercise):
    """A neuron and a point P. `asks` may name fewer fields, ("c2",) for one crossing."""

    kind = "line"
    misconceptions = MISCONCEPTIONS

    w: tuple[float, float]
    b: float
    P: tuple[float, float]
    asks: tuple[str, ...] = ("c1", "c2", "zP")

    @property
    def fields(self) -> Fields:
        return blank(FIELDS, self.asks)

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        asks = fields_named(params, "asks", FIELDS, cls.asks)
        while True:
            w1, w2 = (rng.choice([1, 2, 4], 2) * rng.choice([-1, 1], 2)).tolist()
            b = float(rng.choice([1, 2, 3, 4, 6]) * rng.choice([-1, 1]))
            p1, p2 = rng.integers(-4, 5, 2).tolist()
            halves = all((2 * b / w) % 1 == 0 for w in (w1, w2))
            if halves and abs(w1) != abs(w2) and abs(w1 * p1 + w2 * p2 + b) >= 1 and p1 and p2:
                return cls((float(w1), float(w2)), b, (float(p1), float(p2)), asks)

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"w1": self.w[0], "w2": self.w[1], "b": self.b, "x1": self.P[0], "x2": self.P[1]}
        return Worksheet(givens, tuple(line for line in LINES if line.name in self.asks))

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        if self.asks != BoundaryLine.asks:
            return (self._do(asked),)
        guess = self._predict()
        return (
            predict(self._givens(), *self.picture({}, "zP"), ask=guess),
            self._do(asked),
            see(Words(foresaw(answers, guess)), *self._map()),
            explain(ask=card_for(WHY, self.w, self.b, self.P)),
        )

    def _givens(self) -> Words:
        point = f" The point P is **{pair(self.P)}**." if "zP" in self.asks else ""
        return Words(
            f"A neuron: **w₁ = {number(self.w[0])}**, **w₂ = {number(self.w[1])}**, "
            f"**b = {number(self.b)}**. It switches along the line where z = 0.{point}"
        )

    def _predict(self) -> Choice:
        fires = _sum_at(self.w, self.P) + self.b > 0
        return Choice(
            "Look at the signs only: on which side of the line does P lie?",
            (
                Option("on the firing side", fires, "The sign of z at P tells."),
                Option("on the silent side", not fires, "The sign of z at P tells."),
                wrong(
                    "that depends on the squash",
                    "The squash bends values; where z changes its sign is settled before it.",
                ),
            ),
            confidence=True,
        )

    def _do(self, asked: frozenset[str]) -> Step:
        what = {"c1": "where the line cuts the x₁-axis", "c2": "where it cuts the x₂-axis", "zP": "z at P"}
        prompt = f"Work out {', '.join(what[name] for name in self.asks)}."
        return do(
            self._givens(), ask=self.numbers(prompt, asked, "One row for each number that is asked for.")
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The plane with P, and the crossings as they were found; the line itself once all is right."""
        if not hand:
            return (self._plane("The line that you found, and the side that fires."),)
        reach = max([5.0, *(abs(values[name]) for name in ("c1", "c2") if name in values)])
        found = [Point(values["c1"], 0.0, 2, "◆")] if "c1" in values else []
        found += [Point(0.0, values["c2"], 2, "◆")] if "c2" in values else []
        if "zP" in self.asks:
            z = values.get("zP", 0.0)
            found.append(Point(*self.P, 1 if z > 0 else 0 if z < 0 else 2, "P"))
        says = "The plane of the two inputs. A crossing stands where you put it."
        return (empty_plane((-reach, reach), says, points=tuple(found)),)

    def _map(self) -> tuple[Show, ...]:
        v = self.worksheet.run()
        says = (
            f"The line runs through ({number(v['c1'])}, 0) and (0, {number(v['c2'])}). "
            f"At P z is {number(v['zP'])}: the neuron {'fires' if v['zP'] > 0 else 'is silent'} there."
        )
        return self._plane(says), Words(says)

    def _plane(self, says: str) -> Surface:
        """The line, its crossings and the arrow of its weights; P wears its side."""
        unit, span = (*self.w, self.b), (-5.0, 5.0)
        z = _sum_at(self.w, self.P) + self.b
        points = (Point(*self.P, int(z > 0), "P"),) if "zP" in self.asks else ()
        return half_plane(unit, span, span, says, points=points, neuron=unit)


def _sum_at(w: tuple[float, float], x: tuple[float, float]) -> float:
    return w[0] * x[0] + w[1] * x[1]


WHY = (
    Choice(
        "You raise the bias a little. What happens to the line?",
        (
            right(
                "it moves sideways, parallel to itself, and more points fire",
                "z grows everywhere alike: some points that were just silent now fire.",
            ),
            wrong(
                "it turns around the origin", "That happens when one weight changes and the other does not."
            ),
            wrong(
                "it stays; only the outputs grow",
                "The line is where z = 0. If z is larger everywhere, that place moves.",
            ),
        ),
    ),
    Choice(
        "You double both weights and the bias. What happens to the line?",
        (
            wrong("it moves twice as far from the origin", "The crossings −b/w stay: both parts double."),
            right("it stays where it is", "z doubles everywhere, and where it was 0 it is still 0."),
            wrong("it turns towards the larger weight", "Both weights grow alike, so the direction stays."),
        ),
    ),
    Choice(
        "You turn the sign of both weights and of the bias. What happens?",
        (
            wrong(
                "the line is mirrored at the origin", "The crossings −b/w keep their sign: both parts turn."
            ),
            wrong("nothing: it is the same neuron", "The line is the same. What fires is not."),
            right(
                "the line stays, and the other side fires",
                "z changes its sign everywhere, and where it was 0 it is still 0.",
            ),
        ),
    ),
)
