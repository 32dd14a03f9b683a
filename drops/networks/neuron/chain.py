"""A chain of layers.   x = 2   →   h₁ = relu(1·2 − 3) = 0   →   h₂ = relu(2·0 + 1) = 1   →   y = −1

And what such a stack counts: its parameters, and the layers that are left when two weights
without a squash between them melt into one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Bar, Bars, Choice, Field, Option, Show, Step, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import fields_named
from drops.exercises.sheets import SUB, Fields, blank
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values
from drops.networks.nets import bare, layered, relu, stacked
from drops.networks.neuron.chain_figures import conveyor, table_of
from drops.networks.traced import TracedWorksheet, traced
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

FIELDS = (
    Field("h1", "h₁", example="4.5"),
    Field("h2", "h₂", example="5.5"),
    Field("yhat", "ŷ", example="−4.5"),
    Field("params", "parameters", example="90"),
    Field("eff", "effective layers", example="7"),
)
SIZES = ("n0", "n1", "n2", "n3")


def _z(v: Values) -> float:
    return v["w"] * v["i"] + v["b"]


def _products(v: Values) -> float:
    return sum(v[a] * v[b] for a, b in pairwise(SIZES))


def _count(v: Values) -> float:
    return _products(v) + sum(v[n] for n in SIZES[1:])


def _sum(name: str, label: str, layer: int, comes_in: str) -> Line:
    reads = {"w": f"w{layer}", "b": f"b{layer}", "i": comes_in}
    symbols = f"w{SUB[layer]}·{INTO[layer]} + b{SUB[layer]}"
    return Line(name, label, traced, "{w}·{i} + {b}", symbols, "z", reads)


INTO = ("", "x", "h₁", "h₂")
# fmt: off
STACK = (
    _sum("z1", "z₁", 1, "x"),
    Line(
        "h1", "h₁", traced, "relu({w}·{i} + {b})", "relu(w₁·x + b₁)", "h",
        {"z": "z1", "w": "w1", "i": "x", "b": "b1"}),
    _sum("z2", "z₂", 2, "h1"),
    Line(
        "h2", "h₂", traced, "relu({w}·{i} + {b})", "relu(w₂·h₁ + b₂)", "h",
        {"z": "z2", "w": "w2", "i": "h1", "b": "b2"}),
    _sum("yhat", "ŷ", 3, "h2"),
)
COUNTS = (
    Line(
        "params", "parameters", _count, "({n0}·{n1} + {n1}) + ({n1}·{n2} + {n2}) + ({n2}·{n3} + {n3})",
        "in·out + out, summed over the layers"),
    Line(
        "eff", "effective layers", lambda v: v["squashes"] + 1, "squashes between ({squashes}) + 1",
        "squashes between + 1", code="{squashes} + 1"),
)
# fmt: on

# ── what people do instead ────────────────────────────────────────────────────────────────

HANDED_ON = "Each layer sees only what the layer before it hands over."
SQUASHED = "Every hidden layer squashes its sum; the last one hands its sum out as it is."
COUNTED = "Each layer has in·out weights and one bias for each unit it owns."
MELTED = "Weights without a squash between them melt into one: count the squashes between, plus 1."


def _again(layer: int) -> Rule:
    return lambda v: v[f"w{layer}"] * v["x"] + v[f"b{layer}"]


# fmt: off
MISCONCEPTIONS = {
    "reads-x-again": Misconception(
        "every layer was given x", "x = {x} goes in again instead of what came out before", HANDED_ON,
        {"z2": _again(2), "yhat": _again(3)}),
    "squash-skipped": Misconception(
        "the squash was left out", "the sum {z} goes on as it is", SQUASHED, {"h": lambda v: v["z"]}),
    "squash-on-output": Misconception(
        "the output was squashed too", "relu is taken of the last sum as well", SQUASHED,
        {"yhat": lambda v: relu(_z(v))}),
    "squash-only-last": Misconception(
        "only the last sum was squashed", "the hidden sums go on as they are and relu comes at the end",
        SQUASHED, {"h": lambda v: v["z"], "yhat": lambda v: relu(_z(v))}),
    "no-bias": Misconception(
        "the biases were left out", "nothing is added to {w}·{i}", "Each layer adds its own bias.",
        {"z": lambda v: v["w"] * v["i"]}),
    "params-no-bias": Misconception(
        "the biases were not counted", "only the weights are counted", COUNTED, {"params": _products}),
    "params-input-bias": Misconception(
        "the inputs were given biases", "the {n0} inputs are counted as if they had biases", COUNTED,
        {"params": lambda v: _count(v) + v["n0"]}),
    "params-nodes": Misconception(
        "the nodes were counted", "the boxes of the picture are counted: {n0} + {n1} + {n2} + {n3}",
        COUNTED, {"params": lambda v: sum(v[n] for n in SIZES)}),
    "params-one-bias-per-layer": Misconception(
        "one bias was counted per layer", "each layer gets one bias instead of one for each unit", COUNTED,
        {"params": lambda v: _products(v) + 3}),
    "params-product": Misconception(
        "the sizes were multiplied", "all sizes are multiplied with each other", COUNTED,
        {"params": lambda v: math.prod(v[n] for n in SIZES)}),
    "eff-counts-all": Misconception(
        "every weight table was counted", "all {tables} weight tables count, squash or not", MELTED,
        {"eff": lambda v: v["tables"]}),
    "eff-counts-squashes": Misconception(
        "the squashes were counted", "only the squashes count ({squashes}); the last layer is forgotten",
        MELTED, {"eff": lambda v: v["squashes"]}),
}
# fmt: on

# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Chain(Exercise):
    """A 1-1-1-1 net with its input, the sizes of another net, and a row of squashes.

    `asks` may name fewer fields: the chain ("h1", "h2", "yhat"), ("params",) or ("eff",).
    """

    kind = "chain"
    misconceptions = MISCONCEPTIONS

    w: tuple[float, float, float]
    b: tuple[float, float, float]
    x: float
    sizes: tuple[int, int, int, int]
    squashed: tuple[bool, ...]  # between one weight table and the next: is there a squash?
    asks: tuple[str, ...] = ("h1", "h2", "yhat", "params", "eff")

    @property
    def fields(self) -> Fields:
        return blank(FIELDS, self.asks)

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        asks = fields_named(params, "asks", FIELDS, cls.asks)
        squashes = int(rng.integers(1, 4))  # first, so that no count of layers is the likely one
        gaps = int(rng.integers(squashes + 1, 5))
        pattern = rng.permutation([True] * squashes + [False] * (gaps - squashes)).tolist()
        sizes = (int(rng.integers(2, 5)), int(rng.integers(3, 6)), int(rng.integers(2, 4)), 1)
        while True:
            w = (rng.choice([1, 2], 3) * rng.choice([-1, 1], 3)).astype(float).tolist()
            b = (rng.choice([1, 2, 3], 3) * rng.choice([-1, 1], 3)).astype(float).tolist()
            x = float(rng.choice([1, 2, 3]) * rng.choice([-1, 1]))
            made = cls((w[0], w[1], w[2]), (b[0], b[1], b[2]), x, sizes, tuple(pattern), asks)
            if made._telling():
                return made

    def _telling(self) -> bool:
        """One of the hidden sums is negative, and the output too: each squash makes a difference."""
        (w1, w2, w3), (b1, b2, b3) = self.w, self.b
        z1 = w1 * self.x + b1
        z2 = w2 * relu(z1) + b2
        return z1 * z2 < 0 and -12 <= w3 * relu(z2) + b3 < 0

    @cached_property
    def worksheet(self) -> TracedWorksheet:
        givens = {f"w{i}": w for i, w in enumerate(self.w, 1)} | {f"b{i}": b for i, b in enumerate(self.b, 1)}
        givens |= dict(zip(SIZES, map(float, self.sizes), strict=True))
        givens |= {"x": self.x, "squashes": float(sum(self.squashed))}
        givens |= {"tables": float(len(self.squashed) + 1)}
        stack = STACK if "yhat" in self.asks else ()
        net = layered([([[w]], [b]) for w, b in zip(self.w, self.b, strict=True)])
        return TracedWorksheet(net, (self.x,), givens, (*stack, *(c for c in COUNTS if c.name in self.asks)))

    # ── predict, do, see, explain ──

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        if self.asks != Chain.asks:
            return (self._do(asked),)
        pictures = (conveyor(self.w, self.b, self.x), table_of(self.sizes))
        guess = card_for(PREDICT, self.w, self.b, self.x)
        stack = next(s for s, card in zip(PATTERNS, PREDICT, strict=True) if card.prompt == guess.prompt)
        return (
            predict(stacked(stack), ask=guess),
            self._do(asked),
            see(Words(foresaw(answers, guess)), *pictures),
            explain(ask=card_for(WHY, self.w, self.b, self.sizes)),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The chain with what was found in its units; or the other net, or the stack, that is asked about."""
        if hand == "params" or self.asks == ("params",):
            sizes = "-".join(map(str, self.sizes))
            return (bare(self.sizes, f"The net {sizes}: every unit hears every unit before it."),)
        if hand == "eff" or self.asks == ("eff",):
            return (stacked("W " + " ".join("relu W" if squash else "W" for squash in self.squashed)),)
        at = {"h1": 0, "h2": 1, "yhat": 2}
        return (
            Wires(
                (("x",), ("h₁",), ("h₂",), ("ŷ",)),
                tuple(((w,),) for w in self.w),
                ((self.x,), *((values.get(name),) for name in at)),
                "One unit a layer, with what is known so far.",
                lit=((at[hand], 0, 0),) if hand in at else (),
                biases=tuple((b,) for b in self.b),
                blanks={("unit", i + 1, 0): name for name, i in at.items()}
                | {("wire", i, 0, 0): name for name, i in at.items()},
                hand=hand,
            ),
            Bars(
                (Bar("x", self.x), *(Bar(self._label(n), values.get(n, math.nan)) for n in at)),
                "What runs along the chain.",
            ),
        )

    @staticmethod
    def _label(name: str) -> str:
        return next(field.label for field in FIELDS if field.name == name)

    def _do(self, asked: frozenset[str]) -> Step:
        said = []
        if "yhat" in self.asks:
            layers = "; ".join(
                f"w{SUB[i]} = {number(w)}, b{SUB[i]} = {number(b)}"
                for i, (w, b) in enumerate(zip(self.w, self.b, strict=True), 1)
            )
            said.append(
                f"One unit a layer, ReLU on h₁ and h₂, none on ŷ: **{layers}**. "
                f"Input **x = {number(self.x)}**."
            )
        if "params" in self.asks:
            sizes = "-".join(map(str, self.sizes))
            said.append(f"Another net has the sizes **{sizes}**: how many parameters?")
        if "eff" in self.asks:
            row = "W " + " ".join("relu W" if squash else "W" for squash in self.squashed)
            said.append(f"And a stack **{row}**: how many layers does it come to?")
        return do(
            Words("\n\n".join(said)),
            ask=self.numbers("Work it out.", asked, "One row for each number that is asked for."),
        )


PATTERNS = ("W relu W W", "W W relu W", "W relu W W W", "W relu W W relu W", "W W relu W relu W",
            "W relu W relu W", "W relu W relu W relu W", "W relu W relu W W relu W")  # fmt: skip


def _melted(stack: str) -> Choice:
    """How many layers a stack of tables W comes to."""
    tables, squashes = stack.count("W"), stack.count("relu")
    between = f"{squashes} squash{'es' * (squashes > 1)}"
    told = f"{stack}: {tables} tables, {between} between. {squashes + 1} are left."
    options = (
        Option(f"{n}", n == squashes + 1, told, "eff-counts-all" if n == tables else "eff-counts-squashes")
        for n in (2, 3, 4)
    )
    return Choice(
        f"Tables with no squash between them melt into one. How many layers does {stack} come to?",
        tuple(replace(one, diagnoses="") if one.right else one for one in options),
        confidence=True,
    )


PREDICT = tuple(map(_melted, PATTERNS))

WHY = (
    Choice(
        "You add a layer and no squash before it. What have you bought?",
        (
            right(
                "more parameters, and no function that was out of reach before",
                "The two tables multiply into one. The net stores more and can do the same.",
            ),
            wrong(
                "more bends, because there are more layers",
                "Bends come from squashes. A layer without one adds none.",
            ),
            wrong(
                "nothing at all: it has no parameters of its own",
                "It has weights and biases, and they are trained. They only add nothing new.",
            ),
        ),
    ),
    Choice(
        "You put a squash between two tables that had none. What have you bought?",
        (
            wrong("more parameters, one for each unit", "A squash stores nothing."),
            right(
                "bends, and not a single parameter",
                "The tables no longer melt, and the net holds as many numbers as before.",
            ),
            wrong(
                "nothing, as squashes are not trained",
                "They are not. And still the net can do now what it could not.",
            ),
        ),
    ),
    Choice(
        "You take out a squash and keep both tables around it. What have you lost?",
        (
            wrong("nothing: all the weights are still there", "They are, and they melt into one table."),
            wrong("half of the parameters", "No table has gone. A squash stores nothing."),
            right(
                "bends: the two tables are one layer now",
                "As many numbers as before, and one layer less that counts.",
            ),
        ),
    ),
)
