"""Two paths in the app: Path turns between them, chooses and pauses; Today and the palette follow."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from functools import partial

import looking
import pytest
from looking import Days

import sums_path
from drops.course.parse import load
from drops.errors import DropsError
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from drops.tui.palette import everything
from drops.tui.screens.lists.path import PathScreen
from drops.tui.screens.lookup import LookUpScreen
from lessons import first_alone

BUNDLED = "understand-neural-network-fundamentals"


@pytest.fixture
def study(tmp_path):
    library = load([*first_alone(None), sums_path.write(tmp_path / "mine")])
    opened = Study(library, Log.open(tmp_path / "home", folded(0.9), now=Days()(), daily_backup=False))
    yield opened
    opened.close()


@asynccontextmanager
async def opened(study, *keys, size=(80, 24)):
    async with looking.looking(study, Days(), *keys, size=size) as hands:
        yield hands


@pytest.mark.slow
async def test_path_turns_to_the_other_path_and_chooses_it(study):
    async with opened(study, "p") as hands:
        assert "path 1 of 2, chosen" in hands.text
        assert "choose this path" not in hands.text
        await hands.press("right_square_bracket")
        assert "path 2 of 2, open" in hands.text
        assert "Not in this drop: products." in hands.text
        assert "One sum" in hands.text
        await hands.press("home")
        assert "2 days" in hands.text
        await hands.press("c")
        assert study.paths.current.id == "sums"
        assert "path 2 of 2, chosen" in hands.text
        await hands.press("q")
        assert "Begin with drop 1" in hands.text
        assert "One sum" in hands.text
        assert "0 of 2" in hands.text
        await hands.press("p")
        assert "path 2 of 2, chosen" in hands.text


@pytest.mark.slow
async def test_a_path_is_paused_and_gone_on_with_where_it_is_shown(study):
    async with opened(study, "p", "right_square_bracket", "z") as hands:
        assert "path 2 of 2, paused" in hands.text
        await hands.press("z")
        assert "path 2 of 2, open" in hands.text


@pytest.mark.slow
async def test_a_tiny_path_is_walked_from_path_to_its_first_page_with_its_own_terms(study):
    async with opened(study, "p", "right_square_bracket", "enter", "enter") as hands:
        assert "Sums 1 · One sum" in hands.text
        assert "Not in this drop: products." in hands.text
        await hands.press("t")
        assert "A leaning of whoever adds." in hands.text
        assert "sigmoid" not in hands.text


def found(hands) -> dict[str, object]:
    return {line.name: partial(hands.app.keyboard.do, line.job) for line in everything(hands.app)}


async def test_the_palette_finds_drops_of_all_paths_that_are_listed_and_terms_by_path(study):
    async with opened(study) as hands:
        names = found(hands)
        assert {"Drop 1 of Sums: One sum", "Term: bias", "Term: bias (Sums)", "Path: Sums"} <= set(names)
        names["Term: bias (Sums)"]()
        await hands.press()
        await hands.app.keyboard.idle()
        await hands.pilot.pause()
        assert "A leaning of whoever adds." in hands.text
        await hands.press("escape")
        (found(hands))["Hide path: Sums"]()
        await hands.app.keyboard.idle()
        names = found(hands)
        assert not {name for name in names if "Sums" in name} - {"Go on with path: Sums"}


@pytest.mark.slow
async def test_a_path_that_is_hidden_while_it_is_shown_gives_way_to_the_current_one(study):
    async with opened(study, "p", "right_square_bracket") as hands:
        (found(hands))["Hide path: Sums"]()
        await hands.app.keyboard.idle()
        await hands.pilot.pause()
        assert isinstance(hands.app.screen, PathScreen)
        assert hands.app.screen.path.id == BUNDLED


async def test_progress_names_the_path_of_each_drop_where_there_are_several(study):
    study.log.append(Fact(Kind.GRADED, "one-sum/three", Rating.GOOD, True), Days()())
    async with opened(study, "g", size=(120, 60)) as hands:
        lines = [line.strip() for line in hands.lines]
        at = lines.index(next(line for line in lines if line.endswith("Sums")))
        assert "One sum" in lines[at + 1]
        assert "every path is complete when all are" in hands.text


async def test_what_a_drop_leaves_out_is_told_whole_on_a_narrow_terminal(study):
    async with opened(study, "enter", size=(60, 20)) as hands:
        told = " ".join(hands.text.split())
        assert "Not in this drop: how the numbers are found; more than one neuron." in told


@pytest.mark.slow
async def test_what_the_footer_says_of_enter_on_a_drop_is_what_enter_does(home, clock):
    with looking.studied(home, clock) as own:
        async with looking.looking(own, clock, "p") as hands:
            assert "enter begin " in hands.lines[-1]
            assert " · begun" not in hands.text
            assert "read from the start" not in hands.lines[-1]
            await hands.press("enter")
            first = own.page(hands.app.screen.session)
            await hands.press("enter")
            second = own.page(hands.app.screen.session)
            assert second != first
            await hands.press("q")
            assert isinstance(hands.app.screen, PathScreen)
            assert "enter go on " in hands.lines[-1]
            assert " · begun" in hands.text
            assert "s read from the start" in hands.lines[-1]
            await hands.press("s")
            assert isinstance(hands.app.screen, LookUpScreen)
            assert "A neuron multiplies, adds and squashes." in hands.text
            await hands.press("q", "enter")
            assert own.page(hands.app.screen.session) == second


async def test_a_lesson_is_made_anew_in_a_thread_and_what_cannot_be_drawn_of_it_is_told(home, clock, monkeypatch):
    here, threads = threading.get_ident(), []

    def broken(self, drop):
        threads.append(threading.get_ident())
        raise DropsError("a figure of it wants three numbers")

    monkeypatch.setattr(Study, "pages_of", broken)
    with looking.studied(home, clock) as own:
        async with looking.looking(own, clock, "p") as hands:
            await hands.press("enter", "enter", "q", "s")
            assert isinstance(hands.app.screen, PathScreen)
            assert [one.message for one in hands.app._notifications] == ["a figure of it wants three numbers"]
    assert threads
    assert here not in threads
