"""What stands beside a worksheet while it is filled: its givens, and every number that was typed, in place.

x = (1, 7, 9, 15)   →   four dots    mean = 8 typed   →   a line through them
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

import numpy as np

from drops.exercises.blocks import Curve, Series
from drops.exercises.figure import Drawing
from drops.networks.nets import points

Mark = tuple[float, float, str]
Params = Mapping[str, Any]


def _plot(
    series: tuple[Series, ...], labels: tuple[str, str], marks: tuple[Mark, ...], top: float, low: float = 0.0
) -> Drawing:
    """A curve with what is known marked on it; what lies outside is drawn at the edge."""
    inside = tuple((x, max(low, min(top, y)), name) for x, y, name in marks)
    told = ", ".join(f"{name} {y:.4g}" for _, y, name in marks)
    says = f"{labels[1]} by {labels[0]}. {f'So far: {told}.' if told else 'Nothing is filled in yet.'}"
    return Drawing((Curve(series, *labels, says, marks=inside, window=(low, top)),), {})


def _level(name: str, y: float, ends: tuple[float, float]) -> Series:
    return Series(name, ((ends[0], y), (ends[1], y)))


def sheet_nothing(params: Params) -> Drawing:
    """K, start → what knowing nothing costs by the number of classes, and what was worked out for K."""
    classes = np.arange(2, 13)
    marks = ((float(params["K"]), float(params["start"]), "yours"),) if "start" in params else ()
    line = Series("ln K", points(classes, np.log(classes)))
    return _plot((line,), ("classes", "loss at step 0"), marks, log(14))


def sheet_column(params: Params) -> Drawing:
    """x, q, mean, spread → a column's rows and two new ones, with the mean and the spread once known."""
    rows, new = (np.asarray(params[name], dtype=float) for name in ("x", "q"))
    ends = (0.5, len(rows) + len(new) + 0.5)
    lines = [
        Series("training rows", points(np.arange(1, len(rows) + 1), rows), "dots"),
        Series("new rows", points(len(rows) + np.arange(1, len(new) + 1), new), "dots"),
    ]
    if "mean" in params:
        mean, spread = float(params["mean"]), float(params.get("spread", 0.0))
        lines.append(_level("mean", mean, ends))
        if spread:
            lines += [_level("+ spread", mean + spread, ends), _level("− spread", mean - spread, ends)]
    low, top = float(min(*rows, *new)), float(max(*rows, *new))
    room = (top - low) / 5
    return _plot(tuple(lines), ("row", "value"), (), top + room, low - room)


def sheet_layers(params: Params) -> Drawing:
    """k, factor, after → a mean square on its way through k layers, by the factor that was worked out."""
    k = int(params["k"])
    lines = [_level("as it came", 1.0, (0.0, float(k)))]
    if "factor" in params:
        layers = np.arange(k + 1)
        sizes = np.minimum(float(params["factor"]) ** layers, 4.0)
        lines.append(Series("by your factor", points(layers, sizes)))
    marks = ((float(k), float(params["after"]), "yours"),) if "after" in params else ()
    return _plot(tuple(lines), ("layers", "mean square"), marks, 4.0)


def sheet_bowl(params: Params) -> Drawing:
    """c, w, w1 → the bowl, the ball on it, and where the step was said to land."""
    c, w = float(params["c"]), float(params["w"])
    top = 1.6 * c * w * w
    grid = np.linspace(-2 * abs(w), 2 * abs(w), 81)
    marks: list[Mark] = [(w, c * w * w, "ball")]
    if "w1" in params:
        landed = float(params["w1"])
        marks.append((max(grid[0], min(grid[-1], landed)), c * landed * landed, "lands"))
    bowl = Series("L = c·w²", points(grid, np.minimum(c * grid**2, top)))
    return _plot((bowl,), ("w", "loss"), tuple(marks), top)


def sheet_batch(params: Params) -> Drawing:
    """B, sigma, noise, half → a row's noise, and that of the batches that were worked out."""
    size, sigma = float(params["B"]), float(params["sigma"])
    marks: list[Mark] = [(1.0, sigma, "a row")]
    if "noise" in params:
        marks.append((size, float(params["noise"]), f"{size:g} rows"))
        if "half" in params:
            marks.append((min(100.0, float(params["half"])), float(params["noise"]) / 2, "half of it"))
    row = _level("a row's noise", sigma, (0.0, 100.0))
    return _plot((row,), ("rows", "noise"), tuple(marks), 1.3 * sigma)


def sheet_momentum(params: Params) -> Drawing:
    """g1, g2, v2 → two gradients, and what v makes of them once it is known."""
    first, second = float(params["g1"]), float(params["g2"])
    lines = [Series("gradient", ((1.0, first), (2.0, second)), "dots")]
    marks: tuple[Mark, ...] = ()
    if "v2" in params:
        v = float(params["v2"])
        lines.append(Series("v", ((1.0, first), (2.0, v))))
        marks = ((2.0, v, "v"),)
    reach = 2.0 * max(abs(first), abs(second))
    return _plot((*lines, _level("0", 0.0, (0.5, 2.5))), ("step", "gradient and v"), marks, reach, -reach)
