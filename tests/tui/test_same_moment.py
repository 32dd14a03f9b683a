"""Keys, clicks and sizes of one moment: each is for the screen it was meant for, and none leaves two."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import fake
import pytest
from helper import Hands
from textual import events

from drops.store.file.glance import glance
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.base.drawn import Drawn
from drops.tui.palette import CommandPalette
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.today import TodayScreen

KEYS = [
    *"phgaswtbimueofxnrcz1245?", "enter", "enter", "escape", "escape", "q", "q", "backspace", "ctrl+p", "down", "up",
    "left", "right", "tab", "pagedown", "home", "end", "slash", "ctrl+c", "left_square_bracket",
]  # fmt: skip
SIZES = [(20, 5), (60, 20), (80, 24), (111, 20), (160, 50)]


@pytest.fixture
def app(study, library, clock, home):
    return DropsApp(lambda: today(library, glance(home), clock()), lambda: study, clock, lambda: library, home=home)


def key(app, name: str) -> None:
    app.post_message(events.Key(name, name if len(name) == 1 else None))


def clicked(widget: Drawn, **what: object) -> None:
    widget.post_message(Drawn.Clicked(widget, dict(what)))


async def settled(app, pilot) -> None:
    for _ in range(4):
        await pilot.pause()
        await app.keyboard.idle()


@pytest.mark.slow
@pytest.mark.parametrize("opens", ["p", "h", "g", "a", "s", "w", "question_mark"])
async def test_a_key_and_a_click_of_one_moment_leave_one_screen(app, learner, clock, opens):
    learner.day()
    clock.days(3)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hands = Hands(app, pilot, app.study)
        await hands.press(opens)
        screen = app.screen
        assert not isinstance(screen, TodayScreen)
        footer = next(iter(screen.query(Keys)), None) or next(iter(screen.query(Drawn)))
        key(app, "q")
        clicked(footer, key="q")
        clicked(footer, key="q")
        key(app, "p")  # for Today, by then
        await settled(app, pilot)
        assert [type(one).__name__ for one in app.screen_stack] == ["TodayScreen", "PathScreen"]


@pytest.mark.slow
async def test_a_screen_opened_while_a_session_is_left_shows_today_as_it_then_is(app, learner, clock):
    learner.day()
    clock.days(3)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hands = Hands(app, pilot, app.study)
        await hands.press("p", "home", "down", "enter")
        for name in ("q", "i", "q", "i", "u"):
            key(app, name)
        await settled(app, pilot)
        assert type(app.screen).__name__ == "ItemsScreen"
        assert "What comes back" in hands.text


async def test_a_line_of_the_palette_chosen_twice_leaves_the_palette_alone(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        palette = CommandPalette()
        await app.push_screen(palette)
        palette.dismiss()
        palette.dismiss()
        await settled(app, pilot)
        assert [type(one).__name__ for one in app.screen_stack] == ["TodayScreen"]


def click_anywhere(app, chance: random.Random) -> None:
    """A click on something that can be clicked, on a widget of the screen in front."""
    if not isinstance(app.screen, DropsScreen):
        return
    found = [
        (widget, segment.style.meta["does"])
        for widget in app.screen.query(Drawn)
        for strip in widget._strips
        for segment in strip
        if segment.style and segment.style.meta.get("does")
    ]
    if found:
        widget, what = chance.choice(found)
        clicked(widget, **what)


async def bursts(app, seed: int, steps: int) -> None:
    """Several keys, clicks and sizes at once, again and again; now and then a rest."""
    chance = random.Random(seed)
    async with app.run_test(size=chance.choice(SIZES)) as pilot:
        await pilot.pause()
        for _ in range(steps):
            for _ in range(chance.randrange(1, 6)):
                what = chance.random()
                if what < 0.7:
                    name = chance.choice(KEYS)
                    if name != "q" or len(app.screen_stack) > 1:
                        key(app, name)
                elif what < 0.93:
                    click_anywhere(app, chance)
                else:
                    await pilot.resize_terminal(*chance.choice(SIZES))
            if chance.random() < 0.5:
                await asyncio.sleep(chance.choice([0, 0.001, 0.01]))
            if chance.random() < 0.15:
                await settled(app, pilot)
            if not app.is_running or app._exit or app._exception:
                break
        with suppress(RuntimeError):
            await pilot.pause()
        app.exit()  # in the middle of whatever it does


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.nightly) for seed in (0, *range(3, 20)))])
async def test_bursts_of_keys_clicks_and_sizes_find_no_exception(app, learner, clock, seed):
    for _ in range(seed % 3 + 1):
        learner.day()
        clock.days(2)
    await asyncio.wait_for(bursts(app, seed, 80), 120)


@pytest.mark.parametrize("step", [pytest.param(14, marks=pytest.mark.slow), pytest.param(4, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("opens", ["enter", "p", "l", "question_mark"])
async def test_an_app_that_is_left_while_a_screen_opens_ends_in_order(opens, step, library):
    for looks in range(0, 160, step):
        app = DropsApp(fake.make_today, lambda: fake.FakeStudy("surface"), fake.clock, lambda: library, home=Path("/nowhere"))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            key(app, opens)
            for _ in range(looks):
                await asyncio.sleep(0)
            app.exit()
        assert app.ended is None
