"""Every exercise kind, figure and experiment, found by its name: drawn, graded, kept, measured."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from drops.errors import NoDraw, Unknown
from drops.exercises.answers import Answer
from drops.exercises.blocks import Ask, Design, Numbers
from drops.exercises.exercise import Exercise
from drops.exercises.fairness import alike, fair, first_difference
from drops.exercises.figure import Drawing
from drops.exercises.grading import Verdict, grade
from drops.exercises.written.kind import Written
from drops.networks import experiments, figures, kinds
from drops.networks.lab.cards import LabCard

Params = Mapping[str, Any]
TRIES = 2_000

# A subject brings three tables; a second subject adds its own here.
FIGURES = {**figures.FIGURES}
Written.figures = FIGURES  # the engine of exercises knows no subject
KINDS: dict[str, type[Exercise]] = {Written.kind: Written, LabCard.kind: LabCard, **kinds.KINDS}
EXPERIMENTS = {**experiments.EXPERIMENTS}


def kind(name: str) -> type[Exercise]:
    """The exercise kind called `name`. Raises Unknown with the nearest known one."""
    if name not in KINDS:
        raise Unknown("exercise kind", name, KINDS)
    return KINDS[name]


# ── drawing ───────────────────────────────────────────────────────────────────────────────


def draw(name: str, seed: int, params: Params, apart: tuple[str, ...] = ()) -> Exercise:
    """Fair numbers for the kind called `name`. Raises Unknown, NoDraw.

    `apart` names two misconceptions that the last answer could not tell apart: the first of
    50 fair candidates on which they differ at the earliest field is taken.
    """
    cls, rng = kind(name), np.random.default_rng(seed)
    found: list[Exercise] = []
    for _ in range(TRIES):
        candidate = cls.draw(rng, params)
        if not fair(candidate):
            continue
        if len(apart) < 2:
            return candidate
        found.append(candidate)
        if len(found) == 50:
            break
    if not found:
        raise NoDraw(name, TRIES, alike(candidate))
    return min(found, key=lambda exercise: first_difference(exercise, apart))


# ── grading and keeping ───────────────────────────────────────────────────────────────────


def grade_step(exercise: Exercise, ask: Ask, answer: Answer) -> Verdict:
    """The verdict on an answer to one of the exercise's steps; a Design is judged by its kind."""
    if isinstance(ask, Design):
        return exercise.judge(answer)
    names = [field.name for field in exercise.fields]
    blank = {field.name for field in ask.fields} if isinstance(ask, Numbers) else set[str]()
    printed = tuple(name for name in names if name not in blank and not blank.isdisjoint(names))
    return grade(ask, answer, exercise.worksheet, exercise.misconceptions, printed)


def restore(name: str, stored: Mapping[str, Any], params: Params = MappingProxyType({})) -> Exercise:
    """The exercise of stored numbers; JSON's lists become tuples again."""
    return kind(name).restored({key: _tuples(value) for key, value in stored.items()}, params)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


# ── figures and experiments ───────────────────────────────────────────────────────────────


def measure(name: str, params: Mapping[str, Any]) -> Mapping[str, float]:
    """Runs the experiment called `name`. Raises Unknown with the nearest known one."""
    if name not in EXPERIMENTS:
        raise Unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name](**params)


def drawing(name: str, params: Mapping[str, Any]) -> Drawing:
    """The figure called `name`. Raises Unknown with the nearest known one."""
    if name not in FIGURES:
        raise Unknown("figure", name, FIGURES)
    return FIGURES[name](params)
