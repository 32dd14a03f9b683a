"""A lesson while it is written: its pages in order, the mistakes of the check, and what is on the disk now.

Read-only to the author's files, and of a session that is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from drops.clock import Moment
from drops.course.check import check
from drops.course.model import Drop, LearningPath, Library, Problem
from drops.course.parse import MARKDOWN, read
from drops.store.ids import next_id
from drops.study.question import front
from drops.study.session import Session, Unit, lesson_units, recall_unit

Stamp = tuple[tuple[str, int, int], ...]  # each file: its name, when it was written, its size


class Draft(NamedTuple):
    """What could be read. `units` is empty where nothing can be shown."""

    library: Library
    units: tuple[Unit, ...]
    problems: tuple[Problem, ...]


def folder_of(target: Path) -> Path:
    return target if target.is_dir() else target.parent


def stamp(target: Path) -> Stamp:
    """What the files of the path are like now: it changes whenever one is saved."""
    found = []
    for file in sorted(folder_of(target).iterdir()):
        if file.suffix.lower() in MARKDOWN:
            state = file.stat()
            found.append((file.name, state.st_mtime_ns, state.st_size))
    return tuple(found)


def read_draft(target: Path, beside: Sequence[LearningPath]) -> Draft:
    """The lesson at `target`, or all those of a folder; `beside` are paths that it may link to."""
    reading = read([folder_of(target)], claims=False)
    problems = tuple(Problem(e.place, e.what, e.remedy) for e in reading.errors)
    mine = {path.id for path in reading.paths}
    taken = {drop.id for path in reading.paths for drop in path.drops}
    others = [p for p in beside if p.id not in mine and not any(drop.id in taken for drop in p.drops)]
    drops = [drop for path in reading.paths for drop in path.drops if _is_meant(drop, target)]
    units = tuple(unit for drop in drops for unit in _units(drop))
    return Draft(Library((*reading.paths, *others)), units, problems)


def _is_meant(drop: Drop, target: Path) -> bool:
    name = drop.place.file.rpartition("/")[2]
    return target.is_dir() or target.name in (name, "path.md")


def _units(drop: Drop) -> tuple[Unit, ...]:
    """All of a drop, and behind it what is asked only when it comes back."""
    return (*lesson_units(drop), *(recall_unit(f"{drop.id}/{item.id}") for item in drop.review))


def checked(target: Path, beside: Sequence[Path]) -> tuple[Problem, ...]:
    """What the check says of the lesson at `target`, or of all of a folder."""
    only = "" if target.is_dir() else target.name
    return tuple(check([folder_of(target)], beside=beside, only=only))


def session_at(units: tuple[Unit, ...], at: int, now: Moment) -> Session:
    """A session that stands at one of its units, those before it behind."""
    day = now.day.toordinal()
    session = Session(next_id(None, now.us).hex(), "drop", day, units, at_us=now.us)
    return session._replace(done=frozenset(unit.key for unit in units[:at]))


def step_on(session: Session, library: Library) -> Session | None:
    """The session at the next step of its exercise, whatever was answered; None where none follows."""
    unit = session.unit
    if unit is None or unit.kind != "exercise":
        return None
    at = front(library, session, unit)
    left = [step.name for step in at.steps if step.name not in at.work.passed]
    passed = (*at.work.passed, *left[:1])
    return session.with_work(unit.key, at.work._replace(passed=passed)) if len(left) > 1 else None


def place_of(session: Session) -> int:
    """Which of its units a session stands at; their number at its end."""
    return next((i for i, unit in enumerate(session.units) if unit == session.unit), len(session.units))
