"""One step of learning by hand.   ŷ = 3, y = 2   →   g = 2   →   dw = g·h   →   w − lr·dw

Right to left: what arrives, times one's own slope. One hidden unit fires, one is silent;
the learner works out both, one weight into the firing one, and its new value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Field, Option, Piece, Sheet, Show, Step, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import flag
from drops.exercises.sheets import SUB, Fields, pair
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values
from drops.networks.forward.net231 import engine, givens, on_bench, one_silent, trace, values, wires
from drops.networks.forward.net231_figures import nudge, step_size
from drops.networks.traced import TracedWorksheet, traced
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

UNITS = (1, 2, 3)
MISSES = (-1.0, -0.5, 0.5, 1.0)
RATES = (0.01, 0.02)


def _gate(v: Values) -> float:
    return float(v["z"] > 0)


def _stepped(v: Values) -> float:
    return v["w"] - v["lr"] * v["dW"]


# ── what people do instead ────────────────────────────────────────────────────────────────


def _into(rule: Rule) -> Mapping[str, Rule]:
    return {"dz": rule}


# fmt: off
MISCONCEPTIONS = {
    "gradient-sign": Misconception(
        "the miss was taken the other way round", "y − ŷ is doubled instead of ŷ − y",
        "The slope of (ŷ − y)² is 2·(ŷ − y): too high means a positive slope.",
        {"g": lambda v: 2 * (v["y"] - v["yhat"])}),
    "two-forgotten": Misconception(
        "the 2 was forgotten", "the miss alone is passed back: that is the slope of half the square",
        "Our loss has no ½, so its slope is 2·(ŷ − y).", {"g": lambda v: v["yhat"] - v["y"]}),
    "used-z-not-h": Misconception(
        "z was used instead of h", "g meets the sum before the ReLU, z = {z}",
        "A weight into ŷ multiplies h, so h is its local slope; a silent unit's is 0.",
        {"dv": lambda v: v["g"] * v["z"]}),
    "used-weight-not-activation": Misconception(
        "the weight stood in for the activation", "g is multiplied by the weight {v} itself",
        "How fast a weighted product moves with its weight is the other factor: h.",
        {"dv": lambda v: v["g"] * v["v"]}),
    "gate-ignored": Misconception(
        "the gate was ignored", "what arrives passes a silent unit",
        "Where z is below 0 the ReLU is flat: its slope is 0 and nothing passes.",
        _into(lambda v: v["g"] * v["v"])),
    "gate-times-h": Misconception(
        "h was used as the gate", "what arrives is multiplied by h = {h}",
        "The ReLU's slope is 1 where it fires and 0 where it is silent, not h.",
        _into(lambda v: v["g"] * v["v"] * v["h"])),
    "used-updated-w2": Misconception(
        "the new output weight was used", "the output weight has already been stepped to its new value",
        "All gradients come from the old numbers; then every weight moves at once.",
        _into(lambda v: v["g"] * (v["v"] - v["lr"] * v["g"] * v["h"]) * _gate(v))),
    "input-forgotten": Misconception(
        "the input was forgotten", "dz is passed on to the weight as it is",
        "The weight multiplies x, so x is its local slope: dw = dz·x.", {"dW": lambda v: v["dz"]}),
    "wrong-input": Misconception(
        "the other input was taken", "dz meets the input on the other wire, {other}",
        "A weight's gradient uses the input that runs through it.", {"dW": lambda v: v["dz"] * v["other"]}),
    "step-uphill": Misconception(
        "the step went uphill", "the gradient is added", "The gradient points to more loss: subtract it.",
        {"new": lambda v: v["w"] + v["lr"] * v["dW"]}),
    "lr-forgotten": Misconception(
        "the learning rate was forgotten", "the whole gradient is subtracted",
        "Only lr times the gradient is subtracted.", {"new": lambda v: v["w"] - v["dW"]}),
    "step-not-new-weight": Misconception(
        "the step was written, not the weight", "only the change is written down",
        "The new weight is the old one plus the change: w − lr·dw.", {"new": lambda v: -v["lr"] * v["dW"]}),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Backprop(Exercise):
    x: tuple[float, float]
    W1: tuple[tuple[float, float], ...]
    b1: tuple[float, ...]
    W2: tuple[float, ...]
    b2: float
    y: float
    lr: float
    live: int  # the firing unit that is worked out
    i: int  # and the input whose weight into it moves
    brief: bool = False  # as it comes back: without the inner weight and its step

    kind = "backprop"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """One silent unit, a miss of ½ or 1, and a rate at which the whole step helps.

        `brief` in `params` leaves out the inner weight and its step.
        """
        brief = flag(params, "brief")
        while True:
            d = one_silent(rng, most=4.0, among=(-3, -2, 2, 3))
            miss, lr, i = float(rng.choice(MISSES)), float(rng.choice(RATES)), int(rng.integers(1, 3))
            made = cls(d.x[0], d.W1, d.b1, d.W2, d.b2, 0.0, lr, 0, i, brief)
            seen = on_bench(made).trace(list(made.x))
            # a stepped W₂ must show in two decimals: lr·g²·h is what it changes
            awake = [
                j for j in UNITS if seen[f"h1[{j}]"] != 1 and lr * (2 * miss) ** 2 * seen[f"h1[{j}]"] > 0.0101
            ]
            if not awake:
                continue
            made = replace(made, y=seen["yhat[1]"] - miss, live=int(rng.choice(awake)))
            back = on_bench(made).trace(list(made.x), made.y)
            if abs(back[f"dW1[{made.live},{i}]"]) <= 8 and made.helps():
                return made

    @property
    def dead(self) -> int:
        """The silent unit."""
        seen = trace(self, self.x)
        return next(j for j in UNITS if seen[f"z1[{j}]"] < 0)

    def helps(self) -> bool:
        """Whether one whole step at this rate takes at least a fifth off the loss."""
        net = on_bench(self)
        before = net.backward([self.x], [self.y])
        net.theta[...] -= self.lr * net.grad
        return bool(net.loss([self.x], [self.y]) <= 0.8 * before)

    @property
    def fields(self) -> Fields:
        return tuple(
            Field(line.name, line.label, tolerance=0.0005 if line.name == "new" else 0.005, example="−1.7")
            for line in self.worksheet.lines
        )

    @cached_property
    def worksheet(self) -> TracedWorksheet:
        lines = self._lines()[: 5 if self.brief else 7]
        return TracedWorksheet(engine(self), self.x, self._givens(), lines, self.y)

    def _givens(self) -> dict[str, float]:
        seen = trace(self, self.x)
        own = {"x": self.x[self.i - 1], "other": self.x[2 - self.i], "w": self.W1[self.live - 1][self.i - 1]}
        layer = {f"{c}{j}": seen[f"{c}1[{j}]"] for j in UNITS for c in "zh"}
        return {**givens(self), **layer, **own, "yhat": seen["yhat[1]"], "y": self.y, "lr": self.lr}

    def _lines(self) -> tuple[Line, ...]:
        live, i = self.live, self.i
        weight, dz, dW = f"W₁[{live}, {i}]", f"dz1[{live}]", f"dW1[{live},{i}]"

        def reads(j: int) -> dict[str, str]:
            return {"v": f"v{j}", "h": f"h{j}", "z": f"z{j}", "g": "dyhat[1]"}

        def output_weight(j: int) -> Line:
            symbols = f"g·h{SUB[j]}"
            return Line(f"dW2[1,{j}]", f"dW₂[1, {j}]", traced, "{g}·{h}", symbols, "dv", reads(j))

        def unit(j: int) -> Line:
            formula, symbols = f"{{g}}·{{v}}·{int(j == live)}", f"g·W₂[1, {j}]·gate"
            return Line(f"dz1[{j}]", f"dz{SUB[j]}", traced, formula, symbols, "dz", reads(j))

        symbols = f"dz{SUB[live]}·x{SUB[i]}"
        # fmt: off
        return (
            Line("dyhat[1]", "g", traced, "2·({yhat} − {y})", "2·(ŷ − y)", "g"),
            output_weight(self.dead),
            output_weight(live),
            unit(self.dead),
            unit(live),
            Line(dW, f"d{weight}", traced, "{dz}·{x}", symbols, "dW", {**reads(live), "dz": dz}),
            Line(
                "new", f"new {weight}", _stepped, "{w} − {lr}·{dW}", f"{weight} − lr·d{weight}", "new",
                {**reads(live), "dW": dW}),
        )
        # fmt: on

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        ask = self.numbers(
            "Right to left: what arrives, times the local slope. Keep two decimals, and four in a new "
            "weight.",
            asked,
            "Gradients, from the loss back to one weight.",
        )
        work = do(self._told(), self._forward(), ask=ask)
        if self.brief:
            return (work,)
        guess = self._predict()
        seen = (Words(foresaw(answers, guess)), nudge(self, self.live, self.i), step_size(self))
        return (
            predict(self._told(), self._forward(), self._network(), ask=guess),
            work,
            see(*seen),
            explain(ask=card_for(WHY, self.W1, self.x)),
        )

    def _predict(self) -> Choice:
        """What stands still in this step, what moves, or which way the output's bias goes."""
        falls = self._givens()["yhat"] > self.y
        way = "It takes g itself for its gradient, and moves against it."
        bias = Choice(
            "Which way does b₂ move in this step?",
            (
                Option("up", not falls, way, "" if not falls else "step-uphill"),
                Option("down", falls, way, "" if falls else "step-uphill"),
                wrong("it stays", "g is not 0, and b₂ shifts ŷ as a whole."),
            ),
            confidence=True,
        )
        return card_for((*PREDICT, bias, bias), self.W1, self.x)

    def _network(self) -> Wires:
        return wires(self, "The network and what came forward.", values(self, self.x))

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The network with what came forward above and what comes back below; the weight that the blank in
        hand is about is lit."""
        live, dead, i = self.live, self.dead, self.i
        weight = f"dW1[{live},{i}]"
        blanks: dict[Piece, str] = {("under", 2, 0): "dyhat[1]", ("wire", 0, live - 1, i - 1): weight}
        under: dict[tuple[int, int], tuple[str, float | None]] = {(2, 0): ("g", values.get("dyhat[1]"))}
        for j in UNITS:
            under[1, j - 1] = ("dz", values.get(f"dz1[{j}]"))
            if j in (live, dead):
                blanks[("under", 1, j - 1)] = f"dz1[{j}]"
                blanks[("wire", 1, 0, j - 1)] = f"dW2[1,{j}]"
        ways = {"new": (0, live - 1, i - 1), weight: (0, live - 1, i - 1)}
        ways |= {f"{name}[{k}{j}]": (1, 0, j - 1) for name, k in (("dz1", ""), ("dW2", "1,")) for j in UNITS}
        says = "The network: forward above, backward below."
        seen = trace(self, self.x)
        forward = (self.x, tuple(seen["h1"].tolist()), (seen["yhat[1]"],))
        lit = (ways[hand],) if hand in ways else ()
        return (wires(self, says, forward, lit=lit, under=under, blanks=blanks, hand=hand),)

    def _told(self) -> Words:
        at = self._givens()
        return Words(
            f"x = {pair(self.x)}, ŷ = {number(at['yhat'])}, target y = {number(self.y)}, "
            f"learning rate lr = {number(self.lr)}."
        )

    def _forward(self) -> Sheet:
        """The network and its forward pass, one row a unit, as drops 6 and 7 left it."""
        at, names = self._givens(), ("w{}1", "w{}2", "b{}", "z{}", "h{}", "v{}")
        rows = tuple((f"h{SUB[j]}", *(number(at[name.format(j)]) for name in names)) for j in UNITS)
        told = "; ".join(
            f"{r[0]}: weights {r[1]} and {r[2]}, bias {r[3]}, z {r[4]}, h {r[5]}, into ŷ {r[6]}" for r in rows
        )
        return Sheet(("unit", "from x₁", "from x₂", "bias", "z", "h", "into ŷ"), rows, f"{told}.")


PREDICT = (
    Choice(
        "One of the three units is silent. How many of the 13 gradients are exactly 0?",
        (
            wrong(
                "none: every number shares the blame",
                "Where the ReLU is silent nothing passes, and what multiplies h = 0 cannot move ŷ.",
                "gate-ignored",
            ),
            wrong(
                "3: its two weights and its bias",
                "Those three, and its weight into ŷ too: that one multiplies h = 0.",
                "used-z-not-h",
            ),
            right(
                "4: its two weights, its bias, and its weight into ŷ",
                "Nothing passes back through a silent unit, and its weight into ŷ multiplies h = 0.",
            ),
        ),
        confidence=True,
    ),
    Choice(
        "One of the three units is silent. How many of the 9 weights move in this step?",
        (
            wrong(
                "all 9", "The silent unit's gate is shut, and its h is 0: three of them stay.", "gate-ignored"
            ),
            wrong(
                "7: the silent unit's own two stay",
                "Those two, and its weight into ŷ too: it multiplies h = 0.",
                "used-z-not-h",
            ),
            right("6: all but the silent unit's three", "Two lead into it and one leads on from it."),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "Why does the loss rise again at the right end of the slider?",
        (
            right(
                "the step lands beyond the lowest point",
                "The gradient is the slope right here. Far enough along, the ground rises: it overshoots.",
            ),
            wrong(
                "the gradient was wrong",
                "The nudge test has just confirmed it. It holds near here, not for any distance.",
                "gradient-wrong",
            ),
            wrong(
                "more steps are needed at a large rate",
                "A step that overshoots lands higher, where the next gradient and the next step are larger.",
                "more-steps-cure",
            ),
        ),
    ),
    Choice(
        "Why does the loss fall at the left end of the slider?",
        (
            wrong(
                "any step lowers it",
                "At the right end it rises. A short step downhill lowers it.",
                "more-steps-cure",
            ),
            right(
                "short steps stay where the slope holds",
                "The gradient is the slope right here, and near here it tells the truth.",
            ),
            wrong(
                "the gradient is 0 there",
                "It is the same gradient along the whole slider. Only the rate changes.",
                "gradient-wrong",
            ),
        ),
    ),
    Choice(
        "What did the nudge of one weight show?",
        (
            wrong(
                "the best value of that weight",
                "It moved by a thousandth. That tells a slope and no goal.",
                "gradient-is-new-weight",
            ),
            wrong(
                "that this step lowers the loss",
                "Whether it does is up to the rate, too.",
                "fall-proves-gradient",
            ),
            right(
                "that the gradient is the slope of the loss",
                "The change of the loss, divided by the nudge, is the gradient.",
            ),
        ),
    ),
)
