"""Every kind as lessons use it, blocks as text, and learners that err in known ways."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from drops import catalog
from drops.course.model import ExerciseFence
from drops.exercises import fading
from drops.exercises.blocks import (
    Ask,
    Beside,
    Choice,
    Design,
    Figure,
    Frame,
    Knobs,
    Numbers,
    Order,
    Run,
    Sheet,
    Show,
    Step,
    Words,
)
from drops.exercises.exercise import Exercise
from drops.networks.kinds import KINDS
from lessons import lessons


class Variant(NamedTuple):
    """A kind and the parameters a fence gives it."""

    kind: str
    params: str = "{}"

    def draw(self, seed: int) -> Exercise:
        return catalog.draw(self.kind, seed, json.loads(self.params))

    def __str__(self) -> str:
        return self.kind if self.params == "{}" else f"{self.kind} {self.params}"


def drawn(key: str, seed: int) -> Any:
    """An exercise of the lessons with numbers of its own; how its kind holds them, its tests know."""
    _, item = lessons().item(key)
    assert isinstance(item, ExerciseFence)
    return catalog.draw(item.kind, seed, item.params)


def variants() -> list[Variant]:
    """Every kind with no parameters that allows it, and every parameter of every lesson."""
    found = {Variant(kind) for kind in KINDS if kind != "lab"}  # the learner's own questions stand in no lesson
    for drop in lessons():
        for item in drop.items.values():
            if isinstance(item, ExerciseFence) and item.kind in KINDS:
                found.add(Variant(item.kind, json.dumps(dict(item.params), sort_keys=True)))
    return sorted(found)


VARIANTS = variants()
COUNTED = [variant for variant in VARIANTS if variant.draw(0).fields]  # what they ask is numbers
CHOSEN = [variant for variant in VARIANTS if variant not in COUNTED]  # a choice, an order, knobs, a design


def every(among: Collection[Variant]) -> pytest.MarkDecorator:
    """Runs a test over variants. Where a kind itself is among them its first shorter form is slow, and the
    others, which ask the same in yet another form, are nightly.

    Tests of one variant stand together, whatever their file, so that a process draws few of the pools.
    """
    whole = {variant.kind for variant in among if variant.params == "{}"}
    some, met = [], set[str]()
    for variant in among:
        if variant.params == "{}" or variant.kind not in whole:
            some.append(pytest.param(variant))
            continue
        mark = pytest.mark.nightly if variant.kind in met else pytest.mark.slow
        met.add(variant.kind)
        some.append(pytest.param(variant, marks=mark))
    return pytest.mark.parametrize("variant", some, ids=str, scope="session")


@cache
def _pool(variant: Variant) -> list[Exercise]:
    return []


def draws(variant: Variant, count: int) -> tuple[Exercise, ...]:
    """The first `count` draws, each made once for all tests."""
    pool = _pool(variant)
    pool += (variant.draw(seed) for seed in range(len(pool), count))
    return tuple(pool[:count])


def graded(exercise: Exercise, level: int = 2, answers: Mapping[str, str] | None = None) -> Step:
    rule = fading.rule_to_break(exercise, level)
    return fading.graded_step(fading.steps(exercise, level, answers or {}, rule))


def numbers(exercise: Exercise, level: int = 2) -> Numbers | None:
    """What "do" asks, where it asks for numbers."""
    ask = graded(exercise, level).ask
    return ask if isinstance(ask, Numbers) else None


# ── learners ──────────────────────────────────────────────────────────────────────────────


def works(
    exercise: Exercise,
    ask: Numbers,
    bug: str = "",
    slips: float = 0.0,
    rng: np.random.Generator | None = None,
) -> dict[str, float]:
    """The answers of somebody with one misconception (or none) who slips now and then, and goes
    on from what they wrote."""
    sheet = exercise.worksheet
    swap = exercise.misconceptions[bug].swap if bug else {}
    asked = {field.name for field in ask.fields}
    right = sheet.run()
    entered = {f.name: right[f.name] for f in exercise.fields if f.name not in asked}
    for field in ask.fields:
        value = sheet.run(swap=swap, entered=entered)[field.name]
        if rng is not None and rng.random() < slips:
            value = slip(value, rng)
        entered[field.name] = value
    return {name: entered[name] for name in (field.name for field in ask.fields)}


def slip(value: float, rng: np.random.Generator) -> float:
    """A number that came out wrong: one off, a half off, a sign lost, a digit doubled."""
    if value in (0.0, 1.0):
        return 1.0 - value
    return [value + 1, value - 1, value + 0.5, value - 0.5, -value, value + 2, value * 1.1][rng.integers(7)]


# ── blocks as text ────────────────────────────────────────────────────────────────────────


def said(show: tuple[Show, ...]) -> Iterator[str]:
    """Every text that a reader of these blocks meets, figures at their start."""
    for block in show:
        match block:
            case Words(markdown=text):
                yield text
            case Beside(blocks=inner):
                yield from said(inner)
            case Figure(knobs=knobs, draw=draw, says=says):
                yield says
                yield from said(draw({knob.name: knob.start for knob in knobs}))
            case Sheet():
                yield block.says
                for row in (block.columns, *block.rows):
                    yield " | ".join(cell for cell in row if isinstance(cell, str))
                yield from (block.formulas or {}).values()
            case _:
                yield block.says
                for part in vars(block).values():
                    yield from _strings(part)


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple) and len(part) < 50:
        for item in part:
            yield from _strings(item)
    elif hasattr(part, "__dataclass_fields__"):
        for value in vars(part).values():
            yield from _strings(value)


def asks(ask: Ask | None) -> Iterator[str]:
    """Every text of an ask, without the feedback that comes after the answer."""
    match ask:
        case Numbers():
            yield ask.prompt
            yield from (field.label for field in ask.fields)
            yield from said((ask.sheet,) if ask.sheet else ())
        case Choice():
            yield ask.prompt
            yield from (option.text for option in ask.options)
        case Order():
            yield from (ask.prompt, *ask.pieces)
        case Knobs():
            yield ask.prompt
            yield from said(ask.draw({knob.name: knob.start for knob in ask.knobs}))
        case Design():
            yield ask.prompt
            yield from (field.label for field in ask.fields)
        case Run():
            yield ask.prompt
        case None:
            return


def frames(ask: Run, seed: int = 0) -> Iterator[Frame | None]:
    return ask.frames(seed)
