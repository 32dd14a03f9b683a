"""A terminal of lines, and the words that work at every prompt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from drops.plain.spoken import heard

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


class Stopped(Exception):
    """The learner wants to stop; everything answered is stored."""


class Shown(Exception):
    """The learner asked to see the answer."""


@dataclass
class Talk:
    """`ask` prints a prompt and returns a line; it raises EOFError at the end of the input."""

    ask: Callable[[str], str]
    say: Callable[[str], None]
    links: Callable[[], Iterable[str]]  # what the page in front refers to, as lines

    def say_all(self, text: Iterable[str]) -> None:
        for line in text:
            self.say(line)

    def line(self, prompt: str, again: Callable[[], None], *, gives_away: bool = False, how: str = "") -> str:
        """One typed line; the words of WORDS are dealt with here. Raises Stopped, and Shown where a
        question can be given up."""
        while True:
            typed = self.ask(heard(prompt)).strip()
            match typed.lower():
                case "quit" | "q":
                    raise Stopped
                case "help" | "?":
                    self.say_all(f"{word}: {does}." for word, does in WORDS.items())
                case "again":
                    again()
                case "links" | "terms":
                    self.say_all(self.links())
                case "show" if gives_away:
                    raise Shown
                case "how" if how:
                    self.say(heard(how))
                case "show":
                    self.say("There is nothing to give away here.")
                case "how":
                    self.say("No formula is given here.")
                case _:
                    return typed
