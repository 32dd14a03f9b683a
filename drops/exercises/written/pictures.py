"""Pictures that an author wrote: each key a block, drawn of whatever numbers are known.

curve = { x = "w", y = "loss", series = { bowl = { each = { w = { from = -5, to = 5 } }, y = "c*w^2" } } }
bars = { unit = "share", of = { right = "0.96", found = "tp/all" } }
What reads a number that is not known, or has none, is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

from drops.exercises.blocks import Bar, Bars, Curve, Series, Sheet, Show, Strip
from drops.exercises.formulas.functions import HAIR
from drops.exercises.formulas.texts import fill_text
from drops.exercises.formulas.tree import Tree, Undefined, Value
from drops.exercises.formulas.working_out import flat, single, work_out
from drops.exercises.sheets import SUB
from drops.exercises.written.keys import (
    Names,
    SpecError,
    only,
    read_flag,
    read_tree,
    read_words,
)
from drops.scales import at_bar
from drops.text import ends_in_number, number

OF_CURVE = ("x", "y", "series", "marks", "places", "window", "log", "says")
OF_SERIES = ("each", "x", "y", "when", "dots")
OF_EACH = ("from", "to", "step")
OF_BARS = ("of", "unit", "log", "says")
OF_STRIP = ("low", "high", "marks", "says")
OF_SHEET = ("columns", "says")
WRITTEN = "written"
MOST_SERIES, MOST_MARKS, MOST_BARS, MOST_POINTS, MOST_ALIKE = 8, 12, 24, 200, 4


class Known(NamedTuple):
    """The numbers that are known, and the words for settings that have some."""

    values: Mapping[str, Value | str]
    words: Mapping[str, str] = {}

    def number(self, tree: Tree) -> float:
        return single(tree, self.values)

    def list(self, tree: Tree) -> tuple[float, ...]:
        return tuple(flat(work_out(tree, self.values)))

    def text(self, text: str) -> str:
        return fill_text(text, self.values, self.words)


Paint = Callable[[Known, str], Show]  # of the numbers, and of the sentence that stands for it


class Reader(NamedTuple):
    """Where in the fence a picture stands, and what its formulas may read."""

    known: Names
    section: str
    at: str  # the key it stands under
    picture: str

    def __call__(self, text: Any, what: str, *more: str) -> Tree:
        """A formula; it may read `more` names. Raises SpecError."""
        known = [*self.known.known, *more]
        return read_tree(self.section, self.at, f"{self.picture}: {what}", text, ({}, self.known.each), known)

    def words(self, text: Any, what: str) -> str:
        known = [*self.known.told, *self.known.known]
        return read_words(self.section, self.at, text, known, f"{self.picture}: {what}")

    def flag(self, value: Any, what: str) -> bool:
        return read_flag(self.section, self.at, f"{self.picture}: {what}", value)

    def table(self, said: Any, what: str, keys: tuple[str, ...]) -> Mapping[str, Any]:
        """A table with no other keys than these."""
        if not isinstance(said, dict):
            raise self.error(f"{what} is no table", f"write {{ {keys[0]} = … }}")
        only(said, keys, self.section, f"{self.picture}: {what}", self.at)
        return said

    def some(self, said: Any, most: int, what: str) -> Mapping[str, Any]:
        """A table of any names, not too long."""
        if not isinstance(said, dict) or not 1 <= len(said) <= most:
            count = len(said) if isinstance(said, dict) else "no"
            raise self.error(f"{count} {what}", f'write 1 to {most}, each "its name" = …')
        return said

    def marks(self, said: Mapping[str, Any], like: list[str]) -> list[tuple[list[Tree], str]]:
        """Each a place of one or two numbers, and its name."""
        listed = said.get("marks", [])
        of = len(like)
        legal = isinstance(listed, list) and all(isinstance(one, list) and len(one) == of for one in listed)
        if not legal or len(listed) > MOST_MARKS:
            raise self.error("marks are none, or too many", f"write up to {MOST_MARKS} times {like}")
        return [([self(at, "marks") for at in one[:-1]], self.words(one[-1], "marks")) for one in listed]

    def error(self, what: str, remedy: str) -> SpecError:
        return SpecError(self.section, self.at, f"{self.picture}: {what}", remedy)


def read_pictures(
    said: Mapping[str, Any], known: Names, section: str = "", at: str = ""
) -> list[tuple[str, Paint]]:
    """The pictures of a table in their order, each with its own sentence or ""; a key may hold several. `at`
    is the key that all of them stand under, if not each under its own. Raises SpecError.
    """
    only(said, PICTURES, section, "a written figure", at)
    if not said:
        remedy = f"add one of {', '.join(PICTURES)}"
        raise SpecError(section, at, "a written figure without a picture", remedy)
    found = []
    for key, picture in said.items():
        keys, read = PICTURES[key]
        reader = Reader(known, section, at or key, key)
        for one in alike(picture)[: MOST_ALIKE + 1]:
            table = reader.table(one, "it", keys)
            found.append((reader.words(table.get("says", ""), "says"), read(table, reader)))
        if len(alike(picture)) > MOST_ALIKE:
            raise reader.error(f"it stands {len(picture)} times", f"write it at most {MOST_ALIKE} times")
    return found


def alike(said: Any) -> list[Any]:
    """The pictures under one key: several where they are a list, as of [[bars]]."""
    return said if isinstance(said, list) and said else [said]


def painted(pictures: Iterable[tuple[str, Paint]], seen: Known, says: str = "") -> Iterator[Show]:
    """The pictures that these numbers make; `says` stands for those that have no sentence of their own."""
    for own, paint in pictures:
        with suppress(KeyError, Undefined):
            yield paint(seen, told(own, seen) if own else says)


def told(text: str, seen: Known) -> str:
    """A text with its numbers, or "" where they leave it without one."""
    try:
        return seen.text(text)
    except (KeyError, Undefined):
        return ""


# ── a curve ───────────────────────────────────────────────────────────────────────────────


def _curve(said: Mapping[str, Any], reader: Reader) -> Paint:
    series = [
        _series(name, reader.table(one, name, OF_SERIES), reader)
        for name, one in reader.some(said.get("series"), MOST_SERIES, "series").items()
    ]
    marks = reader.marks(said, ["x", "y", "its name"])
    x, y = (reader.words(said.get(axis), axis) for axis in "xy")
    window = said.get("window")
    if window is not None and not (isinstance(window, list) and len(window) == 2):
        raise reader.error("window is no pair", "write window = [0, 10]")
    ends = [reader(end, "window") for end in window or ()]
    log = reader.flag(said.get("log", False), "log")
    named = reader(said["places"], "places") if "places" in said else None

    def paint(seen: Known, says: str) -> Show:
        places = tuple(seen.list(named)) if named else ()
        low, top = (seen.number(end) for end in ends) if ends else (0.0, 0.0)
        if ends and low >= top:
            raise Undefined("a window whose low end is not below its top")
        lines = [line for one in series for line in one(seen)]
        known = list(_known_marks(marks, seen))
        if not says:
            so_far = ", ".join(f"{name} {at:.4g}" for _, at, name in known)
            says = f"{y[:1].upper()}{y[1:]} by {x}.{f' So far: {so_far}.' if known else ''}"
        if not ends:
            return Curve(tuple(lines), x, y, says, log, tuple(known), places=places)
        inside = tuple((across, max(low, min(top, up)), name) for across, up, name in known)
        return Curve(tuple(lines), x, y, says, log, inside, window=(low, top), places=places)

    return paint


def _known_marks(marks: list[tuple[list[Tree], str]], seen: Known) -> Iterator[tuple[float, float, str]]:
    """Each once: two that fall together are one."""
    there = set()
    for (x, y), name in marks:
        with suppress(KeyError, Undefined):
            mark = seen.number(x), seen.number(y), seen.text(name)
            place = (round(mark[0], 9), round(mark[1], 9), mark[2])
            if place not in there:
                yield mark
            there.add(place)


def _series(name: str, said: Mapping[str, Any], reader: Reader) -> Callable[[Known], Iterator[Series]]:
    """A series by its numbers: y over a list of places, or over `each` place between two ends."""
    each = said.get("each")
    if "y" not in said or ("each" in said and not (isinstance(each, dict) and len(each) == 1)):
        remedy = 'write { each = { x = { from = 0, to = 5 } }, y = "x^2" }'
        raise reader.error(f"{name} has no y, or nothing for each", remedy)
    variable, ends = "", list[Tree]()
    if each:
        ((variable, said_over),) = each.items()
        over = {"from": 0, "step": 1, **reader.table(said_over, f"each {variable}", OF_EACH)}
        ends = [reader(over.get(key), f"{key} of {name}") for key in OF_EACH]
    own = (variable,) if variable else ()
    y = reader(said["y"], f"y of {name}", *own)
    x = reader(said.get("x", variable), f"x of {name}", *own) if own or "x" in said else None
    when = reader(said["when"], f"when of {name}", "x", "y", *own) if "when" in said else None
    dots = reader.flag(said.get("dots", False), f"dots of {name}")

    def one_by_one(seen: Known) -> Iterator[tuple[float, float]]:
        low, high, step = map(seen.number, ends)
        if step <= 0 or (high - low) / step >= MOST_POINTS:
            raise Undefined(f"no steps, or more than {MOST_POINTS}")
        for i in range(int((high - low) / step + HAIR) + 1):
            with suppress(Undefined):
                at = Known({**seen.values, variable: low + i * step})
                yield at.number(x) if x else low, at.number(y)

    def all_at_once(seen: Known) -> Iterator[tuple[float, float]]:
        up = seen.list(y)
        across = seen.list(x) if x else tuple(float(i) for i in range(1, len(up) + 1))
        yield from zip(across, up * len(across) if len(up) == 1 else up, strict=False)

    def line(seen: Known) -> Iterator[Series]:
        with suppress(KeyError, Undefined):
            points = sorted((one_by_one if variable else all_at_once)(seen))
            if when is not None:
                points = [p for p in points if single(when, {**seen.values, "x": p[0], "y": p[1]})]
            if points:
                yield Series(name, tuple(points), "dots" if dots else "line")

    return line


# ── bars, a number line, a table ──────────────────────────────────────────────────────────


def _bars(said: Mapping[str, Any], reader: Reader) -> Paint:
    of = {
        name: reader(text, name)
        for name, text in reader.some(said.get("of"), MOST_BARS, "bars").items()
    }
    unit = reader.words(said.get("unit", ""), "unit")
    log = reader.flag(said.get("log", False), "log")

    def paint(seen: Known, says: str) -> Show:
        bars: list[Bar] = []
        for name, tree in of.items():
            with suppress(KeyError, Undefined):
                bars += named_bars(name, work_out(tree, seen.values))
        return Bars(tuple(bars), says or bars_told(bars), unit, log)

    return paint


def named_bars(name: str, value: Value) -> list[Bar]:
    """A bar for a number, several for a list: w₁, w₂."""
    if not isinstance(value, tuple):
        return [Bar(name, value)]
    return [
        Bar(name + "".join(SUB[int(digit)] for digit in str(i)), one) for i, one in enumerate(flat(value), 1)
    ]


def bars_told(bars: list[Bar]) -> str:
    """What bars say that have no sentence.

    >>> bars_told([Bar("h₁", 2), Bar("h₂", 0)]), bars_told([Bar("a sum, of 2", 5), Bar("wanted", 1)])
    ('h₁ 2, h₂ 0.', 'a sum, of 2: 5; wanted: 1.')
    """
    told = [at_bar(bar.value) for bar in bars]
    plain = all("," not in f"{bar.name}{value}" for bar, value in zip(bars, told, strict=True))
    plain = plain and not any(ends_in_number(bar.name) for bar in bars)
    between, after = (", ", " ") if plain else ("; ", ": ")
    return f"{between.join(f'{bar.name}{after}{value}' for bar, value in zip(bars, told, strict=True))}."


def _strip(said: Mapping[str, Any], reader: Reader) -> Paint:
    low, high = (cast(float, said.get(end)) for end in ("low", "high"))
    if type(low) not in (int, float) or type(high) not in (int, float) or low >= high:
        raise reader.error("low is not below high", "write low = 0 and high = 10")
    marks = reader.marks(said, ["x", "its name"])

    def paint(seen: Known, says: str) -> Show:
        places: list[tuple[float, str]] = []
        for (place,), label in marks:
            with suppress(KeyError, Undefined):
                places += [(at, seen.text(label)) for at in seen.list(place)]
        listed = ", ".join(f"{label} {number(at)}".strip() for at, label in places)
        return Strip(low, high, tuple(places), says or f"From {number(low)} to {number(high)}: {listed}.")

    return paint


def _sheet(said: Mapping[str, Any], reader: Reader) -> Paint:
    columns = {
        head: [reader.words(text, head) for text in cells] if isinstance(cells, list) else reader(cells, head)
        for head, cells in reader.some(said.get("columns"), MOST_SERIES, "columns").items()
    }

    def paint(seen: Known, says: str) -> Show:
        cells = [
            [seen.text(text) for text in cells]
            if isinstance(cells, list)
            else [number(value) for value in seen.list(cells)]
            for cells in columns.values()
        ]
        rows = tuple(zip(*cells, strict=False))
        return Sheet(tuple(columns), rows, says or "; ".join(", ".join(row) for row in rows))

    return paint


PICTURES: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any], Reader], Paint]]] = {
    "curve": (OF_CURVE, _curve),
    "bars": (OF_BARS, _bars),
    "strip": (OF_STRIP, _strip),
    "sheet": (OF_SHEET, _sheet),
}
