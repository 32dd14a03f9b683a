"""One neuron by hand.   x = (1, 2)  w = (−2, 0.5)  b = −1   →   z = −2   →   a = 0

Two inputs, one that makes the neuron fire and one that leaves it silent. This file is the
example to read before writing a kind: numbers, worksheet, misconceptions, steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import (
    Cell,
    Choice,
    Curve,
    Field,
    Numbers,
    Option,
    Piece,
    Series,
    Sheet,
    Show,
    Step,
    Wires,
    Words,
)
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import Fields, blank, cells, hints, pair
from drops.exercises.steps import do, explain, foresaw, predict, right, see, shuffled, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import dense, points, relu
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

FIELDS = (
    Field("zA", "z for A", example="−6.2"),
    Field("aA", "a for A", example="3.2"),
    Field("zB", "z for B", example="4.2"),
    Field("aB", "a for B", example="5.2"),
)


def _products(v: Values) -> tuple[float, float]:
    return v["w1"] * v["x1"], v["w2"] * v["x2"]


def _sum(v: Values) -> float:
    return sum(_products(v))


def _lines(side: str) -> tuple[Line, Line]:
    """z and a for one input, under the short names x1, x2 and z."""
    reads = {"x1": f"x1{side}", "x2": f"x2{side}"}
    # fmt: off
    return (
        Line(
            f"z{side}", f"z for {side}", lambda v: _sum(v) + v["b"], "{w1}·{x1} + {w2}·{x2} + {b}",
            "w₁·x₁ + w₂·x₂ + b", "z", reads),
        Line(
            f"a{side}", f"a for {side}", lambda v: relu(v["z"]), "relu({z})", "relu(z)", "a",
            {**reads, "z": f"z{side}"}),
    )
    # fmt: on


# ── what people do instead ────────────────────────────────────────────────────────────────

BIAS_ONCE = "z = w₁x₁ + w₂x₂ + b: the bias is added once, at the end."
PRODUCTS = "Each input is multiplied by its own weight; the products are added."
SQUASH = "relu(z) is z where z is positive and 0 everywhere else."
SQUASH_LAST = "Sum first, then the bias, and the squash once at the very end."

# fmt: off
MISCONCEPTIONS = {
    "no-bias": Misconception(
        "the bias was left out", "nothing is added to {w1}·{x1} + {w2}·{x2}", BIAS_ONCE, {"z": _sum}),
    "bias-multiplied": Misconception(
        "the bias was multiplied", "the sum is multiplied by {b} instead of adding it", BIAS_ONCE,
        {"z": lambda v: _sum(v) * v["b"]}),
    "bias-subtracted": Misconception(
        "the bias was subtracted", "{b} is taken away instead of added", BIAS_ONCE,
        {"z": lambda v: _sum(v) - v["b"]}),
    "bias-per-input": Misconception(
        "the bias was added once per input", "{b} is added twice, once for each input", BIAS_ONCE,
        {"z": lambda v: _sum(v) + 2 * v["b"]}),
    "added-weights": Misconception(
        "weights were added, not multiplied", "each input has its weight added to it", PRODUCTS,
        {"z": lambda v: v["w1"] + v["x1"] + v["w2"] + v["x2"] + v["b"]}),
    "multiplied-terms": Misconception(
        "the two products were multiplied", "the products are multiplied with each other", PRODUCTS,
        {"z": lambda v: _products(v)[0] * _products(v)[1] + v["b"]}),
    "crossed-weights": Misconception(
        "the weights were crossed", "w₂ goes with x₁ and w₁ with x₂", PRODUCTS,
        {"z": lambda v: v["w2"] * v["x1"] + v["w1"] * v["x2"] + v["b"]}),
    "sign-dropped": Misconception(
        "minus signs were dropped", "every product counts as positive",
        "A negative weight pushes down; minus times minus pushes up.",
        {"z": lambda v: sum(map(abs, _products(v))) + v["b"]}),
    "relu-skipped": Misconception(
        "the squash was left out", "a is z itself: {z} stays {z}", SQUASH, {"a": lambda v: v["z"]}),
    "relu-abs": Misconception(
        "the squash only dropped the sign", "{z} is turned into its positive twin", SQUASH,
        {"a": lambda v: abs(v["z"])}),
    "relu-keeps-negative": Misconception(
        "the squash was turned upside down", "negatives are kept and positives become 0", SQUASH,
        {"a": lambda v: min(0.0, v["z"])}),
    "relu-as-step": Misconception(
        "the squash was read as on or off", "firing counts as 1 however large z is", SQUASH,
        {"a": lambda v: float(v["z"] > 0)}),
    "relu-before-bias": Misconception(
        "the squash came before the bias", "relu is taken of the sum and {b} is added after it", SQUASH_LAST,
        {"a": lambda v: relu(_sum(v)) + v["b"]}),
    "relu-on-each-term": Misconception(
        "each product was squashed by itself", "relu is taken of each product, and then they are added",
        SQUASH_LAST, {"a": lambda v: sum(map(relu, _products(v))) + v["b"]}),
}
# fmt: on

# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Neuron(Exercise):
    """A neuron and two inputs. `asks` may name fewer fields: ("zA",) is one sum for review."""

    kind = "neuron"
    misconceptions = MISCONCEPTIONS

    w: tuple[float, float]
    b: float
    A: tuple[float, float]
    B: tuple[float, float]
    asks: tuple[str, ...] = ("zA", "aA", "zB", "aB")

    @property
    def fields(self) -> Fields:
        return blank(FIELDS, self.asks)

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        asks = fields_named(params, "asks", FIELDS, cls.asks)
        while True:
            w = rng.choice([0.5, 1, 1.5, 2, 3], 2) * rng.choice([-1, 1], 2)
            b = rng.choice([0.5, 1, 1.5, 2]) * rng.choice([-1, 1])
            inputs = rng.choice([1, 2, 3], (2, 2)) * rng.choice([-1, 1], (2, 2))
            z = inputs @ w + b
            # one fires and one does not, both clearly; and the weights can be told apart
            if z[0] * z[1] < 0 and np.all((abs(z) >= 0.5) & (abs(z) <= 8)) and abs(w[0]) != abs(w[1]):
                (a, c), (d, e) = inputs.astype(float).tolist()
                return cls((float(w[0]), float(w[1])), float(b), (a, c), (d, e), asks)

    @property
    def sides(self) -> str:
        """The inputs that are asked about: "AB", or "A" alone."""
        return "".join(side for side in "AB" if any(name.endswith(side) for name in self.asks))

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"w1": self.w[0], "w2": self.w[1], "b": self.b}
        givens |= {"x1A": self.A[0], "x2A": self.A[1], "x1B": self.B[0], "x2B": self.B[1]}
        lines = tuple(line for side in self.sides for line in _lines(side))
        squashed = any(name.startswith("a") for name in self.asks)
        return Worksheet(givens, lines if squashed else lines[::2])

    # ── predict, do, see, explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        if self.asks != Neuron.asks:
            return (self._do(asked),)
        guess = self._predict()
        return (
            predict(self._givens(), self._inputs(), self.picture({}, f"z{self.sides[0]}")[0], ask=guess),
            self._do(asked),
            see(Words(foresaw(answers, guess)), *self._walk()),
            explain(ask=self._why()),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The neuron with the input in hand, and under it the squash with every z and a that is known."""
        side = hand[-1:] or self.sides[0]
        z, a = values.get(f"z{side}"), values.get(f"a{side}")
        x = getattr(self, side)
        squashed = any(name.startswith("a") for name in self.asks)
        wired: dict[Piece, str] = {("wire", 0, 0, i): f"z{side}" for i in (0, 1)}
        net = Wires(
            (("x₁", "x₂"), ("z",), ("a",))[: 3 if squashed else 2],
            ((self.w,), ((1.0,),))[: 2 if squashed else 1],
            (x, (z,), (a,)),
            f"Input {side} runs into the neuron.",
            lit=((0, 0, 0), (0, 0, 1)) if hand.startswith("z") else ((1, 0, 0),) if hand else (),
            biases=((self.b,), (0.0,)),
            under={(2, 0): ("relu", None)},
            blanks=wired | {("unit", 1, 0): f"z{side}", ("unit", 2, 0): f"a{side}"},
            hand=hand,
        )
        if not squashed:
            return (net,)
        known = [(s, values[f"z{s}"]) for s in self.sides if f"z{s}" in values]
        marks = tuple((z, values.get(f"a{s}", 0.0), s) for s, z in known)
        relu = Series("relu", ((-8.0, 0.0), (0.0, 0.0), (8.0, 8.0)))
        return net, Curve((relu,), "z", "a", "The squash: a for every z.", marks=marks, window=(-1.0, 8.5))

    @property
    def _fires(self) -> str:
        return "A" if self.worksheet.run()["aA"] > 0 else "B"

    def _givens(self) -> Words:
        return Words(
            f"A neuron: **w₁ = {number(self.w[0])}**, **w₂ = {number(self.w[1])}**, "
            f"**b = {number(self.b)}**, squash ReLU."
        )

    def _inputs(self) -> Sheet:
        rows = tuple((side, *map(number, getattr(self, side))) for side in "AB")
        return Sheet(("input", "x₁", "x₂"), rows, f"Input A is {pair(self.A)}, input B is {pair(self.B)}.")

    def _predict(self) -> Choice:
        return Choice(
            "No sums yet: which input makes this neuron fire, so that a is above 0?",
            (
                Option(
                    "A fires, B stays silent",
                    self._fires == "A",
                    "It comes down to the sign of the sum: positive for one of them only.",
                ),
                Option(
                    "B fires, A stays silent",
                    self._fires == "B",
                    "It comes down to the sign of the sum: positive for one of them only.",
                ),
                wrong(
                    "both fire",
                    "One of the sums is negative: a negative product pushes down.",
                    "sign-dropped",
                ),
            ),
            confidence=True,
        )

    def _do(self, asked: frozenset[str]) -> Step:
        sheet = self.worksheet
        cell = cells(sheet, asked)
        squashed = any(name.startswith("a") for name in self.asks)
        rows: list[tuple[Cell, ...]] = []
        for side in self.sides:
            x1, x2 = getattr(self, side)
            row: tuple[Cell, ...] = (side, number(x1), number(x2), cell(f"z{side}"))
            rows.append((*row, cell(f"a{side}")) if squashed else row)
        columns = ("input", "x₁", "x₂", "z", "a")[: 5 if squashed else 4]
        inputs = " and ".join(f"{side} = {pair(getattr(self, side))}" for side in self.sides)
        table = Sheet(columns, tuple(rows), f"Inputs {inputs}.", hints(sheet, self.fields, asked))
        what = "the weighted sum z and the output a" if squashed else "the weighted sum z"
        return do(self._givens(), ask=Numbers(f"Work out {what}.", blank(self.fields, asked), table))

    def _walk(self) -> tuple[Show, ...]:
        """From input A in a straight line to input B: z is a line, a has a hinge."""
        t = np.linspace(-0.25, 1.25, 61)
        way = np.outer(1 - t, self.A) + np.outer(t, self.B)
        right = self.worksheet.run()
        z, a = (dense(self.w, self.b, squash).predict(way) for squash in ("linear", "relu"))
        hinge = right["zA"] / (right["zA"] - right["zB"])
        says = (
            f"On the way from A to B z runs in a straight line from {number(right['zA'])} to "
            f"{number(right['zB'])}. It crosses 0 after {number(hinge, 2)} of the way; there a has its hinge."
        )
        return (
            Curve(
                (Series("z, the sum", points(t, z)), Series("a, after the squash", points(t, a))),
                "from A (0) to B (1)",
                "value",
                says,
                marks=((0, right["aA"], "A"), (1, right["aB"], "B")),
            ),
            Words(says),
        )

    def _why(self) -> Choice:
        fires = self._fires
        silent = "B" if fires == "A" else "A"
        return shuffled(
            Choice(
                f"Why did {fires} fire and {silent} not?",
                (
                    right(
                        f"{fires}'s whole sum is above 0, {silent}'s is below",
                        "The squash looks at one number only: the finished sum.",
                    ),
                    wrong(
                        f"the inputs of {fires} are the larger numbers",
                        "Size alone decides nothing: a large input on a negative weight pushes down.",
                    ),
                    wrong(
                        f"the bias is switched off for {silent}",
                        "The bias is added to every input alike; it is part of the neuron.",
                    ),
                ),
            ),
            self.w,
            self.b,
        )
