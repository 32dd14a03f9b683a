"""The one door: a library of lessons, a learner's log, and what can be done with both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from drops.clock import Moment
from drops.course.model import Drop, Library
from drops.errors import DropsError
from drops.events import Event, Fact, Kind, Rating
from drops.exercises.answers import read_number
from drops.exercises.blocks import Design, Knobs
from drops.exercises.grading import Verdict, near
from drops.memory.rating import GUESSED, rate
from drops.memory.schedule import algorithm
from drops.memory.today import Wish
from drops.store.ids import next_id
from drops.store.log import Log
from drops.study.attempts import Tried, build_payload, can_return, evidence, showing, why_not
from drops.study.build_pages import Shower
from drops.study.follows import once_behind, rest_after, set_aside, stages_reached, time_of, units_added
from drops.study.lookup import page_that_taught
from drops.study.offers import decided
from drops.study.own import hands
from drops.study.own.clocks import Doubt, doubt, set_right
from drops.study.own.drafts import Drafts
from drops.study.own.gaps import typed_into
from drops.study.own.lab import with_own
from drops.study.own.placing import settled as settled_place
from drops.study.pages import Answered, Page, Picture
from drops.study.paths import Paths, Verb, arranged, settled
from drops.study.question import ASKING, Front, feeds_memory, front, noted, opening, opening_of, with_notes
from drops.study.resume import as_logged, rehearsed, resumed, to_begin, with_readable_lessons
from drops.study.said import rests_until
from drops.study.session import Mode, Session, Unit, after, fact_of, lesson_units, session_from_event, timed
from drops.study.settings import changed, value
from drops.study.shown.latest import Latest
from drops.study.shown.made import made
from drops.study.tasks import allow_kinds, judged, title_of
from drops.study.timing import asking_seconds, fits_again
from drops.study.today import Today, today
from drops.study.unsaved import banner, may_write, unsaved


class Study:
    """What a face may do. Holds the open log; everything else is values."""

    def __init__(self, library: Library, log: Log) -> None:
        self.library, self.log = with_own(library, log.glance().cards), log
        allow_kinds(log.home)
        self._refold_if_outdated()
        self._rehearsed: bytes | None = None  # the last event of a read-only session: they live only in it
        self.drafts = Drafts(log.drafts, saved=not log.read_only)
        self._page, self._at = Latest(self._build_page), Latest(front)

    @property
    def read_only(self) -> bool:
        return self.log.read_only

    @property
    def unsaved(self) -> str:
        """That nothing is saved and why, short enough to stand first on every page; "" where it is."""
        return unsaved(self.log.refusal)

    @property
    def banner(self) -> str:
        """The same with all there is to say of it, or ""."""
        return banner(self.log.refusal)

    def _refold_if_outdated(self) -> None:
        """A new retention or a new algorithm moves every due day: then all is folded again."""
        current = algorithm(value(self.log.settings(), "retention"))
        if not self.read_only and any(m.algorithm != current for m in self.log.memories().values()):
            self.log.rebuild()

    def close(self) -> None:
        self.log.close()

    # Today and settings ------------------------------------------------------------------

    def today(self, now: Moment, wish: Wish = "") -> Today:
        """What the first screen shows, as things stand; or would, with the drop first or not today."""
        seen = today(self.library, self.log.glance(), now, wish=wish)
        return seen._replace(banner=self.banner or seen.banner)

    def setting(self, name: str) -> Any:
        """The learner's value of a setting, or its default. Raises Unknown."""
        return value(self.log.settings(), name)

    def change(self, name: str, text: str, now: Moment) -> Any:
        """Changes a setting and returns its new value. Raises Unknown, Unreadable, StoreError."""
        fact = changed(name, text)
        self._record(fact, now)
        return fact.payload["value"]

    # Paths -------------------------------------------------------------------------------

    @property
    def paths(self) -> Paths:
        """The learner's paths as they stand."""
        return arranged(self.library, self.log.settings())

    def drop(self, name: str) -> Drop:
        """A drop by id, `path/number`, title, or a bare number of the current path. Raises Unknown."""
        return self.library.drop(name, self.paths.current)

    def arrange(self, verb: Verb, names: Sequence[str], now: Moment) -> Paths:
        """Chooses, pauses, hides, shows or orders paths, by id or title. Raises DropsError.

        Unlike an answer, this is refused where nothing can be saved: it would be gone with the page.
        """
        may_write(self.log.refusal)
        self.log.append_all(list(settled(self.library, self.paths, verb, names)), now)
        return self.paths

    # The clock ---------------------------------------------------------------------------

    def doubt(self, now: Moment) -> Doubt | None:
        """Whether the clock disagrees with the last answer, to be asked before anything is written.

        Raises DropsError for a clock that nobody can mean. Where nothing is saved nothing is asked.
        """
        return None if self.read_only else doubt(self.log, now)

    def set_right(self, found: Doubt, now: Moment) -> str:
        """This machine is right: what was dated ahead of it is put right, and what that was is said."""
        return set_right(self.log, found, now)

    # Beginning and resuming --------------------------------------------------------------

    def begin(
        self, now: Moment, *, drop: str | None = None, replay: bool = False, test_out: bool = False,
        place: bool = False, wish: Wish = "",
    ) -> Session:  # fmt: skip
        """Today's session, with the drop first or not today; or a drop's: its lesson, its replay, its
        test; or a placement. Raises DropsError.

        An open session of this learner-day is resumed where it stood: without a drop the one that was
        touched last, whatever it is of. A lesson goes on where any session left it.
        """
        asked: Mode | None = "place" if place else "replay" if replay else "test" if test_out else None
        named = asked or ("drop" if drop else None)
        target = self.drop(drop) if drop else None
        day = now.day.toordinal()
        opened = resumed(self.library, self.log, day, named, target.id if target else None)
        return self.settled(opened or self._begun(named or "today", target, now, wish), now)

    def _begun(self, mode: Mode, target: Drop | None, now: Moment, wish: Wish) -> Session:
        facts = to_begin(self.library, self.log, mode, target, self.today(now, wish), wish)
        session = session_from_event(self._record_all(facts, now)[-1])
        return with_readable_lessons(self.library, self.log, session)

    def settled(self, session: Session, now: Moment) -> Session:
        """The session with its front page drawn, past a prediction that is resolved by what follows."""
        if drawn := opening(self.library, self.log, session):
            session = after(session, self._record(drawn, now))
        if session.unit and session.unit.kind in ASKING and self._front(session).now.part == "predict":
            return self.settled(self.turn(session, now), now) if self._front(session).tried else session
        return session

    # The page in front -------------------------------------------------------------------

    def page(self, session: Session) -> Page:
        """What is to be shown now; its part is "end" when nothing is left."""
        return self._page(session, self.library, self.log.state)

    def _build_page(self, session: Session, library: Library, _: object) -> Page:
        unit = session.unit
        asking = self._at(library, session, unit) if unit and unit.item else None
        return Shower(library, self.log, session).page(unit, asking)

    def lesson(self, session: Session, page: Page) -> tuple[tuple[Page, ...], int]:
        """The lesson of the drop that a page belongs to, and the place of the page that taught it."""
        unit = session.unit
        assert unit is not None, "the session is over"
        drop = self.library.drop(unit.drop)
        pages = Shower(self.library, self.log, session).lesson(drop)
        return pages, page_that_taught(pages, page)

    def pages_of(self, drop: Drop) -> tuple[Page, ...]:
        """All that is read in a drop, outside any session."""
        nowhere = Session("", "drop", 0, lesson_units(drop))
        return Shower(self.library, self.log, nowhere).lesson(drop)

    def made(self, session: Session) -> Picture | None:
        """The picture that came of a session's last exercise; a training takes a second for it."""
        return made(self.library, self.log, session.day, session.day + 1, session.id)

    def _front(self, session: Session) -> Front:
        assert session.unit is not None, "the session is over"
        return self._at(self.library, session, session.unit)

    def outcome(self, session: Session) -> tuple[str, Answered] | None:
        """What was answered on the page in front, and what became of it, where it was not left since."""
        unit = session.unit
        if unit is None or unit.kind not in ASKING:
            return None
        at = self._front(session)
        given = [event for event in at.work.events if event.payload.get("step") == at.now.name]
        if not given:
            return None
        event = given[-1]
        said, memory = event.payload, self.log.memory(event.item_key)
        revealed = said.get("revealed") is True
        asked = self.library, event.item_key, at.task, at.ask
        verdict = at.task.worked(at.ask) if revealed else judged(*asked, said["typed"])
        return said["typed"], Answered(
            event_id=event.event_id,
            verdict=verdict,
            hidden=at.now.part == "predict",
            rating=event.rating,
            reason=said.get("reason", ""),
            due=date.fromordinal(memory.due_day) if memory and event.rating else None,
            confirmed=self._confirmed(session, at, verdict, event),
            revealed=revealed,
            returns=said.get("returns") is True,
        )

    def open_gauge(self, session: Session, gauge: str, now: Moment) -> Session:
        """Notes that a gauge was opened before the answer, by its sign. Raises Unreadable, StoreError."""
        fact = opening_of(session, self._front(session), gauge)
        return after(session, self._record(fact, now)) if fact else session

    def strike(self, session: Session, cause: str, now: Moment) -> Session:
        """Notes that a cause was struck off before the answer, or back, by its sign. Raises StoreError."""
        return after(session, self._record(noted(session, self._front(session), strike=cause), now))

    def fill(self, session: Session, text: str, now: Moment) -> Session:
        """Fills the blank of what is read, "" to be told it. Raises Unreadable, StoreError, DropsError."""
        return after(session, self._record(typed_into(self.library, session, text), now))

    # The straight line -------------------------------------------------------------------

    def answer(
        self,
        session: Session,
        text: str,
        now: Moment,
        *,
        seconds: float,
        confidence: str = "",
    ) -> tuple[Session, Answered]:
        """read → grade → rate → append → recall. Raises Unreadable or StoreError; then nothing is stored."""
        if session.unit and session.unit.kind == "offer":
            return self._decided(session, session.unit, text, now)
        at = self._front(session)
        text = with_notes(at, text)
        verdict = judged(self.library, at.unit.item, at.task, at.ask, text)
        return self._conclude(session, at, Tried(text, seconds, confidence), verdict, now)

    def reveal(self, session: Session, now: Moment, *, seconds: float = 0.0) -> tuple[Session, Answered]:
        """Gives up: the worked way is shown, and the item counts as forgotten. Raises DropsError for what has
        no answer to be given away: a prediction, a design.
        """
        if session.unit and session.unit.kind == "offer":
            raise DropsError("this is yours to choose: 1 or 2")
        at = self._front(session)
        if at.now.part == "predict":
            how = "set every place" if isinstance(at.ask, Knobs) else "choose one"
            raise DropsError(f"a prediction cannot be given away; {how}, a guess will do")
        if isinstance(at.ask, Design):
            raise DropsError("a design has no single answer; choose, and see what the engine says")
        return self._conclude(session, at, Tried("", seconds, revealed=True), at.task.worked(at.ask), now)

    def _decided(self, session: Session, unit: Unit, text: str, now: Moment) -> tuple[Session, Answered]:
        """An offer taken or left. Raises Unreadable, StoreError."""
        decides, changes = decided(self.library, session, unit, text)
        event = self._record_all([fact_of(session, unit, decides=decides), *changes], now)[0]
        return after(session, event), Answered(event.event_id, Verdict(True, ""), True, None, "", None)

    def _conclude(
        self, session: Session, at: Front, tried: Tried, verdict: Verdict, now: Moment
    ) -> tuple[Session, Answered]:
        """rate → append → recall: the one place where an answer becomes a fact."""
        item, day, before = at.unit.item, now.day.toordinal(), self.log.memory(at.unit.item)
        first = at.is_main and not at.tried
        counts = first and feeds_memory(at.unit, at.drop, at.item, before, day)
        counts = counts and (verdict.right or at.unit.kind != "place")
        own_ms = self.log.durations().get(item) if counts else None
        shown = evidence(at, tried, verdict, before, own_ms, day)
        rated = rate(shown) if counts else None
        rating, reason = rated or (None, why_not(at, first, counts, not shown.first_sight))
        rest = rest_after(self.log, item, rating, day)
        returns = first and not verdict.right and can_return(at) and not rest
        returns = returns and fits_again(self.library, session, asking_seconds(at.ask))
        # a correction on the same numbers is no further try: it would confirm a misconception by itself
        kind = Kind.GRADED if rated else Kind.PRACTICE if first else Kind.ATTEMPT
        says = {
            "returns": returns,
            "rests": rest is not None,
            "recall": shown.recall if rated else None,
            "adds": units_added(self.library, session, at, right=verdict.right),
        }
        payload = build_payload(session, at, tried, verdict, reason, says)
        facts = [Fact(kind, item, rating, verdict.right, tried.milliseconds, payload=payload)]
        facts += [set_aside(item, rest)] if rest else []
        event = self._record_all(facts, now)[0]
        memory = self.log.memory(item) if rated else None
        if memory and (reached := stages_reached(self.log, at.drop)):
            self._record_all(reached, now)
        return after(session, event), Answered(
            event_id=event.event_id,
            verdict=verdict,
            hidden=at.now.part == "predict",
            rating=rating,
            reason=reason,
            due=date.fromordinal(memory.due_day) if memory and not rest else None,
            confirmed=self._confirmed(session, at, verdict, event),
            revealed=tried.revealed,
            returns=returns,
            rests="" if rest is None else rests_until(rest),
        )

    def _confirmed(self, session: Session, at: Front, verdict: Verdict, event: Event) -> tuple[str, ...]:
        """The title of a misconception that this try shows for at least the second time.

        The same page answered in another window is the same try.
        """
        if len(verdict.misconceptions) != 1 or event.kind is Kind.ATTEMPT:
            return ()
        (name,) = verdict.misconceptions
        tries = self.log.events(
            kinds=(Kind.GRADED, Kind.PRACTICE), item_prefix=at.drop.id + "/", since_day=session.day
        )
        here = [e for e in tries if self._is_same_page(e, session, at.unit.key)]
        own = [e for e in session.answers if e.payload.get("unit") != at.unit.key]
        others = self.log.showings(name, at.drop.id) - showing(name, here)
        return (title_of(self.library, name, at.unit.item),) if others or showing(name, own) else ()

    def _is_same_page(self, event: Event, session: Session, unit_key: str) -> bool:
        """Whether a stored answer is of this very page, given here or in the window that saves."""
        said = event.payload
        if said.get("session") == session.id:
            return True  # what is this session's own, the session knows itself
        return self.read_only and (said.get("unit"), event.study_day) == (unit_key, session.day)

    def turn(self, session: Session, now: Moment) -> Session:
        """Leaves the page. Leaving the last one ends the session."""
        unit = session.unit
        if unit is None:
            said = fact_of(session, ended=True, lived=round(session.spent), mode=session.mode)
            return after(session, self._record(said, now))
        at = self._front(session) if unit.kind in ASKING else None
        more: dict[str, Any] = {} if at is None else {"step": at.now.name}
        more |= {"passed": True} if at is None or at.is_last else {}
        if not session.work_in(unit).typed:  # else it was not only read
            more |= time_of(self.library, unit, at, (now.us - session.at_us) / 1_000_000)
        left = after(timed(session, now.us), fact_of(session, unit, **more))
        said = fact_of(session, unit, **more, **once_behind(self.library, left, unit))
        # the page left, what follows from the time it took, and the page drawn: all or none
        turned = after(session, said)
        drawn = opening(self.library, self.log, turned)
        settles = settled_place(self.library, turned)
        for event in self._record_all([said, *([drawn] if drawn else []), *settles], now):
            session = after(session, event)
        return session

    def guessed(self, outcome: Answered) -> Answered:
        """Takes the rating back to "Again": the learner says it was a guess."""
        if outcome.rating in (None, Rating.AGAIN) or self.read_only:
            return outcome
        event = hands.lower(self.log, self.log.event(outcome.event_id))
        memory = self.log.memory(event.item_key)
        return replace(
            outcome,
            event_id=event.event_id,
            rating=Rating.AGAIN,
            reason=GUESSED,
            due=date.fromordinal(memory.due_day) if memory else None,
        )

    def act(self, session: Session, name: str, what: str, now: Moment) -> tuple[Session, str]:
        """Does what `hands.ACTS` names; where the session stands then, and what was done, in a line."""
        says = hands.act(self, name, what, now)
        return self.settled(as_logged(self.log, session), now), says

    def repair(self, outcome: Answered, text: str) -> bool:
        """Whether `text` answers the repair question. Raises Unreadable; nothing is stored."""
        asked = outcome.verdict.repair
        if asked is None:
            raise DropsError("there is no repair question here; go on with Enter")
        return near(read_number(text), asked.answer, asked.tolerance)

    def _record(self, fact: Fact, now: Moment) -> Event:
        return self._record_all([fact], now)[0]

    def _record_all(self, facts: Sequence[Fact], now: Moment) -> list[Event]:
        """Stores facts, all or none; where nothing may be written, they live for this session only."""
        if self.read_only:
            return [self._rehearse(fact, now) for fact in facts]
        return self.log.append_all(facts, now)

    def _rehearse(self, fact: Fact, now: Moment) -> Event:
        newest = self.log.events(newest_first=True, limit=1, voided=True)
        last = max(filter(None, (self._rehearsed, *(event.event_id for event in newest))), default=None)
        self._rehearsed = next_id(last, now.us)
        return rehearsed(self.log, fact, self._rehearsed, now)
