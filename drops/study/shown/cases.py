"""The case book: of each fault of the clinic whether it was met and solved, and what was taken for what.

Read from the log: a case of the first edition counts as met, and its mix-up counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from drops.course.model import Drop, ExerciseFence, Library
from drops.events import Event, Kind
from drops.store.log import Log
from drops.study.own.ward import CLINIC
from drops.text import counted


@dataclass(frozen=True)
class KnownFault:
    """A fault as the case book has it."""

    name: str
    cause: str
    sets: tuple[str, ...]  # that it belongs to
    met: int
    named: int  # how often it was named, of those
    solved: int  # of them by evidence
    taken_for: tuple[tuple[str, int], ...]  # causes that were named instead, and how often
    means: str
    shows: tuple[str, ...]  # an expert's gauges, and what each says

    @property
    def stands(self) -> str:
        """ "solved by evidence", "met, not solved by evidence yet" or "not met"."""
        if self.solved:
            return "solved by evidence"
        return "met, not solved by evidence yet" if self.met else "not met"


@dataclass(frozen=True)
class Confusion:
    """A cell of a set's matrix: what was named, and what it was."""

    named: str
    true: str
    times: int
    parts: str  # the gauge that parts the two, or ""


@dataclass(frozen=True)
class SetOfCauses:
    """A set of look-alikes, and its matrix: named against true."""

    name: str
    causes: tuple[str, ...]  # faults, in the order of rows and columns
    named: Mapping[tuple[str, str], int]  # (true, named) → times
    confusions: tuple[Confusion, ...]  # off the diagonal, the most frequent first


@dataclass(frozen=True)
class CaseBook:
    faults: tuple[KnownFault, ...]
    sets: tuple[SetOfCauses, ...]
    cases: int

    @property
    def says(self) -> str:
        met, solved = (
            sum(map(bool, of)) for of in zip(*((f.met, f.solved) for f in self.faults), strict=True)
        )
        if not self.cases:
            return f"no case yet: {len(self.faults)} faults to meet"
        cases = counted(self.cases, "case")
        return f"{cases}: {met} of {len(self.faults)} faults met, {solved} solved by evidence"


def case_book(library: Library, log: Log) -> CaseBook:
    """Everything that the log says of cases."""
    from drops.networks.clinic.evidence import parting, usual_route  # late: they bring numpy
    from drops.networks.clinic.worlds import WORLDS
    from drops.networks.faults.table import FAULTS

    cases = [found for event in _answered(library, log) if (found := _case(event)) is not None]
    met = Counter(one.true for one in cases)
    named = Counter(one.true for one in cases if one.right)
    solved = Counter(one.true for one in cases if one.proved)
    taken = Counter((one.true, one.instead) for one in cases if one.instead)
    faults = tuple(
        KnownFault(
            name,
            fault.cause,
            tuple(world for world, one in WORLDS.items() if name in one.faults),
            met[name],
            named[name],
            solved[name],
            tuple(
                (FAULTS[other].cause, times)
                for (true, other), times in taken.most_common()
                if true == name and other in FAULTS
            ),
            fault.means,
            usual_route(name),
        )
        for name, fault in FAULTS.items()
    )
    sets = []
    for world, one in WORLDS.items():
        said = Counter(case.named for case in cases if case.world in (world, ""))
        cells = {(a, b): said[a, b] for a in one.faults for b in one.faults if said[a, b]}
        wrong = sorted(
            ((n, true, other) for (true, other), n in cells.items() if true != other), reverse=True
        )
        confusions = tuple(
            Confusion(FAULTS[other].cause, FAULTS[true].cause, times, parting(world, true, other))
            for times, true, other in wrong
        )
        sets.append(SetOfCauses(world, one.faults, cells, confusions))
    return CaseBook(faults, tuple(sets), len(cases))


def rounds_of(drop: Drop, log: Log) -> str:
    """What the cases of a lesson come to, each by its newest try; "" of a lesson with fewer than two."""
    from drops.networks.clinic.score import added_up

    keys = [f"{drop.id}/{fence.id}" for fence in drop.exercises if fence.kind == CLINIC]
    if len(keys) < 2:
        return ""
    newest = (next(_points(log, key), None) for key in keys)
    return added_up([points for points in newest if points is not None], len(keys))


def _points(log: Log, key: str) -> Iterator[int]:
    """Of each try at a case, the newest first."""
    for event in log.events(kinds=(Kind.GRADED, Kind.PRACTICE), item_prefix=key, newest_first=True):
        points = event.payload.get("points")
        if event.item_key == key and type(points) is int:
            yield points


def _answered(library: Library, log: Log) -> list[Event]:
    """The first tries at all cases, of lessons and of the ward round."""
    keys = [key for key, item in library.items() if isinstance(item, ExerciseFence) and item.kind == CLINIC]
    kinds = (Kind.GRADED, Kind.PRACTICE)
    return [
        event
        for key in keys
        for event in log.events(kinds=kinds, item_prefix=key)
        if event.item_key == key and event.payload.get("kind") == CLINIC
    ]


class _Case(NamedTuple):
    """What an event says of a case."""

    world: str  # the set it was of; "" of the first edition, which stands in each that has its faults
    true: str
    right: bool
    proved: bool  # named by evidence
    instead: str  # what was named instead, or ""

    @property
    def named(self) -> tuple[str, str]:
        """What it was, and what was named."""
        return self.true, self.true if self.right else self.instead


def _case(event: Event) -> _Case | None:
    """None where the event does not say what it was."""
    said: Mapping[str, Any] = event.payload
    numbers = said.get("numbers")
    if not isinstance(numbers, Mapping) or said.get("step") != "do":
        return None
    true, world = numbers.get("fault"), numbers.get("world")
    if not isinstance(true, str):
        return None
    mixed = said.get("misconceptions")
    instead = str(mixed[0]) if isinstance(mixed, list) and mixed else ""
    return _Case(
        world if isinstance(world, str) else "",
        true,
        event.correct is True,
        said.get("evidence") is True,
        instead,
    )
