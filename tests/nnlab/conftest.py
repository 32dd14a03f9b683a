"""What tests of the engine share."""

import pytest

from nnlab.wiring import Wired


@pytest.fixture(params=["side by side", "in turn"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways a fleet trains, however many numbers a pass has."""
    monkeypatch.setattr(Wired, "_fills_the_cache", lambda _self, _count: request.param == "in turn")
