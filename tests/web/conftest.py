"""A learner at the server, and a browser without a window."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from drops.clock import Moment
from drops.study.study import Study
from drops.web.seat import Seat

sys.path.insert(0, str(Path(__file__).parent))  # asking stands beside the tests


@pytest.fixture
def seat(study: Study, clock: Callable[[], Moment]) -> Seat:
    return Seat(study, clock)


@pytest.fixture
def browser(seat: Seat):
    from asking import Browser  # late: it stands beside this file

    return Browser(seat).enter()
