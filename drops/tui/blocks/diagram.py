"""A network as units and wires: blue pushes up, orange pushes down, thick is strong, lit is in hand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from drops.colours import LEVELS
from drops.exercises.blocks import Wires
from drops.text import number
from drops.tui.base.ink import Inks, Line, Lines, does, width_of
from drops.tui.blocks.canvas import Canvas

WIDEST = 120
BOX = 10  # cells of a unit, where there is room
NARROW = 5  # … and where there is not
ROOMY = 10  # cells between two layers from which every number has its own place on its wire
FARTHEST = 22  # lines between two units of a layer
MOST_NUMBERS = 24  # wires; with more of them only lit ones are told
# Who draws dots: places in the inks that they are painted in.
_PLUS, _MINUS, _ZERO, _LIT_PLUS, _LIT_MINUS, _FAINT_PLUS, _FAINT_MINUS, _FLOW, _LIT_ZERO = range(9)


@dataclass(frozen=True)
class Edge:
    layer: int
    to: int
    start: int  # unit of the layer before
    weight: float
    lit: bool
    blank: str = ""  # the field it stands for


def edges(block: Wires) -> Iterator[Edge]:
    """Every wire, weak ones first and lit ones last, so that these lie on top."""
    lit = set(block.lit)
    every = [
        Edge(layer, j, i, weight, (layer, j, i) in lit, block.blanks.get(("wire", layer, j, i), ""))
        for layer, into in enumerate(block.weights)
        for j, row in enumerate(into)
        for i, weight in enumerate(row)
    ]
    return iter(sorted(every, key=lambda edge: (edge.lit, abs(edge.weight))))


def rows_liked(block: Wires, tall: int = 0) -> int:
    """The lines of a net: what its fullest layer needs, or as many of `tall` as it can use."""
    most = max(map(len, block.names))
    needs = (most - 1) * (4 if most <= 3 else 3 if most <= 5 else 2 if most <= 9 else 1) + 2
    return max(needs, min(tall, (most - 1) * FARTHEST + 2))


def standing(count: int, most: int, rows: int, high: int) -> list[int]:
    """The rows on which `count` units of `high` lines begin, spread as the `most` of the fullest layer.

    >>> standing(5, 5, 9, 1), standing(5, 5, 12, 1), standing(3, 5, 12, 1)
    ([0, 2, 4, 6, 8], [2, 4, 6, 8, 10], [4, 6, 8])
    """
    step = (rows - high) / (most - 1) if most > 1 else 0.0
    step = math.floor(step) if 1 <= step < 3 else step  # close units stand evenly: else it is seen
    top = (rows - high - (count - 1) * step) / 2
    return [round(top + i * step) for i in range(count)]


def tells_weights(block: Wires, width: int) -> bool:
    """Whether each wire has room for its number."""
    count = sum(len(row) for into in block.weights for row in into)
    return count <= MOST_NUMBERS and Wiring(block, min(width, WIDEST), 1).gap >= ROOMY


class Wiring:
    """Where the units of a net stand on a canvas, in cells."""

    def __init__(self, block: Wires, width: int, rows: int) -> None:
        layers, self.most = len(block.names), max(map(len, block.names))
        named = max(cell_len(name) for names in block.names for name in names)
        self.wide = BOX if width >= layers * BOX + (layers - 1) * 7 else max(NARROW, min(named + 1, 6))
        if layers * self.wide + (layers - 1) * 3 > width:
            self.wide = max(1, min(4, width // layers - 3))
        self.gap = (width - layers * self.wide) // max(1, layers - 1) if layers > 1 else 0
        self.left = [layer * (self.wide + self.gap) for layer in range(layers)]
        self.high = 2 if rows >= 3 * self.most - 1 else 1
        self.tops = [standing(len(names), self.most, rows, self.high) for names in block.names]
        self.into = [len(names) for names in block.names]

    def ends(self, edge: Edge) -> tuple[float, float, float, float]:
        """A wire's ends in dots: each has a port of its own on the units it joins."""
        out, into = self.into[edge.layer + 1], self.into[edge.layer]
        room = self.high * 4
        y0 = self.tops[edge.layer][edge.start] * 4 + (edge.to + 0.5) * room / out
        y1 = self.tops[edge.layer + 1][edge.to] * 4 + (edge.start + 0.5) * room / into
        x0 = (self.left[edge.layer] + self.wide) * 2 + 1
        return x0, y0, self.left[edge.layer + 1] * 2 - 2, y1


def draw(
    block: Wires, width: int, ink: Inks, *, numbers: bool = True, flow: float = math.inf, rows: int = 0
) -> Lines:
    """The net on `rows` lines (0: as few as it needs) and a key below; `numbers` writes weights on wires.

    `flow` is how many layers the values have crossed: 0.5 is half of the way out of the inputs. What
    they have not reached has no value yet, and the wires that carry something now are lit so far.
    """
    width = min(width, WIDEST)
    rows = max(rows, rows_liked(block))
    layout, canvas = Wiring(block, width, rows), Canvas(width, rows)
    every = list(edges(block))
    strongest = max((abs(edge.weight) for edge in every), default=0.0)
    reached = min(flow, len(block.names))
    any_lit = any(edge.lit for edge in every)
    styles = [*_inks(ink)]
    for edge in every:
        who = _colour(edge, any_lit)
        if edge.blank:  # a wire that means something when it is clicked is drawn in an ink of its own
            styles.append(does(styles[who], field=edge.blank))
            who = len(styles) - 1
        _wire(canvas, layout, edge, who, strongest, ink)
        if edge.layer <= reached < edge.layer + 1 and _carries(block, edge):
            _curve(canvas, layout.ends(edge), _FLOW, 1, until=reached - edge.layer)
    for layer, names in enumerate(block.names):
        for i in range(len(names)):
            _unit(canvas, block, layout, layer, i, ink, known=layer <= reached)
    if not strongest:  # it has no numbers yet
        return canvas.lines(ink, styles)
    told = numbers and tells_weights(block, width)
    for edge in reversed(every):
        if told or edge.lit:
            _weight(canvas, layout, edge, any_lit, ink)
    return [*canvas.lines(ink, styles), _key(width, ink)]


def _inks(ink: Inks) -> tuple[Style, ...]:
    p = ink.palette
    lit = [Style(color=p.lit(colour), bold=True) for colour in (p.plus, p.minus)]
    faint = [Style(color=p.faint(colour)) for colour in (p.plus, p.minus)]
    return ink.plus, ink.minus, ink.dim, *lit, *faint, ink.bold, ink.act


def _carries(block: Wires, edge: Edge) -> bool:
    """Whether anything goes over the wire: nothing comes from a silent unit."""
    return bool(block.values and block.values[edge.layer][edge.start] and edge.weight)


def _colour(edge: Edge, any_lit: bool) -> int:
    """Who draws a wire: its sign, and whether it is in hand or put back behind one that is."""
    minus = edge.weight < 0
    if any_lit and edge.weight:
        return (_LIT_MINUS if minus else _LIT_PLUS) if edge.lit else (_FAINT_MINUS if minus else _FAINT_PLUS)
    if edge.weight == 0:  # it has no sign whose colour could be brighter: it is in hand
        return _LIT_ZERO if edge.lit else _ZERO
    return _MINUS if minus else _PLUS


def _wire(canvas: Canvas, layout: Wiring, edge: Edge, who: int, strongest: float, ink: Inks) -> None:
    share = abs(edge.weight) / strongest if strongest else 0.0
    minus = edge.weight < 0
    thick = max(2 if edge.lit else 1, 3 if share > 0.75 else 2 if share > 0.4 else 1)
    # where colours are few a negative wire is dashed, so that its sign is seen all the same
    # a weight of 0 beside others is dotted; of a net that has no numbers yet every wire is one
    nothing = edge.weight == 0 and strongest > 0
    on, off = (1, 1 if edge.lit else 4) if nothing else (4, 3) if minus and ink.few else (1, 0)
    _curve(canvas, layout.ends(edge), who, thick, on, off)


def along(ends: tuple[float, float, float, float], share: float) -> tuple[float, float]:
    """A place on a wire, in dots: it leaves and arrives level (smoothstep between its ends)."""
    x0, y0, x1, y1 = ends
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share * share * (3 - 2 * share)


def _curve(
    canvas: Canvas,
    ends: tuple[float, float, float, float],
    who: int,
    thick: int,
    on: int = 1,
    off: int = 0,
    until: float = 1.0,
) -> None:
    x0, y0, x1, y1 = ends
    steps = max(1, round(max(abs(x1 - x0), 1.6 * abs(y1 - y0))))
    for i in range(round(steps * until) + 1):
        if i % (on + off) >= on:
            continue
        x, y = along(ends, i / steps)
        for k in range(thick):
            canvas.dots.dot(round(x), round(y + (k - (thick - 1) / 2)), who)


def _unit(
    canvas: Canvas, block: Wires, layout: Wiring, layer: int, i: int, ink: Inks, *, known: bool
) -> None:
    """A unit: its name and value, below it its bias or what stands there; its ground is its value's tone."""
    x, y, wide = layout.left[layer], layout.tops[layer][i], layout.wide
    name = block.names[layer][i]
    value = block.values[layer][i] if known and block.values and i < len(block.values[layer]) else None
    ground = Style(bgcolor=_tone(block, value, ink)) if not ink.few else Style()
    blank = block.blanks.get(("unit", layer, i), "")
    shown = number(value) if value is not None else "?" if blank else ""
    held = ink.cursor if blank and blank == block.hand and not shown else ink.bold + ground
    named = does(held, field=blank) if blank else held  # a unit that stands for something is clicked anywhere
    _row(canvas, (x, y), _spread(name, shown, wide), named, (shown, blank, block.hand), ink)
    if layout.high == 1:
        return
    blank = block.blanks.get(("under", layer, i), "")
    if (layer, i) in block.under:
        label, under = block.under[layer, i]
        shown = number(under) if under is not None else "?" if blank else ""
    else:
        bias = block.biases[layer - 1][i] if layer and block.biases else None
        label, shown = ("", "") if bias is None else (" +b", number(bias))
    second = _spread(label, shown, wide)
    _row(canvas, (x, y + 1), second, ink.dim + ground, (shown, blank, block.hand), ink)


def _row(
    canvas: Canvas, at: tuple[int, int], text: str, style: Style, number: tuple[str, str, str], ink: Inks
) -> None:
    """A line of a unit. If its number stands for a blank, a click goes there; in hand it is gold."""
    (x, y), (shown, blank, hand) = at, number
    x = max(0, min(x, canvas.width - cell_len(text)))  # a number that is cut off is another number
    canvas.write(x, y, text, style)
    start = text.rfind(shown) if shown and blank else -1
    if start >= 0:
        mine = ink.cursor if blank == hand else style + ink.bold
        canvas.write(x + start, y, shown, does(mine, field=blank))
        if blank == hand:
            canvas.write(x - 1, y, "▐", ink.act)


def _spread(left: str, right: str, wide: int) -> str:
    """A name and its number at the two ends of a unit; where both do not fit, close together."""
    text = (
        f" {left}{right:>{max(0, wide - cell_len(left) - 2)}} " if wide >= BOX else f"{left} {right}".strip()
    )
    return text[:wide].ljust(wide) if wide >= BOX or not right else text


def _tone(block: Wires, value: float | None, ink: Inks) -> str:
    """The ground of a unit: how far its value is from zero among all values of the net."""
    known = [abs(v) for layer in block.values or () for v in layer if v is not None and math.isfinite(v)]
    most = max(known, default=0.0)
    if not value or not most or not math.isfinite(value):
        return ink.palette.field
    half = LEVELS // 2
    level = half + max(-half, min(half, round(value / most * half * 0.8)))
    return ink.palette.ramp[level] if level != half else ink.palette.field


def _weight(canvas: Canvas, layout: Wiring, edge: Edge, any_lit: bool, ink: Inks) -> None:
    """The weight in a gap of its wire, at the first of a few places where nothing is written yet."""
    text = number(edge.weight, 2)
    ends = layout.ends(edge)
    p = ink.palette
    colour = p.minus if edge.weight < 0 else p.plus if edge.weight > 0 else p.dim
    style = Style(color=p.lit(colour) if edge.lit else p.faint(colour) if any_lit else colour, bold=edge.lit)
    style = does(style, field=edge.blank) if edge.blank else style
    shares = (0.66, 0.3, 0.5, 0.8, 0.2) if edge.start % 2 == 0 else (0.34, 0.78, 0.5, 0.2, 0.66)
    for share in shares:
        x, y = along(ends, share)
        left, row = round(x / 2 - len(text) / 2), min(canvas.height - 1, max(0, int(y // 4)))
        cells = [(i, row) for i in range(left - 1, left + len(text) + 1)]
        if (
            left > ends[0] // 2
            and left + len(text) <= ends[2] // 2
            and not any(c in canvas.over for c in cells)
        ):
            for cell in cells:
                canvas.dots.cells.pop(cell, None)
            canvas.write(left, row, text, style)
            return


def _key(width: int, ink: Inks) -> Line:
    signs = ("━━ ", "╍╍ ") if ink.few else ("━━ ", "━━ ")
    key = [
        Segment(signs[0], ink.plus),
        Segment("positive  ", ink.dim),
        Segment(signs[1], ink.minus),
        Segment("negative  ", ink.dim),
        Segment("thick is strong", ink.dim),
    ]
    return key if width_of(key) <= width else key[:4]
