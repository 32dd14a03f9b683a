"""The picture beside a question: it shows that question's numbers, and does not answer it."""

from __future__ import annotations

import random

import pytest
from htpy import fragment

from drops.colours import DARK
from drops.course.check import check
from drops.course.faces import drawn, figures_of, has_fresh_numbers
from drops.course.model import Quiz
from drops.exercises.blocks import Beside, Choice, Numbers, Order, Show, Words
from drops.exercises.formulas.tree import names
from drops.exercises.pictured import numbers_in, picture_of
from drops.plain.figures import pictured
from drops.study.tasks import QuizTask, again
from drops.text import number
from drops.tui.base.ink import inks
from drops.tui.blocks import blocks
from drops.web.asks import draws_of
from drops.web.session_pages import draw_beside
from lessons import lessons

DRAWS = 12
INK = inks(DARK, True)


def with_pictures() -> list[tuple[str, int]]:
    found = []
    for key, item in lessons().items():
        if isinstance(item, Quiz):
            found += [(key, n) for n, face in enumerate(item.faces) if face.draw and figures_of(face.draw)]
    return found


PICTURED = with_pictures()
OF_FIRST_PATH = {drop.id for drop in lessons().paths[0].drops}
WHOLE = [*lessons().paths[0].drops, *lessons().paths[2].drops]  # drops all of whose questions have one


def tasks(key: str, face: int) -> list[QuizTask]:
    """The question as it is asked with this face."""
    _, quiz = lessons().item(key)
    assert isinstance(quiz, Quiz)
    alone = quiz.faces[face]._replace(others=())
    made = (drawn(alone, random.Random(seed).randrange) for seed in range(DRAWS))
    return [QuizTask(quiz, {**numbers, "face": face}) for numbers in made]


def ask_of(task: QuizTask) -> Choice | Numbers | Order:
    ask = task.steps(0, {}, "")[0].ask
    assert isinstance(ask, Choice | Numbers | Order)
    return ask


def texts(shown: tuple[Show, ...]) -> str:
    """All that a picture writes, the numbers of its axes too: on the screen, and in its sentences."""
    lines = ["".join(part.text for part in line) for line in blocks.draw_all(shown, 62, INK)]
    return "\n".join([*lines, *said(shown)])


def said(shown: tuple[Show, ...]) -> list[str]:
    found: list[str] = []
    for block in shown:
        if isinstance(block, Beside):
            found += said(block.blocks)
        else:
            found.append(block.markdown if isinstance(block, Words) else block.says)
    return found


def only_right(task: QuizTask) -> set[str]:
    """The numbers that the right answer says, and neither the question nor a wrong option."""
    made = task.asked
    if made.asks == "number":
        return {number(made.answer, digits) for digits in (2, 3, 4)} - numbers_in(made.question)
    right, wrong = (" ; ".join(one.text for one in made.options if one.right == side) for side in (True, False))
    return numbers_in(right) - numbers_in(wrong) - numbers_in(made.question)


def test_every_drop_of_the_first_path_but_those_of_words_has_one():
    drops = {key.split("/")[0] for key, _ in PICTURED} & OF_FIRST_PATH
    assert len(drops) >= 13
    assert len(PICTURED) >= 120


@pytest.mark.parametrize("drop", WHOLE, ids=lambda drop: drop.id)
def test_every_question_has_a_picture_of_its_own_or_is_asked_in_one(drop):
    bare = [
        (key, n)
        for key, item in drop.items.items()
        if isinstance(item, Quiz)
        for n, face in enumerate(item.faces)
        if (key, n) not in PICTURED and face.picture is None
    ]
    assert bare == []


def test_every_question_of_the_second_path_that_draws_or_asks_a_number_has_one():
    for drop in lessons().paths[1].drops:
        for key, quiz in drop.items.items():
            for n, face in enumerate(quiz.faces if isinstance(quiz, Quiz) else ()):
                own = face.asks == "number" or bool(face.draw and has_fresh_numbers(face))
                assert not own or face.picture or (key, n) in PICTURED, key


@pytest.mark.parametrize(("key", "face"), PICTURED, ids=str)
def test_it_is_there_from_the_numbers_of_the_question_and_says_what_it_shows(key, face):
    shapes = set()
    for task in tasks(key, face):
        ask = ask_of(task)
        shown = picture_of(ask)
        assert shown
        assert all(said(shown))
        assert picture_of(ask, settled=True)
        assert picture_of(ask_of(again(task.quiz, task.numbers))) == shown
        shapes.add(texts(shown))
    assert (len(shapes) > 1) == has_fresh_numbers(lessons().item(key)[1].faces[face])


@pytest.mark.parametrize(("key", "face"), PICTURED, ids=str)
def test_it_does_not_write_the_answer_while_that_is_asked(key, face):
    made = [(only_right(task), texts(picture_of(ask_of(task)))) for task in tasks(key, face)]
    asked = [(right, numbers_in(text)) for right, text in made if right]
    assert 2 * sum(bool(right & written) for right, written in asked) <= len(asked)  # it may by chance


@pytest.mark.parametrize(("key", "face"), PICTURED, ids=str)
def test_the_line_face_says_it_and_the_browser_draws_it_while_it_is_asked(key, face):
    ask = ask_of(tasks(key, face)[0])
    told = " ".join(pictured(ask))
    assert numbers_in(told)
    assert draws_of(ask, "") == picture_of(ask)
    assert any(sign in str(fragment[draw_beside(ask, "")]) for sign in ("<svg", "<table"))


def reads_what_is_typed(key: str, face: int) -> bool:
    draw = lessons().item(key)[1].faces[face].draw
    return any("answer" in names(tree) for one in figures_of(draw) for tree in one.params.values())


@pytest.mark.parametrize(("key", "face"), [one for one in PICTURED if reads_what_is_typed(*one)])
def test_what_is_typed_stands_in_it(key, face):
    ask = ask_of(tasks(key, face)[0])
    assert isinstance(ask, Numbers)
    assert picture_of(ask, "3.25") != picture_of(ask)
    assert picture_of(ask, "3.2.5") == picture_of(ask)


# ── what a check finds ──

FRONT = '+++\nid = "a"\ntitle = "A"\nphase = "first"\nminutes = 5\ngoal = "g"\n+++\n## Quiz\n'
ASKS = """\
### What is {w} times {x}? {{#product}}
```draw
w = [2, 3, 4, 5]
x = [3, 5, 7, 9]
beside = [{beside}]
```
= `w*x`
> It is {w*x}.
"""


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ('{ figure = "unit", x = "x", w = "w", out = "answer" }', ""),
        ('{ figure = "bars", w = "w", product = "w*x" }', "the picture writes the answer in 2"),
        ('{ figure = "unit", x = "3" }', "the picture is the same in every draw"),
        ('{ figure = "stacks", a = "[1, 0]" }', "the picture is the same in every draw"),
        ('{ figure = "units", x = "x", w = "w" }', 'no figure "units"; did you mean "unit"?'),
        ('{ figure = "unit", x = "x", weight = "w" }', 'does not know the parameter "weight"'),
        ('{ figure = "unit", w = "w" }', 'the figure "unit" refuses its parameters'),
        ('{ figure = "unit", x = "y", w = "w" }', "“y” is no given"),
        ('{ x = "x" }', "beside names no figure"),
    ],
)
def test_a_picture_that_cannot_be_drawn_or_tells_is_found_with_its_line(write, beside, told):
    lesson = ASKS.replace("{beside}", beside).replace("{{", "{").replace("}}", "}")
    lines = map(str, check([write(**{"01-one-sum": FRONT + lesson})]))
    found = [line for line in lines if "01-one-sum.md:13" in line]
    assert [told in line for line in found] == [True] * bool(told)


FIXED = """\
### Which of these two layers are left of two tables with no squash between? {#left}
```draw
beside = [{beside}]
```
- [x] one
  > They melt into one.
- [ ] two
  > Nothing keeps them apart.
"""


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ('{ figure = "stacks", a = "[0]" }', ""),
        ('{ figure = "stacks", a = "[0]", b = "x" }', "“x” is no given"),
        ('{ figure = "stack", a = "[0]" }', 'no figure "stack"; did you mean "stacks"?'),
    ],
)
def test_a_question_of_fixed_words_has_a_picture_that_is_the_same_each_time(write, beside, told):
    lines = [str(one) for one in check([write(**{"01-left": FRONT + FIXED.replace("{beside}", beside)})])]
    assert [told in line for line in lines if "01-left.md:11" in line] == [True] * bool(told)
    assert not any("differ" in line for line in lines)
