"""What the lines of an author give for numbers that were drawn, and whether those meet every condition."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from typing import cast

from drops.exercises.examples import HAIR, LOOKED_AT, Answers
from drops.exercises.formulas.tree import Undefined, Value
from drops.exercises.formulas.working_out import holds, single
from drops.exercises.written.spec import Spec


def worked(spec: Spec, given: Mapping[str, Value | str]) -> dict[str, Value | str]:
    """Givens and all lines, worked out right. Raises Undefined."""
    values = dict(given)
    for cell in spec.cells:
        try:
            values[cell.name] = single(cell.rule, values)
        except Undefined as problem:
            raise Undefined(f"line {cell.of}: {problem}") from None
    return values


def out_of_bounds(spec: Spec, values: Mapping[str, Value | str]) -> str:
    """Which condition of the author's `values` do not meet; "" where they meet all. Raises Undefined."""
    for n, (text, tree) in enumerate(spec.where, 1):
        try:
            fits = holds(tree, values)
        except Undefined as problem:
            raise Undefined(f"`where` {n}, “{text}”: {problem}") from None
        if not fits:
            return f"`where` {n}, “{text}”"
    for cell in spec.cells:
        value = values[cell.name]
        assert isinstance(value, float)
        if not cell.between[0] <= value <= cell.between[1]:
            return f"line {cell.of}: {cell.name} is not between its ends"
        if cell.decimals is not None and abs(value - round(value, cell.decimals)) > HAIR:
            return f"line {cell.of}: {cell.name} has more decimals"
    return ""


def answers_of(spec: Spec) -> Answers:
    """What many draws that meet every condition give, by line."""
    pick, found = random.Random(0).randrange, dict[str, list[float]]()
    kept = spec.draws.kept(pick)
    for _ in range(10 * LOOKED_AT):
        with suppress(Undefined):
            values = worked(spec, spec.draws.once(pick, kept))
            if not out_of_bounds(spec, values):
                for cell in spec.cells:
                    found.setdefault(cell.name, []).append(cast(float, values[cell.name]))
        if any(len(answers) == LOOKED_AT for answers in found.values()):
            break
    return found
