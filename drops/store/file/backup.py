"""Copies of the progress file that are known to be good.

SQLite's backup API to a temporary name → quick_check and every digest on the copy → fsync
→ rename. Kept: the newest of each of 7 days, 4 weeks and 12 months.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Connection

from drops.clock import Moment
from drops.errors import Damaged
from drops.store.file.backups import backups, keep
from drops.store.file.connect import driver, plainly
from drops.store.file.files import BACKUPS, no_home, replacing
from drops.store.file.header import DAMAGED
from drops.store.file.integrity import examine, open_raw
from drops.store.ids import utc

BEFORE_IMPORT = "before-import"      # how a copy from before an import is labelled


def back_up(db: Connection, path: Path, now: Moment, label: str = "") -> Path:
    """A verified copy of the open file; its path. Raises Damaged when the copy does not verify."""
    folder = path.parent / BACKUPS
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise no_home(folder, "cannot be created", error) from None
    copy = _free_name(folder, now, label)
    with replacing(copy) as fresh:
        with (plainly(path, "no backup was made, what is saved is safe"),
              closing(sqlite3.connect(fresh, isolation_level=None)) as target):
            driver(db).backup(target)
            target.execute("PRAGMA journal_mode=DELETE")    # one file, no log beside it
        if faults := examine(fresh):
            raise Damaged(DAMAGED.format(path=path, what=faults[0]), path)
    _thin(path, copy)
    return copy


def _free_name(folder: Path, now: Moment, label: str) -> Path:
    """The second in its name; of two in one second the later one takes the next, and none another's place."""
    ahead = 0
    while True:
        at = utc(now.us + ahead * 1_000_000)
        copy = folder / f"{now.day.isoformat()}_{at:%H%M%S}{label and '-' + label}.db"
        if not copy.exists():
            return copy
        ahead += 1


def _thin(path: Path, latest: Path) -> None:
    """Remove what is not worth keeping; never the copy just made, whatever day the clock believes it is,
    nor the ones by which an import can be taken back."""
    copies = backups(path)
    # Two: the newest is of an import that is only just being made, and may bring nothing.
    before_imports = [copy.path for copy in copies if copy.path.stem.endswith(BEFORE_IMPORT)][:2]
    for copy in set(copies) - keep(copies):
        if copy.path not in (latest, *before_imports):
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
