"""TOML taken apart key by key, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from drops.course.words import clean, is_id, meant
from drops.errors import ContentError

LARGEST = 2**53  # beyond it a whole number is no longer a float's; infinity and nan are refused too


def plain(value: Any) -> Any:
    """TOML's values, if they are text, plain numbers, flags, lists and tables of these.

    "\\u001b" in a string only becomes an escape when TOML is read, so text is held against
    `clean` once more. Raises ValueError.
    """
    if isinstance(value, str):
        if clean(value) != value:
            raise ValueError("a string holds a control or hidden character")
        return value
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < LARGEST):
        return value
    raise ValueError(f"{str(value)[:60]} is no number that an exercise can use")


def refusal(file: str, line: int, what: str, remedy: str) -> ContentError:
    """What is wrong at a line of a file; a text that TOML spreads over lines is told on one."""
    return ContentError(f"{file}:{line}", " ".join(what.split()), remedy)


class TomlTable(NamedTuple):
    """A TOML table that knows where each key stands. Every getter raises ContentError."""

    file: str
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
        return refusal(self.file, self.at(key), what, remedy)

    def only(self, *known: str) -> None:
        """Refuses a key that is none of `known`."""
        for key in self.data:
            if key not in known:
                raise self.error(key, f'{self.name} has an unknown key "{key[:60]}"', meant(key, known))

    def _get(self, key: str, kinds: tuple[type, ...], wanted: str, default: Any) -> Any:
        if key not in self.data:
            if default is None:
                raise refusal(self.file, self.line, f'{self.name} has no "{key}"', f"add {key} = {wanted}")
            return default
        value = self.data[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise self.error(key, f'"{key}" in {self.name} is {_shown(value)}', f"write {key} = {wanted}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._get(key, (str,), '"…"', default))

    def id(self, key: str) -> str:
        """An id: lower-case words joined by hyphens."""
        value = self.text(key)
        if is_id(value):
            return value
        raise self.error(key, f'"{value[:60]}" is no id', "use lower-case letters, digits and single hyphens")

    def number(self, key: str, default: float | None = None) -> float:
        return float(self._get(key, (int, float), "a number", default))

    def flag(self, key: str, default: bool) -> bool:
        return bool(self._get(key, (bool,), "true or false", default))

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._get(key, (list,), '["…"]', [])
        if not all(isinstance(value, str) for value in values):
            raise self.error(key, f'"{key}" in {self.name} holds more than text', f'write {key} = ["…"]')
        return tuple(values)

    def table(self, key: str) -> dict[str, Any]:
        return dict(self._get(key, (dict,), "{ … }", {}))

    def pairs(self, key: str) -> dict[str, str]:
        """A table of text."""
        values = self.table(key)
        for name, value in values.items():
            if not isinstance(value, str):
                what = f'"{name}" in {key} is {_shown(value)}'
                at = next((n for n in map(self.at, (name, key)) if n > self.line), self.line)
                raise refusal(self.file, at, what, f'write {name} = "…"')
        return values

    def numbers(self, key: str) -> dict[str, float]:
        """A table of numbers."""
        values = self.table(key)
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise self.error(key, f'"{name}" in {key} is {_shown(value)}', f"write {name} = a number")
        return {name: float(value) for name, value in values.items()}

    def tables(self, key: str) -> list[TomlTable]:
        """The `[[key]]` tables, each with its own line."""
        values = self._get(key, (list,), "[[…]]", [])
        if not all(isinstance(value, dict) for value in values):
            raise self.error(key, f'"{key}" in {self.name} holds more than tables', f"write [[{key}]]")
        heads = [n for n, line in enumerate(self.lines) if line.split("#")[0].strip() == f"[[{key}]]"]
        if len(heads) != len(values):  # written inline: all on the line of the key
            return [TomlTable(self.file, value, self.at(key), f"[[{key}]]", ()) for value in values]
        ends = [*heads[1:], len(self.lines)][: len(heads)]
        return [
            TomlTable(self.file, value, self.line + head, f"[[{key}]]", self.lines[head:end])
            for value, head, end in zip(values, heads, ends, strict=True)
        ]


def _shown(value: object) -> str:
    return {dict: "a table", list: "a list", bool: "a flag", str: "text"}.get(
        type(value), f"the number {value}"
    )
