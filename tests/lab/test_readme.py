"""The README's table of the Lab beside TensorFlow Playground: each count in it is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from drops.networks.lab.broken import WANTS
from drops.networks.lab.challenges import CHALLENGES, SEEDS
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.shape import MOST_LAYERS, MOST_UNITS
from drops.networks.lab.words import FEATURES, LOSSES, RULES, SCHEDULES, SOURCES, SQUASHES, STARTS

SECTION = (
    (Path(__file__).parents[2] / "README.md")
    .read_text("utf-8")
    .partition("\n## The Lab\n")[2]
    .partition("\n## ")[0]
)
ROWS = {
    row[0].strip(" *"): row[2]
    for row in (line.strip("|").split("|") for line in SECTION.splitlines())
    if len(row) == 3
}

COUNTS = {
    "data": (sum(one.drawn for one in SOURCES.values()), sum(not one.drawn for one in SOURCES.values())),
    "what is asked": (len(LOSSES),),
    "what a net hears": (len(FEATURES),),
    "layers": (MOST_LAYERS, MOST_UNITS),
    "squash": (len(SQUASHES),),
    "how it learns": (len(RULES), len(SCHEDULES), 1, 2, len(STARTS)),  # L1 and L2 among them
    "what can be wrong": (len(WANTS),),
    "to aim at": (len(CHALLENGES), len(SEEDS)),
}


@pytest.mark.parametrize("row", COUNTS)
def test_each_count_of_the_comparison_is_what_there_is(row):
    assert tuple(map(int, re.findall(r"\d+", ROWS[row]))) == COUNTS[row]


def test_the_lines_of_the_section_are_lines_as_short_as_they_go():
    lines = [line for line in re.findall(r"`([^`]+)`", SECTION) if line.split()[0] in SOURCES]
    assert len(lines) == 2
    for line in lines:
        assert print_line(read_line(line)) == line


def test_the_comparison_says_where_the_other_one_is_better():
    assert any(name.startswith("where theirs is better") for name in ROWS)
