"""Figures held against what a lesson says of them: their numbers, their goals, every place of a knob."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from drops.course.check_written import line_of
from drops.course.faces import worked_out
from drops.course.model import Drop, FigureFence, Place, Problem, Quiz
from drops.course.words import meant
from drops.errors import DropsError
from drops.exercises.blocks import Bars, Curve, Figure, Sheet, Show, Strip, Words
from drops.exercises.sheets import SUB
from drops.exercises.written.keys import SpecError
from drops.exercises.written.pictures import WRITTEN

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


BLOCKS = {"curve": Curve, "bars": Bars, "strip": Strip, "sheet": Sheet}


def _turned(fence: FigureFence) -> Iterator[Problem]:
    """A figure each of whose knobs is turned: the first place at which something of it has no number."""
    from drops.catalog import drawing

    shown = drawing(fence.name, fence.params).show
    figure = shown[0] if isinstance(shown[0], Figure) else Figure((), lambda _: shown, "")
    start = {knob.name: knob.start for knob in figure.knobs}
    places = [start, *({**start, knob.name: at} for knob in figure.knobs for at in knob.places)]
    for at in places:
        lacking = next(_lacking(fence, figure.draw(at), at is start), None)
        if lacking:
            key, what = lacking
            where = f" at {', '.join(f'{name} = {value:g}' for name, value in at.items())}" if at else ""
            place = f"{fence.place.file}:{line_of(fence, '', key)}"
            yield Problem(place, f"{what} has no number{where}", "correct its formulas, or what they read")
            return


def _lacking(fence: FigureFence, shown: Sequence[Show], first: bool) -> Iterator[tuple[str, str]]:
    """A key, and what is not there. As the knobs stand at first nothing may be left out."""
    if not any(isinstance(block, Words) for block in shown):
        yield "says", "says"
    for key, kind in BLOCKS.items():
        if key not in fence.params:
            continue
        block = next((one for one in shown if isinstance(one, kind)), None)
        there: Collection[str] = ()
        if block is None:
            yield key, f"the {key}"
        elif isinstance(block, Curve):
            there = {one.name for one in block.series if one.points}
        elif isinstance(block, Bars):
            there = {name for bar in block.bars for name in (bar.name, bar.name.rstrip(SUB))}
        wanted = fence.params[key].get({"curve": "series", "bars": "of"}.get(key, ""), {})
        yield from ((key, f"“{name}”") for name in wanted if first and name not in there)
