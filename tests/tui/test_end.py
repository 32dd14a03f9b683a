"""The last page of a session: read to its end, closed, gone on from, gone back from."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from helper import opened, same_as_snapshot
from looking import read_all

from drops.tui.screens.behind import BehindScreen
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.end import EndScreen
from drops.tui.screens.today import TodayScreen


async def test_enter_shows_what_is_below_the_fold_and_then_closes_the_day():
    async with opened("carry", size=(60, 12), still=True) as hands:
        await hands.press("enter", "enter")
        assert isinstance(hands.app.screen, EndScreen)
        assert "enter more ↓" in hands.lines[-1]
        seen = hands.text
        for _ in range(6):
            await hands.press("enter")
            seen += hands.text
            if isinstance(hands.app.screen, TodayScreen):
                break
        assert "▸ Go on with drop 1" in seen
        assert hands.study.turned == ["carry", "end"]


async def test_n_goes_on_with_the_next_drop():
    async with opened("carry", still=True) as hands:
        begun = []
        begin = hands.app.begin

        async def begins(**how):
            begun.append(how)
            await begin(**how)

        hands.app.begin = begins
        await hands.press("enter")
        assert "go on with drop 1" in hands.lines[-1]
        await hands.press("n")
        assert begun == [{"drop": "drop-1"}]
        assert isinstance(hands.app.screen, DropScreen)
        assert [type(one) for one in hands.app.screen_stack[1:]] == [DropScreen]


async def test_a_drop_of_another_path_is_offered_with_the_name_of_its_path(monkeypatch):
    """"drop 1" alone would be taken for the first of the chosen path."""
    other = replace(fake.ENDING, elsewhere="Understand Neural Network Fundamentals")
    monkeypatch.setattr(fake, "END", replace(fake.END, ending=other))
    async with opened("carry", still=True) as hands:
        await hands.press("enter")
        at = next(y for y, line in enumerate(hands.lines) if "▸ Go on with drop 1 " in line)
        assert "  of Understand Neural Network" in hands.lines[at + 1]
        assert "n go on  " in hands.lines[-1]
        assert "drop 1" not in hands.lines[-1]


async def test_b_walks_back_from_the_end_and_comes_to_it_again():
    async with opened("carry", still=True) as hands:
        await hands.press("enter", "b")
        assert isinstance(hands.app.screen, BehindScreen)
        assert "Carry forward" in hands.text
        await hands.press("q")
        assert isinstance(hands.app.screen, EndScreen)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [24, 30, 40])
async def test_at_sixty_columns_the_picture_stands_below_what_is_said_where_it_finds_room(rows):
    async with opened("carry", size=(60, rows), still=True) as hands:
        await hands.press("enter")
        await read_all(hands)
        drawn = [at for at, line in enumerate(hands.lines) if "▀" in line]
        said = next(at for at, line in enumerate(hands.lines) if "Tomorrow" in line)
        assert not drawn or (len(drawn) >= 6 and min(drawn) > said)
        assert bool(drawn) == (rows >= 30)
        assert "more ↓" not in hands.text or rows == 24


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)], ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_picture_stands_beside_what_is_said(size):
    async with opened("carry", size=size, still=True) as hands:
        await hands.press("enter")
        await read_all(hands)
        row = next(line for line in hands.lines if "I can work out any neuron." in line)
        assert len(row.strip()) > len("I can work out any neuron.") + 10
        drawn = sum("▀" in line for line in hands.lines)
        assert drawn >= (0.6 * (size[1] - 3) if size[0] >= 110 else 8)
        if size == (200, 50):
            same_as_snapshot("end-200x50", hands.lines)
