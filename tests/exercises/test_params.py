"""What a fence says wrongly is refused in words, by every kind that reads it, before anything hangs on it."""

from __future__ import annotations

import pytest

from drops.catalog import draw
from drops.errors import Unknown
from drops.networks.kinds import KINDS

WRONG = [
    ("neuron", {"asks": ["zZ"]}, 'no field "zZ"; did you mean "zB"?'),
    ("neuron", {"asks": "zA"}, "asks is 'zA', not a list such as [\"zA\"]"),
    ("chain", {"asks": []}, 'asks is [], not a list such as ["h1"]'),
    ("chain", {"asks": ["parms"]}, 'no field "parms"; did you mean "params"?'),
    ("neuron", {"asks": [1]}, 'no field "1"; known: zA, aA, zB, aB'),
    ("layout", {"only": ["w12"]}, 'no field "w12"; did you mean "w12_"?'),
    ("prediction", {"inputs": 7}, "inputs is 7, not a whole number from 1 to 2"),
    ("vanishing", {"layers": 40}, "layers is 40, not a whole number from 2 to 4"),
    ("vanishing", {"layers": True}, "layers is True, not a whole number from 2 to 4"),
    ("hidden-layer", {"units": 1}, "units is 1, not a whole number from 2 to 3"),
    ("backprop", {"brief": 1}, "brief is 1, not true or false"),
    (
        "clinic",
        {"set": "flat"},
        "set is 'flat', not one of runs away, lies flat, stops early, ragged, number, wrong in use, rare class",
    ),
    ("clinic", {"faults": ["zeros"]}, "faults names one cause; a case has 4 to choose from"),
    ("clinic", {"faults": ["zeros", "silent"]}, "faults names 2 causes; a case has 4 to choose from"),
    ("clinic", {"faults": ["zeros", "silent", "decay", "zeros"]}, "faults names a cause twice; a case has 4 to choose from"),
    (
        "clinic",
        {"faults": ["silent", "zeros", "overfit", "decay"]},
        '"overfit" does not show in the world of "silent", lies flat; there show silent, zeros, start-narrow, '
        "rate-low, decay, uphill, rate-high, start-wide, never-zeroed, twins, vanishing, misaligned, no-squash",
    ),
    ("clinic", {"set": "ragged", "faults": ["zeros"]}, "set and faults both say what may be wrong; keep one of them"),
    (
        "clinic",
        {"faults": ["start-narrow", "twins", "zeros", "vanishing"]},
        "“start with He” mends 3 of these 4 faults (start-narrow, twins, zeros); name some that need another change",
    ),
    ("clinic", {"guide": "yes"}, "guide is 'yes', not true or false"),
    ("clinic", {"faults": ["rate"]}, 'no faults "rate"; did you mean "rate-low"?'),
    ("clinic", {"gauges": "units"}, "gauges is 'units', not a list such as [\"start\"]"),
    ("architecture", {"table": "whine"}, "table is 'whine', not one of bill, yield, wine, tumour, diabetes"),
    ("architecture", {"only": "form"}, "only is 'form', not one of contract"),
]


@pytest.mark.parametrize(("kind", "params", "says"), WRONG, ids=[says for *_, says in WRONG])
def test_a_parameter_that_means_nothing_is_refused_in_words(kind, params, says):
    with pytest.raises((ValueError, Unknown)) as refused:
        draw(kind, 1, params)
    assert str(refused.value) == says


class Noting(dict[str, object]):
    """Parameters that note what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key, default=None):
        self.asked.add(key)
        return default

    def __contains__(self, key):
        self.asked.add(key)
        return False


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lab"])  # which stands in no lesson
def test_every_parameter_that_a_kind_reads_is_among_those_refused_above(kind):
    params = Noting()
    draw(kind, 1, params)
    assert params.asked == {key for name, given, _ in WRONG if name == kind for key in given}
