"""The log of everything a learner did: appended to, never changed.

    with Log.open(home, fold, now=now()) as log:
        log.append(Fact(Kind.GRADED, "drop/item", Rating.GOOD, True), now())
        log.due(day)

When `append` returns, the answer is on the disk, and so is all that follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Select, Table, insert, select

from drops.clock import Moment
from drops.errors import StoreError, Unknown
from drops.events import Day, Event, Fact, Kind, Memory
from drops.memory.misconceptions import Sighting, latest_first
from drops.store import derive, imports, merge
from drops.store.corrections import Correction
from drops.store.door import Door
from drops.store.file.door import FileDoor
from drops.store.file.glance import Glance, read_glance
from drops.store.file.ledger import Ledger, read_ledger, sighting_of
from drops.store.ids import next_id
from drops.store.item import Fold
from drops.store.lines import lost
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
    """One learner's log behind its door, and the fold that makes memory of it."""

    def __init__(self, door: Door, fold: Fold) -> None:
        self.door, self._fold = door, fold
        self.state = object()   # another one after each write
        self.read(lambda db: derive.newest_id(db, self.learner_id))   # finds a log that cannot be read

    @classmethod
    def open(cls, home: Path, fold: Fold, *, now: Moment, read_only: bool = False,
             daily_backup: bool = True) -> Self:
        """The log of the progress file in `home`, created when missing.

        Falls back to reading only, with the reason in `why_read_only`, when another process
        writes or the disk may not be written to. Raises NoHome, Foreign, Newer, Damaged.
        """
        door = FileDoor.open(home, now, read_only=read_only)
        try:
            log = cls(door, fold)
            if door.migrated:
                log.rebuild()
        except BaseException:
            door.close()
            raise
        door.look_after(fold, now, daily_backup=daily_backup)
        return log

    @property
    def learner_id(self) -> bytes:
        return self.door.learner_id

    @property
    def device_id(self) -> bytes:
        return self.door.device_id

    @property
    def path(self) -> Path:
        """What errors name."""
        return self.door.where

    @property
    def home(self) -> Path:
        """The folder of what is this machine's: reports, which kinds may run."""
        return self.door.home

    @property
    def drafts(self) -> Path:
        """The folder of what was typed and not answered yet."""
        return self.door.drafts

    @property
    def mended(self) -> str:
        """The line that says what was put right on opening."""
        return self.door.mended

    @property
    def refusal(self) -> StoreError | None:
        """Why nothing is saved; None while it is."""
        return self.door.refusal

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
        """Close it and let another process write. Safe to call twice."""
        self.door.close()

    # Writing ---------------------------------------------------------------------------

    def append(self, fact: Fact, now: Moment) -> Event:
        """Record one fact. It is on the disk when this returns.

        Raises NotSaved (try again), ReadOnly or Damaged; ValueError for a fact that makes no sense.
        """
        return self.append_all([fact], now)[0]

    def append_all(self, facts: Sequence[Fact], now: Moment) -> list[Event]:
        """Record several facts: all of them, or none."""
        rows: list[StoredRow] = []      # as they were tried before, where a line broke: were they kept?

        def record(db: Connection) -> list[Event]:
            if not (rows and derive.holds(db, rows[-1])):
                rows.clear()
                last = derive.newest_id(db, self.learner_id)
                for fact in facts:
                    last = next_id(last, now.us)
                    rows.append(row := self._row(fact, last, now))
                    db.execute(insert(EVENT), [row._asdict()])
                    derive.take(db, self.learner_id, row, self._fold)
            return [to_event(row) for row in rows]

        return self.write(record, lost(facts))

    def _row(self, fact: Fact, event_id: bytes, now: Moment) -> StoredRow:
        payload = canonical(fact.payload)
        check_payload(payload, self.path)
        row = seal(StoredRow(
            self.learner_id, event_id, self.device_id, fact.target, int(fact.kind), fact.item_key,
            now.us, now.offset_min, now.day.toordinal(),
            None if fact.rating is None else int(fact.rating), fact.correct, fact.duration_ms, payload, b""))
        check_fact(row)
        return row

    def write(self, work: Callable[[Connection], T], meaning: str) -> T:
        """All that `work` writes, or nothing; `meaning` is said where the disk takes nothing."""
        try:
            return self.door.write(work, meaning)
        finally:
            self.state = object()

    def merge(self, rows: Callable[[], Iterable[Sequence[Any] | BadRow]], now: Moment,
              copy: str = "") -> merge.Merged:
        """Take in rows of another log: those that are new and sound. All of them, or none. `copy` is the
        name of the backup from before it, by which it can be taken back; "": it is no import."""

        def take(db: Connection) -> merge.Merged:
            merged = merge.merge(db, self.learner_id, rows(), now.us)
            if merged.new:
                derive.rebuild(db, self.learner_id, self._fold)
                imports.note(db, copy, derive.newest_id(db, self.learner_id) or b"")
            return merged

        return self.write(take, "nothing was imported, what is saved is safe")

    def take_import_back(self, known: Collection[bytes]) -> int:
        """Remove what the last import brought: what is neither in `known`, the ids from before it, nor
        was answered here since. How many."""

        def remove(db: Connection) -> int:
            gone = imports.remove(db, self.learner_id, self.device_id, known)
            derive.rebuild(db, self.learner_id, self._fold)
            return gone

        return self.write(remove, "nothing was taken back")

    def rebuild(self, fold: Fold | None = None) -> None:
        """Derive everything again from the log, from now on by another fold where one is given."""
        self._fold = fold or self._fold
        self.write(lambda db: derive.rebuild(db, self.learner_id, self._fold), "nothing was changed")

    def back_up(self, now: Moment, label: str = "") -> Path:
        """A verified copy in `backups/`; its path. Raises Damaged when the copy does not verify."""
        return self.door.back_up(now, label)

    # Reading ---------------------------------------------------------------------------

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work`, which only reads, finds."""
        return self.door.read(work)

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
            query = query.where(EVENT.c.kind != int(Kind.VOID), derive.not_voided(self.learner_id))
            if self.has(Kind.RESET):
                query = query.where(derive.not_forgotten(self.learner_id))
        order = EVENT.c.event_id.desc() if newest_first else EVENT.c.event_id
        return [to_event(row) for row in self._rows(query.order_by(order).limit(limit))]

    def corrections(self) -> tuple[Correction, ...]:
        """The clocks that were set right afterwards, the newest first."""
        return self.read(lambda db: derive.corrections(db, self.learner_id))

    def has(self, kind: Kind) -> bool:
        """Whether there is an event of a kind that is rare, undone or not."""
        found = select(EVENT.c.event_id).where(
            EVENT.c.learner_id == self.learner_id, EVENT.c.kind == int(kind), rare(EVENT))
        return bool(self._rows(found.limit(1)))

    def event(self, event_id: bytes) -> Event:
        """One event, also if it was undone. Raises Unknown."""
        rows = self._rows(select(*derive.columns(self.corrections())).where(
            EVENT.c.learner_id == self.learner_id, EVENT.c.event_id == event_id))
        if not rows:
            raise Unknown("answer", event_id.hex(), ())
        return to_event(rows[0])

    # What is derived ---------------------------------------------------------------------

    def glance(self) -> Glance:
        """What Today needs, as `glance` reads it from a file."""
        return self.door.at_once(lambda db: read_glance(db, self.learner_id))

    def ledger(self) -> Ledger:
        """What the whole history adds up to, as `ledger` reads it from a file."""
        return self.door.at_once(lambda db: read_ledger(db, self.learner_id))

    def sightings(self) -> list[Sighting]:
        """What is known of each misconception, the latest first."""
        return latest_first(map(sighting_of, self._rows(self._own(SIGHTING))))

    def showings(self, misconception: str, drop_id: str) -> int:
        """How many tries of a drop's items showed a misconception, also as one of two that fit."""
        shown = self._rows(self._own(MIXUP).where(
            MIXUP.c.name == misconception, MIXUP.c.item_key >= f"{drop_id}/",
            MIXUP.c.item_key < f"{drop_id}/\x7f"))
        return sum(row.times + row.tied for row in shown)

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        return self.read(lambda db: db.execute(query).all())

    def _own(self, table: Table) -> Select[Any]:
        """This learner's rows of a derived table, without whose they are."""
        columns = [column for column in table.c if column.name != "learner_id"]
        return select(*columns).where(table.c.learner_id == self.learner_id)

    def memory(self, item_key: str) -> Memory | None:
        """What is known of one item; None when it was never graded, or forgotten."""
        rows = self._rows(self._own(MEMORY).where(MEMORY.c.item_key == item_key))
        return Memory(*rows[0]) if rows else None

    def memories(self) -> dict[str, Memory]:
        """What is known of every item, by item key."""
        return {row.item_key: Memory(*row) for row in self._rows(self._own(MEMORY))}

    def due(self, day: int, limit: int = 20) -> list[Memory]:
        """The first items due by that learner-day, the longest overdue first."""
        return [Memory(*row) for row in self._rows(self._own(MEMORY).where(
            MEMORY.c.suspended.is_(False), MEMORY.c.due_day <= day,
            ).order_by(MEMORY.c.due_day, MEMORY.c.item_key).limit(limit))]

    def passed(self) -> dict[str, int]:
        """Page keys, with the learner-day on which each was first passed."""
        return {row.item_key: row.study_day for row in self._rows(self._own(PASSED))}

    def daily(self) -> list[Day]:
        """What was done on each learner-day, from the earliest."""
        return [Day(*row) for row in self._rows(self._own(DAILY).order_by(DAILY.c.study_day))]

    def settings(self) -> dict[str, Any]:
        """The last value of each setting."""
        return {row.name: json.loads(row.value) for row in self._rows(self._own(SETTING))}

    def durations(self) -> dict[str, int]:
        """Each item's pace: the median of how long its last answers took, in ms."""
        return {row.item_key: row.median for row in self._rows(self._own(PACE))}
