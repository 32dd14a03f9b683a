"""Settings: a form made from the schema, saved at once."""

from __future__ import annotations

import pytest
from helper import same_as_snapshot
from looking import SIZES, looking, studied

from drops.events import Kind
from drops.study.settings import SETTINGS
from drops.tui.screens.settings import SettingsScreen, shown, stepped


def to(name):
    return ["down"] * list(SETTINGS).index(name)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_form_looks_as_it_was_last_looked_at(home, clock, size):
    with studied(home, clock) as study:
        async with looking(study, clock, "s", "enter", "9", "9", "enter", size=size) as hands:
            assert all(len(line) <= size[0] for line in hands.lines)
            same_as_snapshot(f"settings-{size[0]}x{size[1]}", hands.lines)


@pytest.mark.slow
async def test_every_setting_is_there_with_its_value_and_its_sentence(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "s", size=(80, 40)) as hands:
            for setting in SETTINGS.values():
                line = next(line for line in hands.lines if line.strip(" ▸").startswith(setting.label))
                assert shown(setting.default) in line
                assert " ".join(setting.says.split(".")[0].split()) in " ".join(hands.text.split())
                await hands.press("down")


@pytest.mark.slow
@pytest.mark.parametrize("name", SETTINGS)
async def test_right_changes_a_setting_at_once_and_left_takes_it_back(home, clock, name):
    with studied(home, clock) as study:
        before = study.setting(name)
        async with looking(study, clock, "s", *to(name)) as hands:
            await hands.press("right")
            after = study.setting(name)
            assert after != before
            assert "✓ saved" in hands.text
            assert len(study.log.events(kinds=(Kind.SETTING,))) == 1
            await hands.press("left")
            assert study.setting(name) == before


@pytest.mark.slow
async def test_a_number_can_be_typed_and_what_cannot_be_read_says_so(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "s", "enter") as hands:
            await hands.press("backspace", "1", "2", "enter")
            assert study.setting("budget_minutes") == 12
            await hands.press("enter", "9", "enter")
            assert "! minutes a day is a number from 2 to 60" in hands.text
            assert study.setting("budget_minutes") == 12
            await hands.press("escape")
            assert "!" not in hands.text
            await hands.press("q")
            assert "▸ Begin" in hands.text


@pytest.mark.slow
async def test_the_theme_changes_as_it_is_chosen(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "s", *to("theme")) as hands:
            await hands.press("right", "right")
            assert (hands.app.theme, study.setting("theme")) == ("drops-light", "light")
            await hands.press("left")
            assert (hands.app.theme, study.setting("theme")) == ("drops-dark", "dark")
            await hands.press("left")
            assert (hands.app.palette, study.setting("theme")) == ("auto", "auto")
            await hands.press(*["down"], "right")
            assert hands.app.animation_level == "none"


@pytest.mark.slow
async def test_the_mouse_chooses_and_changes(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "s") as hands:
            await hands.click("new drops a day")
            assert "▸ new drops a day" in hands.text
            line = next(y for y, text in enumerate(hands.lines) if "new drops a day" in text)
            await hands.pilot.click(offset=(hands.lines[line].rindex("▸"), line))
            await hands.pilot.pause()
            await hands.app.keyboard.idle()
            assert study.setting("new_per_day") == 2


async def test_what_cannot_be_saved_says_so_and_nothing_changes(home, clock):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study

    with studied(home, clock) as study:
        reader = Study(study.library, Log.open(home, folded(0.9), now=clock(), read_only=True))
        async with looking(reader, clock, "s", "right") as hands:
            assert isinstance(hands.app.screen, SettingsScreen)
            assert reader.setting("budget_minutes") == 8
            assert "read only" in hands.text
        reader.close()


def test_choices_go_round_and_numbers_stop_at_their_ends():
    assert stepped(SETTINGS["confidence"], True, 1) == "off"
    assert stepped(SETTINGS["rollover_hour"], 8, 1) == "0"
    assert stepped(SETTINGS["retention"], 0.97, 1) == "0.97"
    assert stepped(SETTINGS["retention"], 0.9, -1) == "0.89"
    assert stepped(SETTINGS["budget_minutes"], 2.0, -1) == "2"
