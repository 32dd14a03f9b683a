"""Everything that is folded from the log, and how it is kept equal to a full replay.

    memory   the fold of an item's graded answers          pace     how long its last answers took
    passed   the day a page was first passed               daily    answers and minutes a day
    setting  the last value of each setting

A fact at the end of the log is folded in one step. What reaches back (an undo, a reset)
folds the item again from its events; what arrives in the middle (an import) folds all.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, insert, or_, select, true
from sqlalchemy.dialects.sqlite import insert as upsert

from drops.events import Event, Kind, Memory
from drops.store.file.connect import driver
from drops.store.file.integrity import events_in
from drops.store.rows import StoredRow, to_event
from drops.store.tables import DAILY, DERIVED, EVENT, HAS_ITEM, MEMORY, PACE, PASSED, SETTING, rare

Fold = Callable[[Memory | None, Event], Memory | None]

PACE_OF = 9          # a pace is the median of this many last answers
_COLUMNS = [column for column in EVENT.c if column.name != "digest"]
_TARGETS = EVENT.alias("taken_back")
_RESETS = EVENT.alias("forgotten")
_GRADED, _PRACTICE, _ATTEMPT = int(Kind.GRADED), int(Kind.PRACTICE), int(Kind.ATTEMPT)
_SESSION, _VOID, _RESET = int(Kind.SESSION), int(Kind.VOID), int(Kind.RESET)
_SUSPEND, _SETTING = int(Kind.SUSPEND), int(Kind.SETTING)
_PACED, _COUNTED = {_GRADED, _PRACTICE}, {_GRADED, _PRACTICE, _ATTEMPT}


def not_voided() -> Any:
    """The condition that no VOID takes an event back. A VOID itself cannot be taken back."""
    return ~exists().where(
        _TARGETS.c.learner_id == EVENT.c.learner_id, _TARGETS.c.target_id == EVENT.c.event_id)


def not_forgotten() -> Any:
    """The condition that no later RESET covers an event. Settings are choices, not progress: they stay."""
    voids = EVENT.alias("voids")
    return or_(EVENT.c.kind == _SETTING, ~exists().where(
        _RESETS.c.learner_id == EVENT.c.learner_id, _RESETS.c.kind == _RESET, rare(_RESETS),
        _RESETS.c.event_id > EVENT.c.event_id, _RESETS.c.item_key.in_(["", EVENT.c.item_key]),
        ~exists().where(voids.c.learner_id == _RESETS.c.learner_id, voids.c.target_id == _RESETS.c.event_id)))


@dataclass(slots=True)
class _Item:
    """What is known of one item half-way through its events."""

    memory: Memory | None = None
    suspended: bool = False
    passed: int | None = None
    durations: deque[int] = field(default_factory=partial(deque, maxlen=PACE_OF))

    def take(self, row: Any, fold: Fold) -> None:
        kind = row.kind
        if row.duration_ms is not None and kind in _PACED:
            self.durations.append(row.duration_ms)
        if kind == _GRADED:
            memory = fold(self.memory, to_event(row))
            if memory is not None and memory.suspended != self.suspended:
                memory = memory._replace(suspended=self.suspended)
            self.memory = memory
        elif kind == _SESSION:
            if self.passed is None and json.loads(row.payload).get("passed") is True:
                self.passed = row.study_day
        elif kind == _SUSPEND:
            self.suspended = json.loads(row.payload).get("suspended") is not False
            self.memory = self.memory and self.memory._replace(suspended=self.suspended)


@dataclass(slots=True)
class _Day:
    graded: int = 0
    practice: int = 0
    correct: int = 0
    ms: int = 0

    def take(self, row: Any, sign: int = 1) -> None:
        if row.kind == _GRADED:
            self.graded += sign
            self.correct += sign if row.correct else 0
        elif row.kind == _PRACTICE:
            self.practice += sign
        self.ms += sign * (row.duration_ms or 0)


def take(db: Connection, learner: bytes, row: Any, fold: Fold) -> None:
    """Fold in the newest event of the log, already inserted in this transaction."""
    match row.kind:
        case Kind.VOID:
            _take_back(db, learner, row, fold)
        case Kind.RESET:
            _forget(db, learner, row.item_key)
        case Kind.SETTING:
            _settle(db, learner, row)
        case Kind.SESSION | Kind.SUSPEND:
            if row.item_key:
                refold(db, learner, row.item_key, fold)
        case _:
            _count(db, learner, row, 1)
            if row.item_key and row.kind != _ATTEMPT:
                _answer(db, learner, row, fold)


def _answer(db: Connection, learner: bytes, row: Any, fold: Fold) -> None:
    """One more answer of an item whose state is known. An item never seen is folded from its events,
    because it may have been suspended, or forgotten, before."""
    known = db.execute(select(MEMORY).where(
        MEMORY.c.learner_id == learner, MEMORY.c.item_key == row.item_key)).first()
    if known is None:
        return refold(db, learner, row.item_key, fold)
    pace = db.execute(select(PACE.c.durations).where(
        PACE.c.learner_id == learner, PACE.c.item_key == row.item_key)).scalar()
    memory = Memory(*known[1:])
    item = _Item(memory, memory.suspended)
    item.durations.extend(json.loads(pace) if pace else ())
    item.take(row, fold)
    _write_memory(db, learner, row.item_key, item)
    return _write_pace(db, learner, row.item_key, item)


def _count(db: Connection, learner: bytes, row: Any, sign: int) -> None:
    here = and_(DAILY.c.learner_id == learner, DAILY.c.study_day == row.study_day)
    known = db.execute(select(DAILY).where(here)).first()
    day = _Day(*known[2:]) if known else _Day()
    day.take(row, sign)
    db.execute(delete(DAILY).where(here))
    if any(astuple(day)):          # an empty day is no row, as after a replay
        db.execute(insert(DAILY), [_day_row(learner, row.study_day, day)])


def _take_back(db: Connection, learner: bytes, void: Any, fold: Fold) -> None:
    target = db.execute(select(*_COLUMNS).where(
        EVENT.c.learner_id == learner, EVENT.c.event_id == void.target_id)).first()
    earlier = db.execute(select(func.count()).select_from(EVENT).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id == void.target_id)).scalar_one()
    if target is None or earlier > 1:
        return
    if target.kind == _RESET and not target.item_key:
        rebuild(db, learner, fold)
    elif target.kind == _SETTING:
        _resettle(db, learner)
    else:
        if target.kind in _COUNTED and target.event_id > _mark(db, learner, ""):
            _count(db, learner, target, -1)
        if target.item_key:
            refold(db, learner, target.item_key, fold)


def _forget(db: Connection, learner: bytes, key: str) -> None:
    """After a RESET nothing of the item is left; the days it was worked on were worked on all the same."""
    for table in (MEMORY, PASSED, PACE):
        of_key = table.c.item_key == key if key else true()
        db.execute(delete(table).where(table.c.learner_id == learner, of_key))
    if not key:
        db.execute(delete(DAILY).where(DAILY.c.learner_id == learner))


def _mark(db: Connection, learner: bytes, key: str) -> bytes:
    """The last RESET of `key` that still stands: nothing before it counts."""
    return db.execute(select(func.max(EVENT.c.event_id)).where(
        EVENT.c.learner_id == learner, EVENT.c.kind == _RESET, rare(EVENT),
        EVENT.c.item_key.in_(["", key]), not_voided(),
    )).scalar() or b""


def refold(db: Connection, learner: bytes, key: str, fold: Fold) -> None:
    """One item again from all its events."""
    item = _Item()
    for row in db.execute(select(*_COLUMNS).where(
            EVENT.c.learner_id == learner, EVENT.c.item_key == key, HAS_ITEM,
            EVENT.c.event_id > _mark(db, learner, key), not_voided()).order_by(EVENT.c.event_id)):
        item.take(row, fold)
    _write_memory(db, learner, key, item)
    _write_pace(db, learner, key, item)
    db.execute(delete(PASSED).where(PASSED.c.learner_id == learner, PASSED.c.item_key == key))
    if item.passed is not None:
        db.execute(insert(PASSED), [{"learner_id": learner, "item_key": key, "study_day": item.passed}])


def rebuild(db: Connection, learner: bytes, fold: Fold) -> None:
    """Everything again from the whole log, in one reading."""
    items: defaultdict[str, _Item] = defaultdict(_Item)
    days: defaultdict[int, _Day] = defaultdict(_Day)
    settings: dict[str, str] = {}
    voided = set(db.execute(select(EVENT.c.target_id).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id.is_not(None))).scalars())
    for row in in_order(driver(db), learner):
        if row.kind == _VOID or row.event_id in voided:
            continue
        if row.kind == _RESET:
            items.pop(row.item_key, None)
            if not row.item_key:
                items.clear()
                days.clear()
        elif row.kind == _SETTING:
            settings.update(_setting(row))
        else:
            if row.kind in _COUNTED:
                days[row.study_day].take(row)
            if row.item_key:
                items[row.item_key].take(row, fold)
    _write_all(db, learner, items, days, settings)


def in_order(db: sqlite3.Connection, learner: bytes) -> Iterator[StoredRow]:
    """The whole log, row by row: a million take little memory, and half the time of SQLAlchemy's rows."""
    return map(StoredRow._make, events_in(db, "WHERE learner_id = ? ORDER BY event_id", learner))


def _write_all(db: Connection, learner: bytes, items: Mapping[str, _Item], days: Mapping[int, _Day],
               settings: Mapping[str, str]) -> None:
    for table in DERIVED:
        db.execute(delete(table).where(table.c.learner_id == learner))
    rows: dict[Any, list[dict[str, Any]]] = {
        MEMORY: [_memory_row(learner, item.memory) for item in items.values() if item.memory],
        PACE: [_pace_row(learner, key, item) for key, item in items.items() if item.durations],
        PASSED: [{"learner_id": learner, "item_key": key, "study_day": item.passed}
                 for key, item in items.items() if item.passed is not None],
        DAILY: [_day_row(learner, number, day) for number, day in days.items() if any(astuple(day))],
        SETTING: [{"learner_id": learner, "name": name, "value": value} for name, value in settings.items()],
    }
    for table, values in rows.items():
        if values:
            db.execute(insert(table), values)


def _setting(row: Any) -> dict[str, str]:
    payload = json.loads(row.payload)
    name = payload.get("name")
    if not isinstance(name, str):
        return {}
    return {name: json.dumps(payload.get("value"), sort_keys=True, ensure_ascii=False)}


def _settle(db: Connection, learner: bytes, row: Any) -> None:
    for name, value in _setting(row).items():
        put = upsert(SETTING).values(learner_id=learner, name=name, value=value)
        db.execute(put.on_conflict_do_update(index_elements=["learner_id", "name"], set_={"value": value}))


def _resettle(db: Connection, learner: bytes) -> None:
    db.execute(delete(SETTING).where(SETTING.c.learner_id == learner))
    for row in db.execute(select(*_COLUMNS).where(
            EVENT.c.learner_id == learner, EVENT.c.kind == _SETTING, rare(EVENT), not_voided(),
            ).order_by(EVENT.c.event_id)).all():
        _settle(db, learner, row)


def _write_memory(db: Connection, learner: bytes, key: str, item: _Item) -> None:
    db.execute(delete(MEMORY).where(MEMORY.c.learner_id == learner, MEMORY.c.item_key == key))
    if item.memory is not None:
        db.execute(insert(MEMORY), [_memory_row(learner, item.memory)])


def _write_pace(db: Connection, learner: bytes, key: str, item: _Item) -> None:
    db.execute(delete(PACE).where(PACE.c.learner_id == learner, PACE.c.item_key == key))
    if item.durations:
        db.execute(insert(PACE), [_pace_row(learner, key, item)])


def _memory_row(learner: bytes, memory: Memory) -> dict[str, Any]:
    return {"learner_id": learner, **memory._asdict()}


def _pace_row(learner: bytes, key: str, item: _Item) -> dict[str, Any]:
    return {"learner_id": learner, "item_key": key, "durations": json.dumps(list(item.durations)),
            "median": round(statistics.median(item.durations))}


def _day_row(learner: bytes, number: int, day: _Day) -> dict[str, Any]:
    return {"learner_id": learner, "study_day": number, "graded": day.graded, "practice": day.practice,
            "correct": day.correct, "ms": day.ms}
