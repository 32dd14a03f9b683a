"""Opening the app on a fake study, pressing real keys, and reading the screen as text."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import fake
from textual.pilot import Pilot

from drops.study.today import Today
from drops.tui.app import DropsApp

SNAPSHOTS = Path(__file__).parent / "snapshots"
RENEW = "DROPS_SNAPSHOTS"  # set to anything: write the snapshots instead of comparing


class Hands:
    """A learner's hands on the app."""

    def __init__(self, app: DropsApp, pilot: Pilot[None], study: fake.FakeStudy) -> None:
        self.app, self.pilot, self.study = app, pilot, study

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.pilot.press(key)
            await self.app.keyboard.idle()
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        names = {" ": "space", ".": "full_stop", "-": "minus", "/": "slash", "%": "percent_sign"}
        await self.press(*(names.get(c, c) for c in text))

    async def click(self, text: str) -> None:
        """Clicks on the first place where `text` stands on the screen."""
        for y, line in enumerate(self.lines):
            if text in line:
                await self.pilot.click(offset=(line.index(text), y))
                await self.pilot.pause()
                await self.app.keyboard.idle()
                await self.pilot.pause()
                return
        raise AssertionError(f"{text!r} is not on the screen:\n" + "\n".join(self.lines))

    @property
    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips(self.app.size)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@asynccontextmanager
async def opened(
    *pages: str,
    size: tuple[int, int] = (80, 24),
    palette: str = "dark",
    home: Path = Path("/nowhere"),
    today: Today | None = None,
    still: bool = False,
    study: fake.FakeStudy | None = None,
) -> AsyncIterator[Hands]:
    """The app at Today; with pages named, at the first of them."""
    study = study or fake.FakeStudy(*pages)
    app = DropsApp(
        lambda: today or fake.make_today(),
        lambda: study,
        fake.clock,
        lambda: fake.LIBRARY,
        home=home,
        palette=palette,
        reduced_motion=still,
    )  # type: ignore[arg-type,return-value]
    async with app.run_test(size=size) as pilot:
        hands = Hands(app, pilot, study)
        await pilot.pause()
        if pages:
            await hands.press("enter")
        yield hands


def same_as_snapshot(name: str, lines: list[str]) -> None:
    """Compares with tests/tui/snapshots/<name>.txt; with DROPS_SNAPSHOTS set, writes it."""
    path, text = SNAPSHOTS / f"{name}.txt", "\n".join(lines) + "\n"
    if os.environ.get(RENEW):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no snapshot {name}; run with {RENEW}=1 and look at it"
    assert text == path.read_text(encoding="utf-8"), (
        f"{name} changed; if rightly, run with {RENEW}=1 and look at the diff"
    )
