"""The footer at 60 columns: whole keys with whole words, what Enter does among them, and a way out."""

from __future__ import annotations

import fake
import pytest
from helper import Hands, opened

from drops.tui.screens.base import Keys, key_name


def said(hands: Hands) -> tuple[str, list[str]]:
    """The footer as it stands, and every key with its words that it may show."""
    shown = hands.app.screen.query_one(Keys)._shown()
    names = [f"{key_name(key, binding)} {binding.description}" for key, binding in shown.values()]
    return hands.lines[-1], names


def whole(line: str, names: list[str]) -> list[str]:
    """The keys of a footer; what is left of it once they are taken out is nothing but blanks."""
    found = []
    for name in sorted([*names, "ctrl+p find"], key=len, reverse=True):
        if name in line:
            found.append(name)
            line = line.replace(name, " ", 1)
    assert not line.strip(), f"cut in the middle: {line.strip()!r}"
    return found


@pytest.mark.parametrize("size", [(60, 20), pytest.param((80, 24), marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", sorted(fake.PAGES))
async def test_each_key_on_a_page_is_whole_and_enter_and_a_way_out_are_among_them(page, size):
    async with opened(page, size=size) as hands:
        for keys in ((), ("enter",), ("1",), ("enter",)):
            await hands.press(*keys)
            if not hands.app.screen.query(Keys):
                return
            line, names = said(hands)
            found = whole(line, names)
            enters = [name for name in names if name.startswith("enter ")]
            assert set(enters) <= set(found)
            assert any(name.startswith("? ") for name in found)
            assert any(name.startswith("q ") or name.startswith("esc") for name in found) or not any(
                name.startswith("q ") for name in names
            )


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize("opens", [(), ("p",), ("h",), ("g",), ("a",), ("s",), ("w",), ("t",), ("question_mark",)])
async def test_each_key_on_a_screen_is_whole(opens, size):
    async with opened(size=size) as hands:
        await hands.press(*opens)
        line, names = said(hands)
        assert whole(line, names)
