"""A week to show to somebody: the days, what was learned and held, the picture that was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from drops.clock import Moment
from drops.course.model import Drop, Library
from drops.events import Day, Kind
from drops.memory.misconceptions import Status
from drops.store.log import Log
from drops.study.pages import Picture
from drops.study.planning import carry_key
from drops.study.shown.made import made
from drops.study.tasks import title_of
from drops.text import unmarked


@dataclass(frozen=True)
class Week:
    """Monday to Sunday, as far as it has come."""

    number: int  # of the learner's weeks, from 1
    monday: date
    days: tuple[bool, ...]  # practised or not, to its last day that has begun
    minutes: int
    drops: int  # that were finished
    gain: str  # of the last drop that was finished, or ""
    held: tuple[int, int]  # right, of what came back
    mended: tuple[str, ...]  # mix-ups that two clean answers have cleared
    quote: str  # a line of the last drop's recap
    quoted: int  # the drop's number
    picture: Picture | None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def week(library: Library, log: Log, now: Moment) -> Week | None:
    """The newest week with an answer; None before the first."""
    seen = log.ledger()
    practised = {past.day: past for past in seen.glance.daily if past.graded + past.practice}
    last = max((day for day in practised if day <= now.day.toordinal()), default=None)
    if last is None:
        return None
    monday, first = _monday(last), _monday(min(practised))
    until = min(monday + 6, now.day.toordinal())
    own = [practised[day] for day in range(monday, until + 1) if day in practised]
    done = _finished(library, seen.glance.passed, monday, until)
    newest = done[-1] if done else None
    recap = newest.carry_forward[-1] if newest and newest.carry_forward else ""
    return Week(
        number=(monday - first) // 7 + 1,
        monday=date.fromordinal(monday),
        days=tuple(day in practised for day in range(monday, until + 1)),
        minutes=_minutes(own),
        drops=len(done),
        gain=newest.gain if newest else "",
        held=_held(log, monday, until),
        mended=tuple(
            title_of(library, one.misconception, one.item_keys[0])
            for one in seen.sightings
            if one.status is Status.OVERCOME and monday <= one.changed_day <= until
        ),
        quote=unmarked(recap),
        quoted=newest.number if newest else 0,
        picture=made(library, log, monday, until),
    )


def _monday(day: int) -> int:
    return day - date.fromordinal(day).weekday()


def _minutes(days: list[Day]) -> int:
    return max(1, round(sum(day.ms for day in days) / 60_000))


def _finished(library: Library, passed: Mapping[str, int], since: int, until: int) -> list[Drop]:
    """The drops that were finished in these days, in that order."""
    found = [(passed[key], drop) for drop in library if (key := carry_key(drop)) in passed]
    return [drop for day, drop in sorted(found, key=lambda one: one[0]) if since <= day <= until]


def _held(log: Log, since: int, until: int) -> tuple[int, int]:
    """What came back in these days and was asked first: right, and of how many."""
    events = log.events(kinds=(Kind.GRADED,), since_day=since, until_day=until)
    back = [event for event in events if str(event.payload.get("unit", "")).startswith("recall/")]
    return sum(event.correct is True for event in back), len(back)
