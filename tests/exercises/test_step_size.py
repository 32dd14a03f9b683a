"""The loss after one step over its learning rates: the whole curve can be seen, with its fall and its rise."""

from __future__ import annotations

import numpy as np
import pytest

from drops.catalog import KINDS, drawing
from drops.exercises.blocks import Curve
from drops.networks.forward.net231_figures import step_size


@pytest.mark.parametrize("seed", range(12))
def test_the_curve_of_a_step_is_nowhere_cut_and_rises_at_its_right_end(seed):
    drawn = KINDS["backprop"].draw(np.random.default_rng(seed), {})
    figure = step_size(drawn)
    (knob,) = figure.knobs
    assert knob.low < drawn.lr < knob.high
    (curve,) = figure.draw({"lr": knob.high})
    assert isinstance(curve, Curve)
    after, before = curve.series
    assert all(curve.drawn(loss) == loss for _, loss in after.points)
    assert after.points[-1][0] == knob.high
    assert after.points[-1][1] > before.points[0][1]


def test_the_rates_of_which_the_lesson_speaks_can_be_set():
    (figure,) = drawing("one-step", {"x": (8.0, 2.0), "y": 1.0, "lr": 0.01}).show
    (knob,) = figure.knobs
    assert knob.high == 0.1
    assert figure.draw({"lr": 0.1})[0].marks[0][2] == "0.149"
