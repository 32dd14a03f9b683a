"""In the light theme and without colours every screen says what it says in the dark one, in the same place."""

from __future__ import annotations

import pytest
from helper import opened, same_as_snapshot
from looking import SIZES, lived, looking, read_all
from test_progress import PAGES
from test_snapshots import SCREENS

DASHED = {"read-wires", "explain-wrong", "end"}  # without colours a negative wire is dashed
# where a net stands beside the page; help has no line for what colours mean
DASHED_WIDE = DASHED | {"do-right", "do-wrong", "order", "carry", "help"}
LOOKING_BACK = {"hard": ("h",), "history": ("a", "down"), "progress": ("g",)}
pytestmark = pytest.mark.slow
EVERY_SIZE = pytest.mark.parametrize(
    "size",
    [size if size == (80, 24) else pytest.param(size, marks=pytest.mark.nightly) for size in SIZES],
    ids=lambda s: f"{s[0]}x{s[1]}",
)


@pytest.fixture(params=["light", "no colours"])
def palette(request, monkeypatch):
    if request.param == "light":
        return "light"
    monkeypatch.setenv("NO_COLOR", "1")
    return "dark"


@pytest.mark.parametrize("name", SCREENS)
@EVERY_SIZE
async def test_a_screen_says_the_same(name, size, palette):
    pages, keys = SCREENS[name]
    dashed = "-dashed" if palette == "dark" and name in (DASHED_WIDE if size[0] >= 110 else DASHED) else ""
    async with opened(*pages, size=size, palette=palette, still=True) as hands:
        await hands.press(*keys)
        same_as_snapshot(f"{name}-{size[0]}x{size[1]}{dashed}", hands.lines)


@pytest.mark.parametrize("name", LOOKING_BACK)
@EVERY_SIZE
async def test_a_screen_of_the_past_says_the_same(name, size, palette, home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, *LOOKING_BACK[name], size=size, palette=palette) as hands:
            await read_all(hands)
            shown = [] if name == "progress" else hands.lines
            for page in PAGES if name == "progress" else ():
                await hands.press(page)
                shown += hands.lines
            same_as_snapshot(f"{name}-{size[0]}x{size[1]}", shown)
