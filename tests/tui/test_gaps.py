"""A blank in the prose, by real keys: digits go into it and nowhere else, Enter looks at it, figures stay."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from looking import looking
from textual import events

from drops.events import Kind

SIZES = [(60, 20), (80, 24), (120, 36)]


@asynccontextmanager
async def at_drop(study, clock, number: int, size=(80, 24)):
    """The app on the first page of a drop."""
    async with looking(study, clock, size=size) as hands:
        await hands.app.begin(drop=study.drop(str(number)).id, test_out=False)
        await hands.press()
        yield hands


def prose(hands) -> str:
    """The words of the page, whatever is in sight of them."""
    return " ".join(" ".join(hands.app.screen.query_one("#main").lines).split())


def stored(study) -> list[str]:
    said = (event.payload for event in study.log.events(kinds=(Kind.SESSION,)))
    return [one["blank"] for one in said if "blank" in one]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_blank_is_filled_by_keys_and_what_it_is_stands_in_the_prose(study, clock, size):
    async with at_drop(study, clock, 2, size) as hands:
        page = hands.app.screen.page
        await hands.type("-7")
        assert "-7▏" in hands.text
        assert "enter check" in hands.lines[-1]
        await hands.press("enter")
        assert "Not -7: once more." in prose(hands)
        await hands.type("-2")
        await hands.press("enter")
        assert "−2 ✓" in hands.text
        assert hands.app.screen.page.key == page.key
        assert stored(study) == ["-7", "-2"]
        while hands.app.screen.page.key == page.key:
            await hands.press("enter")
        assert stored(study) == ["-7", "-2"]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_enter_on_an_empty_blank_shows_its_number_before_the_page_is_turned(study, clock, size):
    async with at_drop(study, clock, 2, size) as hands:
        page = hands.app.screen.page
        while not stored(study):
            assert hands.app.screen.page.key == page.key
            await hands.press("enter")
        assert hands.app.screen.page.key == page.key
        assert "0.5, d is −2. Without" in prose(hands)
        assert "−2. " in " ".join(hands.lines)


@pytest.mark.slow
async def test_the_figure_stays_as_it_was_turned_and_arrows_are_still_its_own(study, clock):
    async with at_drop(study, clock, 2, (120, 36)) as hands:
        await hands.press("right", "right")
        turned = dict(next(iter(hands.app.screen.stage.hands.values.values())))
        await hands.type("-2")
        await hands.press("enter")
        assert dict(next(iter(hands.app.screen.stage.hands.values.values()))) == turned
        await hands.press("left")
        assert dict(next(iter(hands.app.screen.stage.hands.values.values()))) != turned


@pytest.mark.slow
async def test_what_is_typed_survives_leaving_and_what_is_no_number_is_said_in_words(study, clock):
    async with at_drop(study, clock, 2) as hands:
        await hands.type("-3.")
        await hands.press("q")
        await hands.app.begin(drop=study.drop("2").id, test_out=False)
        await hands.press()
        assert "-3.▏" in hands.text
        await hands.type("-")
        await hands.press("enter")
        assert "“-3.-” is not a number" in prose(hands)
        assert not stored(study)


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("**x** `y` [a](b)", "“**x** `y` [a](b)” is no number; for example −0.5."),
        ("9" * 10_000, "That is longer than 40 characters; for example −0.5."),
        ("&lt;<b>", "“&lt;<b>” is no number; for example −0.5."),
    ],
)
async def test_what_cannot_be_pasted_into_a_blank_is_told_as_it_was_in_a_sentence(study, clock, pasted, told):
    async with at_drop(study, clock, 2) as hands:
        hands.app.post_message(events.Paste(pasted))
        await hands.press()
        assert told in prose(hands)
        assert not stored(study)


@pytest.mark.slow
async def test_a_letter_that_no_number_has_is_answered_in_words(study, clock):
    async with at_drop(study, clock, 2) as hands:
        await hands.press("w")
        assert "“w” is no part of a number; for example −0.5." in prose(hands)


@pytest.mark.slow
async def test_a_backspace_in_an_empty_blank_is_the_pages_own_key(study, clock):
    async with at_drop(study, clock, 3) as hands:
        first = hands.app.screen.page.key
        while hands.app.screen.page.key == first or not hands.app.screen.fills:
            await hands.press("enter")
        await hands.type("1")
        await hands.press("backspace", "backspace")
        assert type(hands.app.screen).__name__ == "BehindScreen"
        assert "▏" not in hands.text
