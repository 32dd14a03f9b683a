"""A content file as lines: what every reader of it shares.

Reads a file within limits, takes out what could steer a terminal, and splits it into
headings, prose and our own fences, each with its line.
"""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from drops.course.model import Place
from drops.course.table import TomlTable, plain, refusal
from drops.course.words import clean, nearest
from drops.errors import ContentError

MOST_BYTES = 1_000_000
LONGEST_LINE = 4_000
# In one paragraph. Markdown looks for the end of each from its beginning: thousands take minutes.
DEEPEST_BRACKETS = 20
MOST_ANGLES = 50

OUR_FENCES = ("figure", "exercise", "expect", "draw", "click", "turn")
VARIANT = "#### Or:"  # another face of a question

_FENCE = re.compile(r"(`{3,}|~{3,})([^`]*)$")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

# ── parts of a file ───────────────────────────────────────────────────────────────────────


class Heading(NamedTuple):
    level: int  # 2 or 3; 4 for another face of a question
    text: str
    line: int


class Prose(NamedTuple):
    lines: tuple[str, ...]
    line: int  # of its first line


class Fence(NamedTuple):
    word: str  # figure, exercise, expect, draw
    info: str  # what stands after the word: a kind's or a figure's name
    body: tuple[str, ...]
    line: int  # of the opening ```; the body starts on the next


Part = Heading | Prose | Fence


class Source:
    """The text of one file, cleaned, by lines."""

    def __init__(self, file: str, text: str, hidden: tuple[int, ...] = ()) -> None:
        self.file = file  # relative to the library folder's parent
        self.text = text
        self.hidden = hidden  # lines that held control or hidden characters, now gone

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def place(self, line: int) -> Place:
        return Place(self.file, line)

    def error(self, line: int, what: str, remedy: str) -> ContentError:
        return refusal(self.file, line, what, remedy)

    @cached_property
    def body_line(self) -> int:
        """The line after the closing `+++`. Raises ContentError."""
        if self.lines[0].rstrip() != "+++":
            raise self.error(1, "no front matter", "start the file with a line +++, TOML, and a line +++")
        for index, line in enumerate(self.lines[1:], 2):
            if line.rstrip() == "+++":
                return index + 1
        raise self.error(1, "the front matter has no end", "close it with a line +++")

    # Read anew each time: a table kept here, which knows this source, would never be let go of, since
    # nobody looks for garbage before the first paint.

    @property
    def front(self) -> TomlTable:
        """The front matter but for its claims. Raises ContentError."""
        return self.toml(self.lines[1 : self._claims_line - 1], 2, "the front matter")

    @property
    def claims(self) -> TomlTable:
        """The `[[claims]]` that end the front matter: many, and only the check asks for them.

        Raises ContentError.
        """
        first = self._claims_line
        return self.toml(self.lines[first - 1 : self.body_line - 2], first, "the list of claims")

    @cached_property
    def _claims_line(self) -> int:
        """The first line of the claims; without any the closing `+++`."""
        end = self.body_line - 1
        heads = (n for n, line in enumerate(self.lines[: end - 1], 1) if line.startswith("[[claims]]"))
        return next(heads, end)

    def toml(self, body: Iterable[str], line: int, name: str) -> TomlTable:
        """The TOML in `body`, whose first line is `line`. Raises ContentError."""
        lines = list(body)
        try:
            data = plain(tomllib.loads("\n".join(lines)))
        except RecursionError:
            raise self.error(line, f"{name} is nested too deeply", "write it flatter") from None
        except ValueError as problem:
            found = _TOML_PLACE.search(str(problem))
            at = int(found[1]) if found and found[1] else max(len(lines), 1) if found else 1
            why = _TOML_PLACE.sub("", str(problem))
            remedy = (
                "correct this line" if found else f"correct it between here and line {line + len(lines) - 1}"
            )
            raise self.error(line + at - 1, f"{name} is not plain TOML: {why}", remedy) from None
        return TomlTable(self.file, data, line, name, tuple(lines))

    def parts(self) -> list[Part]:
        """The body as headings, prose and our fences, in order. Raises ContentError.

        Headings and fences count where they start a line; what stands within any other
        fence is prose, `##` or not.
        """
        lines, index, found = self.lines, self.body_line - 1, list[Part]()
        start = index

        def flush(end: int) -> None:
            first = next((n for n in range(start, end) if lines[n].strip()), end)
            if first < end:
                found.append(Prose(tuple(lines[first:end]), first + 1))

        while index < len(lines):
            line = lines[index]
            if line.startswith(("## ", "### ", VARIANT)):
                flush(index)
                level = line.index(" ")
                text = line[len(VARIANT) if level == 4 else level :]
                found.append(Heading(level, _unclosed(text.strip()), index + 1))
                start = index + 1
            elif line.startswith(("```", "~~~")) and (fence := _FENCE.match(line)):
                end = self._closing(index, fence[1])
                word, _, info = fence[2].strip().partition(" ")
                self._misspelt(word, index + 1)
                if word in OUR_FENCES:
                    flush(index)
                    found.append(Fence(word, info.strip(), tuple(lines[index + 1 : end]), index + 1))
                    start = end + 1
                index = end
            index += 1
        flush(len(lines))
        return found

    def _closing(self, opening: int, ticks: str) -> int:
        for index in range(opening + 1, len(self.lines)):
            line = self.lines[index].rstrip()
            if not line.startswith(ticks):
                continue
            if not line.strip(ticks[0]):
                return index
            if line.lstrip(ticks[0]).split()[0] in OUR_FENCES:
                break  # the next fence: the closing line was forgotten
        remedy = f"end it with a line {ticks}"
        raise self.error(opening + 1, "this fence is never closed", remedy)

    def _misspelt(self, word: str, line: int) -> None:
        if word and word not in OUR_FENCES and (close := nearest(word, OUR_FENCES, 0.75)):
            raise self.error(line, f'no fence "{word[:60]}"', f'did you mean "{close}"?')


def _unclosed(heading: str) -> str:
    """A heading without the `##` that may close it."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading


def read_source(path: Path, file: str) -> Source:
    """The file at `path`, called `file` in errors. Raises ContentError."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for, a device never ends
            raise ContentError(f"{file}:1", "is no plain file", "put a Markdown file in its place")
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ContentError(f"{file}:1", "the file is larger than 1 MB", "split it")
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise ContentError(f"{file}:{line}", "this is not UTF-8", "save the file as UTF-8") from None
    except FileNotFoundError:
        raise ContentError(f"{file}:1", "no such file", "write it") from None
    except OSError as problem:
        why = problem.strerror or "unreadable"
        raise ContentError(f"{file}:1", f"cannot be read ({why})", "check the file's rights") from None
    return source_of(text, file)


def source_of(text: str, file: str) -> Source:
    """Text that others wrote, made safe and held against the limits. Raises ContentError."""
    cleaned = clean(text)
    hidden: tuple[int, ...] = ()
    if cleaned != (text := text.replace("\r\n", "\n")):
        lines = enumerate(text.split("\n"), 1)
        hidden = tuple(number for number, line in lines if clean(line) != line)
    source = Source(file, cleaned, hidden)
    lengths = list(map(len, source.lines))
    if max(lengths) > LONGEST_LINE:
        number = next(n for n, length in enumerate(lengths, 1) if length > LONGEST_LINE)
        raise source.error(number, f"the line is longer than {LONGEST_LINE:,} characters", "break it")
    _refuse_what_takes_minutes(source)
    return source


def _refuse_what_takes_minutes(source: Source) -> None:
    """Outside of fences and front matter, which Markdown does not look into. Raises ContentError."""
    fence = "+++" if source.lines[0].rstrip() == "+++" else ""
    first, depth, angles = 1, 0, 0  # of a paragraph
    for line, text in enumerate(source.lines, 1):
        mark = text[:3]
        if mark in ("```", "~~~", "+++") and fence in ("", mark) and line > 1:
            fence = "" if fence else mark
        if fence or not text.strip():
            first, depth, angles = line + 1, 0, 0
            continue
        angles += text.count("<")
        if "[" in text or depth:
            deepest, depth = _deepest(text, depth)
            if deepest > DEEPEST_BRACKETS:
                what = f"a paragraph with more than {DEEPEST_BRACKETS} open ["
                raise source.error(first, what, "close them, or split it")
        if angles > MOST_ANGLES:
            raise source.error(first, f"a paragraph with more than {MOST_ANGLES} <", "split it")


def _deepest(text: str, depth: int) -> tuple[int, int]:
    """How many brackets are open at most, and at the end, when `depth` are before."""
    deepest = depth
    for sign in text:
        if sign == "[":
            depth += 1
            if depth > deepest:  # noqa: PLR1730  max() takes three times as long, and every line waits for it
                deepest = depth
        elif sign == "]" and depth:
            depth -= 1
    return deepest, depth
