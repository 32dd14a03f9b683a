"""An exercise's arithmetic as a worksheet: named lines in order, each with a rule.

    Worksheet({"w1": −2, "x1": 1, …}, (Line("z", …), Line("a", …)))   →  z = −2, a = 0

A misconception is *the same worksheet with one rule swapped*; its consequences propagate by
themselves. Grading with follow-through is *the same worksheet with lines given*: every line
is computed from what the learner typed before it.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from drops.text import number

Values = Mapping[str, float]
Rule = Callable[[Values], float]


@dataclass(frozen=True)
class Line:
    """One named cell: how it is computed and how a person would write it."""

    name: str
    label: str
    rule: Rule
    formula: str   # a template over the names: "{w1}·{x1} + {w2}·{x2} + {b}"


class Arithmetic(Protocol):
    """What grading needs of an exercise's arithmetic, however it is computed."""

    def run(self, swap: Mapping[str, Rule] | None = None, entered: Values | None = None) -> dict[str, float]:
        """Every line's value, with some rules swapped, each computed from what was entered before it."""
        ...

    def written(self, name: str, values: Values | None = None) -> str:
        """The line with its numbers: "−2·1 + 0.5·2 − 1 = −2"."""
        ...

    @property
    def lines(self) -> tuple[Line, ...]: ...


@dataclass(frozen=True)
class Worksheet:
    """Givens and lines; `run` computes, `written` shows."""

    givens: Values
    lines: tuple[Line, ...]

    def run(self, swap: Mapping[str, Rule] | None = None, entered: Values | None = None) -> dict[str, float]:
        """Every line's value by name, givens included.

        `swap` replaces rules by name. `entered` are the learner's values: a line is computed
        from those typed for the lines before it, and its own value is what the rule gives
        there, not what was typed.
        """
        swap, entered = swap or {}, entered or {}
        seen = dict(self.givens)
        computed = dict(self.givens)
        for line in self.lines:
            computed[line.name] = swap.get(line.name, line.rule)(seen) + 0.0
            seen[line.name] = entered.get(line.name, computed[line.name])
        return computed

    def written(self, name: str, values: Values | None = None) -> str:
        values = values or self.run()
        line = next(line for line in self.lines if line.name == name)
        return f"{fill(line.formula, values)} = {number(values[name])}"


def fill(template: str, values: Values) -> str:
    """`template` with its names replaced by numbers as the lessons print them.

    >>> fill("{w}·{x} + {b}", {"w": -2, "x": 1, "b": -1})
    '−2·1 + (−1)'
    """
    out = ""
    for literal, name, _, _ in string.Formatter().parse(template):
        out += literal
        if name is not None:
            text = number(values[name])
            # a negative number after an operator gets parentheses, as on paper
            after_operator = out.rstrip()[-1:] in tuple("+−·/-×")
            out += f"({text})" if values[name] < 0 and after_operator else text
    return out


@dataclass(frozen=True)
class Misconception:
    """A patched procedure: rules of the worksheet replaced, and how to speak of it.

    `title` names it ("the squash was left out"); `gives` completes "… is what you get if …",
    a template over the wrong run's numbers; `rule` is the right way in one line.
    """

    title: str
    gives: str
    rule: str
    swap: Mapping[str, Rule] = field(default_factory=dict)
    convention: bool = False   # a legitimate other convention: told, not punished
