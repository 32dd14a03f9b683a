"""Bringing a damaged history back: the newest good backup, and every readable event after it.

The damaged file is never changed: it is copied to `damaged/` first, and that copy stays.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from sqlalchemy import Connection, func, select

from drops.clock import Moment
from drops.errors import Damaged, Foreign, NotSaved, StoreError
from drops.store import derive
from drops.store.file import schema
from drops.store.file.backup import newest_good
from drops.store.file.backups import backups
from drops.store.file.connect import connect, disconnect, transaction
from drops.store.file.files import RESTORING, Lock, prepare_home, private_copy, sync
from drops.store.file.header import FILE_NAME, SCHEMA, check_header, whose
from drops.store.file.integrity import changed, faults_of, open_raw
from drops.store.file.salvage import Wreck, describe_lost
from drops.store.ids import utc
from drops.store.item import Fold
from drops.store.merge import merge
from drops.store.tables import EVENT

ASIDE = "damaged"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what did not."""

    backup: Path | None          # the copy it began from; None when there was no good one
    events: int                  # in the log now
    salvaged: int                # of these, read from the damaged file
    lost: tuple[str, ...]        # "2026-11-20 drop/item": known to have been there, and not readable
    aside: Path | None           # the folder in which the file that was there lies now
    sound: bool = False          # nothing was wrong with that file
    needless: bool = False       # and no copy held more than it: it stands as it was


def restore(home: Path, fold: Fold, now: Moment) -> Restored:
    """Replace the progress file by the newest good backup and all that is still readable after it. A
    sound file that holds all of this already is left as it is.

    Raises Locked while another process writes, Foreign and Newer for files that are not ours to mend.
    """
    path = prepare_home(home)
    lock = Lock(path)
    lock.acquire()
    try:
        _refuse_what_is_not_ours(path)
        held = _events_of_a_sound(path)
        aside = _put_aside(path, now)
        good = newest_good(path)
        with tempfile.TemporaryDirectory(prefix=RESTORING, dir=path.parent) as folder:
            fresh = Path(folder) / "fresh.db"
            if good:
                shutil.copyfile(good, fresh)
                fresh.chmod(0o600)
            else:
                schema.create_file(fresh, now)
            events, salvaged, lost = _fill(fresh, path.parent, good, fold, now)
            needless = events == held
            if not needless:
                _install(fresh, path)
        if needless and aside:
            shutil.rmtree(aside)
            with suppress(OSError):  # where others lie in it
                aside.parent.rmdir()
        return Restored(good, events, salvaged, lost, aside, held is not None, needless)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise NotSaved(f"{path} cannot be restored ({reason}); it is as it was", path) from error
    finally:
        lock.release()


def _refuse_what_is_not_ours(path: Path) -> None:
    """Raises Foreign or Newer for what is not damaged but somebody else's, as far as that can be told."""
    if not path.exists() or not path.stat().st_size:
        return
    try:
        check_header(path)
    except Damaged:
        return
    except Foreign:
        # A header of ours may be what is damaged: then a backup, or our tables behind it, say so.
        if not backups(path) and not _has_our_tables(path):
            raise


def _has_our_tables(path: Path) -> bool:
    try:
        with closing(open_raw(path)) as db:
            names = {name for name, in db.execute("SELECT name FROM sqlite_schema")}
    except sqlite3.Error:
        return False
    return {"event", "meta", "memory"} <= names


def _events_of_a_sound(path: Path) -> int | None:
    """How many events a file holds with which nothing is wrong; None of any other."""
    try:
        check_header(path)
        with closing(open_raw(path)) as db:
            whose(dict(db.execute("SELECT name, value FROM meta")), path)
            if faults_of(db, "integrity_check") or any(changed(db)):
                return None
            count: int = db.execute("SELECT count(*) FROM event").fetchone()[0]
            return count
    except (StoreError, sqlite3.Error):
        return None


def _put_aside(path: Path, now: Moment) -> Path | None:
    if not path.exists():
        return None
    (path.parent / ASIDE).mkdir(mode=0o700, exist_ok=True)
    name = f"{utc(now.us):%Y-%m-%d_%H%M%S}"
    taken = {place.name for place in (path.parent / ASIDE).iterdir()}
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    folder = path.parent / ASIDE / next(free for free in names if free not in taken)
    folder.mkdir(mode=0o700)
    try:
        for copy in (private_copy(path, folder), folder / f"{path.name}-wal"):
            if copy.exists():
                copy.chmod(0o600)
                sync(copy)
        sync(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)   # half of it, from which no restore should read
        raise
    return folder


def _install(fresh: Path, path: Path) -> None:
    """Give the new file its name. The old write-ahead log goes first: left beside the new file,
    SQLite would play it into a database it does not belong to. Its answers are in `damaged/`,
    where the next restore finds them if this one is killed here."""
    sync(fresh)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)
    sync(path.parent)


def _fill(fresh: Path, home: Path, good: Path | None, fold: Fold, now: Moment,
          ) -> tuple[int, int, tuple[str, ...]]:
    """Add to the new file what the damaged ones still say: events in all, salvaged ones, lost ones."""
    salvaged, lost = 0, dict[bytes, str]()
    db = connect(fresh)
    try:
        with transaction(db, home / FILE_NAME, "the progress file is as it was"):
            if db.exec_driver_sql("PRAGMA user_version").scalar_one() < SCHEMA:
                schema.upgrade(db)
            learner, _ = schema.identity(db, good or fresh)
            for folder in sorted((home / ASIDE).glob("*")):
                new, gone = _salvage(db, learner, folder / FILE_NAME, good, now)
                salvaged += new
                lost.update(gone)
            derive.rebuild(db, learner, fold)
            for number in [number for number in lost if _is_there(db, learner, number)]:
                del lost[number]
            events = db.execute(select(func.count()).select_from(EVENT)).scalar_one()
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        disconnect(db)
    return events, salvaged, tuple(describe_lost(number, key) for number, key in sorted(lost.items()))


def _is_there(db: Connection, learner: bytes, number: bytes) -> bool:
    """Whether a backup had the event that the damaged file lost."""
    return db.execute(select(EVENT.c.kind).where(
        EVENT.c.learner_id == learner, EVENT.c.event_id == number)).first() is not None


def _salvage(db: Connection, learner: bytes, damaged: Path, good: Path | None, now: Moment,
             ) -> tuple[int, dict[bytes, str]]:
    """Merge what can be read of a damaged file: how many were new, and which cannot be read."""
    if not damaged.exists():
        return 0, {}
    with tempfile.TemporaryDirectory(prefix="drops-") as folder:
        wreck = Wreck(private_copy(damaged, Path(folder)))
        wreck.pad()
        new = merge(db, learner, wreck.rows(), now.us, wreck.refuse).new
        if not wreck.read and good:
            wreck.mend(good)
            new = merge(db, learner, wreck.rows(), now.us, wreck.refuse).new
    return new, wreck.lost()
