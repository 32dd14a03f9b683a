"""Questions whose answer is in a picture: read, drawn, stored, and what the check says of bad ones."""

from __future__ import annotations

import json

import pytest

from drops.course.check import check
from drops.course.model import Quiz
from drops.errors import ContentError
from drops.exercises.answers import read
from drops.exercises.blocks import Choice, Knobs
from drops.study.tasks import again, fresh
from lessons import parse_drop

FRONT = '+++\nid = "a"\ntitle = "A"\nphase = "p"\nminutes = 1\ngoal = "g"\n+++\n## Quiz\n'
CLICK = """\
### Which weight does a step change most? {#moves .keep}
```draw
x = { of = [1, 2, 3, 4], size = 4, signs = true }
w = { of = [0.5, 1, 2, 3], size = 4, signs = true }
most = "place(abs(x))"
large = "place(abs(w))"
```
```click wires
W1 = "[w]"
v0 = "x"
```
= `most`
> Its input {x[most]} is the largest.
- `large` `bias-as-slope`
  > That weight is the largest: {w[large]}.
"""
TURN = """\
### Turn b until the neuron puts out {t}. {#turn-b .keep}
```draw
w = { of = [1, 2, 3], size = 2, signs = true }
t = [0.5, 1, 1.5, 2]
where = ["-4 <= t - sum(w) <= 4", "t != sum(w)", "t + sum(w) != 0"]
```
```turn neuron
x = [1, 1]
w = "w"
b = 0
knobs = ["b"]
```
= `b + sum(w) == t`
> {sum(w)} {+t - sum(w)} is {t}.
- `b - sum(w) == t` `bias-as-slope`
  > The bias is added.
"""


def quiz(text: str) -> Quiz:
    (item,) = parse_drop(FRONT + text, "a.md", 1).quiz
    assert isinstance(item, Quiz)
    return item


@pytest.mark.parametrize("text", [CLICK, TURN])
def test_what_is_stored_makes_the_same_picture_again(text):
    for seed in range(20):
        task = fresh(quiz(text), seed)
        back = again(quiz(text), json.loads(json.dumps(dict(task.numbers))))
        (one,), (other,) = (made.steps(0, {}, "") for made in (task, back))
        for ask in (one.ask, other.ask):
            assert isinstance(ask, Choice | Knobs)
        drawn = [ask.picture(()) if isinstance(ask, Choice) else ask.draw(ask.solution) for ask in (one.ask, other.ask)]
        assert drawn[0] == drawn[1]


def test_a_part_is_right_or_has_a_name_and_the_right_one_is_told_with_its_reason():
    for seed in range(20):
        task = fresh(quiz(CLICK), seed)
        (step,) = task.steps(0, {}, "")
        given = task.numbers["given"]
        x, w = ([abs(one) for one in given[name]] for name in "xw")
        for i, option in enumerate(step.ask.options):
            verdict = task.grade(step.ask, read(step.ask, option.text))
            assert verdict.right is (x[i] == max(x))
            assert verdict.misconceptions == (("bias-as-slope",) if w[i] == max(w) else ())
            right = x.index(max(x))
            assert verdict.wanted == f"w{'₁₂₃₄'[right]}"
            assert verdict.options[right].startswith("Its input")  # told beside it, whatever was pointed at
            assert task.worked(step.ask).line.startswith(f"Right is {verdict.wanted}. Its input")


def test_a_setting_is_right_or_has_a_name_or_is_told_what_is():
    for seed in range(20):
        task = fresh(quiz(TURN), seed)
        (step,) = task.steps(0, {}, "")
        given = task.numbers["given"]
        for b in step.ask.knobs[0].places:
            verdict = task.grade(step.ask, {"b": b})
            assert verdict.right is (b + sum(given["w"]) == given["t"])
            assert verdict.misconceptions == (("bias-as-slope",) if b - sum(given["w"]) == given["t"] else ())
        assert task.grade(step.ask, read(step.ask, task.worked(step.ask).wanted)).right


WRITTEN = """\
### The bowl is {c}·w². Turn the rate until a step lands. {#land .keep}
```draw
c = [1, 2, 3, 4, 5, 6, 8]
w = [-3, 3]
```
```turn written
hint = "The ball."
says = "A step leads to {next|2}."
[knobs]
rate = { from = 0.02, to = 0.6, step = 0.02, start = 0.04 }
[values]
next = "w*(1 - 2*c*rate)"
[strip]
low = -5
high = 5
marks = [["next", "next"]]
```
= `abs(1 - 2*c*rate) < 0.07`
> At 1/{2*c}.
"""


def test_a_figure_that_stands_there_as_data_knows_what_was_drawn():
    for seed in range(10):
        task = fresh(quiz(WRITTEN), seed)
        (step,) = task.steps(0, {}, "")
        c, w = task.numbers["given"]["c"], task.numbers["given"]["w"]
        (rate,) = step.ask.solution.values()
        assert abs(1 - 2 * c * rate) < 0.07
        (strip, *_) = step.ask.draw({"rate": rate})
        assert strip.marks == ((pytest.approx(w * (1 - 2 * c * rate)), "next"),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CLICK.replace("```click wires", "```click"), "a click fence without a figure; write ```click NAME"),
        (CLICK.replace("```\n= ", "```\n```turn neuron\n```\n= "), "a second picture of a question"),
        (CLICK.replace("= `most", "- [x] `most").replace("- `large`", "- [ ] `large`"), "a click fence without a line = …"),
        (CLICK.replace("most`\n>", "most` ± 1\n>"), "a tolerance where no number is typed"),
        (CLICK.replace('v0 = "x"', 'v0 = "x"\nspots = "arrows"'), '"arrows" are nothing to point at; write wires, units, cells, points'),
        (CLICK.replace('v0 = "x"', 'v0 = "x'), "the click fence is not plain TOML"),
        (TURN.replace('knobs = ["b"]', "knobs = [1]"), '"knobs" in the turn fence holds more than text'),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused(text, why):
    with pytest.raises(ContentError) as told:
        quiz(text)
    assert why in str(told.value)


@pytest.mark.parametrize(
    ("text", "old", "new", "says"),
    [
        (CLICK, "click wires", "click wirez", '8: no figure "wirez"; did you mean "wires"?'),
        (CLICK, 'v0 = "x"', 'v0 = "z"', "8: “z” is no given and no line before it; there are x, w, most, large"),
        (CLICK, 'v0 = "x"', 'u0 = "x"', '8: the figure "wires" does not know the parameter "u0"'),
        (CLICK, 'v0 = "x"', 'v0 = "x[1..3]"', '8: the figure "wires" refuses its parameters: v0 wants 4 numbers'),
        (CLICK, 'v0 = "x"', 'v0 = "x"\nspots = "cells"', '8: the figure "wires": it has no cells'),
        (CLICK, "= `most`", "= `most + 4`", '8: the figure "wires": none of its wires is at'),
        (CLICK, "= `most`", "= `place(y)`", "12: “y” is no given and no line before it"),
        (CLICK, "= `most`", "= `most/2`", "12: a place in a picture is whole numbers from 1"),
        (CLICK, "= `most`", "= `2`", '1: "moves" is answered by “2” in 100 % of its faces; let the answer change'),
        (CLICK, "is the largest.\n- ", "is the {largest.\n- ", "12: a single “{”"),
        (CLICK, "- `large`", "- `larger`", "14: “larger” is no given"),
        (TURN, 'knobs = ["b"]', 'knobs = ["c"]', '7: the figure "neuron": it has no knob "c"; there are x1, x2, w1, w2, b'),
        (TURN, 'knobs = ["b"]', "", '7: the figure "neuron": its knobs have more than 2,000 settings'),
        (TURN, "= `b + sum(w) == t`", "= `b + sum(w) == 99`", '7: the figure "neuron": no setting of its knobs is right'),
        (TURN, "= `b + sum(w) == t`", "= `b + sum(w) != 99`", '7: the figure "neuron": its knobs start where they are to be turned to'),
        (TURN, "= `b + sum(w) == t`", "= `c + sum(w) == t`", "13: “c” is no given and no knob of the figure; there are w, t, x1, x2"),
        (TURN, TURN[TURN.index("= `b"):], "= `b > 2.5`\n> Why.\n", '1: "turn-b" is right with its knobs at their high ends in 100 of 100 draws'),
        (WRITTEN, "next = ", "nxt = ", '6: '),
        (WRITTEN, "2*c*rate) <", "2*c*rat) <", "18: “rat” is no given and no knob of the figure; there are c, w, rate"),
        (TURN, "turn neuron", "turn net", '7: the figure "net" refuses its parameters'),
    ],
)  # fmt: skip
def test_a_mistake_in_a_picture_is_told_with_its_line(text, old, new, says, write, lesson):
    assert old in text
    whole = lesson.replace("## Review", text.replace(old, new, 1) + "\n## Review")
    start = next(n for n, line in enumerate(whole.splitlines()) if "{#moves" in line or "{#turn-b" in line or "{#land" in line)
    line, _, rest = says.partition(":")
    found = [str(problem) for problem in check([write(**{"01-one-sum": whole})])]
    told = [one for one in found if one.startswith(f"content/sums/01-one-sum.md:{start + int(line)}:{rest}")]
    assert len(told) == 1, found
