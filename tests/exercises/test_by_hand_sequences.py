"""Pictures, sequences and attention by hand: a hundred draws of each, equal to the last digit shown."""

from __future__ import annotations

import pytest

from drops.networks.sequences.by_hand import LAYERS, hand_sums
from drops.networks.sequences.grammar import EPOCHS, LOOKED, READ, Writer


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_by_hand_is_the_engines_to_the_last_digit_shown(layer):
    found = hand_sums(layer, draws=100, seed=20)
    assert found["numbers"] >= 400
    assert found["alike"] == 1
    assert found["largest_difference"] < 1e-12


@pytest.mark.slow
def test_where_the_trained_block_is_shown_to_look_it_looks_when_it_is_trained_again():
    writer = Writer("block", 0)
    writer.trainer.fit(EPOCHS)
    shares = writer.shares([READ])[0]
    for place, row in enumerate(LOOKED):
        assert len(row) == place + 1
        assert [round(100 * share) for share in shares[place][: place + 1]] == list(row)
        assert not shares[place][place + 1 : len(READ)].any()
