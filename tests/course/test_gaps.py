"""Blanks in the prose of a lesson: where they may stand, that they say what their formula gives, and how much
is read before there is something to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from drops.catalog import drawing
from drops.course.check import check
from drops.course.gaps import MOST_WORDS, filled_in, gaps_in
from drops.course.model import FigureFence
from drops.exercises.blocks import Figure
from drops.exercises.formulas.reading import read_known
from drops.exercises.formulas.working_out import single
from lessons import lessons

DROPS = list(lessons())
SET = [
    (drop.number, gap)
    for drop in lessons().paths[0].drops
    for section in drop.sections
    for gap in gaps_in(section.parts)
]
ASKED = [
    (drop.id, section, gap)
    for path in lessons().paths
    for drop in path.drops
    for section in drop.sections
    for gap in gaps_in(section.parts)
]
PROSE, END = "A sum adds.", "After the figure."


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (END, "It is [3](blank:2+1).", ""),
        (END, "It is [0.33](blank:1/3) or so.", ""),
        (END, "It is [−3](blank:-(2+1)).", ""),
        (END, "```\n[3](blank:2)\n```", ""),
        (
            END,
            "It is [4](blank:2+1).",
            "25: a blank says 4, and its formula gives 3; correct one of them",
        ),
        (
            END,
            "It is [0.3](blank:2/3).",
            "25: a blank says 0.3, and its formula gives 0.666667; correct one of them",
        ),
        (
            END,
            "It is [three](blank:2+1).",
            "25: a blank that cannot be worked out: “three” is not a number; "
            "write [2.5](blank:1.5+2-1): the number, and the sum that gives it",
        ),
        (
            END,
            "It is [3](blank:x+1).",
            "25: a blank that cannot be worked out: “x” is no given and no line before it; "
            "write [2.5](blank:1.5+2-1): the number, and the sum that gives it",
        ),
        (
            END,
            "It is [3](blank:1/0).",
            "25: a blank that cannot be worked out: a division by 0; "
            "write [2.5](blank:1.5+2-1): the number, and the sum that gives it",
        ),
        (
            END,
            "It is [3](blank:2+1), or [4](blank:2+2).",
            "25: a second blank on one page; leave one, and write the other's number",
        ),
        ("Sums add.", "Sums are [3](blank:2+1).", "73: a blank outside of what is read; write the number"),
        (
            END,
            "Word by word. " * 84,
            f"2: {84 * 3 + 8} words are read before there is anything to do; "
            f"after at most {MOST_WORDS} give a figure a goal, or set a blank",
        ),
        (PROSE, "A sum adds [3](blank:2+1). " + "Word by word. " * 90, ""),
    ],
)
def test_a_blank_that_cannot_be_filled_is_told_in_a_line(old, new, line, write, lesson, toys):
    assert old in lesson
    found = map(str, check([write(**{"01-one-sum": lesson.replace(old, new, 1)})]))
    told = [one for one in found if "blank" in one]
    assert told == ([f"content/sums/01-one-sum.md:{line}"] if line else [])


@pytest.mark.parametrize(("number", "gap"), SET, ids=lambda one: str(one)[:30])
def test_every_blank_of_the_first_path_says_what_its_formula_gives(number, gap):
    gives = single(read_known(gap.formula, ()), {})
    said = float(gap.number.replace("−", "-"))
    assert abs(gives - said) <= gap.tolerance + 1e-9


def written(shown: object) -> Iterator[str]:
    """Every text that stands in a picture, its name and its cells among them."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, Figure):
        yield from written(shown.draw({knob.name: knob.start for knob in shown.knobs}))
    elif is_dataclass(shown):
        for one in fields(shown):
            yield from written(getattr(shown, one.name))
    elif isinstance(shown, list | tuple):
        for part in shown:
            yield from written(part)


LOOKED_UP = re.compile(r"[−-]?[0-9.]+")  # a formula that is a number alone: the sentence says where it is read off


@pytest.mark.parametrize(("drop", "section", "gap"), ASKED, ids=lambda one: str(one)[:30])
def test_no_picture_beside_a_blank_writes_the_number_to_be_worked_out(drop, section, gap):
    if LOOKED_UP.fullmatch(gap.formula):
        return
    number = re.compile(rf"(?<![\w.,−-]){re.escape(gap.number)}(?![\w.]*\d)")
    fences = [part for part in section.parts if isinstance(part, FigureFence)]
    texts = [text for fence in fences for text in written(drawing(fence.name, fence.params).show)]
    assert [text for text in texts if number.search(text)] == []


def test_every_drop_of_the_first_path_sets_a_blank():
    assert {number for number, _ in SET} == set(range(1, 15))


@pytest.mark.parametrize("drop", DROPS, ids=lambda drop: drop.id)
def test_no_drop_is_read_for_more_than_250_words_before_something_is_done(drop):
    words = 0
    for part in (part for section in drop.sections for part in section.parts):
        if isinstance(part, FigureFence):
            if part.goal is not None:
                break
        else:
            words += len(part.partition("(blank:")[0].split())
            if "(blank:" in part:
                break
    assert words <= 250


def test_what_is_said_of_a_blank_stands_at_the_end_of_its_paragraph():
    prose = "One is [1](blank:1), two is 2.\n\nThree."
    assert filled_in(prose, "1 ✓", "Yes.") == "One is 1 ✓, two is 2. Yes.\n\nThree."
    assert filled_in("No blank.", "1") == "No blank."
