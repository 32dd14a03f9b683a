"""Geometry of the pictures: ranges, ticks, and grids of numbers as pixels. Every face draws by it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from drops.text import MINUS, number, with_commas

Pair = tuple[float, float]
FAR = 1e6  # places: off every canvas, and still a number that can be rounded


@dataclass(frozen=True)
class Scale:
    """A range of numbers laid on `steps` places, 0 … steps − 1."""

    low: float
    high: float
    steps: int
    log: bool = False

    def place(self, value: float) -> float:
        """Where `value` falls; outside 0 … steps − 1 if it lies outside the range or is no number."""
        if not math.isfinite(value):
            return FAR if value > 0 else -FAR
        low, high, at = (math.log10(v) if self.log else v for v in (self.low, self.high, self._above(value)))
        if high == low:
            return (self.steps - 1) / 2
        return max(-FAR, min(FAR, (at - low) / (high - low) * (self.steps - 1)))

    def places(self, values: Sequence[float]) -> list[float]:
        """Where all of them fall: a curve of a hundred points is drawn fifteen times a second."""
        if self.log or self.high == self.low or not math.isfinite(sum(values)):
            return [self.place(value) for value in values]
        low, wide, most = self.low, self.high - self.low, self.steps - 1
        return [max(-FAR, min(FAR, (value - low) / wide * most)) for value in values]

    def value(self, place: float) -> float:
        """The number at a place."""
        share = place / max(1, self.steps - 1)
        if self.log:
            low, high = math.log10(self.low), math.log10(self.high)
            return float(10 ** (low + share * (high - low)))
        return self.low + share * (self.high - self.low)

    def _above(self, value: float) -> float:
        return max(value, self.low * 1e-3) if self.log else value


def span(values: Iterable[float], *, log: bool = False) -> tuple[float, float]:
    """The range that holds every finite value, with a little air; whole decades where it is log."""
    finite = [v for v in values if math.isfinite(v) and (v > 0 or not log)]
    if not finite:
        return (0.1, 1.0) if log else (0.0, 1.0)
    low, high = min(finite), max(finite)
    if log:
        bottom, top = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
        return (bottom, top) if top > bottom else (bottom, bottom * 10)
    if low == high:
        return low - 1, high + 1
    air = (high - low) * 0.04
    return (low if low == 0 else low - air), high + air


def around_zero(values: Iterable[float]) -> Pair:
    """The range that holds zero and every finite value."""
    finite = [v for v in values if math.isfinite(v)]
    return min([0.0, *finite]), max([0.0, *finite])


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round numbers in low … high: steps of 1, 2 or 5 times a power of ten."""
    if most < 1 or not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return []
    raw = (high - low) / most
    power = 10.0 ** math.floor(math.log10(raw))
    for factor in (1, 2, 5, 10, 20):
        step = power * factor
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [i * step + 0.0 for i in range(first, last + 1)]
    return []


def named(at: float, places: Sequence[float]) -> float | None:
    """What stands at a place of an axis: the place itself, or what is counted there; None between two."""
    if not places:
        return at
    return places[int(at)] if at == int(at) and 0 <= at < len(places) else None


def decades(low: float, high: float, most: int) -> list[float]:
    """Powers of ten in low … high, thinned to at most `most`."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / max(1, most)))
    return [10.0**e for e in range(first, last + 1, every)]


FEW = {2: 0.28, 3: 0.05}  # what it costs to have so few numbers, as a share of the canvas that is lost
WITHOUT_ZERO = 0.2  # what it costs where the axis has a zero, and no number for it


@lru_cache(maxsize=64)  # no axis changes while a run plays, and each of its moments asks
def even(
    low: float, high: float, rows: int, *, log: bool = False, dots: int = 4
) -> tuple[float, float, tuple[float, ...]]:
    """low … high a little wider, and round numbers in it that stand the same number of rows apart on a canvas
    of `rows` lines of so many dots: those that lose least of it. Where there are not two, what there is.
    """
    a, b = (math.log10(low), math.log10(high)) if log else (low, high)
    alone = [math.log10(t) for t in decades(low, high, 1)] if log else ticks(low, high, 1)
    places, best = dots * rows - 1, (math.inf, a, b, alone)
    for most in range(2, 7):
        found = [math.log10(t) for t in decades(low, high, most)] if log else ticks(low, high, most)
        for stand in (found, [found[0], found[-1]]) if len(found) > 2 else (found,):
            if len(stand) < 2:
                continue
            step = stand[1] - stand[0]
            for apart in range(int(step * places / (b - a) / dots + 1e-9), 0, -1):
                dot = step / (dots * apart)
                bottom = stand[0] - math.ceil((stand[0] - a) / dot - 1e-9) * dot
                top = bottom + places * dot
                if top >= b - 1e-9 * (b - a):
                    costs = (top - bottom) / (b - a) - 1 + FEW.get(len(stand), 0.0)
                    costs += WITHOUT_ZERO * (not log and a <= 0 <= b and 0.0 not in stand)
                    best = min(best, (costs, bottom, top, stand))
                    break
    _, bottom, top, stand = best
    if log:
        return 10**bottom, 10**top, tuple(10.0**t for t in stand)
    return bottom, top, tuple(stand)


_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@lru_cache(maxsize=256)  # the ends of an axis are told at every moment of a film
def short(value: float) -> str:
    """A number in few cells: 0.25, −3, 12k, 10⁻⁵, 4·10⁻⁷."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "∞" if value > 0 else f"{MINUS}∞" if value < 0 else "?"
    size = abs(value)
    if 1e-3 <= size < 1e4:
        return number(value, 3 if size < 1 else 2 if size < 100 else 0)
    exponent = math.floor(math.log10(size) + 1e-12)
    leading = number(value / 10.0**exponent, 1)
    power = f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    return power if leading == "1" else f"{MINUS}{power}" if leading == f"{MINUS}1" else f"{leading}·{power}"


def at_bar(value: float, *, log: bool = False) -> str:
    """The number beside a bar. What three decimals would call 0 is told as it is: a gradient of 0.000055 is
    not one of 0; what is left of a sum that comes to 0 is.
    """
    if math.isnan(value):
        return "?"
    if log:
        return with_commas(short(value))
    if 1e-12 < abs(value) < 0.0005:
        return number(value, 8) if value == round(value, 8) else short(value)
    return with_commas(number(value))


# ── maps ──────────────────────────────────────────────────────────────────────────────────


Grid = Sequence[Sequence[float]]


def nearest(values: Grid, width: int, height: int) -> list[list[float]]:
    """A grid resampled to width × height pixels, each the nearest value: for maps of few flat tones."""
    if not values or not values[0]:
        return [[0.0] * width for _ in range(height)]
    columns = [min(len(values[0]) - 1, (2 * x + 1) * len(values[0]) // (2 * width)) for x in range(width)]
    rows = [min(len(values) - 1, (2 * y + 1) * len(values) // (2 * height)) for y in range(height)]
    return [[values[row][x] for x in columns] for row in rows]


def smooth(values: Grid, width: int, height: int) -> list[Sequence[float]]:
    """A grid resampled to width × height pixels, each between its four neighbours (bilinear)."""
    if not values or not values[0]:
        return [[0.0] * width for _ in range(height)]
    across = _between(width, len(values[0])) if width != len(values[0]) else ()
    out: list[Sequence[float]] = []
    for first, second, share in _between(height, len(values)):
        upper, lower = values[first], values[second]
        row = [a + (b - a) * share for a, b in zip(upper, lower, strict=True)] if share else upper
        out.append([row[i] + (row[k] - row[i]) * part if part else row[i] for i, k, part in across] or row)
    return out


@lru_cache(maxsize=32)
def _between(pixels: int, samples: int) -> tuple[tuple[int, int, float], ...]:
    """For each pixel the samples on either side of its middle, and how far it is on the way to the second."""
    places = [max(0.0, min(samples - 1.0, (x + 0.5) * samples / pixels - 0.5)) for x in range(pixels)]
    return tuple((int(at), min(samples - 1, int(at) + 1), at - int(at)) for at in places)


def levels(values: Grid, low: float, high: float, count: int) -> list[list[int]]:
    """Every pixel as a level 0 … count − 1 of low … high; what is no number is the middle."""
    factor = (count - 1) / (high - low) if high > low else 0.0
    half = 0.5 - low * factor
    out: list[list[int]] = []
    for row in values:
        if math.isfinite(sum(row)) and low <= min(row) and max(row) <= high:  # nothing to be careful of
            out.append([int(v * factor + half) for v in row])
        else:
            out.append([_level(v, low, factor, count) for v in row])
    return out


def _level(value: float, low: float, factor: float, count: int) -> int:
    if math.isnan(value):  # not a number: the middle says least
        return count // 2
    at = (value - low) * factor + 0.5
    return 0 if at < 0 else count - 1 if at >= count else int(at)


def border(values: Grid, edge: float) -> Iterator[tuple[float, float]]:
    """Where a grid of pixels crosses `edge`, as places between them: (column, row), in pixels. What is no
    number crosses nothing."""
    sides = [bytes([value > edge for value in row]) for row in values]
    for y, (row, here) in enumerate(zip(values, sides, strict=True)):
        for x in _unlike(here[:-1], here[1:]):
            if 0 <= (part := (edge - row[x]) / (row[x + 1] - row[x])) <= 1:
                yield x + part, float(y)
        if y + 1 < len(values):
            below = values[y + 1]
            for x in _unlike(here, sides[y + 1]):
                if 0 <= (part := (edge - row[x]) / (below[x] - row[x])) <= 1:
                    yield float(x), y + part


def _unlike(some: bytes, others: bytes) -> Iterator[int]:
    """The places at which two rows of sides differ. All places at once: most rows cross nowhere."""
    if some != others:
        differ = int.from_bytes(some) ^ int.from_bytes(others)
        yield from (at for at, unlike in enumerate(differ.to_bytes(len(some))) if unlike)


def seen_part(line: tuple[float, float, float], across: Pair, up: Pair) -> tuple[Pair, Pair] | None:
    """The ends of the part of w₁x + w₂y + b = 0 that lies on a map, of (w₁, w₂, b); None where none does."""
    w1, w2, b = line
    (left, right), (bottom, top) = across, up
    found: list[Pair] = []
    if w2:
        found += [(x, -(w1 * x + b) / w2) for x in (left, right)]
    if w1:
        found += [(-(w2 * y + b) / w1, y) for y in (bottom, top)]
    far = 1e-9 * max(right - left, top - bottom)
    inside = [p for p in found if left - far <= p[0] <= right + far and bottom - far <= p[1] <= top + far]
    return max(combinations(inside, 2), key=lambda pair: math.dist(*pair), default=None)
