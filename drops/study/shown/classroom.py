"""What a class's teacher is shown: who is where, who may be stuck, and which mix-ups the class holds.

A learner is shown the same of themselves, and nobody of another. Where few share something it is not said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from drops.course.model import Drop, Library
from drops.errors import Unknown
from drops.store.server.questions import RECENTLY, SHOWN, Pupil
from drops.study.tasks import title_of
from drops.text import counted, often

AWAY = 7  # days without an answer, after which one is asked for
FEWEST, FEWEST_OF = 3, 5  # who share a mix-up; a class of whom anything is said


class PupilLine(NamedTuple):
    """Where one learner stands."""

    name: str
    drop: str  # the furthest that they have pages of, with its number; "" before the first
    pages: int  # passed, of all drops
    answers: int
    minutes: int
    last: date | None  # the learner-day of their last answer
    stuck: tuple[str, ...]  # why somebody may want to look


class SharedMixUp(NamedTuple):
    """A mix-up that several learners showed in a drop."""

    drop: str
    title: str
    item: str  # a worksheet that shows it
    learners: int
    twice: int  # of them, at least twice
    of: int

    @property
    def says(self) -> str:
        """In a sentence."""
        again = f"; {self.twice} of them twice" if self.twice >= FEWEST else ""
        return f"{self.learners} of {self.of}: {self.title}{again}"


class ClassView(NamedTuple):
    """A class as its teacher sees it."""

    name: str
    pupils: tuple[PupilLine, ...]
    shared: tuple[SharedMixUp, ...]  # most shared first
    too_few: bool  # of whom anything is said
    day: date  # of the teacher


def class_view(library: Library, name: str, pupils: Sequence[Pupil], day: date) -> ClassView:
    """Everybody in the order of the roster, and what they share."""
    lines = tuple(pupil_line(library, pupil, day) for pupil in pupils)
    return ClassView(name, lines, _shared(library, pupils), len(pupils) < FEWEST_OF, day)


def pupil_line(library: Library, pupil: Pupil, day: date) -> PupilLine:
    """One learner, as the teacher and they themselves see it."""
    order = {drop.id: place for place, drop in enumerate(library)}
    begun = [drop for drop in pupil.pages if drop in order]
    furthest = max(begun, key=order.__getitem__, default="")
    return PupilLine(
        pupil.name,
        _named(library.drop(furthest)) if furthest else "",
        sum(pupil.pages.values()),
        pupil.answers,
        round(pupil.ms / 60_000),
        date.fromordinal(pupil.last_day) if pupil.last_day else None,
        tuple(_stuck(library, pupil, day)),
    )


def _named(drop: Drop) -> str:
    return f"{drop.number} · {drop.title}" if drop.number else drop.title


def _stuck(library: Library, pupil: Pupil, day: date) -> Iterable[str]:
    away = day.toordinal() - pupil.last_day if pupil.last_day else 0
    if away >= AWAY:
        yield f"away for {away} days"
    for drop, name, item, times, last in _by_drop(pupil):
        if times >= SHOWN and last > day.toordinal() - RECENTLY:
            yield f"{title_of(library, name, item)}, {often(times)} in {_short(library, drop)}"
    for item, lapses in sorted(pupil.lapsed.items()):
        yield f"forgot {_item_of(library, item)} {counted(lapses, 'time')}"


def _by_drop(pupil: Pupil) -> list[tuple[str, str, str, int, int]]:
    """Drop, mix-up, the item that showed it most, how often, and the last day."""
    found: dict[tuple[str, str], list[tuple[int, str, int]]] = defaultdict(list)
    for item, name, times, last in pupil.shown:
        found[item.partition("/")[0], name].append((times, item, last))
    return [
        (drop, name, max(shown)[1], sum(times for times, _, _ in shown), max(last for _, _, last in shown))
        for (drop, name), shown in sorted(found.items())
    ]


def _shared(library: Library, pupils: Sequence[Pupil]) -> tuple[SharedMixUp, ...]:
    if len(pupils) < FEWEST_OF:
        return ()
    who: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for pupil in pupils:
        for drop, name, item, times, _ in _by_drop(pupil):
            who[drop, name].append((times, item))
    found = [
        SharedMixUp(
            _drop_of(library, drop),
            title_of(library, name, max(shown)[1]),
            _item_of(library, max(shown)[1]),
            len(shown),
            sum(times >= 2 for times, _ in shown),
            len(pupils),
        )
        for (drop, name), shown in who.items()
        if len(shown) >= FEWEST
    ]
    return tuple(sorted(found, key=lambda one: (-one.learners, one.drop, one.title)))


def _drop_of(library: Library, drop: str) -> str:
    try:
        return _named(library.drop(drop))
    except Unknown:
        return drop


def _short(library: Library, drop: str) -> str:
    try:
        return library.drop(drop).called
    except Unknown:
        return drop


def _item_of(library: Library, key: str) -> str:
    try:
        _, item = library.item(key)
    except Unknown:
        return key
    return item.title or key
