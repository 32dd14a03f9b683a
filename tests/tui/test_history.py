"""Answer history: found by drop, verdict, mix-up and words; opened as it was."""

from __future__ import annotations

import random

import pytest
from helper import same_as_snapshot
from looking import SIZES, Past, lived, looking, read_all, studied
from textual import events

from drops.events import Fact, Kind
from drops.exercises.answers import told
from drops.study.shown.history import history, reopen
from drops.tui.screens.answer import PastScreen
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.lists.answers import NONE
from drops.tui.screens.today import TodayScreen


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_the_list_looks_as_it_was_last_looked_at(home, clock, size):
    with lived(home, clock) as study:
        async with looking(study, clock, "a", "down", size=size) as hands:
            await read_all(hands)
            assert all(len(line) <= size[0] for line in hands.lines)
            same_as_snapshot(f"history-{size[0]}x{size[1]}", hands.lines)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
async def test_a_past_answer_looks_as_it_was_last_looked_at(home, clock, size):
    with studied(home, clock) as study:
        past = Past(study, clock)
        past.answer("one-neuron/by-hand", right=False, number=5)
        past.answer("one-neuron/relu", right=False, mix_up="quiz-no-squash", number=5)
        async with looking(study, clock, "a", "enter", size=size) as hands:
            shown = hands.lines
            await hands.press("q", "down", "enter")
            same_as_snapshot(f"past-{size[0]}x{size[1]}", shown + hands.lines)


async def test_before_the_first_answer_it_says_what_will_stand_here(home, clock):
    with studied(home, clock) as study:
        async with looking(study, clock, "a") as hands:
            assert "Nothing is answered yet." in hands.text
            await hands.press("enter", "down", "r", "d", "m", "v", "q")
            assert "▸ Begin" in hands.text


@pytest.mark.parametrize("right", [True, False])
async def test_beside_the_list_stand_the_question_the_answer_and_what_is_right(home, clock, right):
    with studied(home, clock) as study:
        past = Past(study, clock)
        past.answer("one-neuron/by-hand", right=right, number=5)
        (one,) = history(study)
        opened = reopen(study, one.event_id)
        async with looking(study, clock, "a", size=(120, 36)) as hands:
            await read_all(hands)
            pane = " ".join(line[hands.app.screen.query_one("#pane").region.x :].strip() for line in hands.lines)
            for label, text in (
                ("Given", opened.show[0].markdown.split("*")[0][:12]),
                ("Asked", opened.ask.prompt),
                ("You", told(opened.ask, opened.typed)),
                *([] if right else [("Right", told(opened.ask, opened.verdict.wanted))]),
            ):
                assert f"{label:<12}{text}"[:40] in pane, label
            assert ("Right  " in pane) is not right


async def test_arrows_pressed_fast_end_on_the_answer_that_is_chosen(home, clock):
    """Those that are passed over are not waited for."""
    with lived(home, clock) as study:
        async with looking(study, clock, "a", size=(120, 36)) as hands:
            for _ in range(12):
                await hands.pilot.press("down")
            await hands.app.keyboard.idle()
            await read_all(hands)
            one = hands.app.screen.chosen
            assert one.event_id in hands.app.screen.opened
            assert len(hands.app.screen.opened) <= 13


@pytest.mark.slow
async def test_letters_narrow_the_list_by_verdict_drop_and_mix_up(home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, "a") as hands:
            await hands.press("v")
            assert "Only  not yet" in hands.text
            assert "✓" not in hands.text
            await hands.press("v")
            assert "Only  right" in hands.text
            assert "✗" not in hands.text
            await hands.press("x", "d")
            number = hands.app.screen.chosen.drop_number
            assert f"Only  drop {number}" in hands.text
            assert {one.drop_number for one in hands.app.screen.found} == {number}
            await hands.press("d")
            assert "All answers" in hands.text
            await hands.press("v")
            while not hands.app.screen.chosen.misconceptions:
                await hands.press("down")
            name = hands.app.screen.chosen.misconceptions[0]
            await hands.press("m")
            await read_all(hands)
            assert f"mix-up: {name}" in hands.text
            assert all(name in one.misconceptions for one in hands.app.screen.found)


@pytest.mark.slow
async def test_words_are_typed_and_found_as_they_are_typed(home, clock):
    with lived(home, clock) as study:
        async with looking(study, clock, "a", "slash") as hands:
            await hands.type("squash out")
            await read_all(hands)
            found = hands.app.screen.found
            assert found
            assert all("leaves the squash out" in one.misconceptions for one in found)
            await hands.press("enter")
            assert "Only  “squash out”" in hands.text
            await hands.press("slash", *"qq")
            await read_all(hands)
            assert NONE in hands.text
            await hands.press("escape")
            assert "All answers" in hands.text


@pytest.mark.slow
async def test_an_answer_opens_with_its_numbers_what_was_typed_and_what_was_said(home, clock):
    with studied(home, clock) as study:
        Past(study, clock).answer("one-neuron/by-hand", right=False, number=3)
        (past,) = history(study)
        opened = reopen(study, past.event_id)
        async with looking(study, clock, "a", "enter", size=(120, 36)) as hands:
            assert "✗ not yet" in hands.text
            assert hands.text.count("77") == opened.typed.count("77")
            before = hands.text
            await hands.press("1", "5", "down", "space")
            assert hands.text == before
            assert opened.verdict.line.splitlines()[0] not in hands.text
            await hands.press("s")
            assert opened.verdict.line.splitlines()[0] in hands.text
            await hands.press("r")
            assert isinstance(hands.app.screen, DropScreen)
            assert hands.app.screen.session.mode == "replay"


async def test_an_answer_whose_lesson_is_gone_still_opens(home, clock):
    with studied(home, clock) as study:
        study.log.append(
            Fact(Kind.PRACTICE, "gone/item", correct=True, duration_ms=1, payload={"typed": "4\x1b[2J; 2"}),
            clock(),
        )
        async with looking(study, clock, "a") as hands:
            assert "gone/item" in hands.text
            await hands.press("r", "d", "enter")
            assert isinstance(hands.app.screen, PastScreen)
            assert "You answered: 4; 2" in hands.text
            assert "Its lesson is not installed any more." in hands.text


@pytest.mark.slow
async def test_more_answers_come_as_the_cursor_nears_the_end(home, clock):
    with studied(home, clock) as study:
        past = Past(study, clock)
        for number in range(70):
            past.answer("one-neuron/relu", practice=True, number=number)
        async with looking(study, clock, "a") as hands:
            answers = hands.app.screen
            assert len(answers.found) == 60
            hands.app.screen.choose(58)
            await hands.press("down")
            assert len(answers.found) == 70
            assert [one.event_id for one in answers.found] == [one.event_id for one in history(study)]


def test_a_page_of_history_goes_on_where_the_last_one_ended(home, clock):
    with lived(home, clock) as study:
        everything = history(study, limit=10_000)
        first = history(study, limit=7)
        assert first + history(study, after=first[-1].event_id, limit=10_000) == everything
        assert history(study, text="no such words") == []
        assert {one.rating for one in history(study, text="practice")} == {"practice"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_random_keys_and_sizes_on_the_screens_that_look_back_find_no_exception(home, clock, seed):
    chance = random.Random(seed)
    keys = [
        *"aghshjklvdmxrw12345?",
        "slash",
        "enter",
        "enter",
        "escape",
        "up",
        "down",
        "left",
        "right",
        "pagedown",
        "q",
    ]
    with lived(home, clock) as study:
        async with looking(study, clock) as hands:
            for _ in range(60):
                key = chance.choice(keys)
                if key == "q" and isinstance(hands.app.screen, TodayScreen):
                    continue
                hands.app.post_message(
                    events.Key("question_mark" if key == "?" else key, key if len(key) == 1 else None)
                )
                if chance.random() < 0.1:
                    await hands.pilot.resize_terminal(
                        chance.choice([20, 60, 80, 120]), chance.choice([5, 20, 24, 36])
                    )
            await hands.pilot.pause()
            await hands.app.keyboard.idle()
            assert hands.app._exception is None
            if not hands.app._exit:  # one q closed the screen that the next one was meant for
                await read_all(hands)
