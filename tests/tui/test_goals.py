"""What a figure asks to be found: seen from the start, lit when it is found, and found for good."""

from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.exercises.goals import with_goal

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]


@pytest.fixture
def goal(monkeypatch):
    shown = with_goal(fake.PAGES["figure"].show, "raise w₁ to 2", "w >= 2")
    monkeypatch.setitem(fake.PAGES, "figure", replace(fake.PAGES["figure"], show=shown))


def told(hands):
    return [line.strip() for line in hands.app.screen.stage.moving.lines if "raise w₁ to 2" in line]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_is_lit_when_it_is_reached_and_stays_found(size, goal):
    async with opened("figure", "figure", size=size) as hands:
        assert told(hands) == ["○ Try: raise w₁ to 2"]
        await hands.press("right")
        assert told(hands) == ["○ Try: raise w₁ to 2"]
        await hands.press("right")
        assert told(hands) == ["● Found: raise w₁ to 2"]
        await hands.press("left", "left")
        assert told(hands) == ["● Found: raise w₁ to 2"]
        while not hands.study.turned:  # to the next page, where it is known still
            await hands.press("enter")
        assert told(hands) == ["● Found: raise w₁ to 2"]


async def test_a_click_on_the_slider_finds_it_too(goal):
    async with opened("figure", size=(120, 36)) as hands:
        stage = hands.app.screen.stage
        stage.touch({"knob": 0, "to": 3.0})
        stage.redraw()
        await hands.pilot.pause()
        assert told(hands) == ["● Found: raise w₁ to 2"]
