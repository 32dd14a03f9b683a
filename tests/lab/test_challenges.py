"""The Lab's tasks: the line beside each does it, the line it begins with does not, and rules are rules."""

from __future__ import annotations

import json

import pytest

from drops.cli.main import main
from drops.errors import Unknown
from drops.networks.lab.challenges import BAND, CHALLENGES, ENOUGH, Ruling, find, judge_lines
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line

QUICK = {"fence-free", "two-numbers", "kill"}
# `drops check --claims` judges them all
NAMES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.nightly) for name in CHALLENGES]


def judged(name: str, *lines: str, steps: int = 0) -> Ruling:
    (*_, found) = judge_lines(CHALLENGES[name], [read_line(line) for line in lines], steps)
    assert isinstance(found, Ruling)
    return found


@pytest.mark.parametrize("name", CHALLENGES)
def test_all_lines_of_a_task_are_as_short_as_they_go_and_its_own_are_allowed(name):
    task = CHALLENGES[name]
    for line in (task.begins, *task.pars):
        assert print_line(read_line(line)) == line
    assert task.refusal(*map(read_line, task.pars)) == ""
    assert task.share >= ENOUGH


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_task_is_done_by_its_own_lines_as_often_as_is_said(name):
    task = CHALLENGES[name]
    found = judged(name, *task.pars)
    for share, said in zip(found.shares, task.measured, strict=True):
        assert abs(share - said) <= BAND
    assert found.passed


FAST = {"fence", "crossing", "no-unit", *QUICK}  # most of them are refused before anything is trained
BEGUN = [pytest.param(name, marks=() if name in FAST else pytest.mark.nightly) for name in CHALLENGES]


@pytest.mark.slow
@pytest.mark.parametrize("name", BEGUN)
def test_the_line_that_a_task_begins_with_does_not_do_it(name):
    task = CHALLENGES[name]
    again = (task.begins,) * len(task.pars)
    assert task.refusal(*map(read_line, again)) or not judged(name, *again).passed


@pytest.mark.parametrize(
    ("name", "line", "says"),
    [
        ("fence", "circle xx yy 2-1", "features stays as the task begins: circle"),
        ("fence", "xor", "data stays as the task begins: circle"),
        ("fence", "circle goal .5", "goal stays as the task begins: circle"),
        ("fence", "circle rows 4000", "rows stays as the task begins: circle"),
        (
            "fence",
            "circle @50 sgd",
            "a line that changes in the run does not count; go to step 0 and change it there",
        ),
        (
            "cliff",
            "circle 2-8-8-1 relu sgd 1.6",
            "this task wants two lines; fork at the first one, then change it",
        ),
        (
            "kill",
            "moons 2-8-8-1 relu sgd 30 batch 20 clip 1",
            "the rule and the clip are two words; all but one stays as the task begins: moons 2-8-8-1 relu sgd batch 20",
        ),
        ("fence-free", "circle 2-4-1", "17 parameters; at most 3 are allowed: take units away"),
        (
            "six-sigmoids",
            "circle 2-8-1",
            "the shape stays as the task begins: circle 2-8-8-8-8-8-8-1 sigmoid sgd .3",
        ),
    ],
)
def test_what_a_task_does_not_allow_is_said(name, line, says):
    assert CHALLENGES[name].refusal(read_line(line)) == says


NEAR = "circle 2-8-8-1 relu sgd 1.6"


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            "circle 2-8-8-1 relu sgd 1.5",
            "the second line wants the higher rate: 1.6, then 1.5 goes the wrong way",
        ),
        ("circle 2-8-8-1 relu sgd 3", "3 is 1.88 times 1.6; at most 1.5 times is near enough"),
        ("circle 2-8-8-1 sgd 2.3", f"squash stays in the second line as in the first: {NEAR}"),
        (
            "circle 2-8-8-1 relu sgd 1.6 @3 sgd 2.3",
            "a line that changes in the run does not count; go to step 0 and change it there",
        ),
    ],
)
def test_two_lines_that_are_no_cliff_are_told_why(second, says):
    assert CHALLENGES["cliff"].refusal(read_line(NEAR), read_line(second)) == says


@pytest.mark.slow
def test_the_near_side_of_a_cliff_alone_does_not_pass():
    assert not judged("cliff", NEAR, "circle 2-8-8-1 relu sgd 1.7").passed


def test_where_updates_count_a_line_is_judged_as_far_as_it_has_gone():
    task = CHALLENGES["few-steps"]
    early = judged("few-steps", task.par, steps=20)
    assert early.counts == 20
    assert early.shares[0] < task.share
    assert task.refusal(read_line(task.par), None, 301) == "301 steps; at most 300 are allowed: go back to them"


def test_an_unknown_task_names_the_nearest():
    with pytest.raises(Unknown, match='did you mean "fence"'):
        find("fens")


@pytest.mark.slow
def test_the_command_tells_by_its_exit_status_whether_a_line_does_it(home, capsys):
    assert main(["--home", str(home), "lab", "xor xy 1-1", "--challenge", "two-numbers"]) == 0
    assert "Done." in capsys.readouterr().out
    assert main(["--home", str(home), "lab", "xor x 1-1", "--challenge", "two-numbers", "--json"]) == 1
    assert '"passed": false' in capsys.readouterr().out


CLIFF = ("lab", *NEAR.split(), "--challenge", "cliff")


@pytest.mark.slow
def test_the_command_judges_two_lines_where_a_task_wants_two(home, capsys):
    assert main(["--home", str(home), *CLIFF, "--against", "circle 2-8-8-1 relu sgd 2.3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["line"] == NEAR
    assert told["share"] >= ENOUGH
    assert told["second"]["share"] >= 0.5


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (CLIFF, "cliff wants two lines; give the second one with --against"),
        (
            ("lab", "circle", "--challenge", "fence", "--against", "circle 2-3-1"),
            "fence wants one line; leave --against out",
        ),
        (
            ("lab", "circle", "2-4-1", "--challenge", "fence", "--steps", "9"),
            "fence is judged after 2,000 steps; leave --steps out",
        ),
    ],
)
def test_a_line_too_few_or_too_many_is_said(words, says, home, capsys):
    assert main(["--home", str(home), *words]) != 0
    assert says in capsys.readouterr().err
