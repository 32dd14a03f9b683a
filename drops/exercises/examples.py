"""The example beside a blank: a number such as might be the answer, and never one that means something.

    lengths 5, 13, 10      →  12         a count, and none is negative
    chances 0.3, 0.12      →  0.75
    sums −3, 4.5, 2        →  −0.5
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from drops.text import number

HAIR = 1e-9
LOOKED_AT = 24  # draws of one question: what its answers look like
SIGNED, UNSIGNED = (-0.5, 0.75, -1.25, 2.4, 6.5, -30.0), (0.75, 0.35, 0.15, 2.4, 6.5, 12.0)
SIGNED_WHOLE, COUNTS = (-7.0, 12.0, -20.0, 9.0, 30.0, -4.0), (12.0, 20.0, 7.0, 30.0, 40.0, 9.0)

Answers = Mapping[str, Sequence[float]]  # by field, those of many draws
_Thing = TypeVar("_Thing")
_LOOKED: dict[int, tuple[object, Answers]] = {}
_KEPT = 64


def like(answers: Sequence[float], never: Iterable[float], tolerance: float) -> str:
    """A number that looks like `answers`, those of many draws, and is none of `never`: the answer of this
    draw and what has a name. What it looks like is the question's, so that it tells nothing of the draw.
    """
    never = tuple(never)
    signed = min(answers) < 0 < len({*answers}) - 1  # the sign of a single answer would be told
    whole = all(abs(one - round(one)) < HAIR for one in answers) and max(answers) > 1
    among = (SIGNED_WHOLE if signed else COUNTS) if whole else SIGNED if signed else UNSIGNED
    return number(next((one for one in among if all(abs(one - v) > tolerance for v in never)), 99.0))


def looked_at(thing: _Thing, answers: Callable[[_Thing], Answers]) -> Answers:
    """The answers of many draws of `thing`, worked out once while it is known."""
    known = _LOOKED.get(id(thing))
    if known is None:
        if len(_LOOKED) >= _KEPT:
            _LOOKED.clear()
        known = _LOOKED[id(thing)] = thing, answers(thing)  # kept with it, so that its id stays its own
    return known[1]
