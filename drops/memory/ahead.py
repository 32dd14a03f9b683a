"""The days after today, as far as they are known: when a backlog clears, and which drop comes when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

DAYS_AHEAD = 7           # that are told one by one
LONGEST_BACKLOG = 365    # days; a backlog that does not clear in a year is said to take one


class ComingDay(NamedTuple):
    """A day after today, as far as it is known: what today's answers bring is not."""

    day: int                     # learner-day ordinal
    items: int
    new: str | None              # title of the drop that would come


class Backlog(NamedTuple):
    """What the coming days have to hold. Seconds at the learner's pace."""

    day: int                     # today, a learner-day ordinal
    waiting: tuple[float, ...]   # of each due item that today has no room for
    forgotten: float             # share of them that will come back the day after
    falls_due: Mapping[int, list[float]]   # learner-day → of each item
    budget: float
    beside: float                # recall that a lesson leaves room for
    every: int                   # sittings without a lesson between two with one
    most: int                    # the same while more is due than a day holds
    new_a_day: float
    gap: int                     # sittings since one with a lesson, today's counted


def ahead(backlog: Backlog, lessons: Iterable[tuple[str, float]]) -> tuple[int, tuple[ComingDay, ...]]:
    """In how many days nothing waits any more (0: nothing does), and the next DAYS_AHEAD days.

    The share of what waits that is not recalled comes back the day after it was asked. Of an item's
    price half is lost at the end of a full day: the last one rarely fits exactly.
    """
    titles = iter(lessons)
    upcoming = next(titles, None) if backlog.new_a_day else None
    each = sum(backlog.waiting) / len(backlog.waiting) if backlog.waiting else 0.0
    waits, back, gap, clears = sum(backlog.waiting), 0.0, backlog.gap, 0
    coming: list[ComingDay] = []
    for n in range(1, LONGEST_BACKLOG + 1):
        if n > DAYS_AHEAD and (clears or not backlog.waiting):
            break
        new = backlog.falls_due.get(backlog.day + n, [])
        need = waits + back + sum(new)
        least = backlog.every or backlog.most if need > backlog.budget else backlog.every
        enters = upcoming is not None and gap >= least
        room = max(backlog.beside, backlog.budget - upcoming[1]) if enters and upcoming else backlog.budget
        done = need if need <= room else max(0.0, min(need, room - each / 2))
        items = round(waits / each if each else 0) + len(new)
        if n <= DAYS_AHEAD:
            whole = need <= room or not each
            coming.append(ComingDay(backlog.day + n, items if whole else int(done / each),
                                 upcoming[0] if enters and upcoming else None))
        waits, back = need - done, done * backlog.forgotten if backlog.waiting else 0.0
        gap = 0 if enters else gap + 1
        if enters:
            upcoming = next(titles, None)
        if backlog.waiting and not clears and waits <= 0:
            clears = n
    return (clears or LONGEST_BACKLOG) if backlog.waiting else 0, tuple(coming)
