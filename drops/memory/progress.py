"""What a history adds up to: accuracy, minutes, the load to come, the calendar, the rhythm.

Weeks run from Monday. Days are learner-day ordinals, and ordinal 1 was a Monday.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from drops.events import Memory, Rating
from drops.memory.attempts import Answer

WEEK = 7
FORECAST_DAYS = 30
CALENDAR_WEEKS = 26
SHADES = (0.0, 3.0, 6.0, 10.0)       # minutes above which a calendar day is one shade darker


@dataclass(frozen=True, slots=True)
class Accuracy:
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


def accuracy_by_drop(answers: Iterable[Answer]) -> dict[str, Accuracy]:
    """For each drop answered, in the order first met."""
    drops: dict[str, list[Answer]] = {}
    for answer in answers:
        drops.setdefault(answer.drop_id, []).append(answer)
    return {drop_id: _accuracy(own) for drop_id, own in drops.items()}


def accuracy_by_week(
    answers: Iterable[Answer], day: int, weeks: int = CALENDAR_WEEKS
) -> list[tuple[int, Accuracy]]:
    """(Monday, accuracy) of the last `weeks` weeks, oldest first, empty ones too."""
    last = monday(day)
    own: dict[int, list[Answer]] = {last - n * WEEK: [] for n in reversed(range(weeks))}
    for answer in answers:
        if (start := monday(answer.day)) in own:
            own[start].append(answer)
    return [(start, _accuracy(found)) for start, found in own.items()]


def minutes_per_day(answers: Iterable[Answer], first: int, last: int) -> list[tuple[int, float]]:
    """(day, minutes answering) for every day from `first` to `last`."""
    seconds = dict.fromkeys(range(first, last + 1), 0.0)
    for answer in answers:
        if first <= answer.day <= last:
            seconds[answer.day] += answer.seconds
    return [(day, total / 60) for day, total in seconds.items()]


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


def calendar(
    answers: Iterable[Answer], day: int, weeks: int = CALENDAR_WEEKS
) -> list[tuple[DayFigures, ...]]:
    """The last `weeks` weeks, oldest first, Monday first; the last week ends with `day`."""
    first = monday(day) - (weeks - 1) * WEEK
    inside = list(answers)
    counts = Counter(answer.day for answer in inside)
    squares = [
        DayFigures(at, counts[at], minutes, _shade(counts[at], minutes))
        for at, minutes in minutes_per_day(inside, first, day)
    ]
    return [tuple(squares[n : n + WEEK]) for n in range(0, len(squares), WEEK)]


def rhythm(days_practised: Iterable[int], day: int) -> Rhythm:
    """The seven days that end with `day`. A rest is a rest; nothing is lost by it."""
    week = {at for at in days_practised if day - WEEK < at <= day}
    words = f"{len(week)} of {WEEK} days" if week else "Ready when you are"
    return Rhythm(len(week), day in week, words)


def monday(day: int) -> int:
    """The Monday of a learner-day's week."""
    return day - (day - 1) % WEEK


def _accuracy(answers: Sequence[Answer]) -> Accuracy:
    first_tries = [answer for answer in answers if answer.graded]
    return Accuracy(sum(answer.right for answer in first_tries), len(first_tries))


def _shade(answers: int, minutes: float) -> int:
    return sum(minutes > least for least in SHADES) if minutes else min(1, answers)
