"""The line face: the same session as lines, for screen readers, slow links and scripts.

No box drawing and no cursor movement: every picture is its sentence and a small table of
numbers. What is typed goes down the same straight line as in the app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from drops.clock import Clock, ticks
from drops.errors import DropsError, NotSaved, StoreError, Unreadable
from drops.exercises.answers import letter, read, read_field, read_number
from drops.exercises.blocks import (
    Choice,
    Design,
    Figure,
    Knob,
    Knobs,
    Numbers,
    Order,
    Run,
)
from drops.spoken import lettered, lines, plain_markdown, wrapped
from drops.study.pages import CONFIDENCE, Outcome, Page
from drops.study.session import Session
from drops.study.study import Study
from drops.text import number, safe_text

HELP = "Enter goes on, ? repeats the page, show gives the answer away, quit stops (you can go on later)."


class Stopped(Exception):
    """The learner wants to stop; everything answered is stored."""


class LastNotSaved(Exception):
    """The learner stops at an answer, or a page, that the disk would not take."""


@dataclass
class Plain:
    """A session in lines. `ask` prints a prompt and returns a line; it raises EOFError at the end."""

    study: Study
    clock: Clock
    ask: Callable[[str], str]
    say: Callable[[str], None]

    def run(self, session: Session) -> None:
        """From the page in front to the end, or to where the learner stops."""
        if self.study.banner:
            self.say(self.study.banner)
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
        self._show(page)
        if page.ask is None:
            return self._read(session, page)
        if isinstance(page.ask, Run):
            self._watch(page.ask)
            return self._turn(session)
        return self._answer(session, page)

    def _show(self, page: Page) -> None:
        self.say("")
        self.say(title(page))
        if page.note:
            self.say(page.note)
        told: set[str] = set()  # a picture beside its own sentence would be read out twice
        for block in page.show:
            self.say("")
            self._say_all(lines(block, told))

    def _say_all(self, text: Iterator[str]) -> None:
        for line in text:
            self.say(line)

    # Pages that ask nothing --------------------------------------------------------------

    def _read(self, session: Session, page: Page) -> Session:
        figures = [block for block in page.show if isinstance(block, Figure)]
        knobs = {knob.name: knob for figure in figures for knob in figure.knobs}
        values = {name: knob.start for name, knob in knobs.items()}
        hint = f" (or move the figure: {next(iter(knobs))}=1)" if knobs else ""
        while typed := self._line(f"Enter to go on{hint}: ", page):
            try:
                values |= moved(knobs, typed)
            except Unreadable as problem:
                self.say(str(problem))
                continue
            for figure in figures:
                for block in figure.draw({knob.name: values[knob.name] for knob in figure.knobs}):
                    self._say_all(lines(block))
        return self._turn(session)

    def _watch(self, run: Run) -> None:
        self.say(run.prompt)
        quarter, told = -1, set[str]()
        for frame in run.frames(int(self.clock().us)):
            if frame is None or (frame.done < 1 and int(frame.done * 4) <= quarter):
                continue
            quarter = int(frame.done * 4)
            if frame.says not in told:
                self._say_all(wrapped(f"{frame.done:.0%}: {frame.says}"))
            told.add(frame.says)
            if frame.done >= 1:
                for block in frame.show:
                    self._say_all(lines(block, told))
        self._line("Enter to go on: ", None)

    # Pages that ask ----------------------------------------------------------------------

    def _answer(self, session: Session, page: Page) -> Session:
        began = ticks()
        while True:
            try:
                session, outcome = self._tried(session, page, began)
            except StoreError:
                raise
            except DropsError as problem:
                self.say(str(problem))
                continue
            break
        self._tell(page, outcome)
        self._line("Enter to go on: ", None)
        return self._turn(session)

    def _tried(self, session: Session, page: Page, began: float) -> tuple[Session, Outcome]:
        """One try at the question: an answer, or giving it up. Raises DropsError; then nothing is stored."""
        try:
            text = self._typed(page)
        except _Shown:
            seconds = ticks() - began
            return self._kept(lambda: self.study.reveal(session, self.clock(), seconds=seconds))
        sure = self._confidence() if isinstance(page.ask, Choice) and page.ask.confidence else ""
        seconds = ticks() - began
        return self._kept(
            lambda: self.study.answer(session, text, self.clock(), seconds=seconds, confidence=sure)
        )

    def _kept(self, store: Callable[[], tuple[Session, Outcome]]) -> tuple[Session, Outcome]:
        """What `store` gives; where the disk takes nothing, what was typed is kept and tried again."""
        while True:
            try:
                return store()
            except NotSaved as problem:
                self.say(str(problem))
            try:
                self._line("Enter to try again: ", None)
            except (Stopped, EOFError, KeyboardInterrupt):
                raise LastNotSaved from None

    def _turn(self, session: Session) -> Session:
        """The next page. One that the disk will not note as done costs no answer."""
        while True:
            try:
                return self.study.turn(session, self.clock())
            except NotSaved as problem:
                why = str(problem).partition(";")[0]
                self.say(f"{why}; that this page is done was not saved, every answer is")
            self._line("Enter to try again: ", None)

    def _typed(self, page: Page) -> str:
        """What answers the page, in the form that `answers.read` reads."""
        if page.ask and page.ask.prompt:
            self.say("")
            self._say_all(wrapped(plain_markdown(page.ask.prompt)))
        match page.ask:
            case Numbers():
                return self._numbers(page, page.ask)
            case Choice(options=options):
                self._say_all(lettered([option.text for option in options]))
                many = ", all that apply (for example a, c)" if page.ask.many else ""
                return self._checked(page, f"Your choice{many}: ")
            case Order(pieces=pieces):
                self._say_all(lettered(list(pieces)))
                return self._checked(page, "The order (for example b a c): ")
            case Knobs(knobs=knobs):
                names = "; ".join(knob.label for knob in knobs)
                return self._checked(page, f"{names} = ")
            case Design():
                return self._design(page, page.ask)
            case Run() | None:
                raise AssertionError("a page without a question is left by turning")
            case _:
                assert_never(page.ask)

    def _checked(self, page: Page, prompt: str) -> str:
        """A line that can be read as an answer; asked again until it can."""
        assert page.ask is not None
        while True:
            typed = self._line(prompt, page)
            try:
                read(page.ask, typed)
            except Unreadable as problem:
                self.say(str(problem))
                continue
            return typed

    def _numbers(self, page: Page, ask: Numbers) -> str:
        if ask.sheet:
            self._say_all(lines(ask.sheet))
        given = []
        for field in ask.fields:
            while True:
                typed = self._line(f"{field.label} = ", page)
                try:
                    read_field(field, typed)
                except Unreadable as problem:
                    self.say(str(problem))
                    continue
                given.append(typed.replace(";", " "))
                break
        return "; ".join(given)

    def _design(self, page: Page, ask: Design) -> str:
        given = []
        for field in ask.fields:
            if field.options:
                self.say(f"{field.label}:")
                self._say_all(iter(f"  {value}: {label}" for value, label in field.options))
            example = field.options[0][0] if field.options else field.example
            while True:
                typed = self._line(f"{field.label} (for example {example}): ", page) or field.start
                if typed and (not field.options or typed in [value for value, _ in field.options]):
                    break
                self.say(f"one of these, please: {', '.join(v for v, _ in field.options) or example}")
            given.append(f"{field.name}={typed}")
        return "; ".join(given)

    def _confidence(self) -> str:
        names = ", ".join(f"{n} {name}" for n, name in enumerate(CONFIDENCE, start=1))
        while True:
            typed = self._line(f"How sure are you? {names}: ", None)
            if typed in ("1", "2", "3"):
                return CONFIDENCE[int(typed) - 1]
            self.say("1, 2 or 3, please")

    def _line(self, prompt: str, page: Page | None) -> str:
        """One typed line; the words that mean something everywhere are dealt with here."""
        while True:
            typed = self.ask(prompt).strip()
            word = typed.lower()
            if word in ("quit", "q"):
                raise Stopped
            if word == "?":
                self.say(HELP)
                if page:
                    self._show(page)
                continue
            if word == "show" and page is not None and page.ask is not None:
                raise _Shown
            return typed

    def _tell(self, page: Page, outcome: Outcome) -> None:
        """What became of the answer: sign and word first, then why, then when it comes back."""
        if outcome.hidden:
            self.say("Noted. You will see.")
            return
        self._say_all(verdict_lines(page, outcome))
        asked = outcome.verdict.repair
        if asked is not None and outcome.verdict.misconceptions:
            try:
                typed = self.ask(f"Try one: {asked.question} = ").strip()
                good = bool(typed) and self.study.repair(outcome, typed)
                self.say("✓ right" if good else f"✗ it is {number(asked.answer)}")
            except Unreadable:
                self.say(f"It is {number(asked.answer)}")
        if outcome.reason:
            self.say(outcome.reason)
        if outcome.due:
            self.say(f"It comes back on {outcome.due:%A, %d %B}.")
        if outcome.returns:
            self.say("It comes back at the end of this session.")


class _Shown(Exception):
    """The learner asked to see the answer."""


def title(page: Page) -> str:
    """Where the learner is, in one line."""
    stop = "" if page.drop_title.endswith(("?", "!", ".")) else "."
    drop = f"Drop {page.drop_number}, {page.drop_title}{stop} " if page.drop_number else ""
    of = f" ({page.part_index} of {page.part_of})" if page.part == "read" else ""
    left = f" {page.minutes_left:.0f} min left." if page.minutes_left >= 1 else ""
    return f"{drop}{page.heading}{of}.{left}"


def verdict_lines(page: Page, outcome: Outcome) -> Iterator[str]:
    """The verdict in words: the whole, each field, the misconception, the line."""
    verdict = outcome.verdict
    yield _first_word(page, outcome)
    if isinstance(page.ask, Choice) and verdict.options:
        for i, feedback in enumerate(verdict.options):
            yield from wrapped(f"{letter(i)}) {feedback}")
    else:
        for field in verdict.fields:
            sign = {"right": "✓", "follows": "✓ follows from your own number"}.get(field.standing, "✗")
            yield f"  {field.label} = {number(field.typed)}  {sign}"
        yield from wrapped(verdict.feedback)
    for name in outcome.confirmed:
        yield from wrapped(f"This is the second time: {name}. It comes back as a line to find.")
    if not (verdict.right or isinstance(page.ask, Choice) or verdict.line in verdict.feedback):
        yield from verdict.line.splitlines()


def _first_word(page: Page, outcome: Outcome) -> str:
    """The verdict as sign and word; to who asked to be shown, the answer and no verdict."""
    verdict = outcome.verdict
    if outcome.revealed:
        return f"The answer: {verdict.wanted}"
    if verdict.right:
        return "✓ right"
    if isinstance(page.ask, Choice) and verdict.options:
        return f"✗ not this; {verdict.wanted} is right"
    return f"✗ not yet · {verdict.title}" if verdict.title else "✗ not yet"


def moved(knobs: Mapping[str, Knob], typed: str) -> dict[str, float]:
    """Knob settings typed as name=value. Raises Unreadable."""
    example = f"{next(iter(knobs), 'w')}=1"
    name, equals, value = (part.strip() for part in typed.partition("="))
    if not equals or name not in knobs:
        raise Unreadable(f"“{safe_text(typed)[:40]}” moves nothing; Enter goes on", example)
    knob = knobs[name]
    return {name: min(knob.high, max(knob.low, read_number(value, example=example)))}
