"""What blocks look like as lines, without an app: formulas that hold together, labels that keep apart."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise

import fake
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment

from drops import scales
from drops.colours import DARK
from drops.exercises.blocks import (
    Bar,
    Bars,
    Beside,
    Blank,
    Curve,
    Figure,
    Knob,
    Matrix,
    Point,
    Series,
    Sheet,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.text import number
from drops.tui.base.ink import ends, inks, wrap
from drops.tui.blocks import abreast, bars, blocks, curve, diagram, knobs, plane, sheet
from drops.tui.blocks.prose import prose
from drops.tui.screens.head import Head
from drops.tui.screens.lists.parts import headed
from lessons import lessons

INK = inks(DARK, False)
FORMULA = "W₁[1, 2] + (3, −1) = −2"
SENTENCES = (
    "Add the bias last of all: {} is what comes out, so the unit is silent.",
    "{}",
    "So a = relu(−2) = 0, as {} says.",
)


def texts(lines):
    return ["".join(segment.text for segment in line).rstrip() for line in lines]


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("width", range(36, 81))
def test_a_short_formula_never_breaks_over_two_lines(sentence, width):
    written = sentence.format(FORMULA)
    assert any(FORMULA in line for line in wrap(written, width))
    assert any(FORMULA in line for line in texts(prose(sentence.format(f"**{FORMULA}**"), width, INK)))


@pytest.mark.parametrize("width", range(17, 60))
def test_a_line_ends_with_the_dot_between_two_names_and_does_not_begin_with_it(width):
    text = "backpropagation · gradient · chain rule · local slope · gate"
    lines = wrap(text, width)
    assert not any(line.startswith("·") for line in lines)
    assert " ".join(lines) == text


def test_a_strong_number_after_an_equals_sign_stays_strong():
    (line,) = prose("It makes z₂ = **−2**, so h₂ = **0**.", 60, INK)
    assert "".join(segment.text for segment in line) == "It makes z₂ = −2, so h₂ = 0."
    assert [segment.text for segment in line if segment.style and segment.style.bold] == ["−2", "0"]


def test_a_line_that_is_set_apart_keeps_its_blanks_and_loses_nothing_when_it_is_long():
    long = "The weights were crossed: z for B = −0.5 comes out if w₂ goes with x₁ and w₁ with x₂."
    first, *rest = texts(prose(f"    a  =  1\n    {long}", 60, INK))
    assert first == " a  =  1"
    assert " ".join(" ".join(rest).split()) == long
    assert all(len(line) <= 60 for line in rest)


@pytest.mark.parametrize("width", range(26, 60))
def test_a_long_sum_breaks_before_a_sign_and_not_within_its_brackets(width):
    lines = wrap("f(x) = 0.5·relu(x + 0) − 1·relu(x − 2) + 0.5·relu(x − 4)", width)
    assert all(line.count("(") == line.count(")") for line in lines)
    assert not any(line.endswith((" +", " −", "=")) for line in lines)
    assert max(map(len, lines)) <= width


def test_a_long_formula_breaks_at_its_equals_signs():
    assert wrap("w₂(w₁x + b₁) + b₂ = (w₂w₁)x + (w₂b₁ + b₂) = −3x + 5.5", 40) == [
        "w₂(w₁x + b₁) + b₂ =",
        "(w₂w₁)x + (w₂b₁ + b₂) = −3x + 5.5",
    ]


@given(
    st.lists(st.sampled_from(["a", "b₁", "=", "+", "−1", "·", "1.5", "relu(z)", "and"]), max_size=30),
    st.integers(8, 60),
)
def test_gluing_a_formula_loses_nothing_and_leaves_no_glue(words, width):
    lines = wrap(" ".join(words), width)
    assert " ".join(lines).split() == words
    assert all(len(line) <= width for line in lines)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("path", lessons().paths, ids=lambda path: path.id)
def test_the_head_of_a_page_tells_every_title_its_path_and_where_one_is(path, width):
    for drop in path.drops:
        for elsewhere in ("", path.title):
            head = Head()
            head.page = replace(
                fake.PAGES["explain"], drop_number=drop.number, drop_title=drop.title, elsewhere=elsewhere,
                part_index=11, part_of=12, minutes_left=12,
            )  # fmt: skip
            first, second = texts(head.draw(width, INK))
            told = f"{first} {second.replace('─', '')}".split()
            assert [word for word in drop.title.split() if word not in told] == []
            assert "explain 11 of 12   12 min left" in first + second
            assert elsewhere in first + second or width == 60
            assert "…" not in first + second
            assert max(len(first), len(second)) <= width


SPANS = st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)).map(lambda span: (False, span[0], sum(span)))
DECADES = st.tuples(st.integers(-9, 6), st.integers(1, 9)).map(lambda span: (True, 10.0 ** span[0], 10.0 ** sum(span)))


@given(SPANS | DECADES, st.integers(4, 40))
def test_the_numbers_of_an_axis_stand_evenly_and_nothing_is_left_out(span, height):
    log, low, high = span
    bottom, top, numbers = scales.even(low, high, height, log=log)
    assert bottom <= low + 1e-9 * (high - low)
    assert high - 1e-9 * (high - low) <= top
    assert len(numbers) >= 2
    line = Series("y", ((0.0, low), (1.0, high)))
    drawn = texts(curve.draw(Curve((line,), "x", "", "", window=(low, high), log_y=log), 60, INK, height))
    rows = [y for y, row in enumerate(drawn) if "┤" in row]
    assert len(rows) == len(numbers)
    assert len({b - a for a, b in pairwise(rows)}) == 1


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=24), min_size=2, max_size=5), st.integers(40, 80))
def test_a_legend_names_every_series_whole_in_the_lines_that_are_counted_for_it(names, width):
    block = Curve(tuple(Series(name, ((0.0, 0.0), (1.0, 1.0))) for name in names), "x", "y", "")
    drawn = texts(curve.draw(block, width, INK, 8))
    assert len(drawn) <= 8 + curve.more(block, width)
    assert all(any(name in line for line in drawn) for name in names)
    assert max(map(len, drawn)) <= width


def test_names_of_points_that_meet_stand_apart():
    dots = Series("s", tuple((float(x), float(x)) for x in range(-4, 5)))
    marks = ((0.0, 0.0, "relu"), (0.0, 0.1, "sigmoid"), (0.1, 0.0, "tanh"))
    told = "\n".join(texts(curve.draw(Curve((dots,), "x", "y", "", marks=marks), 60, INK, 11)))
    assert all(name in told for _, _, name in marks)


def test_a_knob_whose_places_have_names_tells_the_name():
    knob = Knob("brake", "brake", 0, 2, 1, 0, ("off", "early stopping", "both"))
    (line,) = texts([knobs.slider(knob, 1, (5, "early stopping"), 60, INK, 0, here=True)])
    assert line.endswith("  early stopping")


def test_a_column_of_blanks_has_its_head_and_its_numbers_over_what_is_typed():
    table = Sheet(("unit", "z"), (("h₁", Blank("z1")), ("h₂", "0.5")), "")
    head, _, blank, number = texts(sheet.draw(table, 60, INK))
    assert head.index("z") == blank.index("[") + 1 == number.index("0.5")


def points_of(lines):
    """Where the decimal point of the last number of each line stands, or would stand."""
    found = (re.search(r"[−\d,]+(\.\d+)? *$", line) for line in lines)
    return {one.start() + len(one[0].partition(".")[0].rstrip()) for one in found if one}


@pytest.mark.parametrize("count", range(2, 10))
@pytest.mark.parametrize("fill", [False, True])
def test_bars_stand_apart_wherever_there_is_room_for_it(count, fill):
    block = Bars(tuple(Bar(f"n{i}", i + 1.0) for i in range(count)), "")
    for more in range(60):
        lines = ["█" in line or "▏" in line for line in texts(bars.draw(block, 62, INK, more, fill=fill))]
        apart = sum(now and not before for before, now in pairwise([False, *lines]))
        assert apart == (count if more >= count - 1 else 1)
        assert count <= len(lines) <= count + more


@pytest.mark.parametrize("count", range(2, 11))
@pytest.mark.parametrize("tall", [20, 26, 33, 44])
def test_bars_that_have_a_pane_of_their_own_take_most_of_it(count, tall):
    block = Bars(tuple(Bar(f"n{i}", i + 1.0) for i in range(count)), "")
    lines = texts(blocks.fitted((block,), 62, INK, blocks.Hands(fill=True, tall=tall), 0))
    assert 0.6 * tall <= len(lines) <= tall


@pytest.mark.parametrize("who", range(len(curve.DASHES)))
@pytest.mark.parametrize("pieces", [1, 3, 7, 12, 20, 24, 40, 90])
def test_a_dashed_line_leaves_out_no_more_than_its_pattern_however_its_points_lie(who, pieces):
    """Twenty points put the ends of the pieces five dots apart, and a pattern of six fell on none of them."""
    empty = [Series(f"n{i}", ()) for i in range(who)]
    points = tuple((x, 5.0 * (x / pieces) ** 2) for x in range(pieces + 1))
    shown = Curve((*empty, Series("it", tuple((float(x), y) for x, y in points))), "x", "", "", window=(0, 5))
    rows = [line.partition("│")[2] or line.partition("┤")[2] for line in texts(curve.draw(shown, 60, INK, 12))]
    drawn = {x for row in rows[:12] for x, character in enumerate(row) if "⠀" < character <= "⣿"}
    assert max(b - a for a, b in pairwise(sorted(drawn))) <= 1 + max(off for _, off in curve.DASHES) / 2


def test_a_run_at_its_first_moment_counts_from_0():
    shown = Curve((Series("loss", ((0.0, 0.7),)),), "epochs", "loss", "")
    assert not any("−" in line for line in texts(curve.draw(shown, 60, INK, 12))[-3:])


@pytest.mark.parametrize(("width", "tall"), [(62, 33), (57, 33), (106, 47), (106, 20)])
def test_maps_stand_side_by_side_as_leaves_each_of_them_the_most_lines(width, tall):
    three = tuple(Surface(((0.0, 1.0),), (-1, 1), (-1, 1), "", title=name) for name in "abc")
    hands = blocks.Hands(fill=True, tall=tall)

    def lines_of_a_map(n):
        rows = [plane.draw(one, (width - 3 * (n - 1)) // n, INK, tall // -(-3 // n) - 3) for one in three]
        return min(map(len, rows))

    drawn = texts(blocks.fitted((Beside(three),), width, INK, hands, 0))
    first = next(i for i, line in enumerate(drawn) if "a" in line)
    abreast = 1 + ("b" in drawn[first]) + ("c" in drawn[first])
    assert lines_of_a_map(abreast) == max(map(lines_of_a_map, (1, 2, 3)))


def test_the_axis_of_whiskers_says_how_far_it_reaches():
    block = Bars((Bar("wider", 0.011, "± 0.021", 0.021), Bar("none", 0.25, "± 0.05", 0.05)), "")
    axis = texts(bars.draw(block, 62, INK))[0].split()
    assert axis == ["−0.08", "0", "+0.08"]  # 2.5 times the second farthest


@pytest.mark.parametrize("count", [1, 2, 4])
def test_whiskers_stand_apart_and_have_tall_ends_where_there_is_room(count):
    block = replace(BETS, bars=BETS.bars[:1] * count)
    low = texts(bars.draw(block, 62, INK))
    for more in range(40):
        lines = texts(bars.draw(block, 62, INK, more, fill=True))
        assert len(low) <= len(lines) <= len(low) + more
        assert sum("●" in line for line in lines) == count
        assert sum(not line.strip() for line in lines) >= (count - 1 if more >= count - 1 else 0)
    ends = sum(set(line.strip()) == {"│", " "} for line in lines)
    assert ends == 2 * bars.TALL_ENDS * count


def test_in_a_pane_bars_take_what_a_table_beside_them_leaves():
    shown = Bars((Bar("a", 1.0), Bar("b", 2.0)), ""), Sheet(("", "v"), (("a", "1"), ("b", "2")), "")
    lines = blocks.fitted(shown, 62, INK, blocks.Hands(fill=True, tall=30), 0)
    assert sum("█" in line for line in texts(lines)) == 2 * bars.FULLEST
    assert len(texts(sheet.draw(shown[1], 62, INK))) == 4 == lines[::-1].index([])


@given(st.lists(st.decimals(-99, 99, places=3).map(float), min_size=2, max_size=6))
def test_the_numbers_of_bars_knobs_and_tables_stand_point_under_point(values):
    named = [(f"n{i}", value) for i, value in enumerate(values)]
    knobs = tuple(Knob(name, name, -99, 99, 0.001, value) for name, value in named)
    figure = Figure(knobs, lambda _: (), "Turn.")
    table = Sheet(("", "v"), tuple((name, number(value)) for name, value in named), "")
    turned = texts(blocks.draw(figure, 60, INK))
    assert len(points_of(texts(bars.draw(Bars(tuple(Bar(*one) for one in named), ""), 60, INK)))) == 1
    assert len(points_of([line for line in turned if "─" in line])) == 1
    assert len(points_of(texts(sheet.draw(table, 60, INK))[2:])) == 1


@given(st.lists(st.floats(0, 9), min_size=3, max_size=3).map(sorted), st.floats(0.5, 20), st.integers(40, 150))
def test_a_whisker_over_a_bar_goes_from_the_least_to_the_most_on_the_bars_own_scale(drawn, full, width):
    low, middle, high = drawn
    (line,) = texts(bars.draw(Bars((Bar("n", middle, span=(low, high)),), "", full=full), width, INK))
    (bare,) = texts(bars.draw(Bars((Bar("n", middle),), "", full=max(full, high)), width, INK))
    room, end = min(48, width - 5 - len(scales.at_bar(middle))), max(full, high)
    cells = line[3 : 3 + room]
    first = min(i for i, c in enumerate(cells) if c in "├┼")
    last = max(i for i, c in enumerate(cells) if c in "┤┼")
    assert first == pytest.approx(low / end * room - 0.5, abs=1.01)
    assert last == pytest.approx(high / end * room - 0.5, abs=1.01)
    assert bare.count("█") == pytest.approx(middle / end * room, abs=1.01)


def test_a_full_bar_stands_for_what_it_is_said_to_whatever_is_longest():
    def lengths(*values):
        block = Bars(tuple(Bar(f"n{i}", value) for i, value in enumerate(values)), "", full=1.0)
        return [line.count("█") for line in texts(bars.draw(block, 60, INK))]

    assert lengths(0.5, 0.25) == lengths(0.5, 0.25, 0.1)[:2] == [24, 12]


NET = Wires(
    (("x₁", "x₂"), ("h₁", "h₂"), ("ŷ",)), (((1, 1), (1, -1)), ((2, -1),)), ((1, 2), (3, 0), (6,)), "A net."
)


def lit(lines):
    """Cells of wires, which are braille, in the ink of what flows."""
    return sum("⠀" < c <= "⣿" for line in lines for text, style, _ in line if style == INK.bold for c in text)


def test_values_appear_layer_by_layer_as_they_flow():
    def names(flow):
        return [
            name
            for name in ("h₁     3", "h₂     0", "ŷ      6")
            if any(name in line for line in texts(diagram.draw(NET, 60, INK, flow=flow)))
        ]

    assert names(0) == names(0.9) == []
    assert names(1) == names(1.9) == ["h₁     3", "h₂     0"]
    assert texts(diagram.draw(NET, 60, INK, flow=2)) == texts(diagram.draw(NET, 60, INK))


def test_nothing_flows_out_of_a_silent_unit_and_nothing_is_lit_at_rest():
    silent = replace(NET, values=((1, 2), (0, 0), (0,)))
    assert lit(diagram.draw(NET, 60, INK, flow=0.5))
    assert lit(diagram.draw(NET, 60, INK, flow=1.5))
    assert not lit(diagram.draw(silent, 60, INK, flow=1.5))
    assert not lit(diagram.draw(NET, 60, INK))


@pytest.mark.parametrize("tall", [12, 18, 30])
@pytest.mark.parametrize(
    "picture",
    [
        Curve((Series("loss", ((0.0, 1.0), (4.0, 0.0))),), "steps", "loss", "It falls."),
        Surface(((0.0, 1.0), (1.0, 0.0)), (0, 1), (0, 1), "A map."),
    ],
)
def test_a_picture_makes_room_for_its_knobs_down_to_where_it_can_be_read(picture, tall):
    figure = Figure(
        (Knob("a", "a", 0, 1, 1, 0), Knob("b", "b", 0, 1, 1, 0)), lambda v: (picture,), "Turn them."
    )
    free, low = (blocks.draw(figure, 76, INK, blocks.Hands(tall=n)) for n in (0, tall))
    assert len(low) <= max(tall, 13)
    said = "\n".join(texts(low))
    assert all(re.search(rf"{name} [─●]+ +0\b", said) for name in "ab")
    assert "Turn them." in said
    if len(free) <= tall:
        assert texts(low) == texts(free)


@pytest.mark.parametrize("width", [30, 46, 62, 90])
@pytest.mark.parametrize("picture", [
    fake.CURVE, replace(fake.CURVE, series=fake.CURVE.series[:1]), replace(fake.CURVE, x_label="", y_label=""),
    fake.SURFACE, replace(fake.SURFACE, title="", points=()), replace(fake.SURFACE, y_range=(0, 1)),
    Beside((fake.SURFACE, fake.CURVE)), Beside((fake.SURFACE,) * 3), Beside((fake.BARS, fake.STRIP, fake.SHEET)), fake.PROSE,
])
def test_how_tall_a_picture_is_is_known_without_drawing_it(picture, width):
    assert blocks._height(picture, width, INK, blocks.Hands()) == len(blocks.draw(picture, width, INK))


@pytest.mark.parametrize("width", [30, 44, 62, 70])
def test_a_title_is_never_cut_for_what_stands_at_its_right(width):
    told = texts(
        headed("Still there · 5", "seen in two answers or more; two clean ones clear it", [], width, INK)
    )
    assert told[0].startswith("Still there · 5")
    assert "two clean ones clear it" in " ".join(" ".join(told).split())
    assert all(len(line) <= width for line in told)


def test_a_class_is_explained_where_its_sign_is_drawn_and_not_beside_named_points():
    named = replace(fake.SURFACE, points=(Point(0, 0, 0, "P"), Point(1, 1, 0, "Q")))
    assert "class" not in "".join(texts(plane.draw(named, 60, INK, 12)))
    assert "○ class 0  ● class 1" in "".join(texts(plane.draw(fake.SURFACE, 60, INK, 12)))


@pytest.mark.parametrize("name", ["x₁", "miss of weight 1", "along the gradient of all rows"])
@pytest.mark.parametrize("span", [(-1.4, 1.4), (-4.0, 4.0), (0.0, 20.0), (-1.0, 9.0)])
@pytest.mark.parametrize(("width", "rows"), [(62, 27), (62, 24), (48, 13), (40, 16)])
def test_a_number_of_a_planes_axes_stands_where_it_is(name, span, width, rows):
    surface = replace(fake.SURFACE, points=(), lines=(), x_label=name, x_range=span, y_range=span)
    *_, foot = drawn = texts(plane.draw(surface, width, INK, rows))
    zero = next((line for line in drawn if "┼" in line), None)
    high = scales.short(span[1])
    ends_at = max(len(line) for line in drawn[1:-1])
    assert foot.endswith(high)
    assert len(foot) == ends_at  # under the right edge of the map, and not beside its name
    if span[0] < 0 and zero is not None:
        assert zero.split()[0] == "0"  # beside the axis, not a row away from it
        told = foot.replace(name, " " * len(name))
        if re.search(r" 0 ", told):
            assert told.index(" 0 ") + 1 == zero.index("┼")
    assert name in foot or len(name) > ends_at - 16


HOW = (
    ("loss at step 0 of the number", "5²"),
    ("step ÷ weights", "rate·gradient/weight"),
    ("step of a", "rate·(m/0.25)/√(v/0.25)"),
    ("w after one step with the gradient −4", "w·(1 − rate·λ) − rate·gradient"),
)


@pytest.mark.parametrize("width", [50, 52, 56, 60])
def test_a_worked_line_is_broken_between_its_terms_and_not_within_one(width):
    """Of two columns of words each takes what spares the other's words, not the widest first."""
    rows = tuple((name, how, Blank(str(n))) for n, (name, how) in enumerate(HOW))
    block = Sheet(("", "how", "value"), rows, "worked")
    drawn = texts(sheet.draw(block, width, INK))
    assert all(len(line) <= width for line in drawn)
    for word in {word for row in HOW for cell in row for word in cell.split()}:
        assert any(word in line for line in drawn), word


def test_a_formula_that_no_line_holds_breaks_before_a_sign():
    assert wrap("rate·gradient/weight", 19) == ["rate·gradient", "/weight"]
    assert wrap("0.25·0.75·0.125", 12) == ["0.25·0.75", "·0.125"]
    assert wrap("abcdefghijklmnop·q", 10) == ["abcdefghij", "klmnop·q"]


@pytest.mark.parametrize("last", [2, 3, 5, 40])
def test_an_axis_that_counts_has_no_number_between_two_steps(last):
    counted = Curve((Series("w", tuple((n, n * n) for n in range(1, last + 1))),), "step", "w", "Steps.")
    axis = texts(curve.draw(counted, 62, INK, 12))[-2]
    assert axis.split()
    assert all("." not in number for number in axis.split())
    between = Curve((Series("w", ((0.5, 0.0), (2.5, 1.0))),), "rate", "w", "Rates.")
    assert any("." in number for number in texts(curve.draw(between, 62, INK, 12))[-2].split())


def test_a_name_on_the_plane_is_whole_and_where_it_touches_another_both_stand_by_their_dots():
    far = tuple(Point(x, y, 0, name) for name, x, y in (("bread", -3, 3), ("rice", -3, -3), ("soup", 3.9, 0)))
    near = (Point(0.0, 2.0, 1, "cat"), Point(0.45, 2.0, 1, "hen"))
    surface = replace(fake.SURFACE, points=(*far, *near), x_range=(-4, 4), y_range=(-4, 4))
    drawn = "\n".join(texts(plane.draw(surface, 60, INK, 12)))
    assert "bread" in drawn
    assert "rice" in drawn
    assert "soup" in drawn  # up to its place: from there on it would leave the plane
    assert "cat" in drawn
    assert "hen" in drawn
    assert "••" in drawn



def test_no_picture_on_a_page_is_taller_than_what_is_seen_at_once():
    for tall in (12, 14, 15):
        for picture in (fake.CURVE, fake.SURFACE, Beside((fake.SURFACE, fake.CURVE))):
            lines = blocks.draw_all((picture,), 76, INK, blocks.Hands(tall=tall))
            assert len(lines) <= max(tall, 14)
            assert len(blocks.draw_all((picture,), 76, INK)) > tall


@pytest.mark.parametrize("window", [None, (0, 2)])
def test_what_runs_away_is_drawn_along_the_edge_of_the_picture(window):
    def drawn(losses, ceiling):
        marks = ((2, losses[2], "here"),)
        series = (Series("loss", tuple(enumerate(losses))),)
        block = Curve(series, "step", "loss", "", marks=marks, window=window, ceiling=ceiling)
        return texts(curve.draw(block, 60, INK, 8))

    head, *rest = drawn((0.7, 1.5, 452.2, math.nan, 1.0), 2)
    assert head.split() == ["loss,", "at", "the", "top", "2", "or", "more"]
    assert [*rest] == drawn((0.7, 1.5, 2, 2, 1.0), None)[1:]
    assert drawn((0.7, 1.5, 2, 2, 1.0), 2)[0].split() == ["loss"]


BETS = Bars(
    (
        Bar("all weights start at 0", -0.121, "± 0.2: no difference", 0.2),
        Bar("one hidden layer of a single unit", -0.272, "± 0.122: worse", 0.122),
        Bar("the columns are scaled", 36.9, "± 19.4: better", 19.4),
    ),
    "Three bets.",
    "difference in R²",
)


@pytest.mark.parametrize("width", [36, 44, 60, 74, 114])
def test_a_bet_keeps_its_name_its_number_its_chance_and_its_word_at_every_width(width):
    told = texts(bars.draw(BETS, width, INK))
    assert max(map(len, told)) <= width
    for bar, wanted in zip(BETS.bars, ("−0.121 ±", "−0.272 ±", "36.9 ±"), strict=True):
        assert bar.name in told
        assert any(wanted in line and line.endswith(bar.note) for line in told)


def test_a_whisker_crosses_zero_where_chance_does_and_one_far_out_is_an_arrow():
    whiskers = [line for line in texts(bars.draw(BETS, 60, INK)) if "±" in line]
    assert "┼" in whiskers[0]
    assert "┼" not in whiskers[1]
    assert whiskers[1].index("●") < whiskers[1].index("│")
    assert "▶" in whiskers[2]


@pytest.mark.parametrize("held", ["ln 13", "drop 3", "Drop 10", "50 %"])
@given(st.integers(20, 60))
def test_a_number_stays_with_what_it_is_a_number_of(held, width):
    for words in range(12):
        lines = wrap(" ".join(["words"] * words + [held, "and", "more", "of", "them"]), width)
        assert any(held in line for line in lines)


@pytest.mark.parametrize("tall", [24, 33, 47])
def test_tables_that_stand_one_above_the_other_share_the_pane_and_are_seen_whole(tall):
    row = tuple(float(i) for i in range(8))
    table = Matrix(tuple("abcdefgh"), tuple("12345678"), (row,) * 8, "", "a title")
    hands = blocks.Hands(tall=tall, fill=True)
    lines = blocks.fitted((Beside((table, table)),), 60, INK, hands, 0)
    assert tall - 18 <= len(lines) <= tall


@pytest.mark.parametrize("beside", [1, 2])
@pytest.mark.parametrize(("size", "least"), [(3, 15), (6, 12), (8, 16)])
def test_a_table_grows_in_both_ways_where_it_has_room_alone_and_beside_another(size, least, beside):
    names = tuple(map(str, range(size)))
    table = Matrix(names, names, tuple(tuple(map(float, range(size))) for _ in names), "", "a title")
    hands = blocks.Hands(tall=24, fill=True)
    shown, width = (Beside((table,) * beside), Words("said")), 116
    lines = ["".join(segment.text for segment in line) for line in blocks.fitted(shown, width, INK, hands, 0)]
    assert least <= len(lines) <= 24
    assert width >= max(map(len, lines)) > width / 2


def test_a_table_that_would_fold_for_the_one_beside_it_stands_above_it():
    names = tuple(map(str, range(1, 11)))
    shares = Matrix(("share",), names, (tuple(n / 100 for n in range(11, 21)),), "says", title="share")
    yes = Matrix(("y",), names, ((1.0, 0.0) * 5,), "says", title="y")
    told = texts(blocks.draw(Beside((shares, yes)), 74, INK))
    assert not [line for line in told if "folded" in line]
    assert [line.strip() for line in told if line.strip() in ("share", "y")] == ["share", "y"]
    small = replace(yes, columns=names[:2], values=((1.0, 0.0),))
    assert len(texts(blocks.draw(Beside((small, small)), 74, INK))) == 3  # what does not fold stays beside


@pytest.mark.parametrize("width", [12, 20, 60])
def test_what_stands_at_both_ends_of_a_line_is_kept_apart(width):
    line = ends([Segment("Go on where you stopped: drop 12")], [Segment("enter")], width)
    told = "".join(segment.text for segment in line)
    assert told.endswith(" enter")
    assert len(told) == width


def _map(points=(), arrows=()):
    return Surface(((0.0,),), (-8, 8), (-8, 8), "", -1.0, 1.0, points=points, arrows=arrows, flat=True)


@pytest.mark.parametrize("second", range(-8, 9, 2))
@pytest.mark.parametrize("width", [30, 46, 80])
def test_a_name_on_a_map_is_told_whole_or_by_its_first_letter_and_never_by_its_tail(second, width):
    """Of two in one cell the tail of the lower one was left, "·ut" for "cut"; at the right edge a name was cut."""
    points = (Point(3, 4, 1, "cut"), Point(3, second, 0, "·"), Point(6, second, 0, "gradient"))
    drawn = "\n".join(texts(plane.draw(_map(points), width, INK, 24)))
    assert not set("utradien") & set(drawn.replace("cut", "").replace("gradient", ""))
    whole = "\n".join(texts(plane.draw(_map(points[2:]), width, INK, 24)))
    assert "gradient" in whole


@pytest.mark.parametrize("tip", [(6, 8), (-6, 8), (3, -4), (-8, -6), (8, 0), (0, 8), (1, 0)])
@pytest.mark.parametrize("width", [30, 46, 80])
def test_an_arrow_reaches_from_zero_to_its_tip_and_its_name_stands_whole_beside_it(tip, width):
    half = (tip[0] / 2, tip[1] / 2)
    drawn = texts(plane.draw(_map(arrows=(Point(*half, 1, "cut"), Point(*tip, 0, "gradient"))), width, INK, 24))
    assert sum("cut" in line for line in drawn) == 1
    assert sum("gradient" in line for line in drawn) == 1
    assert any(0x2800 < ord(sign) < 0x2900 for line in drawn for sign in line)


@pytest.mark.parametrize("width", range(44, 120, 4))
def test_no_name_of_a_column_is_cut_for_the_picture_beside_it(width):
    names = ("animals", "foods", "vehicles")
    table = Matrix(names, names, ((1.0, -1.0, 0.5),) * 3, "")
    hands = blocks.Hands(fill=True, tall=30)
    drawn = "\n".join(texts(blocks.fitted((Beside((_map(), table)),), width, INK, hands, 0)))
    assert all(drawn.count(name) == 2 for name in names)


@pytest.mark.parametrize("tall", [14, 20, 30])
def test_tiles_beside_a_curve_are_about_as_high_as_it(tall):
    """Three rows of a kernel were three lines beside a curve of twenty."""
    tiles = Matrix(("1", "2", "3"), ("1", "2", "3"), ((1.0, -1.0, 0.5),) * 3, "")
    hands = blocks.Hands(fill=True, tall=tall)
    lines = texts(blocks.fitted((Beside((tiles, fake.CURVE)),), 116, INK, hands, 0))
    numbered = [at for at, line in enumerate(lines) if "0.5" in line]
    assert len(lines) <= tall
    assert numbered[-1] >= 0.6 * len(lines)


@pytest.mark.parametrize("width", range(53, 200))
def test_no_table_folds_for_the_curve_that_stands_beside_it(width):
    table = Sheet(("slope below 0", "best of 20", "median"), (("α = 0.75", "0.0005", "0.0031"),) * 5, "")
    assert sheet.fits(table, width, INK)
    rows = abreast.in_rows(Beside((fake.CURVE, table)), width, 0)
    room = {type(one): cells for row in rows for one, cells in row}[Sheet]
    assert sheet.fits(table, room, INK)
    assert len(rows) == (1 if width >= 65 else 2)  # 31 cells of it, twice, and three between


@pytest.mark.parametrize("width", range(65, 200, 5))
@pytest.mark.parametrize("titles", [(), ("the net", "what twenty of them came to")])
def test_what_a_table_leaves_of_its_share_has_the_picture_beside_it(width, titles):
    """Two fifths of the row stood bare beside a curve of its half."""
    rows = (("α = 0.75", "0.0005", "0.0031"), ("α = 1", "12.5", "0.17"))
    table = Sheet(("slope below 0", "best of 20", "median"), rows, "")
    [((_, curve), (_, room))] = abreast.in_rows(Beside((fake.CURVE, table), titles), width, 0)
    told = max(map(len, texts(sheet.draw(table, width, INK))))
    assert (curve, room) == (width - 3 - told, told) or room == (width - 3) // 2 <= told
    heads = "\n".join(texts(blocks.draw(Beside((fake.CURVE, table), titles), width, INK)))
    assert all(title in heads for title in titles)


@pytest.mark.parametrize("tall", [8, 14, 20, 40])
def test_a_number_line_that_has_a_pane_to_itself_stands_high_in_it(tall):
    """Two lines of it stood in a pane of thirty-three."""
    line = Strip(-5, 5, ((1, "a"), (1.3, "bee"), (-2, "c")), "Three places.", gate=0)
    hands = blocks.Hands(fill=True, tall=tall)
    lines = texts(blocks.fitted((line,), 58, INK, hands, 0))
    assert min(tall, 14) <= len(lines) <= tall
    (axis,) = (text for text in lines if "●" in text)
    at = [x for x, character in enumerate(axis) if character == "●"]
    for text in lines[2 : lines.index(axis)]:
        assert [x for x, character in enumerate(text) if character == "│"] == at


def test_tables_side_by_side_have_a_share_each():
    table = Sheet(("a", "b"), (("1", "2"),), "")
    [((_, one), (_, other))] = abreast.in_rows(Beside((table, table)), 80, 0)
    assert one == other == 38


def test_two_tables_that_would_fold_in_threes_stand_side_by_side():
    table = Matrix(("1", "2", "3"), ("1", "2", "3"), ((-0.85, 2.5, 0.15),) * 3, "")
    first, second = abreast.in_rows(Beside((table, table, fake.CURVE)), 54, 17)
    assert second == [(fake.CURVE, 54)]  # a curve that is left over takes the width
    assert [one for one, _ in first] == [table, table]


@pytest.mark.parametrize(("rows", "step"), [(10, 1), (16, 1), (21, 2), (27, 2)])
def test_close_units_of_a_layer_stand_evenly(rows, step):
    tops = diagram.standing(10, 10, rows, 1)
    assert {b - a for a, b in pairwise(tops)} == {step}
    assert 0 <= tops[0] <= rows - 1 - tops[-1] + 1


def test_a_wire_is_a_line_before_a_net_has_numbers_and_a_weight_of_0_beside_others_is_dotted():
    def ink_of(weight, other):
        net = Wires((("x₁", "x₂"), ("ŷ",)), (((weight, other),),), None, "A net.")
        drawn = texts(diagram.draw(net, 40, INK, numbers=False))[:2]  # where the first wire leaves
        dots = (ord(sign) - 0x2800 for line in drawn for sign in line if 0x2800 <= ord(sign) <= 0x28FF)
        return sum(map(int.bit_count, dots))

    assert ink_of(0.0, 0.0) > ink_of(0.0, 0.001)


def test_a_step_of_a_dashed_line_stands_upright():
    step = Series("step", ((-6, 0), (0, 0), (0, 1), (6, 1)))
    drawn = texts(curve.draw(Curve((Series("flat", ((-6, 0), (6, 0))), step), "z", "slope", ""), 60, INK, 10))
    columns = {at for line in drawn[3:9] for at, sign in enumerate(line) if 0x2800 < ord(sign) <= 0x28FF}
    assert max(columns) - min(columns) <= 1
