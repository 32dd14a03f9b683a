"""Pasted numbers, and numbers as people type them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.errors import Unreadable
from drops.exercises.answers import LONGEST, read_number
from drops.exercises.pasted import is_number, pasted_numbers

NUMBERS = ["-7", "0", "½", "3", "1,5", "−2.25"]  # 3 ½ would be one
READ = {
    "½": 0.5, "1½": 1.5, "−1½": -1.5, "- ¼": -0.25, "2 ¾": 2.75, "1 1/2": 1.5, "-1 1/2": -1.5, "3/2": 1.5,
    "1⁄2": 0.5, "1 000": 1000, "12 345,5": 12345.5, "- 1": -1, "–3": -3, "+ 3": 3, " .5 ": 0.5,
    "1,026,000": 1026000, "−1,026.5": -1026.5, "0,125": 0.125, "12,5": 12.5,
    "50 %": 0.5, "½%": 0.005, "-0": 0,
}  # fmt: skip
REFUSED = {
    "1e3": "“1e3” is not read; write it out; for example 1000",
    "1E-5": "“1E-5” is not read; write it out; for example 0.00001",
    "−2.5e2": "“−2.5e2” is not read; write it out; for example −250",
    "1e999": "“1e999” is not read; write it out; for example −0.5",
    "1e-999": "“1e-999” is not read; write it out; for example 0",
    "4 5": "“4 5” is more than one number; for example −0.5",
    "1\t2": "“1\t2” is more than one number; for example −0.5",
    "0, 5": "“0, 5” is more than one number; for example −0.5",
    "½, 3": "“½, 3” is not a number; for example −0.5",
    "2 5/4": "“2 5/4” can be read in two ways; for example −0.5",
    "1 100/200": "“1 100/200” can be read in two ways; for example −0.5",
    "1,026": "“1,026” can be read in two ways; leave the comma out, or write a point; for example 1026",
    "-12,500": "“-12,500” can be read in two ways; leave the comma out, or write a point; for example −12500",
    "1/½": "“1/½” is not a number; for example −0.5",
    "½½": "“½½” is not a number; for example −0.5",
    "½0": "“½0” is more than one number; for example −0.5",
    "1 1/0": "a fraction cannot have 0 below the line; for example −0.5",
    "1e": "“1e” is not a number; for example −0.5",
    "e": "“e” is not a number; for example −0.5",
    "9" * 41: "that is longer than 40 characters; for example −0.5",
}


@pytest.mark.parametrize("typed", READ)
def test_a_number_is_read_as_people_type_it(typed):
    assert read_number(typed, share=True) == READ[typed]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_not_read_is_refused_in_words(typed):
    with pytest.raises(Unreadable) as problem:
        read_number(typed)
    assert str(problem.value).replace(" ", "\t") == REFUSED[typed].replace(" ", "\t")


@given(st.text("0123456789+-−.,/%eE½¼¾ ()*", max_size=LONGEST))
def test_what_a_blank_can_hold_is_a_finite_number_or_refused(typed):
    try:
        value = read_number(typed, share=True)
    except Unreadable as problem:
        assert "for example" in str(problem)  # noqa: PT017  # either is right
    else:
        assert abs(value) < 1e13


BETWEEN = ["\n", "\r\n", "\r", "\t", ";", "; ", "\n\n", " \t ", " ", "  "]


@pytest.mark.parametrize("between", BETWEEN, ids=repr)
def test_a_column_a_row_or_a_block_is_its_numbers_in_order(between):
    assert pasted_numbers(between.join(NUMBERS)) == NUMBERS
    assert pasted_numbers(between.join(NUMBERS) + between) == NUMBERS


@pytest.mark.parametrize(("of_rows", "of_cells"), [*itertools.product(["\n", "\r\n"], ["\t", ";", ", ", " "])])
def test_a_block_of_a_spreadsheet_is_read_row_by_row(of_rows, of_cells):
    rows = (NUMBERS[:2], NUMBERS[2:4], NUMBERS[4:])
    assert pasted_numbers(of_rows.join(map(of_cells.join, rows)) + of_rows) == NUMBERS


@pytest.mark.parametrize(
    ("pasted", "cells"),
    [
        ("[-7, 0, 3]", ["-7", "0", "3"]),
        ("z\n-7\n0", ["-7", "0"]),  # a heading
        ("-7\tx\t3", ["-7", "x", "3"]),  # no heading: its place is kept
        ("-7\t\t3", ["-7", "", "3"]),
        ("1 000\n2 000", ["1 000", "2 000"]),
        ("1 1/2\n1½", ["1 1/2", "1½"]),
        ("hello", ["hello"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_what_is_no_number_is_a_heading_or_keeps_its_place(pasted, cells):
    assert pasted_numbers(pasted) == cells


def test_a_huge_paste_is_looked_at_for_its_beginning_only():
    assert len(pasted_numbers("1\n" * 100_000)) <= 200
    assert len(pasted_numbers("1 " * 100_000)) <= 200
    assert not is_number("1 " * 100_000)
