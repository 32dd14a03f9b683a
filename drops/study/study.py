"""The one door: a library of lessons, a learner's log, and what can be done with both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, get_args

from drops.clock import Moment
from drops.course.model import Drop, Library, Quiz
from drops.errors import DropsError, NoDraw, Unknown
from drops.exercises.answers import read, read_number
from drops.exercises.blocks import Choice, Design
from drops.exercises.grading import Verdict, near
from drops.facts import Event, Fact, Kind, Rating
from drops.memory.attempts import attempts
from drops.memory.forgetting import recall
from drops.memory.misconceptions import lines_to_find
from drops.memory.rating import GUESSED, Evidence, lowered, rate
from drops.memory.schedule import algorithm
from drops.store.glance import glance
from drops.store.log import Log
from drops.study.front import ANSWERED, ASKING, Front, feeds_memory, front, has_lines, is_stuck
from drops.study.pages import Outcome, Page
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
from drops.study.settings import changed, value
from drops.study.showing import Shower
from drops.study.tasks import title_of
from drops.study.today import Today, carry_key, today
from drops.text import safe_text

LONGEST_MS = 3_600_000  # an answer that took an hour was a lunch break
KINDS = get_args(UnitKind)
LONGEST_TYPED = 2_000  # characters kept of what was typed


class Study:
    """What a face may do. Holds the open log; everything else is values."""

    def __init__(self, library: Library, log: Log) -> None:
        self.library, self.log = library, log
        self._refold_if_outdated()
        self._rehearsed = 0  # events of a read-only session, which live only in it

    @property
    def read_only(self) -> bool:
        return self.log.read_only

    @property
    def banner(self) -> str:
        """Why progress is not saved, or ""."""
        return safe_text(self.log.why_read_only)  # it names a folder as the environment does

    def _refold_if_outdated(self) -> None:
        """A new retention or a new algorithm moves every due day: then all is folded again."""
        current = algorithm(value(self.log.settings(), "retention"))
        if not self.read_only and any(m.algorithm != current for m in self.log.memories().values()):
            self.log.rebuild()

    def close(self) -> None:
        self.log.close()

    # Today and settings ------------------------------------------------------------------

    def today(self, now: Moment) -> Today:
        """What the first screen shows, as things stand."""
        seen = today(self.library, glance(self.log.path.parent), now)
        return replace(seen, banner=self.banner or seen.banner)

    def setting(self, name: str) -> Any:
        """The learner's value of a setting, or its default. Raises Unknown."""
        return value(self.log.settings(), name)

    def change(self, name: str, text: str, now: Moment) -> Any:
        """Changes a setting and returns its new value. Raises Unknown, Unreadable, StoreError."""
        fact = changed(name, text)
        self._record(fact, now)
        return fact.payload["value"]

    # Beginning and resuming --------------------------------------------------------------

    def begin(
        self, now: Moment, *, drop: str | None = None, replay: bool = False, test_out: bool = False
    ) -> Session:
        """Today's session; or a drop's: its lesson, its replay, its test. Raises Unknown.

        The open session of this learner-day is resumed where it stood, when it is the same.
        """
        mode: Mode = "replay" if replay else "test" if test_out else "drop" if drop else "today"
        target = self.library.drop(drop) if drop else None
        opened = self._open_session(now)
        if opened and (opened.mode, _drop_of(opened)) == (mode, target.id if target else None):
            return self._past_answered(opened)
        units = self._units(mode, target, now)
        payload = {"began": True, "mode": mode, "units": [unit.as_list() for unit in units]}
        return begun(self._record(Fact(Kind.SESSION, payload=payload), now))

    def _units(self, mode: Mode, drop: Drop | None, now: Moment) -> tuple[Unit, ...]:
        if drop is None:
            plan = self.today(now)
            recalls = [unit for item in plan.items for unit in self._recalling(item.item_key)]
            return (*recalls, *self._lines(now), *(self._unpassed(plan.new) if plan.new else ()))
        if mode == "replay":
            return item_units(drop)
        if mode == "test":
            return (*item_units(drop), Unit(carry_key(drop), "carry", drop.id))
        return self._unpassed(drop)

    def _recalling(self, item_key: str) -> tuple[Unit, ...]:
        """An item to recall; one that keeps slipping is shown worked through first."""
        recalled = recall_unit(item_key)
        return (worked_unit(item_key), recalled) if is_stuck(self.log.memory(item_key)) else (recalled,)

    def _lines(self, now: Moment) -> tuple[Unit, ...]:
        """A confirmed misconception comes back as a line to find: one a day, the latest first."""
        tries = attempts(self.log.events(kinds=(Kind.GRADED, Kind.PRACTICE)))
        for found in lines_to_find(tries, now.day.toordinal()):
            for key in found.item_keys:
                if has_lines(self.library, key, found.misconception):
                    return (line_unit(key, found.misconception),)
        return ()

    def _unpassed(self, drop: Drop) -> tuple[Unit, ...]:
        """A drop's units; of one begun earlier and not finished, those not yet behind."""
        passed, units = self.log.passed(), lesson_units(drop)
        if carry_key(drop) in passed:
            return units
        return tuple(unit for unit in units if unit.key not in passed)

    def _open_session(self, now: Moment) -> Session | None:
        day = now.day.toordinal()
        events = self.log.events(kinds=(Kind.SESSION, *ANSWERED), since_day=day, until_day=day)
        start = next((i for i in reversed(range(len(events))) if events[i].payload.get("began")), None)
        if start is None:
            return None
        try:
            session = begun(events[start])
            for event in events[start + 1 :]:
                if event.payload.get("session") == session.id:
                    session = after(session, event)
            self._refuse_what_cannot_be_shown(session)
        except (Unknown, NoDraw, LookupError, TypeError, ValueError, AttributeError):
            return None  # of another shape, or of lessons no longer installed: a session begins afresh
        return None if session.ended else session

    def _refuse_what_cannot_be_shown(self, session: Session) -> None:
        """Raises Unknown, or what Python raises, for a session that an import brought and no drops made."""
        for unit in session.units:
            drop = self.library.drop(unit.drop)
            if unit.kind not in KINDS or (unit.kind in (*ASKING, "worked") and not unit.item):
                raise ValueError("no such unit")
            if unit.kind == "read":
                drop.sections[unit.section]
            elif unit.item:
                self.library.item(unit.item)
                if unit.key in session.work and unit.key not in session.done:
                    front(self.library, self.log, session, unit)

    def _past_answered(self, session: Session) -> Session:
        """A kill between an answer and the turning of its page leaves that page behind.

        More than one may lie so: the resumed session's own turns do not mend the earlier one.
        """
        while (unit := session.unit) is not None and unit.kind in ASKING:
            at = front(self.library, self.log, session, unit)
            if at.step is None or not at.tried:
                break
            session = session.with_work(unit.key, replace(at.work, passed=(*at.work.passed, at.step.name)))
            if at.is_last:
                session = replace(session, done=session.done | {unit.key})
        return session

    # The page in front -------------------------------------------------------------------

    def page(self, session: Session) -> Page:
        """What is to be shown now; its part is "end" when nothing is left."""
        unit = session.unit
        asking = self._front(session) if unit and unit.item else None
        return Shower(self.library, self.log, session).page(unit, asking)

    def _front(self, session: Session) -> Front:
        assert session.unit is not None, "the session is over"
        return front(self.library, self.log, session, session.unit)

    # Answering ---------------------------------------------------------------------------

    def answer(
        self,
        session: Session,
        text: str,
        now: Moment,
        *,
        seconds: float,
        confidence: str = "",
        hints: int = 0,
    ) -> tuple[Session, Outcome]:
        """The straight line. Raises Unreadable or StoreError; then nothing is stored."""
        at = self._front(session)
        verdict = at.task.grade(at.ask, read(at.ask, text))
        tried = {"typed": text[:LONGEST_TYPED], "confidence": confidence, "hints": hints, "revealed": False}
        return self._conclude(session, at, verdict, now, seconds, tried)

    def reveal(self, session: Session, now: Moment, *, seconds: float = 0.0) -> tuple[Session, Outcome]:
        """Gives up: the worked way is shown, and the item counts as forgotten.

        Raises DropsError for what has no answer to be given away: a prediction, a design.
        """
        at = self._front(session)
        if at.now.part == "predict":
            raise DropsError("a prediction cannot be given away; choose one, a guess will do")
        if isinstance(at.ask, Design):
            raise DropsError("a design has no single answer; choose, and see what the engine says")
        tried = {"typed": "", "confidence": "", "hints": 0, "revealed": True}
        return self._conclude(session, at, at.task.worked(at.ask), now, seconds, tried)

    def _conclude(
        self,
        session: Session,
        at: Front,
        verdict: Verdict,
        now: Moment,
        seconds: float,
        tried: dict[str, Any],
    ) -> tuple[Session, Outcome]:
        """grade → rate → append → fold → Outcome: the one place where an answer becomes a fact."""
        first = at.is_main and not at.tried
        counts = first and feeds_memory(at.unit, at.item, self.log.memory(at.unit.item), now.day.toordinal())
        rated = rate(self._evidence(at, verdict, now, seconds, tried)) if counts else None
        rating, reason = rated or (None, _why_not(at, first))
        returns = first and not verdict.right and _can_return(at)
        # a correction on the same numbers is no further try: it would confirm a misconception by itself
        kind = Kind.GRADED if rated else Kind.PRACTICE if first else Kind.ATTEMPT
        payload = {
            "session": session.id,
            "unit": at.unit.key,
            "step": at.now.name,
            "part": at.now.part,
            "kind": at.task.kind,
            "version": at.task.version,
            "numbers": dict(at.task.numbers),
            "level": at.work.level,
            "bug": at.work.bug,
            "misconceptions": list(verdict.misconceptions),
            "slips": verdict.slips,
            "reason": reason,
            "returns": returns,
            "content": at.drop.digest,
            **tried,
        }
        if returns and session.mode == "test":
            payload["adds"] = [unit.as_list() for unit in lesson_units(at.drop) if unit.kind == "read"]
        event = self._record(
            Fact(
                kind,
                at.unit.item,
                rating,
                verdict.right,
                min(int(seconds * 1000), LONGEST_MS),
                payload=payload,
            ),
            now,
        )
        memory = self.log.memory(at.unit.item) if rated else None
        return after(session, event), Outcome(
            event_id=event.event_id,
            verdict=verdict,
            hidden=at.now.part == "predict",
            rating=rating,
            reason=reason,
            due=date.fromordinal(memory.due_day) if memory else None,
            confirmed=self._confirmed(at, verdict, event),
            revealed=tried["revealed"],
            returns=returns,
        )

    def _evidence(
        self, at: Front, verdict: Verdict, now: Moment, seconds: float, tried: dict[str, Any]
    ) -> Evidence:
        memory, day = self.log.memory(at.unit.item), now.day.toordinal()
        own = self.log.durations().get(at.unit.item)
        return Evidence(
            right=verdict.right,
            only_slip=verdict.only_slip,
            misconception=bool(verdict.misconceptions),
            hint=tried["hints"] > 0,
            gave_up=tried["revealed"],
            choice=isinstance(at.ask, Choice),
            seconds=seconds,
            usual_seconds=own / 1000 if own else None,
            first_sight=memory is None,
            days_since_seen=None if memory is None else day - memory.last_day,
            recall=None if memory is None else recall(memory, day),
        )

    def _confirmed(self, at: Front, verdict: Verdict, event: Event) -> tuple[str, ...]:
        """The title of a misconception that this try shows for at least the second time."""
        if len(verdict.misconceptions) != 1 or event.kind is Kind.ATTEMPT:
            return ()
        (name,) = verdict.misconceptions
        tries = self.log.events(kinds=(Kind.GRADED, Kind.PRACTICE), item_prefix=at.drop.id + "/")
        earlier = attempts(e for e in tries if e.event_id != event.event_id)
        before = any(name in one.misconceptions for one in earlier)
        return (title_of(self.library, name, at.unit.item),) if before else ()

    def turn(self, session: Session, now: Moment) -> Session:
        """Leaves the page. Leaving the last one ends the session."""
        unit = session.unit
        if unit is None:
            return after(session, self._record(_said(session, ended=True), now))
        if unit.kind not in ASKING:
            return after(session, self._record(_said(session, unit, passed=True), now))
        at = self._front(session)
        more = {"passed": True} if at.is_last else {}
        return after(session, self._record(_said(session, unit, step=at.now.name, **more), now))

    def guessed(self, outcome: Outcome, now: Moment) -> Outcome:
        """Takes the rating back to "Again": the learner says it was a guess."""
        if outcome.rating in (None, Rating.AGAIN) or self.read_only:
            return outcome
        event = self.log.event(outcome.event_id)
        rating = lowered(outcome.rating)
        undo = Fact(Kind.VOID, event.item_key, target=event.event_id)
        lower = Fact(
            event.kind,
            event.item_key,
            rating,
            event.correct,
            event.duration_ms,
            payload={**event.payload, "reason": GUESSED},
        )
        _, event = self.log.append_all([undo, lower], now)
        memory = self.log.memory(event.item_key)
        return replace(
            outcome,
            event_id=event.event_id,
            rating=rating,
            reason=GUESSED,
            due=date.fromordinal(memory.due_day) if memory else None,
        )

    def undo(self, now: Moment) -> str:
        """Takes back the last answer; its item key, or "" when there is none."""
        last = self.log.events(kinds=ANSWERED, newest_first=True, limit=1)
        if not last:
            return ""
        self.log.append(Fact(Kind.VOID, last[0].item_key, target=last[0].event_id), now)
        return last[0].item_key

    def repair(self, outcome: Outcome, text: str) -> bool:
        """Whether `text` answers the repair question. Raises Unreadable; nothing is stored."""
        asked = outcome.verdict.repair
        if asked is None:
            raise DropsError("there is no repair question here; go on with Enter")
        return near(read_number(text, example="1.5"), asked.answer, asked.tolerance)

    def _record(self, fact: Fact, now: Moment) -> Event:
        """Stores a fact; where nothing may be written, it lives for this session only."""
        if not self.read_only:
            return self.log.append(fact, now)
        self._rehearsed += 1
        return Event(
            self.log.learner_id,
            self._rehearsed.to_bytes(16, "big"),
            self.log.device_id,
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


def _said(session: Session, unit: Unit | None = None, **said: Any) -> Fact:
    """A fact about the session: a page turned, a unit passed, the end. A passed unit is its key."""
    payload = {"session": session.id, **said}
    if unit is not None:
        payload |= {"unit": unit.key, "turned": True}
    return Fact(Kind.SESSION, unit.key if unit and said.get("passed") else "", payload=payload)


def _drop_of(session: Session) -> str | None:
    return None if session.mode == "today" or not session.units else session.units[0].drop


def _can_return(at: Front) -> bool:
    """A design is no five-minute retry, and fixed words asked a third time teach nothing."""
    asked_enough = at.unit.kind == "line" or (isinstance(at.item, Quiz) and at.unit.kind == "retry")
    return not (asked_enough or isinstance(at.ask, Design))


def _why_not(at: Front, first: bool) -> str:
    """Why an answer does not count for memory, in the learner's words."""
    if first:
        return "Practice: it is not due today" if at.item.keep else ""
    return "Practice: corrected on the same numbers" if at.is_main else ""
