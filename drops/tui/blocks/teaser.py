"""The picture of a drop to come, drawn from the numbers of its front matter: no engine is asked."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from drops.course.model import Teaser
from drops.exercises.blocks import Curve, Series, Surface, Unit, Wires
from drops.tui.base.ink import Inks, Lines
from drops.tui.blocks import curve, diagram, plane

if TYPE_CHECKING:
    from collections.abc import Sequence

EDGE = 5.0  # of the plane, both ways
GRID = 120  # cells of its map, both ways
_BELOW = "₀₁₂₃₄₅₆₇₈₉"


def draw(picture: Teaser, width: int, rows: int, ink: Inks) -> Lines:
    """The picture on at most `rows` lines."""
    shown = block(picture)
    if isinstance(shown, Surface):
        return plane.draw(shown, width, ink, max(plane.FLATTEST, rows - plane.more(shown)))
    if isinstance(shown, Curve):
        return curve.draw(shown, width, ink, max(4, rows - curve.more(shown, width)))
    told = picture.kind == "weights"
    drawn = diagram.draw(shown, width, ink, numbers=told, rows=rows - 1)
    return drawn[:-1] if told else drawn  # nor its key, which a net without numbers has not


def block(picture: Teaser) -> Surface | Curve | Wires:
    """The picture as a block."""
    match picture.kind:
        case "lines":
            return _plane(picture.data)
        case "curves":
            return _curves(picture)
        case "weights":
            return _weighed(picture.data)
        case _:
            return _net(picture.data)


def _net(sizes: Sequence[int]) -> Wires:
    """A net whose numbers nobody knows yet."""
    weights = tuple(((0.0,) * before,) * after for before, after in pairwise(sizes))
    return Wires(_names(sizes), weights, None, "")


def _weighed(tables: tuple[tuple[tuple[float, ...], ...], ...]) -> Wires:
    sizes = [len(tables[0][0]), *(len(table) for table in tables)]
    return Wires(_names(sizes), tables, None, "")


def _names(sizes: Sequence[int]) -> tuple[tuple[str, ...], ...]:
    """x₁ x₂ … h₁ h₂ … ŷ."""

    def named(letter: str, count: int) -> tuple[str, ...]:
        return tuple(letter + "".join(_BELOW[int(c)] for c in str(i + 1)) for i in range(count))

    inner = (named("h", size) for size in sizes[1:-1])
    return named("x", sizes[0]), *inner, ("ŷ",) if sizes[-1] == 1 else named("ŷ", sizes[-1])


@lru_cache(maxsize=8)
def _plane(lines: tuple[Unit, ...]) -> Surface:
    """The places on the firing side of every line, and of the others on how many they are not; of one line z
    itself."""
    at = [(i + 0.5) / GRID * 2 * EDGE - EDGE for i in range(GRID)]
    alone = len(lines) == 1

    across = [[w1 * x for x in at] for w1, _, _ in lines]

    def row(y: float) -> tuple[float, ...]:
        z = [[part + w2 * y + b for part in parts] for parts, (_, w2, b) in zip(across, lines, strict=True)]
        if alone:
            return tuple(z[0])
        silent = map(sum, zip(*([one <= 0 for one in line] for line in z), strict=True))
        return tuple(float(-count or len(lines)) for count in silent)

    values = tuple(map(row, reversed(at)))
    far = max(abs(v) for row in values for v in row) or 1.0
    span = (-EDGE, EDGE)
    return Surface(
        values,
        span,
        span,
        "",
        low=-far,
        high=far,
        lines=lines,
        flat=not alone,
        neuron=lines[0] if alone else None,
    )


def _curves(picture: Teaser) -> Curve:
    names = picture.names or ("",)
    series = (Series(name, points) for name, points in zip(names, picture.data, strict=True))
    return Curve(tuple(series), picture.x, picture.y, "")
