"""Blanks in the prose of a lesson: where they may stand, that they say what their formula gives, and how much
is read before there is something to do."""

from __future__ import annotations

import pytest

from drops.course.check import check
from drops.course.gaps import MOST_WORDS, filled_in, gaps_in
from drops.course.model import FigureFence
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
