"""What lessons claim about networks, measured again by the engine.

An experiment is a function of its parameters that returns named figures. A lesson's
`[[claims]]` names one, and what it expects; `drops check --claims` runs it and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drops.errors import Unknown
from drops.exercises import (
    any_function,
    by_hand,
    evidence,
    lines_and_bends,
    slow_training,
    wide_deep,
    width_and_brake,
)

Figures = Mapping[str, float]


EXPERIMENTS: dict[str, Callable[..., Figures]] = {
    "bias_moves_the_hinge": lines_and_bends.bias_moves_the_hinge,
    "numbers_held": lines_and_bends.numbers_held,
    "best_line": lines_and_bends.best_line,
    "trained_nets": lines_and_bends.trained_nets,
    "linear_stack": lines_and_bends.linear_stack,
    "bent_fit": lines_and_bends.bent_fit,
    "parameters": lines_and_bends.parameters,
    "melted": lines_and_bends.melted,
    "table_on_its_side": by_hand.table_on_its_side,
    "bends": by_hand.bends,
    "output_squash": by_hand.output_squash,
    "losses": by_hand.losses,
    "best_constant": by_hand.best_constant,
    "nudges": by_hand.nudges,
    "one_step": by_hand.one_step,
    "lesson_step": by_hand.lesson_step,
    "repairs": slow_training.repairs,
    "first_to_last": slow_training.first_to_last,
    "sigmoid_slope": slow_training.sigmoid_slope,
    "wide_deep_match": wide_deep.match,
    "folded": wide_deep.folded,
    "hinges_placed": any_function.placed,
    "wave_fitted": any_function.fitted,
    "jump_fitted": any_function.jump,
    "fast_wave": any_function.fast_wave,
    "xor_corners": any_function.xor_corners,
    "random_labels": any_function.random_labels,
    "width_curve": width_and_brake.width_curve,
    "wine_width": width_and_brake.wine_width,
    "design_defended": evidence.defended,
}


def measure(name: str, params: Mapping[str, Any]) -> Figures:
    """Runs the experiment called `name`. Raises Unknown with the nearest known one."""
    if name not in EXPERIMENTS:
        raise Unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name](**params)
