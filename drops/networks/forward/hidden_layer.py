"""Three neurons side by side.   x = (2, −1)  →  z = (1.5, −2, 0.5)  →  h = (1.5, 0, 0.5)

Each unit is the neuron of drop 1 with a row of W₁ and a bias of its own. One of the three
is silent at the drawn input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Choice, Field, Option, Piece, Show, Step, Wires, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import whole
from drops.exercises.sheets import SUB, Fields, pair
from drops.exercises.steps import do, explain, foresaw, predict, right, see, shuffled, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values
from drops.networks.forward.net231 import (
    NAMES,
    engine,
    givens,
    hidden_table,
    one_silent,
    trace,
    values,
    wires,
)
from drops.networks.forward.net231_figures import sweep
from drops.networks.nets import relu
from drops.networks.traced import TracedWorksheet, traced
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

UNITS = (1, 2, 3)


def _s(v: Values) -> float:
    """The weighted sum without its bias."""
    return v["u1"] * v["x1"] + v["u2"] * v["x2"]


def _lines(j: int) -> tuple[Line, Line]:
    """z and h of unit j, under the short names u1, u2, b, z; t1, t2 are W₁ read down its columns."""
    flat = [f"w{k}{i}" for k in UNITS for i in (1, 2)]
    own = {"u1": f"w{j}1", "u2": f"w{j}2", "b": f"b{j}", "t1": flat[j - 1], "t2": flat[j + 2]}
    # fmt: off
    return (
        Line(
            f"z1[{j}]", f"z{SUB[j]}", traced, "{u1}·{x1} + {u2}·{x2} + {b}", f"row {j} of W₁ · x + b₁[{j}]",
            "z", own),
        Line(
            f"h1[{j}]", f"h{SUB[j]}", traced, "relu({z})", f"relu(z{SUB[j]})", "h", {**own, "z": f"z1[{j}]"}),
    )
    # fmt: on


# ── what people do instead ────────────────────────────────────────────────────────────────


def _z(rule: Rule) -> Mapping[str, Rule]:
    return {"z": rule}


def _h(rule: Rule) -> Mapping[str, Rule]:
    return {"h": rule}


# fmt: off
MISCONCEPTIONS = {
    "no-bias": Misconception(
        "the bias was left out", "the sum stops at {u1}·{x1} + {u2}·{x2}",
        "Every unit adds its own bias before the squash.", _z(_s)),
    "bias-multiplied": Misconception(
        "the bias was multiplied", "the sum is multiplied by the bias {b}",
        "The bias is added once: it has no input of its own.", _z(lambda v: _s(v) * v["b"])),
    "transposed": Misconception(
        "W₁ was read down its columns", "the table is read downwards, which gives the weights {t1} and {t2}",
        "Unit j uses row j of W₁, and nothing else of it.",
        _z(lambda v: v["t1"] * v["x1"] + v["t2"] * v["x2"] + v["b"])),
    "inputs-crossed": Misconception(
        "the inputs changed places", "{u1} meets x₂ and {u2} meets x₁",
        "Column 1 belongs to x₁, column 2 to x₂.",
        _z(lambda v: v["u1"] * v["x2"] + v["u2"] * v["x1"] + v["b"])),
    "sign-dropped": Misconception(
        "minus signs were lost", "both products are taken as positive",
        "A minus in a weight or an input stays; two of them make a plus.",
        _z(lambda v: abs(v["u1"] * v["x1"]) + abs(v["u2"] * v["x2"]) + v["b"])),
    "relu-skipped": Misconception(
        "the squash was left out", "ReLU is skipped and z = {z} passes on",
        "h = max(0, z): a negative z becomes 0.", _h(lambda v: v["z"])),
    "relu-abs": Misconception(
        "the sign was removed instead of cutting off at 0", "the size of z = {z} is taken",
        "ReLU does not flip a negative z; it makes it 0.", _h(lambda v: abs(v["z"]))),
    "relu-keeps-negative": Misconception(
        "the wrong half was kept", "the negative half passes and the positive one is cut",
        "h = max(0, z): positive stays, negative becomes 0.", _h(lambda v: min(0.0, v["z"]))),
    "relu-as-step": Misconception(
        "fire or not instead of how much", "1 is written for a firing unit and 0 for a silent one",
        "A firing unit hands on z itself.", _h(lambda v: float(v["z"] > 0))),
    "relu-before-bias": Misconception(
        "the squash came before the bias", "the sum is squashed first and the bias {b} added afterwards",
        "Sum, then bias, then ReLU, once.", _h(lambda v: relu(_s(v)) + v["b"])),
    "relu-on-each-term": Misconception(
        "each product was squashed by itself", "both products go through ReLU before they are added",
        "Add everything first; ReLU sees only z.",
        _h(lambda v: relu(v["u1"] * v["x1"]) + relu(v["u2"] * v["x2"]) + v["b"])),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class HiddenLayer(Exercise):
    x: tuple[float, float]
    W1: tuple[tuple[float, float], ...]  # (3, 2)
    b1: tuple[float, ...]
    W2: tuple[float, ...]
    b2: float
    units: tuple[int, ...] = UNITS  # the units asked

    kind = "hidden-layer"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """One silent unit. `units = 2` in `params` asks the silent one and one that fires."""
        drawn = one_silent(rng)
        made = cls(drawn.x[0], drawn.W1, drawn.b1, drawn.W2, drawn.b2)
        if whole(params, "units", 2, 3) != 2:
            return made
        awake = [j for j in UNITS if j != made.silent]
        pair = sorted((made.silent, awake[int(rng.integers(2))]))
        return cls(drawn.x[0], drawn.W1, drawn.b1, drawn.W2, drawn.b2, tuple(pair))

    @property
    def silent(self) -> int:
        """The unit whose z is negative."""
        return int(np.argmin(trace(self, self.x)["z1"])) + 1

    @property
    def fields(self) -> Fields:
        return tuple(
            Field(f"{c}1[{j}]", f"{c}{SUB[j]}", example="−1.7" if c == "z" else "1.7")
            for j in self.units
            for c in "zh"
        )

    @cached_property
    def worksheet(self) -> TracedWorksheet:
        given = {**givens(self), "x1": self.x[0], "x2": self.x[1]}
        return TracedWorksheet(
            engine(self), self.x, given, tuple(line for j in self.units for line in _lines(j))
        )

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        here = Words(f"The input is x = {pair(self.x)}.")
        ask = self.numbers("Sum, bias, ReLU, row by row.", asked, "z and h, unit by unit.")
        work = do(here, hidden_table(self), ask=ask)
        if self.units != UNITS:
            return (work,)
        guess = self._predict()
        flow = wires(self, "The numbers on their way through the network.", values(self, self.x))
        return (
            predict(here, hidden_table(self), *self.picture({}, "z"), ask=guess),
            work,
            see(Words(foresaw(answers, guess)), flow, sweep(self, self.x)),
            explain(ask=self._explain()),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The layer with what was found in its units: z below, h above. A z lights the wires into it."""
        blanks: dict[Piece, str] = {}
        for j in self.units:
            blanks |= {("unit", 1, j - 1): f"h1[{j}]", ("under", 1, j - 1): f"z1[{j}]"}
            blanks |= {("wire", 0, j - 1, i): f"z1[{j}]" for i in (0, 1)}
        told = "The layer with what is known so far."
        return (
            Wires(
                NAMES[:2],
                (self.W1,),
                (self.x, tuple(values.get(f"h1[{j}]") for j in UNITS)),
                told,
                lit=tuple((0, j - 1, i) for j in UNITS for i in (0, 1) if hand == f"z1[{j}]"),
                under={(1, j - 1): ("z", values.get(f"z1[{j}]")) for j in UNITS},
                blanks=blanks,
                hand=hand,
            ),
        )

    def _predict(self) -> Choice:
        signs = "Look at the signs only: pluses push a unit up, minuses hold it down."
        right = {j: f"Added up, its products and its bias end below 0: h{SUB[j]} = 0." for j in UNITS}
        wrong = {j: f"h{SUB[j]} fires: what pushes it up outweighs what holds it down." for j in UNITS}
        return Choice(
            f"Which unit will be silent at this input, with h = 0? {signs}",
            tuple(
                Option(f"h{SUB[j]}", j == self.silent, (right if j == self.silent else wrong)[j])
                for j in UNITS
            ),
            confidence=True,
        )

    def _explain(self) -> Choice:
        j = self.silent
        v = {**givens(self), "x1": self.x[0], "x2": self.x[1]}
        s = v[f"w{j}1"] * v["x1"] + v[f"w{j}2"] * v["x2"]
        return shuffled(
            Choice(
                f"h{SUB[j]} is silent at this input. What would wake it up?",
                (
                    right(
                        f"a bias above {number(-s)}",
                        f"Its products add up to {number(s)}; a larger bias lifts z above 0.",
                    ),
                    wrong(
                        f"a larger weight from h{SUB[j]} to ŷ",
                        f"That weight acts on h{SUB[j]} later on. It multiplies 0 and cannot wake it.",
                        "wakes-from-behind",
                    ),
                    wrong(
                        "nothing: a silent unit is gone for good",
                        "It is silent for this input. Its weights remain; another input may fire it.",
                        "dead-is-deleted",
                    ),
                ),
            ),
            self.W1,
        )
