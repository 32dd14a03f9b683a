"""What follows from an answer beside its rating: an item set aside, a drop that is solid, a page timed."""

from __future__ import annotations

from typing import Any

from drops.course.model import Drop, Library
from drops.events import Fact, Kind, Rating
from drops.exercises.blocks import Run
from drops.memory.mastery import KEPT, mastery, stage_key
from drops.memory.resting import Rest, resting
from drops.store.log import Log
from drops.study.offers import AIMS, STOP
from drops.study.own.placing import next_question
from drops.study.planning import carry_key
from drops.study.question import Front, misses
from drops.study.session import Session, Unit, lesson_units
from drops.study.timing import asking_seconds, lasts_of, may_stop, reading_seconds, recall_to_put_off
from drops.study.today import Today


def rest_after(log: Log, item: str, rating: Rating | None, day: int) -> Rest | None:
    """Whether an item is set aside by an answer of today, as one that is missed again and again."""
    if rating is not Rating.AGAIN:
        return None
    own = log.events(kinds=(Kind.GRADED, Kind.SUSPEND), item_prefix=item)
    own = [event for event in own if event.item_key == item]
    rested = any("until" in event.payload for event in own if event.kind is Kind.SUSPEND)
    return resting(misses(own) + 1, right=False, rested=rested, day=day)


def units_added(library: Library, session: Session, at: Front, *, right: bool) -> list[Unit]:
    """What comes into a session by an answer: the lesson, where a test-out found a gap; of a placement, its
    next question.
    """
    if not at.is_main or at.tried:
        return []
    if session.mode == "test" and not right:
        return [unit for unit in lesson_units(at.drop) if unit.kind == "read"]
    asked = next_question(library, session, at.unit, right=right) if session.mode == "place" else None
    return [asked] if asked else []


def set_aside(item: str, rest: Rest) -> Fact:
    """The fact that an item rests until a day, or is put away."""
    until = {} if rest.until is None else {"until": rest.until}
    return Fact(Kind.SUSPEND, item, payload={"suspended": True, **until})


def awake_again(log: Log, plan: Today) -> list[Fact]:
    """Today's items whose rest is over: from now on they are as any other."""
    resting = {key for key, memory in log.memories().items() if memory.suspended}
    over = [one.item_key for one in plan.items if one.item_key in resting]
    return [Fact(Kind.SUSPEND, key, payload={"suspended": False}) for key in over]


def stages_reached(log: Log, drop: Drop) -> list[Fact]:
    """That a drop is solid, or durable, for the first time: that it was stays so."""
    passed, memories = log.passed(), log.memories()
    reached = mastery(carry_key(drop) in passed, [memories.get(key) for key in drop.kept]).stage
    new = [stage_key(drop.id, stage) for stage in KEPT if stage <= reached]
    return [Fact(Kind.SESSION, key, payload={"passed": True}) for key in new if key not in passed]


def time_of(library: Library, unit: Unit, at: Front | None, lived: float) -> dict[str, float]:
    """What a page that asks nothing took and should take; nothing of one that asks, or is not read."""
    if at is None:
        should = lasts_of(library, unit).reads if unit.kind in ("read", "carry") else 0.0
    elif at.now.ask is None or isinstance(at.now.ask, Run):
        should = reading_seconds(at.now.show) + (asking_seconds(at.now.ask) if at.now.ask else 0.0)
    else:
        should = 0.0
    return {"lived": round(lived, 1), "should": round(should, 1)} if should else {}


def once_behind(library: Library, session: Session, unit: Unit) -> dict[str, Any]:
    """What is done of a session whose unit was just left: recall that takes too long waits, beyond the
    budget an end is offered, and at the end another aim.
    """
    if unit.key not in session.done:
        return {}
    if waits := recall_to_put_off(session):
        return {"waits": list(waits)}
    if may_stop(library, session):
        return {"offers": STOP}
    offer = session.plan.get("offer")
    return {"offers": offer} if session.unit is None and offer in AIMS and unit.kind != "offer" else {}
