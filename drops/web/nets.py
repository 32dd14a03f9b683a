"""A network as units and wires: blue pushes up, orange pushes down, thick is strong."""

from __future__ import annotations

import math
from collections.abc import Iterator

from htpy import Element, Node

from drops.colours import LEVELS
from drops.exercises.blocks import Wires
from drops.text import number
from drops.web.svg import g, label, path, picture, place, rect

BOX, TALL, GAP, APART = 92.0, 40.0, 90.0, 20.0
NARROW = 62.0  # a unit of which only its name is shown
MOST_NUMBERS = 24  # wires; with more of them only lit ones are told


def draw_wires(block: Wires) -> Element:
    """Layers from left to right, each unit with its name, its value, its bias or what stands there."""
    layers, most = len(block.names), max(map(len, block.names))
    bare = block.values is None and block.biases is None and not block.under
    wide = NARROW if bare and max(len(name) for names in block.names for name in names) < 8 else BOX
    gap = GAP + (50 if layers <= 3 else 0)
    width, high = layers * wide + (layers - 1) * gap, most * TALL + (most - 1) * APART
    at: list[list[tuple[float, float]]] = []
    for layer, names in enumerate(block.names):
        top = (high - len(names) * TALL - (len(names) - 1) * APART) / 2
        at.append([(layer * (wide + gap), top + i * (TALL + APART)) for i in range(len(names))])
    units = [(layer, i) for layer, names in enumerate(block.names) for i in range(len(names))]
    inside = g(transform="translate(2 2)")[
        list(_edges(block, at, wide)),
        [_unit(block, layer, i, at[layer][i], wide) for layer, i in units],
    ]
    return picture(width + 4, high + 4, block.says, inside, class_="net")


def _edges(block: Wires, at: list[list[tuple[float, float]]], wide: float) -> Iterator[Node]:
    every = [
        ((layer, j, i), weight)
        for layer, into in enumerate(block.weights)
        for j, row in enumerate(into)
        for i, weight in enumerate(row)
    ]
    strongest = max((abs(weight) for _, weight in every if math.isfinite(weight)), default=0.0) or 1.0
    lit = set(block.lit)
    told: list[Node] = []
    for (layer, j, i), weight in sorted(every, key=lambda one: (one[0] in lit, abs(one[1]))):
        (x0, y0), (x1, y1) = at[layer][i], at[layer + 1][j]
        out, into = len(at[layer + 1]), len(at[layer])
        start = x0 + wide, y0 + (j + 0.5) * TALL / out
        end = x1, y1 + (i + 0.5) * TALL / into
        middle = (start[0] + end[0]) / 2
        look = "zero" if weight == 0 else "minus" if weight < 0 else "plus"
        here = (layer, j, i) in lit
        more = " lit" if here else " faint" if lit else ""
        share = abs(weight) / strongest if math.isfinite(weight) else 1.0
        way = (
            f"M{place(start[0])} {place(start[1])}C{place(middle)} {place(start[1])} "
            f"{place(middle)} {place(end[1])} {place(end[0])} {place(end[1])}"
        )
        yield path(d=way, class_=f"wire {look}{more}", stroke_width=place(0.8 + 3.2 * share))
        if spot := block.blanks.get(("wire", layer, j, i)):  # wide enough for a finger
            yield path(d=way, class_="hit", stroke_width="16", data_spot=spot)
        if weight and (here or len(every) <= MOST_NUMBERS):
            where = (0.7, 0.3, 0.5)[(i + j) % 3]
            smooth = where * where * (3 - 2 * where)
            x, y = start[0] + (end[0] - start[0]) * where, start[1] + (end[1] - start[1]) * smooth
            told.append(label(x, y - 3, number(weight, 2), class_=f"weigh {look}{more}"))
    yield from told


def _unit(block: Wires, layer: int, i: int, at: tuple[float, float], wide: float) -> Node:
    x, y = at
    value = block.values[layer][i] if block.values and i < len(block.values[layer]) else None
    blank = block.blanks.get(("unit", layer, i), "")
    shown = number(value) if value is not None else "?" if blank else ""
    second = _second(block, layer, i)
    hand = " hand" if blank and blank == block.hand else ""
    up = y + TALL / 2 + 5 if not second else y + 16
    name = block.names[layer][i]
    inside: list[Node] = [
        rect(
            x=place(x),
            y=place(y),
            width=place(wide),
            height=place(TALL),
            rx="6",
            class_=f"unit {_tone(block, value)}{hand}",
            data_spot=blank or None,
        ),
        label(x + 8, up, name, "start", "name") if shown else label(x + wide / 2, up, name, class_="name"),
    ]
    if shown:
        inside.append(label(x + wide - 8, up, shown, "end", "name value"))
    if second:
        inside += [label(x + 8, y + 33, second[0], "start"), label(x + wide - 8, y + 33, second[1], "end")]
    return g[inside]


def _second(block: Wires, layer: int, i: int) -> tuple[str, str] | None:
    """What stands below a unit's value: what is said to, or its bias."""
    if (layer, i) in block.under:
        words, under = block.under[layer, i]
        blank = block.blanks.get(("under", layer, i), "")
        return words, number(under) if under is not None else "?" if blank else ""
    if layer and block.biases:
        return "+b", number(block.biases[layer - 1][i])
    return None


def _tone(block: Wires, value: float | None) -> str:
    """The ground of a unit: how far its value is from zero among all values of the net."""
    known = [abs(v) for layer in block.values or () for v in layer if v is not None and math.isfinite(v)]
    most = max(known, default=0.0)
    if not value or not most or not math.isfinite(value):
        return "field"
    half = LEVELS // 2
    level = half + max(-half, min(half, round(value / most * half * 0.8)))
    return f"m{level}" if level != half else "field"
