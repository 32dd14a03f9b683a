"""A run that is given another learning rate at a moment: up to there the same bits, from there on its own."""

import pytest

from drops.networks.neuron.runs import RATES, fence_in_a_disc

pytestmark = pytest.mark.slow
SEED, HALF, LATE = 3, 0.5, 0.8


def shown(*nudges: tuple[float, float]):
    return [frame for frame in fence_in_a_disc(SEED, "end", nudges) if frame is not None]


def test_a_run_nudged_to_its_own_rate_is_itself_bit_by_bit():
    whole = shown()
    assert shown((HALF, RATES[0])) == [frame for frame in whole if frame.done > HALF + 1e-9]


def test_another_rate_makes_another_end_and_a_second_nudge_keeps_the_first():
    whole, nudged = shown(), shown((HALF, RATES[1]))
    assert nudged[0].done > HALF
    assert nudged[-1].done == 1
    assert nudged[-1] != whole[-1]
    again = shown((HALF, RATES[1]), (LATE, RATES[1]))
    assert again == [frame for frame in nudged if frame.done > LATE + 1e-9]
    assert shown((HALF, RATES[1]), (LATE, RATES[2]))[-1] != nudged[-1]
