"""The Lab's tasks: the line beside each does it, the line it begins with does not, and rules are rules."""

from __future__ import annotations

import pytest

from drops.cli.main import main
from drops.errors import Unknown
from drops.networks.lab.challenges import BAND, CHALLENGES, ENOUGH, Ruling, find, judge_line
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line

QUICK = {"fence-free", "two-numbers", "kill"}
NAMES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in CHALLENGES]


def judged(name: str, line: str) -> Ruling:
    (*_, found) = judge_line(CHALLENGES[name], read_line(line))
    assert isinstance(found, Ruling)
    return found


@pytest.mark.parametrize("name", CHALLENGES)
def test_both_lines_of_a_task_are_as_short_as_they_go_and_its_own_is_allowed(name):
    task = CHALLENGES[name]
    for line in (task.begins, task.par):
        assert print_line(read_line(line)) == line
    assert task.refusal(read_line(task.par)) == ""
    assert task.share >= ENOUGH


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_done_by_its_own_line_as_often_as_is_said(name):
    found = judged(name, CHALLENGES[name].par)
    assert abs(found.share - CHALLENGES[name].share) <= BAND
    assert found.passed


FAST = {"fence", "crossing", "no-unit", *QUICK}  # most of them are refused before anything is trained
BEGUN = [pytest.param(name, marks=() if name in FAST else pytest.mark.slow) for name in CHALLENGES]


@pytest.mark.parametrize("name", BEGUN)
def test_the_line_that_a_task_begins_with_does_not_do_it(name):
    task = CHALLENGES[name]
    assert task.refusal(read_line(task.begins)) or not judged(name, task.begins).passed


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("fence", "circle xx yy 2-1", "features stays as the task begins: circle"),
        ("fence", "xor", "data stays as the task begins: circle"),
        ("fence", "circle goal .5", "goal stays as the task begins: circle"),
        ("fence", "circle rows 4000", "rows stays as the task begins: circle"),
        ("fence", "circle @50 sgd", "a line that changes in the run does not count"),
        ("fence-free", "circle 2-4-1", "17 parameters; at most 3 are allowed"),
        (
            "six-sigmoids",
            "circle 2-8-1",
            "the shape stays as the task begins: circle 2-8-8-8-8-8-8-1 sigmoid sgd .3",
        ),
    ],
)
def test_what_a_task_does_not_allow_is_said(name, line, says):
    assert CHALLENGES[name].refusal(read_line(line)) == says


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(Unknown, match='did you mean "fence"'):
        find("fens")


def test_the_command_tells_by_its_exit_status_whether_a_line_does_it(home, capsys):
    assert main(["--home", str(home), "lab", "xor xy 1-1", "--challenge", "two-numbers"]) == 0
    assert "Done." in capsys.readouterr().out
    assert main(["--home", str(home), "lab", "xor x 1-1", "--challenge", "two-numbers", "--json"]) == 1
    assert '"passed": false' in capsys.readouterr().out
