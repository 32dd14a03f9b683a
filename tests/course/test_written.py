"""A written exercise that is wrong is told by `drops check` with its line, at once, whatever stands in it."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import interest_path
from drops.course.check import check
from pace import slowness

LINES = interest_path.LESSON.splitlines()


def told(tmp_path, old: str = "", new: str = "") -> list[str]:
    interest_path.write(tmp_path / "mine")
    file = tmp_path / "mine/interest/01-interest-on-interest.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    begun = time.process_time()
    found = [str(problem) for problem in check([tmp_path / "mine"])]
    assert time.process_time() - begun < 2 * slowness()
    return found


def line_of(start: str) -> int:
    return next(n for n, line in enumerate(LINES, 1) if line.startswith(start))


def test_a_course_of_another_subject_is_sound(tmp_path):
    assert told(tmp_path) == []


START, RATE, Y, SWAP = "start = {", "rate = [0", "y = { each", "swap = { y = \"start*(1 + n*rate)\""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"start*(1 + rate)^n"', '"start*(1 + rat)^n"', Y, "line y: “rat” is no given and no line before it; there are start, rate, long"),
        ('"start*(1 + rate)^n"', '"earned + 1"', Y, "line y: “earned” is no given and no line before it"),
        ('"start*(1 + rate)^n"', '"open(start)"', Y, "line y: “open” is no function here; there are abs, sqrt"),
        ('"start*(1 + rate)^n"', '"start.__class__"', Y, "line y: “.__class__” has no meaning in a formula"),
        ('"start*(1 + rate)^n"', "\"__import__('os')\"", Y, "line y: “__import__('” has no meaning in a formula"),
        ('"start*(1 + rate)^n"', '"' + "(" * 300 + "1" + ")" * 300 + '"', Y, "line y: a formula of 601 characters"),
        ('"start*(1 + rate)^n"', '"' + "1+" * 1900 + '1"', Y, "line y: a formula of 3,801 characters"),
        ('"start*(1 + rate)^n"', '"9^9^9^9"', Y, "none of 2,000 draws fits; most fail at line y: a power beyond 16"),
        ('"start*(1 + rate)^n"', '"start/(rate - rate)"', Y, "none of 2,000 draws fits; most fail at line y: a division by 0"),
        ("rule = \"y[3] - start\"", "rule = \"y[4] - start\"", "earned", "line earned: place 4 of “y”; it has places 1 to 3; start is 0"),
        ("label = \"interest in all\"", "colour = \"red\"", "earned", "line earned: “colour” is no key here; there are rule, label"),
        ("y = \"start*(1 + n*rate)\"", "z = \"1\"", SWAP, "mixup simple-interest: “z” is no line; there are y, earned"),
        ("y = \"start*(1 + n*rate)\"", "y = \"earned\"", SWAP, "mixup simple-interest: “earned” is no given and no line before it"),
        ("y = \"start*(1 + n*rate)\"", "y = \"start*(1 + rate)^n\"", "```exercise", "none of 500 draws fits; most fail at the right answer and simple-interest look alike"),
        ("{rate*start} and", "{rate*zins} and", "gives = \"each", "gives: “zins” is no given"),
        ("**{start} €**", "**{begin} €**", "tells", "tells: “begin” is no given"),
        ("rate = [0.02, 0.03, 0.04, 0.05, 0.1]", "rate = { of = [0.1], wide = 2 }", RATE, "given rate: “wide” is no key here; there are of, from"),
        ("long = { of = [0, 1], first = true }", "tells = \"x\"\nlong = [0, 1]", "long", "“tells” stands under [given]; move it above the first [table]"),
        ("when = \"long == 1\"", "when = \"long >= 0\"", "options", "predict: 2 options are right for"),
        ("of = [0, 1], first = true", "of = [0, 1, 1, 1, 1], first = true", "options", "predict: “something” is right in"),
        ("start = { from = 100, to = 1000, step = 50 }", "start = [100, 200]", "[given]", "20 of 100 draws differ; draw from more: at least 40"),
        ("\n[given]\nstart", "\nwhere = ['start > 5000']\n\n[given]\nstart", "tells", "none of 2,000 draws fits; most fail at `where` 1, “start > 5000”"),
        ("\n[given]\nstart", "\nwhere = ['start > y[9]']\n\n[given]\nstart", "tells", "`where` 1: place 9 of “y”"),
        ("[explain]", "[explains]", "[explain]", "the exercise: “explains” is no key here; there are tells, prompt"),
        ('like = "three-years"', 'like = "three-year"', "id = \"two-years", 'like: no written exercise "three-year" in this drop; did you mean "three-years"?'),
        ("\n[given]\nstart", "\nsee = [{ figure = 'neurons' }]\n\n[given]\nstart", "tells", 'no figure "neurons"; did you mean "neuron"?'),
        ("\n[given]\nstart", "\nsee = [{ figure = 'neuron', x = 'start' }]\n\n[given]\nstart", "tells", 'see: the figure "neuron" refuses its parameters'),
        ("\n[given]\nstart", "\nsee = [{ figure = 'neuron', x = 'begin' }]\n\n[given]\nstart", "tells", "see: x: “begin” is no given"),
        ("\n[given]\nstart", "\nsee = ['neuron']\n\n[given]\nstart", "tells", "see names no figure"),
        ("[given]\nstart", "beside = [{ figure = 'net', sizes = '[2, 100000, 100000]' }]\n[given]\nstart", "prompt", 'beside: the figure "net" refuses its parameters: 2, 100000, 100000 are no sizes of layers'),
        ("[given]\nstart", "beside = [{ figure = 'votes', n = '1000000', w = '1' }]\n[given]\nstart", "prompt", 'beside: the figure "votes" refuses its parameters: 1e+06 are no sizes of layers'),
        ("[given]\nstart", "beside = [{ figure = 'nets', sizes = '[2, 3]' }]\n[given]\nstart", "prompt", 'no figure "nets"; did you mean "net"?'),
        ("tol = 0.01, example = \"4321.5\"", "tol = \"open(1)\"", Y, "line y: tol: “open” is no function here"),
        ("tol = 0.01, example = \"4321.5\"", "written = \"{start*2}\"", Y, "line y: written holds more than names"),
        ("mixup = \"rate-alone\"", "mixup = \"rate-along\"", "options", "predict: no mixup “rate-along”; there are simple-interest, rate-alone"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, says):
    found = told(tmp_path, old, new)
    mine = [one for one in found if says in one]
    assert len(mine) == 1, found
    where, near = int(mine[0].split(":")[1]), line_of(line)
    assert abs(where - near) <= 3, (where, near, mine)
    assert len(mine[0]) < 400


def test_the_command_says_it_and_ends_with_1(tmp_path):
    interest_path.write(tmp_path / "mine")
    file = tmp_path / "mine/interest/01-interest-on-interest.md"
    file.write_text(file.read_text(encoding="utf-8").replace("(1 + rate)^n", "eval(n)"), encoding="utf-8")
    asked = subprocess.run(
        [sys.executable, "-m", "drops", "--content", str(tmp_path / "mine"), "check", str(tmp_path / "mine")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert asked.returncode == 1
    assert f"01-interest-on-interest.md:{line_of(Y)}: line y: “eval” is no function here" in asked.stdout + asked.stderr
