"""A map over two inputs: what a network says everywhere, with axes, units' lines, points."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

from htpy import Element, Node, div, figcaption, figure, span

from drops import scales
from drops.colours import LEVELS
from drops.exercises.blocks import Point, Surface, Unit
from drops.text import number
from drops.web.charts import SIGNS
from drops.web.svg import Frame2d, circle, g, label, line_to, path, picture, place

WIDE = 400.0
LEFT, RIGHT, TOP, FOOT = 36.0, 10.0, 22.0, 34.0
LETTER = 7.5  # a bold letter of a name, at most
ARROW = 4.2  # of the axes' units: a longer arrow is cut
FINE = 48  # tones across of a smooth map: finer is not seen, and more to send


def draw_map(block: Surface, figure_at: int | None = None) -> Element:
    """The map; in figure `figure_at` of the page its lines can be taken hold of."""
    wide = WIDE - LEFT - RIGHT
    frame = Frame2d(block.x_range, block.y_range, (LEFT, TOP, LEFT + wide, TOP + wide * _shape(block)))
    bottom = frame.box[3]
    held: dict[str, str] = {}
    if figure_at is not None:
        spans = " ".join(f"{one:g}" for one in (*block.x_range, *block.y_range))
        held = {
            "data-drags": str(figure_at),
            "data-box": " ".join(map(place, frame.box)),
            "data-spans": spans,
        }
    drawn = picture(
        WIDE,
        bottom + FOOT,
        f"{block.title}: {block.says}"
        if block.title and not block.says.startswith(block.title)
        else block.says,
        g(held)[_tones(block, frame), _axes(block, frame), _lines(block, frame)],
        _neuron(block.neuron, frame) if block.neuron else None,
        list(_arrows(block, frame)),
        list(_points(block.points, frame)),
        list(_spots(block, frame)),
        _numbers(block, frame),
        class_="map",
    )
    return figure(".map")[figcaption[block.title, _sides(block), _classes(block)], drawn]


def _shape(block: Surface) -> float:
    """Height over width; axes with units of their own get a room that is wider than high."""
    across, up = block.x_range[1] - block.x_range[0], block.y_range[1] - block.y_range[0]
    return up / across if across > 0 and up > 0 and 0.4 <= up / across <= 1.25 else 0.7


def _sides(block: Surface) -> Node:
    low, high = block.sides
    return [
        span(".side")[span(class_=f"swatch {'a' if block.amount else 'm'}{level}", aria_hidden="true"), words]
        for level, words in ((LEVELS - 1, high), (0, low))
        if words
    ]


def _classes(block: Surface) -> Node:
    shown = sorted({point.label for point in block.points if not point.name})
    names = (block.classes[one] if block.classes else f"class {one}" for one in shown)
    return [span(".side")[f"{SIGNS[one % 5]} {name}"] for one, name in zip(shown, names, strict=True)]


def tones(levels: Sequence[Sequence[int]], frame: Frame2d, *, amount: bool = False) -> Iterator[Element]:
    """Rows of levels as areas, one path a level: neighbours of one tone are one stretch. The bare ground is
    what is zero, or of an `amount` nothing.
    """
    left, top, right, bottom = frame.box
    rows, columns = len(levels), len(levels[0])
    across, down = (right - left) / columns, (bottom - top) / rows
    stretches: dict[int, list[str]] = {}
    for y, row in enumerate(levels):
        x = 0
        for level, run in itertools.groupby(row):
            long = len(list(run))
            if level != (0 if amount else LEVELS // 2):
                at = f"M{place(left + x * across)} {place(top + y * down)}h{long * across + 0.3:.1f}"
                stretches.setdefault(level, []).append(f"{at}v{down + 0.3:.2f}h{-long * across - 0.3:.1f}z")
            x += long
    for level, parts in sorted(stretches.items()):
        yield path(d="".join(parts), class_=f"{'a' if amount else 'm'}{level}")


def _tones(block: Surface, frame: Frame2d) -> Node:
    if not block.values or not block.values[0]:
        return None
    columns = len(block.values[0]) if block.flat else min(FINE, 2 * len(block.values[0]))
    rows = len(block.values) if block.flat else max(2, round(columns * _shape(block)))
    grid = block.values if block.flat else scales.smooth(block.values, columns, rows)
    levels = scales.levels(grid, block.low, block.high, LEVELS)
    edge: list[str] = []
    if not block.lines and not block.flat:
        left, top, right, bottom = frame.box
        across, down = (right - left) / columns, (bottom - top) / rows
        edge = [
            f"M{place(left + (x + 0.5) * across)} {place(top + (y + 0.5) * down)}h.01"
            for x, y in scales.border(grid, (block.low + block.high) / 2)
        ]
    return [
        g(class_="tones")[tones(levels, frame, amount=block.amount)],
        path(d="".join(edge), class_="border") if edge else None,
    ]


def _axes(block: Surface, frame: Frame2d) -> Iterator[Node]:
    left, top, right, bottom = frame.box
    yield path(
        d=line_to(((left, top), (right, top), (right, bottom), (left, bottom), (left, top))), class_="grid"
    )
    if block.x_range[0] < 0 < block.x_range[1]:
        yield path(d=line_to(((frame.across(0), top), (frame.across(0), bottom))), class_="axis")
    if block.y_range[0] < 0 < block.y_range[1]:
        yield path(d=line_to(((left, frame.up(0)), (right, frame.up(0)))), class_="axis")


def _numbers(block: Surface, frame: Frame2d) -> Iterator[Node]:
    left, top, right, bottom = frame.box
    for value in scales.ticks(*block.x_range, 6):
        yield label(frame.across(value), bottom + 15, scales.short(value))
    for value in scales.ticks(*block.y_range, 6):
        yield label(left - 5, frame.up(value) + 4, scales.short(value), "end")
    yield label(right, bottom + 30, block.x_label, "end", "name")
    yield label(left, top - 8, block.y_label, "start", "name")


def _lines(block: Surface, frame: Frame2d) -> Iterator[Node]:
    for i, unit in enumerate(block.lines):
        if seen := scales.seen_part(unit, block.x_range, block.y_range):
            look = "unit" if block.lit is None else "unit lit" if block.lit == i else "unit faint"
            yield path(d=line_to(frame.at(*end) for end in seen), class_=look)


def _points(points: Sequence[Point], frame: Frame2d) -> Iterator[Node]:
    left, top, right, bottom = frame.box
    seen = [
        (point, (x, y))
        for point, (x, y) in ((one, frame.at(one.x, one.y)) for one in points)
        if left <= x <= right and top <= y <= bottom
    ]
    words = _words([(one.name, at) for one, at in seen if one.name], frame)
    for point, at in seen:
        if point.name:
            (x, y), words_, anchor = next(words)
            yield label(x, y, words_, anchor, class_=f"point p{point.label % 5}")
        else:
            yield _sign(point, at)


def _words(
    named: Sequence[tuple[str, tuple[float, float]]], frame: Frame2d
) -> Iterator[tuple[tuple[float, float], str, str]]:
    """Where each name begins, is centred or ends, and what is written of it: all of it around its place, from
    it on or up to it, where it touches no other; else its first letter."""
    taken = [_room(x, y, name[:1], "middle") for name, (x, y) in named]
    for i, (name, (x, y)) in enumerate(named):
        others = taken[:i] + taken[i + 1 :]
        for anchor in ("middle", "start", "end"):
            start = x + {"middle": 0.0, "start": -LETTER / 2, "end": LETTER / 2}[anchor]
            room = _room(start, y, name, anchor)
            inside = frame.box[0] - LETTER / 2 <= room[0] and room[2] <= frame.box[2] + LETTER / 2
            if inside and not any(_touch(room, one) for one in others):
                taken[i] = room
                yield (start, y + 5), name, anchor
                break
        else:
            yield (x, y + 5), name[:1], "middle"


def _room(x: float, y: float, name: str, anchor: str) -> tuple[float, float, float, float]:
    """What a name takes: from the left and the top to the right and the bottom."""
    long = LETTER * len(name)
    left = x - {"middle": long / 2, "start": 0.0, "end": long}[anchor]
    return left, y - 7, left + long, y + 7


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _sign(point: Point, at: tuple[float, float]) -> Node:
    x, y = at
    match point.label % 5:
        case 0:
            return circle(cx=place(x), cy=place(y), r="4", class_="point p0 hollow")
        case 1:
            return circle(cx=place(x), cy=place(y), r="4", class_="point p1")
        case 2:
            return path(d=f"M{place(x)} {place(y - 5)}l5 9h-10z", class_="point p2")
        case 3:
            return path(d=f"M{place(x - 4)} {place(y - 4)}h8v8h-8z", class_="point p3")
        case _:
            return path(d=f"M{place(x)} {place(y - 5)}l5 5l-5 5l-5 -5z", class_="point p4")


def _spots(block: Surface, frame: Frame2d) -> Iterator[Node]:
    """What is clicked of points that can be pointed at, and a ring around the one in hand."""
    for i, (point, spot) in enumerate(zip(block.points, block.spots, strict=False)):
        x, y = frame.at(point.x, point.y)
        look = "hit held" if i == block.held else "hit"
        yield circle(cx=place(x), cy=place(y), r="12", class_=look, data_spot=spot)


def _neuron(unit: Unit, frame: Frame2d) -> Iterator[Node]:
    """Where its line crosses the axes, and the arrow of its weights: it points to the side that fires."""
    w1, w2, b = unit
    crossings = [(-b / w1, 0.0, "−b/w₁")] if w1 else []
    crossings += [(0.0, -b / w2, "−b/w₂")] if w2 else []
    size = math.hypot(w1, w2)
    if size:
        foot = -b * w1 / size**2, -b * w2 / size**2
        share = min(size, ARROW) / size
        yield from _tipped(frame.at(*foot), frame.at(foot[0] + w1 * share, foot[1] + w2 * share))
    for x, y, name in crossings:
        if frame.x[0] <= x <= frame.x[1] and frame.y[0] <= y <= frame.y[1]:
            at, high = frame.at(x, y)
            yield path(d=f"M{place(at)} {place(high - 5)}l5 5l-5 5l-5 -5z", class_="mark")
            told = f"{name} = {number(x or y, 2)}" if b else number(x or y, 2)
            near_end = at > frame.box[2] - 90
            yield label(
                at - 8 if near_end else at + 8, high - 8, told, "end" if near_end else "start", "name"
            )


def _arrows(block: Surface, frame: Frame2d) -> Iterator[Node]:
    """From zero to each of its points, named beyond its tip."""
    for one in block.arrows:
        end = frame.at(one.x, one.y)
        yield from _tipped(frame.at(0.0, 0.0), end)
        long, up = LETTER * len(one.name), one.y >= 0
        if one.x >= 0 and end[0] + 8 + long > WIDE:  # no room beyond the tip: over or under it, to the edge
            yield label(WIDE - 2, end[1] + (-10 if up else 20), one.name, "end", "name")
        elif one.x < 0 and end[0] - 8 - long < LEFT:
            yield label(LEFT + 2, end[1] + (-10 if up else 20), one.name, "start", "name")
        else:
            away, side = (8, "start") if one.x >= 0 else (-8, "end")
            yield label(end[0] + away, end[1] + (-6 if up else 16), one.name, side, "name")


def _tipped(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Node]:
    """A line and its head; too short a one has none."""
    long = math.dist(start, end)
    if long > 8:
        ux, uy = (end[0] - start[0]) / long, (end[1] - start[1]) / long
        back = end[0] - ux * 10, end[1] - uy * 10
        head = [(back[0] - uy * 5, back[1] + ux * 5), end, (back[0] + uy * 5, back[1] - ux * 5)]
        yield path(d=line_to((start, end)), class_="weight")
        yield path(d=f"{line_to(head)}z", class_="head")


def tile(pixels: Sequence[bytes], says: str) -> Element:
    """A small map without axes: rows of levels from the top."""
    frame = Frame2d((0, 1), (0, 1), (0.0, 0.0, 100.0, 100.0))
    return div(".tile")[
        picture(100, 100, says, g(class_="tones")[tones([list(row) for row in pixels], frame)])
    ]
