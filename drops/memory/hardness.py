"""Which drops are hard for this learner, and why, in words.

    forgotten 3 times · difficulty 8.1 of 10 · "relu-skipped" confirmed · recall 0.62
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import fmean

from drops.events import Memory
from drops.memory.forgetting import recall

MANY_LAPSES = 3          # of one item: the same question again is not what helps
TELLING_DIFFICULTY = 7   # of 10; FSRS reaches it after about two lapses
TELLING_RECALL = 0.7
HARD_LAPSES = 2          # of one item, or a confirmed misconception: the drop is called hard


class Help(Enum):
    """What an item that was forgotten again and again is given; the value is what is said."""

    WORKED_EXAMPLE = "Here it is worked through, line by line."
    OTHER_TEMPLATE = "The same idea, asked in another way."
    NEEDED_DROP = "It builds on an earlier drop: a look back may help."


@dataclass(frozen=True, slots=True)
class Record:
    """What a learner's history says about one item that was graded at least once."""

    item_key: str
    drop_id: str
    memory: Memory
    confirmed: tuple[str, ...] = ()       # misconceptions, as they are called to the learner


@dataclass(frozen=True, slots=True)
class Hardness:
    """How hard a drop is. `reasons` are telling signs only, the strongest first; none, none."""

    drop_id: str
    score: float                          # 0 … 1, for ranking
    reasons: tuple[str, ...]
    hard: bool                            # to be marked so on the path
    stuck: tuple[str, ...]                # items with three lapses or more: see `helps`


def ranked(records: Iterable[Record], day: int) -> list[Hardness]:
    """The drops in `records`, hardest first, as of learner-day `day`; without suspended items."""
    drops: dict[str, list[Record]] = {}
    for record in records:
        if not record.memory.suspended:
            drops.setdefault(record.drop_id, []).append(record)
    found = [_hardness(drop_id, items, day) for drop_id, items in drops.items()]
    return sorted(found, key=lambda one: (-one.score, one.drop_id))


def helps(memory: Memory, *, other_templates: bool, needs: bool) -> tuple[Help, ...]:
    """What to offer with an item beside asking it again: nothing before its third lapse, then
    the worked example and, where there are any, another template and the drop it needs.
    """
    if memory.lapses < MANY_LAPSES:
        return ()
    offers = {
        Help.WORKED_EXAMPLE: True,
        Help.OTHER_TEMPLATE: other_templates,
        Help.NEEDED_DROP: needs,
    }
    return tuple(one for one, there in offers.items() if there)


def _hardness(drop_id: str, items: Sequence[Record], day: int) -> Hardness:
    return Hardness(
        drop_id=drop_id,
        score=fmean(_score(item, day) for item in items),
        reasons=tuple(_reasons(items, day)),
        hard=any(item.memory.lapses >= HARD_LAPSES or item.confirmed for item in items),
        stuck=tuple(item.item_key for item in items if item.memory.lapses >= MANY_LAPSES),
    )


def _score(item: Record, day: int) -> float:
    """The mean of four signs, each 0 … 1."""
    memory = item.memory
    return fmean((
        min(1.0, memory.lapses / MANY_LAPSES),
        (memory.difficulty - 1) / 9,
        min(1.0, len(item.confirmed) / 2),
        1 - recall(memory, day),
    ))


def _reasons(items: Sequence[Record], day: int) -> Iterable[str]:
    lapses = sum(item.memory.lapses for item in items)
    if lapses:
        yield f"forgotten {_times(lapses)}"
    names = dict.fromkeys(name for item in items for name in item.confirmed)
    if names:
        yield f"mix-up seen more than once: {', '.join(names)}"
    difficulty = max(item.memory.difficulty for item in items)
    if difficulty >= TELLING_DIFFICULTY:
        yield f"difficulty {difficulty:.1f} of 10"
    lowest = min(recall(item.memory, day) for item in items)
    if lowest < TELLING_RECALL:
        yield f"recall now {lowest:.2f}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
