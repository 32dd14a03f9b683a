"""Opening the Lab in the app, pressing its keys, and waiting until what they ask of the engine is done."""

from __future__ import annotations

from contextlib import asynccontextmanager

from helper import Hands, opened
from textual import events

from drops.networks.lab.recipe import print_line
from drops.tui.screens.lab.screen import LabScreen


class LabHands:
    """A learner's hands in the Lab; a key is over when what it asks of the engine is done."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands

    @property
    def lab(self) -> LabScreen:
        assert isinstance(self.hands.app.screen, LabScreen)
        return self.hands.app.screen

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.hands.press(key)
            if isinstance(self.hands.app.screen, LabScreen):
                await self.settle()

    async def settle(self) -> None:
        await self.lab.runner.idle()
        await self.hands.pilot.pause()

    async def steps(self, count: int) -> None:
        """Trains so many steps, not by the clock."""
        self.lab.runner.do(lambda desk: desk.run(count))
        await self.settle()

    async def wheel(self, at: tuple[int, int], *, up: bool) -> None:
        """One notch at a place of the screen."""
        turned = events.MouseScrollUp if up else events.MouseScrollDown
        screen = self.hands.app.screen
        screen._forward_event(turned(screen, *at, 0, 1 if up else -1, 0, False, False, False, *at))
        await self.hands.pilot.pause()
        await self.settle()

    @property
    def line(self) -> str:
        return print_line(self.lab.runner.desk.recipe)

    @property
    def step(self) -> int:
        return self.lab.runner.desk.step


@asynccontextmanager
async def in_lab(line: str = "circle 2-4-1", size=(120, 36), palette: str = "dark", study=None):
    async with opened(size=size, palette=palette, study=study) as hands:
        await hands.app.open_lab(line)
        await hands.press()
        made = LabHands(hands)
        await made.settle()
        await made.settle()  # the scene of the room there is
        yield made
