"""A clock that disagrees with what was answered: found before a session begins, and asked about.

An answer dated more than 26 hours ahead of this machine cannot be: either the machine is wrong now, or
it was when the answer was given. A machine far ahead of the last answer is what an absence looks like,
so it is asked only after more than a hundred days, and there the machine is right unless the learner
says otherwise. A machine that stands before drops was made is never believed.

What is put right is a stretch of one device's events, moved by whole days: the log keeps what was said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from drops.clock import Moment
from drops.errors import DropsError
from drops.events import Event, Kind
from drops.memory.forgetting import RELEASED
from drops.store.corrections import DAY_US, Correction, true_day
from drops.text import counted

if TYPE_CHECKING:
    from drops.store.log import Log

APART_US = 26 * DAY_US // 24  # no journey and no change of zone moves a clock so far
LONGEST_ABSENCE = 100  # days after which it is asked whether it was so long
CHUNK = 500  # events looked at together, the newest first

THIS_MACHINE, LAST_ANSWER = "1", "2"
LATELY = 60  # days within which answers were given that have none before them


class Doubt(NamedTuple):
    """A clock and a last answer that do not fit together."""

    last: date  # learner-day of the last answer, as it was dated
    machine: date
    ahead: tuple[Event, ...]  # what is dated ahead of this machine, in the log's order
    before: date | None  # of the last answer that is not

    @property
    def question(self) -> str:
        return f"{_disagree(self.last, self.machine)}: which is right?"

    @property
    def choices(self) -> tuple[str, str]:
        """What can be answered: THIS_MACHINE, LAST_ANSWER."""
        was = f"the last answer was on {dated(self.meant)}" if self.ahead else "it was that long"
        return f"this machine: {was}", "the last answer: this machine's date is wrong"

    @property
    def meant(self) -> date:
        """The day on which the last answer was really given, as far as can be told."""
        return self.last + timedelta(days=self.days)

    @property
    def days(self) -> int:
        """By how many days what is dated ahead is to be moved.

        A year that was set wrong keeps day and month. Else it was yesterday, where that is not before
        the last right answer, or today. Where no answer is right, it was lately.
        """
        span = self.last.toordinal() - min((e.study_day for e in self.ahead), default=self.last.toordinal())
        since = self.before.toordinal() + span if self.before else self.machine.toordinal() - LATELY
        earliest = max(since, RELEASED)
        for years in range(1, self.last.year):
            meant = _years_before(self.last, years)
            if meant <= self.machine:
                if meant.toordinal() >= earliest:
                    return (meant - self.last).days
                break
        yesterday = self.machine - timedelta(days=1)
        meant = yesterday if yesterday.toordinal() >= earliest else self.machine
        return (meant - self.last).days


def doubted(latest: tuple[int, int] | None, now: Moment) -> str:
    """That the clock disagrees with what is dated last (microsecond, learner-day), before it is asked about;
    "" where it does not.
    """
    if too_early := _too_early(now):
        return f"{too_early[:1].upper()}{too_early[1:]}."
    if latest is None or -APART_US <= now.us - latest[0] <= LONGEST_ABSENCE * DAY_US:
        return ""
    return f"{_disagree(date.fromordinal(latest[1]), now.day)}; the next sitting asks which is right."


def _too_early(now: Moment) -> str:
    if now.day.toordinal() >= RELEASED:
        return ""
    return f"this machine says {dated(now.day)}, before there was a drops; set its date, then begin"


def _disagree(last: date, machine: date) -> str:
    return f"Your last answer is from {dated(last)}, this machine says {dated(machine)}"


def doubt(log: Log, now: Moment) -> Doubt | None:
    """Whether clock and log disagree. Raises DropsError for a clock that nobody can mean."""
    if too_early := _too_early(now):
        raise DropsError(too_early)
    known = log.corrections()
    ahead, newest, before = [], None, None
    for event, us in _dated_ahead(log, known, now.us + APART_US):
        if us > now.us + APART_US:
            ahead.append(event)
        else:
            before = max(before or 0, event.study_day)
        newest = max(newest or (us, event.study_day), (us, event.study_day))
    if newest is None:
        return None
    if ahead or now.us - newest[0] > LONGEST_ABSENCE * DAY_US:
        last = max(event.study_day for event in ahead) if ahead else newest[1]
        day = date.fromordinal(before) if before else None
        return Doubt(date.fromordinal(last), now.day, tuple(reversed(ahead)), day)
    return None


def _dated_ahead(log: Log, known: tuple[Correction, ...], limit: int) -> Iterator[tuple[Event, int]]:
    """The newest events with the microsecond at which each really was, as far back as any lies beyond."""
    after = None
    while True:
        events = log.events(newest_first=True, after=after, limit=CHUNK, voided=True)
        found = [(event, _really_at(event, known)) for event in events]
        yield from found
        if len(events) < CHUNK or all(us <= limit for _, us in found):
            return
        after = events[-1].event_id


def _really_at(event: Event, known: tuple[Correction, ...]) -> int:
    middle = 1_000_000  # a day from which each correction can go its way
    moved = true_day(known, event.device_id, event.event_id, middle) - middle
    return event.occurred_us + moved * DAY_US


def set_right(log: Log, found: Doubt, now: Moment) -> str:
    """Moves what was dated ahead to the days on which it was, and says so. Raises StoreError."""
    moved = found.ahead
    if not moved:
        return ""
    log.append_all([one.fact() for one in _stretches(log, moved, found.days)], now)
    answers = sum(event.kind in (Kind.GRADED, Kind.PRACTICE) for event in moved)
    many = counted(answers, "answer") if answers else "What was"  # a session may have none yet
    counts = "count" if answers > 1 else "counts"
    return f"{many} dated up to {dated(found.last)} now {counts} for up to {dated(found.meant)}."


def _stretches(log: Log, moved: tuple[Event, ...], days: int) -> Iterator[Correction]:
    """Unbroken stretches of each device's events, so that none between is moved along."""
    wrong = {event.event_id for event in moved}
    first = moved[0].event_id
    since = [log.event(first), *log.events(after=first, voided=True)]
    by_device = sorted(since, key=lambda event: (event.device_id, event.event_id))
    for device, events in groupby(by_device, key=lambda event: event.device_id):
        for is_wrong, stretch in groupby(events, key=lambda event: event.event_id in wrong):
            if is_wrong:
                ids = [event.event_id for event in stretch]
                yield Correction(device, ids[0], ids[-1], days)


def dated(day: date) -> str:
    """A day with its year: "5 March 2027"."""
    return f"{day.day} {day:%B %Y}"


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
