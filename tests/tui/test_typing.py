"""What is typed and pasted into a page: nothing typed is a command, nothing pasted is lost, drafts stay."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from helper import opened
from textual import events

from drops.colours import DARK
from drops.exercises.blocks import Blank, Field, Numbers, Run, Sheet, Words
from drops.study.own.drafts import FILE, MOST, Drafts
from drops.tui.asks import widgets
from drops.tui.asks.numbers import AskNumbers
from drops.tui.base.caret import NUMBER
from drops.tui.base.ink import inks
from drops.tui.blocks import sheet
from drops.tui.blocks.sheet import InBlank
from drops.tui.screens.drop import DropScreen

BLANKS = len(fake.PAGES["do"].ask.fields)  # type: ignore[union-attr]


def texts(hands) -> list[str]:
    asking = hands.app.screen.asking
    assert isinstance(asking, AskNumbers)
    return [typed.text for typed in asking.typed.values()]


async def paste(hands, text: str) -> None:
    hands.app.post_message(events.Paste(text))
    await hands.pilot.pause()
    await hands.app.keyboard.idle()
    await hands.pilot.pause()


def test_the_page_has_more_blanks_than_one():
    assert isinstance(fake.PAGES["do"].ask, Numbers)
    assert BLANKS == 3


@pytest.mark.parametrize("between", ["\n", "\r\n", "\r", "\t", ";", " "], ids=repr)
async def test_a_pasted_column_or_row_fills_the_blanks_one_by_one(between):
    async with opened("do") as hands:
        await paste(hands, between.join(["-7", "0", "½"]))
        assert texts(hands) == ["-7", "0", "½"]
        await hands.press("enter")
        assert hands.study.answers == [("do", "-7; 0; ½", "")]


async def test_a_paste_goes_on_from_the_blank_in_hand_and_what_has_no_place_is_said():
    async with opened("do") as hands:
        await hands.press("1", "down")
        await paste(hands, "2\n3\n4\n5")
        assert texts(hands) == ["1", "2", "3"]
        assert "4 numbers came and 2 blanks were left: no place for “4”; “5”" in hands.text


async def test_what_is_no_number_is_said_and_what_stood_in_its_blank_stays():
    async with opened("do") as hands:
        await hands.press("8", "down", "9", "up")
        await paste(hands, "1\tx\t3")
        assert texts(hands) == ["1", "9", "3"]
        assert "“x” is no number; for example " in hands.text
        await paste(hands, "7 apples")
        assert texts(hands) == ["1", "9", "3"]
        assert "“7 apples” is no number; for example " in hands.text
        await paste(hands, "1" * 41)
        assert texts(hands) == ["1", "9", "3"]
        assert "that is longer than 40 characters; for example " in hands.text


async def test_a_paste_comes_after_what_was_typed_before_it():
    async with opened("wires", "do", size=(120, 60)) as hands:
        hands.app.post_message(events.Key("enter", "\r"))
        hands.app.post_message(events.Paste("1\n2\n3"))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        await hands.pilot.pause()
        assert texts(hands) == ["1", "2", "3"]


KEYS = {" ": "space", "+": "plus", "-": "minus", ",": "comma", ".": "full_stop", "/": "slash", "%": "percent_sign"}


async def test_what_a_number_can_hold_is_text_and_never_a_command():
    async with opened("do") as hands:
        for n, character in enumerate(NUMBER):
            key = KEYS.get(character, character)
            assert key not in hands.app.screen.active_bindings
            hands.app.post_message(events.Key(key, character))
            await hands.press()
            assert texts(hands)[0] == NUMBER[: n + 1]
        assert isinstance(hands.app.screen, DropScreen)
        assert not hands.app._notifications


async def test_any_other_letter_without_a_command_is_answered_in_words():
    async with opened("do") as hands:
        await hands.press("4")
        for character in "xzXQ€(#é":
            hands.app.post_message(events.Key(character, character))
            await hands.press()
            assert texts(hands)[0] == "4"
            assert f"“{character}” is no part of a number" in hands.text


LEFT = {
    "do": ["4", "down", "1", "slash"],
    "recall": ["down", "7"],
    "predict": ["2"],
    "explain": ["2"],
    "case": ["down", "down", "down", "down", "enter", "down"],
    "quiz": ["3"],
    "order": ["space", "down", "space"],
    "knobs": ["right", "right"],
    "design": ["right", "down", "right"],
}


def test_every_way_of_asking_has_a_draft():
    assert {type(fake.PAGES[name].ask) for name in LEFT} == {
        type(page.ask) for page in fake.PAGES.values() if page.ask is not None and not isinstance(page.ask, Run)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", LEFT)
async def test_what_was_begun_is_there_again_after_leaving_and_gone_after_answering(name, tmp_path):
    study = fake.FakeStudy(name)
    for start in range(2):
        study.drafts = Drafts(tmp_path, saved=True)
        async with opened(name, study=study) as hands:
            asking = hands.app.screen.asking
            if start == 0:
                untouched = asking.lines
                assert asking.draft() == ""
                await hands.press(*LEFT[name])
                begun = asking.draft()
                assert begun
                continue
            assert asking.draft() == begun
            assert asking.lines != untouched
            await hands.pilot.resize_terminal(60, 20)
            await hands.pilot.pause()
            assert hands.app.screen.asking.draft() == begun
            if name == "design":  # it opens at the field that is still open, which is typed
                await hands.press("up")
            await hands.press("question_mark", "q", "t", "escape")
            assert hands.app.screen.asking.draft() == begun
            whole = {"do": "1; 1; 1", "recall": "1; 1; 1", "design": "width=16; squash=relu; why=so"}.get(name, asking.answer())
            await hands.app.screen._answer(asking, whole)
            assert Drafts(tmp_path, saved=True).of(fake.PAGES[name]) == ""


async def test_a_draft_is_of_the_page_with_just_these_numbers(tmp_path):
    drafts, page = Drafts(tmp_path, saved=True), fake.PAGES["do"]
    drafts.keep(page, "4; ; ")
    other = replace(page, show=(Words("Other numbers: x = 9."),))
    assert (drafts.of(page), drafts.of(other)) == ("4; ; ", "")
    assert drafts.of(replace(page, ask=replace(page.ask, prompt="Another question"))) == ""


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b"\xff\xfe", b"[]", b"null", b'{"drafts": 2, "kept": {}}', b'{"drafts": 1, "kept": [1]}',
     b'{"drafts": 1, "kept": {"a": 1, "b": null}}', b"[" * 90_000, b"7" * 200_000],
    ids=lambda content: repr(content[:20]),
)  # fmt: skip
async def test_a_damaged_file_of_drafts_is_as_good_as_none(damaged, tmp_path):
    (tmp_path / FILE).write_bytes(damaged)
    drafts = Drafts(tmp_path, saved=True)
    assert drafts.of(fake.PAGES["do"]) == ""
    drafts.keep(fake.PAGES["do"], "1; 2; ")
    assert Drafts(tmp_path, saved=True).of(fake.PAGES["do"]) == "1; 2; "


MISFITS = ["99", "x; y; z; w; v", "=;=;", "width=\x1b[2J", ";" * 900, "squash=nothing"]


@pytest.mark.parametrize("draft", MISFITS)
@pytest.mark.parametrize("name", LEFT)
def test_a_draft_that_does_not_fit_leaves_what_is_asked_as_it_is(name, draft):
    asking = widgets.asking(fake.PAGES[name].ask)
    asking.take_up(draft)
    assert asking.draft() != "99" or name in ("do", "recall")
    assert "\x1b" not in asking.draft()


@pytest.mark.slow
@pytest.mark.parametrize("name", LEFT)
async def test_a_page_whose_draft_does_not_fit_is_used_as_any_other(name):
    study = fake.FakeStudy(name)
    study.drafts.keep(fake.PAGES[name], ";".join(MISFITS))
    async with opened(name, study=study) as hands:
        await hands.press("down", "up", "enter")
        assert "\x1b" not in hands.text


def test_drafts_are_few_and_small_and_none_is_written_where_nothing_may_be(tmp_path):
    drafts = Drafts(tmp_path, saved=True)
    pages = [replace(fake.PAGES["do"], key=f"page {n}") for n in range(MOST + 5)]
    for page in pages:
        drafts.keep(page, "1" * 40)
    assert [bool(drafts.of(page)) for page in pages] == [False] * 5 + [True] * MOST
    assert (tmp_path / FILE).stat().st_size < 10_000
    Drafts(tmp_path / "nowhere", saved=True).keep(pages[0], "1")
    Drafts(tmp_path, saved=False).keep(pages[0], "2")
    assert Drafts(tmp_path, saved=True).of(pages[0]) == ""
    assert [file.name for file in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_footer_promises_no_other_blank_where_there_is_none(count):
    asking = AskNumbers(Numbers("How many?", tuple(Field(f"n{i}", f"n{i}") for i in range(count))))
    assert asking.check_action("step", (1,)) == (count > 1)
    asking.fill(";".join("5" for _ in range(count - 1)))
    asking.now = count - 1
    assert asking.goes == "answer"  # the last one: Enter goes nowhere else
    if count > 1:
        asking.fill(";".join("" for _ in range(count)))
        assert asking.goes == "next blank"


@pytest.mark.parametrize("text", ["5", "-2.66667", "123456789.5"])
def test_the_signs_of_a_column_of_blanks_stand_one_under_another(text):
    rows = tuple((f"line {i}", Blank(f"n{i}")) for i in range(3))
    typed = {"n0": InBlank("1", "right"), "n1": InBlank(text, "wrong"), "n2": InBlank("7", "follows")}
    drawn = sheet.draw(Sheet(("", "v"), rows, ""), 70, inks(DARK, False), typed)
    lines = ["".join(part.text for part in line) for line in drawn]
    assert len({line.index("]") for line in lines if "]" in line}) == 1
