"""Copies of the progress file that are known to be good.

SQLite's backup API to a temporary name → quick_check and every digest on the copy → fsync
→ rename. Kept: the newest of each of 7 days, 4 weeks and 12 months.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from drops.clock import Moment
from drops.errors import Damaged
from drops.store.connect import DAMAGED, driver, plainly
from drops.store.files import BACKUPS, no_home, replacing
from drops.store.ids import utc
from drops.store.sound import examine, open_raw

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{6})(?:-[a-z0-9-]+)?\.db")


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """A copy in `backups/`: the learner-day and the time (UTC, hhmmss) it was made."""

    day: date
    time: str
    path: Path


def backups(path: Path) -> list[Backup]:
    """The copies beside the progress file, the newest first. Whatever else lies there is not ours."""
    found = []
    folder = path.parent / BACKUPS
    for file in folder.iterdir() if folder.is_dir() else ():
        if name := _NAME.fullmatch(file.name):
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


def back_up(db: Connection, path: Path, now: Moment, label: str = "") -> Path:
    """A verified copy of the open file; its path. Raises Damaged when the copy does not verify."""
    folder = path.parent / BACKUPS
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise no_home(folder, "cannot be created", error) from None
    copy = folder / f"{now.day.isoformat()}_{utc(now.us):%H%M%S}{label and '-' + label}.db"
    with replacing(copy) as fresh:
        with (plainly(path, "no backup was made, what is saved is safe"),
              closing(sqlite3.connect(fresh, isolation_level=None)) as target):
            driver(db).backup(target)
            target.execute("PRAGMA journal_mode=DELETE")    # one file, no log beside it
        if faults := examine(fresh):
            raise Damaged(DAMAGED.format(path=path, what=faults[0]), path)
    _thin(path, copy)
    return copy


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


def _thin(path: Path, latest: Path) -> None:
    """Remove what is not worth keeping; never the copy just made, whatever day the clock believes it is."""
    copies = backups(path)
    for copy in set(copies) - keep(copies):
        if copy.path != latest:
            with suppress(OSError):
                copy.path.unlink()


def newest_good(path: Path) -> Path | None:
    """The sound copy that holds most. A log only grows, so that is the newest one, also when the
    clock was set back in between and the names say otherwise."""
    best: tuple[int, Path] | None = None
    for copy in backups(path):
        if not examine(copy.path):
            with closing(open_raw(copy.path)) as db:
                count = int(db.execute("SELECT count(*) FROM event").fetchone()[0])
            if best is None or count > best[0]:
                best = count, copy.path
    return best and best[1]
