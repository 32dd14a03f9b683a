"""A part of a picture is pointed at: by the arrows, by a click on it, beside the question or under it."""

from __future__ import annotations

from dataclasses import replace

import fake
import pytest
from fake import SPOT
from helper import opened

from drops.exercises.blocks import Matrix
from drops.exercises.figure import Drawing
from drops.exercises.spots import Aim, choice_in

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
async def test_the_arrows_go_from_wire_to_wire_and_the_one_in_hand_is_named(size):
    async with opened("spot", size=size) as hands:
        assert "click it, or go there with" in hands.text
        for name in [option.text for option in SPOT.options]:
            await hands.press("down")
            assert f"▸ {name}" in hands.text
        for _ in range(3):  # what is below the fold is read first
            if not hands.study.answers:
                await hands.press("enter")
        assert SPOT.options[-1].text in hands.study.answers[-1]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
async def test_a_click_on_a_weight_takes_its_wire_in_hand(size):
    async with opened("spot", size=size) as hands:
        for weight, name in (("−1.5", "x₁ → h₁"), ("−0.5", "x₂ → h₂")):
            if weight in hands.text:
                await hands.click(weight)
                assert f"▸ {name}" in hands.text


async def test_enter_before_anything_is_pointed_at_says_how():
    async with opened("spot") as hands:
        await hands.press("enter")
        assert "! point at one first: ↑ ↓, or a click" in hands.text
        assert hands.study.answers == []


async def test_the_right_part_is_named_and_lit_after_a_wrong_one():
    async with opened("spot") as hands:
        await hands.press("down", "enter")
        assert "✗ x₁ → h₁" in hands.text


async def test_in_a_single_row_every_arrow_goes_to_the_next_cell(monkeypatch):
    row = Matrix(("z",), ("a", "b", "c", "d"), ((1.0, -2.0, 3.0, 4.0),), "A row.")
    ask = choice_in("Which?", Drawing((row,), {}), "cells", Aim("So.", (2,)), [])
    monkeypatch.setitem(fake.PAGES, "cells", replace(fake.PAGES["cells"], ask=ask))
    async with opened("cells") as hands:
        await hands.press("down", "down")
        assert "▸ b" in hands.text
        await hands.press("right", "up")
        assert "▸ b" in hands.text


async def test_in_a_table_the_arrows_go_by_rows_and_columns():
    async with opened("cells") as hands:
        await hands.press("down", "right")
        assert "▸ is A, said B" in hands.text
        await hands.press("down")
        assert "▸ is B, said B" in hands.text
        await hands.press("left", "up")
        assert "▸ is A, said A" in hands.text
        await hands.click("9")
        assert "▸ is B, said B" in hands.text
