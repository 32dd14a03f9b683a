"""Where the learner stands: the units still to do, and what was answered in them.

A session is a value, and everything that changes it is an event; the same function folds an event
in whether it was just written or is read back after a kill, so a session resumes where it stood.

What is drawn for a unit is drawn once, as it comes to the front, and is an event itself ("opens"): a
page never depends on what another window did meanwhile. The pages of a lesson belong to their drop,
not to the session in which they were met: whatever session goes on with it finds them as they were.
"""

# No annotation is postponed here: a NamedTuple would compile each, and the first screen waits for that.
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from drops.course.model import Drop
from drops.events import Event, Fact, Kind

Mode = Literal["today", "drop", "replay", "test", "place"]
UnitKind = Literal["recall", "line", "read", "exercise", "quiz", "carry", "retry", "worked", "offer", "place"]

BY_HAND = "by hand"  # in the payload of what the learner did, not what followed from an answer
LESSON_KINDS = ("read", "exercise", "quiz", "carry")
RECALLING = ("recall", "line", "worked")
ASKS_KEPT = (*RECALLING, "retry")  # what an item that is set aside, or forgotten, is no longer asked in
TOMORROW = "2"  # the answer to an offer that leaves the rest of a lesson for another day
LONGEST_PAGE = 180.0  # seconds that count of a page left lying: the rest was spent elsewhere


class Unit(NamedTuple):
    """A stretch of a session: a section, an item, a recap. `key` is stable across restarts."""

    key: str
    kind: UnitKind
    drop: str
    item: str = ""  # item key drop-id/item-id
    section: int = 0
    bug: str = ""  # the misconception whose broken line is to be found

    def as_list(self) -> list[Any]:
        """As it stands in an event's payload; `Unit(*…)` reads it back."""
        return [self.key, self.kind, self.drop, self.item, self.section, self.bug]


class Work(NamedTuple):
    """What was done in one unit so far."""

    numbers: Mapping[str, Any] | None = None  # None until it came to the front
    level: int = 2
    bug: str = ""
    answers: Mapping[str, str] = {}  # step → text
    confidence: Mapping[str, str] = {}  # step → how sure
    wrong: bool = False  # the graded step's first try
    tried: tuple[str, ...] = ()  # steps answered or given up
    passed: tuple[str, ...] = ()  # steps behind
    gauges: tuple[str, ...] = ()  # signs of the gauges that were opened, in that order
    typed: tuple[str, ...] = ()  # into the blank of a page that is read
    strikes: tuple[tuple[str, int], ...] = ()  # signs of causes struck off or back, and the gauges open then
    events: tuple[Event, ...] = ()  # its answers

    @property
    def struck(self) -> tuple[str, ...]:
        """Signs of the causes that are struck off as things stand."""
        times = Counter(sign for sign, _ in self.strikes)
        return tuple(sign for sign, count in times.items() if count % 2)


class Session(NamedTuple):
    """Where the learner stands."""

    id: str
    mode: Mode
    day: int  # learner-day it was begun on
    units: tuple[Unit, ...]
    done: frozenset[str] = frozenset()  # unit keys
    work: Mapping[str, Work] = {}  # unit key → work
    ended: bool = False
    plan: Mapping[str, Any] = {}  # what was promised as it began
    at_us: int = 0  # when its last event was
    spent: float = 0.0  # seconds lived
    recalling: float = 0.0  # of them in recall
    waits: frozenset[str] = frozenset()  # unit keys put off to another day
    waits_told: str = ""  # the key of the unit in front as they were put off: its first page says so
    aside: frozenset[str] = frozenset()  # unit keys of what was set aside, or forgotten, by hand

    @property
    def unit(self) -> Unit | None:
        """The unit in front of the learner; None at the end."""
        return next((unit for unit in self.units if unit.key not in self.done), None)

    @property
    def answers(self) -> tuple[Event, ...]:
        """What was answered in this session itself, in order."""
        found = (event for work in self.work.values() for event in work.events)
        return tuple(sorted((e for e in found if e.payload.get("session") == self.id), key=_by_id))

    def work_in(self, unit: Unit) -> Work:
        return self.work.get(unit.key, Work())

    def with_work(self, key: str, work: Work) -> "Session":
        return self._replace(work={**self.work, key: work})


def lesson_units(drop: Drop) -> tuple[Unit, ...]:
    """All of a drop, in order: read, do, quiz, carry forward."""
    reading = tuple(
        Unit(f"{drop.id}/read/{n}", "read", drop.id, section=n) for n in range(len(drop.sections))
    )
    return (*reading, *item_units(drop), Unit(f"{drop.id}/carry", "carry", drop.id))


def replay_units(drop: Drop) -> tuple[Unit, ...]:
    """The exercises and the quiz of a drop once more: pages of their own, no part of its lesson."""
    return tuple(unit._replace(key=f"replay/{unit.key}") for unit in item_units(drop))


def item_units(drop: Drop) -> tuple[Unit, ...]:
    """The exercises and the quiz of a drop."""
    exercises = tuple(
        Unit(f"{drop.id}/do/{e.id}", "exercise", drop.id, f"{drop.id}/{e.id}") for e in drop.exercises
    )
    quiz = tuple(Unit(f"{drop.id}/quiz/{q.id}", "quiz", drop.id, f"{drop.id}/{q.id}") for q in drop.quiz)
    return exercises + quiz


def recall_unit(item_key: str) -> Unit:
    return Unit(f"recall/{item_key}", "recall", item_key.partition("/")[0], item_key)


def worked_unit(item_key: str) -> Unit:
    """The page of an item that was missed again and again, shown as it is set aside."""
    return Unit(f"worked/{item_key}", "worked", item_key.partition("/")[0], item_key)


def offered(unit: Unit) -> str:
    """What an offer offers."""
    return unit.key.partition("/")[2]


def line_unit(item_key: str, misconception: str) -> Unit:
    """Somebody's worksheet with the learner's own misconception in it."""
    key = f"line/{misconception}/{item_key}"
    return Unit(key, "line", item_key.partition("/")[0], item_key, bug=misconception)


def session_from_event(event: Event) -> Session:
    """The session that a "begin" event opened."""
    said = event.payload
    units, plan = tuple(Unit(*unit) for unit in said["units"]), said.get("plan")
    return Session(
        event.event_id.hex(),
        said["mode"],
        event.study_day,
        units,
        plan=plan if isinstance(plan, dict) else {},
        at_us=event.occurred_us,
    )


def after(session: Session, event: Event | Fact) -> Session:
    """The session after one more event: its own, another session's about a page of the same lesson, or
    what the learner did with an item of it."""
    said = event.payload
    if event.kind in (Kind.SUSPEND, Kind.RESET):
        return _by_hand(session, event) if said.get(BY_HAND) else session
    mine = said.get("session") == session.id
    if mine and isinstance(event, Event):
        session = timed(session, event.occurred_us, (event.duration_ms or 0) / 1000)
    if mine and said.get("ended"):
        return session._replace(ended=True)
    unit = next((u for u in session.units if u.key == said.get("unit")), None)
    if unit is None or not (mine or _is_of_a_lesson(session, unit)):
        return session
    if drawn := said.get("opens"):
        return _opened(session, unit, drawn)
    if said.get("turned"):
        return _turned(session, unit, said)
    if decides := said.get("decides"):
        return session.with_work(unit.key, Work(answers={"offer": str(decides)}))
    if said.get("gauge") or said.get("strike") or "blank" in said:
        return session.with_work(unit.key, _noted(session.work_in(unit), said))
    assert isinstance(event, Event), "an answer is folded in once it is recorded"
    return _answered(session, unit, event, mine=mine)


def _noted(work: Work, said: Mapping[str, Any]) -> Work:
    """What was opened or struck off on the way to an answer, or typed into a blank of what is read."""
    if "blank" in said:
        return work._replace(typed=(*work.typed, str(said["blank"])))
    if gauge := said.get("gauge"):
        return work._replace(gauges=tuple(dict.fromkeys((*work.gauges, str(gauge)))))
    return work._replace(strikes=(*work.strikes, (str(said["strike"]), len(work.gauges))))


def _by_hand(session: Session, event: Event | Fact) -> Session:
    """An item set aside, or forgotten, is asked no more in this session; one taken in again is."""
    if isinstance(event, Event) and event.event_id.hex() < session.id:
        return session
    own = {unit.key for unit in session.units if unit.item == event.item_key and unit.kind in ASKS_KEPT}
    if event.kind is Kind.SUSPEND and event.payload.get("suspended") is False:
        back = own & session.aside
        return session._replace(done=session.done - back, aside=session.aside - back)
    left = own - session.done
    return session._replace(done=session.done | left, aside=session.aside | left)


def fact_of(session: Session, unit: Unit | None = None, **said: Any) -> Fact:
    """A fact about the session: a page turned, a unit passed, the end. What is of a unit has its key."""
    payload = {"session": session.id, **said}
    if unit is not None:
        payload |= {"unit": unit.key} if "decides" in said else {"unit": unit.key, "turned": True}
    return Fact(Kind.SESSION, unit.key if unit else "", payload=payload)


def open_sessions(events: Sequence[Event]) -> list[Session]:
    """The sessions begun in these events (those of a learner-day, in order) that have something left,
    the one that was touched last first.

    What an import brought and no drops made is passed over.
    """
    found: list[tuple[bytes, Session]] = []
    for at, event in enumerate(events):
        if not event.payload.get("began"):
            continue
        with suppress(LookupError, TypeError, ValueError, AttributeError, AssertionError):
            session, touched = session_from_event(event), event.event_id
            for later in events[at + 1 :]:
                session = after(session, later)
                touched = later.event_id if later.payload.get("session") == session.id else touched
            if session.unit is not None and not session.ended:
                found.append((touched, session))
    return [session for _, session in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _is_of_a_lesson(session: Session, unit: Unit) -> bool:
    return session.mode != "replay" and unit.kind in LESSON_KINDS


def _opened(session: Session, unit: Unit, drawn: Mapping[str, Any]) -> Session:
    work = session.work_in(unit)
    if work.numbers is not None:  # what was drawn first stands
        return session
    work = work._replace(numbers=drawn["numbers"], level=drawn["level"], bug=drawn["bug"])
    return session.with_work(unit.key, work)


def _by_id(event: Event) -> bytes:
    return event.event_id


def timed(session: Session, us: int, answering: float = 0.0) -> Session:
    """The session with the time since its last event on its account; a break counts as a long page.

    `us` is when the next event is, `answering` the seconds that it says an answer took.
    """
    lived = min(LONGEST_PAGE, max(0.0, (us - session.at_us) / 1_000_000, answering))
    recalls = session.unit is not None and session.unit.kind in RECALLING
    return session._replace(
        at_us=us,
        spent=session.spent + lived,
        recalling=session.recalling + (lived if recalls else 0.0),
    )


def _turned(session: Session, unit: Unit, said: Mapping[str, Any]) -> Session:
    work = session.work_in(unit)
    if step := said.get("step"):
        work = work._replace(passed=(*work.passed, step))
        session = session.with_work(unit.key, work)
    if said.get("passed"):
        session = session._replace(done=session.done | {unit.key})
        if unit.key == "offer/stop" and session.work_in(unit).answers.get("offer") == TOMORROW:
            left = {one.key for one in session.units if one.kind in LESSON_KINDS}
            session = session._replace(done=session.done | left)
    if waits := said.get("waits"):
        session = session._replace(done=session.done | {*waits}, waits=session.waits | {*waits})
        session = session._replace(waits_told=session.unit.key if session.unit else "")
    if offers := said.get("offers"):
        session = session._replace(units=_before_next(session, Unit(f"offer/{offers}", "offer", unit.drop)))
    return session


def _before_next(session: Session, unit: Unit) -> tuple[Unit, ...]:
    """The units with one more before the one in front."""
    at = next((i for i, one in enumerate(session.units) if one.key not in session.done), len(session.units))
    return (*session.units[:at], unit, *session.units[at:])


def _answered(session: Session, unit: Unit, event: Event, *, mine: bool) -> Session:
    said, work = event.payload, session.work_in(unit)
    step = said["step"]
    first = step not in work.tried
    work = work._replace(
        numbers=said["numbers"],
        level=said["level"],
        bug=said.get("bug", ""),
        tried=(*work.tried, step) if first else work.tried,
        answers={**work.answers, step: said["typed"]} if said["typed"] else work.answers,
        confidence={**work.confidence, step: said.get("confidence", "")},
        events=(*work.events, event),
    )
    session = session.with_work(unit.key, work)
    if not mine:  # what comes once more comes where it was answered
        return session
    if first and event.kind in (Kind.GRADED, Kind.PRACTICE) and event.correct is False:
        session = session.with_work(unit.key, session.work_in(unit)._replace(wrong=True))
    if first and said.get("returns"):
        again = Unit(f"retry/1/{unit.item}", "retry", unit.drop, unit.item)
        units = session.units if again in session.units else (*session.units, again)
        session = session._replace(units=units)
    if first and said.get("rests"):
        session = session._replace(units=_behind(session.units, unit, worked_unit(unit.item)))
    if first and said.get("adds"):
        session = session._replace(units=_before_carry(session.units, said["adds"]))
    return session


def _before_carry(units: tuple[Unit, ...], added: Any) -> tuple[Unit, ...]:
    """The units with some more before the recap: the lesson, when a test-out found a gap."""
    known = {unit.key for unit in units}
    new = tuple(unit for unit in (Unit(*a) for a in added) if unit.key not in known)
    at = next((i for i, unit in enumerate(units) if unit.kind == "carry"), len(units))
    return (*units[:at], *new, *units[at:])


def _behind(units: tuple[Unit, ...], unit: Unit, more: Unit) -> tuple[Unit, ...]:
    """The units with one more right behind another."""
    at = units.index(unit) + 1
    return units if more in units else (*units[:at], more, *units[at:])
