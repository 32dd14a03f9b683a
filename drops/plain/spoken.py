"""Blocks as lines that read well aloud: what a picture says where none can be drawn.

No box drawing, no cursor movement, no columns that mean something only to the eye. Signs that
speech leaves out or misnames are written as words. What was already said on a page is not said
again: a picture often stands beside its own words.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, pairwise, zip_longest
from typing import TypeVar, assert_never

from drops.course.gaps import SHOWN
from drops.exercises.answers import digit
from drops.exercises.blocks import (
    Bars,
    Beside,
    Blank,
    Cell,
    Curve,
    Figure,
    Matrix,
    Series,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.text import number, unmarked, with_commas

Value = TypeVar("Value")

WIDTH = 78
SAMPLES = 7  # points of a curve that are printed
POINTS = 8  # points on a map that are named one by one

# Heard with a speech synthesiser: "w₁₁" was "w", "10⁻⁵" was "ten", "−2·1" was "minus two one",
# "ŷ" was "y circumflex"; ✓ and ✗ were silent, and so was a hyphen before a number.
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789−")
_HEARD: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (
        re.compile(r"(?<=\d)[eE]([-−+]?)0*(\d+)\b"),
        lambda m: f" × 10 to the power {'−' if m[1] in '-−' and m[1] else ''}{m[2]}",
    ),
    (re.compile("(?<![⁰¹²³⁴-⁹⁻])²(?![⁰¹²³⁴-⁹])"), " squared"),
    (re.compile("(?<![⁰¹²³⁴-⁹⁻])³(?![⁰¹²³⁴-⁹])"), " cubed"),
    (re.compile(r"\^2(?![\d.]*\d)"), " squared"),
    (re.compile(r"\^3(?![\d.]*\d)"), " cubed"),
    (re.compile(r"(?<=[\w)\]])\^"), " to the power "),
    (re.compile("[⁰¹²³⁴-⁹⁻]+"), lambda m: f" to the power {m[0].translate(_POWERS)}"),
    (re.compile("[₀-₉]+"), lambda m: m[0].translate(_SUBSCRIPTS)),
    (re.compile("ŷ(?=[0-9])"), "y-hat "),
    (re.compile("ŷ"), "y-hat"),
    (re.compile("∂"), "d"),
    (re.compile(r"(?<=[\w)]) *→ *(?=[\w(−-])"), " to "),
    (re.compile(r" *· *"), " × "),
    (re.compile(r"(?<![\w)\]-])-(?=\.?\d)"), "−"),
    (re.compile(r"\|(\w+)\|"), r"absolute value of \1"),
    (re.compile(SHOWN), "(blank)"),
    (re.compile("✓"), "right"),
    (re.compile("✗"), "wrong"),
)


_QUOTED = re.compile("(“[^”]*”)")


def heard(text: str) -> str:
    """`text` with the signs that speech leaves out or misnames written as words.

    >>> heard("ŷ₂ = w₁·x₁ + 10⁻⁵"), heard("(ŷ − y)²"), heard("2 → 4")
    ('y-hat 2 = w1 × x1 + 10 to the power −5', '(y-hat − y) squared', '2 to 4')
    """
    if ": " in text and " · " in text:
        text = text.replace(" · ", "; ")  # between entries it parts them; inside one it multiplies
    for sign, words in _HEARD:
        text = sign.sub(words, text)
    return text


def said_of(problem: Exception) -> str:
    """Why something cannot be done, as it is heard; what was typed stands in it as it was typed.

    >>> said_of(ValueError("“1e5” is not a number; for example -0.5·10⁻²"))
    '“1e5” is not a number; for example −0.5 × 10 to the power −2'
    """
    return "".join(part if part.startswith("“") else heard(part) for part in _QUOTED.split(str(problem)))


def lines(block: Show, told: set[str] | None = None) -> Iterator[str]:
    """A block as sentences and small tables; `told` collects what was said on this page."""
    told = set() if told is None else told
    match block:
        case Words(markdown=text):
            yield from _paragraphs(text, told)
        case Sheet():
            rows = [*_sheet(block)]
            if not _says_all(" ".join(rows), [heard(block.says)]):  # else the rows tell it, and their signs
                yield from _sentence(block.says, told)
            yield from rows
        case Wires():
            yield from _sentence(block.says, told)
            yield from _wires(block)
        case Curve():
            yield from _sentence(block.says, told)
            yield from _curve(block)
        case Surface():
            told_by_itself = block.says.startswith(block.title)
            yield from _sentence(block.says if told_by_itself else f"{block.title}: {block.says}", told)
            yield from _surface(block, told)
        case Bars():
            yield from _sentence(block.says, told)
            if _says_all(block.says, (f"{bar.name} {_value(bar.value)} {bar.note}" for bar in block.bars)):
                return
            for bar in block.bars:
                note = f", {bar.note}" if bar.note else ""
                value = with_commas(_value(bar.value))
                yield from wrapped(f"  {bar.name}: {value} {block.unit}".rstrip() + note)
        case Strip():
            yield from _sentence(block.says, told)
            if bare := [number(place) for place, name in block.marks if not name]:
                yield from wrapped(f"  at {', '.join(bare)}")
            for place, name in block.marks:
                if name:
                    yield from wrapped(f"  {name}: {number(place)}")
        case Matrix():
            yield from _sentence(block.says, told)
            yield from _matrix(block)
        case Figure():
            yield from _sentence(block.says, told)
            for inner in block.draw({knob.name: knob.start for knob in block.knobs}):
                yield from lines(inner, told)
        case Beside():
            for title, inner in zip_longest(block.titles, block.blocks):
                yield from [f"{title}:"] if title else []
                yield from lines(inner, told)
        case _:
            assert_never(block)


def _sentence(text: str, told: set[str]) -> Iterator[str]:
    if text not in told:
        told.add(text)
        yield from wrapped(text)


def _paragraphs(markdown: str, told: set[str]) -> Iterator[str]:
    paragraphs = plain_markdown(markdown).split("\n\n")
    fresh = [
        one for one in paragraphs if not all(any(row in said for said in told) for row in one.split("\n"))
    ]
    for n, paragraph in enumerate(fresh):
        if n:
            yield ""
        yield from _sentence(paragraph, told)


def wrapped(text: str) -> Iterator[str]:
    """Lines of at most WIDTH characters, as they are heard; indented lines and lists keep their shape."""
    for line in heard(text).splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def plain_markdown(text: str) -> str:
    """Markdown as it would be read aloud: links as their words, no stars, no backticks."""
    return _unwrapped(unmarked(text).strip())


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each; lists, tables and indented lines keep their lines."""
    out = []
    for paragraph in re.split(r"\n\s*\n", text):
        rows = _table(paragraph.splitlines())
        keeps = any(re.match(r"\s*([-+|>]|\d+\.)\s|\s{4}|\|", row) for row in rows)
        whole = " ".join(f"{row.strip()}\n" if row.endswith("  ") else row.strip() for row in rows)
        out.append("\n".join(rows) if keeps else whole.replace("\n ", "\n"))
    return "\n\n".join(out)


def _table(rows: list[str]) -> list[str]:
    """The rows of a Markdown table as sentences; other rows as they are."""
    if len(rows) < 2 or not re.fullmatch(r"[|: -]+", rows[1]) or "|" not in rows[1]:
        return rows
    cells = (row.strip().removeprefix("|").removesuffix("|").split("|") for row in (rows[0], *rows[2:]))
    head, *body = ([cell.strip() for cell in row] for row in cells)
    return [f"- {_row(head, row)}" for row in body]


def numbered(texts: list[str]) -> Iterator[str]:
    for i, text in enumerate(texts):
        yield from wrapped(f"{digit(i)}) {plain_markdown(text)}")


def _sheet(sheet: Sheet) -> Iterator[str]:
    """A line for each row, each cell with its column's name.

    A row that holds nothing yet is left to the questions that fill it, and a table whose
    sentence has told every number already is not told twice.
    """
    filled = [row for row in sheet.rows if any(_given(cell) for cell in row[1:])]
    cells = [cell for row in filled for cell in row[1:] if cell]
    if all(map(_given, cells)) and _says_all(sheet.says, map(str, cells)):
        return
    for row in filled:
        asked = ["asked" if isinstance(cell, Blank) else heard(cell) for cell in row]
        yield from wrapped(f"  {_row(sheet.columns, asked)}")


def _matrix(matrix: Matrix) -> Iterator[str]:
    """Row by row: "row the: 0.2 at cat, 0.8 at sits; the rest is hidden". A single row whose sentence has
    told every number, in their order, is not told twice.
    """
    if len(matrix.rows) == 1 and _says_all(matrix.says, map(matrix.told, matrix.values[0])):
        return
    if matrix.title:
        yield from wrapped(f"  {matrix.title}:")
    for name, row in zip(matrix.rows, matrix.values, strict=True):
        cells = [
            f"{matrix.told(v)} at {at}"
            for at, v in zip(matrix.columns, row, strict=True)
            if v is not None
        ]
        rest = "; the rest is hidden" if len(cells) < len(row) else ""
        yield from wrapped(f"  row {name}: {', '.join(cells) or 'nothing'}{rest}")


def _says_all(says: str, cells: Iterable[str]) -> bool:
    """Whether a sentence tells all of these names and numbers already."""
    return _tokens(" ".join(cells)) <= _tokens(says)


def _tokens(text: str) -> Counter[str]:
    """The words and numbers of a text, each as often as it stands there."""
    return Counter(re.findall(r"[^\s,;:]+", f"{text} ".replace(". ", " ")))


def _given(cell: Cell) -> bool:
    return bool(cell) and not isinstance(cell, Blank)


def _row(columns: Sequence[str], row: Sequence[str]) -> str:
    """ "input A: x₁ = 1, x₂ = 3": a row of a table as it is read out."""
    if columns and columns[0] and _is_number(row[0]):
        columns, row = ("", *columns), ("", *row)  # a row that has no name of its own
    first = f"{columns[0]} {row[0]}".strip() if columns else row[0]
    if columns and all(map(_is_number, columns[1:])):
        return f"{row[0]} by {columns[0]}: " + ", ".join(
            f"{cell} at {name}" for name, cell in zip(columns[1:], row[1:], strict=False)
        )
    if len(columns) == 2:
        columns = (columns[0], "")
    named = [
        f"{name} {'= ' if name and _is_number(cell) else ''}{cell}".strip()
        for name, cell in zip(columns[1:] or [""] * len(row), row[1:], strict=False)
        if cell
    ]
    return f"{first}: {', '.join(named)}" if first and named else first or ", ".join(named)


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[−-]?[\d.,]+(?: ?%)?", cell) is not None


def _wires(wires: Wires) -> Iterator[str]:
    known = any(w for layer in wires.weights for row in layer for w in row)
    if wires.weights and not known and not wires.values:  # then all units of a layer are told at once
        for sources, units in pairwise(wires.names):
            listen = "listens" if len(units) == 1 else "each listen"
            yield from wrapped(f"  {_together(units)} {listen} to {_together(sources)}")
        return
    for n, layer in enumerate(wires.weights):
        for j, row in enumerate(layer):
            names = wires.names[n]
            terms = [f"{names[i]} with weight {number(w)}" if known else names[i] for i, w in enumerate(row)]
            bias = f", bias {number(wires.biases[n][j])}" if wires.biases and known else ""
            held = wires.values[n + 1][j] if wires.values else None
            holds = f"; it holds {number(held)}" if held is not None else ""
            yield from wrapped(f"  {wires.names[n + 1][j]} listens to {', '.join(terms)}{bias}{holds}")


def _together(names: Sequence[str]) -> str:
    """Units of one layer: "x1 to x24", "3 relu units", or each by its name."""
    if len(names) > 1 and len(set(names)) == 1:
        return f"{len(names)} {names[0]} units" if names[0].isalnum() else f"{len(names)} units"
    first, last = heard(names[0]), heard(names[-1])
    if len(names) > 3 and first[-1] == "1" and last == f"{first[:-1]}{len(names)}":
        return f"{first} to {last}"
    return ", ".join(names)


def _curve(curve: Curve) -> Iterator[str]:
    axes = (("Across", curve.x_label), ("Up", curve.y_label))
    if named := " ".join(f"{way}: {label}." for way, label in axes if label):
        yield from wrapped(f"  {named}")
    for series in curve.series:
        yield from _series(curve, series)
    for x, y, name in curve.marks:
        height = _height(curve, y)
        yield from wrapped(f"  mark{f' {name}' if name != height else ''}: {height} at {number(x)}")


def _surface(surface: Surface, told: set[str]) -> Iterator[str]:
    """The lines across a map, its few points, and its height at nine places."""
    for w1, w2, b in surface.lines:
        line = _sum(((w1, surface.x_label), (w2, surface.y_label), (b, "")))
        yield from _sentence(f"  line: {line} = 0", told)
    if len(surface.points) <= POINTS:
        parts = surface.classes or any(point.label for point in surface.points)  # else it tells nothing
        for point in surface.points:
            name = f"{point.name}: " if point.name else ""
            of = f", {surface.classes[point.label] if surface.classes else f'class {point.label}'}"
            yield from wrapped(
                f"  point {name}across {number(point.x)}, up {number(point.y)}{of if parts else ''}"
            )
    for tip in surface.arrows:
        yield from wrapped(f"  arrow {tip.name}: from 0 across {number(tip.x)}, up {number(tip.y)}")
    if sum(map(len, surface.values)) < 2:  # one tone is the ground that points stand on
        return
    (left, right), (low, high) = surface.x_range, surface.y_range
    yield from wrapped(f"  The map at {', '.join(map(number, (left, (left + right) / 2, right)))} across:")
    for up, row in zip((high, (low + high) / 2, low), _thirds(surface.values), strict=True):
        yield from wrapped(f"  up {number(up)}: {', '.join(number(value, 2) for value in _thirds(row))}")


def _thirds(values: Sequence[Value]) -> tuple[Value, Value, Value]:
    """The first, the middle and the last."""
    return values[0], values[len(values) // 2], values[-1]


def _sum(terms: tuple[tuple[float, str], ...]) -> str:
    """A sum as on paper: "4·x₁ − x₂ − 6"."""
    out = ""
    for value, name in terms:
        size = name if name and abs(value) == 1 else f"{number(abs(value))}{'·' if name else ''}{name}"
        sign = "−" if value < 0 else "+"
        out += f" {sign} {size}" if out else f"{'−' if value < 0 else ''}{size}"
    return out


def _height(curve: Curve, y: float) -> str:
    """A value of a curve; of one that is drawn at the edge of the picture that too: "more than 2 (452)"."""
    if curve.ceiling is None or y <= curve.ceiling:
        return _value(y)
    power = 10.0 ** math.floor(math.log10(curve.ceiling))
    below = math.floor(curve.ceiling / power + 1e-9) * power  # one digit of it is enough to hear
    true = with_commas(number(y, 0)) if 100 <= y < 100_000 else _value(y) if math.isfinite(y) else "no number"
    return f"more than {_value(below)} ({true})"


def _series(curve: Curve, series: Series) -> Iterator[str]:
    points = series.points
    step = max(1, (len(points) - 1) // (SAMPLES - 1)) if len(points) > SAMPLES else 1
    chosen = [*points[::step][:SAMPLES]]
    if points and chosen[-1] != points[-1]:
        chosen.append(points[-1])
    told = []
    for height, run in groupby(chosen, lambda point: _height(curve, point[1])):
        along = [number(curve.places[int(x)] if curve.places else x) for x, _ in run]
        flat = len(along) > 2  # what stays the same is said once
        told += [f"{height} from {along[0]} to {along[-1]}"] if flat else [f"{height} at {x}" for x in along]
    yield from wrapped(f"  {series.name}: {'; '.join(told)}")


def _value(value: float) -> str:
    """A number, also a very small or a very large one; "?" where it is not known."""
    if math.isnan(value):
        return "?"
    if value and not 0.001 <= abs(value) < 100_000:
        return f"{value:.1e}".replace("-", "−")
    return with_commas(number(value))
