"""A session from the page in front to its end, in lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from drops.clock import Clock, ticks, weekday
from drops.errors import DropsError, NotSaved, StoreError, Unreadable
from drops.exercises.blocks import Choice, Figure, Run
from drops.plain.asking import Asking
from drops.plain.feedback import ended, title, verdict_lines
from drops.plain.figures import example, knobs_of, lines_of, movable, moved
from drops.plain.prompt import HELP, Shown, Stopped, Talk
from drops.plain.spoken import heard, lines, plain_markdown, wrapped
from drops.study.pages import Answered, Page, not_saved
from drops.study.session import Session
from drops.study.study import Study
from drops.text import number


class LastNotSaved(Exception):
    """The learner stops at an answer, or a page, that the disk would not take."""


@dataclass
class Plain:
    """A session in lines. `ask` prints a prompt and returns a line; it raises EOFError at the end."""

    study: Study
    clock: Clock
    ask: Callable[[str], str]
    say: Callable[[str], None]
    _drop: str = field(default="", init=False)  # the id of the drop of the page before
    _told: set[str] = field(default_factory=set, init=False)  # drops whose title was told
    _front: Page | None = field(default=None, init=False)  # the page in front
    _at: Session = field(init=False)  # where the learner stands

    def __post_init__(self) -> None:
        self.talk = Talk(self.ask, self.say, self._links)
        self._asking = Asking(self.talk, self._note_gauge)

    def run(self, session: Session) -> None:
        """From the page in front to the end, or to where the learner stops."""
        if self.study.banner:
            self.say(self.study.banner)
        if session.mode == "today":
            today = self.study.today(self.clock())
            self.talk.say_all(wrapped(" ".join((f"Today: {today.says}.", *today.notes))))
        self.say(HELP)
        try:
            while not session.ended:
                session = self._page(session)
        except (Stopped, EOFError, KeyboardInterrupt):
            self.say("")
            if self.study.read_only:
                self.say("Stopped. What was answered here is not saved.")
            else:
                self.say("Stopped. Every answer is stored; the next start goes on here.")
        except LastNotSaved:
            self.say("")
            self.say("Stopped. The last answer is NOT saved, earlier ones are; the next start asks it again.")

    def _page(self, session: Session) -> Session:
        page = self.study.page(session)
        place = self._place(session, page)
        self._show(page, place)
        if page.ask is None:
            return self._read(session, page, place)
        if isinstance(page.ask, Run):
            self._watch(page.ask)
            return self._turn(session)
        return self._answer(session, page, place)

    def _place(self, session: Session, page: Page) -> tuple[int, int]:
        """Where the page stands among the like of it, and how many they are."""
        unit = session.unit
        if unit is None or page.part not in ("recall", "retry"):
            return page.part_index, page.part_of
        alike = [one.key for one in session.units if one.kind == unit.kind]
        return alike.index(unit.key) + 1, len(alike)

    def _show(self, page: Page, place: tuple[int, int]) -> None:
        self.say("")
        self._say_unsaved()
        self.talk.say_all(wrapped(f"{self._drop_named(page)}{title(page, *place)}"))
        if page.note:
            self.talk.say_all(wrapped(f"{page.note[0].upper()}{page.note[1:].rstrip('.')}."))
        self._front = page
        told: set[str] = set()  # a picture beside its own sentence would be read out twice
        for block in page.show:
            self.say("")
            self.talk.say_all(lines(block, told))
        if knobs := knobs_of(page):
            self.say("")
            self.talk.say_all(wrapped(movable(knobs)))

    def _say_unsaved(self) -> None:
        if self.study.unsaved:
            self.say(f"{self.study.unsaved}.")

    def _drop_named(self, page: Page) -> str:
        """The drop, where it is not the one before: with its title on a line, later by its number."""
        known, before = page.drop_id in self._told, self._drop
        self._drop = page.drop_id
        if page.drop_id in ("", before):
            return ""
        name = f"Drop {page.drop_number}{f' of {page.elsewhere}' if page.elsewhere else ''}"
        if known:
            return f"{name}. "
        self._told.add(page.drop_id)
        return f"{name}. {ended(page.drop_title)}\n"

    def _links(self) -> Iterator[str]:
        """What the page refers to: a name, and what stands behind it."""
        front = self._front
        found = front.links if front else ()
        path = self.study.library.path_of(front.drop_id) if front and front.drop_id else None
        for link in found:
            name, says = self.study.library.linked(link, path)
            yield from wrapped(f"{name}: {plain_markdown(says)}")
        if not found:
            yield "This page refers to nothing."

    # Pages that ask nothing --------------------------------------------------------------

    def _read(self, session: Session, page: Page, place: tuple[int, int]) -> Session:
        figures = [block for block in page.show if isinstance(block, Figure)]
        knobs = knobs_of(page)
        values = {name: knob.start for name, knob in knobs.items()}
        drawn = {line for figure in figures for line in lines_of(figure, values)}
        prompt = f"Enter to go on{f', or move the figure, as {example(knobs)}' if knobs else ''}: "
        while typed := self.talk.line(prompt, lambda: self._show(page, place)):
            if not knobs:
                self.say("Nothing is asked here. Enter goes on, help tells the words.")
                continue
            try:
                change = moved(knobs, typed)
            except Unreadable as problem:
                self.say(heard(str(problem)))
                continue
            values |= change
            now = [line for figure in figures for line in lines_of(figure, values)]
            self.say(
                heard(", ".join(f"{knobs[name].label} = {knobs[name].told(v)}" for name, v in change.items()))
                + "."
            )
            self.talk.say_all([line for line in now if line not in drawn] or ["Nothing else changes."])
            drawn = set(now)
        return self._turn(session)

    def _watch(self, run: Run) -> None:
        self.talk.say_all(wrapped(run.prompt))
        told, third, last = set[str](), -1, list[str]()
        for frame in run.frames(int(self.clock().us)):
            if frame is None or (frame.done < 1 and int(frame.done * 3) <= third):
                continue
            third = int(frame.done * 3)
            if frame.says not in told:
                last = [*wrapped(f"{frame.done:.0%} done. {frame.says}")]
                self.talk.say_all(last)
            told.add(frame.says)
            if frame.done >= 1:
                shown = [line for block in frame.show for line in lines(block, told)]
                self.talk.say_all(shown)
                last += shown
        self.talk.line("Enter to go on: ", lambda: self.talk.say_all(last))

    # Pages that ask ----------------------------------------------------------------------

    def _answer(self, session: Session, page: Page, place: tuple[int, int]) -> Session:
        if given := self.study.outcome(session):
            typed, outcome = given
            if not outcome.revealed:
                self.talk.say_all(wrapped(f"You answered: {typed}"))
        else:
            session, outcome = self._answered(session, page, place)
        if page.part == "offer":
            return self._turn(session)
        self._tell(page, outcome)
        self._repair(outcome)
        self.talk.line("Enter to go on: ", lambda: self._tell(page, outcome))
        return self._turn(session)

    def _answered(self, session: Session, page: Page, place: tuple[int, int]) -> tuple[Session, Answered]:
        """The question, asked until an answer of it is stored."""
        self._at, began = session, ticks()
        while True:
            try:
                return self._tried(page, place, began)
            except StoreError:
                raise
            except DropsError as problem:
                self.say(heard(str(problem)))

    def _note_gauge(self, gauge: str) -> None:
        self._at = self.study.open_gauge(self._at, gauge, self.clock())

    def _tried(self, page: Page, place: tuple[int, int], began: float) -> tuple[Session, Answered]:
        """One try at the question: an answer, or giving it up. Raises DropsError; then nothing is stored."""
        try:
            assert page.ask is not None
            text = self._asking.typed(page.ask, lambda: self._show(page, place), page.opened)
        except Shown:
            seconds = ticks() - began
            return self._kept(lambda: self.study.reveal(self._at, self.clock(), seconds=seconds))
        sure = self._asking.confidence() if isinstance(page.ask, Choice) and page.ask.confidence else ""
        seconds = ticks() - began
        return self._kept(
            lambda: self.study.answer(self._at, text, self.clock(), seconds=seconds, confidence=sure)
        )

    def _kept(self, store: Callable[[], tuple[Session, Answered]]) -> tuple[Session, Answered]:
        """What `store` gives; where the disk takes nothing, what was typed is kept and tried again."""
        while True:
            try:
                return store()
            except NotSaved as problem:
                why = not_saved(problem)
                self.say(why)
            try:
                self.talk.line("Enter to try again: ", partial(self.say, why))
            except (Stopped, EOFError, KeyboardInterrupt):
                raise LastNotSaved from None

    def _turn(self, session: Session) -> Session:
        """The next page. One that the disk will not note as done costs no answer."""
        while True:
            try:
                return self.study.turn(session, self.clock())
            except NotSaved as problem:
                why = (
                    f"{str(problem).partition(';')[0]}; that this page is done was not saved, every answer is"
                )
                self.say(why)
            self.talk.line("Enter to try again: ", partial(self.say, why))

    # What became of the answer -------------------------------------------------------------

    def _tell(self, page: Page, outcome: Answered) -> None:
        """What became of the answer: the word first, then why, then when it comes back."""
        self._say_unsaved()
        if outcome.hidden:
            self.say("Noted. You will see.")
            return
        self.talk.say_all(verdict_lines(page, outcome))
        if outcome.reason:
            self.say(f"{outcome.reason}.")
        if outcome.due:
            self.say(f"It comes back on {weekday(outcome.due)}.")
        if outcome.rests:
            self.talk.say_all(wrapped(outcome.rests))
        if outcome.returns:
            self.say("It comes back at the end of this session.")

    def _repair(self, outcome: Answered) -> None:
        """One small question about what went wrong; nothing is stored, and Enter passes it by."""
        asked = outcome.verdict.repair
        if asked is None or not outcome.verdict.misconceptions:
            return
        try:
            typed = self.talk.line(f"Try one: {asked.question} = ", lambda: None)
            good = bool(typed) and self.study.repair(outcome, typed)
        except Unreadable:
            good = False
        self.say("Right." if good else heard(f"It is {number(asked.answer)}."))
