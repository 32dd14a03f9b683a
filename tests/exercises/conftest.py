"""Lets the tests here import `variants`, which stands beside them; and what several of them ask for."""

import gc
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def no_collection():
    """The collector walks all that the tests of this process keep; a learner's process keeps little."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()
