"""Figures held against what a lesson says of them: their numbers, their goals, every place of a knob."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from drops.course.check_written import line_of
from drops.course.faces import worked_out
from drops.course.model import Drop, FigureFence, Place, Problem, Quiz
from drops.course.words import meant
from drops.errors import DropsError
from drops.exercises.blocks import Bars, Curve, Figure, Sheet, Show, Strip, Words
from drops.exercises.sheets import SUB
from drops.exercises.written.keys import SpecError
from drops.exercises.written.pictures import WRITTEN, alike

TOLERANCE = 0.005  # as exact as lessons print


class Watched(Mapping[str, Any]):
    """Parameters that remember which of them were read: what nobody reads is misspelt."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        self.params, self.read = params, set[str]()

    def __getitem__(self, key: str) -> Any:
        value = self.params[key]
        self.read.add(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self.params)

    def __len__(self) -> int:
        return len(self.params)


def refused(place: Place, whose: str, problem: Exception) -> Problem:
    """Whatever a kind or a figure raised at its parameters, as a line for the author."""
    if isinstance(problem, DropsError):
        what, _, remedy = str(problem).partition("; ")
        return Problem(str(place), what, remedy or "correct the parameters")
    why = f"no {problem}" if isinstance(problem, KeyError) else str(problem) or type(problem).__name__
    return Problem(str(place), f"{whose} refuses its parameters: {why}", "correct the parameters")


def unread(place: Place, whose: str, watched: Watched) -> Iterator[Problem]:
    for key in watched:
        if key not in watched.read:
            what = f'{whose} does not know the parameter "{key[:60]}"'
            yield Problem(str(place), what, "correct its name or delete it")


def figures_of(drop: Drop) -> Iterator[Problem]:
    """Figures that do not give the numbers that the prose uses, or whose knobs cannot do what is asked."""
    from drops.catalog import drawing

    for section in drop.sections:
        for part in section.parts:
            if isinstance(part, FigureFence):
                if part.name == WRITTEN:
                    try:
                        drawing(part.name, part.params)
                    except SpecError as problem:
                        place = f"{part.place.file}:{line_of(part, problem.section, problem.key)}"
                        yield Problem(place, problem.what, problem.remedy)
                        continue
                    yield from _turned(part)
                yield from _figure(part.name, part.params, part.expect, part.place, TOLERANCE)
                yield from _goal(part)
    for item in (*drop.quiz, *drop.review):
        for face in item.faces if isinstance(item, Quiz) else ():
            if "figure" in face.expect:
                wanted = {face.expect["number"]: worked_out(face, {}).answer}
                yield from _figure(
                    face.expect["figure"], face.expect["params"], wanted, face.place, face.tolerance
                )


def _figure(
    name: str,
    params: Mapping[str, Any],
    expect: Mapping[str, float],
    place: Place,
    tolerance: float,
) -> Iterator[Problem]:
    from drops.catalog import FIGURES, drawing

    if name not in FIGURES:
        yield Problem(str(place), f'no figure "{name[:60]}"', meant(name, FIGURES))
        return
    watched = Watched(params)
    try:
        numbers = drawing(name, watched).numbers
    except Exception as problem:  # a figure refuses in words of its own
        yield refused(place, f'the figure "{name}"', problem)
        return
    yield from unread(place, f'the figure "{name}"', watched)
    for number, wanted in expect.items():
        if number not in numbers:
            what = f'the figure "{name}" has no number "{number[:60]}"'
            yield Problem(str(place), what, meant(number, numbers))
        elif abs(numbers[number] - wanted) > tolerance + 1e-9:
            what = f"expects {number} = {wanted:g}, the engine gives {numbers[number]:.6g}"
            yield Problem(str(place), what, "correct the number here and in the prose, or the parameters")


def _goal(fence: FigureFence) -> Iterator[Problem]:
    """A goal over knobs that the figure does not have, or that can never be met, or is from the start."""
    from drops.catalog import FIGURES, drawing
    from drops.exercises.goals import found_by, with_goal

    if fence.goal is None or fence.name not in FIGURES:
        return
    try:
        shown = with_goal(drawing(fence.name, fence.params).show, *fence.goal)
        for block in shown:
            if isinstance(block, Figure) and block.goal is not None:
                found_by(block, block.goal)
    except DropsError as problem:
        yield refused(fence.place, "the goal", problem)


# ── a written figure ──────────────────────────────────────────────────────────────────────


BLOCKS = {"says": Words, "curve": Curve, "bars": Bars, "strip": Strip, "sheet": Sheet}


def _turned(fence: FigureFence) -> Iterator[Problem]:
    """A figure each of whose knobs is turned: the first place at which a picture or the sentence has no
    number, and the lines and bars that have none anywhere.
    """
    from drops.catalog import drawing

    shown = drawing(fence.name, fence.params).show
    figure = shown[0] if isinstance(shown[0], Figure) else Figure((), lambda _: shown, "")
    start = {knob.name: knob.start for knob in figure.knobs}
    parts: dict[str, str] = {}  # its lines and bars that have not been seen yet, and the picture's key
    for key, of in (("curve", "series"), ("bars", "of")):
        for one in alike(fence.params.get(key, {})):
            parts |= dict.fromkeys(one.get(of, {}), key)
    lacking: tuple[str, str] | None = None
    for at in (start, *({**start, knob.name: at} for knob in figure.knobs for at in knob.places)):
        blocks = figure.draw(at)
        for name in {*parts} & _parts(blocks):
            del parts[name]
        if (gone := _gone(fence, blocks)) and lacking is None:
            where = f" at {', '.join(f'{name} = {value:g}' for name, value in at.items())}" if at else ""
            lacking = gone, f"{gone} has no number{where}"
    nowhere = [(key, f"“{name}” has no number") for name, key in parts.items()]
    for key, what in [lacking] if lacking else nowhere:
        place = f"{fence.place.file}:{line_of(fence, '', key)}"
        yield Problem(place, what, "correct its formulas, or what they read")


def _gone(fence: FigureFence, shown: Sequence[Show]) -> str:
    """The key of what is not there; "" where all is."""
    there = {key for key, kind in BLOCKS.items() if any(isinstance(block, kind) for block in shown)}
    return next((key for key in BLOCKS if key in fence.params and key not in there), "")


def _parts(shown: Sequence[Show]) -> set[str]:
    """The names of its lines that have points, and of its bars."""
    found: set[str] = set()
    for block in shown:
        if isinstance(block, Curve):
            found |= {line.name for line in block.series if line.points}
        elif isinstance(block, Bars):
            found |= {name for bar in block.bars for name in (bar.name, bar.name.rstrip(SUB))}
    return found
