"""Everything that can go wrong for a learner, drawn once.

    DropsError                    one line on stderr, exit 1
    ├── Unknown                   a name nobody knows, with the nearest known one
    │   └── OutOfRange            a number that a path's drops do not go up to
    ├── Unreadable                an answer that is no answer: ask again, store nothing
    ├── ContentError              a file, a line, what is wrong and what to do
    ├── NoDraw                    an exercise found no fair numbers (a fault of its parameters)
    └── StoreError                the progress file; every failure of the disk ends in one of these
        ├── NotSaved              this one answer could not be written; earlier ones are safe
        ├── ReadOnly              the file can be read but not written
        ├── Locked                another drops is writing
        ├── Foreign               not a progress file, or not of this program: untouched
        ├── Another               another learner's history: nothing was imported
        ├── Newer                 written by a later drops: untouched
        ├── Damaged               bytes are not what was written
        └── NoHome                the folder is missing, forbidden, or not a folder

    Ended                         somebody or something outside ended the program: one line and a report

The message is the whole line a learner reads: the thing, the place, the next step.
The evidence is kept as attributes, so that a face never has to take a message apart.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

from drops.text import safe_text

LONGEST_WORD = 400  # characters of a name that are said again; a longer one is no file's
_TOO_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def one_line(text: str) -> str:
    """A text that others may have chosen, as a line that is safe to show and no longer than it says much."""
    line = " ".join(safe_text(text).split("\n"))
    return _TOO_LONG.sub(lambda word: f"{word[0][:LONGEST_WORD]}…", line)


class DropsError(Exception):
    """A failure with one line for the learner; `exit_status` is what the shell gets.

    The line may name a file, a folder or a word that others chose: it is made safe here, once.
    """

    exit_status = 1

    def __init__(self, line: str) -> None:
        super().__init__(one_line(line))


class Ended(BaseException):
    """The program ends, and not by an error of its own; the shell gets 1, as for every unexpected end.

    No Exception, so that no handler of errors takes it for one of its own.
    """

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)

    @classmethod
    def by_signal(cls, number: int) -> Ended:
        """Of what a signal asks for."""
        return cls(f"it was sent {signal.Signals(number).name}")


class Unknown(DropsError):
    """No `what` is called `name`; `nearest` is the best guess at what was meant, if any."""

    def __init__(self, what: str, name: str, known: Iterable[str], *, meant: str | None = None) -> None:
        self.what, self.name, self.known, self.meant = what, name, tuple(known), meant
        super().__init__(f'no {what} "{name[:60]}"')

    @cached_property
    def nearest(self) -> str | None:
        """Sought when it is told, and only then: a history has thousands of items of lessons long gone."""
        if self.meant is not None:
            return self.meant
        from difflib import get_close_matches  # late: nobody misspells anything at most starts

        return next(iter(get_close_matches(self.name, self.known, n=1, cutoff=0.5)), None)

    def __str__(self) -> str:
        known = ", ".join(self.known[:20]) or "none yet"
        hint = f'did you mean "{self.nearest}"?' if self.nearest else f"known: {known}"
        return f"{super().__str__()}; {one_line(hint)}"


class OutOfRange(Unknown):
    """No drop has this number; `path` is the id of the path that was meant, "" where there is only one."""

    def __init__(self, number: str, numbers: Sequence[int], path: str = "") -> None:
        super().__init__("drop", number, map(str, numbers))
        where, shown = (f" in {path}", f"drops path {path}") if path else ("", "drops path")
        go = f"they go from {min(numbers)} to {max(numbers)}" if numbers else "the path has none yet"
        self.args = (safe_text(f"no drop {number}{where}: {go}; `{shown}` lists them"),)

    def __str__(self) -> str:
        return str(self.args[0])


class Unreadable(DropsError):
    """Typed text that is not an answer to what was asked; `example` is one that would be."""

    def __init__(self, why: str, example: str) -> None:
        self.why, self.example = why, example
        super().__init__(f"{why}; for example {example}")


class ContentError(DropsError):
    """A mistake in a course: `place` is `file:line`, `remedy` what its author should do."""

    def __init__(self, place: str, what: str, remedy: str) -> None:
        self.place, self.what, self.remedy = place, what, remedy
        super().__init__(f"{place}: {what}; {remedy}")


class NoDraw(DropsError):
    """An exercise kind drew `tries` candidates and none was fair."""

    def __init__(self, kind: str, tries: int, alike: tuple[str, ...]) -> None:
        self.kind, self.tries, self.alike = kind, tries, alike
        why = f": {' and '.join(alike)} look alike" if alike else ""
        remedy = "ask for other fields, or loosen its parameters"
        super().__init__(f'exercise "{kind}" found no fair numbers in {tries} draws{why}; {remedy}')


class StoreError(DropsError):
    """Something about the progress file at `path`."""

    def __init__(self, line: str, path: Path | None = None) -> None:
        self.path = path
        super().__init__(line)


class NotSaved(StoreError):
    """The last answer was not written; it can be tried again. `unsure` where the line to a server broke, so
    that it may have been written all the same."""

    unsure = False


class ReadOnly(StoreError):
    """The progress file cannot be written to; the app may still be browsed."""


class Locked(StoreError):
    """Another process holds the writer's lock; this one reads only."""


class Foreign(StoreError):
    """Not a progress file of drops; refused before a byte is written."""


class Another(StoreError):
    """Another learner's history, which is not merged unasked."""


class Newer(StoreError):
    """A progress file with a schema from a later version; refused untouched."""


class Damaged(StoreError):
    """The bytes on disk are not the bytes that were written."""


class NoHome(StoreError):
    """The home folder cannot be used."""
