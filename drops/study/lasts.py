"""How long things take at the common pace: what the promise of a day is made of.

    a section of 100 words and a figure   →  42 s      a choice  →  8 s
    an exercise of four fields            →  a minute and a half, with its prediction and what follows
    an item that comes back               →  8 s to click, 22 s to type

Light on purpose, as Today is: nothing here draws an exercise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from drops.course.model import Drop, ExerciseFence, Item, Quiz, Section
from drops.exercises.levels import FEWEST_LINES
from drops.memory import ladder
from drops.memory.today import LessonUnit
from drops.networks.lengths import LENGTHS, SMALLER, Length
from drops.text import without_tables

WORD = 60 / 200  # seconds: 200 words a minute
FIGURE = 12.0  # to look at one
CHOICE = 8.0  # to choose, order or set
HANDLE = 4.0  # of a curve that is drawn: to place each but the first
TYPED, FIELD = 10.0, 12.0  # to type: once, and for each field
SHORT = TYPED + FIELD  # the form in which what is typed comes back

LONGEST = 3  # times a form, that one's own median may be
UNKNOWN = Length(3, 2, 80, 1, 4)  # a kind of a subject that says nothing of its lengths
WORKED_OUT = re.compile(r"\{[^{}]*\}")
FORESAW = 15  # words that tell how a prediction came out


def asked_in(fence: ExerciseFence) -> int:
    """How many fields an exercise fence leaves blank, by its parameters and its fading level."""
    fields = _fields(fence)
    third, half = -(-fields // 3), -(-fields // 2)
    return {0: max(third, min(2, half)), 1: half, 3: 0}.get(fence.level, fields)


def _length(fence: ExerciseFence) -> Length:
    """How long its kind is; of a written exercise its own text tells."""
    if fence.kind != "written":
        return LENGTHS.get(fence.kind, UNKNOWN)
    says = fence.params
    guess, why, scenes = "predict" in says, "explain" in says, len(says.get("see", ()))
    told = _told(says)
    first = says.get("predict", {})
    first = first[0] if isinstance(first, list) and first else first
    own = _told(first) if isinstance(first, dict) else 0
    words = told + ((own or told) + FORESAW) * guess
    pages = 1 + guess + bool(guess or scenes) + why
    drawn = isinstance(first, dict) and "draws" in first
    figures = scenes + drawn  # what was drawn, beside what comes
    if guess and not scenes and not drawn:
        tables = len(says.get("shows", ())) or bool(says.get("strip"))
        figures += 1 + tables  # the sheet worked through
    return Length(_fields(fence), guess + why, words, figures, pages, predicts=int(guess))


def _handles(fence: ExerciseFence) -> int:
    """How many handles its prediction is drawn by; 1 where it is chosen."""
    first = fence.params.get("predict", {}) if fence.kind == "written" else {}
    first = first[0] if isinstance(first, list) and first else first
    draws = first.get("draws", {}) if isinstance(first, dict) else {}
    return 2 if "neuron" in draws else max(1, len(draws.get("at", ())))


def _told(says: Mapping[str, Any]) -> int:
    """Words of what is told; what stands in braces is worked out, and most often a number."""
    return len(WORKED_OUT.sub("0", without_tables(str(says.get("tells", "")))).split())


def _fields(fence: ExerciseFence) -> int:
    if fence.kind == "written" and "asks" not in fence.params:
        return sum(map(_cells, fence.params.get("lines", {}).values()))
    named = fence.params.get("asks", fence.params.get("only"))
    if isinstance(named, list | tuple):
        lines = fence.params.get("lines", {})
        return sum(_cells(lines.get(name, "")) for name in named)
    smaller = [fields for (kind, name, value), fields in SMALLER.items()
               if kind == fence.kind and fence.params.get(name) == value]
    return smaller[0] if smaller else LENGTHS.get(fence.kind, UNKNOWN).fields


def _cells(line: Any) -> int:
    """How many numbers a written line asks for: one, or one for each that it stands for."""
    if not isinstance(line, dict) or line.get("ask", True) is False:
        return int(isinstance(line, str))
    each = line.get("each")
    return sum(map(len, each.values())) if isinstance(each, dict) else 1


def is_typed(item: Item, level: int) -> bool:
    """Whether an item that comes back at a level of the fading ladder is typed, not clicked.

    On the highest level the wrong line of a sheet is chosen, where there are enough of them.
    """
    if isinstance(item, ExerciseFence):
        typed = LENGTHS.get(item.kind, UNKNOWN).typed
        return typed and (level < ladder.HIGHEST or _fields(item) < FEWEST_LINES)
    return item.asks == "number"


def first_level(item: Item) -> int:
    """The level at which an item is asked first."""
    return item.level if isinstance(item, ExerciseFence) else 0


def form_seconds(item: Item, level: int) -> float:
    """Seconds of an item that comes back, in its short form; a form of choices has no shorter one."""
    if is_typed(item, level):
        return SHORT
    if isinstance(item, Quiz):
        return CHOICE + FIGURE * (item.asks == "setting")
    if (length := LENGTHS.get(item.kind, UNKNOWN)).typed:
        return CHOICE
    chosen = _fields(item)
    return TYPED + FIELD * chosen if chosen else CHOICE * length.clicked


def usual_seconds(item: Item, own_ms: int | None) -> float:
    """Seconds that an item takes a learner: the own median once known; a coffee break is no pace."""
    form = form_seconds(item, first_level(item))
    return form if own_ms is None else min(own_ms / 1000, LONGEST * form)


def reading_seconds(markdown: str) -> float:
    return WORD * len(markdown.split())


def section_seconds(section: Section) -> float:
    return WORD * section.words + FIGURE * section.figures


def drawing_seconds(handles: int) -> float:
    """Seconds to draw a curve or a line by its handles."""
    return CHOICE + HANDLE * (handles - 1)


def exercise_unit(key: str, fence: ExerciseFence) -> LessonUnit:
    """An exercise of a lesson, whole: prediction, question, what came of it, explanation. One that asks
    for some of its fields, or is brief, is its question alone.
    """
    length, fields = _length(fence), asked_in(fence)
    if fence.kind != "written" and (fence.params.get("asks") or fence.params.get("brief")):
        length = length._replace(clicks=0, words=length.words // max(1, length.pages), figures=0, pages=1)
    asks = CHOICE * (length.clicks + (fence.level == 3)) + (TYPED + FIELD * fields if fields else 0.0)
    if length.predicts:
        asks += HANDLE * (_handles(fence) - 1)
    reads = WORD * length.words + FIGURE * length.figures + reading_seconds(fence.before)
    judged = max(1, length.clicks - length.predicts + bool(fields))
    return LessonUnit(key, reads, asks, length.pages, judged, SHORT if is_typed(fence, fence.level) else 0.0)


def quiz_unit(key: str, item: Item) -> LessonUnit:
    """A question, or an exercise's graded step; where a wrong line is found there it is mended, too."""
    level = first_level(item)
    seconds, mends = form_seconds(item, level), _mends(item)
    again = seconds if is_typed(item, level) else 0.0
    return LessonUnit(key, 0.0, seconds + SHORT * mends, 1 + mends, 1 + mends, again)


def _mends(item: Item) -> bool:
    """Whether a wrong line is found in it, and then mended."""
    finds = isinstance(item, ExerciseFence) and item.level == ladder.HIGHEST
    return finds and is_typed(item, 0) and not is_typed(item, ladder.HIGHEST)


_LESSONS: dict[tuple[str, str], tuple[LessonUnit, ...]] = {}  # by drop and text: counted once


def lesson(drop: Drop) -> tuple[LessonUnit, ...]:
    """A drop from its first section to its recap, unit by unit, under the keys of a session's units."""
    known = drop.id, drop.digest
    if known not in _LESSONS:
        _LESSONS[known] = (
            *(
                LessonUnit(f"{drop.id}/read/{n}", section_seconds(one), 0.0)
                for n, one in enumerate(drop.sections)
            ),
            *(exercise_unit(f"{drop.id}/do/{one.id}", one) for one in drop.exercises),
            *(quiz_unit(f"{drop.id}/quiz/{one.id}", one) for one in drop.quiz),
            LessonUnit(f"{drop.id}/carry", sum(map(reading_seconds, drop.carry_forward)), 0.0),
        )
    return _LESSONS[known]
