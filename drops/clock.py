"""Learner-days, and the only place that reads the wall clock.

A learner who answers at 01:30 is still in yesterday's session: the learner-day is the
local date with a rollover in the small hours (04:00 unless the learner moves it). It is fixed when an
answer is written, together with the offset from UTC, so that travel and daylight saving
never move the past.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

ROLLOVER_HOUR = 4


class Moment(NamedTuple):
    """An instant as a learner lives it."""

    us: int           # microseconds since 1970-01-01 UTC, as the clock said
    offset_min: int   # minutes east of UTC at that place and time
    day: date         # learner-day

    @property
    def local(self) -> datetime:
        """The wall-clock time at the learner's place."""
        zone = timezone(timedelta(minutes=self.offset_min))
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.us)).astimezone(zone)


Clock = Callable[[], Moment]


def moment(at: datetime, rollover_hour: int = ROLLOVER_HOUR) -> Moment:
    """The Moment of an aware datetime. Raises ValueError for a naive one."""
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a moment needs a time zone: give an aware datetime")
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    us = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    # Wall-clock subtraction on purpose: on the night of a DST change 04:00 still rolls over at 04:00.
    day = (at.replace(tzinfo=None) - timedelta(hours=rollover_hour)).date()
    return Moment(us, round(offset.total_seconds() / 60), day)


def now(rollover_hour: int = ROLLOVER_HOUR) -> Moment:
    """This moment, in the machine's time zone; in UTC where that is none, as TZ=XXX+25."""
    try:
        there = datetime.now().astimezone()
    except (ValueError, OverflowError):     # a day or more from UTC
        there = datetime.now(UTC)
    return moment(there, rollover_hour)


def ticks() -> float:
    """Seconds on a clock that never goes back, for measuring how long an answer took."""
    return time.monotonic()


FAR = 300  # days, from which on a day of the year could be taken for the one before or after


def weekday(day: date, today: date) -> str:
    """A day as it is said: "Sunday, 8 March"; with its year where that is far from `today`."""
    return f"{day:%A}, {day.day} {day:%B}{_year(day, today)}"


def short_day(day: date, today: date) -> str:
    """The same where there is little room: "8 Mar"."""
    return f"{day.day} {day:%b}{_year(day, today)}"


def _year(day: date, today: date) -> str:
    return f" {day.year}" if abs((day - today).days) > FAR else ""
