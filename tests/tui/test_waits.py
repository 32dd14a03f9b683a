"""No key waits for a training: what takes long is computed aside, and the screen answers meanwhile."""

from __future__ import annotations

import asyncio
import gc
import re
import threading
import time
from collections.abc import Callable

import fake
import pytest
from helper import opened
from textual import events

from drops.exercises.blocks import Design, Frame, Run
from drops.networks.design import evidence
from drops.study.study import Study
from drops.tui.app import DropsApp
from drops.tui.base.apart import Worker, apart
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.today import TodayScreen

WHILE = 20.0  # seconds; what would be waited for takes longer
LONG = 5.0
STRETCH = 0.2  # seconds of computing between two looks at the keys: pages are drawn in half of it


class Heart:
    """Beats as often as the screen's thread lets it; remembers the longest pause, by its clock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.longest, self.clock = 0.0, clock

    async def beat(self) -> None:
        last = self.clock()
        while True:
            await asyncio.sleep(0.001)
            now = self.clock()
            self.longest, last = max(self.longest, now - last), now


def slow(seconds: float) -> Run:
    """A training that a page needs, long enough to be skipped."""

    def frames(seed: int):
        for _ in range(100):
            time.sleep(seconds / 100)
            yield None
        yield Frame((), 1.0, "Done.")

    return Run("It trains.", frames, needed=True)


@pytest.fixture
def training(monkeypatch):
    """A session whose page after a skipped training is made when the test lets it, within a while."""
    monkeypatch.setitem(fake.PAGES, "slow", fake.PAGES["see"].__class__(**{**vars(fake.PAGES["see"]), "ask": slow(2.0)}))
    study = fake.FakeStudy("slow", "do", "carry")
    study.let = threading.Event()
    made = fake.FakeStudy.page

    def page(self, session):
        if session.at == 1:
            study.let.wait(WHILE)
        return made(self, session)

    monkeypatch.setattr(fake.FakeStudy, "page", page)
    return study


async def test_a_page_that_takes_long_comes_by_itself_and_keys_are_answered_or_kept_meanwhile(training):
    async with opened("slow", study=training, size=(100, 50)) as hands:
        heart = Heart(time.monotonic)
        beating = asyncio.create_task(heart.beat())
        screen = hands.app.screen
        assert isinstance(screen, DropScreen)
        await hands.pilot.press("enter")  # skips it
        await hands.app.keyboard._jobs.join()
        assert screen.coming is not None
        assert "computing" in hands.text
        await hands.pilot.press("question_mark")
        await hands.app.keyboard._jobs.join()
        assert type(hands.app.screen).__name__ == "HelpScreen"
        await hands.pilot.press("q", "4", "enter", "5")  # for the page that comes
        training.let.set()
        await hands.app.keyboard.idle()
        assert [typed.text for typed in screen.asking.typed.values()] == ["4", "5", ""]
        beating.cancel()
        assert heart.longest < LONG


async def test_who_leaves_meanwhile_has_left(training):
    async with opened("slow", study=training, size=(100, 50)) as hands:
        await hands.pilot.press("enter")
        await hands.app.keyboard._jobs.join()
        await hands.pilot.press("q")
        training.let.set()
        await hands.app.keyboard.idle()
        await hands.pilot.pause()
        assert isinstance(hands.app.screen, TodayScreen)
        assert training.turned == ["slow"] or training.turned == [fake.PAGES["slow"].key]


@pytest.fixture
def ends_trainings(monkeypatch):
    """What still trains when the test is over would take the processor from those after it."""
    yield

    def over(_):
        raise RuntimeError("the test is over")

    monkeypatch.setattr(evidence._Going, "bite", over)
    until = time.monotonic() + WHILE
    while time.monotonic() < until and any(
        isinstance(thread, Worker) and thread not in Worker.idle for thread in threading.enumerate()
    ):
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.usefixtures("ends_trainings")
async def test_skipping_the_longest_training_keeps_no_key_waiting(study: Study, learner, clock, home, library):
    """Drop 14 with three layers of 100: nine seconds of training and more, skipped at once."""
    session = study.begin(clock(), drop="tabular-architecture")
    while not (page := study.page(session)).key.endswith(":evidence"):
        if isinstance(page.ask, Design):
            good = study._front(session).task.exercise._one_good_form()
            text = re.sub("(?<!-)hidden=[^;]*", "hidden=100, 100, 100", good)
            session, _ = study.answer(session, text, clock(), seconds=9)
            session = study.turn(session, clock())
        else:
            session = learner.page(session)
    app = DropsApp(fake.make_today, lambda: study, clock, lambda: library, home=home)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await app.begin(drop="tabular-architecture")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, DropScreen)
        gc.collect()
        gc.freeze()  # what hundreds of tests before this one left is not the app's to look through
        heart = Heart(time.thread_time)  # of this thread alone, so that a busy machine does not count
        beating = asyncio.create_task(heart.beat())
        skipped = screen.page.key
        for _ in range(80):
            for key in ("1", "enter"):
                app.post_message(events.Key(key, key if len(key) == 1 else None))
            await asyncio.sleep(0.1)
        assert screen.page.key != skipped
        app.post_message(events.Key("q", "q"))
        for _ in range(100):
            await asyncio.sleep(0.1)
            if app.screen is not screen:
                break
        assert isinstance(app.screen, TodayScreen)
        beating.cancel()
        gc.unfreeze()
        assert heart.longest < STRETCH


@pytest.mark.slow
async def test_nothing_is_stored_and_no_page_is_made_on_the_thread_that_hears_the_keys(monkeypatch):
    """An answer, a page turned, a worked line, an undo, "I guessed", the end: each in a thread of its own."""
    here, calls = threading.get_ident(), []

    def watched(name):
        does = getattr(fake.FakeStudy, name)

        def call(self, *args, **more):
            calls.append((name, threading.get_ident() == here))
            return does(self, *args, **more)

        return call

    for name in ("answer", "turn", "reveal", "guessed", "act", "page", "outcome", "lesson"):
        monkeypatch.setattr(fake.FakeStudy, name, watched(name))
    async with opened("do", "wires", "explain", "carry", size=(100, 60)) as hands:
        await hands.press("0", "enter", "5", "enter", "5", "enter", "i")
        await hands.press("u")
        await hands.press("0", "enter", "5", "enter", "5", "enter", "enter", "enter", "l", "q", "s", "s")
        await hands.press("enter", "enter")
        while isinstance(hands.app.screen, DropScreen):
            await hands.press("q")
    assert {name for name, _ in calls} >= {"answer", "turn", "page", "act", "reveal", "lesson"}
    assert [name for name, waited_for in calls if waited_for] == []


async def test_what_is_done_apart_one_after_another_starts_no_thread_for_each():
    """Starting one holds the screen until it runs: a training is pulled thirty times a second."""
    first = await apart(threading.current_thread)
    assert {await apart(threading.current_thread) for _ in range(20)} <= {first, *Worker.idle}


async def test_two_things_apart_go_on_at_once_and_what_goes_wrong_is_raised_where_it_is_waited_for():
    met = threading.Barrier(2)
    both = await asyncio.gather(apart(lambda: met.wait(WHILE)), apart(lambda: met.wait(WHILE)))
    assert sorted(both) == [0, 1]

    def wrong():
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        await apart(wrong)
    assert await apart(lambda: 7) == 7
