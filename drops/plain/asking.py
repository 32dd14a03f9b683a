"""Each ask put as lines, and answered by typing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from drops.errors import DropsError, Unreadable
from drops.exercises.answers import LONGEST, digit, order_example, read, read_field, shown
from drops.exercises.blocks import (
    Ask,
    Case,
    Choice,
    Design,
    DesignField,
    Field,
    Gauge,
    Knobs,
    Numbers,
    Order,
    Run,
    Sheet,
)
from drops.exercises.pasted import is_number, pasted_numbers
from drops.plain.prompt import Here, Talk
from drops.plain.spoken import heard, lines, numbered, plain_markdown, said_of, wrapped
from drops.study.pages import CONFIDENCE
from drops.text import number, safe_text, stated

NOTHING = "nothing is typed yet"
CASE_WORDS = "g 2 opens the second, g alone lists them; x 3 strikes cause 3 off; c 3 names it."
_COMMAND = re.compile(r"(g|gauge|open|x|strike|c|cause|name)? *([0-9]*)", re.IGNORECASE)
_COMMANDS = {"gauge": "g", "open": "g", "strike": "x", "cause": "c", "name": "c", "": "c"}
BACK: Mapping[str, str] = {"back": "return to the one before"}


@dataclass(frozen=True)
class CaseSoFar:
    """What was opened and struck off of a case before, by signs."""

    opened: tuple[str, ...] = ()
    struck: tuple[str, ...] = ()


NOTHING_SO_FAR = CaseSoFar()


@dataclass(frozen=True)
class Asker:
    """Asks until what is typed can be read. What was typed of an answer in parts is kept as a draft."""

    talk: Talk
    note_gauge: Callable[[str], None]  # what is told of a gauge as it is opened; raises DropsError
    note_strike: Callable[[str], None]  # and of a cause as it is struck off, or back
    keep: Callable[[str], None]  # what is told of a draft

    def typed(
        self, ask: Ask, again: Callable[[], None], noted: CaseSoFar = NOTHING_SO_FAR, draft: str = "",
        *, gives_up: bool = True,
    ) -> str:  # fmt: skip
        """What answers the question, in the form that `answers.read` reads; `again` tells what stands
        before it, `noted` is what was opened and struck off, `draft` is what was typed before, and
        `gives_up` says whether the answer is there for who asks for it. Raises Shown, Stopped, Moved."""
        self.question(ask)

        def repeat() -> None:
            again()
            self.question(ask)

        here = Here(repeat, gives_away=not isinstance(ask, Design), gives_up=gives_up)
        match ask:
            case Numbers():
                return self.numbers(ask, here, draft)
            case Choice(options=options) if ask.picture is not None:
                return self._checked(ask, f"Which one, for example {heard(options[0].text)}", here, draft)
            case Choice(options=options):
                example = f", all that apply, for example {digit(0)}, {digit(2)}" if ask.many else ""
                prompt = f"Your choice, {digit(0)} to {digit(len(options) - 1)}{example}"
                return self._checked(ask, prompt, here, draft)
            case Case():
                return self._case(ask, here, noted, draft)
            case Order(pieces=pieces):
                prompt = f"The order of all {len(pieces)}, for example {order_example(len(pieces))}"
                return self._checked(ask, prompt, here, draft)
            case Knobs(knobs=knobs):
                return self._checked(ask, "; ".join(knob.label for knob in knobs), here, draft, ends=" = ")
            case Design():
                return self._design(ask, here, draft)
            case Run():
                raise AssertionError("a page without a question is left by turning")
            case _:
                assert_never(ask)

    def question(self, ask: Ask) -> None:
        """The question itself, and what can be answered."""
        if ask.prompt:
            self.talk.say("")
            self.talk.say_all(wrapped(plain_markdown(ask.prompt)))
        match ask:
            case Numbers(sheet=Sheet() as sheet):
                self.talk.say_all(lines(sheet))
            case Choice(options=options, picture=picture) if picture is not None:
                told: set[str] = set()
                self.talk.say_all([said for block in picture(()) for said in lines(block, told)])
                self.talk.say_all(wrapped(f"One of these: {'; '.join(option.text for option in options)}."))
            case Choice(options=options):
                self.talk.say_all(numbered([option.text for option in options]))
            case Case(causes=causes):
                self.talk.say_all(numbered([*causes]))
                may = f"Of {len(ask.gauges)} gauges you may open {ask.openings}."
                self.talk.say_all(wrapped(f"{may} {CASE_WORDS}"))
            case Order(pieces=pieces):
                self.talk.say_all(numbered([*pieces]))
            case Knobs(knobs=knobs):
                self.talk.say_all(
                    wrapped(
                        "; ".join(f"{k.label} goes from {number(k.low)} to {number(k.high)}" for k in knobs)
                        + "."
                    )
                )
            case Numbers() | Design() | Run():
                pass
            case _:
                assert_never(ask)

    def _checked(
        self,
        ask: Ask,
        prompt: str,
        here: Here,
        draft: str = "",
        *,
        ends: str = ": ",
    ) -> str:
        """A line that can be read as an answer; asked again until it can."""
        here, keeps = _keeping(here, draft if _reads(ask, draft) else "")
        while True:
            typed = self.talk.line(f"{prompt}{f', {keeps}' if keeps else ''}{ends}", here)
            if not typed and keeps:
                return draft
            try:
                read(ask, typed)
            except Unreadable as problem:
                self.talk.say(said_of(problem))
                continue
            return typed

    def _case(self, ask: Case, here: Here, noted: CaseSoFar, draft: str) -> str:
        """What is named and tried, after gauges were opened and causes struck off, a line each."""
        here = replace(here, more={
            "g": "hear the gauges", "g 1": "open gauge 1, and so the others",
            "x 1": "strike cause 1 off, or back", "c 1": "name cause 1",
        })  # fmt: skip
        opened, struck = [*noted.opened], set(noted.struck)
        for at, sign in enumerate(opened, 1):
            self._read_gauge(ask, sign, at)
        if struck:
            self.talk.say(f"Struck off: {', '.join(sorted(struck))}.")
        kept = draft.split(maxsplit=1)[0] if _reads(ask, draft) else ""
        while True:
            here, keeps = _keeping(here, kept)
            told = ", ".join(filter(None, ("g gauges", "x 2 strike off", "c 3 name", keeps)))
            typed = self.talk.line(f"{told}: ", here)
            what, sign = _command(f"c {kept}" if kept and not typed else typed)
            if what == "g" and not sign:
                self.talk.say_all(numbered([_of_gauge(gauge) for gauge in ask.gauges]))
            elif what == "g" and (wrong := self._cannot_open(ask, sign, opened)):
                self.talk.say(wrong)
            elif what == "g":
                if sign not in opened and not self._noted(self.note_gauge, sign):
                    continue
                opened += [sign] * (sign not in opened)
                self._read_gauge(ask, sign, opened.index(sign) + 1)
            elif what in ("x", "c") and sign not in map(digit, range(len(ask.causes))):
                which = sign[:LONGEST] or "without a number"
                self.talk.say(f"There is no cause {which}: 1 to {len(ask.causes)}.")
            elif what == "x":
                if self._noted(self.note_strike, sign):
                    struck ^= {sign}
                    self.talk.say(f"{sign} is {'struck off' if sign in struck else 'taken back'}.")
            elif what == "c":
                named = f"{sign}{self._change(ask, here)}"
                return f"{named}; {' '.join(opened)}" if opened else named
            else:
                self.talk.say(f"{shown(typed)} is none of these" if safe_text(typed).strip() else NOTHING)
                self.talk.say_all(wrapped(CASE_WORDS))

    def _cannot_open(self, ask: Case, sign: str, opened: Sequence[str]) -> str:
        """Why a gauge stays shut, or ""."""
        if sign not in map(digit, range(len(ask.gauges))):
            return f"There is no gauge {sign[:LONGEST]}: g 1 to g {len(ask.gauges)}."
        if sign not in opened and len(opened) == ask.openings:
            return f"{ask.openings} gauges are open. Name the cause: c 1 to c {len(ask.causes)}."
        return ""

    def _noted(self, note: Callable[[str], None], sign: str) -> bool:
        """Whether it could be saved; why not, is said."""
        try:
            note(sign)
        except DropsError as problem:
            self.talk.say(said_of(problem))
            return False
        return True

    def _change(self, ask: Case, here: Here) -> str:
        """The change that is to mend it, as the answer has it: " 3"."""
        if not ask.changes:
            return ""
        self.talk.say_all(numbered([*ask.changes]))
        while True:
            asks = f"Which change mends it, 1 to {len(ask.changes)}: "
            typed = self.talk.line(asks, replace(here, more={}, enter=""))
            if typed in map(digit, range(len(ask.changes))):
                return f" {typed}"
            self.talk.say(f"{shown(typed)} is none of 1 to {len(ask.changes)}" if typed else NOTHING)

    def _read_gauge(self, ask: Case, sign: str, at: int) -> None:
        gauge = ask.gauges[int(sign) - 1]
        self.talk.say(f"{gauge.label} ({at} of {ask.openings}).")
        self.talk.say_all([said for block in gauge.read() for said in lines(block)])

    def numbers(self, ask: Numbers, here: Here, draft: str = "") -> str:
        formulas = (ask.sheet.formulas if ask.sheet else None) or {}
        fields, at = ask.fields, 0
        given = [part if _is_read(field, part) else "" for field, part in _parts(ask.fields, draft)]
        while at < len(fields):
            asked = fields[at]
            formula = formulas.get(asked.name, "")
            told = replace(here, how=stated(asked.label, formula) if formula else "", more=BACK if at else {})
            told, keeps = _keeping(told, given[at])
            place = f"{at + 1} of {len(fields)}" if len(fields) > 1 else ""
            beside = ", ".join(filter(None, (place, keeps)))
            typed = self.talk.line(f"{asked.label}{f' ({beside})' if beside else ''} = ", told)
            if typed.lower() == "back":
                at = self._before(at)
                continue
            if not typed and given[at]:
                at += 1
                continue
            found = pasted_numbers(typed)
            several = found if len(found) > 1 and all(map(is_number, found)) else [typed]
            room = len(fields) - at
            try:
                if len(several) > room:
                    raise Unreadable(f"{len(several)} numbers came, {room} to go", asked.example)
                for field, one in zip(fields[at:], several, strict=False):
                    read_field(field, one)
            except Unreadable as problem:
                self.talk.say(said_of(problem))
                continue
            given[at : at + len(several)] = [one.replace(";", " ") for one in several]
            at += len(several)
            if at < len(fields):
                self.keep("; ".join(given))
        return "; ".join(given)

    def _before(self, at: int) -> int:
        """The part before the one at `at`."""
        if not at:
            self.talk.say("Nothing comes before this one.")
        return max(0, at - 1)

    def _design(self, ask: Design, here: Here, draft: str) -> str:
        said = {name: value for name, _, value in (part.strip().partition("=") for part in draft.split(";"))}
        given = [said.get(field.name, "") for field in ask.fields]
        at = 0
        while at < len(ask.fields):
            form = {f.name: one for f, one in zip(ask.fields, given, strict=True) if one}
            typed = self._one_field(ask.fields[at], form, replace(here, more=BACK if at else {}), given[at])
            if typed.lower() == "back":
                at = self._before(at)
                continue
            given[at] = typed
            self._told(ask, form, {**form, ask.fields[at].name: typed})
            at += 1
            if at < len(ask.fields):
                self.keep(
                    "; ".join(f"{f.name}={one}" for f, one in zip(ask.fields, given, strict=True) if one)
                )
        return "; ".join(f"{field.name}={one}" for field, one in zip(ask.fields, given, strict=True))

    def _told(self, ask: Design, before: Mapping[str, str], now: Mapping[str, str]) -> None:
        """What the form describes by now, where that has changed."""
        if ask.told is not None and ask.told(before) != ask.told(now):
            self.talk.say_all(wrapped(heard(f"{ask.told(now)}.")))

    def _one_field(self, asked: DesignField, form: Mapping[str, str], here: Here, given: str) -> str:
        """What is typed into a field of a form: a value that it can have, or "back"."""
        options = asked.offered(form)
        values = [value for value, _ in options]
        named = asked.reasons is None  # a reason is its words; what it is called in the log says nothing
        if values:
            self.talk.say(heard(f"{asked.label}:"))
            told = [f"{v}: {label}" if named and v != label else label for v, label in options]
            self.talk.say_all(numbered(told))
        known = given if given in values or (given and not values) else asked.start
        kept = known if named or not known else digit(values.index(known))
        here, keeps = _keeping(here, kept)
        goes = f"1 to {len(values)}" if values else f"for example {asked.example}"
        while True:
            typed = self.talk.line(f"{asked.label}, {goes}{f', {keeps}' if keeps else ''}: ", here)
            typed = typed.replace(";", ",") or known
            if typed.lower() == "back":
                return typed
            signs = {digit(i): value for i, value in enumerate(values)} | {one.lower(): one for one in values}
            if typed and not values:
                return typed
            if typed.lower() in signs:
                return signs[typed.lower()]
            could = values if named else [digit(i) for i in range(len(values))]
            self.talk.say(f"{shown(typed)} is none of {', '.join(could)}" if typed else NOTHING)

    def confidence(self, again: Callable[[], None]) -> str:
        names = ", ".join(f"{n} {name}" for n, name in enumerate(CONFIDENCE, start=1))
        while True:
            typed = self.talk.line(f"How sure are you? {names}: ", Here(again))
            if typed in ("1", "2", "3"):
                return CONFIDENCE[int(typed) - 1]
            self.talk.say("1, 2 or 3, please")


def _keeping(here: Here, given: str) -> tuple[Here, str]:
    """A prompt at which Enter keeps what was typed before, and how it says so."""
    return (replace(here, enter=f"keep {given}"), f"Enter keeps {given}") if given else (here, "")


def _command(typed: str) -> tuple[str, str]:
    """What is wanted of a case, and of which one: "g 4" → ("g", "4"); a number alone names a cause."""
    found = _COMMAND.fullmatch(typed.strip())
    if not found or not typed.strip() or (len(found[1] or "") > 1 and not found[2]):
        return "", ""
    word = (found[1] or "").lower()
    return _COMMANDS.get(word, word), found[2]


def _reads(ask: Ask, text: str) -> bool:
    try:
        read(ask, text)
    except Unreadable:
        return False
    return True


def _is_read(field: Field, text: str) -> bool:
    try:
        read_field(field, text)
    except Unreadable:
        return False
    return True


def _parts(fields: Sequence[Field], draft: str) -> list[tuple[Field, str]]:
    """Each field with its part of a draft."""
    parts = [part.strip() for part in draft.split(";")]
    return [(field, parts[i] if i < len(parts) else "") for i, field in enumerate(fields)]


def _of_gauge(gauge: Gauge) -> str:
    """A gauge that may be opened, and what it answers."""
    return f"{gauge.label}: {gauge.asks}" if gauge.asks else gauge.label
