"""The log of everything a learner did: appended to, never changed.

    with Log.open(home, fold, now=now()) as log:
        log.append(Fact(Kind.GRADED, "drop/item", Rating.GOOD, True), now())
        log.due(day)

When `append` returns, the answer is on the disk, and so is all that follows from it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Select, Table, insert, select

from drops.clock import Moment
from drops.errors import Damaged, NoHome, NotSaved, ReadOnly, StoreError, Unknown
from drops.events import Day, Event, Fact, Kind, Memory
from drops.memory.misconceptions import Sighting, latest_first
from drops.store import derive, imports, merge
from drops.store.corrections import Correction
from drops.store.file import backup, schema
from drops.store.file.backups import check_own_header, made_on, refuse_to_begin_afresh
from drops.store.file.checksum import is_as_left
from drops.store.file.connect import (
    DAMAGED,
    NOTHING_WRITTEN,
    closed_on_error,
    connect,
    connect_to_read,
    disconnect,
    driver,
    plainly,
    transaction,
)  # fmt: skip
from drops.store.file.files import Lock, prepare_home, take_lock
from drops.store.file.glance import Glance, read_glance
from drops.store.file.header import SCHEMA
from drops.store.file.integrity import look_over
from drops.store.file.ledger import Ledger, read_ledger, sighting_of
from drops.store.ids import next_id
from drops.store.item import Fold
from drops.store.lines import MENDED, lost
from drops.store.rows import BadRow, StoredRow, canonical, check_fact, check_payload, seal, to_event
from drops.store.tables import (
    DAILY,
    EVENT,
    HAS_ITEM,
    MEMORY,
    MIXUP,
    PACE,
    PASSED,
    SETTING,
    SIGHTING,
    rare,
)

T = TypeVar("T")

class Log:
    """An open progress file. One process writes; any number read."""

    def __init__(self, db: Connection, path: Path, fold: Fold, lock: Lock | None,
                 refusal: StoreError | None) -> None:
        self.path, self.refusal = path, refusal     # why nothing is saved; None while it is
        self.mended = ""        # the line that says what was put right on opening
        self._db, self._fold, self._lock = db, fold, lock
        self._busy = threading.RLock()      # one connection: a worker thread waits its turn
        self.learner_id, self.device_id = schema.identity(db, path)
        self._last = self._newest_id()

    @classmethod
    def open(cls, home: Path, fold: Fold, *, now: Moment, read_only: bool = False,
             daily_backup: bool = True) -> Self:
        """The log in `home`, created when missing.

        Falls back to reading only, with the reason in `why_read_only`, when another process
        writes or the disk may not be written to. Raises NoHome, Foreign, Newer, Damaged.
        """
        path = prepare_home(home, read_only=read_only)
        # Before the lock, which is a file too: beside somebody else's database not a byte is written.
        if path.exists():
            check_own_header(path)
        else:
            refuse_to_begin_afresh(path)
        lock, why, alone = take_lock(path, read_only=read_only)
        try:
            log = cls._opened(path, fold, lock, why, now, alone)
        except BaseException:
            if lock:
                lock.release()
            raise
        log._look_after(now, daily_backup=daily_backup)
        return log

    @classmethod
    def _opened(cls, path: Path, fold: Fold, lock: Lock | None, why: StoreError | None, now: Moment,
                alone: bool) -> Self:
        if not path.exists():
            if not lock:
                db = connect(None)
                schema.create(db, now)
                return cls(db, path, fold, None, why)
            schema.create_file(path, now)
        header = check_own_header(path)
        if lock:
            db = connect(path)
            with closed_on_error(db):
                migrated = schema.migrate(db, path, now)
                log = cls(db, path, fold, lock, why)
                if migrated:
                    log.rebuild()
                return log
        if header.schema < SCHEMA:
            raise ReadOnly(f"{path} is from an earlier drops and cannot be brought up to date: {why}", path)
        db = connect_to_read(path, alone=alone)
        with closed_on_error(db):
            return cls(db, path, fold, None, why)

    @property
    def read_only(self) -> bool:
        """Whether answers are not saved; `why_read_only` is the line that says why."""
        return self.refusal is not None

    @property
    def why_read_only(self) -> str:
        """Why answers are not saved, in a line; "" while they are."""
        return str(self.refusal or "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let another process write. Safe to call twice."""
        with self._busy:
            disconnect(self._db)
            if self._lock:
                self._lock.release()

    # Writing ---------------------------------------------------------------------------

    def append(self, fact: Fact, now: Moment) -> Event:
        """Record one fact. It is on the disk when this returns.

        Raises NotSaved (try again), ReadOnly or Damaged; ValueError for a fact that makes no sense.
        """
        return self.append_all([fact], now)[0]

    def append_all(self, facts: Sequence[Fact], now: Moment) -> list[Event]:
        """Record several facts: all of them, or none."""
        events = []
        with self._busy:
            last = self._last
            with self.writing(lost(facts)) as db:
                for fact in facts:
                    last = next_id(last, now.us)
                    row = self._row(fact, last, now)
                    db.execute(insert(EVENT), [row._asdict()])
                    derive.take(db, self.learner_id, row, self._fold)
                    events.append(to_event(row))
            self._last = last       # once it is committed, and before another thread's turn
        return events

    def _row(self, fact: Fact, event_id: bytes, now: Moment) -> StoredRow:
        payload = canonical(fact.payload)
        check_payload(payload, self.path)
        row = seal(StoredRow(
            self.learner_id, event_id, self.device_id, fact.target, int(fact.kind), fact.item_key,
            now.us, now.offset_min, now.day.toordinal(),
            None if fact.rating is None else int(fact.rating), fact.correct, fact.duration_ms, payload, b""))
        check_fact(row)
        return row

    @contextmanager
    def writing(self, meaning: str = NOTHING_WRITTEN) -> Iterator[Connection]:
        """A transaction that writes; `meaning` is said where the disk takes nothing. Damage that shows
        on the way ends all writing."""
        if self.refusal:
            raise ReadOnly(str(self.refusal), self.path)
        try:
            with transaction(self._db, self.path, meaning):
                yield self._db
        except Damaged as damage:
            self.refusal = damage
            raise

    def merge(self, rows: Iterable[Sequence[Any] | BadRow], now: Moment, copy: str = "") -> merge.Merged:
        """Take in rows of another log: those that are new and sound. All of them, or none. `copy` is the
        name of the backup from before it, by which it can be taken back; "": it is no import."""
        with self._busy:
            with self.writing("nothing was imported, what is saved is safe") as db:
                merged = merge.merge(db, self.learner_id, rows, now.us)
                if merged.new:
                    derive.rebuild(db, self.learner_id, self._fold)
                    imports.note(db, copy, imports.newest(db, self.learner_id))
            self._last = self._newest_id()
        return merged

    def take_import_back(self, known: Collection[bytes]) -> int:
        """Remove what the last import brought: what is neither in `known`, the ids from before it, nor
        was answered here since. How many."""
        with self._busy:
            with self.writing("nothing was taken back") as db:
                gone = imports.remove(db, self.learner_id, self.device_id, known)
                derive.rebuild(db, self.learner_id, self._fold)
            self._last = self._newest_id()
        return gone

    def rebuild(self, fold: Fold | None = None) -> None:
        """Derive everything again from the log, from now on by another fold where one is given."""
        self._fold = fold or self._fold
        with self._busy, self.writing("nothing was changed") as db:
            derive.rebuild(db, self.learner_id, self._fold)

    def back_up(self, now: Moment, label: str = "") -> Path:
        """A verified copy in `backups/`; its path. Raises Damaged when the copy does not verify."""
        with self._busy:
            return backup.back_up(self._db, self.path, now, label)

    def _look_after(self, now: Moment, *, daily_backup: bool) -> None:
        """Look over the file, derive again what does not fit, and copy it once a learner-day. Damage is
        told in the banner, and never stops reading."""
        if self._lock and (faults := look_over(self.path)):
            self.refusal = Damaged(DAMAGED.format(path=self.path, what=faults[0]), self.path)
            return
        with suppress(Damaged):     # in a table of the cache: reading it says so
            self._mend()
        if self._lock and daily_backup and self._last and not made_on(self.path, now.day):
            self._back_up_daily(now)

    def _mend(self) -> None:
        """Derive everything again where another hand changed what is derived; where nothing may be
        written, in a copy in memory."""
        if self._at_once(lambda db: is_as_left(db, self.learner_id)):
            return
        if self._lock:
            with suppress(NotSaved):
                self.rebuild()
                self.mended = MENDED.format(path=self.path)
                return
        with self._busy:
            copy = connect(None)
            with closed_on_error(copy), plainly(self.path):
                driver(self._db).backup(driver(copy))
                with transaction(copy, self.path):
                    derive.rebuild(copy, self.learner_id, self._fold)
            disconnect(self._db)
            self._db, self.mended = copy, MENDED.format(path=self.path)

    def _back_up_daily(self, now: Moment) -> None:
        try:
            self.back_up(now)
        except Damaged as damage:
            self.refusal = damage
        except (NotSaved, NoHome):
            pass    # no room for a copy: doctor says how old the newest one is, and answers may still fit

    # Reading ---------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection, for statements that only read."""
        with self._busy, plainly(self.path):
            yield self._db

    def _newest_id(self) -> bytes | None:
        ids = select(EVENT.c.event_id).where(EVENT.c.learner_id == self.learner_id)
        newest = self._read(ids.order_by(EVENT.c.event_id.desc()).limit(1))
        return newest[0].event_id if newest else None

    def events(self, *, kinds: Collection[Kind] | None = None, item_prefix: str = "",
               since_day: int | None = None, until_day: int | None = None, after: bytes | None = None,
               limit: int | None = None, newest_first: bool = False, voided: bool = False) -> list[Event]:
        """Events in replay order. `until_day` is included; `after` continues behind the last event seen.

        Undone events, undos, and what lies before a reset are left out unless `voided`. Each stands on
        the day it really was, where its device's clock was set right afterwards.
        """
        known = self.corrections()
        day = derive.day_column(known)
        query = select(*derive.columns(known)).where(EVENT.c.learner_id == self.learner_id)
        if kinds is not None:
            query = query.where(EVENT.c.kind.in_([int(kind) for kind in kinds]))
            if all(kind >= Kind.SESSION for kind in kinds):
                query = query.where(rare(EVENT))
        if item_prefix:   # keys are ASCII: DEL lies behind every one that begins so
            query = query.where(
                HAS_ITEM, EVENT.c.item_key >= item_prefix, EVENT.c.item_key < item_prefix + "\x7f")
        if since_day is not None:
            query = query.where(day >= since_day)
        if until_day is not None:
            query = query.where(day <= until_day)
        if after is not None:
            query = query.where(EVENT.c.event_id < after if newest_first else EVENT.c.event_id > after)
        if not voided:
            query = query.where(EVENT.c.kind != int(Kind.VOID), derive.not_voided())
            if self._has_resets():
                query = query.where(derive.not_forgotten())
        order = EVENT.c.event_id.desc() if newest_first else EVENT.c.event_id
        return [to_event(row) for row in self._read(query.order_by(order).limit(limit))]

    def corrections(self) -> tuple[Correction, ...]:
        """The clocks that were set right afterwards, the newest first."""
        with self.reading() as db:
            return derive.corrections(db, self.learner_id)

    def _has_resets(self) -> bool:
        resets = select(EVENT.c.event_id).where(
            EVENT.c.learner_id == self.learner_id, EVENT.c.kind == int(Kind.RESET), rare(EVENT))
        return bool(self._read(resets.limit(1)))

    def event(self, event_id: bytes) -> Event:
        """One event, also if it was undone. Raises Unknown."""
        rows = self._read(select(*derive.columns(self.corrections())).where(
            EVENT.c.learner_id == self.learner_id, EVENT.c.event_id == event_id))
        if not rows:
            raise Unknown("answer", event_id.hex(), ())
        return to_event(rows[0])

    def _at_once(self, read: Callable[[sqlite3.Connection], T]) -> T:
        """What `read` finds in one state of the file, whatever another process writes meanwhile."""
        with self.reading() as db:
            raw = driver(db)
            raw.execute("BEGIN")
            try:
                return read(raw)
            finally:
                raw.execute("ROLLBACK")

    # What is derived ---------------------------------------------------------------------

    def glance(self) -> Glance:
        """What Today needs, as `glance` reads it from a file."""
        return self._at_once(read_glance)

    def ledger(self) -> Ledger:
        """What the whole history adds up to, as `ledger` reads it from a file."""
        return self._at_once(read_ledger)

    def sightings(self) -> list[Sighting]:
        """What is known of each misconception, the latest first."""
        return latest_first(map(sighting_of, self._read(self._own(SIGHTING))))

    def showings(self, misconception: str, drop_id: str) -> int:
        """How many tries of a drop's items showed a misconception, also as one of two that fit."""
        shown = self._read(self._own(MIXUP).where(
            MIXUP.c.name == misconception, MIXUP.c.item_key >= f"{drop_id}/",
            MIXUP.c.item_key < f"{drop_id}/\x7f"))
        return sum(row.times + row.tied for row in shown)

    def _read(self, query: Select[Any]) -> Sequence[Any]:
        with self.reading() as db:
            return db.execute(query).all()

    def _own(self, table: Table) -> Select[Any]:
        """This learner's rows of a derived table, without whose they are."""
        columns = [column for column in table.c if column.name != "learner_id"]
        return select(*columns).where(table.c.learner_id == self.learner_id)

    def memory(self, item_key: str) -> Memory | None:
        """What is known of one item; None when it was never graded, or forgotten."""
        rows = self._read(self._own(MEMORY).where(MEMORY.c.item_key == item_key))
        return Memory(*rows[0]) if rows else None

    def memories(self) -> dict[str, Memory]:
        """What is known of every item, by item key."""
        return {row.item_key: Memory(*row) for row in self._read(self._own(MEMORY))}

    def due(self, day: int, limit: int = 20) -> list[Memory]:
        """The first items due by that learner-day, the longest overdue first."""
        return [Memory(*row) for row in self._read(self._own(MEMORY).where(
            MEMORY.c.suspended.is_(False), MEMORY.c.due_day <= day,
            ).order_by(MEMORY.c.due_day, MEMORY.c.item_key).limit(limit))]

    def passed(self) -> dict[str, int]:
        """Page keys, with the learner-day on which each was first passed."""
        return {row.item_key: row.study_day for row in self._read(self._own(PASSED))}

    def daily(self) -> list[Day]:
        """What was done on each learner-day, from the earliest."""
        return [Day(*row) for row in self._read(self._own(DAILY).order_by(DAILY.c.study_day))]

    def settings(self) -> dict[str, Any]:
        """The last value of each setting."""
        return {row.name: json.loads(row.value) for row in self._read(self._own(SETTING))}

    def durations(self) -> dict[str, int]:
        """Each item's pace: the median of how long its last answers took, in ms."""
        return {row.item_key: row.median for row in self._read(self._own(PACE))}
