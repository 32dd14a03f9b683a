"""What the eye meets in the Lab: no hole, no cut word, no number that is not what it says."""

from __future__ import annotations

import re
from dataclasses import replace

import fake
import numpy as np
import pytest
from helper import opened
from lab_hands import in_lab

from drops.networks.lab import cards
from drops.networks.lab.instruments import INSTRUMENTS
from drops.text import number

CARDS = [
    ("circle 2-4-1 break uphill", 3),
    ("moons 2-8-8-1 relu break rate-high", 5),
]  # of two curves, of three
SMALL = [(60, 20), (80, 24)]


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
async def test_a_net_that_ran_away_is_a_picture_of_its_last_numbers(size):
    async with in_lab("hills 2-8-1 relu sgd 30", size) as lab:
        await lab.steps(300)
        text = lab.hands.text
        assert "the loss is no number since step 6" in lab.hands.lines[0]
        assert ("< shows what led there" in lab.hands.lines[0]) == (size[0] > 100)
        assert "step 4" in lab.hands.lines[0]
        assert not re.search(r"\bnan|\binf\b|space trains|\d{20}", text)
        scene = lab.lab.runner.scene
        assert any(share for layer in scene.wires for row in layer for share in row)
        assert any(len(set(row)) > 1 for tile in scene.layers[1] for row in tile.pixels)
        await lab.press("comma")
        assert "paused" in lab.hands.lines[0]
        await lab.press("full_stop", "space", "f", "enter", "g", "i")
        assert not re.search(r"\bnan", lab.hands.text)
        assert not lab.lab.runner.running


async def test_a_unit_that_says_nothing_is_dotted_and_no_hole():
    async with in_lab("circle 2-4relu-1", (80, 24)) as lab:
        lab.lab.runner.do(lambda desk: desk.change("b1[2]=-900"))
        await lab.settle()
        assert re.search(r"·+dead·+", lab.hands.text)


@pytest.mark.slow
@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_an_instrument_stands_below_a_map_and_no_word_of_it_is_cut(size):
    async with in_lab("circle 2-8-8-1", size) as lab:
        await lab.steps(50)
        if size[0] < 80:
            await lab.press("tab")
        for _ in INSTRUMENTS:
            await lab.press("i")
            pane = lab.hands.lines[3:-3]
            assert "ŷ" in pane[0]
            assert any("i next" in line for line in pane)
            assert not any("…" in line for line in pane)


@pytest.mark.parametrize("size", [*SMALL, (120, 36)], ids=str)
async def test_no_sheet_of_where_a_number_comes_from_is_cut(size):
    async with in_lab("circle 2-4-1", size) as lab:
        await lab.steps(50)
        await lab.press("enter")
        for _ in range(3):
            assert not any("…" in line for line in lab.hands.lines[3:-3])
            await lab.press("g")


@pytest.mark.parametrize(
    ("size", "gradients"), [((80, 24), False), ((120, 36), True), ((60, 20), True)], ids=str
)
async def test_the_columns_of_a_sum_stand_under_their_heads_with_each_gradient_where_there_is_room(
    size, gradients
):
    async with in_lab("circle 2-8-5-1", size) as lab:
        await lab.steps(300)
        await lab.press("enter")
        found = lab.lab.runner.why
        lines = lab.hands.lines
        head = next(line for line in lines if line.rstrip().endswith("product"))
        assert ("∂L/∂w" in head) == gradients
        end = head.index("from")
        for term in found.terms[:-1]:
            row = next(
                line for line in lines if f" {term.source} " in line and line.endswith(number(term.product))
            )
            assert row[end:].startswith(term.source)
            assert row[: end - 1].rstrip(" ·").endswith(number(term.weight))
            assert (f" {number(term.gradient, 4)} " in row[end:]) == gradients or term.gradient == 0


@pytest.mark.slow
@pytest.mark.parametrize("size", [*SMALL, (120, 36)], ids=str)
async def test_two_lines_that_are_compared_are_the_whole_story_and_what_differs_is_in_sight(size):
    line = "spiral x y sinx siny 4-5-1 adam .02 noise .1 rows 400 test .3 batch 20 l2 .001 goal .9 seed 77"
    async with in_lab(line, size) as lab:
        await lab.steps(40)
        await lab.press("c", "t")
        now, before = (one.strip().removeprefix("… ") for one in lab.hands.lines[1:3])
        assert lab.line == f"{line} @40 relu"
        assert lab.line.endswith(now.removesuffix("…"))
        assert now.endswith("@40 relu")
        assert before.split()[0] in line


@pytest.mark.slow
async def test_twenty_seeds_of_a_number_have_their_r2_and_no_share():
    async with in_lab("plane", (80, 24)) as lab:
        await lab.steps(30)
        await lab.press("f")
        assert re.search(r"of 20 reach R² 0.9", lab.hands.text)
        assert "%" not in "".join(lab.hands.lines[3:-3])


@pytest.mark.slow
async def test_tab_says_what_it_takes_in_hand_next():
    for size, names in (((80, 24), ("line", "curve", "net")), ((60, 20), ("map", "line", "curve", "net"))):
        async with in_lab(size=size) as lab:
            await lab.steps(20)
            for name in (*names, names[0]):
                assert f"tab {name}" in lab.hands.lines[-1]
                await lab.press("tab")


@pytest.mark.parametrize("size", [*SMALL, (120, 36)], ids=str)
@pytest.mark.parametrize(("line", "draw"), CARDS, ids=["two curves", "three curves"])
async def test_a_question_which_curve_it_is_is_seen_with_all_its_curves(line, draw, size, monkeypatch):
    card = cards.LabCard.draw(np.random.default_rng(draw), {"line": line, "steps": 600, "asks": "curve"})
    step, _ = card.steps(frozenset(), {})
    monkeypatch.setitem(
        fake.PAGES, "kept", replace(fake.PAGES["quiz"], heading="", show=step.show, ask=step.ask)
    )
    async with opened("kept", size=size) as hands:
        text = hands.text
        assert "own?" in text
        assert "enter answer" in hands.lines[-1]
        for letter, option in zip("ABC", step.ask.options, strict=False):
            assert option.text == letter
            assert f"{letter}: loss" in text
        assert text.count("└") == len(step.ask.options)  # every axis whole
        if size[0] >= 110:  # the curves take their pane, in two rows where there are three
            ends = [y for y, row in enumerate(hands.lines) if "└" in row]
            assert ends[-1] >= size[1] - 7


@pytest.mark.slow
@pytest.mark.parametrize("size", SMALL, ids=str)
async def test_what_is_wrong_with_a_typed_line_is_read_to_its_end(size):
    async with in_lab(size=size) as lab:
        for typed, ends in (
            ("z", "batch 20"),
            ("@9 noise 1", "or W1[2,1]=0.5"),
            ("2-8+-1", "write 2+ for 8+"),
        ):
            await lab.press("e", "ctrl+u")
            lab.lab.pastes(typed)
            await lab.press("enter")
            assert ends in " ".join(" ".join(lab.hands.lines[:3]).split())
            assert typed in "".join(lab.hands.lines[:3])
            assert "…" not in "".join(lab.hands.lines[:3])
            assert len(lab.hands.lines) == size[1]
            await lab.press("escape")


@pytest.mark.parametrize(
    ("line", "says"),
    [("circle 2-4-1", "▓• yes ░∘ no"), ("hills 2-4-1", "▓• up ░∘ down"), ("gentoo", "▓• Gentoo ░∘ other")],
)
async def test_the_maps_head_tells_its_colours_and_the_signs_of_its_rows(line, says):
    async with in_lab(line, (80, 24)) as lab:
        assert lab.hands.lines[3].endswith(says)
        await lab.press("down")  # of a unit the colours are of what it says, the signs of what is right
        assert lab.hands.lines[3].endswith("▓ up ░ down")
