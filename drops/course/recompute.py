"""What a course says about numbers, asked of the engine: exercises, figures, claims."""

from __future__ import annotations

import inspect
import json
import random
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from drops.course.check_figures import TOLERANCE, Watched, figures_of, refused, unread
from drops.course.faces import asked, drawn, draws_of, in_picture, worked_out
from drops.course.minutes import minutes_of
from drops.course.model import (
    Drop,
    ExerciseFence,
    LearningPath,
    Place,
    Problem,
    Quiz,
)
from drops.course.words import meant
from drops.errors import DropsError
from drops.exercises.blocks import Knobs
from drops.exercises.formulas.reading import read_formula
from drops.exercises.formulas.tree import names
from drops.exercises.spots import PictureError, blind_hands, knob_names

if TYPE_CHECKING:
    from drops.exercises.exercise import Exercise

Progress = Callable[[int, int, str], None]  # done, of, what is measured now
Each = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]  # map, or several at a time

DRAWN = 100  # draws of a question in a picture
MOST_BLIND = 0.35  # of them that a hand may pass that looks at nothing
SEEDS = 20  # draws that show a kind's parameters to be legal
BUILT = 3  # of them whose steps are built too, every picture at its start


def recomputed(
    paths: Sequence[LearningPath],
    faulty: Container[str],
    claims: bool,
    progress: Progress | None,
    each: Each,
) -> Iterator[Problem]:
    """Every number that does not hold, and every name that the engine does not know.

    `faulty` files could not be read wholly: a name that seems unknown there may be known. `each` runs the
    experiments, in their order.
    """
    drops = [drop for path in paths for drop in path.drops]
    for drop in drops:
        yield from _exercises(drop, whole=drop.place.file not in faulty)
        yield from figures_of(drop)
        for item in (*drop.quiz, *drop.review):
            for face in item.faces if isinstance(item, Quiz) else ():
                yield from _in_a_picture(face)
    yield from _claims(drops, claims, progress, each)


# ── exercises ─────────────────────────────────────────────────────────────────────────────


def _exercises(drop: Drop, whole: bool) -> Iterator[Problem]:
    from drops.course.check_written import unknown_mixups
    from drops.exercises.written.kind import Written

    known = set(drop.misconceptions)
    drawn: dict[str, Exercise] = {}
    for item in drop.items.values():
        if not isinstance(item, ExerciseFence):
            continue
        exercise, problems = _drawn(item)
        yield from problems
        if exercise is None:
            whole = False
            continue
        known |= set(exercise.misconceptions)
        drawn[item.id] = exercise
        if isinstance(exercise, Written):
            yield from unknown_mixups(item, exercise, [*exercise.misconceptions, *drop.misconceptions])
    minutes = minutes_of(drop, drawn)
    if round(minutes, 1) > drop.minutes:
        what = f"takes {minutes:.1f} minutes to read and answer, {drop.minutes:g} are announced"
        yield Problem(str(drop.place), what, "shorten the lesson, ask less, or announce more")
    if whole:  # otherwise the names of the missing kind would all seem unknown
        yield from _diagnoses(drop, known)


def _drawn(fence: ExerciseFence) -> tuple[Exercise | None, list[Problem]]:
    """One draw of a fence's exercise after twenty, if all can be asked, and what is wrong."""
    from drops.catalog import KINDS, draw, missing
    from drops.course.check_written import draws_of
    from drops.exercises.levels import FEWEST_LINES
    from drops.exercises.written.kind import Written

    whose = f'the exercise kind "{fence.kind}"'
    if fence.kind not in KINDS:
        what, _, remedy = missing(fence.kind).partition("; ")
        what, remedy = what or f'no exercise kind "{fence.kind[:60]}"', remedy or meant(fence.kind, KINDS)
        return None, [Problem(str(fence.place), what, remedy)]
    if fence.kind == Written.kind:
        drawn, wrong = draws_of(fence)
        return (drawn[-1] if drawn else None), wrong
    watched = Watched(fence.params)
    try:
        made = [draw(fence.kind, seed, watched) for seed in range(SEEDS)]
        for exercise in made[:BUILT]:
            _build(exercise, fence.level)
    except Exception as problem:  # a kind refuses in words of its own
        return None, [refused(fence.place, whose, problem)]
    problems = list(unread(fence.place, whose, watched))
    if fence.level == 3 and len(made[-1].fields) < FEWEST_LINES:
        what = f"fewer than {FEWEST_LINES} numbers are too few to find a wrong one among"
        problems.append(Problem(str(fence.place), what, "write level = 2"))
    return made[-1], problems


def _build(exercise: Exercise, level: int) -> None:
    """Every step at the fence's level, before any answer. A live run is not started: it trains."""
    from drops.exercises.blocks import Figure, Knobs
    from drops.exercises.fading import steps

    for step in steps(exercise, level, {}):
        for block in (*step.show, step.ask):
            if isinstance(block, Figure | Knobs):
                block.draw({knob.name: knob.start for knob in block.knobs})


def _diagnoses(drop: Drop, known: set[str]) -> Iterator[Problem]:
    """Misconceptions named by quizzes that neither an exercise nor the front matter knows."""
    for item in (*drop.quiz, *drop.review):
        if not isinstance(item, Quiz):
            continue
        named = [(option.diagnoses, option.line) for face in item.faces for option in face.options]
        named += [(wrong.diagnoses, wrong.line) for face in item.faces for wrong in face.wrong]
        for name, line in named:
            if name and name not in known:
                declare = f'misconceptions = {{ {name[:60]} = "…" }}'
                guess = meant(name, sorted(known))
                remedy = f"name one that its exercises know ({guess}) or declare it: {declare}"
                yield Problem(f"{item.place.file}:{line}", f'no misconception "{name[:60]}"', remedy)


# ── questions in a picture ────────────────────────────────────────────────────────────────


def _in_a_picture(face: Quiz) -> Iterator[Problem]:
    """A question in whose picture nothing can be found, or that a blind hand answers too often."""
    from drops.catalog import FIGURES, drawing

    if face.picture is None:
        return
    name, place, whose = face.picture.name, face.picture.place, f'the figure "{face.picture.name}"'
    if name not in FIGURES:
        yield Problem(str(place), f'no figure "{name[:60]}"', meant(name, FIGURES))
        return
    alone, hands = face._replace(others=()), Counter[str]()
    try:
        made = [asked(alone, drawn(alone, random.Random(seed).randrange)) for seed in range(DRAWN)]
    except (DropsError, LookupError):
        return  # that is told where formulas are read
    try:
        for n, one in enumerate(made):
            assert one.picture is not None
            shown = drawing(name, watched := Watched(one.picture.params))
            if n == 0 and (unknown := [*_unknown_knobs(face, draws_of(face).names, knob_names(shown))]):
                yield from unknown
                return
            ask = in_picture(one, shown)
            hands.update(blind_hands(ask) if isinstance(ask, Knobs) else ())
    except PictureError as problem:
        yield Problem(str(place), f"{whose}: {problem}", "change the picture, or what is right in it")
        return
    except Exception as problem:  # a figure refuses in words of its own
        yield refused(place, whose, problem)
        return
    yield from unread(place, whose, watched)
    for hand, often in hands.most_common(1):
        if often > MOST_BLIND * DRAWN:
            what = f'"{face.id}" is right with its knobs {hand} in {often} of {DRAWN} draws'
            yield Problem(str(face.place), what, "let what is right change with the numbers")


def _unknown_knobs(face: Quiz, given: Sequence[str], knobs: Sequence[str]) -> Iterator[Problem]:
    """A name in what is right, or in what is wrong, that is neither drawn nor turned."""
    if face.asks != "setting":
        return
    tests = [(face.answer_line, face.answer), *((one.line, one.value) for one in face.wrong)]
    for line, formula in tests:
        for name in names(read_formula(formula)):
            if name not in (*given, *knobs, "pi"):
                what = f"“{name}” is no given and no knob of the figure"
                there = f"there are {', '.join((*given, *knobs))}"[:200]
                yield Problem(f"{face.place.file}:{line}", what, there)


# ── claims ────────────────────────────────────────────────────────────────────────────────


class Said(NamedTuple):
    """An experiment, what a lesson expects of it, and where it says so."""

    experiment: str
    params: Mapping[str, Any]
    expect: Mapping[str, Any]
    place: Place


def _claims(
    drops: Sequence[Drop], measured: bool, progress: Progress | None, each: Each
) -> Iterator[Problem]:
    runs: dict[str, list[Said]] = {}  # the same experiment with the same parameters runs once
    for said in (said for drop in drops for said in _said(drop)):
        problem = _unknown_experiment(said)
        if problem:
            yield problem
        else:
            key = f"{said.experiment} {json.dumps(said.params, sort_keys=True)}"
            runs.setdefault(key, []).append(said)
    if not measured:
        return
    found = iter(each(_run, [claims[0] for claims in runs.values()]))
    for done, claims in enumerate(runs.values()):
        first = claims[0]
        if progress:
            progress(done, len(runs), f"{first.place}: {first.experiment}")
        figures = next(found)
        if isinstance(figures, Problem):
            yield figures
            continue
        for said in claims:
            yield from _held(said, figures)


def _run(said: Said) -> Mapping[str, float] | Problem:
    """What the experiment measures, or the line for the author where it refuses in words of its own."""
    from drops.catalog import measure

    try:
        return {**measure(said.experiment, said.params)}
    except Exception as problem:
        return refused(said.place, f'the experiment "{said.experiment}"', problem)


def _said(drop: Drop) -> Iterator[Said]:
    for claim in drop.claims:
        yield Said(claim.experiment, claim.params, claim.expect, claim.place)
    for item in (*drop.quiz, *drop.review):
        for face in item.faces if isinstance(item, Quiz) else ():
            if "experiment" in face.expect:
                expected = {"is": worked_out(face, {}).answer, "within": face.tolerance}
                wanted = {face.expect["number"]: expected}
                yield Said(face.expect["experiment"], face.expect["params"], wanted, face.place)


def _unknown_experiment(said: Said) -> Problem | None:
    from drops.catalog import EXPERIMENTS

    if said.experiment not in EXPERIMENTS:
        what = f'no experiment "{said.experiment[:60]}"'
        return Problem(str(said.place), what, meant(said.experiment, EXPERIMENTS))
    try:
        inspect.signature(EXPERIMENTS[said.experiment]).bind(**said.params)
    except TypeError as problem:
        return refused(said.place, f'the experiment "{said.experiment}"', problem)
    return None


def _held(said: Said, figures: Mapping[str, float]) -> Iterator[Problem]:
    for name, wanted in said.expect.items():
        if name not in figures:
            what = f'the experiment "{said.experiment}" measures no "{name[:60]}"'
            yield Problem(str(said.place), what, meant(name, figures))
        elif not holds(figures[name], wanted):
            what = f"claims {name} {_bounds(wanted)}, measured {figures[name]:.6g}"
            yield Problem(str(said.place), what, "write what was measured, or find out why")


def holds(value: float, wanted: Any) -> bool:
    """Whether a measured value is what a claim expects.

    >>> holds(0.692, 0.69), holds(0.8, {"at_least": 0.9}), holds(7, {"is": 5, "within": 2})
    (True, False, True)
    """
    if not isinstance(wanted, Mapping):
        wanted = {"is": wanted, "within": max(abs(wanted) / 100, TOLERANCE)}
    low = wanted["is"] - wanted["within"] if "is" in wanted else wanted.get("at_least", float("-inf"))
    high = wanted["is"] + wanted["within"] if "is" in wanted else wanted.get("at_most", float("inf"))
    return bool(low - 1e-9 <= value <= high + 1e-9)  # a hair, for binary fractions; NaN never holds


def _bounds(wanted: Any) -> str:
    if not isinstance(wanted, Mapping):
        return f"= {wanted:g}"
    if "is" in wanted:
        return f"= {wanted['is']:g} ± {wanted['within']:g}"
    return " and ".join(f"{word.replace('_', ' ')} {value:g}" for word, value in wanted.items())
