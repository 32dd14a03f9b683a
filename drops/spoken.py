"""Blocks as sentences and small tables: what a picture says where none can be drawn.

No box drawing and no cursor movement. A sentence that was already said on a page is not said
again: a picture often stands beside its own words.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import assert_never

from drops.exercises.answers import letter
from drops.exercises.blocks import (
    Bars,
    Beside,
    Blank,
    Curve,
    Figure,
    Series,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.text import number

WIDTH = 78
SAMPLES = 7  # points of a curve that are printed


def lines(block: Show, told: set[str] | None = None) -> Iterator[str]:
    """A block as sentences and small tables; `told` collects what was said on this page."""
    told = set() if told is None else told
    match block:
        case Words(markdown=text):
            yield from _paragraphs(text, told)
        case Sheet():
            yield from _sentence(block.says, told)
            yield from _sheet(block)
        case Wires():
            yield from _sentence(block.says, told)
            yield from _wires(block)
        case Curve():
            yield from _sentence(block.says, told)
            yield from _curve(block)
        case Surface():
            told_by_itself = block.says.startswith(block.title)
            yield from _sentence(block.says if told_by_itself else f"{block.title}: {block.says}", told)
            for w1, w2, b in block.lines:
                yield f"  line: {_sum(((w1, 'x₁'), (w2, 'x₂'), (b, '')))} = 0"
        case Bars():
            yield from _sentence(block.says, told)
            width = max((len(bar.name) for bar in block.bars), default=0)
            for bar in block.bars:
                yield f"  {bar.name:<{width}}  {_value(bar.value)} {block.unit}  {bar.note}".rstrip()
        case Strip():
            yield from _sentence(block.says, told)
            for place, name in block.marks:
                yield f"  {name}: {number(place)}"
        case Figure():
            yield from _sentence(block.says, told)
            for inner in block.draw({knob.name: knob.start for knob in block.knobs}):
                yield from lines(inner, told)
        case Beside():
            for inner in block.blocks:
                yield from lines(inner, told)
        case _:
            assert_never(block)


def _sentence(text: str, told: set[str]) -> Iterator[str]:
    if text not in told:
        told.add(text)
        yield from wrapped(text)


def _paragraphs(markdown: str, told: set[str]) -> Iterator[str]:
    fresh = [paragraph for paragraph in plain_markdown(markdown).split("\n\n") if paragraph not in told]
    for n, paragraph in enumerate(fresh):
        if n:
            yield ""
        yield from _sentence(paragraph, told)


def wrapped(text: str) -> Iterator[str]:
    """Lines of at most WIDTH characters; indented lines and lists keep their shape."""
    for line in text.splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip()))
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent) or [""]


def plain_markdown(text: str) -> str:
    """Markdown as it would be read aloud: links as their words, no stars, no backticks."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)(\*\*|`)", "", text)
    text = re.sub(r"(?<![\w\\])\*([^*\n]+)\*(?!\w)", r"\1", text)
    return _unwrapped(text.strip())


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each; lists, tables and indented lines keep their lines."""
    out = []
    for paragraph in re.split(r"\n\s*\n", text):
        rows = paragraph.splitlines()
        keeps = any(re.match(r"\s*([-+|>]|\d+\.)\s|\s{4}|\|", row) for row in rows)
        out.append(paragraph if keeps else " ".join(row.strip() for row in rows))
    return "\n\n".join(out)


def lettered(texts: list[str]) -> Iterator[str]:
    for i, text in enumerate(texts):
        yield from wrapped(f"{letter(i)}) {plain_markdown(text)}")


def _sheet(sheet: Sheet) -> Iterator[str]:
    rows = [[f"[{cell.field}?]" if isinstance(cell, Blank) else cell for cell in row] for row in sheet.rows]
    table = [list(sheet.columns), *rows] if any(sheet.columns) else rows
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))] if table else []
    for row in table:
        yield "  " + "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _wires(wires: Wires) -> Iterator[str]:
    known = any(w for layer in wires.weights for row in layer for w in row)
    for n, layer in enumerate(wires.weights):
        for j, row in enumerate(layer):
            names = wires.names[n]
            terms = [f"{names[i]} with weight {number(w)}" if known else names[i] for i, w in enumerate(row)]
            bias = f", bias {number(wires.biases[n][j])}" if wires.biases and known else ""
            held = wires.values[n + 1][j] if wires.values else None
            holds = f"; it holds {number(held)}" if held is not None else ""
            yield f"  {wires.names[n + 1][j]} listens to {', '.join(terms)}{bias}{holds}"


def _curve(curve: Curve) -> Iterator[str]:
    for series in curve.series:
        yield from _series(series, curve)
    for x, y, name in curve.marks:
        yield f"  {name}: {curve.x_label} {number(x)}, {curve.y_label} {number(y)}"


def _sum(terms: tuple[tuple[float, str], ...]) -> str:
    """A sum as on paper: "4·x₁ − x₂ − 6"."""
    out = ""
    for value, name in terms:
        size = f"{number(abs(value))}{'·' if name else ''}{name}"
        sign = "−" if value < 0 else "+"
        out += f" {sign} {size}" if out else f"{'−' if value < 0 else ''}{size}"
    return out


def _series(series: Series, curve: Curve) -> Iterator[str]:
    points = series.points
    step = max(1, (len(points) - 1) // (SAMPLES - 1)) if len(points) > SAMPLES else 1
    chosen = [*points[::step][:SAMPLES]]
    if points and chosen[-1] != points[-1]:
        chosen.append(points[-1])
    pairs = ", ".join(f"{number(x)}: {_value(y)}" for x, y in chosen)
    yield from wrapped(f"  {series.name} ({curve.x_label}: {curve.y_label}): {pairs}")


def _value(value: float) -> str:
    """A number, also a very small or a very large one."""
    if value and not 0.001 <= abs(value) < 100_000:
        return f"{value:.1e}".replace("-", "−")
    return number(value)
