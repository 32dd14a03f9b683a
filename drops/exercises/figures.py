"""The live figures of the lessons: a ```figure fence's name → blocks that move.

A figure is a function of the fence's parameters. It returns blocks, and the numbers that
the prose beside it uses, so that `drops check` can hold them against the fence's `expect`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drops.errors import Unknown
from drops.exercises.any_function import bump_figure
from drops.exercises.neuron_figures import draw_neuron, draw_squash
from drops.exercises.paper import Drawing
from drops.exercises.plane_figures import draw_line, draw_xor
from drops.exercises.slow_training import gradient_gauge
from drops.exercises.wide_deep import folds_figure
from drops.exercises.width_and_brake import widths_figure

Draw = Callable[[Mapping[str, Any]], Drawing]

FIGURES: dict[str, Draw] = {
    "neuron": draw_neuron,
    "squash": draw_squash,
    "line": draw_line,
    "xor": draw_xor,
    "gradient-gauge": gradient_gauge,
    "folds": folds_figure,
    "bump": bump_figure,
    "widths": widths_figure,
}


def drawing(name: str, params: Mapping[str, Any]) -> Drawing:
    """The figure called `name`. Raises Unknown with the nearest known one."""
    if name not in FIGURES:
        raise Unknown("figure", name, FIGURES)
    return FIGURES[name](params)
