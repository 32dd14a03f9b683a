"""Every exercise kind, and what can be done with any of them: draw, fade, grade, keep.

To add a kind: one file beside this one, and a line in KINDS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields as dataclass_fields
from itertools import combinations
from typing import Any, NamedTuple, TypeVar

import numpy as np

from drops.errors import NoDraw, Unknown
from drops.exercises.answers import Answer
from drops.exercises.architecture import Architecture
from drops.exercises.backprop import Backprop
from drops.exercises.blocks import Ask, Choice, Design, Numbers, Option, Step
from drops.exercises.budget import Budget
from drops.exercises.bump import Bump
from drops.exercises.chain import Chain
from drops.exercises.clinic import Clinic
from drops.exercises.collapse import Collapse
from drops.exercises.exercise import Exercise
from drops.exercises.grading import Verdict, grade, near
from drops.exercises.hidden_layer import HiddenLayer
from drops.exercises.layout import Layout
from drops.exercises.line import BoundaryLine
from drops.exercises.log_loss import LogLoss
from drops.exercises.mean_square import MeanSquare
from drops.exercises.neuron import Neuron
from drops.exercises.paper import do, filled, listed
from drops.exercises.prediction import Prediction
from drops.exercises.region import Region
from drops.exercises.shapes import Shapes
from drops.exercises.threshold import Threshold
from drops.exercises.vanishing import Vanishing
from drops.exercises.vote import Vote
from drops.exercises.widths import Widths
from drops.exercises.worksheet import Arithmetic, Misconception, Values, figure, fill, line_named, worked_line

Params = Mapping[str, Any]
T = TypeVar("T")
TRIES = 2_000


KINDS: dict[str, type[Exercise]] = {
    "neuron": Neuron,
    "threshold": Threshold,
    "line": BoundaryLine,
    "region": Region,
    "vote": Vote,
    "collapse": Collapse,
    "chain": Chain,
    "layout": Layout,
    "shapes": Shapes,
    "hidden-layer": HiddenLayer,
    "prediction": Prediction,
    "mean-square": MeanSquare,
    "log-loss": LogLoss,
    "backprop": Backprop,
    "clinic": Clinic,
    "vanishing": Vanishing,
    "budget": Budget,
    "bump": Bump,
    "widths": Widths,
    "architecture": Architecture,
}


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
        raise NoDraw(name, TRIES, alike(candidate))
    return min(found, key=lambda exercise: _first_difference(exercise, apart))


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


def _first_difference(exercise: Exercise, apart: tuple[str, ...]) -> int:
    sheet = exercise.worksheet
    a, b = (sheet.run(swap=exercise.misconceptions[name].swap) for name in apart[:2])
    differ = [abs(a[f.name] - b[f.name]) > 2 * f.tolerance for f in exercise.fields]
    return differ.index(True) if True in differ else len(differ)


_SIZES: dict[str, int] = {}  # by kind and parameters: a draw each would be felt on every page


def size(name: str, params: Params) -> int:
    """How many numbers an exercise asks for."""
    key = f"{name} {sorted(params.items())}"
    if key not in _SIZES:
        _SIZES[key] = len(draw(name, 0, params).fields)
    return _SIZES[key]


# ── fading ────────────────────────────────────────────────────────────────────────────────

LEVELS = (
    "the last third is yours",
    "the second half is yours",
    "every field is yours",
    "find the wrong line",
)


def asked(exercise: Exercise, level: int) -> frozenset[str]:
    """The fields left blank at a fading level 0 … 2 (backward fading: the last ones first)."""
    names = [field.name for field in exercise.fields]
    third, half = -(-len(names) // 3), -(-len(names) // 2)
    # two at least where there are three: a single number is too easily always 0
    blanks = {0: max(third, min(2, half)), 1: half}.get(level, len(names))
    return frozenset(names[len(names) - blanks :])


def steps(exercise: Exercise, level: int, answers: Mapping[str, str], bug: str = "") -> tuple[Step, ...]:
    """The exercise's steps at a fading level; at level 3 "do" is to find the line that went wrong."""
    made = exercise.steps(asked(exercise, level), answers)
    graded = graded_step(made)
    if level < 3 or len(exercise.fields) < 2 or not isinstance(graded.ask, Numbers):
        return made
    return tuple(wrong_line(exercise, step, graded.ask, bug) if step is graded else step for step in made)


def graded_step(made: tuple[Step, ...]) -> Step:
    """The one step whose first try feeds memory: the first "do" that asks something."""
    return next(step for step in made if step.part == "do" and step.ask is not None)


def wrong_line(exercise: Exercise, step: Step, ask: Numbers, bug: str) -> Step:
    """The learner's own sheet as somebody filled it in, with one rule broken in one place.

    It shows what is given and what came out, and not how: to find the line is to do the reasoning
    again. `bug` is the learner's own most frequent misconception; "" picks one.
    """
    sheet = exercise.worksheet
    right, fields = sheet.run(), ask.fields
    works = _broken_once(exercise, sheet, right)
    mine = [work for work in works if work.bug == bug]
    if not mine:
        guilty = _one_of(exercise, sorted({work.guilty for work in works}))
        mine = [work for work in works if work.guilty == guilty]
    broken = _one_of(exercise, mine)

    def feedback(i: int) -> str:
        field, line, value = fields[i], line_named(sheet, fields[i].name), broken.values[fields[i].name]
        if i == broken.guilty:
            found = exercise.misconceptions[broken.bug]
            came = f"{field.label} = {figure(value)} comes out if {broken.gives}"
            return f"{found.title.capitalize()}: {came}. {found.rule}"
        is_right = near(value, right[field.name], field.tolerance)
        stands = "This one is right" if is_right else "This one follows from what is above it"
        return f"{stands}: {worked_line(line, broken.values, field.label)}."

    others = sorted(set(range(len(fields))) - {broken.guilty}, key=lambda i: abs(i - broken.guilty))[:2]
    options = tuple(
        Option(fields[i].label, i == broken.guilty, feedback(i)) for i in sorted([broken.guilty, *others])
    )
    empty = ask.sheet or listed(sheet, fields, frozenset(field.name for field in fields), "")
    prompt = "Somebody worked this out and broke one rule once. Which number is the first wrong one?"
    return do(*step.show, filled(empty, broken.values), ask=Choice(prompt, options), name=step.name)


class _Work(NamedTuple):
    """A worksheet with one misconception in one line, and the first field that shows it."""

    bug: str
    guilty: int
    values: Values
    gives: str  # what was done instead, with these numbers


def _broken_once(exercise: Exercise, sheet: Arithmetic, right: Values) -> list[_Work]:
    """Every misconception in every line that it bends, where what is said of it holds."""
    found: list[_Work] = []
    for bug, misconception in armed(exercise).items():
        if misconception.convention:
            continue
        pure = sheet.run(swap=misconception.swap)
        for line in sheet.lines:
            rule = line.swapped(misconception.swap)
            if rule is None:
                continue
            values = sheet.run(swap={line.name: rule})
            off = [not near(values[f.name], right[f.name], f.tolerance) for f in exercise.fields]
            told = [fill(misconception.gives, line.sees(run)) for run in (values, pure)]
            if True in off and told[0] == told[1]:
                found.append(_Work(bug, off.index(True), values, told[0]))
    return found


def _one_of(exercise: Exercise, choices: Sequence[T]) -> T:
    """One of `choices`, the same for the same numbers."""
    text = repr(numbers(exercise)).encode()
    return choices[int.from_bytes(hashlib.blake2b(text, digest_size=4).digest(), "big") % len(choices)]


# ── grading and keeping ───────────────────────────────────────────────────────────────────


def grade_step(exercise: Exercise, ask: Ask, answer: Answer) -> Verdict:
    """The verdict on an answer to one of the exercise's steps; a Design is judged by its kind."""
    if isinstance(ask, Design):
        return exercise.judge(answer)
    blank = {field.name for field in ask.fields} if isinstance(ask, Numbers) else set[str]()
    printed = tuple(field.name for field in exercise.fields if field.name not in blank)
    return grade(ask, answer, exercise.worksheet, exercise.misconceptions, printed)


def numbers(exercise: Exercise) -> dict[str, Any]:
    """The exercise's numbers as they are stored, so that history outlives its generator."""
    return {field.name: getattr(exercise, field.name) for field in dataclass_fields(exercise)}


def restore(name: str, stored: Mapping[str, Any]) -> Exercise:
    """The exercise of stored numbers; JSON's lists become tuples again."""
    return kind(name)(**{key: _tuples(value) for key, value in stored.items()})


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value
