"""A list with a pane: what stands in the pane is drawn for the lines that the pane has."""

from __future__ import annotations

import asyncio

import pytest
from helper import opened
from rich.segment import Segment

from drops.tui.screens.lists.listing import Entry, ListScreen


class Measured(ListScreen):
    """Its one thing comes a moment later, as what is read in a thread does; its pane says how tall it is."""

    title_of_help = ""
    count = 0

    def says(self, ink):
        return [Segment("Measured", ink.bold)], []

    def entries(self, width, ink):
        del width
        if self.count:
            yield Entry([[Segment("one", ink.text)]], 0)

    def about(self, width, ink):
        del width
        return [[Segment(f"{self.query_one('#pane').size.height} lines", ink.text)]]

    def on_mount(self):
        self.run_worker(self._read(), name="late")

    async def _read(self):
        await asyncio.sleep(0.01)
        self.count = 1
        self.redraw()


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36), (200, 50)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_pane_is_drawn_for_the_lines_it_has_also_when_they_become_more(size):
    async with opened(size=size) as hands:
        await hands.app.push_screen(Measured())
        pane = hands.app.screen.query_one("#pane")
        for rows in (size[1], size[1] + 7):
            await hands.pilot.resize_terminal(size[0], rows)
            for _ in range(20):
                await hands.pilot.pause(0.02)
            assert pane.size.height > 0
            assert f"{pane.size.height} lines" in hands.text
