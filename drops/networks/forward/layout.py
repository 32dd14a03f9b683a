"""A 2-3-1 network read from its wires.   x₂ → h₁: −1.5   →   W₁[1, 2] = −1.5

Thirteen different numbers, listed wire by wire in any order; the learner finds cells by
address. As no number occurs twice, a wrong one tells where it was taken from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from drops.exercises.blocks import Beside, Choice, Field, Sheet, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.tree import Value
from drops.exercises.params import fields_named
from drops.exercises.script import ScriptLines
from drops.exercises.sheets import SUB, Fields
from drops.exercises.steps import card_for, do, explain, foresaw, predict, right, see, wrong
from drops.exercises.worksheet import Line, Misconception, Rule, Values, Worksheet
from drops.networks.forward.net231 import givens, hidden_table, output_table, wires
from drops.text import number

# ── the arithmetic ────────────────────────────────────────────────────────────────────────

HALVES = np.array([v / 2 for v in range(-8, 9) if v])


def _third(values: Values) -> str:
    return f"w3{values['third']:.0f}"


def _bias(values: Values) -> str:
    return f"b{values['bias']:.0f}"


# ── what people do instead ────────────────────────────────────────────────────────────────


def _from(w12: str, w21: str, w3: Callable[[Values], str], b: Callable[[Values], str]) -> Mapping[str, Rule]:
    """Rules that take each number from another place."""
    return {
        "w12_": lambda v: v[w12],
        "w21_": lambda v: v[w21],
        "w3_": lambda v: v[w3(v)],
        "b_": lambda v: v[b(v)],
    }


def _total(value: float) -> Mapping[str, Rule]:
    return {"total": lambda _: value}


# fmt: off
MISCONCEPTIONS = {
    "transposed": Misconception(
        "rows and columns changed places", "the first number of an address is taken for the sender",
        "Row = who listens, column = whom to.",
        _from("w21", "w12", lambda v: f"w3{3 - v['third']:.0f}", _bias)),
    "row-off-by-one": Misconception(
        "counted rows from 0", "row 1 is taken for the second unit",
        "Here rows and columns count from 1: row 1 is h₁.",
        _from("w22", "w31", _third, lambda v: f"b{v['bias'] % 3 + 1:.0f}")),
    "took-bias-for-weight": Misconception(
        "a bias stands where a weight belongs", "the unit's own bias is read instead of the wire into it",
        "A weight sits on a wire between two units; a bias sits in one unit.",
        _from("b1", "b2", lambda _: "b3", _bias)),
    "took-output-weight": Misconception(
        "a wire on the wrong side of the unit",
        "the wire that leaves the unit is read instead of the one that enters it",
        "W₁ holds the wires into h; the wires out of h are in W₂.", _from("v1", "v2", lambda _: "v3", _bias)),
    "params-no-bias": Misconception(
        "the biases were not counted", "only the 9 wires are counted",
        "Every hidden unit and the output has a bias too: 9 + 4.", _total(9)),
    "params-nodes": Misconception(
        "boxes were counted, not numbers", "the 6 boxes of the drawing are counted",
        "The numbers sit on the wires and in the biases: 9 + 4.", _total(6)),
    "params-input-bias": Misconception(
        "the inputs got biases", "each input is given a bias as well",
        "Inputs only hand over a value; biases begin in the hidden layer: 9 + 4.", _total(15)),
    "params-forgot-output-bias": Misconception(
        "the last bias was forgotten", "the output's bias is left out",
        "The output is a weighted sum too, with a bias of its own: 9 + 4.", _total(12)),
}
# fmt: on


# ── the kind ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Layout(Exercise):
    """Thirteen numbers, the order they are listed in, and which addresses are asked."""

    W1: tuple[tuple[float, float], ...]  # (3, 2): row j = what h_j listens to
    b1: tuple[float, ...]
    W2: tuple[float, ...]  # the single row of a (1, 3) table
    b2: float
    order: tuple[int, ...]  # of the thirteen, as they are listed
    third: int  # the column asked of row 3
    bias: int  # the hidden bias asked
    out: int  # the output weight asked
    only: tuple[str, ...] = ()  # the fields a short review asks; () asks all

    kind = "layout"
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """Thirteen different halves. `only` in `params` names the fields to ask."""
        numbers = rng.choice(HALVES, 13, replace=False).tolist()
        made = cls(
            W1=((numbers[0], numbers[1]), (numbers[2], numbers[3]), (numbers[4], numbers[5])),
            b1=tuple(numbers[6:9]),
            W2=tuple(numbers[9:12]),
            b2=numbers[12],
            order=tuple(rng.permutation(13).tolist()),
            third=int(rng.integers(1, 3)),
            bias=int(rng.integers(1, 4)),
            out=int(rng.integers(1, 4)),
        )
        return replace(made, only=fields_named(params, "only", made.fields))

    @property
    def fields(self) -> Fields:
        return tuple(
            Field(line.name, line.label, example="20" if line.name == "total" else "−6.5")
            for line in self.worksheet.lines
        )

    @cached_property
    def worksheet(self) -> Worksheet:
        t, b, o = SUB[self.third], SUB[self.bias], SUB[self.out]
        # fmt: off
        lines = (
            Line("w12_", "W₁[1, 2]", lambda v: v["w12"], "the wire x₂ → h₁", "row 1 listens to column 2"),
            Line("w21_", "W₁[2, 1]", lambda v: v["w21"], "the wire x₁ → h₂", "row 2 listens to column 1"),
            Line(
                "w3_", f"W₁[3, {self.third}]", lambda v: v[_third(v)], f"the wire x{t} → h₃",
                f"row 3 listens to column {self.third}"),
            Line(
                "b_", f"b₁[{self.bias}]", lambda v: v[_bias(v)], f"the bias of h{b}",
                "one for each hidden unit"),
            Line(
                "v_", f"W₂[1, {self.out}]", lambda v: v[f"v{v['out']:.0f}"], f"the wire h{o} → ŷ",
                f"ŷ listens to h{o}"),
            Line("total", "numbers in all", lambda _: 13.0, "3·2 + 3 + 1·3 + 1", "W₁, b₁, W₂, b₂ together"),
        )
        # fmt: on
        given = {**givens(self), "third": self.third, "bias": self.bias, "out": self.out}
        return Worksheet(given, tuple(line for line in lines if not self.only or line.name in self.only))

    def as_program(self) -> ScriptLines:
        """The four tables, and a place in them for each line."""
        tables: dict[str, Value] = {"W1": self.W1, "b1": self.b1, "W2": (self.W2,), "b2": (self.b2,)}
        places = {
            "w12_": "W1[1, 2]", "w21_": "W1[2, 1]", "w3_": f"W1[3, {self.third}]", "b_": f"b1[{self.bias}]",
            "v_": f"W2[1, {self.out}]", "total": "count(W1, b1, W2, b2)",
        }  # fmt: skip
        asked = ((field.name, read_formula(places[field.name])) for field in self.fields)
        return ScriptLines(tables, tuple(asked))

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        if self.only:
            return (self._do(asked),)
        guess = card_for(PREDICT, self.W1, self.b1)
        bare = wires(
            self,
            "Two inputs, three hidden units, one output; every box of a layer is "
            "wired to every box of the next. No numbers yet.",
            bare=True,
        )
        return (
            predict(bare, ask=guess),
            self._do(asked),
            self._see(foresaw(answers, guess)),
            explain(ask=card_for(WHY, self.W1, self.b1)),
        )

    def _do(self, asked: frozenset[str]) -> Step:
        return do(
            self._listing(),
            ask=self.numbers("Put the numbers where they belong.", asked, "The cells to fill, by address."),
        )

    def picture(self, values: Values, hand: str) -> tuple[Show, ...]:
        """The network; the wires that hold the number in the cell in hand are lit, whether it is the right
        cell or not: where the number stands is seen, and which address that is remains the question."""
        typed = values.get(hand)
        into = (self.W1, (self.W2,))
        lit = [
            (layer, j, i)
            for layer, rows in enumerate(into)
            for j, row in enumerate(rows)
            for i, weight in enumerate(row)
            if weight == typed
        ]
        return (wires(self, "The network with its numbers on the wires.", lit=tuple(lit)),)

    def _listing(self) -> Words:
        """The thirteen numbers, shuffled."""
        names = [f"x{SUB[i]} → h{SUB[j]}" for j in (1, 2, 3) for i in (1, 2)]
        names += (
            [f"bias of h{SUB[j]}" for j in (1, 2, 3)] + [f"h{SUB[j]} → ŷ" for j in (1, 2, 3)] + ["bias of ŷ"]
        )
        flat = [*(w for row in self.W1 for w in row), *self.b1, *self.W2, self.b2]
        told = [f"{names[i]}: **{number(flat[i])}**" for i in self.order]
        lines = "\n".join(f"- {' · '.join(told[k : k + 3])}" for k in range(0, 13, 3))
        return Words(f"The network, wire by wire, in no particular order.\n\n{lines}")

    def _see(self, told: str) -> Step:
        return see(
            Words(told),
            Beside((wires(self, "The same network with its numbers on the wires."), hidden_table(self))),
            output_table(self),
            *transposed(self.W1),
        )


def transposed(W1: tuple[tuple[float, float], ...]) -> tuple[Show, ...]:
    """What happens to W₁·x when W₁ lies on its side: refused for 3×2, silent for 3×3."""
    W, x = np.array(W1), np.array([1.0, 2.0])
    try:
        W.T @ x
    except ValueError:
        refused = (
            f"{W.T.shape} times {x.shape}: refused, as {W.T.shape[1]} columns cannot meet {len(x)} inputs"
        )
    square = np.column_stack([W, W[:, 0] - W[:, 1]])
    long = np.array([1.0, 2.0, 3.0])
    rows = (
        ("W₁ · x", f"{W.shape} times {x.shape}", _vector(W @ x)),
        ("W₁ on its side · x", f"{W.T.shape} times {x.shape}", "refused"),
        ("3×3 · x", f"{square.shape} times {long.shape}", _vector(square @ long)),
        ("3×3 on its side · x", f"{square.shape} times {long.shape}", _vector(square.T @ long)),
    )
    says = f"{refused}. A square table lying on its side runs without a word and gives other numbers."
    return (Sheet(("product", "shapes", "result"), rows, says),)


def _vector(values: Any) -> str:
    return "(" + ", ".join(number(float(v)) for v in values) + ")"


PREDICT = (
    Choice(
        "How many numbers does it take to define this network?",
        (
            wrong(
                "6, one for each box",
                "A box holds a result. The numbers that define it sit on the wires and in the biases.",
                "params-nodes",
            ),
            wrong(
                "9, one for each wire",
                "The wires carry 9 weights; the 4 biases are numbers as well.",
                "params-no-bias",
            ),
            right("13, wires and biases", "9 weights on the wires and 4 biases, one in each unit that sums."),
        ),
        confidence=True,
    ),
    Choice(
        "How many of its numbers are biases?",
        (
            wrong(
                "6, one for each box",
                "The two inputs sum nothing, so they have none.",
                "params-input-bias",
            ),
            right("4, one for each unit that sums", "Three hidden units and the output."),
            wrong("3, for the hidden units", "The output is a sum as well.", "params-forgot-output-bias"),
        ),
        confidence=True,
    ),
    Choice(
        "You take the unit h₃ out. How many numbers go with it?",
        (
            right(
                "4: three on its wires and its bias",
                "Two wires lead into it and one leads on; it has one bias.",
            ),
            wrong("1: its box", "A box holds a result. The numbers sit around it.", "params-nodes"),
            wrong("3: those on its wires", "And its bias.", "params-no-bias"),
        ),
        confidence=True,
    ),
)

WHY = (
    Choice(
        "Why does a 3×3 layer hide a table that lies on its side?",
        (
            right(
                "Both ways round it has the shape 3×3, so nothing fails",
                "Shapes are the only alarm, and a square table has the same shape both ways. Only the "
                "numbers are wrong, so check one cell by hand.",
            ),
            wrong(
                "A square table is the same both ways round",
                "Only a symmetric one is. This one gives other numbers on its side.",
                "square-is-symmetric",
            ),
            wrong(
                "Training would turn it round",
                "Loading a table is not training. It stays on its side, and every result is wrong, until "
                "somebody notices.",
                "training-repairs",
            ),
        ),
    ),
    Choice(
        "Why is a 3×2 table on its side found out at once?",
        (
            wrong(
                "Its numbers come out too large",
                "Nobody knows how large they should be. Shapes are the alarm.",
                "size-is-the-alarm",
            ),
            right("Its three columns meet two inputs", "Inner sizes must match, and 3 is not 2."),
            wrong(
                "Every table on its side is refused",
                "A square one is not: its sizes still match.",
                "shape-is-no-alarm",
            ),
        ),
    ),
    Choice(
        "How do you find out that a square table lies on its side?",
        (
            wrong("It is refused", "Its sizes match both ways, so it runs.", "shape-is-no-alarm"),
            wrong(
                "It comes right: training mends it",
                "Loading is not training. It stays on its side.",
                "training-repairs",
            ),
            right("Work out one cell by hand", "Row 1, column 2 is the wire x₂ → h₁. One look at it tells."),
        ),
    ),
)
