"""The same terminal for every test, whatever the tests are run in."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from textual.pilot import Pilot

sys.path.insert(0, str(Path(__file__).parent))  # fake and helper stand beside the tests


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("drops.tui.asks.run.LASTS", 0.05)  # seconds of a show: no test waits for it


@pytest.fixture(autouse=True)
def _nobody_waits_for_an_app_that_has_left(monkeypatch):
    """Any key may be the one that quits. The pilot waits thirty seconds for a screen that opened just then, and raises.

    Private in Textual.
    """
    wait_for_screen = Pilot._wait_for_screen

    async def wait(pilot: Pilot[object], timeout: float = 30.0) -> bool:
        waiting = asyncio.create_task(wait_for_screen(pilot, timeout))
        while not (pilot.app._exit or waiting.done()):
            await asyncio.wait([waiting], timeout=0.02)
        if waiting.done():
            return waiting.result()
        waiting.cancel()
        with suppress(asyncio.CancelledError):
            await waiting
        return False

    monkeypatch.setattr(Pilot, "_wait_for_screen", wait)
