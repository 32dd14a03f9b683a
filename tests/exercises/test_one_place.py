"""One thing stands in one place with one value: on every page of every path, and in every step of its exercises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops import catalog
from drops.colours import DARK
from drops.course.model import ExerciseFence, FigureFence
from drops.exercises import fading
from drops.exercises.blocks import Beside, Curve, Figure, Knobs, Numbers, Series, Sheet, Show, Wires
from drops.scales import even, span
from drops.text import number
from drops.tui.base.ink import Lines, inks
from drops.tui.blocks import curve, diagram
from drops.tui.blocks.columns import Columns
from drops.tui.blocks.columns import draw as draw_columns
from lessons import lessons

INK = inks(DARK, few=False)
TABLE = re.compile("[Wb][₁₂₃]")


def texts(lines: Lines) -> list[str]:
    return ["".join(segment.text for segment in line) for line in lines]


def flat(blocks: tuple[Show, ...]) -> Iterator[Show]:
    for block in blocks:
        yield from flat(block.blocks) if isinstance(block, Beside) else (block,)


@cache
def pages() -> dict[str, tuple[Show, ...]]:
    """What stands on each page that is read, and on each step of an exercise as it is first met."""
    found: dict[str, tuple[Show, ...]] = {}
    for drop in lessons():
        for at, section in enumerate(drop.sections, 1):
            fences = (part for part in section.parts if isinstance(part, FigureFence))
            shown = (block for part in fences for block in catalog.drawing(part.name, part.params).show)
            found[f"{drop.id} {at}"] = tuple(flat(tuple(shown)))
        for fence in drop.items.values():
            if isinstance(fence, ExerciseFence):
                exercise = catalog.draw(fence.kind, 7, fence.params)
                for step in fading.steps(exercise, fence.level, {}):
                    more: tuple[Show, ...] = ()
                    if isinstance(step.ask, Numbers):
                        picture = step.ask.picture({}, step.ask.fields[0].name) if step.ask.picture else ()
                        more = (*picture, *((step.ask.sheet,) if step.ask.sheet else ()))
                    elif isinstance(step.ask, Knobs):
                        more = step.ask.draw(step.ask.solution)
                    found[f"{drop.id} {fence.id} {step.name}"] = tuple(flat((*step.show, *more)))
    return found


@cache
def drawn() -> list[tuple[str, Show]]:
    """The pictures of all pages, those with knobs as they start and with each knob at its ends and its middle."""
    found = []
    for page, blocks in pages().items():
        for block in blocks:
            if not isinstance(block, Figure):
                found.append((page, block))
                continue
            start = {knob.name: knob.start for knob in block.knobs}
            ends = [(k, v) for k in block.knobs for v in (k.low, k.nearest((k.low + k.high) / 2), k.high)]
            for values in (start, *({**start, knob.name: value} for knob, value in ends)):
                found += [(f"{page} {values}", shown) for shown in flat(block.draw(values))]
    return found


@pytest.mark.slow
def test_no_two_knobs_of_a_page_go_by_one_name():
    labels = {
        page: Counter(k.label for block in blocks if isinstance(block, Figure) for k in block.knobs)
        for page, blocks in pages().items()
    }
    assert sum(map(len, labels.values())) > 200
    assert {page: names for page, names in labels.items() if any(many > 1 for many in names.values())} == {}


@pytest.mark.slow
def test_no_table_of_weights_has_a_row_of_another():
    tables = [(p, b) for p, b in drawn() if isinstance(b, Sheet) and b.columns and TABLE.fullmatch(b.columns[0])]
    assert {sheet.columns[0] for _, sheet in tables} >= {"W₁", "W₂"}
    for page, sheet in tables:
        assert not any(isinstance(row[0], str) and TABLE.fullmatch(row[0]) for row in sheet.rows), page


@pytest.mark.slow
def test_the_numbers_of_a_net_do_not_run_into_one_another():
    nets = [(page, block) for page, block in drawn() if isinstance(block, Wires)]
    assert len(nets) > 80
    for page, net in nets:
        known = {number(w, 2) for layer in net.weights for row in layer for w in row}
        known |= {number(v) for layer in net.values or () for v in layer if v is not None}
        known |= {number(b) for layer in net.biases or () for b in layer}
        known |= {number(v) for _, v in net.under.values() if v is not None}
        names = " ".join(
            [*(name for layer in net.names for name in layer), *(n for n, _ in net.under.values())]
        )
        for width in (24, 34, 56, 100):
            for line in texts(diagram.draw(net, width, INK, rows=24))[:-1]:
                for told in re.findall(r"−?[\d.,]+", line):
                    assert told in known or told in names, (page, line)


@pytest.mark.slow
def test_a_wire_that_is_lit_keeps_the_colour_of_its_sign():
    lit = [
        (page, replace(net, lit=(one,)), net.weights[one[0]][one[1]][one[2]])
        for page, net in drawn()
        if isinstance(net, Wires)
        for one in net.lit
    ]
    assert {weight < 0 for _, _, weight in lit if weight} == {True, False}
    inked = {DARK.lit(DARK.plus).lower(): "plus", DARK.lit(DARK.minus).lower(): "minus"}
    for page, net, weight in lit:
        styles = (segment.style for line in diagram.draw(net, 76, INK) for segment in line if segment.style)
        seen = {inked[style.color.name] for style in styles if style.color and style.color.name in inked}
        assert seen == ({"minus" if weight < 0 else "plus"} if weight else set()), page


def stray(block: Curve, height: int) -> list[float]:
    """The marked values that are half a row or more from 0 and are drawn in its row, each mark by itself."""
    low, high = block.window or span(
        [block.drawn(y) for series in block.series for _, y in series.points]
        + [block.drawn(y) for _, y, _ in block.marks]
    )
    low, high, _ = even(low, high, height)
    far = [
        (x, y, "")
        for x, y, _ in block.marks
        if abs(y) > (high - low) * 2 / (4 * height - 1) and low <= y <= high
    ]
    found = []
    for mark in far:
        lines = texts(curve.draw(replace(block, marks=(mark,), window=(low, high)), 56, INK, height))
        found += [mark[1] for line in lines if re.match(" *0 ┤.*◆", line)]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("size", [(40, 6), (56, 6), (56, 11), (100, 24)])
def test_every_mark_of_a_curve_has_its_whole_name(size):
    width, height = size
    for page, block in drawn():
        if isinstance(block, Curve):
            shown = "\n".join(texts(curve.draw(block, width, INK, height)))
            assert [label for *_, label in block.marks if label not in shown] == [], page


@pytest.mark.slow
@pytest.mark.parametrize("height", [6, 11, 24])
def test_no_mark_of_a_curve_stands_on_the_line_of_0_unless_it_is_near_it(height):
    curves = [(page, b) for page, b in drawn() if isinstance(b, Curve) and b.marks and not b.log_y]
    assert len(curves) > 100
    assert [(page, found) for page, block in curves if (found := stray(block, height))] == []


@given(st.floats(0.02, 1) | st.floats(-1, -0.02), st.integers(6, 30))
def test_a_mark_beside_0_is_drawn_on_its_side_of_it(share, height):
    line = Series("y", ((0.0, -1.0), (1.0, 1.0)))
    block = Curve((line,), "x", "", "says", marks=((0.5, share, ""),), window=(-1.0, 1.0))
    lines = texts(curve.draw(block, 56, INK, height))
    mark = next(i for i, line in enumerate(lines) if "◆" in line)
    zero = next(i for i, line in enumerate(lines) if re.match(" *0 ┤", line))
    assert (zero - mark) * share >= 0
    low, high, _ = even(-1.0, 1.0, height)
    assert mark != zero or abs(share) <= 2 * (high - low) / (4 * height - 1)


@given(st.floats(0.1, 5000))
def test_the_numbers_beside_bars_of_days_stand_at_even_rows_and_at_the_height_of_their_bars(most):
    lines = texts(draw_columns(Columns([most], {}, "minutes"), 40, INK))
    rows = [i for i, line in enumerate(lines) if re.match(r" *\S+ [┤└]", line)]
    assert len({b - a for a, b in pairwise(rows)}) == 1
    assert len(rows) in (3, 4)
    top = float(lines[rows[0]].split()[0].replace(",", "").replace("k", "000"))
    assert top >= most * 0.999
