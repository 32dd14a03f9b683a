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
from drops.text import often

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
    """How hard a drop is. `reasons` are telling signs only; none, none."""

    drop_id: str
    score: float                          # 0 … 1: what the reasons tell, and nothing else
    untold: float                         # 0 … 1: all four signs, for drops whose reasons weigh the same
    reasons: tuple[str, ...]
    hard: bool                            # to be marked so on the path
    stuck: tuple[str, ...]                # items with three lapses or more: see `helps`


def ranked(records: Iterable[Record], day: int) -> list[Hardness]:
    """The drops in `records`, hardest first, as of learner-day `day`; without suspended items.

    The order is that of what is said: those called hard, then by their reasons. A drop of which nothing is
    told never stands above one with a reason.
    """
    drops: dict[str, list[Record]] = {}
    for record in records:
        if not record.memory.suspended:
            drops.setdefault(record.drop_id, []).append(record)
    found = [_hardness(drop_id, items, day) for drop_id, items in drops.items()]
    return sorted(found, key=lambda one: (not one.hard, -one.score, -one.untold, one.drop_id))


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
    signs = _signs(items, day)
    return Hardness(
        drop_id=drop_id,
        score=fmean(weight if says else 0.0 for weight, says in signs),
        untold=fmean(weight for weight, _ in signs),
        reasons=tuple(says for _, says in signs if says),
        hard=any(item.memory.lapses >= HARD_LAPSES or item.confirmed for item in items),
        stuck=tuple(item.item_key for item in items if item.memory.lapses >= MANY_LAPSES),
    )


def _signs(items: Sequence[Record], day: int) -> tuple[tuple[float, str], ...]:
    """Each sign with its weight, 0 … 1, and its words, "" where it is not telling: one figure for both."""
    lapses = sum(item.memory.lapses for item in items)
    names = dict.fromkeys(name for item in items for name in item.confirmed)
    difficulty = max(item.memory.difficulty for item in items)
    lowest = min(recall(item.memory, day) for item in items)
    return (
        (lapses / (lapses + MANY_LAPSES), f"forgotten {often(lapses)}" if lapses else ""),
        (len(names) / (len(names) + 1), f"mix-up seen more than once: {', '.join(names)}" if names else ""),
        (
            (difficulty - 1) / 9,
            f"difficulty {difficulty:.1f} of 10" if difficulty >= TELLING_DIFFICULTY else "",
        ),
        (1 - lowest, f"recall now {lowest:.2f}" if lowest < TELLING_RECALL else ""),
    )
