"""A prediction that is drawn: what an author writes of it, and the sketch that it makes of drawn numbers.

[predict]  asks, why, and
draws = { across = "step", up = "h", at = [1, 2, 3], low = 0, high = 10, step = 0.5, curve = "4*0.5^(at-1)" }
draws = { neuron = ["w[1]", "w[2]", "b"], reach = 6, step = 0.5 }
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from drops.exercises.blocks import Curve, Knob, Show, Surface
from drops.exercises.figure import Drawing
from drops.exercises.formulas.tree import Tree, Value
from drops.exercises.formulas.working_out import single
from drops.exercises.sketches import Axes, Instead, Sketch, a_curve, a_line, fine
from drops.exercises.written.asking import AskDrawn, CurveAsked, LineAsked, NamedFigure
from drops.exercises.written.keys import SpecError
from drops.text import number

Known = Mapping[str, Value | str]


class Maker(NamedTuple):
    """What a sketch is made with: the numbers, texts filled with them, figures of the subject."""

    values: Known
    filled: Callable[[str], str]
    drawn: Callable[[NamedFigure], Drawing]


def has_map(shown: Iterable[Show]) -> bool:
    """Whether one of them is a map, which takes the room of a table."""
    return any(isinstance(one, Surface) for one in shown)


def sketched(card: AskDrawn, make: Maker) -> Sketch:
    """The sketch of these numbers. Raises Undefined, SpecError."""
    asked = card.draws
    return _curve(card, asked, make) if isinstance(asked, CurveAsked) else _line(card, asked, make)


def _curve(card: AskDrawn, asked: CurveAsked, make: Maker) -> Sketch:
    values = make.values
    low, high, step, tol = (single(tree, values) for tree in (asked.low, asked.high, asked.step, asked.tol))
    across, up = make.filled(asked.across), make.filled(asked.up)
    knob = Knob("", "", low, high, step, 0.0)
    start = knob.nearest((low + high) / 2)
    knobs = tuple(
        Knob(f"at{i}", f"{up} at {across} {number(x)}", low, high, step, start)
        for i, x in enumerate(asked.at)
    )
    places = asked.at if asked.steps else fine(asked.at)
    real = dict(zip(places, _heights(asked.curve, places, make), strict=True))
    instead = tuple(
        Instead(_heights(one.drawn[0], asked.at, make), make.filled(one.why), one.mixup) for one in card.wrong
    )
    seen = [(x, min(high, max(low, y))) for x, y in real.items()]
    axes = Axes(across.removesuffix("=").strip(), up, asked.at, (low, high))
    if isinstance(asked.curve, NamedFigure):
        figure = _curve_of(asked.curve, make)
        axes = replace(axes, known=figure.series[1:], shaded=figure.shaded)
    draw = a_curve(axes, make.filled(asked.name), seen)
    right = tuple(real[x] for x in asked.at)
    return Sketch(make.filled(card.asks), knobs, right, tol, make.filled(card.why), instead, draw)


def _heights(curve: Tree | NamedFigure, at: tuple[float, ...], make: Maker) -> tuple[float, ...]:
    if isinstance(curve, NamedFigure):
        points = _curve_of(curve, make).series[0].points
        return tuple(_between(points, x) for x in at)
    return tuple(single(curve, {**make.values, "at": x}) for x in at)


def _curve_of(figure: NamedFigure, make: Maker) -> Curve:
    """The curve that a figure shows. Raises SpecError where it shows none."""
    shown = (one for one in make.drawn(figure).show if isinstance(one, Curve))
    curve = next(shown, None)
    if curve is None:
        remedy = "name one that shows a curve"
        raise SpecError("predict", "draws", f"predict: the figure “{figure.figure}” shows no curve", remedy)
    return curve


def _between(points: tuple[tuple[float, float], ...], x: float) -> float:
    """The height of a line through points, at x."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0) if x1 > x0 else 0.0)
    return points[0][1] if x < points[0][0] else points[-1][1]


def _line(card: AskDrawn, asked: LineAsked, make: Maker) -> Sketch:
    reach, step, tol = (single(tree, make.values) for tree in (asked.reach, asked.step, asked.tol))
    w1, w2, b = (single(tree, make.values) for tree in asked.neuron)
    start = Knob("", "", -reach, reach, step, 0.0).nearest(reach / 2)
    knobs = tuple(
        Knob(f"at{i}", f"where it cuts {axis}", -reach, reach, step, start)
        for i, axis in enumerate(("x₁", "x₂"))
    )
    instead = tuple(
        Instead(tuple(_heights(end, (0.0,), make)[0] for end in one.drawn), make.filled(one.why), one.mixup)
        for one in card.wrong
    )
    draw, why = a_line((w1, w2, b), reach), make.filled(card.why)
    return Sketch(make.filled(card.asks), knobs, (-b / w1, -b / w2), tol, why, instead, draw)
