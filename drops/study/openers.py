"""Which of a drop's kept items come first: its sheet, graded in the lesson, and one question, next day.

The others enter once both have held: asked all at once, four or five new items a day, memory would be
no better for it and the days longer (simulated: .860 of recall against .874).
"""

from __future__ import annotations

from collections.abc import Mapping

from drops.course.model import Drop, Quiz
from drops.events import Memory
from drops.memory.learner import HELD_DAYS

OPENERS = 2


def opener_sheet(drop: Drop) -> str:
    """The kept exercise that is graded in the lesson, or ""."""
    return next((f"{drop.id}/{one.id}" for one in drop.exercises if one.keep), "")


def openers(drop: Drop) -> tuple[str, ...]:
    """The keys of the two items that come first; of a drop without a kept sheet, two questions."""
    sheet, kept = opener_sheet(drop), drop.kept
    others = [key for key in kept if key != sheet]
    # a question of words first: the sheet has asked for numbers already
    others.sort(key=lambda key: not isinstance(kept[key], Quiz))
    return tuple(filter(None, (sheet, *others)))[:OPENERS]


def have_held(drop: Drop, memories: Mapping[str, Memory]) -> bool:
    """Whether both openers were recalled on a later day, so that the others may enter."""
    return all((known := memories.get(key)) and known.stability >= HELD_DAYS for key in openers(drop))
