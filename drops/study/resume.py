"""Which session is begun, or resumed: its units from what is due, and where an open one stood."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from drops.course.model import Drop, Library
from drops.errors import NoDraw, Unknown
from drops.events import Kind
from drops.memory.attempts import attempts
from drops.memory.misconceptions import lines_to_find
from drops.store.log import Log
from drops.study.question import ANSWERED, ASKING, front, has_lines, is_stuck
from drops.study.session import (
    Mode,
    Session,
    Unit,
    UnitKind,
    after,
    begun,
    item_units,
    lesson_units,
    line_unit,
    recall_unit,
    worked_unit,
)
from drops.study.today import Today, carry_key

KINDS = get_args(UnitKind)


# Beginning -------------------------------------------------------------------------------


def todays_units(library: Library, log: Log, plan: Today) -> tuple[Unit, ...]:
    """What is due, a line to find, and the new drop where there is room for one."""
    recalls = [unit for item in plan.items for unit in _recalling(log, item.item_key)]
    new = _unpassed(log, plan.new) if plan.new else ()
    return (*recalls, *_lines(library, log, plan.day.toordinal()), *new)


def drop_units(log: Log, mode: Mode, drop: Drop) -> tuple[Unit, ...]:
    """A drop's lesson, its replay or its test."""
    if mode == "replay":
        return item_units(drop)
    if mode == "test":
        return (*item_units(drop), Unit(carry_key(drop), "carry", drop.id))
    return _unpassed(log, drop)


def _recalling(log: Log, item_key: str) -> tuple[Unit, ...]:
    """An item to recall; one that keeps slipping is shown worked through first."""
    recalled = recall_unit(item_key)
    return (worked_unit(item_key), recalled) if is_stuck(log.memory(item_key)) else (recalled,)


def _lines(library: Library, log: Log, day: int) -> tuple[Unit, ...]:
    """A confirmed misconception comes back as a line to find: one a day, the latest first."""
    tries = attempts(log.events(kinds=(Kind.GRADED, Kind.PRACTICE)))
    for found in lines_to_find(tries, day):
        for key in found.item_keys:
            if has_lines(library, key, found.misconception):
                return (line_unit(key, found.misconception),)
    return ()


def _unpassed(log: Log, drop: Drop) -> tuple[Unit, ...]:
    """A drop's units; of one begun earlier and not finished, those not yet behind."""
    passed, units = log.passed(), lesson_units(drop)
    if carry_key(drop) in passed:
        return units
    return tuple(unit for unit in units if unit.key not in passed)


# Resuming --------------------------------------------------------------------------------


def open_session(library: Library, log: Log, day: int) -> Session | None:
    """The session of this learner-day that was begun and not ended, where it stood."""
    events = log.events(kinds=(Kind.SESSION, *ANSWERED), since_day=day, until_day=day)
    start = next((i for i in reversed(range(len(events))) if events[i].payload.get("began")), None)
    if start is None:
        return None
    try:
        session = begun(events[start])
        for event in events[start + 1 :]:
            if event.payload.get("session") == session.id:
                session = after(session, event)
        _refuse_what_cannot_be_shown(library, log, session)
    except (Unknown, NoDraw, LookupError, TypeError, ValueError, AttributeError):
        return None  # of another shape, or of lessons no longer installed: a session begins afresh
    return None if session.ended else session


def _refuse_what_cannot_be_shown(library: Library, log: Log, session: Session) -> None:
    """Raises Unknown, or what Python raises, for a session that an import brought and no drops made."""
    for unit in session.units:
        drop = library.drop(unit.drop)
        if unit.kind not in KINDS or (unit.kind in (*ASKING, "worked") and not unit.item):
            raise ValueError("no such unit")
        if unit.kind == "read":
            drop.sections[unit.section]
        elif unit.item:
            library.item(unit.item)
            if unit.key in session.work and unit.key not in session.done:
                front(library, log, session, unit)


def past_answered(library: Library, log: Log, session: Session) -> Session:
    """The session past the pages that a kill left between an answer and their turning.

    More than one may lie so: the resumed session's own turns do not mend the earlier one.
    """
    while (unit := session.unit) is not None and unit.kind in ASKING:
        at = front(library, log, session, unit)
        if at.step is None or not at.tried:
            break
        session = session.with_work(unit.key, replace(at.work, passed=(*at.work.passed, at.step.name)))
        if at.is_last:
            session = replace(session, done=session.done | {unit.key})
    return session
