"""Pictures, sequences and attention by hand: a hundred draws of each, equal to the last digit shown."""

from __future__ import annotations

import pytest

from drops.networks.sequences.by_hand import LAYERS, hand_sums


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_by_hand_is_the_engines_to_the_last_digit_shown(layer):
    found = hand_sums(layer, draws=100, seed=20)
    assert found["numbers"] >= 400
    assert found["alike"] == 1
    assert found["largest_difference"] < 1e-12
