"""A line that changed is painted where it did, and nowhere where it did not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import fake
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from drops.tui.app import DropsApp
from drops.tui.base.drawn import NEAR, changes
from drops.tui.screens.lab.screen import LabScreen
from drops.tui.terminal.stretches import Stretches

STYLES = [None, Style(color="red"), Style(color="blue", bold=True)]
PARTS = st.lists(
    st.tuples(st.text("ab ▀⠿", min_size=1, max_size=12), st.sampled_from(STYLES)), max_size=8
)  # fmt: skip


def strip(parts):
    return Strip([Segment(text, style) for text, style in parts])


def cells(parts, width):
    found = [(c, style) for text, style in parts for c in text][:width]
    return found + [None] * (width - len(found))


@given(PARTS, PARTS)
def test_every_cell_that_differs_is_painted_and_few_that_do_not(one, other):
    width = 100
    found = changes(strip(one), strip(other), width)
    painted = {x for start, end in found for x in range(start, end)}
    before, after = cells(one, width), cells(other, width)
    assert {x for x in range(width) if before[x] != after[x]} <= painted
    assert all(0 <= start < end <= width for start, end in found)
    assert all(b[0] - a[1] > NEAR for a, b in pairwise(found))
    if one == other:
        assert not found


def test_wide_characters_are_painted_whole_to_the_end():
    assert changes(strip([("ab漢字", None)]), strip([("ab漢c字", None)]), 20) == [(0, 20)]
    assert changes(strip([]), strip([("a", None)]), 20) == [(0, 20)]


@pytest.mark.slow
async def test_what_is_sent_of_a_change_is_the_change_and_a_terminal_shows_the_same():
    pyte = pytest.importorskip("pyte")
    sent = []

    class Sending(DropsApp):
        def _display(self, screen, renderable):
            super()._display(screen, renderable)
            if isinstance(renderable, ChopsUpdate):
                renderable = Stretches(renderable.chops, renderable.spans, renderable.chop_ends)
            if hasattr(renderable, "render_segments"):
                sent.append(renderable.render_segments(self.console))

    app = Sending(fake.make_today, fake.FakeStudy, fake.clock, lambda: fake.LIBRARY, home=Path("/nowhere"))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = pyte.Screen(80, 24)
        stream = pyte.Stream(screen)
        await pilot.pause()
        for key in ("l", "full_stop", "full_stop", "t", "plus", "q", "down", "up"):
            await pilot.press(key)
            await app.keyboard.idle()
            if isinstance(app.screen, LabScreen):
                await app.screen.runner.idle()
            await pilot.pause(0.05)
        for text in sent:
            stream.feed(text)
        shown = [strip.text.rstrip() for strip in app.screen._compositor.render_strips(app.size)]
        assert [line.rstrip() for line in screen.display] == shown
