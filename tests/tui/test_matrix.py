"""A matrix in every face: its numbers, its shades, what is hidden, and what folds."""

from __future__ import annotations

import pytest

from drops.colours import DARK
from drops.exercises.blocks import Figure, Knob, Matrix
from drops.exercises.figure import Drawing
from drops.exercises.spots import Aim, choice_in
from drops.plain.spoken import lines
from drops.tui.base.ink import inks, width_of
from drops.tui.blocks.blocks import Hands, draw
from drops.tui.blocks.tabled import tabled

WORDS = ("the", "dogs", "near", "the", "cat", "sleep", "and", "the", "bird", "sings")
TRIANGLE = Matrix(
    WORDS, WORDS,
    tuple(tuple(1 / (i + 1) if j <= i else None for j in range(10)) for i in range(10)),
    "Each word looks at those before it.",
)  # fmt: skip
KERNEL = Matrix(("1", "2"), ("1", "2"), ((-1.0, 2.0), (0.0, -0.5)), "A kernel.", "kernel", lit=((0, 1),))


def text(block: Matrix, width: int, more: int = 0, few: bool = False) -> list[str]:
    hands = Hands(fill=more > 0)
    return ["".join(s.text for s in line) for line in draw(block, width, inks(DARK, few=few), hands, -more)]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("block", [TRIANGLE, KERNEL])
@pytest.mark.parametrize("more", [0, 8, 40])
def test_no_line_of_a_matrix_is_wider_than_its_room(block, width, more):
    made = draw(block, width, inks(DARK, few=False), Hands(fill=more > 0), -more)
    assert max(map(width_of, made)) <= width


@pytest.mark.parametrize("width", [20, 40, 60, 120])
def test_each_number_stands_in_it_at_every_width(width):
    told = [word for line in text(TRIANGLE, width) for word in line.split()]
    for i in range(10):
        assert told.count(f"{TRIANGLE.told(1 / (i + 1))}") >= i + 1 - (i == 9)
    assert told.count("–") == 45


def test_one_that_is_too_wide_for_sixty_columns_folds_and_says_so():
    folded = [line.strip() for line in text(TRIANGLE, 60) if "folded" in line]
    assert folded == ["folded: columns 1–5 of 10", "folded: columns 6–10 of 10"]
    assert not any("folded" in line for line in text(TRIANGLE, 120))


@pytest.mark.parametrize("columns", [1, 3, 8, 12])
def test_it_folds_only_where_its_columns_cannot_stand_side_by_side(columns):
    names = tuple(str(1 + i) for i in range(columns))
    block = Matrix(names, names, ((1.0, *[0.0] * (columns - 1)),) * columns, "Ones.")
    fits = len(names[-1]) + columns * (1 + len(names[-1]))  # with the gap before it
    for width in range(10, 121):
        assert any("folded" in line for line in text(block, width)) == (width < fits)


def test_a_larger_number_is_darker_and_a_sign_is_told_without_colours():
    first, second = (line.split() for line in text(KERNEL, 40, few=True)[2:4])
    assert first[1:] == ["▒▒▒▒▒▒▒", "−1", "██████", "2"]
    assert "−0.5" in second


@pytest.mark.parametrize("few", [True, False])
def test_the_number_of_a_tile_stands_in_the_middle_of_it_beside_its_name(few):
    tall = text(KERNEL, 40, more=4, few=few)[2:]
    assert [bool(line.split("▏")[0].strip(" ░▒▓█")) for line in tall] == [False, True, False] * 2
    assert ["−" in line or "0" in line for line in tall] == [False, True, False] * 2


def test_the_points_of_a_column_stand_one_under_another():
    column = Matrix(tuple("abc"), ("x", "y"), ((1.79, 12.0), (1.4, -0.25), (-2.0, None)), "Weights.")
    rows = [line.rstrip() for line in text(column, 40)[1:]]
    ones = [rows[0].index("1.79") + 1, rows[1].index("1.4") + 1, rows[2].index("−2") + 2]
    assert len(set(ones)) == 1
    assert rows[0].index("12") + 2 == rows[1].index("−0.25") + 2


def test_rows_grow_into_the_room_there_is_and_few_of_them_further():
    assert len(text(KERNEL, 40, more=40)) == 2 + 12 * 2
    assert len(text(KERNEL, 40, more=4)) == 2 + 3 * 2
    assert len(text(TRIANGLE, 80, more=40)) == 1 + 3 * 10
    pair = Matrix(("says", "is"), ("A", "B", "C"), ((0.2, 0.7, 0.1), (0.0, 1.0, 0.0)), "Three shares, twice.")
    assert len(text(pair, 40, more=40)) == 1 + 2 * (11 * 2 // 3)  # a third taller than broad: cells are high
    row = Matrix(("says",), ("A", "B"), ((0.2, 0.7),), "Two shares.")
    assert len(text(row, 40, more=40)) == 1 + 24  # nothing stands below a lone one
    five = Matrix(("says",), tuple("ABCDE"), ((0.2, 0.7, 0.1, 0.4, 0.5),), "Five shares.")
    assert len(text(five, 57, more=33)) >= 0.45 * 33


def test_lines_read_it_row_by_row_and_say_what_is_hidden():
    told = list(lines(TRIANGLE))
    assert told[0] == "Each word looks at those before it."
    assert told[1] == "  row the: 1 at the; the rest is hidden"
    assert "the rest is hidden" not in told[-1]
    assert list(lines(KERNEL))[1:] == ["  kernel:", "  row 1: −1 at 1, 2 at 2", "  row 2: 0 at 1, −0.5 at 2"]


def test_its_numbers_are_pasted_as_a_table():
    assert tabled(KERNEL, Hands()) == "\t1\t2\n1\t−1\t2\n2\t0\t−0.5"


def test_it_moves_with_the_knobs_of_a_figure():
    figure = Figure((Knob("k", "k", 1, 3, 1, 2),), lambda v: (Matrix(("a",), ("b",), ((v["k"],),), "One."),), "")
    drawn = draw(figure, 60, inks(DARK, few=False), Hands())
    assert "".join(s.text for s in drawn[1]).split() == ["a▏", "2"]


@pytest.mark.parametrize("few", [True, False])
def test_once_it_is_judged_the_right_cell_and_the_one_pointed_at_have_signs_of_their_own(few):
    grid = Matrix(("gradient", "weights"), ("a", "b"), ((0.1, 0.4), (0.5, 2.0)), "Two layers.")
    aims = Aim("That one.", at=(1, 1)), (Aim("That is the other.", at=(2, 2)),)
    choice = choice_in("Which?", Drawing((grid,)), "cells", *aims)
    assert choice.picture is not None
    right, wrong = 0, 3
    (asked,), (judged,) = choice.picture((wrong,)), choice.picture((right, wrong))
    assert asked.lit == ((1, 1),)
    assert not any(sign in line for line in text(asked, 60, few=few) for sign in "✓✗")
    _, first, second = text(judged, 60, few=few)
    assert "✓" in first
    assert "✗" not in first
    assert "✗" in second
    assert not judged.lit  # nothing is in hand
