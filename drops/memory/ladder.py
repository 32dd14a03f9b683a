"""How much of an exercise is filled in: the fading ladder.

    0  all but the last step      1  the first half      2  nothing      3  backwards, or the wrong line

Up after a clean attempt at the level, down after a misconception has shown in two attempts.
Worked examples that fade step by step beat all or nothing (Atkinson, Renkl & Merrill 2003).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from drops.memory.attempts import Attempt

LOWEST, HIGHEST = 0, 3
TWICE = 2


def level(attempts: Iterable[Attempt], start: int = LOWEST) -> int:
    """The level to ask an item at next, from its attempts in order, the first asked at `start`.

    A clean attempt one level lower (a replay) proves nothing about this level. After each step
    and after each clean attempt the count of misconceptions begins anew.
    """
    now, shown = _held(start), Counter[str]()
    for attempt in attempts:
        if attempt.clean:
            shown.clear()
            if attempt.level >= now:
                now = _held(now + 1)
            continue
        shown.update(attempt.misconceptions)
        if any(count >= TWICE for count in shown.values()):
            now = _held(now - 1)
            shown.clear()
    return now


def easier(now: int) -> int:
    """The level for a replay of something hard: one lower."""
    return _held(now - 1)


def other_way(now: int) -> int:
    """Another template for what is missed again and again: the wrong line to find instead of a table to
    fill, or the other way round.
    """
    return HIGHEST if now < HIGHEST else easier(now)


def _held(wanted: int) -> int:
    return min(HIGHEST, max(LOWEST, wanted))
