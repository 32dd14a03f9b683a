"""A wrong option names what whoever picks it thinks: `drops check --titles` lays the two side by side."""

import subprocess
import sys

import pytest

from drops.course.model import Quiz
from drops.course.parse import library_folders, read
from drops.study.titles import titles


@pytest.fixture(scope="module")
def library():
    return read(library_folders(None)).library


@pytest.mark.parametrize(
    ("item", "option", "says"),
    [
        ("3/why-still-straight", "the sigmoid is nearly", "the sigmoid's straight middle"),
        ("5/numpy-shape", "({n}, {m})", "the shape of the result"),
        ("5/square-layer", "it runs, with the same", "the same both ways round"),
        ("8/doubled-batch", "it halves", "make a mean loss smaller"),
        ("9/nudge-test", "take a step", "the proof of a gradient"),
        ("10/init-pairs", "Xavier with ReLU", "which start belongs to which squash"),
        ("10/epochs", "{u*n/b}", "multiplies by the batches"),
        ("10/plateau-is-a-line", "the learning rate is too high", "blames the learning rate"),
        ("11/stuck-narrow", "it has too few parameters", "lacks parameters"),
        ("13/tie-rule", "{w} units, for safety", "more width always helps"),
        ("14/below-baseline", "the average", "nobody has measured"),
        ("14/linear-twin", "sixteen units", "enough units bend"),
    ],
)
def test_an_option_is_told_what_it_shows_and_not_the_opposite(library, item, option, says):
    lines = [line for line in titles(library) if line.startswith(f"{item}  {option}")]
    assert len(lines) == 1
    assert says in lines[0].partition(" → ")[2]


def test_the_titles_are_printed_a_line_each_for_every_wrong_option(library):
    asked = subprocess.run(
        [sys.executable, "-m", "drops", "check", "--titles"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told = asked.stdout.splitlines()
    assert told == [*titles(library)]
    for drop in library:
        for item in drop.items.values():
            if isinstance(item, Quiz):
                wrong = [option for face in item.faces for option in face.options if option.diagnoses]
                assert all(any(option.text in line for line in told) for option in wrong)
