"""Which copies of the progress file lie in `backups/`, and which of them are worth keeping.

Standard library only: a first paint that finds no progress file asks whether there are copies of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple

from drops.errors import Damaged, Foreign
from drops.store.file.files import BACKUPS
from drops.store.file.header import RESTORE, Header, check_header

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{6})(?:-[a-z0-9-]+)?\.db")


class Backup(NamedTuple):
    """A copy in `backups/`: the learner-day and the time (UTC, hhmmss) it was made."""

    day: date
    time: str
    path: Path


def backups(path: Path) -> list[Backup]:
    """The copies beside the progress file, the newest first. Whatever else lies there is not ours."""
    found = []
    folder = path.parent / BACKUPS
    for file in folder.iterdir() if folder.is_dir() else ():
        if (name := _NAME.fullmatch(file.name)) and file.is_file():
            with suppress(ValueError):
                found.append(Backup(date.fromisoformat(name[1]), name[2], file))
    return sorted(found, reverse=True)


def made_on(path: Path, day: date) -> bool:
    """Whether there is a copy from that learner-day."""
    return any(backup.day == day for backup in backups(path))


def refuse_to_begin_afresh(path: Path) -> None:
    """Raises Damaged when the progress file is gone but its backups are there: that is no new learner."""
    if copies := backups(path):
        raise Damaged(f"{path} is missing, but its backups are there ({len(copies)}); "
                      "`drops doctor --restore` brings the newest back "
                      f"(to begin afresh, move {path.parent / BACKUPS} away)", path)


def check_own_header(path: Path) -> Header:
    """`check_header` of the learner's own file: where there are copies of it, it is said that they bring
    back what no longer begins as drops wrote it."""
    try:
        return check_header(path)
    except Foreign as foreign:
        if not backups(path):
            raise
        raise Foreign(f"{foreign}; {RESTORE}", path) from None


def keep(copies: Iterable[Backup]) -> set[Backup]:
    """Those worth keeping: the newest of each of the last 7 days, 4 weeks and 12 months that have one."""
    newest_first = sorted(copies, reverse=True)
    kept: set[Backup] = set()
    for count, period in ((7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m")):
        newest: dict[str, Backup] = {}
        for copy in newest_first:
            newest.setdefault(copy.day.strftime(period), copy)
        kept.update(list(newest.values())[:count])
    return kept
