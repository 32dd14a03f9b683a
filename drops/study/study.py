"""The one door: a library of lessons, a learner's log, and what can be done with both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from drops.clock import Moment
from drops.course.model import Library
from drops.errors import DropsError
from drops.events import Event, Fact, Kind, Rating
from drops.exercises.answers import read, read_number
from drops.exercises.blocks import Design
from drops.exercises.grading import Verdict, near
from drops.memory.attempts import attempts
from drops.memory.rating import GUESSED, lowered, rate
from drops.memory.schedule import algorithm
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.attempts import Tried, can_return, evidence, noted, why_not
from drops.study.build_pages import Shower
from drops.study.pages import Answered, Page
from drops.study.question import ANSWERED, ASKING, Front, feeds_memory, front
from drops.study.resume import drop_units, open_session, past_answered, todays_units
from drops.study.session import Mode, Session, Unit, after, begun
from drops.study.settings import changed, value
from drops.study.tasks import title_of
from drops.study.today import Today, today
from drops.text import safe_text


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
        return seen._replace(banner=self.banner or seen.banner)

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
        opened = open_session(self.library, self.log, now.day.toordinal())
        if opened and (opened.mode, _drop_of(opened)) == (mode, target.id if target else None):
            return past_answered(self.library, self.log, opened)
        if target:
            units = drop_units(self.log, mode, target)
        else:
            units = todays_units(self.library, self.log, self.today(now))
        payload = {"began": True, "mode": mode, "units": [unit.as_list() for unit in units]}
        return begun(self._record(Fact(Kind.SESSION, payload=payload), now))

    # The page in front -------------------------------------------------------------------

    def page(self, session: Session) -> Page:
        """What is to be shown now; its part is "end" when nothing is left."""
        unit = session.unit
        asking = self._front(session) if unit and unit.item else None
        return Shower(self.library, self.log, session).page(unit, asking)

    def _front(self, session: Session) -> Front:
        assert session.unit is not None, "the session is over"
        return front(self.library, self.log, session, session.unit)

    # The straight line -------------------------------------------------------------------

    def answer(
        self,
        session: Session,
        text: str,
        now: Moment,
        *,
        seconds: float,
        confidence: str = "",
        hints: int = 0,
    ) -> tuple[Session, Answered]:
        """read → grade → rate → append → recall. Raises Unreadable or StoreError; then nothing is stored."""
        at = self._front(session)
        verdict = at.task.grade(at.ask, read(at.ask, text))
        return self._conclude(session, at, Tried(text, seconds, confidence, hints), verdict, now)

    def reveal(self, session: Session, now: Moment, *, seconds: float = 0.0) -> tuple[Session, Answered]:
        """Gives up: the worked way is shown, and the item counts as forgotten.

        Raises DropsError for what has no answer to be given away: a prediction, a design.
        """
        at = self._front(session)
        if at.now.part == "predict":
            raise DropsError("a prediction cannot be given away; choose one, a guess will do")
        if isinstance(at.ask, Design):
            raise DropsError("a design has no single answer; choose, and see what the engine says")
        return self._conclude(session, at, Tried("", seconds, revealed=True), at.task.worked(at.ask), now)

    def _conclude(
        self, session: Session, at: Front, tried: Tried, verdict: Verdict, now: Moment
    ) -> tuple[Session, Answered]:
        """rate → append → recall: the one place where an answer becomes a fact."""
        item, day, before = at.unit.item, now.day.toordinal(), self.log.memory(at.unit.item)
        first = at.is_main and not at.tried
        counts = first and feeds_memory(at.unit, at.item, before, day)
        own_ms = self.log.durations().get(item) if counts else None
        rated = rate(evidence(at, tried, verdict, before, own_ms, day)) if counts else None
        rating, reason = rated or (None, why_not(at, first))
        returns = first and not verdict.right and can_return(at)
        # a correction on the same numbers is no further try: it would confirm a misconception by itself
        kind = Kind.GRADED if rated else Kind.PRACTICE if first else Kind.ATTEMPT
        payload = noted(session, at, tried, verdict, reason, returns)
        fact = Fact(kind, item, rating, verdict.right, tried.milliseconds, payload=payload)
        event = self._record(fact, now)
        memory = self.log.memory(item) if rated else None
        return after(session, event), Answered(
            event_id=event.event_id,
            verdict=verdict,
            hidden=at.now.part == "predict",
            rating=rating,
            reason=reason,
            due=date.fromordinal(memory.due_day) if memory else None,
            confirmed=self._confirmed(at, verdict, event),
            revealed=tried.revealed,
            returns=returns,
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

    def guessed(self, outcome: Answered, now: Moment) -> Answered:
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

    def repair(self, outcome: Answered, text: str) -> bool:
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
