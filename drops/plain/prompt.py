"""A terminal of lines, and the words that work at every prompt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from drops.errors import DropsError
from drops.plain.spoken import heard, said_of
from drops.study.own.hands import ACTS
from drops.text import safe_text

HELP = "Enter goes on. Type help at any prompt to hear the words that work there."
_LESSON = re.compile(r"lesson(?: +([0-9]{1,3}))?", re.IGNORECASE)


class Stopped(Exception):
    """The learner wants to stop; everything answered is stored."""


class Shown(Exception):
    """The learner asked to see the answer."""


class Moved(Exception):
    """What is in the learner's hands was done, and another page is in front, or this one anew."""


class Around(Protocol):
    """What stands in front of every prompt."""

    def links(self) -> Iterable[str]:
        """What the page refers to, as lines; nothing where it refers to nothing."""

    def lesson(self, at: int) -> Iterable[str]:
        """Page `at` of the drop's lesson as lines, of 0 the one that taught what is in front; nothing where
        no drop is in front. Raises DropsError where there is no such page."""

    def acts(self) -> Mapping[str, str]:
        """What of ACTS can be done here, and what it does."""

    def open_lab(self, *, gives_away: bool) -> None:
        """The Lab; with the net of the page, where that gives nothing away that is asked."""

    def code(self) -> str:
        """The page as a program; "" where there is none, or not yet."""

    def act(self, name: str, what: str) -> None:
        """Does it, and says what was done. Raises DropsError, and Moved where it changes the page."""


@dataclass(frozen=True)
class Here:
    """What one prompt has beside the words of all."""

    again: Callable[[], None]  # tells once more what stands before it
    enter: str = ""  # what Enter alone does; "": nothing
    gives_away: bool = False  # whether something is asked that the answer, or a net, would give away
    gives_up: bool = False  # whether the answer is there for who asks for it
    how: str = ""  # the formula of the number that is asked
    more: Mapping[str, str] = field(default_factory=dict)  # words that are the asker's to read


@dataclass
class Talk:
    """`ask` prints a prompt and returns a line; it raises EOFError at the end of the input."""

    ask: Callable[[str], str]
    say: Callable[[str], None]
    front: Around

    def say_all(self, text: Iterable[str]) -> None:
        for line in text:
            self.say(line)

    def line(self, prompt: str, here: Here) -> str:
        """One typed line; the words that `help` tells are dealt with here, save those of `here.more`.

        Raises Stopped, Moved, and Shown where a question can be given up.
        """
        while True:
            typed = safe_text(self.ask(heard(prompt))).strip()  # an arrow key is nothing typed here
            match typed.lower():
                case "quit" | "q":
                    raise Stopped
                case "help" | "?":
                    self.say_all(f"{word}: {does}." for word, does in self.words(here))
                case "again":
                    here.again()
                case "lab":
                    self.front.open_lab(gives_away=here.gives_away)
                    here.again()
                case "links" | "terms":
                    self.say_all(self.front.links() or ["This page refers to nothing."])
                case _ if page := _LESSON.fullmatch(typed):
                    self._tell_lesson(int(page[1] or 0))
                case "code":
                    self._tell_code()
                case "show" if here.gives_away:
                    raise Shown
                case "how" if here.how:
                    self.say(heard(here.how))
                case "show":
                    self.say("There is nothing to give away here.")
                case "how":
                    self.say("No formula is given here.")
                case _ if found := _act_in(typed):
                    self._act(*found)
                case _:
                    return typed

    def words(self, here: Here) -> Iterator[tuple[str, str]]:
        """The words that do something at this prompt."""
        if here.enter:
            yield "Enter", here.enter
        yield "again", "hear this page once more"
        net = "" if here.gives_away else ", with the net of this page if it has one"
        yield "lab", f"the Lab{net}; quit comes back here"
        if self.front.links():
            yield "links", "the terms and drops that this page refers to, each in a few words"
        if self.front.lesson(0):
            yield "lesson", "the page of the lesson that taught this; lesson 1 is its first page"
        if self.front.code():
            yield "code", "what this page works out, as a program in numpy"
        if here.how:
            yield "how", "the formula of the number that is asked"
        yield from here.more.items()
        if here.gives_up:
            yield "show", "give up: the answer, and the way to it"
        yield from self.front.acts().items()
        yield "quit", "stop for now"
        yield "help", "these words"

    def _tell_lesson(self, at: int) -> None:
        try:
            self.say_all(self.front.lesson(at) or ["No lesson belongs to this page."])
        except DropsError as problem:
            self.say(said_of(problem))

    def _tell_code(self) -> None:
        """The program as it is, its signs too: it is to be copied."""
        text = self.front.code()
        self.say_all(text.splitlines() or ["There is no program of this page, or none before the answer."])

    def _act(self, name: str, what: str) -> None:
        try:
            self.front.act(name, what)
        except DropsError as problem:
            self.say(said_of(problem))


def _act_in(typed: str) -> tuple[str, str] | None:
    """The act that a line names, and what it is to be done with: "set aside 1/by-hand". As a command it is
    read too."""
    for name in ACTS:
        pattern = rf"(?:drops +)?{name.replace(' ', '[ -]+')}(?: +(.+))?"
        if found := re.fullmatch(pattern, typed, re.IGNORECASE):
            return name, found[1] or ""
    return None
