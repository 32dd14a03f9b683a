"""Questions with fresh faces: numbers drawn by formula, or the same thing asked another way."""

from __future__ import annotations

import itertools
import json
import random
import time
from collections import Counter

import pytest

from drops.course.check import check
from drops.course.faces import asked, drawn, worked_out
from drops.course.model import Quiz
from drops.errors import ContentError
from lessons import parse_drop
from pace import slowness

FRONT = '+++\nid = "a"\ntitle = "A"\nphase = "p"\nminutes = 1\ngoal = "g"\n+++\n## Quiz\n'

LEFT = """\
### A layer hands on {s} of it. What is left after {k} layers? {#left-after .keep}
```draw
s = [0.25, 0.5, 0.8]
k = [2, 3, 4]
```
= `s^k` ± 0.0005
> {k} times {s}: {s^k|4}.
- `s·k` `layers-added`
  > Shares are not added: {s} {+k}.
- `s^(k − 1)` `one-layer-short`
  > That stops after {k - 1} {k == 2 ? layer : layers}.
"""
COMPANY = """\
### Two words keep the same company. Their rows: {#company .keep}
- [x] drift together
  > The same neighbours pull.
- [ ] stay apart `adjacent-only`
  > They need not meet.
#### Or: which row stands still?
- [x] that of a word never read
  > Only a row that is read moves.
- [ ] that of the rarest `all-rows-move`
  > It was read.
#### Or: {which} is not filled here?
Some **prose** of its own.

- [x] a third
  > Yes.
- [ ] a fourth
  > No.
"""


def quiz(text: str) -> Quiz:
    (item,) = parse_drop(FRONT + text, "a.md", 1).quiz
    assert isinstance(item, Quiz)
    return item


def test_text_answer_wrong_values_and_feedback_are_worked_out_on_the_same_numbers() -> None:
    made = worked_out(quiz(LEFT), {"s": 0.25, "k": 2.0})
    assert made.question == "A layer hands on 0.25 of it. What is left after 2 layers?"
    assert (made.answer, made.tolerance, made.feedback) == (0.0625, 0.0005, "2 times 0.25: 0.0625.")
    assert [(wrong.value, wrong.diagnoses, wrong.feedback) for wrong in made.wrong] == [
        (0.5, "layers-added", "Shares are not added: 0.25 + 2."),
        (0.25, "one-layer-short", "That stops after 1 layer."),
    ]


def test_a_list_calls_it_by_its_first_line_with_the_numbers_left_open() -> None:
    assert quiz(LEFT).title == "A layer hands on … of it. What is left after … layers?"
    assert quiz(COMPANY).title == "Two words keep the same company. Their rows:"
    assert quiz(LEFT.replace(".keep", '.keep title="what is left"')).title == "what is left"


def test_each_face_has_its_own_words_and_answers_under_one_id() -> None:
    item = quiz(COMPANY)
    assert [face.question for face in item.faces] == [
        "Two words keep the same company. Their rows:",
        "Which row stands still?",
        "{which} is not filled here?\n\nSome **prose** of its own.",
    ]
    assert {(face.id, face.asks) for face in item.faces} == {("company", "one")}
    assert [face.options[1].diagnoses for face in item.faces] == ["adjacent-only", "all-rows-move", ""]


@pytest.mark.parametrize("text", [LEFT, COMPANY])
def test_it_comes_back_with_another_face_each_time_and_none_more_than_a_third(text: str) -> None:
    item, seen = quiz(text), list[dict]()
    for time_ in range(21):
        numbers = drawn(item, random.Random(time_).randrange, seen)
        seen.append(json.loads(json.dumps(numbers)))  # as it is stored
    faces = [asked(item, numbers).shown for numbers in seen]
    assert all(one != other for one, other in itertools.pairwise(faces))
    assert max(Counter(faces).values()) <= 7


def test_what_was_stored_makes_the_same_question_again() -> None:
    for text in (LEFT, COMPANY):
        numbers = drawn(quiz(text), random.Random(3).randrange)
        assert asked(quiz(text), json.loads(json.dumps(numbers))) == asked(quiz(text), numbers)


def test_numbers_of_before_there_were_faces_are_those_of_the_first_face() -> None:
    assert asked(quiz(COMPANY), {"order": [1, 0]}).question == "Two words keep the same company. Their rows:"


@pytest.mark.parametrize("numbers", [{"order": [0]}, {"order": [0, 1], "face": 7}, {}, {"order": [0, 1], "given": {"s": 1}}])
def test_numbers_of_another_version_are_refused_and_do_not_keep_a_question_from_being_drawn(numbers) -> None:
    with pytest.raises((LookupError, ValueError)):
        asked(quiz(LEFT), numbers)
    assert drawn(quiz(LEFT), random.Random(1).randrange, [numbers])["given"]


def test_answers_that_cannot_be_told_apart_are_drawn_again() -> None:
    """0.5·2 = 1 and 0.5^1 = 0.5 differ; with s = 0.5, k = 4 nothing falls together either: all are asked."""
    item = quiz(LEFT.replace("s·k", "s^2"))  # for k = 2 that is the answer, for k = 3 the other wrong value
    assert {drawn(item, random.Random(n).randrange)["given"]["k"] for n in range(40)} == {4.0}


# ── what the check says ───────────────────────────────────────────────────────────────────

LINES = len(FRONT.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("= `s^k`", "= `s^z`", "6: “z” is no given and no line before it; there are s, k"),
        ("= `s^k`", "= `open(s)`", "6: “open” is no function here; there are abs, sqrt"),
        ("= `s^k`", "= `s^k/(k - 2)`", "6: a division by 0 for s = "),
        ("= `s^k`", "= `s;k`", "6: “;k” has no meaning in a formula"),
        ("= `s^k`", "= `9^9^9^9`", "6: a power beyond 16 for s = "),
        ("= `s^k`", "= `s.real`", "6: “.real” has no meaning in a formula"),
        ("= `s^k`", "= `__import__('os')`", "6: “__import__('” has no meaning in a formula"),
        ("= `s^k`", "= `" + "(" * 300 + "s" + ")" * 300 + "`", "6: a formula of 601 characters; write at most 400"),
        ("= `s^k`", "= `" + "(" * 90 + "s" + ")" * 90 + "`", "6: a formula of 181 signs; write at most 120"),
        ("= `s^k`", "= `" + "(" * 30 + "s" + ")" * 30 + "`", "6: a formula deeper than 12 brackets"),
        ("= `s^k`", "= `[s, k]`", "6: a list of 2 where one number is wanted"),
        ("- `s·k`", "- `s·q`", "8: “q” is no given and no line before it; there are s, k"),
        ("- `s·k`", "- `s/(k - 3)`", "8: a division by 0 for s = "),
        ("{k} times {s}", "{k} times {t}", "6: “t” is no given"),
        ("{s} {+k}", "{s} {+k", "8: a single “{”; close it, or write it twice: {{"),
        ("hands on {s}", "hands on {S}", "1: “S” is no given"),
        ("k = [2, 3, 4]", "k = [2, 3, 4]\nwhere = ['s > 1']", "2: 0 of 5,000 draws fit; most fail at `where` 1, “s > 1”"),
        ("k = [2, 3, 4]", "k = [2, 3, 4]\nwhere = ['z > 1']", "5: `where` 1: “z” is no given"),
        ("k = [2, 3, 4]", 'k = "later"\nlater = [1]', "4: given k: “later” is no given and no line before it"),
        ("k = [2, 3, 4]", "k = { of = [2, 3], colour = 1 }", "4: given k: “colour” is no key here; there are of, from"),
        ("k = [2, 3, 4]", "k = [2,, 3]", "4: the draw fence is not plain TOML: Invalid value; correct this line"),
        ("k = [2, 3, 4]", "k = []", "4: given k: nothing to draw from"),
        ("s = [0.25, 0.5, 0.8]\nk = [2, 3, 4]", "s = [0.5]\nk = [2, 3, 4]", "2: only 3 draws differ; draw from more"),
        ("= `s^k`", "= `2`", '1: "left-after" is answered by “2” in 100 % of its faces; let the answer change'),
        ("- `s·k`", "- `s^k`", "2: 0 of 5,000 draws fit; most fail at the right answer and the wrong value 1 are alike"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_formula_is_told_with_its_line_in_no_time(old, new, says, write, lesson, toys) -> None:
    assert old in LEFT
    text = lesson.replace("## Review", LEFT.replace(old, new, 1) + "\n## Review")
    start = text.splitlines().index(next(line for line in text.splitlines() if "{#left-after" in line))
    line, _, rest = says.partition(":")
    begun = time.process_time()
    found = [str(problem) for problem in check([write(**{"01-one-sum": text})])]
    assert time.process_time() - begun < 2 * slowness()
    told = [one for one in found if one.startswith(f"content/sums/01-one-sum.md:{start + int(line)}:{rest}")]
    assert len(told) == 1, found
    assert len(told[0]) < 400


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (COMPANY[COMPANY.index("#### Or: which"):COMPANY.index("#### Or: {which}")], COMPANY[:COMPANY.index("#### Or")].replace("### Two words keep the same company. Their rows: {#company .keep}", "#### Or: TWO words keep the same  company. Their rows:"), '6: the face of "company" equals that of line'),
        ("that of a word never read", "drift together", '1: "company" is answered by “drift together” in 67 % of its faces'),
        (COMPANY[COMPANY.index("#### Or: {which}"):], "", '6: "company" has two faces; write a third: #### Or: …'),
    ],
)  # fmt: skip
def test_faces_that_give_the_answer_away_are_told(old, new, says, write, lesson, toys) -> None:
    declared = 'misconceptions = { adjacent-only = "a", all-rows-move = "b", bias-as-slope = '
    text = lesson.replace("misconceptions = { bias-as-slope = ", declared)
    text = text.replace("## Review", COMPANY.replace(old, new, 1) + "\n## Review")
    start = text.splitlines().index(next(line for line in text.splitlines() if "{#company" in line))
    line, _, rest = says.partition(":")
    found = [str(problem) for problem in check([write(**{"01-one-sum": text})])]
    assert any(one.startswith(f"content/sums/01-one-sum.md:{start + int(line)}:{rest}") for one in found), found


def test_a_face_that_draws_nothing_is_told_of_a_brace_that_another_one_fills(write, lesson, toys) -> None:
    other = "#### Or: {k} layers, and none loses anything. What is left of {b}?\n= `1`\n> All of it: 1, after {+k - 1}.\n"
    text = lesson.replace("## Review", LEFT + other + "\n## Review")
    start = 1 + text.splitlines().index(other.splitlines()[0])
    found = [str(problem) for problem in check([write(**{"01-one-sum": text})])]
    holes = [one.partition("md:")[2] for one in found if "nothing fills" in one]
    says = "this face draws no numbers; give it a ```draw of its own, or write a number"
    assert holes == [f"{start}: nothing fills {{k}}: {says}", f"{start + 1}: nothing fills {{+k - 1}}: {says}"]


def test_a_choice_of_all_that_apply_must_not_always_tick_as_many(write, lesson, toys) -> None:
    many = "".join(
        f"{head}Which of {n}? Choose all that apply.{tail}\n- [x] a{n}\n  > y\n- [x] b{n}\n  > y\n- [ ] c{n}\n  > n\n"
        for n, (head, tail) in enumerate([("### ", " {#which}"), ("#### Or: ", ""), ("#### Or: ", "")])
    )
    text = lesson.replace("## Review", many + "\n## Review")
    found = [str(problem) for problem in check([write(**{"01-one-sum": text})])]
    assert any('every face of "which" ticks 2; let keys go from one to all' in one for one in found)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (COMPANY.replace("- [x] that", "= 3\n> why\n- [x] that"), "no wrong value"),
        (COMPANY.replace("#### Or: which row stands still?", "#### Or: what is 2?\n= 2\n> why\n#### Or: more"), "another face of \"company\" that asks for something else"),
        (LEFT.replace("```draw", "```draw\n```\n```draw"), "a second draw fence"),
        (LEFT.replace("```draw", "```draw numbers"), '"draw numbers" names something'),
        (LEFT.replace("= `s^k` ± 0.0005", "= s^k"), "a formula stands in backticks"),
        ("#### Or: alone\n- [x] a\n  > b\n", "a question without an id"),
        (LEFT.replace("- `s·k`", "```expect figure toy\nx = 1\nnumber = 'z'\n```\n- `s·k`"), "numbers that are drawn and expected"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_face_is_refused(text, why) -> None:
    with pytest.raises(ContentError, match=why.replace("(", r"\(")):
        quiz(text)


def test_another_face_belongs_to_a_question_and_not_to_a_lesson() -> None:
    with pytest.raises(ContentError, match="another face of no question"):
        parse_drop(FRONT.replace("## Quiz", "## Read\nText.\n#### Or: what?\n## Quiz") + LEFT, "a.md", 1)
