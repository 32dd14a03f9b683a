"""Options once they are judged: one list with their reasons, and at every size in sight what it is about."""

from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.catalog import draw
from drops.colours import DARK
from drops.course.model import ExerciseFence
from drops.exercises.blocks import Choice, Option, Sheet
from drops.exercises.grading import FieldVerdict, Verdict
from drops.study.pages import Answered
from drops.tui.base.ink import inks
from drops.tui.screens.pinned import Pinned
from lessons import lessons

SIZES = [(60, 20), (80, 24), (120, 36)]
QUESTION = "Which of all these numbers that somebody worked out by hand is the first one that is wrong?"
MANY = tuple(f"{'h' * 9}{i}" for i in range(7))
TABLE = Sheet(("", "w"), tuple((f"row {i}", str(i)) for i in range(5)), "five rows")


def page_with(names, monkeypatch, right, long=1):
    """A quiz with a table above it; each option has a reason of its own."""
    options = tuple(
        Option(name, i == right, f"Because{i} " + "of what stands above it " * long + f"end{i}.")
        for i, name in enumerate(names)
    )
    page = replace(fake.PAGES["quiz"], show=(TABLE,), ask=Choice(QUESTION, options))
    monkeypatch.setitem(fake.PAGES, "quiz", page)


def seen(hands):
    return " ".join(hands.text.split())


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("picked", [0, 6])
async def test_question_choice_and_right_option_are_seen_with_their_reasons_and_the_others_after(
    size, picked, monkeypatch
):
    page_with(MANY, monkeypatch, right=3, long=4)
    async with opened("quiz", size=size) as hands:
        await hands.press(str(picked + 1), "enter")
        await hands.pilot.pause()
        told = seen(hands)
        assert " ".join(QUESTION.split()[:4]) in told  # from its first word on
        for at in (picked, 3):
            assert f"Because{at}" in told
            assert f"end{at}." in told
        for _ in range(3):
            if "enter more" not in hands.lines[-1]:
                break
            await hands.press("enter")
            told += seen(hands)
        assert all(f"end{i}." in told for i in range(len(MANY)))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_where_there_is_room_each_stands_where_it_stood(size, monkeypatch):
    page_with(MANY[:3], monkeypatch, right=2)
    async with opened("quiz", size=size) as hands:
        await hands.press("1", "enter")
        lines = [line.split() for line in hands.app.screen.asking.lines]
        signs = [line[0] for line in lines if line and set(line) & set(MANY)]
        assert signs == ["✗", "2", "✓"]


async def test_lines_break_alike_whether_a_page_is_longer_than_the_screen_or_not(monkeypatch):
    page_with(MANY[:2], monkeypatch, right=1)
    async with opened("quiz", size=(80, 24)) as hands:
        short = hands.app.screen.query_one("#left").size.width
    page_with(MANY, monkeypatch, right=1, long=9)
    async with opened("quiz", size=(80, 24)) as hands:
        await hands.press("3", "enter")
        await hands.pilot.pause()
        assert hands.app.screen.stage.max_scroll_y > 0
        assert hands.app.screen.query_one("#left").size.width == short


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_how_sure_one_is_is_asked_in_sight(size, monkeypatch):
    options = tuple(Option(name, i == 0, "So.") for i, name in enumerate(MANY))
    page = replace(fake.PAGES["predict"], show=(TABLE,), ask=Choice(QUESTION, options, confidence=True))
    monkeypatch.setitem(fake.PAGES, "predict", page)
    async with opened("predict", size=size) as hands:
        await hands.press("7", "enter")
        await hands.pilot.pause()
        assert "certain" in hands.text
        assert "enter answer" in hands.lines[-1]


async def test_what_a_page_behind_is_stands_whole_above_it_at_sixty_columns():
    async with opened("figure", "quiz", size=(60, 20)) as hands:
        while hands.app.screen.page.part == "read":
            await hands.press("enter")
        await hands.press("b")
        assert "behind · enter goes forward" in hands.text
        assert not any("…" in line for line in hands.lines[:2])


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_name_of_a_mix_up_is_never_cut_and_what_else_is_told_gives_way_to_it(width):
    fences = [one for drop in lessons() for one in drop.exercises if isinstance(one, ExerciseFence)]
    made = (draw(one.kind, 1, one.params) for one in fences if one.kind != "clinic")  # there it stands below
    titles = {named.title for one in made for named in getattr(one, "misconceptions", {}).values()}
    fields = tuple(FieldVerdict(name, name, 1, 2, "misconception") for name in "abcdefghijkl")
    assert len(titles) > 100
    for title in titles:
        answered = Answered(b"", Verdict(False, "", title=title, fields=fields), False, None, "", None)
        line = "".join(part.text for part in Pinned._verdict(answered, width, inks(DARK, few=False)))
        assert title in line
        assert "…" not in line
