"""On a light terminal the app is light, unless something else was chosen."""

from __future__ import annotations

import os

import pytest
from helper import opened
from textual.color import Color

from drops.colours import LIGHT
from drops.tui.terminal.background import Background, answered, said_before
from drops.tui.terminal.input import Input
from terminals import Terminal

ANSWERS = {
    b"11;rgb:ffff/ffff/ffff": "light",
    b"11;rgb:fdfd/f6f6/e3e3": "light",
    b"11;rgb:ff/ff/ff": "light",
    b"11;rgb:f/f/f": "light",
    b"11;rgba:ffff/ffff/ffff/8000": "light",
    b"11;rgb:0000/0000/0000": "dark",
    b"11;rgb:1d1d/1f1f/2121": "dark",
    b"11;rgb:0000/2b2b/3636": "dark",
    b"11;rgb:0000/0000/ffff": "dark",
    b"11;rgb:0000/ffff/0000": "light",
}
NO_ANSWERS = (b"11;?", b"11;rgb:gg/00/00", b"11;rgb:fffff/0/0", b"10;rgb:ffff/ffff/ffff", b"11;white", b"", b"52;c;aGk=")


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
@pytest.mark.parametrize("string", ANSWERS)
def test_the_ground_is_read_from_what_a_terminal_answers(string, end):
    whole = b"\x1b]" + string + end
    for cut in range(len(whole)):
        read = Input()
        found = [*read.feed(b"q" + whole[:cut], 0.0), *read.feed(whole[cut:] + b"r", 0.01)]
        grounds = [one.palette for one in found if isinstance(one, Background)]
        assert grounds == [ANSWERS[string]], cut
        assert [one.key for one in found if not isinstance(one, Background)] == ["q", "r"]


@pytest.mark.parametrize("string", NO_ANSWERS)
def test_what_tells_of_no_ground_says_nothing(string):
    assert answered(string) is None
    for begin in (b"\x1b]", b"\x1bP", b"\x1bX"):
        assert [*Input().feed(begin + string + b"\x1b\\", 0.0)] == []


def test_another_string_than_an_answer_tells_of_no_ground():
    assert [*Input().feed(b"\x1bP11;rgb:ffff/ffff/ffff\x1b\\", 0.0)] == []


@pytest.mark.parametrize(
    ("said", "ground"), [("0;15", "light"), ("0;default;7", "light"), ("15;0", "dark"), ("", "dark"), ("x", "dark")]
)
def test_until_it_answers_the_ground_is_what_the_terminal_says_of_itself(said, ground):
    assert said_before({"COLORFGBG": said}) == ground
    assert said_before({}) == "dark"


@pytest.mark.parametrize(("palette", "theme"), [("auto", "drops-light"), ("dark", "drops-dark"), ("light", "drops-light")])
async def test_the_theme_follows_the_ground_where_it_is_auto(palette, theme):
    async with opened(palette=palette) as hands:
        hands.app.post_message(Background("light"))
        await hands.pilot.pause()
        assert hands.app.theme == theme


async def test_what_was_chosen_by_hand_holds_from_then_on():
    async with opened(palette="auto") as hands:
        hands.app.post_message(Background("light"))
        await hands.pilot.pause()
        await hands.app.other_theme()
        hands.app.post_message(Background("light"))
        await hands.pilot.pause()
        assert (hands.app.theme, hands.study.settings["theme"]) == ("drops-dark", "dark")


@pytest.mark.slow
@pytest.mark.parametrize("answer", [b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", b""], ids=["light", "silent"])
def test_a_real_terminal_is_asked_and_painted_in_its_own_ground(tmp_path, answer):
    red, green, blue = Color.parse(LIGHT.ground).rgb
    ground = f"48;2;{red};{green};{blue}"
    with Terminal(tmp_path / "home") as terminal:
        terminal.app.expect_exact("\x1b]11;?\x1b\\")
        if answer:
            os.write(terminal.app.child_fd, answer)
            terminal.app.expect_exact(ground)
        terminal.app.expect("Begin|penguin")
        assert answer or ground not in terminal.app.before
        terminal.app.send("\x11")
        terminal.end()
        assert terminal.restored
