"""Copies of the progress file that are known to be good.

SQLite's backup API to a temporary name → quick_check and every digest on the copy → fsync
→ rename. Kept: the newest of each of 7 days, 4 weeks and 12 months.
"""

from __future__ import annotations

import itertools
import re
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from drops.clock import Moment
from drops.errors import Damaged, NotSaved
from drops.store.connect import DAMAGED, explained
from drops.store.files import BACKUPS, no_home, replacing
from drops.store.rows import digest_of

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)_(\d{6})(?:-[a-z0-9-]+)?\.db")

_OF_A_VALUE = re.compile(r"(?:value in|constraint failed in) \w+")


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
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now.us)
    copy = folder / f"{now.day.isoformat()}_{moment:%H%M%S}{label and '-' + label}.db"
    with replacing(copy) as fresh:
        try:
            with closing(sqlite3.connect(fresh, isolation_level=None)) as target:
                driver(db).backup(target)
                target.execute("PRAGMA journal_mode=DELETE")    # one file, no log beside it
        except sqlite3.Error as error:
            if isinstance(told := explained(error, path), NotSaved):
                why = str(told).partition(";")[0]
                told = NotSaved(f"{why}; no backup was made, what is saved is safe", path)
            raise told from error
        if faults := examine(fresh):
            raise Damaged(DAMAGED.format(path=path, what=faults[0]), path)
    _thin(path, copy)
    return copy


def driver(db: Connection) -> sqlite3.Connection:
    """SQLite's own connection under SQLAlchemy's: the backup API is there."""
    raw = db.connection.driver_connection
    if not isinstance(raw, sqlite3.Connection):
        raise TypeError("the store speaks to SQLite")
    return raw


def examine(file: Path) -> list[str]:
    """What is wrong with a progress file that nobody has open: nothing, or lines. Reads every byte."""
    uri = f"{file.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            bad = itertools.islice(changed(db), 5)
            return faults_of(db, "quick_check") + [
                f"answer {number} was changed after it was written" for number in bad]
    except sqlite3.Error as error:
        return [str(error)]


def faults_of(db: sqlite3.Connection, check: str) -> list[str]:
    """What SQLite's `check` finds wrong with the pages, one line each; values are the digests' business."""
    db.execute("PRAGMA ignore_check_constraints=ON")
    report = [line for block, in db.execute(f"PRAGMA {check}(5)") for line in block.splitlines()]
    pages = [line for line in report if line != "ok" and not line.startswith("***")]
    return [line for line in pages if not _OF_A_VALUE.search(line)]


def changed(db: sqlite3.Connection) -> Iterable[str]:
    """The ids of events whose digest does not match."""
    for row in db.execute(
            "SELECT learner_id, event_id, device_id, target_id, kind, item_key, occurred_us, tz_offset_min,"
            " study_day, rating, correct, duration_ms, payload, digest FROM event"):
        try:
            good = digest_of(row) == row[13]
        except (AttributeError, TypeError, ValueError):     # a flipped byte may have changed a column's type
            good = False
        if not good:
            yield row[1].hex() if isinstance(row[1], bytes) else str(row[1])


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
            with closing(sqlite3.connect(f"{copy.path.resolve().as_uri()}?mode=ro", uri=True)) as db:
                count = int(db.execute("SELECT count(*) FROM event").fetchone()[0])
            if best is None or count > best[0]:
                best = count, copy.path
    return best and best[1]


def private_copy(path: Path, folder: Path) -> Path:
    """A copy of a progress file in `folder`, with the answers that are still in its write-ahead log."""
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name
