"""How much signal comes back through sigmoid layers.   w = (2, −2, 3)   →   3 layers

slope of σ at 0: 0.25    the slopes multiplied: 0.25³ = 0.015625
the whole chain: −12 · 0.015625 = −0.188    the same chain with active ReLUs: −12
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log10, nan, prod
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Bar, Bars, Choice, Field, Knob, Option, Run, Show, Step, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import whole
from drops.exercises.sheets import SUB
from drops.exercises.sketches import Axes, Instead, Sketch, a_curve
from drops.exercises.steps import (
    card_for,
    do,
    explain,
    picked,
    predict,
    right,
    seen_then_run,
    shuffled,
    wrong,
)
from drops.exercises.worksheet import Line, Misconception, Rule, Values, Worksheet
from drops.networks.depth import slow_training
from drops.networks.nudged import nudgeable
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

_WEIGHTS = (1, 2, 3, -2)


FIELDS = (
    Field("slope", "steepest slope of σ", example="0.4"),
    Field("product", "all slopes multiplied", tolerance=0.0005, example="1/40"),
    Field("chain", "whole chain", tolerance=0.0005, example="−3/40"),
    Field("relu", "chain with active ReLUs", example="−2.5"),
)


def _through(values: Values) -> float:
    """The product of the weights: what one unit of signal becomes where every slope is 1."""
    return prod(values[name] for name in values if name.startswith("w"))


def _added(values: Values) -> float:
    return sum(values[name] for name in values if name.startswith("w"))


# ── what people do instead ────────────────────────────────────────────────────────────────


def _chain(weights: Rule) -> Mapping[str, Rule]:
    """A rule for what the weights contribute, swapped in for both chains."""
    return {"chain": lambda v: weights(v) * v["product"], "relu": weights}


FIXES: tuple[tuple[str, str], ...] = (  # fix → what the option says
    ("relu-he", "ReLU in the hidden layers, started with He"),
    ("tanh-xavier", "tanh in the hidden layers, started with Xavier"),
    ("more-epochs", "three times as many steps"),
    ("raise-lr", "ten times the learning rate"),
    ("more-layers", "two more sigmoid layers"),
    ("change-output-squash", "a ReLU at the output instead of the sigmoid"),
)


_MISSES = {  # fixes that miss the cause, as misconceptions
    "more-epochs": "more steps instead of a repair",
    "raise-lr": "a higher rate instead of a repair",
    "more-layers": "more of what fades the signal",
    "change-output-squash": "repairing the output, which was sound",
}


# fmt: off
MISCONCEPTIONS = {
    "derivative-is-half": Misconception(
        "the value taken for the slope", "σ(0) = {slope} stands where its slope should",
        "At 0 the sigmoid's value is 0.5, but it climbs by only 0.25 per unit.", {"slope": lambda _: 0.5}),
    "derivative-is-one": Misconception(
        "a slope of 1", "the sigmoid passes everything through: slope {slope}",
        "That is an active ReLU. The sigmoid's slope is σ·(1 − σ), 0.25 at most.", {"slope": lambda _: 1.0}),
    "added-not-multiplied": Misconception(
        "slopes added", "the slopes are added: {k}·0.25",
        "Each layer passes on a share of what reached it, so shares multiply.",
        {"product": lambda v: v["k"] * v["slope"]}),
    "one-layer-short": Misconception(
        "one layer short", "the slope is multiplied one time too few",
        "Count the squashes on the way back: one slope for each layer.",
        {"product": lambda v: v["slope"] ** (v["k"] - 1)}),
    "weights-forgotten": Misconception(
        "weights forgotten", "only the slopes count and every weight is taken as 1",
        "On the way back the signal crosses every weight too: multiply by each.", _chain(lambda _: 1.0)),
    "weights-added": Misconception(
        "weights added", "the weights are added, to {relu}",
        "The signal crosses the weights one after the other, so they multiply.", _chain(_added)),
    "sign-dropped": Misconception(
        "a minus lost", "the minus signs are dropped", "An odd number of negative weights leaves a minus.",
        _chain(lambda v: abs(_through(v)))),
    "relu-halves": Misconception(
        "ReLU shrinks too", "each active ReLU halves the signal",
        "An active ReLU has slope 1: nothing is lost in it.",
        {"relu": lambda v: _through(v) * 0.5 ** v["k"]}),
    **{name: Misconception(title, title, slow_training.FIX_SAYS[name]) for name, title in _MISSES.items()},
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Vanishing(Exercise):
    weights: tuple[int, ...]
    hidden: int  # hidden layers of the inherited net
    seed: int  # of the nets that are shown

    kind = "vanishing"
    fields = FIELDS
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        while True:  # ends: about one try in four has a negative product of the right size
            k = whole(params, "layers", 2, 4) or int(rng.integers(2, 5))
            weights = tuple(int(w) for w in rng.choice(_WEIGHTS, k))
            hidden, seed = int(rng.integers(5, 8)), int(rng.integers(1, 10_000))
            if not (prod(weights) < 0 and 2 <= -prod(weights) <= 18):
                continue
            if (
                slow_training.front_to_back(hidden, "sigmoid", seed) < 1 / 200
            ):  # else "smallest" is a matter of luck
                return cls(weights, hidden, seed)

    @cached_property
    def worksheet(self) -> Worksheet:
        givens = {"k": float(len(self.weights))} | {f"w{i + 1}": float(w) for i, w in enumerate(self.weights)}
        names = "·".join(f"{{w{i + 1}}}" for i in range(len(self.weights)))
        slopes = "·".join(["{slope}"] * len(self.weights))
        # fmt: off
        return Worksheet(
            givens,
            (
                Line(
                    "slope", "steepest slope of σ", lambda _: 0.25, "0.5·(1 − 0.5)",
                    "σ·(1 − σ) with σ(0) = 0.5"),
                Line(
                    "product", "all slopes multiplied", lambda v: v["slope"] ** v["k"], slopes,
                    "slope × slope × …, once a layer"),
                Line(
                    "chain", "whole chain", lambda v: _through(v) * v["product"], names + "·{product}",
                    "every weight × the product of the slopes"),
                Line(
                    "relu", "chain with active ReLUs", _through, names,
                    "every weight × slope 1 for each layer"),
            ),
        )
        # fmt: on

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        foreseen, drawn = self._prediction.came_out(answers)
        return (
            predict(
                Words(
                    f"You inherit a net with {self.hidden} hidden layers of 16 **sigmoid** units, fresh "
                    "from its random start. One backward pass gives every layer its gradient."
                ),
                ask=self._prediction.ask,
            ),
            do(
                Words(self._brief()),
                ask=self.numbers(
                    "What is left of the signal?", asked, "The signal on its way back, step by step."
                ),
            ),
            do(
                Words(
                    "The inherited net on another table, two moons of 100 points each: four sigmoid layers, "
                    "plain gradient descent, and after 600 steps a loss of 0.69, that of knowing nothing."
                ),
                slow_training.gauge(slow_training.INHERITED.hidden, "sigmoid", self.seed),
                ask=self._fixes(),
                name="fixes",
            ),
            *seen_then_run((Words(foreseen), drawn), self._repairing(answers)),
            explain(ask=card_for(WHY, self.weights, self.hidden, self.seed)),
        )

    def _repairing(self, answers: Mapping[str, str]) -> Run:
        """The learner's own fixes beside the net as it was found, and which of them went to the cause."""
        chosen = self._chosen(answers)
        return nudgeable(
            "Your fixes beside the net as you found it, from the same start.",
            slow_training.repair_run(chosen, self.seed),
            ("W1[1,1]", "b1[1]"),
            closes=slow_training.judged(chosen),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The layers that the signal comes back through, and how much of it is left, as it was found."""
        del hand
        k = len(self.weights)
        chain = Wires(
            (("·",), *((f"σ{SUB[i + 1]}",) for i in range(k))),
            tuple(((float(w),),) for w in self.weights),
            None,
            f"A signal of 1 comes back through {k} layers.",
        )
        left = [Bar("what arrived", 1.0)]
        left += [Bar(f.label, values.get(f.name, nan)) for f in FIELDS[1:]]
        return chain, Bars(tuple(left), "What is left of a signal of 1, as it was worked out.", log=True)

    def _brief(self) -> str:
        k = len(self.weights)
        listed = ", ".join(number(w) for w in self.weights)
        return (
            f"A signal of 1 comes back through **{k} sigmoid layers** of one unit each. On its way it "
            f"crosses the weights {listed}. Every unit sits at z = 0, where the sigmoid is steepest. "
            "Fractions are welcome."
        )

    @cached_property
    def _prediction(self) -> Sketch:
        """The gradients of three layers, in powers of ten: 0 is that of the layer next to the output."""
        sizes = slow_training.norms(self.hidden, "sigmoid", self.seed)
        powers = tuple(log10(size / sizes[-1]) for size in sizes)
        at = (1, self.hidden // 2 + 1, self.hidden)
        knobs = tuple(Knob(f"at{i}", f"layer {n}", -6, 2, 0.25, -2) for i, n in enumerate(at))
        axes = Axes("layer", "power of ten", tuple(map(float, at)), (-6.0, 2.0))
        real = [(float(n), power) for n, power in enumerate(powers[:-1], 1)]
        return Sketch(
            "Draw each layer's gradient in powers of ten: 0 is as large as at the output, −3 a thousandth.",
            knobs,
            tuple(powers[n - 1] for n in at),
            0.5,
            f"The first layer gets {10 ** -powers[0]:,.0f} times less than the output. Each sigmoid on "
            "the way back keeps a quarter at most.",
            (
                Instead((0.0, 0.0, 0.0), "You gave all layers about the same."),
                Instead(
                    tuple(-powers[self.hidden - n] for n in at),
                    "You had it grow towards the front. The signal comes from the output: the front starves.",
                ),
                Instead(
                    tuple(powers[self.hidden - n] for n in at),
                    "You let the layers at the output starve. The signal comes from there.",
                ),
            ),
            a_curve(axes, "the gradient", real),
        )

    def _fixes(self) -> Choice:
        options = (
            Option(
                text,
                name in slow_training.RIGHT_FIXES,
                slow_training.FIX_SAYS[name],
                "" if name in slow_training.RIGHT_FIXES else name,
            )
            for name, text in FIXES
        )
        return shuffled(Choice("Which two repair the cause?", tuple(options), many=True), self.seed)

    def _chosen(self, answers: Mapping[str, str]) -> tuple[str, ...]:
        """The fixes to run: the learner's own, at most two."""
        names = {text: name for name, text in FIXES}
        fixes = self._fixes()
        chosen = picked(answers, "fixes", fixes)
        return tuple(names[fixes.options[i].text] for i in chosen[:2]) or slow_training.RIGHT_FIXES


WHY = (
    Choice(
        "Ten times the learning rate hardly helps this net. Why?",
        (
            right(
                "All layers' steps grow by the same factor",
                "The front gets thousands of times less than the back. One factor for all leaves it as far "
                "behind as before.",
            ),
            wrong(
                "The learning rate matters only at the output",
                "It scales every layer's step. It just cannot scale the front more than the back.",
                "rate-at-the-output",
            ),
            wrong(
                "The net has too few parameters",
                "With ReLU and the same sizes it learns them. The size was never the trouble.",
                "size-is-the-cure",
            ),
        ),
    ),
    Choice(
        "The loss stays at that of a straight line. Which layers made it so?",
        (
            wrong(
                "The back ones: they learn too fast",
                "They have placed a line, and that is all they can do alone.",
                "rate-at-the-output",
            ),
            right(
                "The front ones: next to nothing reaches them",
                "Bends are made in front, and there the steps are thousands of times smaller.",
            ),
            wrong(
                "None: more units are missing",
                "With ReLU the same sizes learn these rows.",
                "size-is-the-cure",
            ),
        ),
    ),
    Choice(
        "ReLU with a He start repairs this net. What did it change?",
        (
            wrong(
                "The steps became longer",
                "The rate is the same. What comes back is not.",
                "rate-at-the-output",
            ),
            wrong("The net became larger", "Not by a single unit.", "size-is-the-cure"),
            right(
                "Each open gate hands the whole signal back",
                "Slope 1 instead of a quarter at most, and weights that make up for the shut ones.",
            ),
        ),
    ),
)
