"""An item with its numbers: drawn, stored, made again, graded, and shown to who gives up."""

from __future__ import annotations

import json
import re

import pytest

from drops.course.model import Quiz
from drops.exercises import fading
from drops.exercises.answers import read
from drops.exercises.blocks import Choice, Design, Knobs, Numbers, Order, Run
from drops.study.tasks import ExerciseTask, again, fresh, judged, title_of, whole_way, words

SEEDS = range(6)


def items(library):
    return [(key, item) for drop in library for key, item in drop.items.items()]


def asks(task):
    return [step.ask for step in task.steps(2, {}, "") if step.ask is not None and not isinstance(step.ask, Run)]


@pytest.mark.slow
def test_what_is_stored_of_every_item_makes_the_same_task_also_from_json(library):
    for key, item in items(library):
        task = fresh(item, 5)
        stored = json.dumps(dict(task.numbers))
        back = again(item, json.loads(stored))
        assert (back.kind, json.dumps(dict(back.numbers))) == (task.kind, stored), key
        assert [ask.prompt for ask in asks(back)] == [ask.prompt for ask in asks(task)], key


@pytest.mark.slow
def test_the_answer_that_is_shown_to_who_gives_up_is_right(library):
    for key, item in items(library):
        task = fresh(item, 3)
        for ask in asks(task):
            shown = task.worked(ask)
            assert not shown.right, key  # who is shown it did not know it
            if not isinstance(ask, Design):
                assert task.grade(ask, read(ask, shown.wanted)).right, (key, shown.wanted)


@pytest.mark.slow
def test_every_order_is_to_be_made(library):
    """An order that already stands would ask nothing."""
    for key, item in items(library):
        for seed in SEEDS:
            for ask in asks(fresh(item, seed)):
                if isinstance(ask, Order):
                    assert ask.right != tuple(range(len(ask.pieces))), (key, seed)
                    assert sorted(ask.right) == [*range(len(ask.pieces))]


def quizzes(library, asked):
    found = [item for _, item in items(library) if isinstance(item, Quiz) and item.asks == asked]
    assert found
    return found


@pytest.mark.slow
def test_a_wrong_number_that_an_author_foresaw_is_named_with_its_own_words(library):
    named = 0
    for quiz in quizzes(library, "number"):
        for seed in SEEDS:
            task = fresh(quiz, seed)
            (ask,) = asks(task)
            for value, misconception, feedback in task.asked.wrong:
                verdict = task.grade(ask, {"answer": value})
                if verdict.feedback == feedback:  # of two that come to the same the first is meant
                    named += 1
                    assert not verdict.right
                    assert verdict.misconceptions == ((misconception,) if misconception else ())
                assert verdict.wanted == task.worked(ask).wanted
    assert named > 10


def test_a_mix_up_of_a_question_is_told_in_the_learners_words_as_everywhere(library):
    """"relu on output" headed the verdict of a number, and "the output was squashed too" its place in Progress."""
    told = set()
    for key, quiz in items(library):
        if isinstance(quiz, Quiz) and quiz.asks == "number":
            task = fresh(quiz, 2)
            (ask,) = asks(task)
            for one in task.asked.wrong:
                made = judged(library, key, task, ask, f"{one.value:.6g}")
                if made.misconceptions:
                    assert made.title == title_of(library, made.misconceptions[0], key)
                    told.add(made.title == words(made.misconceptions[0]))
    assert False in told


def test_a_number_that_nobody_foresaw_is_wrong_and_explained(library):
    for quiz in quizzes(library, "number"):
        task = fresh(quiz, 1)
        (ask,) = asks(task)
        verdict = task.grade(ask, {"answer": 123_456.7})
        assert not verdict.right
        assert verdict.misconceptions == ()
        assert verdict.feedback.startswith("Not this number. ")
        assert len(verdict.feedback) > len("Not this number. ")


def test_a_number_that_was_missed_is_told_with_the_way_to_it(library):
    """Not only "−56 divided by 5 and by 13.": who missed it again would never see what that is."""
    for quiz in quizzes(library, "number"):
        for seed in SEEDS:
            task = fresh(quiz, seed)
            (ask,) = asks(task)
            foreseen = [one.value for one in task.asked.wrong[:1]]
            for typed in (123_456.7, *foreseen):
                verdict = task.grade(ask, {"answer": typed})
                plain = re.sub(r"(?<=\d),(?=\d{3})", "", verdict.line).replace("−", "-")
                said = [float(one) for one in re.findall(r"-?\d+\.?\d*", plain)]
                off = min(abs(one - task.asked.answer) for one in said)
                assert off <= task.asked.tolerance + 1e-4, (quiz.id, verdict.line)
                assert verdict.line.count("The answer") <= 1


@pytest.mark.parametrize("asked", ["one", "many"])
def test_the_options_of_a_question_stand_in_the_stored_order(library, asked):
    for quiz in quizzes(library, asked):
        task = fresh(quiz, 2)
        (ask,) = asks(task)
        made = task.asked.options
        assert [option.text for option in ask.options] == [made[i].text for i in task.numbers["order"]]
        assert ask.many == (asked == "many")
        assert any(option.right for option in ask.options)


@pytest.mark.slow
def test_other_seeds_ask_in_another_way(library):
    for quiz in [*quizzes(library, "one"), *quizzes(library, "number")]:
        seen = {repr(asks(fresh(quiz, seed))) for seed in range(12)}
        assert len(seen) > 1 or (quiz.asks == "number" and quiz.draw is None and not quiz.others), quiz.id


def test_a_question_asks_for_numbers_one_by_one(library):
    for quiz in quizzes(library, "number"):
        (ask,) = asks(fresh(quiz, 0))
        assert isinstance(ask, Numbers)
        assert len(ask.fields) == 1


def worked_through(library):
    """Every item worked through: what it asks and what is told, line by line."""
    for drop in library:
        for item in drop.items.values():
            task = fresh(item, 3)
            step = fading.graded_step(task.steps(2, {}, ""))
            yield task, step.ask, "\n".join(whole_way(task, step)).splitlines()


@pytest.mark.slow
def test_a_choice_worked_through_says_every_option_and_its_reason(library):
    """Not "The answer: 2", of options that nobody sees. Of a picture's parts, those that have a reason."""
    met = pictured = 0
    for _, ask, told in worked_through(library):
        if isinstance(ask, Choice):
            met += 1
            pictured += ask.picture is not None
            signs = [line for line in told if line.startswith(("- ✓", "- ✗"))]
            assert signs == [
                f"- {'✓' if option.right else '✗'} {option.text}: {option.feedback}"
                for option in ask.options
                if ask.picture is None or option.feedback
            ]
            assert any(line.startswith("- ✓") for line in signs)
            assert not any("The answer" in line or line.endswith(": ") for line in told)
    assert met > 10
    assert pictured > 3


@pytest.mark.slow
def test_a_number_worked_through_is_told_once_and_only_sums_stand_as_sums(library):
    met = 0
    for task, ask, told in worked_through(library):
        if not isinstance(ask, Numbers | Knobs):
            continue
        met += 1
        sums = [line for line in told if line.startswith("    ")]
        if isinstance(task, ExerciseTask) and isinstance(ask, Numbers):
            assert sums == told
            assert all(" = " in line for line in told)
        else:
            assert not sums, told
            wanted = task.worked(ask).wanted
            assert sum(f"= {wanted}" in line or line == f"The answer: **{wanted}**" for line in told) == 1, told
    assert met > 20


def test_a_number_that_words_leave_out_is_told_as_the_question_writes_such_numbers(library):
    """Of "1,000 words" the answer was 8000."""
    drop = library.drop("a-word-is-a-row")
    (item,) = (item for item in drop.quiz if item.id == "table-size")
    for number in range(6):
        task = fresh(item, number)
        (step,) = task.steps(0, {}, "")
        told = task.grade(step.ask, read(step.ask, "7")).line
        assert re.search(r"The answer: \d{1,3}(,\d{3})+\.$", told)
