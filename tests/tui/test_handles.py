"""A prediction that is drawn: by arrows, by mouse beside the question and under it, and what Enter makes of it."""

from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.exercises.blocks import Curve, Knob, Surface, Words
from drops.exercises.sketches import Axes, Instead, Sketch, a_curve, a_line
from drops.tui.asks.handles import AskHandles

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]
AT = (0.0, 1.0, 2.0)
CURVE = Sketch(
    "Draw its loss.",
    tuple(Knob(f"at{i}", f"loss at step {i}", 0, 4, 0.5, 2) for i in range(3)),
    (4.0, 2.0, 1.0),
    0.5,
    "It halves.",
    (Instead((4.0, 3.0, 2.0), "You took the same off at each step.", "straight"),),
    a_curve(Axes("step", "loss", AT, (0.0, 4.0)), "the loss", list(zip(AT, (4.0, 2.0, 1.0), strict=True))),
)
LINE = Sketch(
    "Place the line.",
    tuple(Knob(f"at{i}", f"where it cuts {axis}", -6, 6, 0.5, 3) for i, axis in enumerate(("x₁", "x₂"))),
    (-2.0, 1.0),
    0.5,
    "At −b/w.",
    (),
    a_line((2.0, -4.0, 4.0), 6.0),
)


def asked(monkeypatch, sketch, text="A short text."):
    page = replace(fake.PAGES["figure"], part="predict", show=(Words(text),), ask=sketch.ask)
    monkeypatch.setitem(fake.PAGES, "guess", page)


@pytest.fixture
def curve(monkeypatch):
    asked(monkeypatch, CURVE)


@pytest.fixture
def line(monkeypatch):
    asked(monkeypatch, LINE)


def picture(hands):
    """The widget that the picture stands in."""
    at = hands.app.screen.asking
    return hands.app.screen.stage.moving if at.apart else at


def cell(hands, handle):
    """Where a handle stands on the screen."""
    widget = picture(hands)
    places = [(x, y) for y, line in enumerate(widget.lines) for x, sign in enumerate(line) if sign == "●"]
    x, y = sorted(places)[handle]
    return widget.region.x + x, widget.region.y + y


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_arrows_choose_a_handle_and_move_it_and_its_value_is_in_sight(size, curve):
    async with opened("guess", size=size) as hands:
        at = hands.app.screen.asking
        assert isinstance(at, AskHandles)
        assert "▸ loss at step 0   2" in hands.text
        await hands.press("up", "right", "down", "down")
        assert "▸ loss at step 1   1" in hands.text
        assert at.answer() == "2.5; 1; 2"
        await hands.press("left", "left", "up")
        assert "▸ loss at step 2   2.5" in hands.text
        assert hands.text.count("●") >= 3


@pytest.mark.parametrize("sketch", [CURVE, LINE], ids=["a curve", "a line"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_what_is_drawn_is_seen_whole_with_its_value_below_a_text_that_fills_the_screen(
    size, sketch, monkeypatch
):
    asked(monkeypatch, sketch, "A text of many words. " * 50)
    async with opened("guess", size=size) as hands:
        assert "●" not in hands.text
        await hands.press("up")
        seen = [line.strip() for line in hands.lines]
        at = hands.app.screen.asking
        foot = next(line.strip() for line in reversed(at.lines) if line.strip())
        assert at.in_hand in hands.text
        assert foot in seen
        assert {line.strip(" ▁▂▃▄▅▆▇█") for line in at.lines[at._placed[0] :]} <= {
            line.strip(" ▁▂▃▄▅▆▇█") for line in hands.lines
        }


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_the_mouse_takes_the_nearest_handle_and_it_follows(size, curve):
    async with opened("guess", size=size) as hands:
        at, (x, y) = hands.app.screen.asking, cell(hands, 1)
        await hands.pilot.mouse_down(offset=(x + 1, y))
        await hands.pilot.hover(offset=(x + 1, y - 2))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        await hands.pilot.mouse_up(offset=(x + 1, y - 2))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        first, moved, last = map(float, at.answer().split(";"))
        assert (first, last) == (2, 2)
        assert moved > 2
        assert f"▸ loss at step 1   {moved:g}" in hands.text


async def test_what_nobody_touched_is_asked_about_once(curve):
    async with opened("guess") as hands:
        await hands.press("enter")
        assert "Nothing is moved yet" in hands.text
        assert not hands.study.answers
        await hands.press("up")
        assert "Nothing is moved yet" not in hands.text
        await hands.press("enter")
        assert [text for _, text, _ in hands.study.answers] == ["2.5; 2; 2"]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_ends_of_a_line_go_each_along_its_axis(size, line):
    async with opened("guess", size=size) as hands:
        at = hands.app.screen.asking
        await hands.press(*["left"] * 10, "down", "down")
        assert at.answer() == "-2; 2"
        assert "▸ where it cuts x₂   2" in hands.text


def test_a_draft_is_put_back_as_it_was_drawn():
    one, other = AskHandles(CURVE.ask), AskHandles(CURVE.ask)
    assert one.draft() == ""
    one.hands.put(1, 1.5)
    other.take_up(one.draft())
    assert other.answer() == one.answer() == "2; 1.5; 2"


@pytest.mark.parametrize(("guess", "says"), [
    ((4.0, 2.5, 1.0), "You foresaw it. No handle is farther off than 0.5. It halves."),
    ((4.0, 3.0, 2.0), "is loss at step 1: you put 3, and it is 2. You took the same off at each step. It halves."),
    ((0.0, 0.0, 0.0), "Not what you drew. Farthest off is loss at step 0: you put 0, and it is 4. It halves."),
])  # fmt: skip
def test_what_is_said_of_a_guess(guess, says):
    assert says in CURVE.told(guess)
    text, shown = CURVE.came_out({"predict": "; ".join(map(str, guess))})
    assert text == CURVE.told(guess)
    assert isinstance(shown, Curve)
    assert [series.name for series in shown.series] == ["the loss", "your guess"]
    assert isinstance(LINE.came_out({"predict": "3; 3"})[1], Surface)
