"""The items of a drop that come back, and how each stands: what can be set aside, or taken in again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from drops.clock import Moment, weekday
from drops.course.model import Drop
from drops.memory.forgetting import recall
from drops.store.file.glance import Glance
from drops.text import share


class KeptItem(NamedTuple):
    """An item of a drop."""

    key: str
    title: str
    left_out: bool  # until it is taken in again
    says: str  # "recall 0.90, due on Monday"


def kept_items(drop: Drop, glance: Glance, now: Moment) -> tuple[KeptItem, ...]:
    """The items of a drop in its order, as they stand on the learner-day of `now`."""
    return tuple(
        KeptItem(key, item.title, glance.lately.rests.get(key, 0) is None, _says(key, glance, now))
        for key, item in drop.kept.items()
    )


def _says(key: str, glance: Glance, now: Moment) -> str:
    rests, memory, day = glance.lately.rests, glance.memories.get(key), now.day.toordinal()
    until = rests.get(key, 0)
    if until is None:
        return "left out until you take it in"
    if memory is None:
        return "not asked yet"
    due = max(day, memory.due_day, until)
    comes = "due today" if due == day else f"due on {weekday(date.fromordinal(due), now.day)}"
    return f"recall {share(recall(memory, day))}, {comes}"
