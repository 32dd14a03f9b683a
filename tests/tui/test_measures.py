"""The measures of every screen that is no page of a drop: at every size nothing is cut, the chosen thing and the
keys are on the screen, the room is used, and few colours say what many say.

A real course and a week of a learner who errs now and then.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from helper import Hands
from looking import read_all

from drops.clock import moment
from drops.exercises.answers import digit
from drops.exercises.blocks import Choice, Run
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.lists.listing import Listing, ListScreen

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
NAMES = [f"{w}x{h}" for w, h in SIZES]
DAYS = 6
# How each screen is come to from Today.
SCREENS = {
    "today": (),
    "why": ("w",),
    "path": ("p",),
    "path-about": ("p", "home"),
    "hard": ("h",),
    "drops": ("g",),
    "days": ("g", "2"),
    "memory": ("g", "3"),
    "memory-figures": ("g", "3", "m"),
    "mix-ups": ("g", "4"),
    "outcomes": ("g", "5"),
    "history": ("a",),
    "settings": ("s",),
}
CHARTS = ("days", "memory", "memory-figures")
AWAY = 20


class Ticking:
    """A clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self):
        self.at += timedelta(milliseconds=1)
        return moment(self.at)


@pytest.fixture(scope="module")
def lived(tmp_path_factory, library):
    """The home of a week, and when it ends."""
    home, clock = tmp_path_factory.mktemp("week") / "home", Ticking(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    chance = random.Random(3)
    study = Study(library, Log.open(home, folded(0.9), now=clock()))
    for _ in range(DAYS):
        session = study.begin(clock())
        while not session.ended:
            page = study.page(session)
            if page.ask is not None and not isinstance(page.ask, Run):
                front = study._front(session) if page.part != "offer" else None
                text = front.task.worked(front.ask).wanted if front else "1"
                wrong = [i for i, one in enumerate(getattr(page.ask, "options", ())) if not one.right]
                if isinstance(page.ask, Choice) and page.part != "offer" and wrong and chance.random() < 0.3:
                    text = digit(wrong[0])
                session, _ = study.answer(session, text, clock(), seconds=8.0)
            session = study.turn(session, clock())
        clock.at += timedelta(days=1)
    study.close()
    return home, clock.at


@asynccontextmanager
async def looked(lived, library, tmp_path, *keys, size, away=0, palette="dark") -> AsyncIterator[Hands]:
    home, at = tmp_path / "home", lived[1]
    shutil.copytree(lived[0], home)
    clock = Ticking(at + timedelta(days=away))
    app = DropsApp(
        lambda: today(library, glance(home), clock()),
        lambda: Study(library, Log.open(home, folded(0.9), now=clock())),
        clock,
        lambda: library,
        home=home,
        palette=palette,
        reduced_motion=True,
    )
    async with app.run_test(size=size) as pilot:
        hands = Hands(app, pilot, None)
        await pilot.pause()
        await hands.press(*keys)
        await read_all(hands)
        yield hands
        if app.study is not None:
            app.study.close()


def cut(lines: list[str]) -> list[str]:
    """Lines on which something was cut; three dots after a number are a range, and in brackets an inner sum."""
    return [line for line in lines if "…" in line.replace("(…)", "") and " … " not in line]


EVERY_SIZE = [
    pytest.param(size, id=name, marks={80: (), 200: pytest.mark.nightly}.get(size[0], pytest.mark.slow))
    for size, name in zip(SIZES, NAMES, strict=True)
]


@pytest.mark.slow
@pytest.mark.parametrize("size", EVERY_SIZE)
@pytest.mark.parametrize("name", SCREENS)
async def test_nothing_is_cut_and_the_chosen_row_and_the_keys_are_seen(lived, library, tmp_path, name, size):
    async with looked(lived, library, tmp_path, *SCREENS[name], size=size) as hands:
        for key in ("down", "down", "pagedown", "end", "up"):
            lines = hands.lines
            assert all(len(line) <= size[0] for line in lines)
            assert cut(lines) == []
            assert "? help" in lines[-1]
            if name not in CHARTS:
                assert sum(line.lstrip().startswith("▸") for line in lines[:-1]) >= 1, hands.text
            if name == "today":
                break
            await hands.press(key)


@pytest.mark.slow
@pytest.mark.parametrize("size", EVERY_SIZE)
async def test_after_weeks_away_the_action_stands_first_and_all_of_today_on_the_screen(
    lived, library, tmp_path, size
):
    async with looked(lived, library, tmp_path, size=size, away=AWAY) as hands:
        assert "▸ Begin" in hands.lines[2]
        assert hands.app.screen.query_one("#body").max_scroll_y == 0
        assert "short questions" in hands.text


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[2:], ids=NAMES[2:])
@pytest.mark.parametrize("name", ["today", "why"])
async def test_the_picture_takes_the_room_that_is_left(lived, library, tmp_path, name, size):
    async with looked(lived, library, tmp_path, *SCREENS[name], size=size) as hands:
        while "not known before its first answer" in hands.text:  # an item has no curve yet
            await hands.press("down")
        right = [line[size[0] * 2 // 5 :].strip() for line in hands.lines[1:-1]]  # the list ends before
        assert sum(map(bool, right)) >= 0.6 * len(right), hands.text


FEW = {"light": {}, "no colours": {"NO_COLOR": "1"}, "sixteen colours": {"COLORTERM": "", "TERM": "xterm-16color"}}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCREENS)
async def test_at_120_columns_a_list_stands_with_its_pane_no_screen_is_empty_and_few_colours_say_the_same(
    lived, library, tmp_path, monkeypatch, name
):
    """A list takes the whole width for bars and opens its pane by Enter; of a screen at most seven tenths are empty."""
    async with looked(lived, library, tmp_path / "many", *SCREENS[name], size=(120, 36)) as hands:
        many = [plain(line) for line in hands.lines[:-1]]
        if name != "settings":  # which has no figure
            assert sum(bool(line.strip()) for line in hands.lines) >= 11, hands.text
        screen = hands.app.screen
        if isinstance(screen, ListScreen) and screen.count:
            pane, listing = screen.query_one("#pane"), screen.query_one(Listing)
            assert listing.display
            if name == "drops":
                assert sum("━━" in line for line in hands.lines[2:]) >= 6
                await hands.press("enter")
            assert pane.display
            assert pane.size.height >= 6
    for how, environment in FEW.items():
        palette = "light" if how == "light" else "dark"
        with monkeypatch.context() as patched:
            for variable, value in environment.items():
                patched.setenv(variable, value)
            async with looked(
                lived, library, tmp_path / how, *SCREENS[name], size=(120, 36), palette=palette
            ) as hands:
                assert [plain(line) for line in hands.lines[:-1]] == many, how


def plain(line: str) -> str:
    """The words of a line: what a picture is made of is another matter."""
    return " ".join(word for word in line.split() if any(c.isalpha() and c.isascii() for c in word))
