"""Random keys, clicks and resizes, on the pages of every kind and on the real lessons."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import fake
import pytest
from helper import opened
from textual import events
from textual.errors import NoWidget

from drops.store.file.glance import glance
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.today import TodayScreen

KEYS = [
    *"abcdehijklrsvytfw0123456789-./?",
    "enter",
    "enter",
    "enter",
    "tab",
    "shift+tab",
    "up",
    "down",
    "left",
    "right",
    "space",
    "backspace",
    "pagedown",
    "pageup",
    "home",
    "end",
    "escape",
    "ctrl+p",
    "delete",
    "p",
    "q",
]


async def walk(app: DropsApp, pilot, chance: random.Random, steps: int) -> None:
    for _ in range(steps):
        what = chance.random()
        if what < 0.9:
            key = chance.choice(KEYS)
            if key == "q" and isinstance(app.screen, TodayScreen):
                continue
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        elif what < 0.97:
            with suppress(NoWidget):  # of the pilot, before a screen just opened is laid out
                await pilot.click(
                    offset=(chance.randrange(app.size.width), chance.randrange(app.size.height))
                )
        else:
            await pilot.resize_terminal(
                chance.choice([20, 40, 60, 80, 111, 160]), chance.choice([5, 12, 20, 24, 50])
            )
        if chance.random() < 0.3:
            await pilot.pause()
            await app.keyboard.idle()
        if not app.is_running or app._exit:
            return
    await pilot.pause()


async def on_every_kind_of_page(seed: int, steps: int) -> None:
    chance = random.Random(seed)
    async with opened(*chance.sample(sorted(fake.PAGES), len(fake.PAGES))) as hands:
        await walk(hands.app, hands.pilot, chance, steps)


async def test_random_keys_clicks_and_resizes_find_no_exception():
    await on_every_kind_of_page(0, 80)


# In a gate of several processes a test is beside busy cores anyway.
@pytest.fixture(
    params=[False, pytest.param(True, marks=pytest.mark.nightly)], ids=["alone", "beside busy cores"]
)
def beside(request) -> Iterator[bool]:
    """A machine that has nothing else to do, or too much: then keys come before what they are for."""
    busy = [
        subprocess.Popen([sys.executable, "-c", "import os\nwhile os.getppid() != 1: pass"])
        for _ in range((os.cpu_count() or 1) if request.param else 0)
    ]
    yield request.param
    for process in busy:
        process.kill()
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    "seed", [100, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(101, 105))]
)
async def test_many_random_events_find_no_exception(seed, beside):
    await on_every_kind_of_page(seed, 400)


@pytest.mark.parametrize("steps", [pytest.param(180, marks=pytest.mark.slow), pytest.param(800, marks=pytest.mark.nightly)])
@pytest.mark.parametrize(
    ("size", "drop"), [((60, 20), "2"), ((80, 24), "9"), ((120, 36), "14")], ids=["60x20", "80x24", "120x36"]
)
async def test_random_events_on_the_real_lessons_find_no_exception(
    size, drop, steps, open_study, library, clock, home
):
    app = DropsApp(
        lambda: today(library, glance(home), clock()), open_study, clock, lambda: library, home=home
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.begin(drop=drop)
        await walk(app, pilot, random.Random(int(drop)), steps)
