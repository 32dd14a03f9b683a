"""How long a drop takes, read from its first word to its last and answered: what it announces must hold.

    90 words and a figure → 39 s     a question of 20 words with three options of 5 → 18.5 s
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import mean
from typing import assert_never

from drops.course.model import Drop, Item, Quiz
from drops.exercises import fading
from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run, Step, Words
from drops.exercises.exercise import Exercise
from drops.text import without_tables

_LINK = re.compile(r"\]\([^)]*\)")
_FORMULA = re.compile(r"\{[^{}]*\}")  # what is drawn is read as a number

WORD = 60 / 200  # seconds: 200 words a minute
CHOICE = 8.0  # to choose, to put in order, to set knobs
HANDLE = 4.0  # of a curve that is drawn: to place each but the first
TYPED, FIELD = 10.0, 12.0  # to type: once for the sheet, and for each of its fields
CASE = 5  # clicks of a case: gauges, causes, a change; its words are read apart
FIGURE = 12.0  # to look at one, or at a run; beside a question it is looked at while answering



def minutes_of(drop: Drop, drawn: Mapping[str, Exercise]) -> float:
    """Minutes for all of a drop but its reviews, as it is met first. `drawn` holds a draw of each exercise
    by its fence's id; one that could not be drawn counts for nothing.
    """
    parts = [part for section in drop.sections for part in section.parts]
    lesson = sum(reading(part) if isinstance(part, str) else FIGURE for part in parts)
    asked = sum(seconds_of(item, drawn) for item in drop.exercises)
    asked += sum(seconds_of(item, drawn, alone=True) for item in drop.quiz)
    return (lesson + asked + sum(map(reading, drop.carry_forward))) / 60


def seconds_of(item: Item, drawn: Mapping[str, Exercise], alone: bool = False) -> float:
    """Seconds for a question or for an exercise, with all its steps, or with the graded one `alone` and what
    mends the line that is found there."""
    if isinstance(item, Quiz):
        return mean(map(_quiz, item.faces))
    exercise = drawn.get(item.id)
    if exercise is None:
        return 0.0
    steps = fading.steps(exercise, item.level, {})
    if alone:
        asked = (fading.graded_step(steps), *(step for step in steps if step.name == fading.MEND))
        return sum(_step(step) if n == 0 else _asked(step.ask) for n, step in enumerate(asked))
    # what came of a drawing is that picture with one line more: it was looked at while it was drawn
    known = FIGURE * any(isinstance(step.ask, Knobs) and step.ask.by_hand for step in steps)
    return reading(item.before) + sum(map(_step, steps)) - known


def reading(markdown: str) -> float:
    """Seconds to read a text; a link is its words."""
    return WORD * len(_LINK.sub("]", markdown).split())


def _quiz(quiz: Quiz) -> float:
    texts = (quiz.question, *(option.text for option in quiz.options), *quiz.pieces)
    seconds = sum(reading(_FORMULA.sub("0", text) if quiz.draw else text) for text in texts)
    return seconds + {"number": TYPED + FIELD, "setting": CHOICE + FIGURE}.get(quiz.asks, CHOICE)


def _step(step: Step) -> float:
    words = sum(reading(without_tables(b.markdown)) for b in step.show if isinstance(b, Words))
    pictures = sum(not isinstance(block, Words) for block in step.show) if step.ask is None else 0
    return words + FIGURE * pictures + _asked(step.ask)


def _asked(ask: Ask | None) -> float:
    match ask:
        case None:
            return 0.0
        case Run(prompt=prompt):
            return reading(prompt) + FIGURE
        case Numbers(prompt=prompt, fields=fields):
            return reading(prompt) + TYPED + FIELD * len(fields)
        case Choice(prompt=prompt, options=options):
            return reading(prompt) + sum(reading(option.text) for option in options) + CHOICE
        case Case(causes=causes, changes=changes):
            return sum(map(reading, (*causes, *changes))) + CASE * CHOICE
        case Order(prompt=prompt, pieces=pieces):
            return reading(prompt) + sum(map(reading, pieces)) + CHOICE
        case Knobs(prompt=prompt, knobs=knobs):
            return reading(prompt) + CHOICE + (HANDLE * (len(knobs) - 1) if ask.by_hand else FIGURE)
        case Design(prompt=prompt, fields=fields):
            return reading(prompt) + TYPED + FIELD * len(fields)
        case _:
            assert_never(ask)
