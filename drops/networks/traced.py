"""A worksheet whose lines are a network's own numbers, read from the engine's trace.

    Line("z1", …, traced), Line("h1", …, traced)   of   Net("1-1-1-1")   →   z₁ = 3, h₁ = 3

What the learner typed is given to the trace in place of what was computed, and a misconception
puts its own number there; everything later follows in the engine, never in a second copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from drops.exercises.script import ScriptLines
from drops.exercises.worksheet import Line, Rule, Values, program_of, result
from nnlab import Net
from nnlab.out import one_pass
from nnlab.trace import Trace


def traced(values: Values) -> float:
    """Stands as the rule of a line that is read from the trace under the line's own name."""
    raise TypeError(f"this line is read from the trace, not computed from {sorted(values)}")


@dataclass(frozen=True)
class TracedWorksheet:
    """Lines by their address in the trace ("z1", "h1[2]", "yhat"); others have their own rules.

    `givens` are the numbers that formulas, swaps and rules name: weights, biases, inputs.
    """

    net: Net
    x: Sequence[float]
    givens: Values
    lines: tuple[Line, ...]
    y: float | None = None

    @cached_property
    def _plain(self) -> Trace:
        return self.net.trace(list(self.x), self.y)

    def run(self, swap: Mapping[str, Rule] | None = None, entered: Values | None = None) -> dict[str, float]:
        """As Worksheet.run; the trace is run again only from where it is made to differ."""
        swap, entered = swap or {}, entered or {}
        trace, given = self._plain, dict[str, float]()
        seen, computed = dict(self.givens), dict(self.givens)
        for line in self.lines:
            rule = line.swapped(swap) or line.rule
            of_trace = rule is traced
            computed[line.name] = _cell(trace, line.name) if of_trace else result(rule, line.sees(seen))
            seen[line.name] = entered.get(line.name, computed[line.name])
            if line.rule is traced and seen[line.name] != _cell(trace, line.name):
                given[line.name] = seen[line.name]
                trace = self.net.trace(list(self.x), self.y, given=given)
        return computed

    def as_program(self) -> ScriptLines:
        """The pass written out, and the lines that have their own rules. Raises DropsError."""
        made, right = one_pass(self.net, list(self.x), self.y), self.run()
        own = [line for line in self.lines if line.rule is not traced]
        called = {line.name: made.of(line.name) for line in self.lines if line.rule is traced}
        before = made.lines if called else ()
        return program_of(self.givens, own, right)._replace(before=before, called=called)


def _cell(trace: Trace, name: str) -> float:
    """One number of the trace; a layer of one unit may be named without its index."""
    return float(np.asarray(trace[name]).item()) + 0.0
