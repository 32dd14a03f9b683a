"""Parts of a picture that are pointed at, and knobs that are set: named, addressed, lit, judged."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drops.catalog import drawing
from drops.errors import Unreadable
from drops.exercises.answers import plain_name, read
from drops.exercises.blocks import Matrix, Surface, Wires
from drops.exercises.spots import Aim, PictureError, blind_hands, choice_in, knobs_in, spots_of

W1, W2 = ((-1.0, 2.0), (0.5, -2.0), (3.0, 1.0)), ((1.0, 2.0, 3.0),)
NET = {"W1": W1, "W2": W2, "v0": (1.0, 2.0)}
TABLE = {"values": ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)), "rows": ("is A", "is B", "is C"), "columns": ("said A", "said B")}
POINTS = {"points": ((0.0, 1.0), (2.0, 3.0), (-1.0, -2.0), (4.0, 0.0))}


def asked(figure, params, sort, at, *wrong):
    aims = [Aim("not that", one, diagnoses="m") for one in wrong]
    return choice_in("Which?", drawing(figure, params), sort, Aim("because", at), aims)


def names(ask):
    return [option.text for option in ask.options]


def test_wires_are_named_by_their_ends_and_those_of_one_neuron_by_their_weight():
    assert names(asked("wires", NET, "wires", (1, 1, 2)))[:3] == ["x₁ → h₁", "x₂ → h₁", "x₁ → h₂"]
    assert names(asked("wires", {"W1": ((1.0, 2.0, 3.0, 4.0),)}, "wires", (3,))) == ["w₁", "w₂", "w₃", "w₄"]


@pytest.mark.parametrize(
    ("figure", "params", "sort", "at", "name"),
    [
        ("wires", NET, "wires", (2, 1), "x₁ → h₂"),
        ("wires", NET, "wires", (1, 2, 1), "x₁ → h₂"),
        ("wires", NET, "wires", (2, 1, 3), "h₃ → ŷ"),
        ("wires", NET, "units", (2, 3), "h₃"),
        ("cells", TABLE, "cells", (3, 1), "is C, said A"),
        ("places", POINTS, "points", (2,), "B"),
    ],
)
def test_an_address_leads_to_the_part_that_it_names(figure, params, sort, at, name):
    ask = asked(figure, params, sort, at)
    assert [option.text for option in ask.options if option.right] == [name]


@pytest.mark.parametrize(
    ("figure", "params", "sort", "at", "wrong", "says"),
    [
        ("wires", NET, "wires", (4, 1), (), "none of its wires is at [4, 1]"),
        ("wires", NET, "wires", (0,), (), "none of its wires is at 0"),
        ("places", POINTS, "points", (5,), (), "none of its points is at 5"),
        ("cells", TABLE, "wires", (1,), (), "it has no wires"),
        ("cells", TABLE, "cells", (1, 1), ((1, 1),), "two answers are the same one of its cells"),
        ("wires", {"W1": ((1.0, 2.0, 3.0),)}, "wires", (1,), (), "it has 3 wires; 4 to 36 can be asked for"),
    ],
)
def test_a_picture_in_which_nothing_can_be_found_says_so(figure, params, sort, at, wrong, says):
    with pytest.raises(PictureError) as told:
        asked(figure, params, sort, at, *wrong)
    assert str(told.value) == says


@pytest.mark.parametrize("typed", ["x₂ → h₁", "x2 h1", "X2->H1", "x2 to h1", " x2→h1 ", "W1[1, 2]", "W₁[1,2]", "2"])
def test_a_wire_is_typed_as_people_type_it(typed):
    assert read(asked("wires", NET, "wires", (1, 2)), typed) == (1,)


def test_every_name_and_every_number_means_its_own_part():
    for ask in (asked("wires", NET, "wires", (1, 2)), asked("cells", TABLE, "cells", (1, 1)), asked("places", POINTS, "points", (1,))):
        for i, option in enumerate(ask.options):
            assert read(ask, option.text) == read(ask, str(i + 1)) == (i,)
            assert all(read(ask, other) == (i,) for other in option.also)


@pytest.mark.parametrize("typed", ["", "x9 → h1", "both", "x1 h1, x2 h1", "W3[1, 2]", "77", "\u200b"])
def test_what_names_no_part_is_told_in_a_line_with_one_that_does(typed):
    with pytest.raises(Unreadable) as told:
        read(asked("wires", NET, "wires", (1, 2)), typed)
    assert told.value.example == "x₁ → h₁"


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_whatever_is_typed_is_read_or_refused(text):
    plain_name(text)
    try:
        found = read(asked("cells", TABLE, "cells", (2, 2)), text)
    except Unreadable:
        return
    assert isinstance(found, tuple)
    assert len(found) == 1


def test_the_part_in_hand_is_lit_and_every_part_can_be_clicked():
    (net,) = asked("wires", NET, "wires", (1, 2)).picture((4,))
    assert isinstance(net, Wires)
    assert net.lit == ((0, 2, 0),)
    assert sorted(map(int, net.blanks.values())) == [*range(1, 10)]
    (table,) = asked("cells", TABLE, "cells", (1, 1)).picture((3,))
    assert isinstance(table, Matrix)
    assert table.lit == ((1, 1),)
    assert len(table.spots) == 6
    (plane,) = asked("places", POINTS, "points", (1,)).picture((2,))
    assert isinstance(plane, Surface)
    assert (plane.held, plane.spots) == (2, ("1", "2", "3", "4"))


def test_a_hidden_cell_is_no_part():
    shown = drawing("cells", TABLE).show
    (matrix,) = shown
    assert isinstance(matrix, Matrix)
    hidden = Matrix(matrix.rows, matrix.columns, ((None, 2.0), *matrix.values[1:]), "")
    assert [spot.at for spot in spots_of((hidden,), "cells")] == [(1, 2), (2, 1), (2, 2), (3, 1), (3, 2)]


NEURON = {"x": (1.0, 1.0), "w": (2.0, -1.0), "b": 0.0}


def turned(when, *wrong, knobs=("b",)):
    return knobs_in("Turn.", drawing("neuron", NEURON), knobs, Aim("so", when=when), [Aim("w", when=one) for one in wrong])


def test_what_is_shown_to_who_gives_up_is_a_right_setting():
    ask = turned(lambda v: v["b"] + 1 >= 2.5)
    assert [knob.name for knob in ask.knobs] == ["b"]
    assert ask.reached(ask.solution)
    assert ask.draw(ask.solution)


@pytest.mark.parametrize(
    ("when", "wrong", "knobs", "says"),
    [
        (lambda v: v["b"] == 0.1, (), ("b",), "no setting of its knobs is right"),
        (lambda v: v["b"] >= 0, (), ("b",), "its knobs start where they are to be turned to"),
        (lambda v: v["b"] > 3, (lambda v: v["b"] > 3.5,), ("b",), "a right setting of its knobs is a wrong one, too"),
        (lambda v: v["b"] > 3, (), ("c",), 'it has no knob "c"; there are x1, x2, w1, w2, b'),
        (lambda v: v["b"] > 3, (), (), "its knobs have more than 2,000 settings"),
    ],
)
def test_knobs_that_cannot_be_asked_for_say_so(when, wrong, knobs, says):
    with pytest.raises(PictureError) as told:
        turned(when, *wrong, knobs=knobs)
    assert str(told.value) == says


def test_a_hand_that_looks_at_nothing_is_found_out():
    assert {*blind_hands(turned(lambda v: v["b"] > 0))} == {"at their high ends", "a step up", "anywhere"}
    assert {*blind_hands(turned(lambda v: v["b"] == -1.5))} == set()


def test_what_is_said_of_a_net_tells_what_its_units_hold():
    (net,) = drawing("wires", {**NET, "v1": (1.0, 2.0, 3.0), "d2": (4.0,)}).show
    assert isinstance(net, Wires)
    assert net.says == "A 2-3-1 network; x₁ holds 1; x₂ holds 2; h₁ holds 1; h₂ holds 2; h₃ holds 3; dz of ŷ is 4."


@pytest.mark.parametrize(
    ("figure", "params", "says"),
    [
        ("wires", {"v0": (1.0,)}, "it has no W1"),
        ("wires", {"W1": W1, "W2": ((1.0, 2.0),)}, "a row of W2 wants 3 numbers"),
        ("wires", {"W1": W1, "b1": (1.0,)}, "b1 wants 3 numbers"),
        ("cells", {**TABLE, "rows": ("a",)}, "1 rows and 2 columns do not name the cells"),
        ("cells", {"values": ()}, "there are no numbers in it"),
        ("places", {"points": ((1.0, 2.0, 3.0),)}, "a point has two numbers"),
        ("places", {**POINTS, "names": ("A",)}, "4 points want 4 names"),
    ],
)
def test_a_figure_of_given_numbers_refuses_what_it_cannot_draw(figure, params, says):
    with pytest.raises(ValueError, match=says):
        drawing(figure, params)


def test_the_place_of_the_largest_is_found_as_max_finds_it():
    from drops.exercises.formulas.reading import read_formula
    from drops.exercises.formulas.tree import Undefined
    from drops.exercises.formulas.working_out import work_out

    draws = random.Random(1)
    for _ in range(200):
        grid = tuple(tuple(float(draws.randrange(9)) for _ in range(3)) for _ in range(2))
        best = max(max(row) for row in grid)
        places = [(r + 1.0, c + 1.0) for r, row in enumerate(grid) for c, one in enumerate(row) if one == best]
        try:
            assert [work_out(read_formula("place(P)"), {"P": grid})] == places
        except Undefined:
            assert len(places) > 1
    assert work_out(read_formula("place([3, 9, 2])"), {}) == 2.0
    with pytest.raises(Undefined, match="a single number has no places"):
        work_out(read_formula("place(3)"), {})
