"""A drop by real keys: each kind of page, what is answered, and what becomes of it."""

from __future__ import annotations

import re
from dataclasses import replace

import fake
import pytest
from helper import opened

from drops.colours import DARK
from drops.exercises import answers
from drops.exercises.grading import Repair, Verdict
from drops.study.pages import Answered
from drops.tui.asks.feedback import Feedback
from drops.tui.asks.run import AskRun
from drops.tui.base.ink import inks
from drops.tui.screens import stage
from drops.tui.screens.drop import DropScreen
from drops.tui.screens.stage import Stage
from drops.tui.screens.today import TodayScreen

INK = inks(DARK, False)


async def test_enter_leads_from_today_through_a_reading_page_and_back_to_today():
    async with opened("wires") as hands:
        assert isinstance(hands.app.screen, DropScreen)
        await hands.press("enter", "enter")  # the first shows what stands below the fold
        assert "Done for today" in hands.text
        await hands.press("enter")
        assert isinstance(hands.app.screen, TodayScreen)
        assert hands.study.turned == ["wires", "end"]


async def test_numbers_are_answered_as_a_learner_in_plain_mode_would_type_them():
    async with opened("do") as hands:
        await hands.press(
            "minus", "full_stop", "5", "tab", "1", "slash", "2", "enter", "0", "comma", "5", "enter"
        )
        assert hands.study.answers == [("do", "-.5; 1/2; 0,5", "")]
        assert answers.read(hands.study.pages[0].ask, "-.5; 1/2; 0,5") == {"h1": -0.5, "z2": 0.5, "h2": 0.5}


@pytest.mark.slow
async def test_a_wrong_number_is_named_and_can_be_corrected_on_the_same_page():
    async with opened("do") as hands:
        await hands.type("-.5")
        await hands.press(
            "enter", *".5".replace(".", "full_stop ").split(), "enter", "full_stop", "5", "enter"
        )
        assert "✗ not yet · the squash was left out" in hands.text
        assert "✗ not yet   ✓ right" in hands.text
        await hands.press("tab", "backspace", "backspace", "backspace", "0", "enter")
        assert hands.study.answers[-1] == ("do", "0; .5; .5", "")
        assert "✓ right" in hands.text
        await hands.press("enter")
        assert hands.study.turned == ["do"]


@pytest.mark.parametrize("width", [40, 54, 66])
@pytest.mark.parametrize("repaired", [None, False, True])
def test_a_repair_question_of_any_length_leaves_room_for_what_is_said_of_it(width, repaired):
    said = {None: "", False: "✗ not yet", True: "✓ right"}[repaired]
    for length in range(1, 60):
        shown = Feedback()
        repair = Repair("z" * (length % 7 + 1) + " of" * (length // 3), 1.0, 0.0)
        verdict = Verdict(False, "", title="a slip", repair=repair)
        shown.outcome = Answered(b"", verdict, hidden=False, rating=None, reason="", due=None)
        shown.repaired = repaired
        lines = ["".join(text for text, *_ in line) for line in shown._repair(width, INK)]
        assert all(len(line.rstrip()) <= width for line in lines)
        assert lines[-1].rstrip().endswith(said)


async def test_the_way_is_shown_line_by_line_and_nothing_is_asked_for_any_more(monkeypatch):
    """Each number of a sheet has a line of its own; run together they read as one sum."""
    reveal = fake.FakeStudy.reveal

    def two_lines(self, session, now):
        session, outcome = reveal(self, session, now)
        way = replace(outcome.verdict, line="h₁ = relu(−0.5) = 0\nz₂ = 1 − 0.5 = 0.5")
        return session, replace(outcome, verdict=way)

    monkeypatch.setattr(fake.FakeStudy, "reveal", two_lines)
    async with opened("do", size=(100, 40)) as hands:
        await hands.press("s", "enter", "enter", "enter")
        assert "still empty" in hands.text
        await hands.press("s", "s")
        shown = [line.strip() for line in hands.lines]
        assert shown.index("z₂ = 1 − 0.5 = 0.5") == shown.index("h₁ = relu(−0.5) = 0") + 1
        assert "still empty" not in hands.text
        assert "s again" not in hands.text


@pytest.mark.parametrize("typed", [(), ("5",)], ids=["nothing", "one of three numbers"])
async def test_who_gave_up_goes_on_by_enter_and_is_asked_for_no_blank(typed):
    async with opened("do", size=(100, 40)) as hands:
        await hands.press(*typed, "s", "s")
        assert "Again: the line was shown" in hands.text
        assert "enter go on" in hands.lines[-1]
        await hands.press("enter")
        assert "still empty" not in hands.text
        assert hands.study.turned == ["do"]
        assert hands.study.answers == []


async def test_who_gave_up_on_a_setting_does_not_answer_by_going_on():
    async with opened("knobs", size=(100, 40)) as hands:
        await hands.press("s", "s")
        assert "Again: the line was shown" in hands.text
        await hands.press("enter")
        assert hands.study.answers == []
        assert hands.study.turned == ["knobs"]


@pytest.mark.slow
async def test_the_repair_question_is_checked_and_stores_nothing():
    async with opened("do") as hands:
        await hands.press("minus", "full_stop", "5", "enter", "1", "enter", "1", "enter")
        assert "Try one: h₁ = [" in hands.text
        await hands.press("x", "2", "enter")
        assert "not yet" in hands.text
        await hands.press("backspace", "0", "enter")
        assert "[0      ] ✓ right" in hands.text
        assert len(hands.study.answers) == 1
        await hands.press("enter")
        assert hands.study.turned == ["do"]


async def test_what_cannot_be_read_asks_again_beside_the_field_and_stores_nothing():
    async with opened("do") as hands:
        await hands.press("1", "slash", "0", "enter", "1", "enter", "1", "enter")
        assert "! h₁: a fraction cannot have 0 below the line" in hands.text
        assert hands.study.answers == []


@pytest.mark.slow
async def test_an_empty_blank_is_gone_to_instead_of_answered():
    async with opened("do") as hands:
        await hands.press("enter")
        assert "h₁ is still empty; for example −0.5" in hands.text
        assert hands.study.answers == []


async def test_an_answer_that_was_not_saved_stays_and_enter_tries_again():
    async with opened("explain") as hands:
        hands.study.fails = 1
        await hands.press("1", "enter")
        assert "! NOT SAVED: the disk is full. Earlier answers are safe." in hands.text
        assert hands.study.answers == []
        await hands.press("enter")
        assert hands.study.answers == [("explain", "1", "")]


async def test_a_prediction_takes_confidence_and_tells_nothing():
    async with opened("predict", "carry") as hands:
        await hands.press("2", "enter", "3", "enter")
        assert hands.study.answers == [("predict", "2", "certain")]
        assert "Carry forward" in hands.text


@pytest.mark.slow
async def test_a_choice_wants_a_choice_first():
    async with opened("explain") as hands:
        await hands.press("enter")
        assert "choose first" in hands.text
        await hands.press("j", "j", "enter")
        assert hands.study.answers == [("explain", "2", "")]
        told = [" ".join(line.split()) for line in hands.lines]
        assert "✓ 1 the bias The bias shifts, the weights tilt." in told
        assert "✗ 2 a weight A weight changes the slope." in told


@pytest.mark.slow
async def test_a_case_is_opened_named_and_mended_in_one_answer():
    async with opened("case") as hands:
        await hands.press("down", "enter", "up", "enter", "down", "down", "down", "down", "enter")
        assert "● 2  every hidden unit is silent" in hands.text
        await hands.press("2", "enter")
        assert hands.study.answers == [("case", "2 2; 2 1", "")]
        assert hands.study.gauges == ["2", "1"]


@pytest.mark.slow
async def test_what_a_gauge_reads_is_shut_until_it_is_opened():
    async with opened("case", size=(80, 50)) as hands:
        assert "2.3·10⁻⁶" not in hands.text
        assert "2 of 2 left to open" in hands.text
        await hands.press("enter")
        assert "2.3·10⁻⁶" in hands.text
        assert "1 of 2 left to open" in hands.text


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 36)])
async def test_what_a_gauge_reads_is_seen_where_it_is_opened(size):
    async with opened("case", size=size) as hands:
        await hands.press("enter")
        assert "▸ ▾ gradients" in hands.text
        assert "0.36" in hands.text


async def test_in_one_column_a_panel_stands_right_under_its_gauge():
    async with opened("case", size=(60, 20)) as hands:
        await hands.press("enter")
        at = next(y for y, line in enumerate(hands.lines) if "▸ ▾ gradients" in line)
        assert "0.36" in "\n".join(hands.lines[at : next(y for y in range(at, 20) if "▹" in hands.lines[y])])


@pytest.mark.slow
async def test_once_a_cause_is_named_no_arrow_leads_to_a_gauge_that_is_gone():
    async with opened("case", size=(80, 50)) as hands:
        await hands.press("enter", "up", "enter")
        assert "▹" not in hands.text
        seen = set()
        for _ in range(12):
            await hands.press("up")
            (line,) = [line.strip() for line in hands.lines if "▸" in line]
            seen.add(line)
        assert len(seen) == 1 + len(fake.CASE.causes) + len(fake.CASE.changes)


@pytest.mark.parametrize(
    ("name", "keys", "minutes"),
    [
        ("board", ["1", "down", "1", "down", "1", "down", "1"], [9, 8, 8, 7, 7, 6, 6, 5]),
        ("do", ["1", "up"], [9, 8, 8]),
    ],
)
async def test_the_minutes_left_go_down_as_a_question_is_filled_in(monkeypatch, name, keys, minutes):
    asks = replace(fake.PAGES[name], minutes_left=9.0, minutes_asked=4.0 if name == "board" else 3.0)
    monkeypatch.setitem(fake.PAGES, name, asks)
    async with opened(name) as hands:
        told = []
        for key in (None, *keys):
            await hands.press(*([key] if key else []))
            told.append(int(re.search(r"(\d+) min left", hands.text)[1]))
        assert told == minutes


async def test_right_and_left_go_between_the_two_columns_of_gauges_and_step_where_there_is_one():
    across = [
        ("right", "batches"),
        ("right", "batches"),
        ("down", "1"),
        ("up", "batches"),
        ("left", "gradients"),
    ]
    below = [("down", "units"), ("right", "batches"), ("left", "gradients"), ("left", "gradients")]
    for size, moves in (
        ((80, 50), [*across, *below]),
        ((60, 50), [("right", "units"), ("right", "batches")]),
    ):
        async with opened("case", size=size) as hands:
            for key, wanted in moves:
                await hands.press(key)
                (line,) = [line for line in hands.lines if "▸" in line]
                assert line.split("▸")[1].lstrip(" ▹").startswith(wanted), (size, key, line)


async def test_what_was_opened_and_struck_off_before_is_painted_also_where_the_page_stands_already():
    async with opened("case", size=(80, 50)) as hands:
        assert "2 of 2 left to open" in hands.text
        hands.app.screen.asking.goes_on_from(("1",), ("2",))
        await hands.press()
        assert "1 of 2 left to open" in hands.text
        assert "▾ gradients" in hands.text
        assert "✗ 2  every hidden" in hands.text


async def test_one_gauge_too_many_stays_shut_and_says_what_to_do():
    async with opened("case", size=(80, 50)) as hands:
        await hands.press("enter", "down", "enter", "down", "enter")
        assert "How the rows come in" not in hands.text
        assert "2 gauges are open: strike off, and name the cause with enter" in hands.text


async def test_a_digit_or_space_strikes_a_cause_off_and_back_and_each_is_told():
    async with opened("case", size=(80, 50)) as hands:
        await hands.press("3")
        assert "▸✗3  every weight starts at 0" in hands.text
        await hands.press("3", "1", "down", "space")
        assert "✗ 1  the rate" in hands.text
        assert "▸✗2  every hidden" in hands.text
        assert hands.study.strikes == ["3", "3", "1", "2"]


async def test_naming_a_cause_that_was_struck_off_takes_it_back():
    async with opened("case", size=(80, 50)) as hands:
        await hands.press("2", "enter", "enter")
        assert hands.study.strikes == ["2", "2"]
        assert hands.study.answers == [("case", "2 1", "")]


async def test_no_change_can_be_tried_before_a_cause_is_named():
    async with opened("case", size=(80, 50)) as hands:
        assert "a rate of 0.2" not in hands.text
        await hands.press("up", "enter")
        assert "Changes   which one mends it?" in hands.text
        await hands.press("up", "up", "enter", "down", "enter")  # another cause, after all
        assert hands.study.answers == [("case", "2 2", "")]
        assert "Gauges" not in hands.text  # none was opened: no heading stands over nothing


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_whoever_chooses_a_change_sees_all_of_them(size, monkeypatch):
    changes = tuple(f"change {n}" for n in "abcdef")
    ask = replace(fake.CASE, changes=changes)
    monkeypatch.setitem(fake.PAGES, "case", replace(fake.PAGES["case"], ask=ask))
    async with opened("case", size=size) as hands:
        await hands.press("enter", *["end", "pagedown", "pageup"], "1", "enter")
        for _ in changes:
            assert [change for change in changes if change not in hands.text] == []
            await hands.press("down")


async def test_gauges_causes_and_changes_can_be_clicked():
    async with opened("case", size=(80, 50)) as hands:
        await hands.click("batches")
        assert "How the rows come in" in hands.text
        await hands.click("every hidden unit")
        await hands.click("biases at 0")
        await hands.press("enter")
        assert hands.study.answers == [("case", "2 2; 3", "")]


async def test_all_that_apply_are_marked_by_digits_or_space():
    async with opened("quiz") as hands:
        await hands.press("1", "down", "space", "enter")
        assert hands.study.answers == [("quiz", "1, 2", "")]


async def test_pieces_are_carried_into_order():
    async with opened("order") as hands:
        await hands.press("down", "down", "space", "up", "up", "space", "enter")
        assert hands.study.answers == [("order", "3 1 2 4", "")]


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_after_a_wrong_order_the_right_one_stands_on_the_screen_and_no_key_offers_it_again(size):
    async with opened("order", size=size) as hands:
        await hands.press("enter")
        said = " ".join(" ".join(hands.app.screen.feedback.lines).split())
        assert "The right order: multiply, then add up, then add the bias, then squash." in said
        assert not hands.app.screen.check_action("line", ())
        hands.app.screen.feedback.line_shown = True  # as where one walks back to it
        hands.app.screen.feedback.redraw()
        await hands.press()
        assert " ".join(hands.app.screen.feedback.lines).count("The right order") == 1


async def test_knobs_turn_until_the_goal_is_reached():
    async with opened("knobs") as hands:
        await hands.press("down", "left", "left", "enter")
        assert hands.study.answers == [("knobs", "1; -2", "")]
        assert "✓ right" in hands.text


async def test_a_design_form_is_filled_by_arrows_and_letters():
    async with opened("design") as hands:
        await hands.press(
            "right",
            "down",
            "right",
            "down",
            *"few; rows".replace(";", "").replace(" ", "|").replace("|", ""),
            "enter",
        )
        assert hands.study.answers == [("design", "width=64; squash=relu; why=fewrows", "")]


async def test_of_a_form_with_reasons_the_choice_in_hand_is_open_and_the_others_are_a_line():
    async with opened("board") as hands:
        assert "0 of 4 filled" in hands.text
        await hands.press("2", "down", "1")
        assert "(•) to test for a bend" in hands.text
        await hands.press("down")
        assert "to test for a bend" not in hands.text
        assert "• hidden layers" in hands.text
        assert "2 of 4 filled" in hands.text
        await hands.press("right", "down", "right", "enter")
        assert hands.study.answers == [
            ("board", "layers=16; why-layers=test; brake=none; why-brake=noise", "")
        ]


@pytest.mark.slow
async def test_a_reason_that_is_none_for_another_choice_is_open_again():
    async with opened("board") as hands:
        await hands.press("2", "down", "1", "up", "1", "down", "down", "2", "down", "2")
        assert "because?" in hands.text
        await hands.press("enter")
        assert hands.study.answers == []
        assert "▸ because" in hands.text
        await hands.press("1", "enter")
        assert hands.study.answers == [
            ("board", "layers=none; why-layers=earn; brake=stop; why-brake=steps", "")
        ]


async def test_giving_up_wants_a_second_key():
    async with opened("recall") as hands:
        await hands.press("s")
        assert "s again shows the answer" in hands.text
        await hands.press("s")
        assert "h₁ = relu(−0.5) = 0" in hands.text
        assert "Again: the line was shown" in hands.text


async def test_a_right_answer_can_be_called_a_guess():
    async with opened("recall") as hands:
        await hands.press("0", "enter", "full_stop", "5", "enter", "full_stop", "5", "enter")
        assert "Good: first try · comes back Tuesday" in hands.text
        await hands.press("i")
        assert "Again: you guessed" in hands.text


@pytest.mark.slow
async def test_a_run_after_a_prediction_starts_by_itself_pauses_and_can_be_run_again():
    async with opened("see") as hands:
        run = hands.app.screen.query_one(AskRun)
        for _ in range(1000):
            await hands.pilot.pause(0.02)
            if run.over:
                break
        assert run.frame is not None
        assert run.frame.says == "20 of 20 seeds, from 0"
        await hands.press("r", "space")
        assert run.seed == 1
        assert not run.running
        assert "▮▮" in hands.text
        assert "○ class 0  ● class 1" in hands.text  # the foot of the pictures, brought into sight
        await hands.press("enter")  # at its end all of it was seen
        assert hands.study.turned == ["see"]
        assert not run.is_attached


def slider_of(hands, label):
    """The line of a knob, its first cell, and how many cells it has."""
    y, line = next((y, line) for y, line in enumerate(hands.lines) if f" {label} " in line and "●" in line)
    start = line.index(label) + len(label) + 1
    while line[start] not in "─━┴●":
        start += 1
    return y, start, len(line[start:].split(" ")[0])


async def test_figures_move_by_arrows_by_signs_and_by_mouse():
    async with opened("figure", size=(120, 36)) as hands:
        await hands.press("right", "plus", "down", "minus")
        assert "z = 2·2 + -1.5 = 2.5" in hands.text
        y, x, cells = slider_of(hands, "w₁")
        await hands.pilot.click(offset=(x + cells - 1, y))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        assert "z = 4·2 + -1.5 = 6.5" in hands.text


async def test_options_and_keys_in_the_footer_can_be_clicked():
    async with opened("explain") as hands:
        await hands.click("a weight")
        await hands.click("enter answer")
        assert hands.study.answers == [("explain", "2", "")]


async def test_a_number_pasted_goes_into_its_blank_and_several_into_several():
    from textual import events

    async with opened("do") as hands:
        hands.app.post_message(events.Paste("0; 0.5; \x1b[31m0.5"))
        await hands.pilot.pause()
        await hands.press("enter")
        assert hands.study.answers == [("do", "0; 0.5; 0.5", "")]


async def test_a_figure_knows_how_many_lines_are_seen_at_once_also_after_resizing():
    async with opened("figure", size=(80, 24)) as hands:
        at = hands.app.screen.query_one(Stage)
        assert 15 < at.hands.tall < at.size.height < 24
        await hands.pilot.resize_terminal(80, 40)
        await hands.pilot.pause()
        assert 31 < at.hands.tall < at.size.height < 40


@pytest.mark.slow
async def test_resizing_keeps_what_was_typed_and_moves_the_figure():
    async with opened("figure", size=(80, 24)) as hands:
        await hands.press("right")
        await hands.pilot.resize_terminal(130, 40)
        await hands.pilot.pause()
        assert hands.app.screen.query_one(Stage).has_class("-beside")
        assert "z = 1.5·2 + -1 = 2" in hands.text
        await hands.pilot.resize_terminal(60, 20)
        await hands.pilot.pause()
        assert not hands.app.screen.query_one(Stage).has_class("-beside")


@pytest.mark.slow
async def test_every_key_typed_fast_is_handled_once_and_in_order():
    """200 keys at once, over page turns: digits, Enter, and pages that are mounted in between."""
    from textual import events

    pages = ["do", "wires", "explain"] * 12
    async with opened(*pages, size=(100, 60)) as hands:  # all of a page is seen at once
        once = ["0", "enter", "5", "enter", "5", "enter", "enter", "enter", "2", "enter", "enter"]
        for key in once * 12:
            hands.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await hands.pilot.pause()
        await hands.app.keyboard.idle()
        expected = [("do", "0; 5; 5", ""), ("explain", "2", "")] * 12
        assert hands.study.answers == expected
        assert hands.study.turned == pages


@pytest.mark.slow
@pytest.mark.parametrize("page", ["wires", "curve", "surface", "bars", "figure", "sheet", "beside"])
async def test_the_numbers_of_every_picture_can_be_copied(page, monkeypatch):
    async with opened(page) as hands:
        await hands.press("y")
        assert any(c.isdigit() for c in hands.app.clipboard)


@pytest.mark.slow
async def test_a_run_may_hold_a_context_open_and_is_closed_in_the_one_it_began_in(monkeypatch):
    """numpy.errstate inside a generator does this; closed elsewhere it raises."""
    from contextvars import ContextVar
    from dataclasses import replace

    import fake

    held: ContextVar[int] = ContextVar("held", default=0)
    closed = []

    def frames(seed):
        token = held.set(1)
        try:
            while True:
                yield None
        finally:
            held.reset(token)
            closed.append(seed)

    monkeypatch.setitem(fake.PAGES, "see", replace(fake.PAGES["see"], ask=replace(fake.RUN, frames=frames)))
    async with opened("see") as hands:
        await hands.pilot.pause(0.1)
        await hands.press("r")
        await hands.pilot.pause(0.1)
        await hands.press("enter")
        assert closed == [0, 1]
        assert hands.study.turned == ["see"]


async def test_a_slider_follows_the_mouse_while_it_is_held_also_beside_its_line():
    async with opened("figure") as hands:
        y, x, cells = slider_of(hands, "w₁")
        pilot = hands.pilot
        await pilot.mouse_down(offset=(x + 1, y))
        for to, below, wanted in ((cells // 2, 0, 0.0), (cells - 1, 1, 4.0), (cells + 9, 2, 4.0)):
            await pilot.hover(offset=(x + to, y + below))
            await pilot.pause()
            await hands.app.keyboard.idle()
            values = hands.app.screen.stage.hands.values
            (figure,) = values
            assert abs(values[figure]["w"] - wanted) <= 0.5
        assert values[figure]["w"] == 4.0
        await pilot.mouse_up(offset=(x + cells + 9, y + 2))
        await pilot.hover(offset=(x + 1, y))
        await hands.app.keyboard.idle()
        assert values[figure]["w"] == 4.0


async def test_the_terms_key_lists_first_what_this_page_links_to():
    async with opened("linked") as hands:
        await hands.press("t")
        listed = [line[3:].partition("  ")[0] for line in hands.lines[2:6]]
        assert listed == ["squash", "drop 1", "https://example.org", "bias"]
        assert "What bends the sum" in hands.text
        await hands.press("down")
        assert "Compute z and a for any neuron." in hands.text
        await hands.press("down")
        assert "An address on the web, for your browser" in hands.text


@pytest.mark.slow
async def test_a_link_to_a_drop_can_be_clicked_and_says_what_that_drop_is_about():
    async with opened("linked") as hands:
        await hands.click("a neuron")
        assert "drop 1" in hands.text
        assert "Compute z and a for any neuron." in hands.text
        await hands.press("enter")
        assert isinstance(hands.app.screen, DropScreen)


async def test_values_flow_through_a_net_when_it_is_first_seen_and_again_on_w(monkeypatch):
    monkeypatch.setattr(stage, "LAYER", 60.0)
    async with opened("wires", size=(120, 36)) as hands:
        assert "ŷ    9.5" not in hands.text
        monkeypatch.setattr(stage, "LAYER", 0.01)
        await hands.pilot.pause(0.3)
        assert "ŷ    9.5" in hands.text
        monkeypatch.setattr(stage, "LAYER", 60.0)
        await hands.press("w")
        assert "ŷ    9.5" not in hands.text
        await hands.press("v")  # another key waits for nothing
        assert "b 0.25" in hands.text


async def test_with_reduced_motion_the_values_are_there_at_once():
    async with opened("wires", size=(120, 36), still=True) as hands:
        assert "ŷ    9.5" in hands.text
        await hands.press("w")
        assert "ŷ    9.5" in hands.text


async def test_a_figure_is_drawn_once_when_its_page_is_turned_to_and_once_for_each_key(monkeypatch):
    from dataclasses import replace

    import fake

    drawn = []

    def draw(values):
        drawn.append(dict(values))
        return fake.draw_neuron(values)

    figure = replace(fake.FIGURE, draw=draw)
    monkeypatch.setitem(fake.PAGES, "figure", replace(fake.PAGES["figure"], show=(figure,)))
    async with opened("figure", "figure", size=(120, 36), still=True) as hands:
        drawn.clear()
        await hands.press("enter")
        assert len(drawn) == 1
        drawn.clear()
        await hands.press("right")
        assert len(drawn) == 1


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_a_window_that_cannot_save_says_so_on_every_page_and_in_every_feedback(size):
    async with opened("explain", size=size) as hands:
        hands.study.unsaved = "NOT SAVED: drops is open elsewhere"
        await hands.app.screen.show_page()
        await hands.press("1", "enter")
        assert hands.study.unsaved in hands.lines[1]
        assert any(hands.study.unsaved in line for line in hands.lines[2:])


@pytest.mark.slow
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_m_shows_both_worlds_of_a_named_mix_up_and_takes_them_away_again(size):
    async with opened("do", size=size) as hands:
        await hands.press("minus", "full_stop", "5", "enter", "1", "enter", "1", "enter")
        assert "here they part" not in hands.text
        await hands.press("m")
        await hands.pilot.pause()
        assert "here they part" in hands.text
        assert size[0] >= 110 or "your rule   the rule" in hands.text  # the head of its table, and
        assert "Try one" in hands.text  # the blank below it
        await hands.press("m", "pageup", "pageup")
        assert "here they part" not in hands.text


async def test_both_worlds_that_are_only_told_leave_the_pictures_of_the_page_below_them():
    async with opened("do-drawn", size=(120, 36)) as hands:
        await hands.press("minus", "full_stop", "5", "enter", "1", "enter", "1", "enter")
        assert "epoch" in hands.text
        await hands.press("m")
        assert "here they part" in hands.text
        assert "epoch" in hands.text
        await hands.press("m")
        assert "here they part" not in hands.text


async def test_u_takes_the_answer_back_and_asks_it_again():
    async with opened("explain") as hands:
        await hands.press("1", "enter", "u")
        assert hands.study.answers == []
        await hands.press("1", "enter")
        assert hands.study.answers == [("explain", "1", "")]
