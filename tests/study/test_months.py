"""A month of a learner's days on the real path, every page made, answered and timed."""

from __future__ import annotations

import pytest

from benchmarks.day import lived
from lives import Plainly, at, course, life


def median_of(sittings, first, last):
    return at([one.lived / 60 for one in sittings if first <= one.day <= last], 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fits", "60"])
def test_the_days_of_the_real_path_are_as_long_as_arithmetic_says(library, name):
    sittings, _, through = lived(library, name, 0, 35)
    path = course(library, typed=22.0)
    plain = [one for seed in range(5) for one in Plainly(life(name, seed), path).live(35)]
    for first, last in ((1, 14), (15, 30)):
        assert median_of(sittings, first, last) == pytest.approx(median_of(plain, first, last), abs=1.0)
    assert at([one.lived / 60 for one in sittings if one.day <= 14], 0.95) <= 10.2
    assert through is not None
    assert through <= (17 if name == "fits" else 26)


@pytest.mark.slow
def test_who_comes_on_weekdays_alone_finishes_too_and_no_day_is_much_longer(library):
    sittings, _, through = lived(library, "weekdays", 0, 30)
    assert at([one.lived / 60 for one in sittings], 0.95) <= 10.2
    assert through is not None
    assert through <= 24
