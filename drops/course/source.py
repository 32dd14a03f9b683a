"""A content file as lines: what every reader of it shares.

Reads a file within limits, takes out what could steer a terminal, splits it into headings,
prose and our own fences, and takes TOML apart key by key, always knowing the line.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from drops.course.model import Place
from drops.errors import ContentError
from drops.text import safe_text

MOST_BYTES = 1_000_000
MOST_FILES = 500
LONGEST_LINE = 4_000
LARGEST = (
    2**53
)  # beyond it a whole number is no longer a float's; infinity and nan are refused too

OUR_FENCES = ("figure", "exercise", "expect")

_FENCE = re.compile(r"(`{3,}|~{3,})\s*([^`]*)$")
_HEADING = re.compile(r"(#{2,3})\s+(.*?)(?:\s+#+)?\s*$")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_ID = 60  # two of them and a slash fit the 120 characters of an item key


def clean(text: str) -> str:
    """`text` without control and hidden characters, written out or as HTML entities.

    Markdown turns `&#27;` back into an escape, so what a terminal must not see goes here too.
    """
    text = text.replace("\r\n", "\n")
    while True:
        # isprintable is a hundred times faster and true only of text that is safe
        once = text if all(map(str.isprintable, text.split("\n"))) else safe_text(text)
        if "&" in once:
            once = _ENTITY.sub(_safe_entity, once)
        if once == text:
            return once
        text = once


def _safe_entity(match: re.Match[str]) -> str:
    import html

    entity = match.group()
    return entity if safe_text(html.unescape(entity)) else ""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.4) -> str:
    """The known name closest to `name`, or ""."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=cutoff)), "")


def meant(name: str, known: Iterable[str]) -> str:
    """What to do about a name nobody knows."""
    names = list(known)
    close = nearest(name, names)
    return (
        f'did you mean "{close}"?' if close else f"known: {', '.join(names[:20]) or 'none yet'}"
    )


# ── parts of a file ───────────────────────────────────────────────────────────────────────


class Heading(NamedTuple):
    level: int  # 2 or 3
    text: str
    line: int


class Prose(NamedTuple):
    lines: tuple[str, ...]
    line: int  # of its first line


class Fence(NamedTuple):
    word: str  # figure, exercise, expect
    info: str  # what stands after the word: a kind's or a figure's name
    body: tuple[str, ...]
    line: int  # of the opening ```; the body starts on the next


Part = Heading | Prose | Fence


@dataclass(frozen=True)
class Source:
    """The text of one file, cleaned, by lines."""

    file: str  # relative to the library folder's parent
    text: str

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def place(self, line: int) -> Place:
        return Place(self.file, line)

    def error(self, line: int, what: str, remedy: str) -> ContentError:
        return ContentError(f"{self.file}:{line}", what, remedy)

    @cached_property
    def body_line(self) -> int:
        """The line after the closing `+++`. Raises ContentError."""
        if self.lines[0].rstrip() != "+++":
            raise self.error(
                1, "no front matter", "start the file with a line +++, TOML, and a line +++"
            )
        for index, line in enumerate(self.lines[1:], 2):
            if line.rstrip() == "+++":
                return index + 1
        raise self.error(1, "the front matter has no end", "close it with a line +++")

    @cached_property
    def front(self) -> Table:
        """The front matter. Raises ContentError."""
        return self.toml(self.lines[1 : self.body_line - 2], 2, "the front matter")

    def toml(self, body: Iterable[str], line: int, name: str) -> Table:
        """The TOML in `body`, whose first line is `line`. Raises ContentError."""
        lines = list(body)
        try:
            data = tomllib.loads("\n".join(lines))
        except RecursionError:
            raise self.error(line, f"{name} is nested too deeply", "write it flatter") from None
        except ValueError as problem:
            found = _TOML_PLACE.search(str(problem))
            at = int(found[1]) if found and found[1] else max(len(lines), 1)
            why = _TOML_PLACE.sub("", str(problem))
            raise self.error(
                line + at - 1, f"{name} is not TOML: {why}", "correct this line"
            ) from None
        return Table(self, _plain(data, self, line, name), line, name, tuple(lines))

    def parts(self) -> list[Part]:
        """The body as headings, prose and our fences, in order. Raises ContentError.

        Headings and fences count where they start a line; what stands within any other
        fence is prose, `##` or not.
        """
        lines, index, found = self.lines, self.body_line - 1, list[Part]()
        start = index

        def flush(end: int) -> None:
            if any(map(str.strip, lines[start:end])):
                found.append(Prose(tuple(lines[start:end]), start + 1))

        while index < len(lines):
            line = lines[index]
            if line.startswith(("## ", "### ")) and (heading := _HEADING.match(line)):
                flush(index)
                found.append(Heading(len(heading[1]), heading[2], index + 1))
                start = index + 1
            elif line.startswith(("```", "~~~")) and (fence := _FENCE.match(line)):
                end = self._closing(index, fence[1])
                word, _, info = fence[2].strip().partition(" ")
                self._misspelt(word, index + 1)
                if word in OUR_FENCES:
                    flush(index)
                    found.append(
                        Fence(word, info.strip(), tuple(lines[index + 1 : end]), index + 1)
                    )
                    start = end + 1
                index = end
            index += 1
        flush(len(lines))
        return found

    def _closing(self, opening: int, ticks: str) -> int:
        for index in range(opening + 1, len(self.lines)):
            line = self.lines[index].rstrip()
            if line.startswith(ticks) and not line.strip(ticks[0]):
                return index
        raise self.error(opening + 1, "this fence is never closed", f"end it with a line {ticks}")

    def _misspelt(self, word: str, line: int) -> None:
        if word and word not in OUR_FENCES and (close := nearest(word, OUR_FENCES, 0.75)):
            raise self.error(line, f'no fence "{word[:60]}"', f'did you mean "{close}"?')


def read_source(path: Path, file: str) -> Source:
    """The file at `path`, called `file` in errors. Raises ContentError."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ContentError(f"{file}:1", "the file is larger than 1 MB", "split it")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise ContentError(
            f"{file}:{line}", "this is not UTF-8", "save the file as UTF-8"
        ) from None
    except OSError as problem:
        why = problem.strerror or "unreadable"
        raise ContentError(
            f"{file}:1", f"cannot be read ({why})", "check the file's rights"
        ) from None
    return source_of(text, file)


def source_of(text: str, file: str) -> Source:
    """Text that others wrote, made safe and held against the limits. Raises ContentError."""
    source = Source(file, clean(text))
    for number, line in enumerate(source.lines, 1):
        if len(line) > LONGEST_LINE:
            raise source.error(
                number, f"the line is longer than {LONGEST_LINE:,} characters", "break it"
            )
    return source


def _plain(value: Any, source: Source, line: int, name: str) -> Any:
    """TOML's values as text, plain numbers, flags, lists and tables; text made safe once more,
    because "\\u001b" in a string only becomes an escape when TOML is read."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _plain(item, source, line, name) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, source, line, name) for item in value]
    if isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < LARGEST):
        return value
    raise source.error(
        line,
        f"{name} holds {str(value)[:60]}",
        "use text, plain numbers, true, false, lists and tables",
    )


# ── TOML, key by key ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Table:
    """A TOML table that knows where each key stands. Every getter raises ContentError."""

    source: Source
    data: Mapping[str, Any]
    line: int  # of its first line
    name: str  # "the front matter", "the exercise"
    lines: tuple[str, ...]

    def at(self, key: str) -> int:
        """The line that sets `key`, or the table's first."""
        for offset, line in enumerate(self.lines):
            start = line.lstrip().lstrip("\"'[ ")
            if start.startswith(key) and start[len(key) :].lstrip("\"' ")[:1] in ("=", ".", "]"):
                return self.line + offset
        return self.line

    def error(self, key: str, what: str, remedy: str) -> ContentError:
        return self.source.error(self.at(key), what, remedy)

    def only(self, *known: str) -> None:
        """Refuses a key that is none of `known`."""
        for key in self.data:
            if key not in known:
                raise self.error(
                    key, f'{self.name} has an unknown key "{key[:60]}"', meant(key, known)
                )

    def _get(self, key: str, kinds: tuple[type, ...], wanted: str, default: Any) -> Any:
        if key not in self.data:
            if default is None:
                raise self.source.error(
                    self.line, f'{self.name} has no "{key}"', f"add {key} = {wanted}"
                )
            return default
        value = self.data[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.error(
                key, f'"{key}" in {self.name} is {_shown(value)}', f"write {key} = {wanted}"
            )
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._get(key, (str,), '"…"', default))

    def id(self, key: str) -> str:
        """An id: lower-case words joined by hyphens."""
        value = self.text(key)
        if _ID.fullmatch(value) and len(value) <= LONGEST_ID:
            return value
        raise self.error(
            key, f'"{value[:60]}" is no id', "use lower-case letters, digits and single hyphens"
        )

    def number(self, key: str, default: float | None = None) -> float:
        return float(self._get(key, (int, float), "a number", default))

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._get(key, (bool,), "true or false", default))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._get(key, (list,), '["…"]', [])
        if not all(isinstance(value, str) for value in values):
            raise self.error(
                key, f'"{key}" in {self.name} holds more than text', f'write {key} = ["…"]'
            )
        return tuple(values)

    def table(self, key: str) -> dict[str, Any]:
        return dict(self._get(key, (dict,), "{ … }", {}))

    def pairs(self, key: str) -> dict[str, str]:
        """A table of text."""
        values = self.table(key)
        for name, value in values.items():
            if not isinstance(value, str):
                raise self.error(
                    name, f'"{name}" in {key} is {_shown(value)}', f'write {name} = "…"'
                )
        return values

    def numbers(self, key: str) -> dict[str, float]:
        """A table of numbers."""
        values = self.table(key)
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.error(
                    key, f'"{name}" in {key} is {_shown(value)}', f"write {name} = a number"
                )
        return {name: float(value) for name, value in values.items()}

    def tables(self, key: str) -> list[Table]:
        """The `[[key]]` tables, each with its own line."""
        values = self._get(key, (list,), "[[…]]", [])
        if not all(isinstance(value, dict) for value in values):
            raise self.error(
                key, f'"{key}" in {self.name} holds more than tables', f"write [[{key}]]"
            )
        heads = [
            n for n, line in enumerate(self.lines) if line.split("#")[0].strip() == f"[[{key}]]"
        ]
        if len(heads) != len(values):  # written inline: all on the line of the key
            return [Table(self.source, value, self.at(key), f"[[{key}]]", ()) for value in values]
        ends = [*heads[1:], len(self.lines)][: len(heads)]
        return [
            Table(self.source, value, self.line + head, f"[[{key}]]", self.lines[head:end])
            for value, head, end in zip(values, heads, ends, strict=True)
        ]


def _shown(value: object) -> str:
    return {dict: "a table", list: "a list", bool: "a flag", str: "text"}.get(
        type(value), f"the number {value}"
    )
