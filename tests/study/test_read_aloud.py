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


NOT_A_NAME = {"becomes", "stands", "leaves", "rests", "counts", "as", "at", "for", "on", "by", "after", "of", "in"}


@DROPS
def test_a_number_s_name_and_what_gave_it_make_a_sentence(drop):
    """ "Your length of word 2 = 10 is what you get if squares are added": a name, and a clause with its verb. A
    convention is told "Here: it slides as it stands"."""
    for key, item in drop.items.items():
        says = getattr(item, "params", {})
        if getattr(item, "kind", "") != "written":
            continue
        for name, line in says.get("lines", {}).items():
            label = (line.get("label") or name if isinstance(line, dict) else name).split()
            assert label[-1] not in NOT_A_NAME, (key, label)
            assert label[0] not in ("what", "its", "taken", "at"), (key, label)
        for name, one in says.get("mixups", {}).items():
            words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\{[^{}]*\}", "", one["gives"]))
            assert len(words) >= 2, (key, name, one["gives"])
            assert not (one.get("convention") and one["rule"].startswith("Here")), (key, name)


@DROPS
def test_one_is_one_number_and_a_positive_factor_stands_without_brackets(drop):
    assert not [part for one in drop.sections for part in one.parts if " · " in str(part)]  # heard as a list
    for key, task in made(drop):
        for step in task.steps(2, {}, ""):
            said = [block.markdown for block in step.show if isinstance(block, Words)]
            if step.ask is not None:
                said.append(step.ask.prompt)
            if isinstance(step.ask, Choice):
                said += [text for option in step.ask.options for text in (option.text, option.feedback)]
            for text in said:
                assert not re.search(r"(?<![\w.,(·−])\*{0,2}1\*{0,2} (numbers|units|rows|layers|steps|words|pixels)\b(?! on)", text), (key, text)
                assert not re.search(r"(?:[·×/]|− )\(\d[\d.]*\)", text), (key, text)


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
