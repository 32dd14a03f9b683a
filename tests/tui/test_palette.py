"""The command palette: found by what it is about, and no key of it does harm, however early."""

from __future__ import annotations

import pytest
from helper import opened
from textual import events
from textual.binding import Binding
from textual.command import CommandList, Provider
from textual.content import Content
from textual.widgets.option_list import Option

from drops.tui.palette import ALSO, CommandPalette, Everything, Found, commands
from drops.tui.screens.today import TodayScreen

ACTIONS = sorted({b.action for b in Binding.make_bindings(CommandPalette.BINDINGS) if b.action != "escape"})
STATES = {
    "empty": lambda found: None,
    "not laid out": lambda found: found.add_options([Option("one"), Option("two")]),
    "not laid out, one chosen": lambda found: (
        found.add_options([Option("one"), Option("two")]),
        setattr(found, "highlighted", 1),
    ),
}


@pytest.mark.parametrize("state", STATES)
async def test_every_key_is_harmless_before_the_list_is_laid_out(state):
    async with opened() as hands:
        palette = CommandPalette()
        await hands.app.push_screen(palette)
        found = palette.query_one(CommandList)
        for action in ACTIONS:
            palette._cancel_gather_commands()
            found.clear_options()
            STATES[state](found)
            await hands.app.run_action(action, palette)
        await hands.press("escape")
        assert isinstance(hands.app.screen, TodayScreen)


@pytest.mark.slow
async def test_it_opens_again_while_the_one_before_is_on_its_way_out():
    async with opened() as hands:
        for _ in range(5):
            hands.app.action_command_palette()
            palette = hands.app.screen
            hands.app.action_command_palette()
            assert hands.app.screen is palette
            await hands.pilot.pause()
            palette.dismiss()
        hands.app.action_command_palette()
        await hands.pilot.pause(0.1)
        assert isinstance(hands.app.screen, CommandPalette)
        await hands.press("escape")
        assert isinstance(hands.app.screen, TodayScreen)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("theme", ["Settings", "Light or dark"]),
        ("glossary", ["Terms"]),
        ("screenshot", ["Save as SVG"]),
        ("statistics", ["Progress"]),
        ("SHORTCUTS", ["Keys", "Help"]),
        ("evidence reasons", ["Hard drops"]),
        ("exit", ["Quit"]),
    ],
)
async def test_it_finds_by_descriptions_and_other_words(typed, names):
    async with opened() as hands:
        provider: Provider = Everything(hands.app.screen)
        found = sorted([hit async for hit in provider.search(typed)], key=lambda hit: -hit.score)
        assert {str(hit.text) for hit in found[: len(names)]} == {*names}


async def test_a_term_that_is_called_just_so_comes_first_and_its_meaning_is_told_in_words():
    async with opened() as hands:
        provider: Provider = Everything(hands.app.screen)
        found = sorted([hit async for hit in provider.search("bias")], key=lambda hit: -hit.score)
        assert str(found[0].text) == "Term: bias"
        listed = [hit async for hit in provider.discover()]
        said = [Content.from_markup(hit.help).plain for hit in (*found, *listed) if hit.help]
        assert not [text for text in said if "](" in text or "(term:" in text or "`" in text]


async def test_what_stands_in_brackets_is_shown_as_it_is():
    says = "the cell W₁[2, 1] of [a table](term:table), [/b] and [bold]"
    shown = Content.from_markup(Found("Term: cell", says, lambda: None).shown).plain
    assert shown == "the cell W₁[2, 1] of a table, [/b] and [bold]"


async def test_other_words_are_of_lines_that_there_are():
    async with opened() as hands:
        assert {*ALSO} <= {line.name for line in commands(hands.app)}


async def test_the_other_theme_is_kept():
    async with opened() as hands:
        await hands.app.other_theme()
        assert (hands.app.theme, hands.study.settings["theme"]) == ("drops-light", "light")
        await hands.app.other_theme()
        assert (hands.app.theme, hands.study.settings["theme"]) == ("drops-dark", "dark")


async def test_what_comes_while_it_is_on_its_way_out_is_harmless():
    async with opened() as hands:
        palette = CommandPalette()
        await hands.app.push_screen(palette)
        await palette.query_one(CommandList).remove()
        palette._list_visible = not palette._list_visible
        palette._show_busy = not palette._show_busy
        palette._gather_commands("drop")
        await hands.pilot.pause(0.1)
        await hands.press("escape")
        assert isinstance(hands.app.screen, TodayScreen)


async def test_a_key_that_comes_back_after_it_closed_is_not_for_the_screen_below():
    async with opened() as hands:
        key = events.Key("p", "p")
        key._set_forwarded()  # as what it was sent to passes it on
        await hands.app.on_event(key)
        await hands.pilot.pause()
        assert type(hands.app.screen).__name__ == "TodayScreen"
        await hands.press("p")
        assert type(hands.app.screen).__name__ == "PathScreen"


@pytest.mark.slow
async def test_a_palette_that_leaves_while_it_finds_nothing_ends_nothing(monkeypatch):
    monkeypatch.setattr(CommandPalette, "_NO_MATCHES_COUNTDOWN", 0.05)
    async with opened() as hands:
        await hands.pilot.press("ctrl+p")
        palette = hands.app.screen
        assert isinstance(palette, CommandPalette)
        palette._start_no_matches_countdown("zzz")
        await palette.query_one(CommandList).remove()
        await hands.pilot.pause(0.2)
        assert hands.app.is_running
