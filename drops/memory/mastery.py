"""How far a drop has come, and what is missing for the next step.

    ahead → seen → recalled (answered a day or more later)
          → solid (every item holds 21 days) → durable (every item holds 90)

"Holds n days" is FSRS's stability: after n days nine in ten such items are still recalled.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

from drops.events import Memory

SOLID_DAYS = 21
DURABLE_DAYS = 90


class MasteryStage(IntEnum):
    """How far a drop has come."""

    AHEAD = 0
    SEEN = 1
    RECALLED = 2
    SOLID = 3
    DURABLE = 4


class Mastery(NamedTuple):
    """A drop's stage and, in words, what the next one needs."""

    stage: MasteryStage
    missing: str


def mastery(finished: bool, memories: Sequence[Memory | None]) -> Mastery:
    """The mastery of a drop from whether it was finished and the memory of each kept item (None:
    never graded). Suspended items are left out; a drop without any stays seen.
    """
    items = [memory for memory in memories if memory is None or not memory.suspended]
    if not finished and not any(items):
        return Mastery(MasteryStage.AHEAD, "Read it and do its exercise.")
    if not any(memory and _recalled(memory) for memory in items):
        return Mastery(MasteryStage.SEEN, "Answer one of its items right a day or more later.")
    if short := _shorter_than(SOLID_DAYS, items):
        return Mastery(MasteryStage.RECALLED, short)
    if short := _shorter_than(DURABLE_DAYS, items):
        return Mastery(MasteryStage.SOLID, short)
    return Mastery(MasteryStage.DURABLE, "Nothing is missing.")


def complete(stages: Iterable[MasteryStage]) -> bool:
    """Whether a path is complete: every drop is solid."""
    return all(stage >= MasteryStage.SOLID for stage in stages)


def _recalled(memory: Memory) -> bool:
    # One graded try a learner-day: every review after the first is a day or more later.
    return memory.reps - 1 - memory.lapses >= 1


def _shorter_than(days: int, items: Sequence[Memory | None]) -> str:
    """What is missing until every item holds `days`, or an empty string."""
    held = [memory.stability if memory else 0.0 for memory in items]
    short = [stability for stability in held if stability < days]
    if not short:
        return ""
    weakest = int(min(short))
    now = "1 day" if weakest == 1 else f"{weakest} days"
    return f"{len(held) - len(short)} of {len(held)} items hold {days} days; the weakest holds {now}."
