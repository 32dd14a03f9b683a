"""Which session is begun, or resumed: its units from what is due, and where an open one stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

from drops.clock import Moment
from drops.course.model import Drop, Library
from drops.errors import DropsError
from drops.events import Event, Fact, Kind
from drops.memory.misconceptions import lines_to_find
from drops.memory.today import Wish
from drops.store.log import Log
from drops.study.follows import awake_again
from drops.study.offers import aim_to_offer
from drops.study.own.placing import DAYS as PLACING_DAYS
from drops.study.own.placing import to_place
from drops.study.planning import carry_key
from drops.study.question import ANSWERED, ASKING, front, has_lines
from drops.study.session import (
    LESSON_KINDS,
    Mode,
    Session,
    Unit,
    UnitKind,
    after,
    item_units,
    lesson_units,
    line_unit,
    open_sessions,
    recall_unit,
    replay_units,
    session_from_event,
)
from drops.study.timing import BEYOND, PACE
from drops.study.today import Today

KINDS = get_args(UnitKind)
OF_A_SESSION = (Kind.SESSION, *ANSWERED, Kind.SUSPEND, Kind.RESET)  # events that one is folded from
# What reading events raises that are of another shape, or of lessons no longer installed.
UNREADABLE = (DropsError, LookupError, TypeError, ValueError, AttributeError, AssertionError)
LINE_SECONDS = 42.0  # a sheet to look through, a choice, and what the number should be


# Beginning -------------------------------------------------------------------------------


def to_begin(
    library: Library, log: Log, mode: Mode, target: Drop | None, plan: Today, wish: Wish
) -> list[Fact]:
    """The facts that begin a session: items whose rest is over, and what was promised with its pages."""
    if mode == "place":
        return [to_place(library, plan.paths, log)]
    units = drop_units(log, mode, target) if target else todays_units(library, log, plan, wish)
    payload = {
        "began": True,
        "mode": mode,
        "plan": noted_plan(plan, aim_to_offer(log.glance(), plan)),
        "units": [unit.as_list() for unit in units],
    }
    return [*([] if target else awake_again(log, plan)), Fact(Kind.SESSION, payload=payload)]


def todays_units(library: Library, log: Log, plan: Today, wish: Wish) -> tuple[Unit, ...]:
    """What is due, a line to find where there is room for it, and today's part of a lesson; the lesson
    before the recall, where the learner wants it so.
    """
    recalls = tuple(recall_unit(item.item_key) for item in plan.items)
    part = plan.plan.part
    units = lesson_units(plan.new) if plan.new else ()
    new = tuple(unit for unit in units if part and unit.key in part.units)
    if plan.seconds + LINE_SECONDS <= plan.plan.budget + BEYOND:
        recalls += _lines(library, log, plan)
    return (*new, *recalls) if wish == "drop first" else (*recalls, *new)


def noted_plan(plan: Today, offer: str) -> dict[str, Any]:
    """What is stored of a plan as its session begins: the promise, and what it was made from."""
    made, who = plan.plan, plan.learner
    return {
        "budget": round(made.budget),
        "recall": round(made.recall_seconds),
        "prices": {due.item_key: round(due.seconds, 1) for due in made.items},
        "lesson": round(plan.lesson_seconds),
        "again": round(made.again_seconds),
        "seconds": round(made.seconds),
        "rest": round(made.part.rest) if made.part else 0,
        "drop": made.part.drop_id if made.part else "",
        "why": made.why,
        "offer": offer,
        "learner": [round(getattr(who, name), 4) for name in PACE],
    }


def drop_units(log: Log, mode: Mode, drop: Drop) -> tuple[Unit, ...]:
    """A drop's lesson, its replay or its test."""
    if mode == "replay":
        return replay_units(drop)
    if mode == "test":
        return (*item_units(drop), Unit(carry_key(drop), "carry", drop.id))
    return _unpassed(log, drop)


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
    since = day - PLACING_DAYS if mode == "place" else day
    events = log.events(kinds=OF_A_SESSION, since_day=since, until_day=day)
    for found in open_sessions(events):
        if mode is None and found.mode == "place":
            continue  # it is gone on with by its own name, and today's session waits for nothing
        if mode is not None and (found.mode, drop_of(found)) != (mode, drop):
            continue
        try:
            session = whole(log, events, found)
            _refuse_what_cannot_be_shown(library, session)
        except UNREADABLE:
            continue
        if session.unit is not None:
            return session
    return None


def whole(log: Log, events: Sequence[Event], session: Session) -> Session:
    """The session from its own events of the day, and from what was done of its lessons before it."""
    start = next(event for event in events if event.event_id.hex() == session.id)
    return with_lessons(log, session_from_event(start), events)


def as_logged(log: Log, session: Session) -> Session:
    """The session as the log has it now, after something was taken back."""
    events = log.events(kinds=OF_A_SESSION, since_day=session.day)
    return whole(log, events, session)


def with_readable_lessons(library: Library, log: Log, session: Session) -> Session:
    """A session just begun, with what was done of its lessons; without, where an import brought that in a
    shape that no drops writes.
    """
    try:
        found = with_lessons(log, session)
        _refuse_what_cannot_be_shown(library, found)
    except UNREADABLE:
        return session
    return found


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
    return None if session.mode in ("today", "place") or not session.units else session.units[0].drop


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


def rehearsed(log: Log, fact: Fact, event_id: bytes, now: Moment) -> Event:
    """The event of a fact in a window that cannot save: it lives for its session only."""
    return Event(
        log.learner_id,
        event_id,
        log.device_id,
        fact.target,
        fact.kind,
        fact.item_key,
        now.us,
        now.offset_min,
        now.day.toordinal(),
        fact.rating,
        fact.correct,
        fact.duration_ms,
        fact.payload,
    )
