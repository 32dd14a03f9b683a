"""A name in a text, its blank or knob, its cell and its wire are one thing: lit together, and a click goes there."""

from dataclasses import replace

import fake
import pytest
from helper import opened
from rich.segment import Segment

from drops.colours import DARK
from drops.exercises.blocks import Blank, Field, Figure, Knob, Numbers, Sheet, Wires, Words
from drops.tui.base.ink import inks
from drops.tui.blocks.pictures import Pictures
from drops.tui.blocks.refs import is_name, marked, refs_of

INK = inks(DARK, False)
ACT = INK.act.color


def told(line):
    """Each part of a line that a click means something on, and whether it is lit."""
    return [
        (one.text, one.style.meta["does"], one.style.color == ACT)
        for one in line
        if one.style is not None and one.style.meta.get("does")
    ]


def refs(*labels, hand=None):
    return refs_of(((label, {"field": label}) for label in labels), {"field": hand})


@pytest.mark.parametrize("label", ["w₁", "W₁[1, 2]", "b", "ŷ", "dz₂", "μ", "h1", "new W₁[2, 1]"])
def test_a_sign_a_letter_and_an_address_are_names(label):
    assert is_name(label) != (" " in label.split("[")[0])


@pytest.mark.parametrize("label", ["a", "I", "slope", "rows of W", "learning rate", "share"])
def test_a_word_of_the_language_is_none(label):
    assert not is_name(label)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Raise b, and the bias b₁ stays.", ["b"]),
        ("z₁ is w₁·x₁ + b", ["w₁", "b"]),
        ("W₁[1, 2] is no W₁[1, 1]", ["W₁[1, 2]"]),
        ("about W₁ alone", []),
        ("(b)", ["b"]),
    ],
)
def test_a_name_is_found_where_it_stands_alone_and_the_text_stays_the_same(text, found):
    (line,) = marked([[Segment(text)]], refs("b", "w₁", "W₁[1, 2]"), INK)
    assert [text for text, *_ in told(line)] == found
    assert "".join(one.text for one in line) == text


def test_what_is_in_hand_is_lit_and_what_means_something_already_stays():
    taken = Segment("b", INK.text + INK.bold)
    (line,) = marked([[Segment("w₁ and "), taken]], refs("w₁", "b", hand="w₁"), INK)
    assert told(line) == [("w₁", {"field": "w₁"}, True), ("b", {"field": "b"}, False)]
    (again,) = marked([line], refs("w₁", "b", hand="b"), INK)
    assert told(again) == told(line)


# ── on a page ──

FIELDS = Field("first", "z₁"), Field("second", "z₂")
NET = Wires((("x₁",), ("z₁", "z₂")), (((1.0,), (2.0,)),), None, "two units",
            blanks={("unit", 1, 0): "first", ("unit", 1, 1): "second"})  # fmt: skip
SHEET = Sheet(("", "value"), (("z₁", Blank("first")), ("z₂, from z₁", Blank("second"))), "two sums")


@pytest.fixture
def asked(monkeypatch):
    ask = Numbers("Work out z₁ first.", FIELDS, SHEET, lambda values, hand: (replace(NET, hand=hand),))
    page = replace(fake.PAGES["do"], show=(Words("Given: nothing."), Words("Then z₂ is easy.")), ask=ask)
    monkeypatch.setitem(fake.PAGES, "do", page)


def lit(widget):
    """The names in a widget that are lit."""
    return [
        one.text
        for strip in widget._strips
        for one in strip
        if one.style is not None and one.style.meta.get("does") and one.style.color == ACT and one.text[0] in "zwb"
    ]


async def click_on(hands, widget, name):
    """A click on a name in a widget's text."""
    for y in range(len(widget._strips)):
        for x, width, what in widget._cells(y):
            if widget.lines[y][x : x + width] == name:
                await hands.pilot.click(widget, offset=(x, y))
                await hands.pilot.pause()
                return what
    raise AssertionError(f"{name} is not there")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=str)
async def test_the_names_of_a_blank_in_text_and_table_are_lit_with_it_and_lead_to_it(size, asked):
    async with opened("do", size=size) as hands:
        at = hands.app.screen.asking
        assert at.field.name == "first"
        assert lit(at) == ["z₁", "z₁", "z₁"]  # in the question and in both rows of the table
        await click_on(hands, at, "z₂")
        assert at.field.name == "second"
        assert lit(at) == ["z₂"]


async def test_a_name_in_what_is_told_above_leads_to_its_blank_too(asked):
    async with opened("do", size=(120, 36)) as hands:
        screen = hands.app.screen
        main = screen.query_one("#main", Pictures)
        assert lit(main) == []
        await click_on(hands, main, "z₂")
        assert screen.asking.field.name == "second"
        assert lit(main) == ["z₂"]


async def test_on_a_page_to_read_the_name_of_a_knob_takes_it_in_hand(monkeypatch):
    knobs = Knob("w1", "w₁", -2, 2, 1, 1), Knob("b", "b", -2, 2, 1, 0)
    figure = Figure(knobs, lambda v: (Sheet(("", ""), (("z", f"{v['w1'] + v['b']:g}"),), "a sum"),), "Turn it.")
    page = replace(fake.PAGES["curve"], show=(Words("Raise b by 1. The weight w₁ stays."), figure), ask=None)
    monkeypatch.setitem(fake.PAGES, "curve", page)
    async with opened("curve", size=(120, 36)) as hands:
        screen = hands.app.screen
        main = screen.query_one("#main", Pictures)
        assert lit(main) == ["w₁"]
        await click_on(hands, main, "b")
        assert screen.stage.hands.knob == 1
        assert lit(main) == ["b"]
        await hands.press("right")
        assert next(iter(screen.stage.hands.values.values()))["b"] == 1
