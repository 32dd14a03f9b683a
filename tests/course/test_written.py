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


def told(tmp_path, old: str = "", new: str = "", *, alone: bool = False) -> list[str]:
    """What is to mend of the course with this mistake, or of its first drop alone."""
    interest_path.write(tmp_path / "mine")
    for other in (tmp_path / "mine/interest").glob("0[23]-*.md") if alone else ():
        other.unlink()
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
        ("y = \"start*(1 + n*rate)\"", "y = \"start*(1 + rate)^n\"", "swap = { y = \"start*(1 + n", "none of 500 draws fits; most fail where the right answer and simple-interest look alike"),
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
        ("[given]\nstart", "beside = [{ figure = 'nett', sizes = '[2, 3]' }]\n[given]\nstart", "prompt", 'no figure "nett"; did you mean "net"?'),
        ("[given]\nstart", "beside = [{ figure = 'nets', sizes = '[2, 3]' }]\n[given]\nstart", "prompt", 'beside: the figure "nets" refuses its parameters: sizes is no list of lists of numbers'),
        ("[given]\nstart", "beside = [{ figure = 'unit', x = '[2, 3]', w = '1' }]\n[given]\nstart", "prompt", 'the figure "unit" refuses its parameters: w and x want as many numbers, and have 1 and 2'),
        ("[given]\nstart", "beside = [{ figure = 'cells', values = '3' }]\n[given]\nstart", "prompt", 'the figure "cells" refuses its parameters: values is no list of numbers and no list of such lists'),
        ("tol = 0.01, example = \"4321.5\"", "tol = \"open(1)\"", Y, "line y: tol: “open” is no function here"),
        ("tol = 0.01, example = \"4321.5\"", "written = \"{start*2}\"", Y, "line y: written holds more than names"),
        # a choice, braces and digits in a text
        ("{rate*start} and", "{rate > 0 ? {start} : nothing} and", "gives = \"each", "gives: a brace within braces; words alone stand in a choice"),
        ("{rate*start} and", "{rate > 0 ? rate > 1 ? a : b : c} and", "gives = \"each", "gives: a choice within a choice; words alone stand in a choice"),
        ("{rate*start} and", "{rate > 1 ? more} and", "gives = \"each", "gives: a choice without two words; write {n == 1 ? year : years}"),
        ("{rate*start} and", "{rate>1?more:less} and", "gives = \"each", "gives: a choice without two words"),
        ("{rate*start} and", "{rate*start and", "gives = \"each", "gives: a single “{”; close it"),
        ("{rate*start} and", "rate*start} and", "gives = \"each", "gives: a single “}”; open it"),
        ("{rate*start} and", "{} and", "gives = \"each", "gives: braces around nothing"),
        ("{rate*start} and", "{rate|12} and", "gives = \"each", "gives: “|12” is no number of digits; write {price|2}"),
        ("{rate*start} and", "{rate:.2f} and", "gives = \"each", "gives: “:.2f” is no number of digits"),
        ("{rate*start} and", "{y[n-1]} and", "gives = \"each", "gives: of after year 1: place 0 of a list of 3"),
        # what people write in formulas
        ('"start*(1 + rate)^n"', '"start*(1 + rate)**n"', Y, "line y: “*” stands where a number should; write ^ for a power"),
        ('"start*(1 + rate)^n"', '"start(1 + rate)"', Y, "a product is start*(…)"),
        ('"start*(1 + rate)^n"', '"y = 2"', Y, "line y: “= 2” has no meaning in a formula; write == to compare"),
        ('"start*(1 + rate)^n"', '"start*1,05"', Y, "line y: “,” stands where a formula should end; write 1.05 with a point"),
        ('"start*(1 + rate)^n"', '"start*5%"', Y, "line y: “%” has no meaning in a formula; write /100"),
        ('"start*(1 + rate)^n"', '"rate > 1 ? 2 : 3"', Y, "write if(test, a, b)"),
        ('"start*(1 + rate)^n"', '"start[1]"', Y, "line y: a single number has no places; correct that line"),
        # keys that are none
        ("tol = 0.01, example = \"4321.5\"", "tol = -1", Y, "line y: tol is -1; write how far off"),
        ("tol = 0.01, example = \"4321.5\"", "decimals = \"2\"", Y, "line y: decimals is '2'; write a whole number"),
        ("tol = 0.01, example = \"4321.5\"", "between = [10, -10]", Y, "most fail at line y: y1 is not between its ends"),
        ("tol = 0.01, example = \"4321.5\"", "written = \"{zins}\"", Y, "line y: written: “zins” is no given"),
        ("each = { n = [1, 2, 3] }", "each = { n = [1, 1, 3] }", Y, "line y: each names one twice"),
        ("\n[given]\nstart", "\nstrip = { rule = 'exp(x)', at = [50] }\n[given]\nstart", "prompt", "strip at 50: exp of more than 20; leave that place out"),
        ("\n[given]\nstart", "\nstrip = { rule = 'x', at = [1], digits = -3 }\n[given]\nstart", "prompt", "strip: digits is -3; write a whole number"),
        ("\n[given]\nstart", "\nletters = { zins = 'z' }\n[given]\nstart", "prompt", "letters: no “zins”; there are start"),
        ("\n[given]\nstart", "\nshows = ['who']\n[given]\nwho = ['a', 'b']\nstart", "prompt", "shows: who is a word; write {who} into tells"),
        ("start = { from = 100, to = 1000, step = 50 }", "start = { from = 100, to = 1000, step = 50, was = [1] }", START, "given start: was is [1]; write was"),
        # mix-ups and choices
        ("gives = \"only the interest is counted\"\n", "", "[mixups.rate-alone]", "mixup rate-alone does not say what it gives"),
        ("swap = { y = \"start*((1 + rate)^n - 1)\" }", "swap = \"y\"", "swap = { y = \"start*((1", "swap is no table; write swap = {"),
        ("swap = { y = \"start*((1 + rate)^n - 1)\" }", "swap = { y = \"start/(rate - rate)\" }", "swap = { y = \"start*((1", "most fail at mixup rate-alone, which gives no number"),
        ("swap = { y = \"start*((1 + rate)^n - 1)\" }", "swap = { y = \"start*(1 + n*rate)\" }", "swap = { y = \"start*((1", "most fail where simple-interest and rate-alone look alike; bend another line"),
        ("[mixups.simple-interest]", "[mixups.\"Simple Interest\"]", "[mixups.simple", "the mixup \"Simple Interest\" is no id; write lower-case words"),
        ("text = \"the rate rises\"", "text = \"the interest of year one earns some, too\"", "asks = \"Why", "explain: two options say the same"),
        ("when = true, why", "when = \"true\", why", "asks = \"Why", "explain: when = \"true\"; write when = true, without quotes"),
        ("asks = \"Why is", "when = \"rate > 5\"\nasks = \"Why is", "asks = \"Why", "explain: no question is asked in 100 of 100 draws"),
        ("asks = [\"y2\"]", "asks = [\"y9\"]", "asks = [\"y2", "asks: no “y9”; there are y1, y2, y3"),
        ("mixup = \"rate-alone\"", "mixup = \"rate-along\"", "options", "predict: no mixup “rate-along”; there are simple-interest, rate-alone"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, line, says):
    found = told(tmp_path, old, new, alone=True)
    mine = [one for one in found if says in one]
    assert len(mine) == 1, found
    where, near = int(mine[0].split(":")[1]), line_of(line)
    assert abs(where - near) <= 3, (where, near, mine)
    assert len(mine[0]) < 400


@pytest.mark.slow
def test_what_is_like_a_broken_exercise_is_not_told_twice(tmp_path):
    found = told(tmp_path, '"start*(1 + rate)^n"', "inf")
    assert len(found) == 1
    assert "inf is no number" in found[0]


@pytest.mark.slow
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
