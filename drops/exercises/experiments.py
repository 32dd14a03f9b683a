"""What lessons claim about networks, measured again by the engine.

An experiment is a function of its parameters that returns named figures. A lesson's
`[[claims]]` names one, and what it expects; `drops check --claims` runs it and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from drops.errors import Unknown
from drops.exercises import any_function, evidence, slow_training, wide_deep, width_and_brake
from drops.exercises.nets import dense
from nnlab.net import Net
from nnlab.optim import Adam

Figures = Mapping[str, float]


def bias_moves_the_hinge(w: float, b: float) -> Figures:
    """One ReLU neuron on a fine line, before and after its bias grows by 1."""
    found: dict[str, float] = {}
    x = np.linspace(-5, 5, 100_001)
    for when, bias in (("", b), ("_after", b + 1)):
        a = dense([w], bias).predict(x[:, None])
        on = a > 0
        found["firing_point" + when] = float(x[on][0] if w > 0 else x[on][-1])
        found["slope" + when] = float(np.diff(a[on][:2])[0] / np.diff(x[on][:2])[0])
    return found


def numbers_held(rows: Sequence[int], steps: int = 300, seed: int = 1) -> Figures:
    """A sigmoid neuron trained on few and on many rows: how many numbers it holds, how well it does."""
    found: dict[str, float] = {}
    for name, count in zip(("few_rows", "many_rows"), rows, strict=True):
        X = np.random.default_rng(seed).uniform(-1, 1, (count, 2))
        y = (X[:, 0] - 2 * X[:, 1] > 0.2).astype(float)
        net, optimiser = Net("2-1", loss="bce", seed=seed), Adam(0.1)
        for _ in range(steps):
            net.step(X, y, optimiser)
        found[name] = float(net.theta.size)
        found[name + "_accuracy"] = float(net.accuracy(X, y))
    return found


EXPERIMENTS: dict[str, Callable[..., Figures]] = {
    "bias_moves_the_hinge": bias_moves_the_hinge,
    "numbers_held": numbers_held,
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
