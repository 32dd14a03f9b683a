"""What stands in the map's place in the Lab: lists with a glimpse of what is in hand, and rows that are drawn."""

from __future__ import annotations

import pytest
from lab_hands import in_lab

from drops.colours import DARK
from drops.networks.lab.bench import Bench
from drops.networks.lab.broken import NONE, WANTS, suits
from drops.networks.lab.challenges import CHALLENGES
from drops.networks.lab.drawing import FEWEST
from drops.networks.lab.glimpse import POINTS, STEPS, WORK, glimpse_of_fault, glimpse_of_start
from drops.networks.lab.line import read_line
from drops.tui.base.ink import inks
from drops.tui.screens.lab import offered
from drops.tui.screens.lab.offered import Offer

SMALL = [(60, 20), pytest.param((80, 24), marks=pytest.mark.slow)]


@pytest.mark.parametrize("fault", [fault for fault in WANTS if suits(read_line("circle 2-4-1"), fault)])
def test_a_glimpse_of_a_fault_is_the_loss_of_the_line_with_it_and_without_it(fault):
    recipe = read_line("circle 2-4-1 @20 relu")
    (_, plain), (name, broken) = glimpse_of_fault(recipe, fault).losses
    assert name == fault
    for line, points in (("circle 2-4-1", plain), (f"circle 2-4-1 break {fault}", broken)):
        bench = Bench(read_line(line))
        bench.go(int(points[-1][0]))
        assert points[-1][1] == max(float(bench.loss(bench.train)), 1e-9)
    assert plain[-1][0] == STEPS
    if fault == "uphill":
        assert broken[-1][1] > broken[0][1] > plain[-1][1]
    assert [name for name, _ in glimpse_of_fault(recipe, "").losses] == ["as it was"]


def test_a_glimpse_of_a_wide_net_is_as_short_as_it_takes_and_one_that_runs_away_ends_with_a_number():
    wide = read_line("circle 2-256-256-1 batch 300")
    (_, points), _ = glimpse_of_fault(wide, "uphill").losses
    assert points[-1][0] == max(POINTS, WORK // (wide.parameters * 300)) < STEPS
    (_, lost), _ = glimpse_of_fault(read_line("hills 2-8-1 relu sgd 30"), "uphill").losses
    assert 1 <= len(lost) < POINTS


def test_a_glimpse_of_what_begins_has_no_wrong_rows_since_nothing_has_been_learned():
    glimpse = glimpse_of_start(read_line("circle"), (20, 20), 33)
    assert any(dot.wrong for dot in glimpse.seen.dots)
    offers = [Offer("Challenges", "fence", "Fence the disc in.", "Begins: circle", "circle")]
    assert offered.map_room(offers, 0, 24, 17) == (20, 10)
    drawn = offered.draw(offers, 0, glimpse, 24, 17, inks(DARK, few=False))
    text = "\n".join("".join(segment.text for segment in line) for line in drawn)
    assert "•" in text
    assert "✗" not in text
    assert len(drawn) == 17


@pytest.mark.parametrize("height", [6, 10, 14, 18, 24, 30, 40])
@pytest.mark.parametrize("held", [0, 9, 39])
def test_a_list_has_its_room_shows_the_one_in_hand_and_counts_what_is_above_and_below(held, height):
    offers = [Offer("Nets of lessons", f"net {i}", "What it is. " * 3, "circle", "circle") for i in range(40)]
    drawn = offered.draw(offers, held, None, 31, height, inks(DARK, few=False))
    lines = ["".join(segment.text for segment in line).strip() for line in drawn]
    assert len(lines) <= max(height, 3 + 1 + 3)
    assert f"▸ net {held}" in lines
    listed = [line for line in lines if line.removeprefix("▸ ").startswith(("net ", "Nets"))]
    hidden = sum(
        int(word)
        for line in lines
        for word in line.split()
        if line.endswith(("above", "below")) and word.isdigit()
    )
    assert len(listed) + hidden == 41


@pytest.mark.slow
async def test_a_list_fills_a_large_room_with_a_glimpse_of_what_is_in_hand_and_takes_what_it_shows():
    async with in_lab("circle 2-4-1", (120, 36)) as lab:
        await lab.press("b", "down", "down", "down")
        assert "▸ uphill" in lab.hands.text
        assert "── as it was   ╌╌ uphill" in lab.hands.text
        assert "↑ ↓ choose   esc close" in lab.hands.lines[-1]
        await lab.press("up")
        assert "╌╌ rate-low" in lab.hands.text
        await lab.press("enter")
        assert lab.line == "circle 2-4-1 break rate-low"
        await lab.press("o")
        for name in list(CHALLENGES)[:3]:
            assert f"▸ {name}" in lab.hands.text
            rows = lab.hands.lines[-12:-3]
            assert all(len(row) > 75 for row in rows)  # the map of its rows
            await lab.press("down")
        await lab.press("escape")
        assert "ŷ" in lab.hands.lines[3]


@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_in_a_small_room_every_word_of_what_is_wrong_is_read(size):
    async with in_lab("circle 2-4-1", size) as lab:
        await lab.press("b", "down", "down")
        said = " ".join(
            " ".join(line[48 if size[0] == 80 else 1 :].strip() for line in lab.hands.lines[3:-3]).split()
        )
        assert "The learning rate is far too small." in said
        assert said.endswith("goes nowhere.")
        assert NONE in said


@pytest.mark.parametrize("size", [*SMALL, pytest.param((120, 36), marks=pytest.mark.slow)], ids=str)
async def test_who_draws_rows_is_told_where_the_hand_is_what_is_missing_and_the_keys_of_the_hand(size):
    async with in_lab("circle 2-4-1", size) as lab:
        await lab.press("d")
        assert "enter put it" in lab.hands.lines[-1]
        assert "1 no" in lab.hands.lines[-1]
        assert "step" not in lab.hands.lines[-1]
        assert f"{FEWEST} more yes and {FEWEST} more no" in " ".join(lab.hands.text.split())
        await lab.press("right", "enter")
        assert "• 1 yes   ∘ 0 no" in lab.hands.text
        assert "Enter puts a yes at 0.17, 0.06." in " ".join(lab.hands.text.split())
        for _ in range(3):
            await lab.press("right", "enter")
        await lab.press("1")
        for _ in range(4):
            await lab.press("down", "enter")
        assert "d trains on them." in lab.hands.text
        await lab.press("d")
        assert lab.line.startswith("drawn:")
        assert "run" in lab.hands.lines[-1]


@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_what_an_instrument_tells_in_more_lines_than_there_are_below_the_map_takes_its_place(size):
    async with in_lab("moons 2-8-8-1 break rate-high", size) as lab:
        await lab.steps(60)
        if size[0] < 80:
            await lab.press("tab")
        await lab.press("i", "i", "i", "i")
        assert "ŷ  " in lab.hands.lines[3]
        await lab.press("i")
        pane = lab.hands.lines[3:-3]
        assert any("what the doctor names" in line for line in pane[:2])
        assert not any("ŷ  " in line for line in pane)
        await lab.press("i")
        assert "ŷ  " in lab.hands.lines[3]
