"""What is said of a day: its promise in one sentence, and why it is as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from drops.course.model import Drop
from drops.memory.learner import WATCHED
from drops.memory.resting import Rest
from drops.memory.today import DayPlan
from drops.store.file.glance import Glance
from drops.study.paths import Paths
from drops.study.planning import (
    OUTLOOK_MINUTES,
    days_away,
    days_practised,
    finishing_days,
    is_finished,
    learner_in,
)
from drops.study.settings import value
from drops.text import often, whole_minutes

KNOWN_AFTER = 3  # days of one's own pace, before it is said what it comes to
LATER_THAN = 1.25  # times a drop a day: an end as late as that is worth a word


class Minutes(NamedTuple):
    """A sitting in whole minutes, and its parts, which add up to it."""

    total: int
    recall: int
    lesson: int


def in_minutes(made: DayPlan) -> Minutes:
    """The minutes of a day's sitting. What is asked once more is a part of what was asked."""
    recalls = made.recall_seconds > 0
    parts = recalls + (made.part is not None)
    total = max(parts, whole_minutes(made.seconds))
    if made.part is None:
        return Minutes(total, total, 0)
    recall = min(whole_minutes(made.recall_seconds), total - 1) if recalls else 0
    return Minutes(total, recall, total - recall)


def in_a_line(made: DayPlan, drop: str) -> str:
    """The promise of a day: "8 minutes: 1 of recall, then drop 6"; `drop` is what its drop is called."""
    total, recall, _ = in_minutes(made)
    if made.part is None:
        if not made.items:
            return "nothing is due today"
        return f"{total} {'minute' if total == 1 else 'minutes'} of recall"
    holds = f"{total} {'minute' if total == 1 else 'minutes'}: "
    if made.items:
        holds += f"{recall} of recall, then "
    if not made.part.rest:
        return holds + (f"the rest of {drop}" if made.part.begun else drop)
    which = "next" if made.part.begun else "first"
    rest = whole_minutes(made.part.rest)
    return f"{holds}the {which} part of {drop}; the rest ({rest} min) tomorrow"


def clears(made: DayPlan) -> str:
    """In how many days nothing waits any more, or ""."""
    if not made.waiting:
        return ""
    days = "1 day" if made.clears_in_days == 1 else f"{made.clears_in_days} days"
    wait = "1 more waits its turn" if made.waiting == 1 else f"{made.waiting} more wait their turn"
    return f"{wait}; at this pace all are done in {days}"


def put_off(titles: Sequence[str]) -> str:
    """What recall leaves for another day, as it has taken longer than was promised; "" where nothing.

    >>> put_off(["a neuron’s sum", "the slope", "two lines"])
    'Recall took its time: “a neuron’s sum” and 2 more wait until tomorrow.'
    """
    if not titles:
        return ""
    more = f" and {len(titles) - 1} more wait" if titles[1:] else " waits"
    return f"Recall took its time: “{titles[0]}”{more} until tomorrow."


def rests_until(rest: Rest) -> str:
    """What becomes of an item that was missed again and again."""
    if rest.until is None:
        return "Missed six times without holding: it is put away, until you take it in again."
    back = date.fromordinal(rest.until)
    return f"Missed four times without holding: it rests until {back.day} {back:%B}."


def notes(paths: Paths, glance: Glance, made: DayPlan, day: date) -> tuple[str, ...]:
    """Why a day is as it is, where that is not plain, and how long the path will take."""
    return tuple(filter(None, (_why_no_lesson(paths, glance, made, day), _outlook(paths, glance, day))))


def _why_no_lesson(paths: Paths, glance: Glance, made: DayPlan, day: date) -> str:
    following = next(_ahead(paths, glance), None)
    if following is None or not made.items:
        return ""
    drop, who = paths.number(following), learner_in(glance)
    if made.why == "away":
        when = "tomorrow" if made.clears_in_days <= 1 else f"in {made.clears_in_days} days at most"
        minutes = in_minutes(made).recall
        away = days_away(glance, day.toordinal())
        since = f"{away} days away." if away else "Back again."
        return f"{since} Today {minutes} {'minute' if minutes == 1 else 'minutes'} of recall, {drop} {when}."
    if made.why == "every second":
        if who.struggles:
            return f"Right {often(who.lately)} in the last {WATCHED}: a new drop every second day."
        return f"A new drop every second day, as you chose: {drop} tomorrow."
    if made.why == "full":
        return f"More is due than a day holds: {drop} comes by the third day at the latest."
    return ""


def _outlook(paths: Paths, glance: Glance, day: date) -> str:
    """What the learner's pace comes to, where it is much more than a drop a day."""
    left, own = sum(1 for _ in _ahead(paths, glance)), value(glance.settings, "budget_minutes")
    if len(days_practised(glance, day.toordinal())) < KNOWN_AFTER or not left or own >= OUTLOOK_MINUTES:
        return ""
    days, longer = (finishing_days(paths, glance, minutes) for minutes in (own, OUTLOOK_MINUTES))
    if days < LATER_THAN * left + 1 or longer >= days:
        return ""
    return (
        f"At your pace {own:g} minutes finish in about {days} days, {OUTLOOK_MINUTES:g} in {longer}. "
        "Both are fine."
    )


def _ahead(paths: Paths, glance: Glance) -> Iterator[Drop]:
    return (drop for drop in paths.giving if not is_finished(drop, glance))
