"""A network as nodes and wires: blue solid pushes up, orange dashed pushes down, thick is strong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment

from drops.exercises.blocks import Wires
from drops.text import number
from drops.tui.base.ink import Inks, Line, Lines, width_of
from drops.tui.blocks import pixels

WIDEST = 68
_TEXT, _BOLD, _LIT = 10, 11, 12  # inks beside those of wires: 0 up, 1 down, 2 zero, 3 flowing, 4 lit


@dataclass(frozen=True)
class Edge:
    layer: int
    to: int
    start: int  # unit of the layer before
    weight: float
    lit: bool


def edges(block: Wires) -> Iterator[Edge]:
    """Every wire, unlit ones first so that lit ones lie on top."""
    lit = set(block.lit)
    every = [
        Edge(layer, j, i, weight, (layer, j, i) in lit)
        for layer, into in enumerate(block.weights)
        for j, row in enumerate(into)
        for i, weight in enumerate(row)
    ]
    return iter(sorted(every, key=lambda edge: (edge.lit, abs(edge.weight))))


def spacing(block: Wires) -> int:
    """Rows from one node to the next in the fullest layer."""
    most = max(map(len, block.names))
    return 4 if most <= 3 else 3 if most <= 5 else 2 if most <= 9 else 1


def node_rows(count: int, most: int, step: int) -> list[int]:
    """The rows on which `count` nodes stand, centred beside the `most` of the fullest layer."""
    top = (most - count) * step // 2
    return [top + i * step for i in range(count)]


def draw(block: Wires, width: int, ink: Inks, *, numbers: bool = False, flow: float = math.inf) -> Lines:
    """The diagram; `numbers` writes every weight on its wire and every bias under its node.

    `flow` is how many layers the values have crossed: 0.5 is half of the way out of the inputs. What
    they have not reached has no value yet, and the wires that carry something now are lit so far.
    """
    width = min(width, WIDEST)
    step, most = spacing(block), max(map(len, block.names))
    rows = (most - 1) * step + 2
    labels = [[_label(block, layer, i) for i in range(len(names))] for layer, names in enumerate(block.names)]
    reached = min(flow, len(labels))
    wide = [max(map(cell_len, column)) for column in labels]
    gap = (width - sum(wide)) // max(1, len(labels) - 1) if len(labels) > 1 else 0
    if gap < 4:  # no room for wires: only names, then
        wide, gap = [min(w, 4) for w in wide], max(3, (width - 4 * len(wide)) // max(1, len(wide) - 1))
    left = [sum(wide[:layer]) + gap * layer for layer in range(len(labels))]
    standing = [node_rows(len(column), most, step) for column in labels]
    canvas = pixels.Braille(width, rows)
    over: dict[tuple[int, int], tuple[str, int]] = {}
    strongest = max((abs(edge.weight) for edge in edges(block)), default=0.0) or 1.0
    for edge in edges(block):
        x0, x1 = (left[edge.layer] + wide[edge.layer] + 1) * 2, (left[edge.layer + 1] - 1) * 2 - 1
        y0, y1 = standing[edge.layer][edge.start] * 4 + 2, standing[edge.layer + 1][edge.to] * 4 + 2
        _wire(canvas, edge, strongest, x0, y0, x1, y1)
        if edge.layer <= reached < edge.layer + 1 and _carries(block, edge):
            share = reached - edge.layer
            canvas.line(x0, y0, x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, 3)
    for layer, column in enumerate(labels):
        for i, label in enumerate(column):
            seen = label if layer <= reached else block.names[layer][i]
            _write(over, left[layer], standing[layer][i], seen[: wide[layer] + gap], _BOLD)
            if numbers and layer and block.biases:
                _write(
                    over,
                    left[layer],
                    standing[layer][i] + 1,
                    f"b {number(block.biases[layer - 1][i])}",
                    _TEXT,
                )
    for edge in edges(block):
        if numbers or edge.lit:
            _weight(over, edge, left, wide, gap, standing)
    out = [_row(canvas, over, y, width, ink) for y in range(rows)]
    return [*out, _key(width, ink, numbers)]


def _label(block: Wires, layer: int, i: int) -> str:
    name = block.names[layer][i]
    value = block.values[layer][i] if block.values and i < len(block.values[layer]) else None
    return f"{name} {number(value)}" if value is not None else name


def _carries(block: Wires, edge: Edge) -> bool:
    """Whether anything goes over the wire: nothing comes from a silent unit."""
    return bool(block.values and block.values[edge.layer][edge.start] and edge.weight)


def _wire(canvas: pixels.Braille, edge: Edge, strongest: float, x0: int, y0: int, x1: int, y1: int) -> None:
    share = abs(edge.weight) / strongest
    who = 4 if edge.lit else 2 if edge.weight == 0 else 0 if edge.weight > 0 else 1
    on, off = (1, 0) if edge.weight > 0 else (1, 4) if edge.weight == 0 else (4, 3)
    for offset in range(3 if share > 0.75 or edge.lit else 2 if share > 0.4 else 1):
        canvas.line(x0, y0 + (0, 1, -1)[offset], x1, y1 + (0, 1, -1)[offset], who, on, off)


def _write(over: dict[tuple[int, int], tuple[str, int]], x: int, y: int, text: str, who: int) -> None:
    for i, character in enumerate(text):
        over[x + i, y] = (character, who)


def _weight(
    over: dict[tuple[int, int], tuple[str, int]],
    edge: Edge,
    left: list[int],
    wide: list[int],
    gap: int,
    standing: list[list[int]],
) -> None:
    """The weight on its wire, at the first of a few places where nothing is written yet."""
    text = number(edge.weight, 2)
    start, y0, y1 = (
        left[edge.layer] + wide[edge.layer] + 1,
        standing[edge.layer][edge.start],
        standing[edge.layer + 1][edge.to],
    )
    room = gap - 2 - len(text)
    for share in (0.3, 0.62, 0.46, 0.15, 0.8):
        x, y = (
            start + round(room * share),
            round(y0 + (y1 - y0) * (share * room + len(text) / 2) / max(1, gap - 2)),
        )
        if all((x + i, y) not in over for i in range(-1, len(text) + 1)):
            _write(over, x, y, text, _LIT if edge.lit else _TEXT)
            return


def _row(
    canvas: pixels.Braille, over: dict[tuple[int, int], tuple[str, int]], y: int, width: int, ink: Inks
) -> Line:
    inks = {
        0: ink.series[0],
        1: ink.series[1],
        2: ink.dim,
        3: ink.bold,
        4: ink.lit,
        _TEXT: ink.text,
        _BOLD: ink.bold,
        _LIT: ink.lit,
    }
    cells = [over.get((x, y)) or canvas.at(x, y) or (" ", _TEXT) for x in range(width)]
    return [Segment(text, inks[who]) for text, who in pixels.runs(cells)]


def _key(width: int, ink: Inks, numbers: bool) -> Line:
    key = [
        Segment("━━ ", ink.series[0]),
        Segment("positive  ", ink.dim),
        Segment("╍╍ ", ink.series[1]),
        Segment("negative", ink.dim),
    ]
    how = [] if numbers else [Segment("  v the numbers", ink.dim)]
    return [*key, *how] if width_of([*key, *how]) <= width else key
