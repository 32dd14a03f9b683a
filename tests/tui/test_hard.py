"""Hard drops: ranked, with reasons; practised; helped with after three lapses."""

from __future__ import annotations

import fake
import pytest
from helper import same_as_snapshot
from looking import SIZES, lived, looking, read_all, studied
from rich.segment import Segment

from drops.colours import DARK
from drops.course.model import Teaser
from drops.study.looking_back import hard_drops, worked_example
from drops.study.own import hands as hands_on
from drops.study.today import weakest
from drops.tui.base.ink import inks
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.hard import HardScreen
from drops.tui.screens.lists.path_pane import LOWEST, pictured


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_screen_looks_as_it_was_last_looked_at(home, clock, size):
    with lived(home, clock) as study:
        async with looking(study, clock, "h", size=size) as hands:
            await read_all(hands)
            same_as_snapshot(f"hard-{size[0]}x{size[1]}", hands.lines)


async def test_before_the_first_answer_it_says_what_will_stand_here(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "h") as hands:
            await read_all(hands)
            assert "Nothing is hard yet" in hands.text
            await hands.press("enter", "down", "w", "n")
            assert isinstance(hands.app.screen, HardScreen)


@pytest.mark.slow
async def test_enter_practises_the_chosen_drop_and_comes_back(home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, "h") as hands:
            await read_all(hands)
            await hands.press("down", "enter")
            screen = hands.app.screen
            assert isinstance(screen, DropScreen)
            assert screen.session.mode == "replay"
            assert screen.session.units[0].drop == "one-neuron"
            await hands.press("q")
            assert isinstance(hands.app.screen, HardScreen)


async def test_after_three_lapses_the_worked_example_and_the_needed_drop_are_a_key_away(home, clock):
    with lived(home, clock) as study:
        first = hard_drops(study, clock())[0]
        assert first.drop.id == "one-layer"
        assert [drop.id for drop in first.needs] == ["one-neuron"]
        async with looking(study, clock, "h", size=(120, 36)) as hands:
            await read_all(hands)
            assert "Here it is worked through" in hands.text
            await hands.press("w")
            assert "Worked example · " in hands.text
            way = worked_example(study, hard_drops(study, clock())[0].stuck, clock()).way
            assert all(line.strip() in hands.text for line in way[0].splitlines()), hands.text
            await hands.press("w")
            assert "Worked example · " not in hands.text
            await hands.press("n")
            screen = hands.app.screen
            assert isinstance(screen, DropScreen)
            assert screen.session.units[0].drop == "one-neuron"


async def test_a_drop_without_three_lapses_offers_no_worked_example(home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, "h") as hands:
            await read_all(hands)
            await hands.press("j", "w", "n")
            assert "Worked example" not in hands.text
            assert "w worked example" not in hands.lines[-1]
            await hands.press("k")
            assert "w worked example" in hands.lines[-1]


@pytest.mark.slow
async def test_a_click_chooses_and_a_second_one_practises(home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, "h") as hands:
            await read_all(hands)
            await hands.click("A neuron is")
            assert "▸  1" in hands.text
            await hands.click("A neuron is")
            assert isinstance(hands.app.screen, DropScreen)


def test_a_worked_example_has_numbers_of_its_own_for_each_day(home, clock):
    with studied(home, clock) as study:
        today = worked_example(study, "one-neuron/by-hand", clock())
        assert today == worked_example(study, "one-neuron/by-hand", clock())
        assert "=" in today.way[0]
        clock.days(1)
        assert worked_example(study, "one-neuron/by-hand", clock()) != today


@pytest.mark.parametrize("rows", range(3, 40, 4))
def test_the_picture_of_a_drop_stands_below_what_is_said_of_it_where_it_finds_room(rows):
    ink, said = inks(DARK, few=False), [[Segment("weakest")]] * 3
    drop = fake.make_today().new._replace(picture=Teaser("net", (2, 3, 1)))
    shown = pictured(said, drop, 60, rows, ink)
    assert shown[:3] == said
    assert len(shown) <= max(rows, 3)
    assert (len(shown) > 3) == (rows - 5 >= LOWEST)
    assert pictured(said, drop._replace(picture=None), 60, rows, ink) == said


async def test_an_item_at_rest_is_called_so_and_never_the_weakest(home, clock):
    with lived(home, clock) as study:
        drop = hard_drops(study, clock())[0].drop
        least = min(drop.kept, key=lambda key: study.log.memories()[key].stability)
        hands_on.act(study, "set aside", least, clock())
        (rests,) = [one for one in hard_drops(study, clock())[0].items if one.rests]
        assert rests.title == drop.kept[least].title
        assert weakest(hard_drops(study, clock())[0].items) != rests
        async with looking(study, clock, "h", size=(120, 36)) as hands:
            await read_all(hands)
            (line,) = [line for line in hands.lines if "at rest" in line]
            assert "weakest" not in line
