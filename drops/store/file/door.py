"""The progress file as a log's door: its lock, its one connection, its copies, and what is put right."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from sqlalchemy import Connection, select

from drops.clock import Moment
from drops.errors import Damaged, NoHome, NotSaved, ReadOnly, StoreError
from drops.store import derive
from drops.store.file import backup, schema
from drops.store.file.backups import check_own_header, made_on, refuse_to_begin_afresh
from drops.store.file.checksum import is_as_left
from drops.store.file.connect import (
    closed_on_error,
    connect,
    connect_to_read,
    disconnect,
    driver,
    plainly,
    transaction,
)
from drops.store.file.files import Lock, prepare_home, take_lock
from drops.store.file.header import DAMAGED, SCHEMA
from drops.store.file.integrity import look_over
from drops.store.item import Fold
from drops.store.lines import MENDED
from drops.store.reader import SqlReader
from drops.store.tables import EVENT

T = TypeVar("T")


class FileDoor:
    """An open progress file. One process writes; any number read."""

    def __init__(self, db: Connection, path: Path, lock: Lock | None, refusal: StoreError | None) -> None:
        self.where, self.refusal, self.mended = path, refusal, ""
        self.home = self.drafts = path.parent
        self.migrated = False  # what is derived is to be derived again
        self._db, self._lock = db, lock
        self._busy = threading.RLock()  # one connection: a worker thread waits its turn
        self.learner_id, self.device_id = schema.identity(db, path)

    @classmethod
    def open(cls, home: Path, now: Moment, *, read_only: bool) -> Self:
        """The file in `home`, created when missing. Raises NoHome, Foreign, Newer, Damaged."""
        path = prepare_home(home, read_only=read_only)
        # Before the lock, which is a file too: beside somebody else's database not a byte is written.
        if path.exists():
            check_own_header(path)
        else:
            refuse_to_begin_afresh(path)
        lock, why, alone = take_lock(path, read_only=read_only)
        try:
            return cls._opened(path, lock, why, now, alone)
        except BaseException:
            if lock:
                lock.release()
            raise

    @classmethod
    def _opened(cls, path: Path, lock: Lock | None, why: StoreError | None, now: Moment, alone: bool) -> Self:
        if not path.exists():
            if not lock:
                db = connect(None)
                schema.create(db, now)
                return cls(db, path, None, why)
            schema.create_file(path, now)
        header = check_own_header(path)
        if lock:
            db = connect(path)
            with closed_on_error(db):
                migrated = schema.migrate(db, path, now)
                door = cls(db, path, lock, why)
                door.migrated = migrated
                return door
        if header.schema < SCHEMA:
            raise ReadOnly(f"{path} is from an earlier drops and cannot be brought up to date: {why}", path)
        db = connect_to_read(path, alone=alone)
        with closed_on_error(db):
            return cls(db, path, None, why)

    def read(self, work: Callable[[Connection], T]) -> T:
        with self._busy, plainly(self.where):
            return work(self._db)

    def at_once(self, look: Callable[[SqlReader], T]) -> T:
        with self._busy, plainly(self.where):
            raw = driver(self._db)
            raw.execute("BEGIN")
            try:
                return look(raw)
            finally:
                raw.execute("ROLLBACK")

    def write(self, work: Callable[[Connection], T], meaning: str) -> T:
        """Damage that shows on the way ends all writing."""
        with self._busy:
            if self.refusal:
                raise ReadOnly(str(self.refusal), self.where)
            try:
                with transaction(self._db, self.where, meaning):
                    return work(self._db)
            except Damaged as damage:
                self.refusal = damage
                raise

    def back_up(self, now: Moment, label: str) -> Path:
        with self._busy:
            return backup.back_up(self._db, self.where, now, label)

    def close(self) -> None:
        """Close the file and let another process write."""
        with self._busy:
            disconnect(self._db)
            if self._lock:
                self._lock.release()

    def look_after(self, fold: Fold, now: Moment, *, daily_backup: bool) -> None:
        """Look over the file, derive again what does not fit, and copy it once a learner-day. Damage is
        told in the banner, and never stops reading."""
        if self._lock and (faults := look_over(self.where)):
            self.refusal = Damaged(DAMAGED.format(path=self.where, what=faults[0]), self.where)
            return
        with suppress(Damaged):     # in a table of the cache: reading it says so
            self._mend(fold)
        if self._lock and daily_backup and not made_on(self.where, now.day) and self._holds_events():
            self._back_up_daily(now)

    def _holds_events(self) -> bool:
        return self.read(lambda db: db.execute(select(EVENT.c.event_id).limit(1)).first()) is not None

    def _mend(self, fold: Fold) -> None:
        """Derive everything again where another hand changed what is derived; where nothing may be
        written, in a copy in memory."""
        if self.at_once(lambda db: is_as_left(db, self.learner_id)):
            return
        if self._lock:
            with suppress(NotSaved):
                self.write(lambda db: self._derive_again(db, fold), "nothing was changed")
                self.mended = MENDED.format(path=self.where)
                return
        with self._busy:
            copy = connect(None)
            with closed_on_error(copy), plainly(self.where):
                driver(self._db).backup(driver(copy))
                with transaction(copy, self.where):
                    self._derive_again(copy, fold)
            disconnect(self._db)
            self._db, self.mended = copy, MENDED.format(path=self.where)

    def _derive_again(self, db: Connection, fold: Fold) -> None:
        schema.reshape(db)
        derive.rebuild(db, self.learner_id, fold)

    def _back_up_daily(self, now: Moment) -> None:
        try:
            self.back_up(now, "")
        except Damaged as damage:
            self.refusal = damage
        except (NotSaved, NoHome):
            pass    # no room for a copy: doctor says how old the newest one is, and answers may still fit
