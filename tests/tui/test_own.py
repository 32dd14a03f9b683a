"""What is in the learner's hands, in the app: by the palette, in the items of a drop, and on a page."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from helper import Hands

from drops.store.file.glance import glance
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.palette import Everything
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.items import ItemsScreen
from drops.tui.screens.lists.path import PathScreen
from drops.tui.screens.today import TodayScreen

DROP = "weighted-sum-and-squash"


@pytest.fixture
def at_app(study, library, clock, home):
    """The app on a real study, at Today."""

    @asynccontextmanager
    async def run(size=(80, 24)):
        app = DropsApp(
            lambda: today(library, glance(home), clock()), lambda: study, clock, lambda: library, home=home
        )
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            yield Hands(app, pilot, study)

    return run


async def find(hands: Hands, name: str) -> None:
    """Does what the palette's line of this name does."""
    (line,) = [line for line in Everything(hands.app.screen).lines if line.name == name]
    hands.app.keyboard.do(line.job)
    await hands.app.keyboard.idle()
    await hands.pilot.pause()


async def names(hands: Hands) -> set[str]:
    return {line.name for line in Everything(hands.app.screen).lines}


@pytest.mark.slow
async def test_the_palette_sets_aside_takes_in_forgets_and_takes_back(study, learner, clock, at_app):
    learner.day()
    clock.days(3)
    due = study.today(clock()).items[0]
    async with at_app() as hands:
        await find(hands, f"Set aside: {due.title}")
        assert due.item_key not in {item.item_key for item in study.today(clock()).items}
        assert f"Set aside: {due.title}" not in await names(hands)
        await find(hands, f"Take in: {due.title}")
        assert due.item_key in {item.item_key for item in study.today(clock()).items}
        known = study.log.memories()
        await find(hands, "Forget: A neuron is a weighted sum and a squash, nothing more")
        assert not [key for key in study.log.memories() if key.startswith(DROP)]
        await find(hands, "Undo")
        assert study.log.memories() == known


@pytest.mark.slow
async def test_what_is_in_front_is_set_aside_and_the_next_is_asked(study, learner, clock, at_app):
    learner.day()
    clock.days(3)
    async with at_app() as hands:
        await hands.press("enter")
        screen = hands.app.screen
        key = screen.page.item_key
        await find(hands, "Set this aside")
        assert hands.app.screen is screen
        assert screen.page.item_key not in ("", key)
        await hands.press("u")
        assert screen.page.item_key == key


@pytest.mark.slow
async def test_forgetting_the_drop_of_the_page_in_front_leaves_it(study, learner, clock, at_app):
    learner.day()
    async with at_app() as hands:
        await hands.app.begin(drop="1")
        await hands.pilot.pause()
        assert isinstance(hands.app.screen, DropScreen)
        await find(hands, "Forget: A neuron is a weighted sum and a squash, nothing more")
        assert isinstance(hands.app.screen, TodayScreen)


@pytest.mark.slow
async def test_i_guessed_of_the_palette_is_told_in_the_feedback(study, learner, clock, at_app):
    session = study.begin(clock(), drop="1")
    while study.page(session).part != "do":
        session = learner.page(session)
    page = study.page(session)
    study.answer(session, learner.answer_to(session, page), clock(), seconds=20)
    async with at_app() as hands:
        await hands.press("enter")
        assert hands.app.screen.outcome.verdict.right
        seen = len(hands.app.screen.seen)
        await find(hands, "I guessed")
        assert "guess" in hands.app.screen.outcome.reason
        assert len(hands.app.screen.seen) == seen


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_items_of_a_drop_are_set_aside_taken_in_and_forgotten_by_keys(
    study, learner, clock, at_app, size
):
    learner.day()
    clock.days(3)
    async with at_app(size) as hands:
        await hands.press("p", "home", "down", "i")
        assert isinstance(hands.app.screen, ItemsScreen)
        assert "z and a for one neuron" in hands.text
        assert "due today" in hands.text
        await hands.press("enter")
        assert "left out until you take it in" in hands.text
        assert "enter take in" in hands.text
        await hands.press("u")
        assert "left out until you take it in" not in hands.text
        await hands.press("enter", "enter")
        assert "left out until you take it in" not in hands.text
        await hands.press("f", "down")
        assert study.log.memories()
        await hands.press("home", "f", "f")
        assert "due today" not in hands.text
        assert not [key for key in study.log.memories() if key.startswith(DROP)]
        await hands.press("u")
        assert "due today" in hands.text
        await hands.press("q")
        assert isinstance(hands.app.screen, PathScreen)


async def test_where_nothing_can_be_saved_it_is_said_and_nothing_is_done(home, library, clock, study, learner):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    learner.day()
    clock.days(3)
    second = Study(library, Log.open(home, folded(0.9), now=clock()))
    app = DropsApp(lambda: today(library, glance(home), clock()), lambda: second, clock, lambda: library, home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        hands = Hands(app, pilot, second)
        events = len(study.log.events())
        await find(hands, "Undo")
        assert len(study.log.events()) == events
        assert any("nothing was changed: another drops" in str(one.message) for one in app._notifications)
    second.close()
