"""Every exercise kind, and what can be done with any of them: draw, fade, grade, keep.

To add a kind: one file beside this one, and a line in KINDS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from typing import Any, ClassVar, Protocol, Self, cast

import numpy as np

from drops.errors import NoDraw, Unknown
from drops.exercises.answers import Answer
from drops.exercises.blocks import Ask, Choice, Design, Field, Option, Sheet, Step, Words
from drops.exercises.grading import Verdict, grade, near
from drops.exercises.worksheet import Arithmetic, Misconception

Params = Mapping[str, Any]
TRIES = 2_000


class Exercise(Protocol):
    """A frozen dataclass: its fields are its numbers (JSON-able: numbers, strings, tuples)."""

    kind: ClassVar[str]
    version: ClassVar[int]                       # raised when old numbers would mean something else
    fields: ClassVar[tuple[Field, ...]]          # what "do" asks, in the order of the worksheet
    misconceptions: ClassVar[Mapping[str, Misconception]]

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Params) -> Self:
        """One candidate of the wanted regime; `fair` decides whether it may be asked."""
        ...

    def worksheet(self) -> Arithmetic: ...

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        """predict → do → see → explain. `asked` names the fields left blank in "do" (the
        others are printed); `answers` are the texts given so far, by step name."""
        ...


KINDS: dict[str, type[Exercise]] = {}


def kind(name: str) -> type[Exercise]:
    """The exercise kind called `name`. Raises Unknown with the nearest known one."""
    if name not in KINDS:
        raise Unknown("exercise kind", name, KINDS)
    return KINDS[name]


# ── drawing ───────────────────────────────────────────────────────────────────────────────


def seed_for(learner_id: bytes, item_key: str, attempt: int) -> int:
    """The seed of attempt number `attempt`: fresh each time, the same after a restart."""
    text = learner_id + item_key.encode() + attempt.to_bytes(4, "big")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


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
        raise NoDraw(name, TRIES)
    return min(found, key=lambda exercise: _first_difference(exercise, apart))


def fair(exercise: Exercise) -> bool:
    """Whether every misconception shows: each differs from the right answer, and from every
    other, in at least one field by more than twice the tolerance."""
    sheet = exercise.worksheet()
    right = sheet.run()
    wrong = [sheet.run(swap=m.swap) for m in exercise.misconceptions.values() if m.swap]
    answers = [right, *wrong]
    return all(
        any(abs(a[f.name] - b[f.name]) > 2 * f.tolerance for f in exercise.fields)
        for i, a in enumerate(answers)
        for b in answers[:i]
    )


def _first_difference(exercise: Exercise, apart: tuple[str, ...]) -> int:
    sheet = exercise.worksheet()
    a, b = (sheet.run(swap=exercise.misconceptions[name].swap) for name in apart[:2])
    differ = [abs(a[f.name] - b[f.name]) > 2 * f.tolerance for f in exercise.fields]
    return differ.index(True) if True in differ else len(differ)


# ── fading ────────────────────────────────────────────────────────────────────────────────

LEVELS = ("all but the last step is filled", "the first half is filled", "every field is yours", "find the wrong line")


def asked(exercise: Exercise, level: int) -> frozenset[str]:
    """The fields left blank at a fading level 0 … 2 (backward fading: the last steps first)."""
    names = [field.name for field in exercise.fields]
    first = {0: len(names) - 1, 1: len(names) // 2}.get(level, 0)
    return frozenset(names[first:])


def steps(exercise: Exercise, level: int, answers: Mapping[str, str], bug: str = "") -> tuple[Step, ...]:
    """The exercise's steps at a fading level; at level 3 "do" is to find the line that went wrong."""
    made = exercise.steps(asked(exercise, level), answers)
    if level < 3:
        return made
    graded = graded_step(made)
    return tuple(wrong_line(exercise, graded, bug) if step is graded else step for step in made)


def graded_step(made: tuple[Step, ...]) -> Step:
    """The one step whose first try feeds memory: the first "do" that asks something."""
    return next(step for step in made if step.part == "do" and step.ask is not None)


def wrong_line(exercise: Exercise, step: Step, bug: str) -> Step:
    """Somebody's worksheet with one misconception in it: which line is the first wrong one?"""
    sheet = exercise.worksheet()
    right = sheet.run()
    names = [name for name, m in exercise.misconceptions.items() if m.swap and not m.convention]
    bug = bug if bug in names else names[_pick(exercise, len(names))]
    wrong = sheet.run(swap=exercise.misconceptions[bug].swap)
    shown = [line for line in sheet.lines if any(f.name == line.name for f in exercise.fields)]
    guilty = next(
        i for i, line in enumerate(shown)
        if not near(wrong[line.name], right[line.name], next(f.tolerance for f in exercise.fields if f.name == line.name))
    )
    found = exercise.misconceptions[bug]
    rows = tuple((str(i + 1), line.label, sheet.written(line.name, wrong)) for i, line in enumerate(shown))
    # three options: the guilty line, its neighbour, and "all are right"
    neighbours = [i for i in (guilty - 1, guilty + 1, guilty + 2) if 0 <= i < len(shown)][:2]
    options = tuple(
        Option(f"line {i + 1}, {shown[i].label}", i == guilty,
               f"{found.title.capitalize()}. {found.rule}" if i == guilty else
               f"Line {i + 1} is right given the lines above it." if i > guilty else f"Line {i + 1} is right.")
        for i in sorted([guilty, *neighbours])
    )
    sheet_block = Sheet(("", "", "somebody's work"), rows, "Somebody's worksheet, line by line.")
    givens = tuple(block for block in step.show if isinstance(block, Words))
    return Step(step.name, "do", (*givens, sheet_block),
                Choice("One rule was broken once, and the lines below follow from it. Which line broke it?", options))


def _pick(exercise: Exercise, count: int) -> int:
    text = repr(numbers(exercise)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big") % count


# ── grading and keeping ───────────────────────────────────────────────────────────────────


def grade_step(exercise: Exercise, ask: Ask, answer: Answer) -> Verdict:
    """The verdict on an answer to one of the exercise's steps; a Design is judged by its kind."""
    judge = getattr(exercise, "judge", None)
    if isinstance(ask, Design) and judge is not None:
        return cast(Verdict, judge(answer))
    return grade(ask, answer, exercise.worksheet(), exercise.misconceptions)


def numbers(exercise: Exercise) -> dict[str, Any]:
    """The exercise's numbers as they are stored, so that history outlives its generator."""
    return {field.name: getattr(exercise, field.name) for field in dataclass_fields(exercise)}  # type: ignore[arg-type]


def restore(name: str, stored: Mapping[str, Any]) -> Exercise:
    """The exercise of stored numbers; JSON's lists become tuples again."""
    return kind(name)(**{key: _tuples(value) for key, value in stored.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value
