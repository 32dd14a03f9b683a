"""The footer at 60 columns: whole keys with whole words, what Enter does and what is asked needs among them,
and a way out. Help names no key that does nothing."""

from __future__ import annotations

import fake
import pytest
from helper import Hands, opened
from textual._styles_cache import StylesCache

from drops.colours import DARK
from drops.exercises.answers import digit
from drops.exercises.blocks import Choice, Order
from drops.study.today import SIGNS, in_full
from drops.tui.asks.run import AskRun
from drops.tui.base.ink import inks
from drops.tui.screens.base import Keys, key_name
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.help import AROUND, CLOSES, HelpScreen, KeyList
from drops.tui.screens.sight import Sight
from drops.tui.screens.stage import Stage
from drops.tui.screens.today import DayList, TodayScreen


def said(hands: Hands) -> tuple[str, list[str]]:
    """The footer as it stands, and every key with its words that it may show."""
    shown = Keys._shown(hands.app.screen.active_bindings)
    names = [f"{key_name(key, binding)} {binding.description}" for key, binding in shown.values()]
    return hands.lines[-1], names


def of_the_question(hands: Hands) -> list[str]:
    """The keys of what is asked, each with its words, but for those that help alone tells of."""
    screen = hands.app.screen
    if not isinstance(screen, DropScreen) or screen.asking is None:
        return []
    shown = Keys._shown(screen.active_bindings).values()
    own = {key for key, active in screen.active_bindings.items() if active.node is screen.asking}
    asked = [f"{key_name(key, binding)} {binding.description}" for key, binding in shown if key in own]
    # a run goes by itself: of its keys those that stop it and go through it
    return asked[:2] if isinstance(screen.asking, AskRun) else asked


def whole(line: str, names: list[str]) -> list[str]:
    """The keys of a footer; what is left of it once they are taken out is nothing but blanks."""
    found = []
    for name in [*sorted([*names, "ctrl+p find"], key=len, reverse=True), "?"]:
        if name in line:
            found.append(name)
            line = line.replace(name, " ", 1)
    assert not line.strip(), f"cut in the middle: {line.strip()!r}"
    return found


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), pytest.param((80, 24), marks=pytest.mark.slow)])
@pytest.mark.parametrize("page", sorted(fake.PAGES))
async def test_each_key_on_a_page_is_whole_and_enter_and_a_way_out_are_among_them(page, size):
    async with opened(page, size=size) as hands:
        for keys in ((), ("down",), ("enter",), ("1",), ("enter",)):
            await hands.press(*keys)
            if not hands.app.screen.query(Keys):
                return
            line, names = said(hands)
            found = whole(line, names)
            enters = [name for name in names if name.startswith("enter ")]
            assert set(enters) <= set(found)
            assert set(of_the_question(hands)) <= set(found)
            assert found[-1] == "?" or any(name.startswith("? ") for name in found)
            assert any(name.startswith("q ") or name.startswith("esc") for name in found) or not any(
                name.startswith("q ") for name in names
            )


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_key_to_both_worlds_is_named_with_the_verdict_of_a_named_mix_up(size):
    async with opened("do", size=size) as hands:
        await hands.press("minus", "full_stop", "5", "enter", "1", "enter", "1", "enter")
        assert "m both worlds" in hands.lines[-1]
        await hands.press("m")
        assert "m one world" in hands.lines[-1]


async def test_the_key_to_the_picture_of_what_is_to_be_ordered_is_named_at_60_columns():
    async with opened("order-pictured", size=(60, 20)) as hands:
        assert hands.app.screen.stage.has_faces
        assert "f picture" in hands.lines[-1]
        await hands.press("space")
        assert "space let go" in hands.lines[-1]


@pytest.mark.parametrize("page", ["bars", "curve"])
async def test_the_footer_says_what_enter_does_also_once_the_page_was_scrolled(page):
    async with opened(page, size=(60, 20), still=True) as hands:
        assert "enter more ↓" in hands.lines[-1]
        await hands.press("down")
        await hands.pilot.pause()
        shown = Keys._shown(hands.app.screen.active_bindings)
        assert f"enter {shown['go'][1].description} " in hands.lines[-1]
        assert "more ↓" not in hands.lines[-1]


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
@pytest.mark.parametrize("opens", [(), ("p",), ("h",), ("g",), ("a",), ("s",), ("w",), ("t",), ("question_mark",)])
async def test_each_key_on_a_screen_is_whole(opens, size):
    async with opened(size=size) as hands:
        await hands.press(*opens)
        line, names = said(hands)
        assert whole(line, names)


@pytest.mark.parametrize("page", [name for name, page in fake.PAGES.items() if isinstance(page.ask, Choice | Order)])
async def test_help_lists_a_digit_for_each_option_and_no_further_one(page):
    ask = fake.PAGES[page].ask
    options = len(ask.options if isinstance(ask, Choice) else ask.pieces)
    by_digit = not isinstance(ask, Choice) or ask.picture is None  # a place in a picture is gone to instead
    async with opened(page, size=(80, 60)) as hands:
        await hands.press("question_mark")
        digits = [line.split()[0] for line in hands.lines if line.split() and line.split()[0] in "123456789"]
        assert digits == [digit(i) for i in range(options if by_digit else 0)]


@pytest.mark.parametrize("page", [*fake.PAGES])
async def test_a_key_does_what_the_footer_and_help_know_of_it(page):
    async with opened(page) as hands:
        for keys in ((), ("space",), ("enter",)):
            await hands.press(*keys)
            screen = hands.app.screen
            known = screen.working
            for key in {*known, *"abcdefghijklmnopqrstuvwxyz", "space", "enter", "left", "f12"}:
                found = screen.meant_by(key)
                assert (found and (found.node, found.binding)) == (
                    (known[key].node, known[key].binding) if key in known else None
                )


async def test_what_the_keys_do_now_is_worked_out_once_for_a_footer(monkeypatch):
    told, describe = [], DropScreen.describe
    monkeypatch.setattr(DropScreen, "describe", lambda self, one: told.append(one.action) or describe(self, one))
    async with opened("see", size=(60, 20)) as hands:
        keys = [one.binding.action for one in hands.app.screen.active_bindings.values()]
        told.clear()
        hands.app.screen.query_one(Keys).redraw()
        assert 0 < len(told) <= len(keys)


async def test_the_lines_of_a_page_that_is_seen_whole_are_not_read_to_know_that(monkeypatch):
    async with opened("see", size=(120, 36)) as hands:
        body, read = hands.app.screen.query_one(Stage), []
        assert body.max_scroll_y == 0
        monkeypatch.setattr(Sight, "_end", property(lambda self: read.append(1) or 0))
        await hands.press("space", "right")
        assert not body.unread
        assert not read


async def test_of_what_stands_on_a_page_only_what_a_key_changed_is_asked_for_its_lines_again(monkeypatch):
    async with opened("see", size=(120, 36)) as hands:
        await hands.press("space")  # it plays
        asked, render = set(), StylesCache.render_widget

        def noted(self, widget, crop):
            asked.add(type(widget).__name__)
            return render(self, widget, crop)

        monkeypatch.setattr(StylesCache, "render_widget", noted)
        await hands.press("space")
        assert "AskRun" in asked
        assert asked <= {"Keys", "AskRun", "ScrollBar"}


@pytest.mark.parametrize("keys", [(), ("p",), ("g",), ("a",), ("h",), ("s",)], ids=str)
async def test_help_says_what_colours_and_signs_mean_where_there_is_room_for_it(keys):
    async with opened(size=(120, 36)) as hands:
        await hands.press(*keys, "question_mark")
        shown = hands.lines
        assert all(any(in_full(state).replace(" ", "  ", 1) in line for line in shown) for state in SIGNS)
        assert any("━━ orange  negative, no, silent, down" in line for line in shown)
        last = max(at for at, line in enumerate(shown[:-1]) if line.strip())
        assert CLOSES in shown[last]
        assert last >= len(shown) // 2


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_what_the_signs_mean_takes_no_room_from_the_keys(size):
    """Where not all is seen at once, keys are all that is scrolled through."""
    async with opened(size=size) as hands:
        keys = {active.binding.description for active in hands.app.screen.active_bindings.values()
                if active.enabled and not active.binding.system}
        await hands.press("question_mark")
        lines = hands.app.screen.query_one(KeyList).draw(size[0] - 2, inks(DARK, few=False))
        told = "\n".join("".join(s.text for s in line) for line in lines)
        assert all(key in told for key in keys)
        fits = len(lines) <= size[1] - AROUND
        assert fits or "Signs" not in told


async def test_help_that_opens_and_closes_does_not_draw_the_day_anew(monkeypatch):
    drawn, draw = [], DayList.draw
    monkeypatch.setattr(DayList, "draw", lambda self, *of: drawn.append(of) or draw(self, *of))
    async with opened(size=(120, 36)) as hands:
        assert drawn
        drawn.clear()
        await hands.press("?")
        assert isinstance(hands.app.screen, HelpScreen)
        await hands.press("x")
        assert isinstance(hands.app.screen, TodayScreen)
        assert not drawn
