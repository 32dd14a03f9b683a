"""Every exercise kind, figure and experiment, found by its name: drawn, graded, kept, measured."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, MutableMapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from drops.errors import DropsError, NoDraw, Unknown
from drops.exercises.answers import Answer
from drops.exercises.blocks import Ask, Case, Design, Numbers
from drops.exercises.exercise import Exercise
from drops.exercises.fairness import alike, fair, first_difference
from drops.exercises.figure import Draw, Drawing
from drops.exercises.grading import Verdict, grade
from drops.exercises.guarded import guarded
from drops.exercises.written import figures as written_figures
from drops.exercises.written.kind import Written
from drops.networks import experiments, figures, kinds
from drops.networks.coded import with_code

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

Params = Mapping[str, Any]
TRIES = 2_000
REPEATS = 200  # draws like those before, after which a kind is taken to have no others

Brought = TypeVar("Brought")


def _with(own: dict[str, Brought], *brought: Mapping[str, Brought]) -> ChainMap[str, Brought]:
    """A table that can be added to, and behind it what a subject brings: a ChainMap writes to its first."""
    return ChainMap(own, *cast("tuple[MutableMapping[str, Brought], ...]", brought))


# A subject brings three tables; a second subject adds its own here.
FIGURES: ChainMap[str, Draw] = _with({**written_figures.FIGURES}, figures.FIGURES)
Written.figures = FIGURES  # the engine of exercises knows no subject
KINDS: ChainMap[str, type[Exercise]] = _with({Written.kind: Written}, kinds.KINDS)
EXPERIMENTS: ChainMap[str, Callable[..., Mapping[str, float]]] = _with({}, experiments.EXPERIMENTS)


def kind(name: str) -> type[Exercise]:
    """The exercise kind called `name`. Raises Unknown with the nearest known one; DropsError for one of a
    package that is not allowed, or does not load.
    """
    if name not in KINDS:
        if why := missing(name):
            raise DropsError(why)
        raise Unknown("exercise kind", name, KINDS)
    return KINDS[name]


# ── kinds of other packages ───────────────────────────────────────────────────────────────

GROUP = "drops.kinds"  # of entry points
TAKEN_IN: set[str] = set()  # kinds of allowed packages, by name
BROKEN: dict[str, str] = {}  # a kind of an allowed package → why it is not there


class Offered(NamedTuple):
    """A kind that an installed package brings."""

    name: str
    package: str  # as indexes compare names
    version: str
    entry: EntryPoint


def offered() -> list[Offered]:
    """All kinds that installed packages bring, allowed or not. None of them is loaded."""
    from importlib import metadata  # late: 30 ms, for those who have any

    found = []
    for entry in metadata.entry_points(group=GROUP):
        if entry.dist is not None:
            package = re.sub(r"[-_.]+", "-", entry.dist.name).lower()
            found.append(Offered(entry.name, package, entry.dist.version, entry))
    return sorted(found, key=lambda one: (one.package, one.name))


def allow(packages: Collection[str]) -> None:
    """Takes in the kinds of these packages and of no other. What does not load is told by `missing`."""
    for name in TAKEN_IN:
        del KINDS[name]
    TAKEN_IN.clear()
    BROKEN.clear()
    for one in offered() if packages else ():
        if one.package not in packages:
            continue
        try:
            KINDS[one.name] = _loaded(one)
            TAKEN_IN.add(one.name)
        except (Exception, SystemExit) as problem:  # whatever a package does as it is loaded
            why = f"{type(problem).__name__}: {problem}"
            BROKEN[one.name] = f'exercise kind "{one.name}" of {one.package} does not load ({why})'


def _loaded(one: Offered) -> type[Exercise]:
    """Raises whatever goes wrong."""
    if one.name in KINDS:
        raise TypeError(f'there is a kind "{one.name}" already')
    found = one.entry.load()
    if not (isinstance(found, type) and issubclass(found, Exercise)):
        raise TypeError(f"{one.entry.value} is no Exercise")
    if found.kind != one.name:
        raise TypeError(f'it calls itself "{found.kind}"')
    return guarded(found, one.package)


def missing(name: str) -> str:
    """Why a kind that a package brings is not there, and what to do; "" where none brings it."""
    if name in BROKEN:
        return f"{BROKEN[name]}; install another version of it"
    other = next((one for one in offered() if one.name == name), None)
    if other is None or other.name in KINDS:
        return ""
    does = f"`drops kinds allow {other.package}` lets it run"
    return f'exercise kind "{name}" comes with {other.package}, which is not allowed here; {does}'


# ── drawing ───────────────────────────────────────────────────────────────────────────────


def draw(
    name: str, seed: int, params: Params, apart: tuple[str, ...] = (), seen: Sequence[Params] = ()
) -> Exercise:
    """Fair numbers for the kind called `name`, unlike those it had before (`seen`, as they were stored),
    unless it has no others. Raises Unknown, NoDraw.

    `apart` names two misconceptions that the last answer could not tell apart: the first of
    50 fair candidates on which they differ at the earliest field is taken.
    """
    cls, rng = kind(name), np.random.default_rng(seed)
    before = [{key: _tuples(value) for key, value in numbers.items()} for numbers in seen]
    found: list[Exercise] = []
    repeated = 0
    for _ in range(TRIES):
        candidate = cls.draw(rng, params)
        if before and repeated < REPEATS and candidate.repeats(before):
            repeated += 1
            continue
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
    """The verdict on an answer to one of the exercise's steps; a Design or a Case is judged by its kind."""
    if isinstance(ask, Design | Case):
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
    made = FIGURES[name](params)
    return replace(made, show=with_code(name, params, made.show))
