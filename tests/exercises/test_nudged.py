"""A run that is given another learning rate at a moment: up to there the same bits, from there on its own."""

import pytest

from drops.networks.neuron.runs import BENDING_RATES, RATES, bend_a_wave, fence_in_a_disc

pytestmark = pytest.mark.slow
SEED, HALF, LATE = 3, 0.5, 0.8
NUDGED = {
    "a disc fenced in": (lambda seed, nudges: fence_in_a_disc(seed, "end", nudges), RATES),
    "a wave bent to": (bend_a_wave({}).run.nudged, BENDING_RATES),
}


@pytest.fixture(params=NUDGED)
def run(request):
    frames, rates = NUDGED[request.param]

    def shown(*nudges: tuple[float, float]):
        return [frame for frame in frames(SEED, nudges) if frame is not None]

    return shown, rates


def test_a_run_nudged_to_its_own_rate_is_itself_bit_by_bit(run):
    shown, rates = run
    whole = shown()
    assert shown((HALF, rates[0])) == [frame for frame in whole if frame.done > HALF + 1e-9]


def test_another_rate_makes_another_end_and_a_second_nudge_keeps_the_first(run):
    shown, rates = run
    whole, nudged = shown(), shown((HALF, rates[1]))
    assert nudged[0].done > HALF
    assert nudged[-1].done == 1
    assert nudged[-1] != whole[-1]
    again = shown((HALF, rates[1]), (LATE, rates[1]))
    assert again == [frame for frame in nudged if frame.done > LATE + 1e-9]
    assert shown((HALF, rates[1]), (LATE, rates[2]))[-1] != nudged[-1]
