"""`drops doctor`: what is well with the progress file, and what to do where it is not."""

from __future__ import annotations

import platform
import shlex
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy
from sqlalchemy import Connection, select

import drops
from drops.clock import Moment
from drops.errors import StoreError
from drops.store import derive
from drops.store.file import schema
from drops.store.file.backups import backups, check_own_header, refuse_to_begin_afresh
from drops.store.file.connect import connect, disconnect, driver, plainly
from drops.store.file.files import BACKUPS, WINDOWS, prepare_home
from drops.store.file.header import RESTORE, SCHEMA
from drops.store.file.integrity import changed, examine, faults_of, open_raw
from drops.store.file.shape import is_shaped
from drops.store.item import Fold
from drops.store.tables import CHECKSUM, DERIVED
from drops.text import counted

_WAL_FAULT_MENDED = (3, 51, 3)
_ROOM = 50_000_000       # bytes: years of answers, and a backup of them


@dataclass(frozen=True, slots=True)
class Checked:
    """One line of the doctor's: what was looked at, and what to do when it is not well."""

    ok: bool
    what: str
    do: str = ""


def doctor(home: Path, fold: Fold, now: Moment) -> list[Checked]:
    """Look at everything that can be wrong; writes nothing."""
    findings = [_versions(), _wal_fault()]
    try:
        path = prepare_home(home, read_only=True)
        findings.append(_room(home))
        if not path.exists():
            refuse_to_begin_afresh(path)
            return [*findings, Checked(True, f"no progress in {home} yet")]
        schema_of_file = check_own_header(path).schema
    except StoreError as error:
        return [*findings, Checked(False, str(error), _what_to_do(error))]
    current = schema_of_file == SCHEMA
    return [*findings, *_private(path), *_contents(path, fold if current else None), *_backups(path, now)]


def _versions() -> Checked:
    return Checked(True, f"drops {drops.__version__}, Python {platform.python_version()}, "
                         f"SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__}")


def _wal_fault() -> Checked:
    if sqlite3.sqlite_version_info >= _WAL_FAULT_MENDED:
        return Checked(True, "SQLite has no known fault in its write-ahead log")
    return Checked(True, "drops lets one program write at a time: what SQLite "
                         f"{sqlite3.sqlite_version} does wrong where two do (mended in 3.51.3) cannot happen")


def _room(home: Path) -> Checked:
    there = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    return Checked(free >= _ROOM, f"{free / 1e6:,.0f} MB free on the disk of {home}",
                   "" if free >= _ROOM else "make room, or the next answers may not be saved")


def _what_to_do(error: StoreError) -> str:
    """The errors name the next step themselves, in their last part."""
    return str(error).rpartition("; ")[2]


def _private(path: Path) -> Iterator[Checked]:
    if WINDOWS:  # a folder of the learner's is private there, and says so in other words
        return
    for place, wanted in ((path.parent, 0o700), (path, 0o600)):
        mode = stat.S_IMODE(place.stat().st_mode)
        shared = mode & 0o077
        yield Checked(not shared, f"{place} is {'open to others' if shared else 'private'} ({mode:o})",
                      f"chmod {wanted:o} {shlex.quote(str(place))}" if shared else "")


def _contents(path: Path, fold: Fold | None) -> Iterator[Checked]:
    """Without a fold the file is of an earlier schema, and nothing can be compared."""
    try:
        with plainly(path), closing(open_raw(path)) as db:
            yield from _whole(db)
            if fold:
                yield _fold_equals_replay(db, path, fold)
            else:
                yield Checked(True, "made by an earlier drops; the next start brings it up to date")
    except StoreError as error:
        yield Checked(False, str(error), RESTORE)


def _whole(db: sqlite3.Connection) -> Iterator[Checked]:
    if faults := faults_of(db, "integrity_check"):
        yield Checked(False, f"damaged: {'; '.join(faults)}", RESTORE)
    else:
        yield Checked(True, "every page of the file is sound")
    count = db.execute("SELECT count(*) FROM event").fetchone()[0]
    if bad := list(changed(db)):
        named = ", ".join(bad[:3])
        yield Checked(False, f"{len(bad)} of {count:,} events were changed after they were written: {named}",
                      RESTORE)
    else:
        yield Checked(True, f"{counted(count, 'event')}, each as it was written")


def _fold_equals_replay(db: sqlite3.Connection, path: Path, fold: Fold) -> Checked:
    """Replay the log in a copy in memory, and compare with what the file says was derived."""
    copy = connect(None)
    try:
        db.backup(driver(copy))
        learner, _ = schema.identity(copy, path)
        before = _derived(copy) if is_shaped(driver(copy)) else None
        schema.reshape(copy)
        derive.rebuild(copy, learner, fold)
        same = before == _derived(copy)
    finally:
        disconnect(copy)
    return Checked(same, "what was derived equals a replay of the log" if same else
                   "what was derived does not equal a replay of the log",
                   "" if same else "`drops doctor --rebuild` derives it again; no answer is touched")


def _derived(db: Connection) -> list[set[tuple[object, ...]]]:
    return [{tuple(row) for row in db.execute(select(table))} for table in (*DERIVED, CHECKSUM)]


def _backups(path: Path, now: Moment) -> Iterator[Checked]:
    copies, folder = backups(path), path.parent / BACKUPS
    if folder.exists() and not folder.is_dir():
        what = f"{folder} is a file, not a folder, and so no backup can be made"
        yield Checked(False, what, "move it away")
    elif not copies and _days_answered(path) > 1:    # the first start of a second day makes one
        yield Checked(False, "there is no backup", "`drops backup` makes one")
    elif not copies:
        yield Checked(True, "no backup yet: the first start of the next day makes one")
    if not copies:
        return
    many, tomorrow = counted(len(copies), "backup"), now.day + timedelta(days=1)  # as far as journeys go
    newest = next((copy.day for copy in copies if copy.day <= tomorrow), None)
    if newest is None:
        what = f"{many}, all dated ahead of this machine's date, {now.day}"
        yield Checked(False, what, "set its date, or `drops backup` makes one now")
    else:
        age = max((now.day - newest).days, 0)
        ahead = sum(copy.day > tomorrow for copy in copies)
        what = f"{many}, the newest from {newest} ({counted(age, 'day')} ago)"
        if ahead:
            what += f"; {ahead} more {'is' if ahead == 1 else 'are'} dated ahead of this machine's date"
        yield Checked(age <= 7, what, "" if age <= 7 else "`drops backup` makes one")
    for copy in copies:
        if faults := examine(copy.path):
            yield Checked(False, f"backup {copy.path.name} is damaged ({faults[0]})",
                          "`drops backup` makes a good one; delete this one")


def _days_answered(path: Path) -> int:
    try:
        with closing(open_raw(path)) as db:
            return int(db.execute("SELECT count(DISTINCT study_day) FROM event").fetchone()[0])
    except sqlite3.Error:
        return 0    # what is damaged is told already
