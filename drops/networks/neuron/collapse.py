"""Two layers on one line.   w₁ = 2, b₁ = −3, w₂ = −1.5, b₂ = 1   →   without a squash: −3·x + 5.5

With a ReLU in between the line gets a kink, where 2·x − 3 = 0: at 1.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Curve, Field, Frame, Run, Series, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import Fields, blank
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Values, Worksheet
from drops.networks.nets import relu
from drops.networks.neuron.runs import bend_a_sine, the_wave
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

FIELDS = (
    Field("slope", "slope without a squash", example="−4.2"),
    Field("intercept", "constant without a squash", example="6.2"),
    Field("kink", "x of the kink with ReLU", example="2.7"),
    Field("yL", "y left of the kink", example="−1.2"),
    Field("yR", "y right of the kink", example="4.2"),
)


def _inner(v: Values) -> float:
    """z of the hidden unit at x, which is d to one side of the kink."""
    return v["w1"] * v["x"] + v["b1"]


def _at(side: int, rule: Any) -> Any:
    """`rule` of what is seen at kink ∓ d."""
    return lambda v: rule({**v, "x": v["kink"] + side * v["d"]})


def _y(name: str, label: str, side: int) -> Line:
    sign = "−" if side < 0 else "+"
    return Line(
        name,
        label,
        _at(side, lambda v: v["w2"] * relu(_inner(v)) + v["b2"]),
        f"{{w2}}·relu({{w1}}·({{kink}} {sign} {{d}}) + {{b1}}) + {{b2}}",
        "w₂·relu(w₁·x + b₁) + b₂",
        "left" if side < 0 else "right",
    )


LINES = (
    Line("slope", FIELDS[0].label, lambda v: v["w1"] * v["w2"], "{w2}·{w1}", "w₂·w₁"),
    Line(
        "intercept", FIELDS[1].label, lambda v: v["w2"] * v["b1"] + v["b2"], "{w2}·{b1} + {b2}", "w₂·b₁ + b₂"
    ),
    Line("kink", FIELDS[2].label, lambda v: -v["b1"] / v["w1"], "−{b1} / {w1}", "−b₁ / w₁"),
    _y("yL", FIELDS[3].label, -1),
    _y("yR", FIELDS[4].label, +1),
)

# ── what people do instead ────────────────────────────────────────────────────────────────

SUBSTITUTE = "w₂(w₁x + b₁) + b₂ = (w₂w₁)x + (w₂b₁ + b₂)."
KINK = "The kink is where the inner sum w₁x + b₁ is 0, so x = −b₁/w₁."
HINGE = "y = w₂·relu(w₁x + b₁) + b₂: the squash acts on the inner sum only."


def _sides(rule: Any) -> dict[str, Any]:
    return {"left": _at(-1, rule), "right": _at(+1, rule)}


# fmt: off
MISCONCEPTIONS = {
    "slopes-added": Misconception(
        "the slopes were added", "{w1} and {w2} are added; one layer feeds the other, so they multiply",
        SUBSTITUTE, {"slope": lambda v: v["w1"] + v["w2"]}),
    "biases-added": Misconception(
        "the biases were just added", "b₁ = {b1} goes past the second weight", SUBSTITUTE,
        {"intercept": lambda v: v["b1"] + v["b2"]}),
    "biases-multiplied": Misconception(
        "the biases were multiplied", "{b1} is multiplied by {b2}", SUBSTITUTE,
        {"intercept": lambda v: v["b1"] * v["b2"]}),
    "inner-bias-lost": Misconception(
        "the inner bias was lost", "only b₂ = {b2} is kept", SUBSTITUTE, {"intercept": lambda v: v["b2"]}),
    "outer-bias-lost": Misconception(
        "the outer bias was lost", "b₂ = {b2} is not added at the end", SUBSTITUTE,
        {"intercept": lambda v: v["w2"] * v["b1"], **_sides(lambda v: v["w2"] * relu(_inner(v)))}),
    "kink-sign": Misconception(
        "the sign of the kink was lost", "{b1} is divided by {w1} without turning the sign", KINK,
        {"kink": lambda v: v["b1"] / v["w1"]}),
    "kink-is-bias": Misconception(
        "the bias was read as the kink", "b₁ is taken with its sign turned, without dividing by {w1}", KINK,
        {"kink": lambda v: -v["b1"]}),
    "squash-skipped": Misconception(
        "the squash was left out", "the inner sum goes on as it is, also where it is negative", HINGE,
        _sides(lambda v: v["w2"] * _inner(v) + v["b2"])),
    "squash-on-output": Misconception(
        "the squash came at the end", "the whole result is squashed instead of the inner sum", HINGE,
        _sides(lambda v: relu(v["w2"] * _inner(v) + v["b2"]))),
    "squash-abs": Misconception(
        "the squash only dropped the sign", "a negative inner sum is made positive instead of 0", HINGE,
        _sides(lambda v: v["w2"] * abs(_inner(v)) + v["b2"])),
}
# fmt: on

# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Collapse(Exercise):
    """A 1-1-1 net. `asks` may name fewer fields: ("slope", "intercept"), or ("kink",)."""

    kind = "collapse"
    misconceptions = MISCONCEPTIONS

    w1: float
    b1: float
    w2: float
    b2: float
    d: float
    asks: tuple[str, ...] = ("slope", "intercept", "kink", "yL", "yR")

    @property
    def fields(self) -> Fields:
        return blank(FIELDS, self.asks)

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        asks = fields_named(params, "asks", FIELDS, cls.asks)
        while True:
            sign = rng.choice([-1, 1], 4)
            w1, w2 = rng.choice([0.5, 2]) * sign[0], rng.choice([1.5, 2, 3]) * sign[1]
            b1, b2 = (rng.choice([1, 2, 3], 2) * sign[2:]).tolist()
            made = cls(float(w1), float(b1), float(w2), float(b2), float(rng.choice([1, 2])), asks)
            if abs(b1 / w1) <= 4 and w2 * b1 + b2 and made._small():
                return made

    def _small(self) -> bool:
        return abs(self.w1 * self.w2) * self.d + abs(self.b2) <= 12

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"w1": self.w1, "b1": self.b1, "w2": self.w2, "b2": self.b2, "d": self.d}
        wanted = {*self.asks, *({"kink"} if {"yL", "yR"} & {*self.asks} else ())}
        return Worksheet(givens, tuple(line for line in LINES if line.name in wanted))

    # ── predict, do, see, explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        if self.asks != Collapse.asks:
            return (self._do(asked),)
        guess = card_for(PREDICT, self.w1, self.b1, self.w2, self.b2)

        def frames(seed: int) -> Iterator[Frame | None]:
            return bend_a_sine(seed, foresaw(answers, guess))

        return (
            predict(Words(TASK), the_wave(), ask=guess),
            self._do(asked),
            see(ask=Run("Fit the wave with less and less of a straight line.", frames)),
            explain(ask=card_for(WHY, self.w1, self.b1, self.w2)),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """What was found so far: the straight line, and the three places of the bent one."""
        known = self.worksheet.run() if not hand else values
        ends = (-6.0, 6.0)
        lines = [Series("first layer, z", tuple((x, self.w1 * x + self.b1) for x in ends))]
        if {"slope", "intercept"} <= known.keys():
            drawn = tuple((x, known["slope"] * x + known["intercept"]) for x in ends)
            lines.append(Series("without a squash", drawn))
        kink = known.get("kink")
        if kink is not None and {"yL", "yR"} <= known.keys():
            at = self.w2 * relu(self.w1 * kink + self.b1) + self.b2
            bent = ((kink - self.d, known["yL"]), (kink, at), (kink + self.d, known["yR"]))
            lines.append(Series("with ReLU", bent))
        marks = [] if kink is None else [(kink, 0.0, "kink")]
        for name, side, label in (("yL", -1, "left"), ("yR", 1, "right")):
            if kink is not None and name in known:
                marks.append((kink + side * self.d, known[name], label))
        says = "The first layer, and what you found in its place: the line, the kink, the two heights."
        return (Curve(tuple(lines), "x", "y", says, marks=tuple(marks), window=(-12.0, 12.0)),)

    def _do(self, asked: frozenset[str]) -> Step:
        w1, b1, w2, b2, d = map(number, (self.w1, self.b1, self.w2, self.b2, self.d))
        wants = {*self.asks}
        said = [f"First layer: **w₁ = {w1}, b₁ = {b1}**. Second layer: **w₂ = {w2}, b₂ = {b2}**."]
        if wants & {"slope", "intercept"}:
            said.append("Without a squash the two are one line, slope·x + constant.")
        if wants & {"kink", "yL", "yR"}:
            said.append("With a ReLU on the first layer the line gets a kink.")
        if wants & {"yL", "yR"}:
            said.append(f"Find y at {d} to its left and at {d} to its right.")
        return do(
            Words(" ".join(said)),
            ask=self.numbers("Work it out.", asked, "One row for each number that is asked for."),
        )


TASK = (
    "A net with one hidden layer of 8 units is to follow a wave. Below 0 its squash has the slope α: "
    "with α = 1 there is no squash at all, with α = 0 it is ReLU."
)

PREDICT = (
    Choice(
        "α goes from 1 to 0.9, hardly a bend. How much better does the best of 20 nets fit?",
        (
            wrong("not at all", "A bend of a tenth is still a bend: eight of them together already curve."),
            wrong(
                "a little: its error falls by a tenth", "The size of the bend is not the size of the effect."
            ),
            right(
                "a lot: its error falls to a tenth or less",
                "Any bend at all ends the collapse; the weights scale it up as needed.",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "α stays 1, and the 8 units become 64. How much better does the best of 20 nets fit?",
        (
            right("not at all", "Without a bend 64 units are one straight line, as 8 units are."),
            wrong(
                "a little: its error falls by a tenth",
                "A sum of 64 straight lines is the same straight line.",
                "slopes-added",
            ),
            wrong(
                "a lot: its error falls to a tenth or less",
                "That takes a bend. With α = 1 there is none.",
                "squash-skipped",
            ),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "A net without squashes draws a straight line. What lets it bend?",
        (
            right(
                "a bend between the layers, such as ReLU or tanh",
                "Any bend between two layers keeps them from melting into one.",
            ),
            wrong(
                "fifty layers more", "Fifty linear layers are one linear layer, with more numbers to store."
            ),
            wrong(
                "a hundred units more in the hidden layer",
                "A sum of a hundred straight lines is a straight line.",
            ),
        ),
    ),
    Choice(
        "Slope 1 above 0 and 0.9 below: why does that bend?",
        (
            wrong("0.9 is close enough to 0", "It is close to 1. What counts is that it is not 1."),
            right(
                "two slopes are a bend, and weights scale it up",
                "Eight small bends, each as large as its weights make it, already curve.",
            ),
            wrong("it squashes everything below 0 away", "It keeps nine tenths of it."),
        ),
    ),
    Choice(
        "Two linear layers are one. What becomes of their biases?",
        (
            wrong("they keep the layers apart", "A bias shifts a line. It does not bend it."),
            wrong("they cancel each other", "They add up: w₂·b₁ + b₂."),
            right(
                "they melt into one constant", "w₂·b₁ + b₂: the inner one passes through the second weight."
            ),
        ),
    ),
)
