"""On a small screen a question stands as close as it takes: what is in hand is seen whole."""

from __future__ import annotations

import re
from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.colours import DARK
from drops.exercises.blocks import Design, DesignField, Words
from drops.tui.asks.design import AskDesign
from drops.tui.asks.knobs import AskKnobs
from drops.tui.asks.spot import AskSpot
from drops.tui.base.ink import inks

INK = inks(DARK, few=False)
CHOICES = ("scale", "layers", "squash", "start", "units", "loss", "brake", "pace")
REASONS = tuple(
    (letter, f"because of the reason {letter}, which is a sentence of many words") for letter in "abc"
)


def choice(name):
    because = f"{name}-why"
    return (
        DesignField(name, f"the {name}", (("one", "the first"), ("two", "the second"))),
        DesignField(because, f"why the {name}", (), reasons=lambda form: REASONS if name in form else ()),
    )


def form():
    return AskDesign(Design("Choose each.", tuple(field for name in CHOICES for field in choice(name))))


def texts(ask, width):
    return ["".join(part.text for part in line).rstrip() for line in ask.draw(width, INK)]


@pytest.mark.parametrize(("width", "room"), [(75, 9), (55, 7)])
def test_of_a_form_too_long_for_the_screen_the_choices_not_in_hand_share_a_line(width, room):
    ask = form()
    ask.values["scale"] = ask.values["scale"].end("one")
    ask.values["scale-why"] = ask.values["scale-why"].end("a")
    ask.values["squash"] = ask.values["squash"].end("one")
    ask.now = CHOICES.index("squash") * 2
    whole = texts(ask, width)
    ask.room = lambda: room
    close = texts(ask, width)
    assert len(close) < len(whole)
    said = "\n".join(close)
    assert all(f"the {name}" in said for name in CHOICES)  # none is lost, and each can be clicked
    assert {part.style.meta["does"]["field"] for line in ask.draw(width, INK) for part in line
            if part.style is not None and "does" in part.style.meta} >= set(CHOICES)  # fmt: skip
    assert said.count("• the") == 1  # of the one that has its reason
    assert said.index("the layers") < said.index("▸ the squash") < said.index("the start")


def test_a_form_that_was_left_opens_at_its_first_open_choice():
    ask = form()
    ask.take_up("scale=one; scale-why=a; layers=two")
    assert ask.field.name == "layers-why"


@pytest.mark.parametrize("at", range(2 * len(CHOICES)))
def test_the_choice_in_hand_is_in_view_with_its_options_and_reasons(at):
    ask = form()
    for name in CHOICES:
        ask.values[name] = ask.values[name].end("two")
    ask.now, ask.room = at, lambda: 10
    lines = texts(ask, 55)
    first, last = ask.in_view
    seen = "\n".join(lines[first : last + 1])
    assert f"the {CHOICES[at // 2]}" in seen
    assert "▸" in seen
    assert "the second" in seen
    assert all(f"the reason {letter}" in seen for letter in "abc")
    assert not re.search("|".join(f"the {name}\\b" for i, name in enumerate(CHOICES) if i != at // 2), seen)


def test_a_form_with_room_has_a_line_for_each_choice():
    ask = form()
    ask.room = lambda: 30
    assert sum(line.strip().startswith("the ") for line in texts(ask, 75)) == len(CHOICES) - 1


@pytest.mark.parametrize(
    "made", [lambda: AskSpot(fake.SPOT), lambda: AskKnobs(fake.KNOBS_ASK)], ids=["spot", "knobs"]
)
def test_a_question_and_its_picture_stand_close_where_that_is_asked_of_them(made):
    ask = made()
    ask.active = False
    apart = texts(ask, 55)
    ask.close = 2
    close = texts(ask, 55)
    assert len(close) < len(apart)
    assert [line for line in close if line] == [line for line in apart if line]


@pytest.mark.parametrize("lines", range(1, 12))
async def test_what_is_read_and_what_is_asked_stand_close_before_a_line_of_either_is_lost(lines, monkeypatch):
    read = Words("  \n".join(f"Line {i}." for i in range(lines)))
    monkeypatch.setitem(fake.PAGES, "do", replace(fake.PAGES["do"], show=(Words("Given."), read)))
    async with opened("do", size=(60, 20)) as hands:
        await hands.pilot.pause()
        stage = hands.app.screen.stage
        main, asking = stage.query_one("#main"), stage.asking
        if stage._end > stage.size.height:  # it is scrolled: then they stand apart
            assert asking.region.y == main.region.y + len(main.lines) + 1
            assert len(main.lines) + len(asking.lines) > stage.size.height
        elif stage.close < 3:
            assert asking.region.y == main.region.y + len(main.lines) + 1
        else:
            assert asking.region.y == main.region.y + len(main.lines)
