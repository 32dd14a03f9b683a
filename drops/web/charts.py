"""Curves, bars and number lines."""

from __future__ import annotations

import math
from collections.abc import Iterator

from htpy import Element, Node, caption, span, table, tbody, td, th, tr

from drops import scales
from drops.exercises.blocks import Bar, Bars, Curve, Strip
from drops.exercises.pictured import along
from drops.web.svg import Frame2d, circle, g, label, line_to, path, picture, place, rect

WIDE, HIGH = 480.0, 270.0
LEFT, RIGHT, TOP, FOOT = 52.0, 14.0, 26.0, 44.0
SIGNS = "○●▲■◆"  # classes and series of dots: told by shape, not by colour alone


def draw_curve(block: Curve) -> Element:
    """Axes with numbers, each series in a colour and a dash of its own, marks with their names."""
    places = [(x, block.drawn(y)) for series in block.series for x, y in series.points]
    places += [(x, block.drawn(y)) for x, y, _ in block.marks]
    xs = [x for x, _ in places if math.isfinite(x)]
    spread = min(xs, default=0.0), max(xs, default=0.0)
    across = block.across or (spread if spread[0] < spread[1] else (spread[0] - 1, spread[1] + 1))
    up = block.window or scales.span([y for _, y in places], log=block.log_y)
    named = len(block.series) > 1
    box = LEFT, TOP, WIDE - RIGHT, HIGH - FOOT - (18 if named else 0)
    frame = Frame2d(across, up, box, log_y=block.log_y)
    return picture(
        WIDE,
        HIGH,
        block.says,
        _shade(block, frame),
        _axes(block, frame),
        [_series(block, frame, who) for who in range(len(block.series))],
        _marks(block, frame),
        _legend(block) if named else None,
    )


def _shade(block: Curve, frame: Frame2d) -> Node:
    if block.shaded is None:
        return None
    left, right = sorted(min(frame.box[2], max(frame.box[0], frame.across(x))) for x in block.shaded)
    top, bottom = frame.box[1], frame.box[3]
    return rect(
        x=place(left), y=place(top), width=place(right - left), height=place(bottom - top), class_="shade"
    )


def _axes(block: Curve, frame: Frame2d) -> Iterator[Node]:
    left, top, right, bottom = frame.box
    marks = scales.decades(*frame.y, 5) if block.log_y else scales.ticks(*frame.y, 5)
    for tick in marks:
        y = frame.up(tick)
        yield path(d=line_to(((left, y), (right, y))), class_="grid")
        yield label(left - 6, y + 4, scales.short(tick), "end")
    for tick in scales.ticks(*frame.x, 7):
        if (named := scales.named(tick, block.places)) is not None:
            yield label(frame.across(tick), bottom + 16, scales.short(named))
    yield path(d=line_to(((left, top), (left, bottom), (right, bottom))), class_="axis")
    yield label(4, 14, block.y_label, "start")
    yield label((left + right) / 2, bottom + 33, block.x_label)


def _series(block: Curve, frame: Frame2d, who: int) -> Node:
    series, top, bottom = block.series[who], frame.box[1], frame.box[3]
    seen = [
        frame.at(x, block.drawn(y))
        for x, y in series.points
        if not math.isnan(y) and (y > 0 or not block.log_y)
    ]
    if series.style == "dots":
        inside = [(x, y) for x, y in seen if top - 1 <= y <= bottom + 1]
        return g(class_=f"s{who % 5} dots")[(circle(cx=place(x), cy=place(y), r="3.5") for x, y in inside)]
    held = [(x, min(bottom + 400, max(top - 400, y))) for x, y in seen]  # a far place is still a place
    return path(d=line_to(held), class_=f"s{who % 5} line") if held else None


def _marks(block: Curve, frame: Frame2d) -> Iterator[Node]:
    for x, y, name in block.marks:
        at, high = frame.at(x, block.drawn(y))
        if not (frame.box[0] - 1 <= at <= frame.box[2] + 1 and frame.box[1] - 1 <= high <= frame.box[3] + 1):
            continue
        near_end = at > frame.box[2] - 7 * len(name) - 10
        yield path(d=f"M{place(at)} {place(high - 5)}l5 5l-5 5l-5 -5z", class_="mark")
        yield label(at - 9 if near_end else at + 9, high - 6, name, "end" if near_end else "start", "name")


def _legend(block: Curve) -> Iterator[Node]:
    at = LEFT
    for who, series in enumerate(block.series):
        sign = circle(cx=place(at + 12), cy=place(HIGH - 9), r="3.5") if series.style == "dots" else None
        yield g(class_=f"s{who % 5} {series.style}")[
            sign if sign is not None else path(d=line_to(((at, HIGH - 9), (at + 24, HIGH - 9))))
        ]
        yield label(at + 30, HIGH - 5, series.name, "start")
        at += 48 + 6.6 * len(series.name)


# ── bars ──────────────────────────────────────────────────────────────────────────────────

LONG, THICK = 240.0, 16.0


def draw_bars(block: Bars) -> Element:
    """A table: each row has a name, a bar, its number and its note."""
    head = caption[block.unit] if block.unit else None
    rows = [
        tr[
            th(scope="row")[bar.name],
            td(class_="bar")[_bar(block, bar)],
            td(class_="number")[scales.at_bar(bar.value, log=block.log)],
            td(class_="note")[bar.note] if any(one.note for one in block.bars) else None,
        ]
        for bar in block.bars
    ]
    return table(".bars")[head, tbody[rows]]


def _bar(block: Bars, bar: Bar) -> Node:
    start, end = _reach(block, bar)
    sign = "minus" if bar.value < 0 else "plus"
    zero = _reach(block, Bar("", 0.0))[0]
    return svg_bar(
        rect(x=place(start), y="2", width=place(max(0.0, end - start)), height=place(THICK - 4), class_=sign),
        path(d=line_to(((zero, 0), (zero, THICK))), class_="axis"),
        *(_span(block, *bar.span) if bar.span and not block.log else ()),
    )


def svg_bar(*inside: Node) -> Node:
    """A bar is told by the number beside it."""
    return Element("svg")(class_="length", viewBox=f"0 0 {LONG} {THICK}", aria_hidden="true")[inside]


def _reach(block: Bars, bar: Bar) -> tuple[float, float]:
    """Where a bar begins and ends, from left to right."""
    if block.log:
        low, high = scales.span([abs(one.value) for one in block.bars], log=True)
        size = abs(bar.value)
        length = (
            scales.Scale(low / 10, high, 2, log=True).place(size) if size and not math.isnan(size) else 0.0
        )
        return 0.0, LONG * min(1.0, max(0.0, length))
    value = 0.0 if math.isnan(bar.value) else bar.value
    ends = sorted(_at(block, v) for v in (0.0, value))
    return ends[0], ends[1]


def _at(block: Bars, value: float) -> float:
    """Where a number lies between the ends of the bars."""
    low, high = scales.around_zero(along(block))
    return LONG * min(1.0, max(0.0, scales.Scale(low, high if high > low else low + 1, 2).place(value)))


def _span(block: Bars, low: float, high: float) -> Iterator[Node]:
    """A line from the least to the most, with an end at each."""
    left, right, middle = _at(block, low), _at(block, high), THICK / 2
    yield path(d=line_to(((left, middle), (right, middle))), class_="span")
    for x in (left, right):
        yield path(d=line_to(((x, middle - 4), (x, middle + 4))), class_="span")


# ── number lines ──────────────────────────────────────────────────────────────────────────


def draw_strip(block: Strip) -> Element:
    """Names above the line, numbers below; what is silent is dotted."""
    left, right = 16.0, WIDE - 16.0
    scale = scales.Scale(block.low, block.high, 2)

    def at(value: float) -> float:
        return left + (right - left) * min(1.0, max(0.0, scale.place(value)))

    marks = sorted(block.marks)
    rows = _rows([(at(value), 7.0 * len(name) + 8) for value, name in marks])
    high = 22.0 * (max(rows, default=0) + 1) + 10
    gate = None if block.gate is None else at(block.gate)
    inside: list[Node] = [path(d=line_to(((left, high), (right, high))), class_="axis")]
    if gate is not None:
        inside = [
            path(d=line_to(((left, high), (gate, high))), class_="axis silent"),
            path(d=line_to(((gate, high), (right, high))), class_="axis strong"),
            path(d=line_to(((gate, high - 8), (gate, high + 8))), class_="gate"),
        ]
    for (value, name), row in zip(marks, rows, strict=True):
        x, y = at(value), high - 12 - 22 * row
        half = 3.6 * len(name)
        inside += [
            path(d=line_to(((x, y + 3), (x, high))), class_="grid"),
            circle(cx=place(x), cy=place(high), r="5", class_="mark"),
            label(min(WIDE - half, max(half, x)), y, name, class_="name"),
        ]
    inside += [
        label(at(tick), high + 22, scales.short(tick)) for tick in scales.ticks(block.low, block.high, 7)
    ]
    if block.gate is not None:
        inside.append(label(left, high + 42, f"dotted: silent below {scales.short(block.gate)}", "start"))
    return picture(WIDE, high + (50 if block.gate is not None else 30), block.says, inside)


def _rows(places: list[tuple[float, float]]) -> list[int]:
    """A row for each (middle, width) in which it touches nothing, from the lowest on."""
    ends: list[float] = []
    out = []
    for middle, width in places:
        row = next((i for i, end in enumerate(ends) if end <= middle - width / 2), len(ends))
        if row == len(ends):
            ends.append(0.0)
        ends[row] = middle + width / 2
        out.append(row)
    return out


def share_bar(share: float) -> Node:
    """A share of 1 as a short bar; the number stands beside it."""
    return span(".share", aria_hidden="true")[
        svg_bar(rect(x="0", y="4", width=place(LONG * min(1.0, max(0.0, share))), height="8", class_="plus"))
    ]
