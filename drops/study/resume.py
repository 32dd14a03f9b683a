"""Which session is begun, or resumed: its units from what is due, and where an open one stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from drops.course.model import Drop, Library
from drops.errors import DropsError
from drops.events import Event, Kind
from drops.memory.misconceptions import lines_to_find
from drops.store.log import Log
from drops.study.question import ANSWERED, ASKING, front, has_lines, is_stuck
from drops.study.session import (
    LESSON_KINDS,
    Mode,
    Session,
    Unit,
    UnitKind,
    after,
    begun,
    item_units,
    lesson_units,
    line_unit,
    open_sessions,
    recall_unit,
    replay_units,
    worked_unit,
)
from drops.study.today import Today, carry_key

KINDS = get_args(UnitKind)


# Beginning -------------------------------------------------------------------------------


def todays_units(library: Library, log: Log, plan: Today) -> tuple[Unit, ...]:
    """What is due, a line to find, and the new drop where there is room for one."""
    recalls = [unit for item in plan.items for unit in _recalling(log, item.item_key)]
    new = _unpassed(log, plan.new) if plan.new else ()
    return (*recalls, *_lines(library, log, plan), *new)


def drop_units(log: Log, mode: Mode, drop: Drop) -> tuple[Unit, ...]:
    """A drop's lesson, its replay or its test."""
    if mode == "replay":
        return replay_units(drop)
    if mode == "test":
        return (*item_units(drop), Unit(carry_key(drop), "carry", drop.id))
    return _unpassed(log, drop)


def _recalling(log: Log, item_key: str) -> tuple[Unit, ...]:
    """An item to recall; one that keeps slipping is shown worked through first."""
    recalled = recall_unit(item_key)
    return (worked_unit(item_key), recalled) if is_stuck(log.memory(item_key)) else (recalled,)


def _lines(library: Library, log: Log, plan: Today) -> tuple[Unit, ...]:
    """A confirmed misconception comes back as a line to find: one a day, the latest first."""
    awake = {drop.id for drop in plan.paths.drops}
    for found in lines_to_find(log.sightings(), plan.day.toordinal()):
        for key in found.item_keys:
            if key.partition("/")[0] in awake and has_lines(library, key, found.misconception):
                return (line_unit(key, found.misconception),)
    return ()


def _unpassed(log: Log, drop: Drop) -> tuple[Unit, ...]:
    """A drop's units; of one begun earlier and not finished, those not yet behind."""
    passed, units = log.passed(), lesson_units(drop)
    if carry_key(drop) in passed:
        return units
    return tuple(unit for unit in units if unit.key not in passed)


# Resuming --------------------------------------------------------------------------------


def resumed(library: Library, log: Log, day: int, mode: Mode | None, drop: str | None) -> Session | None:
    """The open session of this learner-day that was touched last, where it stood; of this mode and drop,
    where one is named.
    """
    events = log.events(kinds=(Kind.SESSION, *ANSWERED), since_day=day, until_day=day)
    for found in open_sessions(events):
        if mode is not None and (found.mode, drop_of(found)) != (mode, drop):
            continue
        try:
            session = whole(log, events, found)
            _refuse_what_cannot_be_shown(library, session)
        except (DropsError, LookupError, TypeError, ValueError, AttributeError, AssertionError):
            continue  # of another shape, or of lessons no longer installed
        if session.unit is not None:
            return session
    return None


def whole(log: Log, events: Sequence[Event], session: Session) -> Session:
    """The session from its own events of the day, and from what was done of its lessons before it."""
    start = next(event for event in events if event.event_id.hex() == session.id)
    return with_lessons(log, begun(start), events)


def with_lessons(log: Log, session: Session, events: Sequence[Event] = ()) -> Session:
    """The session with `events` and with all that was done of its lessons, in the log's order."""
    known = {event.event_id: event for event in events}
    if session.mode != "replay":
        for drop in dict.fromkeys(unit.drop for unit in session.units if unit.kind in LESSON_KINDS):
            known |= {event.event_id: event for event in _of_lesson(log, session, drop)}
    for _, event in sorted(known.items()):
        session = after(session, event)
    return session


def _of_lesson(log: Log, session: Session, drop: str) -> list[Event]:
    """What was done of a drop's lesson since it was last finished before this session began.

    One that was finished is read again from its start on another day.
    """
    events = log.events(kinds=(Kind.SESSION, *ANSWERED), item_prefix=f"{drop}/")
    before = [n for n, e in enumerate(events) if e.event_id.hex() < session.id and _finishes(e, drop)]
    since = events[before[-1] + 1 :] if before else events
    return [event for event in since if not before or event.study_day >= session.day]


def _finishes(event: Event, drop: str) -> bool:
    return event.item_key == f"{drop}/carry" and event.payload.get("passed") is True


def drop_of(session: Session) -> str | None:
    """The drop that a session is of; None where it is today's."""
    return None if session.mode == "today" or not session.units else session.units[0].drop


def _refuse_what_cannot_be_shown(library: Library, session: Session) -> None:
    """Raises Unknown, or what Python raises, for a session that an import brought and no drops made."""
    for unit in session.units:
        drop = library.drop(unit.drop)
        if unit.kind not in KINDS or (unit.kind in (*ASKING, "worked") and not unit.item):
            raise ValueError("no such unit")
        if unit.kind == "read":
            drop.sections[unit.section]
        elif unit.item:
            library.item(unit.item)
            if session.work_in(unit).numbers is not None and unit.key not in session.done:
                front(library, session, unit)
