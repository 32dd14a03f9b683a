"""A window that changes its size keeps the words that were read in sight, and gives the same place back."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from helper import opened
from hypothesis import given
from hypothesis import strategies as st

from drops.exercises.blocks import Words
from drops.tui.base.body import ALIKE, Body, line_again

PARAGRAPHS = "\n\n".join(
    f"Paragraph{n} " + " ".join(f"word{n}x{k}" for k in range(30)) for n in range(14)
)
RESIZES = [(80, 30), (80, 20), (100, 24), (60, 20), (200, 50), (120, 36), (80, 24)]


@pytest.fixture
def long_page(monkeypatch):
    page = replace(fake.PAGES["figure"], show=(Words(PARAGRAPHS), *fake.PAGES["figure"].show))
    monkeypatch.setitem(fake.PAGES, "figure", page)


async def resized(hands, size):
    await hands.pilot.resize_terminal(*size)
    body, before = hands.app.screen.query_one(Body), None
    for _ in range(200):
        await hands.pilot.pause()
        now = (body.size, body.scroll_y, hands.lines)
        if now == before and hands.app.size == size:
            return
        before = now
    raise AssertionError("the page never came to rest")


@pytest.mark.slow
async def test_what_was_read_stays_in_sight_through_every_size(long_page):
    async with opened("figure", size=(80, 24)) as hands:
        await hands.press("pagedown", "pagedown")
        await resized(hands, (80, 24))
        at = hands.app.screen.query_one(Body).scroll_y
        first = next(word for line in hands.lines[2:-1] for word in line.split() if "x" in word)
        assert at > 0
        for size in RESIZES:
            await resized(hands, size)
            assert first in hands.text, size
        assert hands.app.screen.query_one(Body).scroll_y == pytest.approx(at, abs=1)


@pytest.mark.slow
async def test_a_page_that_fits_for_a_while_is_where_it_was_when_it_no_longer_does(long_page):
    async with opened("figure", size=(80, 24)) as hands:
        await hands.press("pagedown", "pagedown")
        await resized(hands, (80, 24))
        at = hands.app.screen.query_one(Body).scroll_y
        await resized(hands, (200, 120))
        assert hands.app.screen.query_one(Body).max_scroll_y == 0
        await resized(hands, (80, 24))
        assert hands.app.screen.query_one(Body).scroll_y == pytest.approx(at, abs=1)


@pytest.mark.slow
async def test_a_page_at_its_first_line_stays_there(long_page):
    async with opened("figure", size=(80, 24)) as hands:
        for size in RESIZES:
            await resized(hands, size)
            assert hands.app.screen.query_one(Body).scroll_y == 0


@given(st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=40), st.data())
def test_a_place_is_found_again_among_the_same_words(words, data):
    at = data.draw(st.integers(0, len(words) - 1))
    said = [(word, line) for line, word in enumerate(words)]
    assert line_again(said, words[at : at + max(ALIKE)], at) == at
    assert line_again(said, ["not", "there"], at) is None
