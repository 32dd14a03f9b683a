"""Lines of a map taken hold of: which line is meant, and what its knobs become. Knows no terminal.

A line follows the mouse. Held by its middle it stays parallel to itself, and its bias follows; held near
an end it turns, keeps its distance from the origin as well as it can, and its weights follow.

Places are pixels of a map, from its top left corner: a cell is one wide and two high.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from drops.exercises.blocks import Boundary, Knob, Unit

REACH = 3.0  # pixels from a line at which it is still meant
END = 0.25  # of the part of a line that is seen, at either end: there it turns
STRETCH = 2.5  # pixels that it may miss the mouse by, for weights a factor of e nearer to their old length
BEND = 4.0  # … for a direction a right angle nearer to the present one: a line never turns its back

Place = tuple[float, float]
Span = tuple[float, float]


def said_of(boundaries: Sequence[Boundary]) -> str:
    """What a hand can do with a figure's lines, behind what its keys do; "" where it has none."""
    if not boundaries:
        return ""
    line = "a line" if len(boundaries) > 1 else "the line"
    ends = any(boundary.turns for boundary in boundaries)
    return f" Or drag {line}{': its middle slides it, its ends turn it' if ends else ''}."


@dataclass(frozen=True)
class MapArea:
    """A map's ranges, and the cells they are laid on."""

    x: Span
    y: Span
    columns: int
    rows: int

    @cached_property
    def _pixel(self) -> Place:
        """How far it is from one pixel to the next, to the right and down."""
        (left, right), (bottom, top) = self.x, self.y
        return (right - left) / max(1, self.columns - 1), (bottom - top) / max(1, 2 * self.rows - 1)

    def line(self, unit: Unit) -> Unit:
        """A unit's line as a·column + b·row + c = 0, in pixels from the top left."""
        w1, w2, b = unit
        across, down = self._pixel
        return w1 * across, w2 * down, w1 * self.x[0] + w2 * self.y[1] + b

    def seen(self, unit: Unit) -> tuple[Place, Place] | None:
        """The ends of the part of a unit's line that lies on the map, in pixels."""
        a, b, c = self.line(unit)
        size = math.hypot(a, b)
        if not size:
            return None
        across, down = self.columns - 1, 2 * self.rows - 1
        foot, way = (-a * c / size**2, -b * c / size**2), (-b / size, a / size)
        first, last = -math.inf, math.inf
        for at, step, end in zip(foot, way, (across, down), strict=True):
            if abs(step) > 1e-12:
                near, far = sorted((-at / step, (end - at) / step))
                first, last = max(first, near), min(last, far)
            elif not 0 <= at <= end:
                return None
        if first > last:
            return None
        start, stop = ((foot[0] + way[0] * t, foot[1] + way[1] * t) for t in (first, last))
        return start, stop

    def number_at(self, at: Place) -> Place:
        """A place in pixels as the numbers of the axes."""
        across, down = self._pixel
        column, row = self.within(at)
        return self.x[0] + column * across, self.y[1] - row * down

    def within(self, at: Place) -> Place:
        """The nearest place on the map."""
        return (
            min(self.columns - 1.0, max(0.0, at[0])),
            min(2 * self.rows - 1.0, max(0.0, at[1])),
        )


@dataclass(frozen=True)
class Hold:
    """A line in hand: which, what its knobs were, how far off it was pressed, and whether it turns."""

    line: int
    values: Mapping[str, float]
    off: Place
    turns: bool


def hold(
    boundaries: Sequence[Boundary], values: Mapping[str, float], canvas: MapArea, at: Place
) -> Hold | None:
    """The line nearest to a place where the mouse was pressed, if one is near enough."""
    found: tuple[float, Hold] | None = None
    for line, boundary in enumerate(boundaries):
        ends = canvas.seen(boundary.unit(values))
        if ends is None:
            continue
        (x0, y0), (x1, y1) = ends
        dx, dy = x1 - x0, y1 - y0
        long = dx * dx + dy * dy
        share = min(1.0, max(0.0, ((at[0] - x0) * dx + (at[1] - y0) * dy) / long)) if long else 0.5
        off = x0 + share * dx - at[0], y0 + share * dy - at[1]
        far = math.hypot(*off)
        if far <= REACH and (found is None or far < found[0]):
            turns = bool(boundary.turns) and not END < share < 1 - END
            found = far, Hold(line, dict(values), off, turns)
    return found[1] if found else None


def dragged(
    held: Hold,
    boundary: Boundary,
    knobs: Iterable[Knob],
    now: Mapping[str, float],
    canvas: MapArea,
    at: Place,
) -> dict[str, float]:
    """What the knobs are when the mouse has taken the line to a place: the nearest that they can be.

    `now` are the knobs' present values: of two lines through a place the one in sight is meant.
    """
    places = {knob.name: knob.places for knob in knobs}
    names = boundary.turns if held.turns else (boundary.slides,)
    x, y = canvas.within((at[0] + held.off[0], at[1] + held.off[1]))
    w1, w2, _ = boundary.unit(held.values)
    length = math.hypot(w1, w2)
    here_a, here_b, _ = canvas.line(boundary.unit(now))
    here = math.hypot(here_a, here_b)
    values = dict(held.values)

    def misses(place: tuple[float, ...]) -> float:
        values.update(zip(names, place, strict=True))
        unit = boundary.unit(values)
        a, b, c = canvas.line(unit)
        size = math.hypot(a, b)
        if not size:  # no line at all
            return math.inf
        far = abs(a * x + b * y + c) / size
        stretched = abs(math.log(math.hypot(unit[0], unit[1]) / length))
        cosine = (a * here_a + b * here_b) / (size * here)
        return far + STRETCH * stretched + BEND * (1 - cosine)

    best = min(product(*(places[name] for name in names)), key=misses)
    return {**held.values, **dict(zip(names, best, strict=True))}
