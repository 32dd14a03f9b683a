"""Pictures of a question's own numbers: rows of tiles, arrows, tables of weights, windows along a row."""

import math

import pytest

from drops import catalog
from drops.exercises.blocks import Bars, Beside, Matrix, Surface
from drops.exercises.formulas.reading import read_formula
from drops.exercises.written.asking import NamedFigure
from lessons import lessons


def shown(figure, known, hand="", **params):
    trees = {name: read_formula(text) for name, text in params.items()}
    return NamedFigure(figure, trees).on(known, hand, catalog.FIGURES)


STEPS = {"x | step": "x", "h | step 1": "h1", "h | step 2": "h2", "at first": "2"}


def test_what_is_not_known_is_a_question_mark_and_what_is_asked_is_in_hand():
    (tiles,) = shown("rows", {"x": (3.0, -4.0), "h1": 2.0}, "h2", **STEPS)
    assert isinstance(tiles, Matrix)
    assert (tiles.rows, tiles.columns) == (("x", "h", "at first"), ("step 1", "step 2", "1"))
    assert [tiles.told(v) for v in tiles.values[1]] == ["2", "?", "–"]
    assert tiles.lit == ((1, 1),)
    assert tiles.says == "x: 3, −4; h: 2, ?; at first: 2."


@pytest.mark.parametrize("figure", ["rows", "bars"])
def test_nothing_moves_while_numbers_are_typed(figure):
    """What was not known yet was left out: what is typed pushed the rest of the picture on."""
    names = {}
    for typed in ({}, {"a": 1.0}, {"b": 2.0}, {"a": 1.0, "b": 2.0}):
        (picture,) = shown(figure, {"g": 5.0, **typed}, "a", first="a", given="g", last="b")
        places = picture.rows if isinstance(picture, Matrix) else [bar.name for bar in picture.bars]
        names[tuple(places)] = True
        assert "?" in picture.says or len(typed) == 2
    assert len(names) == 1


def test_a_bar_that_is_not_known_has_no_length():
    (bars,) = shown("bars", {"g": 5.0}, "a", given="g", asked="a")
    assert isinstance(bars, Bars)
    assert math.isnan(bars.bars[1].value)


def test_columns_are_counted_upwards_whichever_is_named_first():
    (tiles,) = shown("rows", {"a": 1.0, "b": 2.0}, **{"row 1 | map 10": "a", "row 2 | map 2": "b"})
    assert tiles.columns == ("map 2", "map 10")


@pytest.mark.parametrize("hand", ["answer", ""])
def test_all_windows_along_a_row_are_seen_once_nothing_is_asked(hand):
    (picture,) = shown("windows", {}, hand, n="12", k="7")
    assert len(picture.values) == (1 if hand else 6)
    assert all(sum(tone > 0.5 for tone in row) == 7 for row in picture.values)


def test_a_table_of_weights_has_its_rows_and_columns_on_its_axes():
    (beside,) = shown("tables", {"w": 8.0}, inwards="[4*w, w]", back="[w, 4*w]")
    assert isinstance(beside, Beside)
    assert [(one.title, one.y_range[1], one.x_range[1]) for one in beside.blocks] == [("inwards", 32, 8), ("back", 8, 32)]
    assert beside.blocks[0].says == "inwards: 32 rows of 8 numbers."


def test_arrows_have_a_circle_where_they_are_to_be_cut():
    (plane,) = shown("arrows", {"g": (3.0, 4.0)}, gradient="g", cut="[answer, 2*answer]", circle="2.5", lit="2")
    assert isinstance(plane, Surface)
    assert [(one.name, one.label) for one in plane.arrows] == [("gradient", 2)]  # the cut is not known
    assert all(math.hypot(one.x, one.y) == pytest.approx(2.5) for one in plane.points)


@pytest.mark.parametrize(("figure", "params", "problem"), [
    ("rows", {}, "there is nothing in it"),
    ("arrows", {"a": (1.0, 2.0, 3.0)}, "an arrow has two numbers"),
    ("arrows", {}, "an arrow has two numbers"),
    ("tables", {"t": (0.0, 2.0)}, "t wants a number of rows and one of columns"),
])  # fmt: skip
def test_a_figure_says_what_it_wants(figure, params, problem):
    with pytest.raises(ValueError, match=problem):
        catalog.FIGURES[figure](params)


def test_what_explains_an_exercise_stands_beside_its_numbers_where_it_names_them():
    """It stood beside the run of See, which is about six letters."""
    _, item = lessons().item("weighted-mean/attend")
    explained = catalog.draw("written", 3, item.params).steps(frozenset(), {})[-1]
    (tiles,) = explained.show
    assert (explained.part, tiles.rows) == ("explain", ("score", "value", "output"))


@pytest.mark.parametrize("layers", [8, 20, 40])
def test_the_share_of_deep_nets_that_learn_opens_at_the_layers_that_were_asked_about(layers):
    """See had opened at eight layers, where all learn, whatever was predicted."""
    (figure,) = catalog.drawing("deep", {"layers": layers}).show
    curve, _ = figure.draw({knob.name: knob.start for knob in figure.knobs})
    assert {x for x, _, _ in curve.marks} == {layers}
