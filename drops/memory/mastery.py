"""How far a drop has come, and what is missing for the next step.

    ahead → seen → recalled (answered a day or more later)
          → solid (every item but one holds 21 days) → durable (every item but one holds 90)

"Holds n days" is FSRS's stability: after n days nine in ten such items are still recalled. One in ten
reviews is a lapse, so that all items of all drops hardly ever hold at once: all but one is what can be
reached, and the best stage reached is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


KEPT = (MasteryStage.SOLID, MasteryStage.DURABLE)   # stages that, once reached, are noted


class Mastery(NamedTuple):
    """A drop's stage and, in words, what the next one needs, or what slipped since it was reached."""

    stage: MasteryStage
    missing: str


def mastery(
    finished: bool, memories: Sequence[Memory | None], best: MasteryStage = MasteryStage.AHEAD
) -> Mastery:
    """The mastery of a drop from whether it was finished, the memory of each kept item (None: never
    graded) and the best stage reached before. Suspended items are left out; a drop without any
    stays seen.
    """
    items = [memory for memory in memories if memory is None or not memory.suspended]
    now, missing = _now(finished, items)
    if best <= now:
        return Mastery(now, missing)
    days = DURABLE_DAYS if best is MasteryStage.DURABLE else SOLID_DAYS
    return Mastery(best, f"It was {best.name.lower()}. Now {_held(days, items)}.")


def best_stage(drop_id: str, passed: Mapping[str, int]) -> MasteryStage:
    """The best of KEPT that was noted, by its key among the pages passed; AHEAD for none."""
    return max(
        (stage for stage in KEPT if stage_key(drop_id, stage) in passed), default=MasteryStage.AHEAD
    )


def stage_key(drop_id: str, stage: MasteryStage) -> str:
    """The key under which it is noted that a drop has reached a stage."""
    return f"{drop_id}/{stage.name.lower()}"


def complete(stages: Iterable[MasteryStage]) -> bool:
    """Whether a path is complete: every drop is, or has been, solid."""
    return all(stage >= MasteryStage.SOLID for stage in stages)


def _now(finished: bool, items: Sequence[Memory | None]) -> tuple[MasteryStage, str]:
    if not finished and not any(items):
        return MasteryStage.AHEAD, "Read it and do its exercise."
    if not any(memory and _recalled(memory) for memory in items):
        return MasteryStage.SEEN, "Answer one of its questions right a day or more later."
    for days, reached in ((SOLID_DAYS, MasteryStage.RECALLED), (DURABLE_DAYS, MasteryStage.SOLID)):
        if _holding(days, items) < _enough(items):
            return reached, f"{_held(days, items)}."
    return MasteryStage.DURABLE, "Nothing is missing."


def _recalled(memory: Memory) -> bool:
    # One graded try a learner-day: every review after the first is a day or more later.
    return memory.reps - 1 - memory.lapses >= 1


def _enough(items: Sequence[Memory | None]) -> int:
    return max(1, len(items) - 1)


def _holding(days: int, items: Sequence[Memory | None]) -> int:
    return sum(memory is not None and memory.stability >= days for memory in items)


def _held(days: int, items: Sequence[Memory | None]) -> str:
    """"1 of 4 questions hold 21 days, 3 are enough; the weakest of them holds 5 days"."""
    held = sorted((memory.stability if memory else 0.0 for memory in items), reverse=True)
    enough = _enough(items)
    weakest = int(held[enough - 1]) if held else 0
    now = "1 day" if weakest == 1 else f"{weakest} days"
    of = f", {enough} {'is' if enough == 1 else 'are'} enough" if enough < len(held) else ""
    holding = f"{_holding(days, items)} of {len(held)} questions hold {days} days{of}"
    return f"{holding}; the weakest of them holds {now}"
