"""An exercise's arithmetic as a worksheet: named lines in order, each with a rule.

    Worksheet({"w1": −2, "x1": 1, …}, (Line("z", …), Line("a", …)))   →  z = −2, a = 0

A misconception is *the same worksheet with one rule swapped*; its consequences propagate by
themselves. Grading with follow-through is *the same worksheet with lines given*: every line
is computed from what the learner typed before it.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from drops.errors import DropsError
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.tree import Name, Number, Tree, Undefined, mapped
from drops.exercises.formulas.working_out import single
from drops.exercises.script import ScriptLines
from drops.text import number, stated

NEAR = 1e-9  # how far a line's own formula may be from its rule: their order of adding may differ

Values = Mapping[str, float]
Rule = Callable[[Values], float]


@dataclass(frozen=True)
class Line:
    """One named cell: how it is computed and how a person would write it.

    Where several lines follow one rule (z for input A, z for input B) they share a `role`,
    and `reads` gives each its own short names, so that rule, formula and misconceptions are
    written once:  Line("zA", …, role="z", reads={"x1": "x1A", "x2": "x2A"}).
    """

    name: str
    label: str
    rule: Rule
    formula: str  # a template over the names: "{w1}·{x1} + {w2}·{x2} + {b}"
    symbols: str = ""  # the same in letters, for a learner who is shown the way: "w₁x₁ + w₂x₂ + b"
    role: str = ""
    reads: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, Any] = field(default_factory=dict)  # what tells it from its like: i = 2 of several
    code: str = ""  # the formula once more, where what a person would write is words

    def sees(self, values: Values) -> dict[str, float]:
        """`values` under this line's short names; its own value under its role."""
        seen = {**values, **self.at, **{short: values[name] for short, name in self.reads.items()}}
        if self.role and self.name in values:
            seen[self.role] = values[self.name]
        return seen

    def swapped(self, swap: Mapping[str, Rule]) -> Rule | None:
        """The rule that `swap` puts in this line's place, if it names the line or its role."""
        return swap.get(self.name, swap.get(self.role) if self.role else None)


def result(rule: Rule, values: Values) -> float:
    """What a rule gives; nan, which is near to nothing, where what was typed leaves it none: a share of 0."""
    try:
        return rule(values) + 0.0  # + 0.0 turns −0 into 0
    except (ArithmeticError, ValueError):
        return math.nan


class Arithmetic(Protocol):
    """What grading needs of an exercise's arithmetic, however it is computed."""

    def run(self, swap: Mapping[str, Rule] | None = None, entered: Values | None = None) -> dict[str, float]:
        """Every line's value, with some rules swapped, each computed from what was entered before it."""
        ...

    @property
    def lines(self) -> tuple[Line, ...]: ...

    def as_program(self) -> ScriptLines:
        """What a program of it is written from. Raises DropsError where there is none."""
        ...


@dataclass(frozen=True)
class Worksheet:
    """Givens and lines; `run` computes them in order."""

    givens: Values
    lines: tuple[Line, ...]

    def run(self, swap: Mapping[str, Rule] | None = None, entered: Values | None = None) -> dict[str, float]:
        """Every line's value by name, givens included.

        `swap` replaces rules by a line's name or role. `entered` are the learner's values: a
        line is computed from those typed for the lines before it, and its own value is what
        the rule gives there, not what was typed.
        """
        swap, entered = swap or {}, entered or {}
        seen = dict(self.givens)
        computed = dict(self.givens)
        for line in self.lines:
            rule = line.swapped(swap) or line.rule
            computed[line.name] = result(rule, line.sees(seen))
            seen[line.name] = entered.get(line.name, computed[line.name])
        return computed

    def as_program(self) -> ScriptLines:
        """As Arithmetic.as_program."""
        return program_of(self.givens, self.lines, self.run())


def line_named(sheet: Arithmetic, name: str) -> Line:
    """The line called `name`."""
    return next(line for line in sheet.lines if line.name == name)


def written(line: Line, values: Values) -> str:
    """A line with its numbers: "−2·1 + 0.5·2 − 1"."""
    return fill(line.formula, line.sees(values))


def worked_line(line: Line, values: Values, label: str) -> str:
    """A line from its label to its result: "z = −2·1 + 0.5·2 − 1 = −2"."""
    way = dict.fromkeys((written(line, values), figure(values[line.name])))
    return stated(label, " = ".join(part for part in way if part != label))


def figure(value: float) -> str:
    """A number of a worksheet: three decimals, and four below 0.1, where three would not do. One below 0.1
    that ends within eight decimals stands whole: a sum with a rounded factor comes out false.

    >>> figure(1.5), figure(0.0625), figure(0.25**3), figure(1 / 70)
    ('1.5', '0.0625', '0.015625', '0.0143')
    """
    if abs(value) >= 0.1:
        return number(value, 3)
    return number(value, 8 if value == round(value, 8) else 4)


Template = str | Callable[[Values], str]


HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_POWER = re.compile(r"\^(?:\((\d+)\)|(\d+)(?![\w.]))")  # a whole power, which is written high
# a number that needs no brackets before its power
_BARE = re.compile(r"(?<![\w₀-₉])\(([0-9.]+)\)(?=[⁰¹²³⁴-⁹^])")


def fill(template: Template, values: Values) -> str:
    """`template` with its names replaced by numbers as the lessons print them.

    >>> fill("{w}·{x} + {b}", {"w": -2, "x": 1, "b": -1})
    '−2·1 − 1'
    >>> fill("{x} · {w}", {"w": -2, "x": 1})
    '1 · (−2)'
    >>> fill("({w})² + ({x})²", {"w": -2, "x": 5})
    '(−2)² + 5²'
    >>> fill("{factor}^{k}", {"factor": 1.28, "k": 3})
    '1.28³'
    """
    if not isinstance(template, str):
        return template(values)
    out = ""
    for literal, name, _, _ in string.Formatter().parse(template):
        out += literal
        if name is None:
            continue
        value, before = values[name], out.rstrip()[-1:]
        if value < 0 and out.endswith("+ ") and len(out) > 2:
            out = out[:-2] + "− " + figure(-value)  # as on paper: "… − 1", not "… + (−1)"
        elif value < 0 and before and before in "+−·/×^":
            out += f"({figure(value)})"
        else:
            out += figure(value)
    out = _POWER.sub(lambda power: (power[1] or power[2]).translate(HIGH), out)
    return _BARE.sub(r"\1", out)


@dataclass(frozen=True)
class Misconception:
    """A patched procedure: rules of the worksheet replaced, and how to speak of it.

    `title` names it ("the squash was left out"). `gives` completes "Your z = −1 is what you
    get if …": a template over the wrong run's numbers, or a function of them, under the short names of
    the line it is told about. `rule` is the right way in one line. `swap` is keyed by line or role.
    """

    title: str
    gives: Template
    rule: str
    swap: Mapping[str, Rule] = field(default_factory=dict)
    convention: bool = False  # a legitimate other convention: told, not punished


# ── as a program ──────────────────────────────────────────────────────────────────────────


def program_of(givens: Mapping[str, float], lines: Iterable[Line], right: Mapping[str, float]) -> ScriptLines:
    """A worksheet's lines, each read from the formula that a person would write. Raises DropsError where one
    cannot be read, or does not give the number that its rule gives."""
    return ScriptLines(givens, tuple((line.name, _tree_of(line, right)) for line in lines))


def _tree_of(line: Line, right: Mapping[str, float]) -> Tree:
    text = line.code or line.formula
    if not isinstance(text, str):
        raise DropsError(f"“{line.label}” is worked out by no formula, so there is no program of it")
    whole: dict[str, str] = {}  # a name that a formula can read → the short name in braces
    plain = ""
    for literal, name, _, _ in string.Formatter().parse(text):
        plain += literal
        if name is not None:
            whole[f"n{len(whole)}"] = name
            plain += f"n{len(whole) - 1}"
    tree = _renamed(read_formula(plain), {read: _seen(line, short) for read, short in whole.items()})
    try:
        same = abs(single(tree, right) - right[line.name]) <= NEAR * max(1.0, abs(right[line.name]))
    except (Undefined, KeyError):
        same = False
    if not same:
        raise DropsError(f"the formula of “{line.label}” is not its rule, so there is no program of it")
    return tree


def _seen(line: Line, short: str) -> Tree:
    return Number(float(line.at[short])) if short in line.at else Name(line.reads.get(short, short))


def _renamed(tree: Tree, to: Mapping[str, Tree]) -> Tree:
    if isinstance(tree, Name):
        return to.get(tree.name, tree)
    return mapped(tree, lambda part: _renamed(part, to))
