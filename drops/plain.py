"""The line face: the same session as lines, for screen readers, slow links and scripts.

No box drawing and no cursor movement: every picture is its sentence and its numbers. The same
words work at every prompt, and each page says first where it stands. What is typed goes down
the same straight line as in the app.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import assert_never

from drops.clock import Clock, ticks, weekday
from drops.errors import DropsError, NotSaved, StoreError, Unreadable
from drops.exercises.answers import digit, read, read_field, read_number
from drops.exercises.blocks import (
    Ask,
    Choice,
    Design,
    Figure,
    Knob,
    Knobs,
    Numbers,
    Order,
    Run,
    Sheet,
)
from drops.spoken import heard, lines, numbered, plain_markdown, wrapped
from drops.study.pages import CONFIDENCE, Outcome, Page, PagePart
from drops.study.printed import today_in_a_line
from drops.study.session import Session
from drops.study.study import Study
from drops.text import number, safe_text

HELP = "Enter goes on. Type help at any prompt to hear the words that work there."
WORDS: Mapping[str, str] = {
    "Enter": "go on",
    "again": "hear this page once more",
    "links": "the terms and drops that this page refers to, each in a few words",
    "how": "the formula of the number that is asked, where the exercise gives it",
    "open 1": "open gauge 1, where there are gauges",
    "back": "return to the number before",
    "show": "give up: the answer, and the way to it",
    "quit": "stop; the next start goes on here",
    "help": "these words",
}

OPEN = re.compile(r"open +(\d+)", re.IGNORECASE)

# What a page is, and whether its place among the like of it is worth telling.
PLACES: Mapping[PagePart, str] = {
    "recall": "Recall, question",
    "read": "Page",
    "predict": "Predict, exercise",
    "do": "Do, exercise",
    "see": "See, exercise",
    "explain": "Explain, exercise",
    "quiz": "Quiz, question",
    "retry": "Once more, question",
}


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
    _drop: int = field(default=0, init=False)  # of the page before
    _told: set[int] = field(default_factory=set, init=False)  # drops whose title was told
    _front: Page | None = field(default=None, init=False)  # the page in front

    def run(self, session: Session) -> None:
        """From the page in front to the end, or to where the learner stops."""
        if self.study.banner:
            self.say(self.study.banner)
        if session.mode == "today":
            self._say_all(wrapped(f"Today: {today_in_a_line(self.study.today(self.clock()))}."))
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
        self._say_all(wrapped(f"{self._drop_named(page)}{title(page, *place)}"))
        if page.note:
            self._say_all(wrapped(f"{page.note[0].upper()}{page.note[1:].rstrip('.')}."))
        self._front = page
        told: set[str] = set()  # a picture beside its own sentence would be read out twice
        for block in page.show:
            self.say("")
            self._say_all(lines(block, told))
        if knobs := _knobs(page):
            self.say("")
            self._say_all(wrapped(_movable(knobs)))

    def _drop_named(self, page: Page) -> str:
        """The drop, where it is not the one before: with its title on a line, later by its number."""
        known, before = page.drop_number in self._told, self._drop
        self._drop = page.drop_number
        if page.drop_number in (0, before):
            return ""
        if known:
            return f"Drop {page.drop_number}. "
        self._told.add(page.drop_number)
        return f"Drop {page.drop_number}. {_ended(page.drop_title)}\n"

    def _say_all(self, text: Iterable[str]) -> None:
        for line in text:
            self.say(line)

    # Pages that ask nothing --------------------------------------------------------------

    def _read(self, session: Session, page: Page, place: tuple[int, int]) -> Session:
        figures = [block for block in page.show if isinstance(block, Figure)]
        knobs = _knobs(page)
        values = {name: knob.start for name, knob in knobs.items()}
        drawn = {line for figure in figures for line in _drawn(figure, values)}
        prompt = f"Enter to go on{f', or move the figure, as {_example(knobs)}' if knobs else ''}: "
        while typed := self._line(prompt, lambda: self._show(page, place)):
            if not knobs:
                self.say("Nothing is asked here. Enter goes on, help tells the words.")
                continue
            try:
                change = moved(knobs, typed)
            except Unreadable as problem:
                self.say(heard(str(problem)))
                continue
            values |= change
            now = [line for figure in figures for line in _drawn(figure, values)]
            self.say(
                heard(", ".join(f"{knobs[name].label} = {knobs[name].told(v)}" for name, v in change.items()))
                + "."
            )
            self._say_all([line for line in now if line not in drawn] or ["Nothing else changes."])
            drawn = set(now)
        return self._turn(session)

    def _watch(self, run: Run) -> None:
        self._say_all(wrapped(run.prompt))
        told, third, last = set[str](), -1, list[str]()
        for frame in run.frames(int(self.clock().us)):
            if frame is None or (frame.done < 1 and int(frame.done * 3) <= third):
                continue
            third = int(frame.done * 3)
            if frame.says not in told:
                last = [*wrapped(f"{frame.done:.0%} done. {frame.says}")]
                self._say_all(last)
            told.add(frame.says)
            if frame.done >= 1:
                shown = [line for block in frame.show for line in lines(block, told)]
                self._say_all(shown)
                last += shown
        self._line("Enter to go on: ", lambda: self._say_all(last))

    # Pages that ask ----------------------------------------------------------------------

    def _answer(self, session: Session, page: Page, place: tuple[int, int]) -> Session:
        began = ticks()
        while True:
            try:
                session, outcome = self._tried(session, page, place, began)
            except StoreError:
                raise
            except DropsError as problem:
                self.say(heard(str(problem)))
                continue
            break
        self._tell(page, outcome)
        self._repair(outcome)
        self._line("Enter to go on: ", lambda: self._tell(page, outcome))
        return self._turn(session)

    def _tried(
        self, session: Session, page: Page, place: tuple[int, int], began: float
    ) -> tuple[Session, Outcome]:
        """One try at the question: an answer, or giving it up. Raises DropsError; then nothing is stored."""
        try:
            text = self._typed(page, place)
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
                why = str(problem)
                self.say(why)
            try:
                self._line("Enter to try again: ", partial(self.say, why))
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
            self._line("Enter to try again: ", partial(self.say, why))

    def _typed(self, page: Page, place: tuple[int, int]) -> str:
        """What answers the page, in the form that `answers.read` reads. Raises _Shown, Stopped."""
        assert page.ask is not None
        asked = page.ask
        self._question(asked)

        def line(prompt: str, how: str = "") -> str:
            return self._line(prompt, again, gives_away=not isinstance(asked, Design), how=how)

        def again() -> None:
            self._show(page, place)
            self._question(asked)

        match asked:
            case Numbers():
                return self._numbers(asked, line)
            case Choice(options=options):
                example = f", all that apply, for example {digit(0)}, {digit(2)}" if asked.many else ""
                prompt = f"Your choice, {digit(0)} to {digit(len(options) - 1)}{example}: "
                return (
                    self._gauged(asked, prompt, line) if asked.gauges else self._checked(asked, prompt, line)
                )
            case Order(pieces=pieces):
                example = " ".join(digit(i) for i in reversed(range(len(pieces))))
                return self._checked(asked, f"The order of all {len(pieces)}, for example {example}: ", line)
            case Knobs(knobs=knobs):
                return self._checked(asked, f"{'; '.join(knob.label for knob in knobs)} = ", line)
            case Design():
                return self._design(asked, line)
            case Run():
                raise AssertionError("a page without a question is left by turning")
            case _:
                assert_never(asked)

    def _question(self, ask: Ask) -> None:
        """The question itself, and what can be answered."""
        if ask.prompt:
            self.say("")
            self._say_all(wrapped(plain_markdown(ask.prompt)))
        match ask:
            case Numbers(sheet=Sheet() as sheet):
                self._say_all(lines(sheet))
            case Choice(options=options, gauges=gauges):
                self._say_all(numbered([option.text for option in options]))
                if gauges:
                    self._say_all(wrapped(f"At most {ask.openings} gauges may be opened first, as open 1:"))
                    self._say_all(numbered([gauge.label for gauge in gauges]))
            case Order(pieces=pieces):
                self._say_all(numbered([*pieces]))
            case Knobs(knobs=knobs):
                self._say_all(
                    wrapped(
                        "; ".join(f"{k.label} goes from {number(k.low)} to {number(k.high)}" for k in knobs)
                        + "."
                    )
                )
            case _:
                pass

    def _checked(
        self, ask: Ask, prompt: str, line: Callable[[str], str], but: re.Pattern[str] | None = None
    ) -> str:
        """A line that can be read as an answer, or is like `but`; asked again until it can."""
        while True:
            typed = line(prompt)
            if but and but.fullmatch(typed):
                return typed
            try:
                read(ask, typed)
            except Unreadable as problem:
                self.say(heard(str(problem)))
                continue
            return typed

    def _gauged(self, ask: Choice, prompt: str, line: Callable[[str], str]) -> str:
        """An answer with the gauges that were opened before it."""
        opened: list[str] = []
        while True:
            typed = self._checked(ask, prompt, line, but=OPEN)
            if not (wish := OPEN.fullmatch(typed)):
                return f"{typed}; {' '.join(opened)}" if opened else typed
            gauge = next((g for i, g in enumerate(ask.gauges) if digit(i) == wish[1]), None)
            if gauge is None:
                self.say(f"There is no gauge {wish[1]}: open 1 to open {len(ask.gauges)}.")
                continue
            if wish[1] not in opened and len(opened) == ask.openings:
                self.say(f"{ask.openings} gauges are open. Name the cause.")
                continue
            opened += [] if wish[1] in opened else [wish[1]]
            self.say(f"{gauge.label}.")
            self._say_all([said for block in gauge.read() for said in lines(block)])

    def _numbers(self, ask: Numbers, line: Callable[[str, str], str]) -> str:
        formulas = (ask.sheet.formulas if ask.sheet else None) or {}
        given: list[str] = []
        while len(given) < len(ask.fields):
            asked = ask.fields[len(given)]
            of = f" ({len(given) + 1} of {len(ask.fields)})" if len(ask.fields) > 1 else ""
            formula = formulas.get(asked.name, "")
            typed = line(f"{asked.label}{of} = ", f"{asked.label} = {formula}" if formula else "")
            if typed.lower() == "back":
                given = given[:-1]
                continue
            try:
                read_field(asked, typed)
            except Unreadable as problem:
                self.say(heard(str(problem)))
                continue
            given.append(typed.replace(";", " "))
        return "; ".join(given)

    def _design(self, ask: Design, line: Callable[[str], str]) -> str:
        given = []
        for asked in ask.fields:
            values = [value for value, _ in asked.options]
            if values:
                self.say(heard(f"{asked.label}:"))
                self._say_all(numbered([v if v == label else f"{v}: {label}" for v, label in asked.options]))
            example = values[0] if values else asked.example
            while True:
                typed = line(f"{asked.label}, for example {example}: ") or asked.start
                signs = {digit(i): value for i, value in enumerate(values)}
                typed = typed if typed in values else signs.get(typed, typed)
                if typed and (not values or typed in values):
                    break
                self.say(f"one of these, please: {', '.join(values) or example}")
            given.append(f"{asked.name}={typed}")
        return "; ".join(given)

    def _confidence(self) -> str:
        names = ", ".join(f"{n} {name}" for n, name in enumerate(CONFIDENCE, start=1))
        question = f"How sure are you? {names}: "
        while True:
            typed = self._line(question, lambda: None)
            if typed in ("1", "2", "3"):
                return CONFIDENCE[int(typed) - 1]
            self.say("1, 2 or 3, please")

    def _line(
        self, prompt: str, again: Callable[[], None], *, gives_away: bool = False, how: str = ""
    ) -> str:
        """One typed line; the words of WORDS are dealt with here. Raises Stopped, and _Shown where a
        question can be given up."""
        while True:
            typed = self.ask(heard(prompt)).strip()
            match typed.lower():
                case "quit" | "q":
                    raise Stopped
                case "help" | "?":
                    self._say_all(f"{word}: {does}." for word, does in WORDS.items())
                case "again":
                    again()
                case "links":
                    self._follow()
                case "show" if gives_away:
                    raise _Shown
                case "how" if how:
                    self.say(heard(how))
                case "show":
                    self.say("There is nothing to give away here.")
                case "how":
                    self.say("No formula is given here.")
                case _:
                    return typed

    def _follow(self) -> None:
        """What the page refers to: a name, and what stands behind it."""
        found = self._front.links if self._front else ()
        for link in found:
            name, says = self.study.library.linked(link)
            self._say_all(wrapped(f"{name}: {plain_markdown(says)}"))
        if not found:
            self.say("This page refers to nothing.")

    # What became of the answer -------------------------------------------------------------

    def _tell(self, page: Page, outcome: Outcome) -> None:
        """What became of the answer: the word first, then why, then when it comes back."""
        if outcome.hidden:
            self.say("Noted. You will see.")
            return
        self._say_all(verdict_lines(page, outcome))
        if outcome.reason:
            self.say(f"{outcome.reason}.")
        if outcome.due:
            self.say(f"It comes back on {weekday(outcome.due)}.")
        if outcome.returns:
            self.say("It comes back at the end of this session.")

    def _repair(self, outcome: Outcome) -> None:
        """One small question about what went wrong; nothing is stored, and Enter passes it by."""
        asked = outcome.verdict.repair
        if asked is None or not outcome.verdict.misconceptions:
            return
        try:
            typed = self._line(f"Try one: {asked.question} = ", lambda: None)
            good = bool(typed) and self.study.repair(outcome, typed)
        except Unreadable:
            good = False
        self.say("Right." if good else heard(f"It is {number(asked.answer)}."))


class _Shown(Exception):
    """The learner asked to see the answer."""


def title(page: Page, at: int, of: int) -> str:
    """Where the learner is, in one line: "Page 2 of 4: Two steps, line by line. 6 min left." """
    place = PLACES.get(page.part, "")
    head, _, name = page.heading.partition(" · ")
    if page.part == "read":
        name = head
    elif not place or head == "Worked example":
        place, name = "", page.heading.replace(" · ", ": ")
    where = f"{place} {at} of {of}" if place and of > 1 else place.partition(",")[0]
    said = ": ".join(filter(None, (where, name)))
    left = f" {page.minutes_left:.0f} min left." if page.minutes_left >= 1 else ""
    return f"{_ended(said)}{left}"


def _ended(sentence: str) -> str:
    """The sentence with its full stop."""
    return sentence if sentence.endswith(("?", "!", ".")) else f"{sentence}."


def verdict_lines(page: Page, outcome: Outcome) -> Iterator[str]:
    """The verdict in words: the whole, each field, the misconception, the line."""
    verdict = outcome.verdict
    yield from wrapped(_first_word(page, outcome))
    if isinstance(page.ask, Choice) and verdict.options:
        for i, feedback in enumerate(verdict.options):
            yield from wrapped(f"{digit(i)}) {feedback}")
    else:
        for one in verdict.fields:
            yield from wrapped(f"  {one.label} = {number(one.typed)}: {STANDINGS.get(one.standing, 'wrong')}")
        yield from wrapped(verdict.feedback)
    for name in outcome.confirmed:
        yield from wrapped(f"Seen a second time now: {name}.")
    if not (verdict.right or isinstance(page.ask, Choice) or verdict.line in verdict.feedback):
        line = verdict.line.replace(" → ", ", then ") if isinstance(page.ask, Order) else verdict.line
        yield from wrapped(line)


STANDINGS: Mapping[str, str] = {"right": "right", "follows": "follows from your own number"}


def _first_word(page: Page, outcome: Outcome) -> str:
    """The verdict in words; to who asked to be shown, the answer and no verdict."""
    verdict = outcome.verdict
    if outcome.revealed:
        return f"The answer: {_named(page, verdict.wanted)}"
    if verdict.right:
        return "Right."
    if isinstance(page.ask, Choice) and verdict.options:
        return f"Not this. Right is {_named(page, verdict.wanted)}."
    return f"Not yet: {verdict.title}." if verdict.title else "Not yet."


def _named(page: Page, wanted: str) -> str:
    """The wanted answer with its words: "option 3: the bias"."""
    match page.ask:
        case Choice(options=options):
            right = [f"option {digit(i)}: {plain_markdown(o.text)}" for i, o in enumerate(options) if o.right]
            return "; ".join(right)
        case Numbers(fields=fields) if len(fields) > 1:
            values = wanted.split("; ")
            return "; ".join(f"{one.label} = {value}" for one, value in zip(fields, values, strict=True))
        case _:
            return wanted


# Figures that move -------------------------------------------------------------------------


def _knobs(page: Page) -> dict[str, Knob]:
    return {knob.name: knob for block in page.show if isinstance(block, Figure) for knob in block.knobs}


def _drawn(figure: Figure, values: Mapping[str, float]) -> list[str]:
    """The lines of a figure at a setting."""
    told: set[str] = set()
    blocks = figure.draw({knob.name: values[knob.name] for knob in figure.knobs})
    return [line for block in blocks for line in lines(block, told)]


def _movable(knobs: Mapping[str, Knob]) -> str:
    """What of a figure can be moved, and how far; equal ranges are told once."""
    names: dict[str, list[str]] = {}
    for name, knob in knobs.items():
        reach = f"from {number(knob.low)} to {number(knob.high)}"
        names.setdefault(f"to {_listed(knob.settings, 'or')}" if knob.settings else reach, []).append(name)
    return f"You can move {'; '.join(f'{_listed(some)} {reach}' for reach, some in names.items())}."


def _listed(names: Sequence[str], last: str = "and") -> str:
    """ "w1, w2 and b"."""
    return f" {last} ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _example(knobs: Mapping[str, Knob]) -> str:
    """A setting that a figure is not at: "w1=−1.5"."""
    name, knob = next(iter(knobs.items()))
    to = knob.start + knob.step if knob.start + knob.step <= knob.high else knob.start - knob.step
    return f"{name}={knob.told(to)}"


def moved(knobs: Mapping[str, Knob], typed: str) -> dict[str, float]:
    """A knob's setting typed as name=value, kept within what the knob can do. Raises Unreadable."""
    name, equals, value = (part.strip() for part in typed.partition("="))
    if not equals or name not in knobs:
        raise Unreadable(f"“{safe_text(typed)[:40]}” moves nothing; Enter goes on", _example(knobs))
    knob = knobs[name]
    settings = [heard(setting) for setting in knob.settings]  # W₁ is told, and may be typed, as W1
    if heard(value) in settings:
        return {name: knob.low + knob.step * settings.index(heard(value))}
    return {
        name: min(knob.high, max(knob.low, read_number(value, example=_example(knobs).partition("=")[2])))
    }
