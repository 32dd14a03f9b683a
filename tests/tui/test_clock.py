"""Which clock is right, asked by the app before a session begins."""

from __future__ import annotations

from datetime import date

import pytest
from helper import opened

from drops.study.own.clocks import Doubt
from drops.tui.screens.clock import ClockScreen
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.today import TodayScreen


class Event:
    study_day = date(2027, 3, 5).toordinal()


DOUBT = Doubt(date(2027, 3, 5), date(2026, 3, 6), (Event(),), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_question_and_both_answers_are_on_one_screen(size):
    async with opened(size=size) as hands:
        hands.study.doubts = DOUBT
        await hands.press("enter")
        assert isinstance(hands.app.screen, ClockScreen)
        said = " ".join(hands.text.split())
        assert (
            "Your last answer is from 5 March 2027, this machine says 6 March 2026: which is right?" in said
        )
        assert "1 this machine: the last answer was on 5 March 2026" in said
        assert "2 the last answer: this machine's date is wrong" in said


@pytest.mark.parametrize("keys", [("1",), ("enter",), ("down", "up", "enter")])
async def test_this_machine_is_right_puts_right_what_was_dated_ahead_and_begins(keys):
    async with opened(size=(120, 36)) as hands:
        hands.study.doubts = DOUBT
        await hands.press("enter", *keys)
        assert isinstance(hands.app.screen, DropScreen)
        assert hands.study.doubts is None


@pytest.mark.slow
@pytest.mark.parametrize("keys", [("2",), ("down", "enter"), ("q",)])
async def test_a_machine_that_is_wrong_begins_nothing(keys):
    async with opened() as hands:
        hands.study.doubts = DOUBT
        await hands.press("enter", *keys)
        assert isinstance(hands.app.screen, TodayScreen)
        assert hands.study.doubts is DOUBT
