"""Whether numbers are fair: every misconception that can show in them does, each by itself."""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import Any

from drops.exercises.exercise import Exercise
from drops.exercises.worksheet import Misconception


def seed_for(learner_id: bytes, item_key: str, attempt: int) -> int:
    """The seed of attempt number `attempt`: fresh each time, the same after a restart."""
    text = learner_id + item_key.encode() + attempt.to_bytes(4, "big")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


def armed(exercise: Exercise) -> dict[str, Misconception]:
    """The misconceptions that can show in these numbers: those that bend a line of the worksheet."""
    lines = exercise.worksheet.lines
    return {
        name: m for name, m in exercise.misconceptions.items() if any(line.swapped(m.swap) for line in lines)
    }


def fair(exercise: Exercise) -> bool:
    """Whether every armed misconception shows: each differs from the right answer, and from
    every other, in at least one field by more than twice the tolerance."""
    return not alike(exercise)


def alike(exercise: Exercise) -> tuple[str, ...]:
    """The first two of "the right answer" and the armed misconceptions that no field tells apart."""
    sheet = exercise.worksheet
    answers = {"the right answer": sheet.run()}
    answers |= {name: sheet.run(swap=m.swap) for name, m in armed(exercise).items()}
    asked = [(f.name, 2 * f.tolerance) for f in exercise.fields]
    for (one, a), (other, b) in combinations(answers.items(), 2):
        if not any(abs(a[name] - b[name]) > least for name, least in asked):
            return one, other
    return ()


def first_difference(exercise: Exercise, apart: tuple[str, ...]) -> int:
    """The place of the first field on which the two misconceptions `apart` differ; their number if none."""
    sheet = exercise.worksheet
    a, b = (sheet.run(swap=exercise.misconceptions[name].swap) for name in apart[:2])
    differ = [abs(a[f.name] - b[f.name]) > 2 * f.tolerance for f in exercise.fields]
    return differ.index(True) if True in differ else len(differ)


def numbers(exercise: Exercise) -> dict[str, Any]:
    """The exercise's numbers as they are stored, so that history outlives its generator."""
    return exercise.as_stored()
