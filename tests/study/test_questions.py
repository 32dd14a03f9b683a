"""The quiz of every lesson, as it is asked."""

from __future__ import annotations

from drops.course.model import Quiz
from drops.exercises.answers import read
from drops.exercises.blocks import Numbers
from drops.study.tasks import fresh


def quizzes(library):
    return [item for drop in library for item in drop.items.values() if isinstance(item, Quiz)]


def test_a_question_is_what_the_eye_meets_first_and_is_said_once(library):
    for quiz in quizzes(library):
        (step,) = fresh(quiz, 1).steps(2, {}, "")
        assert step.show == ()
        assert step.ask is not None
        assert step.ask.prompt == fresh(quiz, 1).asked.question


def test_the_example_beside_a_number_is_never_the_answer(library):
    numbers = [quiz for quiz in quizzes(library) if quiz.asks == "number"]
    assert len(numbers) >= 3
    for quiz in numbers:
        (step,) = fresh(quiz, 1).steps(2, {}, "")
        assert isinstance(step.ask, Numbers)
        typed = read(step.ask, step.ask.fields[0].example)
        assert not fresh(quiz, 1).grade(step.ask, typed).right
