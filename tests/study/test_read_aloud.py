"""What is said of answers, read aloud: no sentence that contradicts itself, its neighbour or its numbers."""

from __future__ import annotations

import re

import pytest

from drops.exercises import fairness
from drops.exercises.blocks import Choice, Numbers, Words
from drops.study import tasks
from drops.text import ends_in_number
from lessons import lessons

RUNS_INTO = re.compile(r"\b(?:word|row|column|step|place|margin|kernel|steps of) \d+ = ")
WORDS = {"by", "four", "mean", "kept", "best", "second", "third"}  # that are words of the language as well
DROPS = pytest.mark.parametrize("drop", tuple(lessons()), ids=lambda drop: drop.id)
pytestmark = pytest.mark.slow


def made(drop, seeds=8):
    for key, item in drop.items.items():
        for seed in range(seeds):
            yield key, tasks.fresh(item, seed)


def reasons(ask):
    return [(option.feedback, option.right) for option in ask.options if option.feedback]


@DROPS
def test_a_wrong_option_is_told_another_reason_than_the_right_one(drop):
    for key, task in made(drop):
        for step in task.steps(2, {}, ""):
            if not isinstance(step.ask, Choice) or step.part == "predict":  # what came out is said once
                continue
            right = {reason for reason, is_right in reasons(step.ask) if is_right}
            assert not right & {reason for reason, is_right in reasons(step.ask) if not is_right}, (key, step)


@DROPS
def test_a_name_that_ends_in_a_number_never_runs_into_its_value(drop):
    for key, task in made(drop):
        for step in task.steps(3, {}, ""):
            for reason, _ in reasons(step.ask) if isinstance(step.ask, Choice) else ():
                assert not RUNS_INTO.search(reason), (key, reason)
                assert not reason.startswith("This one is right"), key  # beside a ✗ it reads as its opposite
        ask = next((one.ask for one in task.steps(2, {}, "") if isinstance(one.ask, Numbers)), None)
        if ask is None or not hasattr(task, "exercise"):
            continue
        if not any(ends_in_number(field.label) for field in ask.fields):
            continue
        exercise = task.exercise
        for bug in fairness.armed(exercise):
            wrong = exercise.worksheet.run(swap=exercise.misconceptions[bug].swap)
            verdict = task.grade(ask, {field.name: wrong[field.name] for field in ask.fields})
            for said in (verdict.feedback, verdict.line):
                assert not RUNS_INTO.search(said), (key, bug, said)


@DROPS
def test_what_is_seen_after_a_sheet_is_more_than_words(drop):
    for key, task in made(drop):
        for step in task.steps(2, {}, "") if hasattr(task, "exercise") else ():
            if step.part == "see" and step.ask is None and task.kind != "architecture":  # its page is to keep
                assert not all(isinstance(block, Words) for block in step.show), key


@DROPS
def test_a_hint_names_no_line_by_a_word_of_the_file_alone(drop):
    """A name such as `pl` or `size` is its author's; the learner reads labels, and letters of the text."""
    for key, task in made(drop, 2):
        if task.kind != "written":
            continue
        mine = {cell.name for cell in task.exercise.spec.cells} | {name for name, _ in task.exercise.given}
        for level in (0, 1):
            for step in task.steps(level, {}, ""):
                sheet = step.ask.sheet if isinstance(step.ask, Numbers) else None
                for hint in (sheet.formulas or {}).values() if sheet else ():
                    bare = {n for n in re.findall(r"[a-z]{2,}", re.sub(r"[a-z]+\(", "", hint)) if n in mine}
                    read = " ".join(str(cell) for row in sheet.rows for cell in row[:1])
                    read += " ".join(block.markdown for block in step.show if isinstance(block, Words))
                    unread = {name for name in bare - WORDS if name not in read}
                    assert not unread, (key, hint)
