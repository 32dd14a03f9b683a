"""Each ask put as lines, and answered by typing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import assert_never

from drops.errors import DropsError, Unreadable
from drops.exercises.answers import digit, read, read_field
from drops.exercises.blocks import Ask, Choice, Design, Knobs, Numbers, Order, Run, Sheet
from drops.exercises.pasted import is_number, pasted_numbers
from drops.plain.prompt import Talk
from drops.plain.spoken import heard, lines, numbered, plain_markdown, wrapped
from drops.study.pages import CONFIDENCE
from drops.text import number

OPEN = re.compile(r"open +(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Asking:
    """Asks until what is typed can be read."""

    talk: Talk
    note_gauge: Callable[[str], None]  # what is told of a gauge as it is opened; raises DropsError

    def typed(self, ask: Ask, again: Callable[[], None], opened: Sequence[str] = ()) -> str:
        """What answers the question, in the form that `answers.read` reads; `again` tells what stands
        before it, and `opened` are the gauges that are. Raises Shown, Stopped."""
        self.question(ask)

        def line(prompt: str, how: str = "") -> str:
            return self.talk.line(prompt, repeat, gives_away=not isinstance(ask, Design), how=how)

        def repeat() -> None:
            again()
            self.question(ask)

        match ask:
            case Numbers():
                return self.numbers(ask, line)
            case Choice(options=options):
                example = f", all that apply, for example {digit(0)}, {digit(2)}" if ask.many else ""
                prompt = f"Your choice, {digit(0)} to {digit(len(options) - 1)}{example}: "
                return (
                    self._gauged(ask, prompt, line, opened)
                    if ask.gauges
                    else self._checked(ask, prompt, line)
                )
            case Order(pieces=pieces):
                example = " ".join(digit(i) for i in reversed(range(len(pieces))))
                return self._checked(ask, f"The order of all {len(pieces)}, for example {example}: ", line)
            case Knobs(knobs=knobs):
                return self._checked(ask, f"{'; '.join(knob.label for knob in knobs)} = ", line)
            case Design():
                return self._design(ask, line)
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
            case Choice(options=options, gauges=gauges):
                self.talk.say_all(numbered([option.text for option in options]))
                if gauges:
                    self.talk.say_all(
                        wrapped(f"At most {ask.openings} gauges may be opened first, as open 1:")
                    )
                    self.talk.say_all(numbered([gauge.label for gauge in gauges]))
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
                self.talk.say(heard(str(problem)))
                continue
            return typed

    def _gauged(self, ask: Choice, prompt: str, line: Callable[[str], str], before: Sequence[str]) -> str:
        """An answer with the gauges that were opened before it."""
        opened: list[str] = []
        for sign in before:
            opened.append(sign)
            self._read_gauge(ask, sign)
        while True:
            typed = self._checked(ask, prompt, line, but=OPEN)
            if not (wish := OPEN.fullmatch(typed)):
                return f"{typed}; {' '.join(opened)}" if opened else typed
            if wish[1] not in map(digit, range(len(ask.gauges))):
                self.talk.say(f"There is no gauge {wish[1]}: open 1 to open {len(ask.gauges)}.")
                continue
            if wish[1] not in opened and len(opened) == ask.openings:
                self.talk.say(f"{ask.openings} gauges are open. Name the cause.")
                continue
            if wish[1] not in opened:
                try:
                    self.note_gauge(wish[1])
                except DropsError as problem:  # not saved: it stays shut
                    self.talk.say(heard(str(problem)))
                    continue
                opened.append(wish[1])
            self._read_gauge(ask, wish[1])

    def _read_gauge(self, ask: Choice, sign: str) -> None:
        gauge = next(gauge for i, gauge in enumerate(ask.gauges) if digit(i) == sign)
        self.talk.say(f"{gauge.label}.")
        self.talk.say_all([said for block in gauge.read() for said in lines(block)])

    def numbers(self, ask: Numbers, line: Callable[[str, str], str]) -> str:
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
            found = pasted_numbers(typed)
            several = found if len(found) > 1 and all(map(is_number, found)) else [typed]
            room = len(ask.fields) - len(given)
            try:
                if len(several) > room:
                    raise Unreadable(f"{len(several)} numbers came, {room} to go", asked.example)
                for field, one in zip(ask.fields[len(given) :], several, strict=False):
                    read_field(field, one)
            except Unreadable as problem:
                self.talk.say(heard(str(problem)))
                continue
            given += [one.replace(";", " ") for one in several]
        return "; ".join(given)

    def _design(self, ask: Design, line: Callable[[str], str]) -> str:
        given = []
        for asked in ask.fields:
            values = [value for value, _ in asked.options]
            if values:
                self.talk.say(heard(f"{asked.label}:"))
                self.talk.say_all(
                    numbered([v if v == label else f"{v}: {label}" for v, label in asked.options])
                )
            example = values[0] if values else asked.example
            while True:
                typed = line(f"{asked.label}, for example {example}: ") or asked.start
                signs = {digit(i): value for i, value in enumerate(values)}
                typed = typed if typed in values else signs.get(typed, typed)
                if typed and (not values or typed in values):
                    break
                self.talk.say(f"one of these, please: {', '.join(values) or example}")
            given.append(f"{asked.name}={typed}")
        return "; ".join(given)

    def confidence(self) -> str:
        names = ", ".join(f"{n} {name}" for n, name in enumerate(CONFIDENCE, start=1))
        question = f"How sure are you? {names}: "
        while True:
            typed = self.talk.line(question, lambda: None)
            if typed in ("1", "2", "3"):
                return CONFIDENCE[int(typed) - 1]
            self.talk.say("1, 2 or 3, please")
