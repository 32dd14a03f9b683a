"""A wrong option names what whoever picks it thinks: `drops check --titles` lays the two side by side."""

import contextlib
import io

import pytest

from drops.cli.main import main
from drops.course.model import Quiz


@pytest.fixture(scope="module")
def told():
    """The lines that the command prints. It draws every exercise two dozen times, so it runs once."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        assert main(["check", "--titles"]) == 0
    return printed.getvalue().splitlines()


SAYS = [
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
]


@pytest.mark.slow
def test_an_option_is_told_what_it_shows_and_not_the_opposite(told):
    """One test of all: what is told is asked for by whichever process has one of them."""
    for item, option, says in SAYS:
        lines = [line for line in told if line.startswith(f"{item}  {option}")]
        assert len(lines) == 1, item
        assert says in lines[0].partition(" → ")[2], item


@pytest.mark.slow
def test_the_titles_are_printed_a_line_each_for_every_wrong_option(told, library):
    for drop in library:
        for item in drop.items.values():
            if isinstance(item, Quiz):
                for wrong in (option for face in item.faces for option in face.options if option.diagnoses):
                    lines = [line for line in told if line.startswith(f"{drop.number}/{item.id}  {wrong.text} → ")]
                    assert lines, (item.id, wrong.text)
                    assert not lines[0].endswith("→ ")
    assert len(told) == len(set(told))
