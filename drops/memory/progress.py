"""What a history adds up to: accuracy, minutes, the load to come, the calendar, the rhythm.

Weeks run from Monday. Days are learner-day ordinals, and ordinal 1 was a Monday.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from drops.events import Day, Memory, Rating
from drops.memory.tally import Tally

WEEK = 7
FORECAST_DAYS = 30
CALENDAR_WEEKS = 26
SHADES = (0.0, 3.0, 6.0, 10.0)       # minutes above which a calendar day is one shade darker


class Accuracy(NamedTuple):
    """Right first tries, of all first tries; practice is left out."""

    right: int
    of: int

    @property
    def share(self) -> float:
        """0 … 1; 0 of 0 is 0."""
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Load:
    """What a coming day asks, if every answer until then is Good."""

    day: int
    items: int
    minutes: float


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A square of the calendar. `shade` is 0 (rest) … 4."""

    day: int
    answers: int
    minutes: float
    shade: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Days with practice among the last seven; rest days are part of it."""

    days: int
    today: bool
    words: str


def accuracy_by_drop(tallies: Iterable[Tally]) -> dict[str, Accuracy]:
    """For each drop answered, in the order first met."""
    drops: dict[str, Accuracy] = {}
    for tally in tallies:
        drop_id = tally.item_key.partition("/")[0]
        right, of = drops.get(drop_id, Accuracy(0, 0))
        drops[drop_id] = Accuracy(right + tally.correct, of + tally.graded)
    return drops


def accuracy_by_week(
    days: Iterable[Day], day: int, weeks: int = CALENDAR_WEEKS
) -> list[tuple[int, Accuracy]]:
    """(Monday, accuracy) of the last `weeks` weeks, oldest first, empty ones too."""
    last = monday(day)
    found = {last - n * WEEK: Accuracy(0, 0) for n in reversed(range(weeks))}
    for past in days:
        if (start := monday(past.day)) in found:
            right, of = found[start]
            found[start] = Accuracy(right + past.correct, of + past.graded)
    return list(found.items())


def minutes_per_day(days: Iterable[Day], first: int, last: int) -> list[tuple[int, float]]:
    """(day, minutes answering) for every day from `first` to `last`."""
    spent = {past.day: past.ms / 60_000 for past in days}
    return [(at, spent.get(at, 0.0)) for at in range(first, last + 1)]


def forecast(
    items: Iterable[tuple[Memory, float]],
    day: int,
    reviewed: Callable[[Memory | None, str, int, Rating], Memory],
    days: int = FORECAST_DAYS,
) -> list[Load]:
    """The load of `days` days from `day` on, from each item's memory and seconds.

    What is overdue counts on the first day. Each review is taken to be Good and on time, and
    `reviewed` (of `schedule`) says when it comes back, so an item may count more than once.
    """
    counts, seconds = [0] * days, [0.0] * days
    kept = [(memory, cost) for memory, cost in items if not memory.suspended]
    queue = [(max(day, memory.due_day), n) for n, (memory, _) in enumerate(kept)]
    heapify(queue)
    now = [memory for memory, _ in kept]
    while queue and queue[0][0] < day + days:
        due, n = heappop(queue)
        counts[due - day] += 1
        seconds[due - day] += kept[n][1]
        now[n] = reviewed(now[n], now[n].item_key, due, Rating.GOOD)
        heappush(queue, (now[n].due_day, n))
    return [Load(day + n, counts[n], seconds[n] / 60) for n in range(days)]


def calendar(days: Iterable[Day], day: int, weeks: int = CALENDAR_WEEKS) -> list[tuple[DayFigures, ...]]:
    """The last `weeks` weeks, oldest first, Monday first; the last week ends with `day`."""
    first = monday(day) - (weeks - 1) * WEEK
    known = {past.day: past for past in days}
    squares = []
    for at in range(first, day + 1):
        past = known.get(at, Day(at, 0, 0, 0, 0))
        answers, minutes = past.graded + past.practice, past.ms / 60_000
        squares.append(DayFigures(at, answers, minutes, _shade(answers, minutes)))
    return [tuple(squares[n : n + WEEK]) for n in range(0, len(squares), WEEK)]


def rhythm(days_practised: Iterable[int], day: int) -> Rhythm:
    """The seven days that end with `day`. A rest is a rest; nothing is lost by it."""
    week = {at for at in days_practised if day - WEEK < at <= day}
    words = f"{len(week)} of {WEEK} days" if week else "Ready when you are"
    return Rhythm(len(week), day in week, words)


def monday(day: int) -> int:
    """The Monday of a learner-day's week."""
    return day - (day - 1) % WEEK


def _shade(answers: int, minutes: float) -> int:
    return sum(minutes > least for least in SHADES) if minutes else min(1, answers)
