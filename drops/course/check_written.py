"""A written exercise held against itself: read, drawn a hundred times, each mistake with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from statistics import median

import drops.exercises.written.kind as written
from drops.course.model import ExerciseFence, FigureFence, Problem
from drops.course.words import is_id
from drops.errors import DropsError
from drops.exercises.blocks import Choice, Step
from drops.exercises.formulas.tree import Undefined
from drops.exercises.worksheet import fill
from drops.exercises.written.asking import AskNumber
from drops.exercises.written.keys import SpecError
from drops.text import number

DRAWN = 100
FEWEST = 40  # different draws of them
MOST_ALIKE = 0.65  # share of draws that one option of a prediction may be right in: 0.6, and chance
MOST_ALIKE_NUMBER = 0.35  # the same of one number
HAIR = 1e-9


def draws_of(fence: ExerciseFence) -> tuple[list[written.Written], list[Problem]]:
    """The exercise as often as it is drawn, and what is wrong with it; nothing is drawn of a faulty one."""
    from drops.catalog import draw

    if "like" in fence.params:
        return [], []  # what it is like was not found, and that is told

    made: list[written.Written] = []
    steps: list[Step] = []
    try:
        for seed in range(DRAWN):
            exercise = draw(fence.kind, seed, fence.params)
            assert isinstance(exercise, written.Written)
            steps += exercise.steps(frozenset(), {})
            for figure in exercise.spec.beside:
                exercise.drawn(figure)
            _told_of_mixups(exercise)
            made.append(exercise)
    except SpecError as problem:
        place = f"{fence.place.file}:{line_of(fence, problem.section, problem.key)}"
        return [], [Problem(place, problem.what, problem.remedy)]
    except (Undefined, DropsError) as problem:
        said = str(problem)
        text = said[1:].partition("”")[0]  # of a text or a formula that is quoted first
        line = next((at for at, line in fence.body if text and text in line), fence.place.line)
        return [], [Problem(f"{fence.place.file}:{line}", said, "correct the formula")]
    return made, [*_misnamed(fence, made[0]), *_beside(fence, made, steps)]


def _told_of_mixups(exercise: written.Written) -> None:
    """What each mix-up gives, as it would be told. Raises SpecError."""
    sheet = exercise.worksheet
    for name, one in exercise.misconceptions.items():
        wrong = sheet.run(swap=one.swap)
        for line in sheet.lines:
            if line.swapped(one.swap):
                try:
                    fill(one.gives, line.sees(wrong))
                except Undefined as problem:
                    what = f"gives: of {line.label}: {problem}"
                    raise SpecError(f"mixups.{name}", "gives", what, "correct the formula") from None


def _misnamed(fence: ExerciseFence, exercise: written.Written) -> Iterator[Problem]:
    for name in exercise.spec.mixups:
        if not is_id(name):
            place = f"{fence.place.file}:{line_of(fence, 'mixups', name)}"
            what = f'the mixup "{name[:60]}" is no id'
            yield Problem(place, what, "write lower-case words joined by hyphens")


def _beside(fence: ExerciseFence, made: list[written.Written], steps: list[Step]) -> Iterator[Problem]:
    """What the draws, and all their steps, say together."""
    different = len({exercise.given for exercise in made})
    if different < FEWEST:
        place = f"{fence.place.file}:{line_of(fence, '', 'given')}"
        what = f"{different} of {len(made)} draws differ"
        yield Problem(place, what, f"draw from more: at least {FEWEST}")
    yield from _foretold(fence, made)
    yield from _drawn(fence, made)
    for part in ("predict", "explain"):
        place = f"{fence.place.file}:{line_of(fence, part, 'options')}"
        asks = [step.ask for step in steps if step.part == part]
        if part in fence.params and len(asks) < len(made):
            what = f"{part}: no question is asked in {len(made) - len(asks)} of {len(made)} draws"
            yield Problem(place, what, "write one without `when`")
        choices = [ask for ask in asks if isinstance(ask, Choice)]
        for ask in choices:
            if len({option.text for option in ask.options}) < len(ask.options):
                yield Problem(place, f"{part}: two options say the same", "write each once")
                return
        for exercise, ask in zip(made, choices, strict=False):
            if (right := sum(option.right for option in ask.options)) != 1:
                given = ", ".join(f"{name} = {value}" for name, value in exercise.given)[:120]
                yield Problem(
                    place, f"{part}: {right} options are right for {given}", "let `when` exclude each other"
                )
                return
        counts = Counter(option.text for ask in choices for option in ask.options if option.right)
        text, count = counts.most_common(1)[0] if counts else ("", 0)
        if part == "predict" and count > MOST_ALIKE * len(choices):
            what = f"predict: “{text[:60]}” is right in {count} of {len(choices)} draws"
            yield Problem(place, what, "draw what decides it first: { of = […], first = true }")


def unknown_mixups(
    fence: ExerciseFence, exercise: written.Written, known: Collection[str]
) -> Iterator[Problem]:
    """Options that name a mix-up which neither the exercise nor the drop knows."""
    for part, cards in (("predict", exercise.spec.predict), ("explain", exercise.spec.explain)):
        both = ((key, getattr(card, key, ())) for card in cards for key in ("options", "wrong"))
        for key, name in ((key, one.mixup) for key, each in both for one in each):
            if name and name not in known:
                place = f"{fence.place.file}:{line_of(fence, part, key)}"
                remedy = f"there are {', '.join(known)}" if known else "there are none"
                yield Problem(place, f"{part}: no mixup “{name[:60]}”", remedy)


def _drawn(fence: ExerciseFence, made: list[written.Written]) -> Iterator[Problem]:
    """Whether one curve, drawn always, would be right too often."""
    sketches = [sketch for one in made if (sketch := one.sketch) is not None]
    for guess in {sketch.seen: None for sketch in sketches}:
        count = sum(sketch.could_draw(guess) and sketch.foreseen(guess) for sketch in sketches)
        if count > MOST_ALIKE * len(made):
            place = f"{fence.place.file}:{line_of(fence, 'predict', 'draws')}"
            what = f"predict: one drawing is right in {count} of {len(made)} draws"
            yield Problem(place, what, "let the curve change with what is drawn, or make tol smaller")
            return


def _foretold(fence: ExerciseFence, made: list[written.Written]) -> Iterator[Problem]:
    """Whether one number could always be predicted."""
    near: dict[int, list[float]] = {}
    for one in made:
        if isinstance(one.guess, AskNumber):
            near.setdefault(round(one.foretold / (2 * one.guess.tol + HAIR)), []).append(one.foretold)
    most = max(near.values(), key=len, default=[])
    if len(most) > MOST_ALIKE_NUMBER * len(made):
        what = f"predict: {number(median(most))} is right in {len(most)} of {len(made)} draws"
        place = f"{fence.place.file}:{line_of(fence, 'predict', 'answer')}"
        yield Problem(place, what, "let the answer change, or make its tol smaller")


def line_of(fence: ExerciseFence | FigureFence, section: str, key: str) -> int:
    """The line of the fence that sets a key in a section, or the nearest thing above it."""
    at = fence.body[0][0] - 1 if fence.body else fence.place.line
    here, best = "", at
    for row, text in fence.body:
        plain = text.split("#")[0].strip()
        if plain.startswith("["):
            here = plain.strip("[] ").replace('"', "")
            if here in (f"{section}.{key}".strip("."), section):
                best = row if best == at or here != section else best
        elif (name := plain.partition("=")[0].strip().strip("\"'")) == key and here == section:
            return row
        elif here == "" and name == section:  # a table on a line of its own
            best = row
    return best
