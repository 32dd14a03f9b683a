"""What today holds: due items by falling need, then a new drop.

    3 items due, next drop 6 minutes              →  3 items (2 min), then the drop
    40 items due after three weeks, 8 minutes     →  10 items, the drop waits, clears in 4 days

The budget is the learner's minutes for what comes back. A new drop brings its own minutes and
enters on a day whose due items all fit: 14 drops of 6 to 7 minutes and their reviews make about
11 minutes a day, so a budget of 8 over both would turn two weeks into five or more (simulated).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from drops.events import Memory
from drops.memory.forgetting import TARGET, recall
from drops.memory.interleave import interleaved

DAYS_AHEAD = 7           # that a plan looks at in items
LONGEST_BACKLOG = 365    # days; a backlog that does not clear in a year is said to take one
LONGEST_ESTIMATE = 3     # times the content's own estimate: a coffee break is no pace


class Candidate(NamedTuple):
    """An item that could be asked. `memory` is None for a kept item of a finished drop that
    was never graded: a first sight, given here from the day after the drop on.
    """

    item_key: str
    drop_id: str
    title: str
    seconds: float               # see `estimate`
    memory: Memory | None
    recalls: Literal["exercise", "recall"] = "recall"


class NewDrop(NamedTuple):
    """A drop not yet begun."""

    drop_id: str
    title: str
    minutes: float


class Due(NamedTuple):
    """An item of today's session, and why it is in it."""

    item_key: str
    drop_id: str
    title: str
    seconds: float
    recall: float | None         # predicted for today; None at first sight
    why: str                     # "recall 0.87, last seen 6 days ago, answered 4 times"
    recalls: Literal["exercise", "recall"]
    due_day: int                 # learner-day ordinal

    @property
    def urgency(self) -> float:
        """Recall to sort by. A first sight is a day old: about as fresh as an item just due."""
        return TARGET if self.recall is None else self.recall


class Coming(NamedTuple):
    """A day after today, as far as it is known: what today's answers bring is not."""

    day: int                     # learner-day ordinal
    items: int
    new: str | None              # title of the drop that would begin


class DayPlan(NamedTuple):
    """A day's session."""

    items: tuple[Due, ...]       # in the order to ask
    new: NewDrop | None
    seconds: float               # items and new drop
    waiting: int                 # due items that today has no room for
    clears_in_days: int          # 0 when nothing waits
    coming: tuple[Coming, ...]   # the next DAYS_AHEAD days


def plan(
    day: int,
    candidates: Iterable[Candidate],
    next_drop: NewDrop | None,
    budget_minutes: float,
    *,
    new_per_day: int = 1,
    new_taken_today: int = 0,
    done_today_seconds: float = 0.0,
    later_drops: Sequence[NewDrop] = (),
) -> DayPlan:
    """The session of learner-day `day`, also of a coming one.

    `done_today_seconds` is what today's reviews have taken so far. `later_drops` are those
    after `next_drop`, for what `coming` says. The items fit the budget, but for a single one
    that is longer than all the room there is.
    """
    usable = [c for c in candidates if c.memory is None or not c.memory.suspended]
    due = sorted((_due(c, day) for c in usable if _is_due(c, day)), key=_order)
    taken, left = _fill(due, budget_minutes * 60 - done_today_seconds)
    new = next_drop if not left and new_taken_today < new_per_day else None
    ahead = [c for c in usable if not _is_due(c, day)]
    drops = [d for d in (next_drop, *later_drops) if d is not None and d is not new]
    budget = budget_minutes * 60
    clears = _clears_in(day, taken, left, ahead, budget)
    return DayPlan(
        items=tuple(interleaved(taken)),
        new=new,
        seconds=sum(item.seconds for item in taken) + (new.minutes * 60 if new else 0.0),
        waiting=len(left),
        clears_in_days=clears,
        coming=tuple(_coming(day, clears, left, ahead, drops, budget, new_per_day)),
    )


def estimate(own_ms: int | None, content_seconds: float) -> float:
    """Seconds an item will take: the learner's own median, at most three times what the content
    says; without one, what the content says.
    """
    return content_seconds if own_ms is None else min(own_ms / 1000, LONGEST_ESTIMATE * content_seconds)


def why(memory: Memory | None, day: int) -> str:
    """Why an item is due, in words: "recall 0.87, last seen 6 days ago, answered 4 times"."""
    if memory is None:
        return "asked for the first time since its drop"
    ago, times = day - memory.last_day, memory.reps
    seen = "today" if ago <= 0 else "yesterday" if ago == 1 else f"{ago} days ago"
    answered = {1: "once", 2: "twice"}.get(times, f"{times} times")
    return f"recall {recall(memory, day):.2f}, last seen {seen}, answered {answered}"


def _is_due(candidate: Candidate, day: int) -> bool:
    return candidate.memory is None or candidate.memory.due_day <= day


def _due(candidate: Candidate, day: int) -> Due:
    memory = candidate.memory
    return Due(
        item_key=candidate.item_key,
        drop_id=candidate.drop_id,
        title=candidate.title,
        seconds=max(1.0, candidate.seconds),
        recall=None if memory is None else recall(memory, day),
        why=why(memory, day),
        recalls=candidate.recalls,
        due_day=day if memory is None else memory.due_day,
    )


def _order(item: Due) -> tuple[float, int, str]:
    return item.urgency, item.due_day, item.item_key


def _fill(due: Sequence[Due], room: float) -> tuple[list[Due], list[Due]]:
    """What fits into `room` seconds, in order, and the rest. The first item needs only some room."""
    spent = 0.0
    for n, item in enumerate(due):
        spent += item.seconds
        if room <= 0 or (spent > room and n > 0):
            return list(due[:n]), list(due[n:])
    return list(due), []


def _clears_in(
    day: int, taken: Sequence[Due], left: Sequence[Due], ahead: Sequence[Candidate], budget: float
) -> int:
    """Days of full budget until nothing waits, counting what falls due meanwhile and that the
    share of items not recalled comes back the day after. Of 400 simulated returns after three
    weeks away 359 cleared in time or a day sooner, 3 took more than a day longer.
    """
    if not left:
        return 0
    falls_due: dict[int, float] = defaultdict(float)
    for candidate in ahead:
        if candidate.memory is not None:
            falls_due[candidate.memory.due_day] += candidate.seconds
    again = 1 - sum(item.urgency for item in left) / len(left)
    room = budget - sum(item.seconds for item in left) / len(left) / 2   # the last item rarely fits exactly
    load = sum(item.seconds for item in left)
    back = sum((1 - item.urgency) * item.seconds for item in taken)
    for n in range(1, LONGEST_BACKLOG):
        load += falls_due[day + n] + back
        done = max(0.0, min(load, room))
        load, back = load - done, done * again
        if load <= 0:
            return n
    return LONGEST_BACKLOG


def _coming(
    day: int,
    clears: int,
    left: Sequence[Due],
    ahead: Sequence[Candidate],
    drops: Sequence[NewDrop],
    budget: float,
    new_per_day: int,
) -> Iterable[Coming]:
    soon: dict[int, list[Due]] = defaultdict(list)
    for candidate in ahead:
        if candidate.memory is not None and candidate.memory.due_day <= day + DAYS_AHEAD:
            soon[candidate.memory.due_day].append(_due(candidate, candidate.memory.due_day))
    waiting, titles = list(left), iter(drops)
    for tomorrow in range(day + 1, day + DAYS_AHEAD + 1):
        taken, waiting = _fill(waiting + sorted(soon[tomorrow], key=_order), budget)
        # Answers that have to come back are in `clears` but not among the items known here.
        free = not waiting and tomorrow >= day + clears
        begun = list(islice(titles, new_per_day)) if free else []
        yield Coming(tomorrow, len(taken), begun[0].title if begun else None)
