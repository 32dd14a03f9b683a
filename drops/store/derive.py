"""Everything that is folded from the log, and how it is kept equal to a full replay.

    memory   the fold of an item's graded answers          pace     how long its last answers took
    passed   the day a page was first passed               daily    answers and minutes a day
    setting  the last value of each setting

The graded answers of an item replay in the order of their learner-days (and of their ids within
a day), so that a device whose clock ran ahead does not push what others answered aside. Everything
else keeps the order of the ids.

A fact at the end of the log is folded in one step. What reaches back (an undo, a reset, an answer
dated before the last one) folds the item again from its events; what arrives in the middle (an
import) or moves days (a clock set right) folds all.
"""

from __future__ import annotations

import json
import sqlite3
import statistics
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, and_, case, delete, exists, func, insert, or_, select, true
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.elements import ColumnElement

from drops.events import Event, Kind, Memory
from drops.store.corrections import IN_PAYLOAD, LAST_DAY, Correction, corrections_in, true_day
from drops.store.file.connect import driver
from drops.store.file.integrity import events_in
from drops.store.rows import StoredRow, to_event
from drops.store.tables import DAILY, DERIVED, EVENT, HAS_ITEM, MEMORY, PACE, PASSED, SETTING, rare

Fold = Callable[[Memory | None, Event], Memory | None]

PACE_OF = 9          # a pace is the median of this many last answers
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


def corrections(db: Connection, learner: bytes) -> tuple[Correction, ...]:
    """The corrections of clocks that stand, the newest first."""
    return corrections_in((row.event_id, row.payload) for row in db.execute(
        select(EVENT.c.event_id, EVENT.c.payload).where(
            EVENT.c.learner_id == learner, EVENT.c.kind == _SETTING, rare(EVENT),
            EVENT.c.payload.contains(IN_PAYLOAD, autoescape=True), not_voided(),
        ).order_by(EVENT.c.event_id.desc())))


def day_column(known: Sequence[Correction]) -> ColumnElement[int]:
    """`true_day` of the events that a statement reads."""
    moved = [
        (and_(EVENT.c.device_id == one.device, EVENT.c.event_id.between(one.first, one.last),
              (EVENT.c.study_day + one.days).between(1, LAST_DAY)), EVENT.c.study_day + one.days)
        for one in known]
    return case(*moved, else_=EVENT.c.study_day) if moved else EVENT.c.study_day


def columns(known: Sequence[Correction]) -> list[ColumnElement[Any]]:
    """The columns of an event without its digest, on the day it really was."""
    return [day_column(known).label(column.name) if column.name == "study_day" else column
            for column in EVENT.c if column.name != "digest"]


@dataclass(slots=True)
class _Item:
    """What is known of one item half-way through its events, which come in the order of their ids."""

    memory: Memory | None = None
    suspended: bool = False
    passed: int | None = None
    durations: deque[int] = field(default_factory=partial(deque, maxlen=PACE_OF))
    latest: int = 0              # learner-day of the last graded answer folded
    disordered: bool = False     # a graded answer came that belongs before it: `memory` says nothing

    def take(self, row: Any) -> None:
        """All that an event says but what it does to memory."""
        kind = row.kind
        if row.duration_ms is not None and kind in _PACED:
            self.durations.append(row.duration_ms)
        if kind == _SESSION:
            if self.passed is None and json.loads(row.payload).get("passed") is True:
                self.passed = row.study_day
        elif kind == _SUSPEND:
            self.suspended = json.loads(row.payload).get("suspended") is not False

    def learn(self, row: Any, fold: Fold) -> None:
        """What a graded answer does to memory; the days come in order, or it is told."""
        if row.study_day < self.latest:
            self.disordered = True
        else:
            self.latest = row.study_day
            self.memory = fold(self.memory, to_event(row))

    def learned(self) -> Memory | None:
        """The memory, left out of what is due where the learner said so."""
        return self.memory and self.memory._replace(suspended=self.suspended)


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
            if IN_PAYLOAD in row.payload:
                rebuild(db, learner, fold)
            else:
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
    because it may have been suspended, or forgotten, before; so is one answered on a later day."""
    known = db.execute(select(MEMORY).where(
        MEMORY.c.learner_id == learner, MEMORY.c.item_key == row.item_key)).first()
    if known is None or (row.kind == _GRADED and row.study_day < known.last_day):
        return refold(db, learner, row.item_key, fold)
    pace = db.execute(select(PACE.c.durations).where(
        PACE.c.learner_id == learner, PACE.c.item_key == row.item_key)).scalar()
    memory = Memory(*known[1:])
    item = _Item(memory, memory.suspended)
    item.durations.extend(json.loads(pace) if pace else ())
    item.take(row)
    if row.kind == _GRADED:
        item.learn(row, fold)
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
    target = db.execute(select(*columns(corrections(db, learner))).where(
        EVENT.c.learner_id == learner, EVENT.c.event_id == void.target_id)).first()
    earlier = db.execute(select(func.count()).select_from(EVENT).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id == void.target_id)).scalar_one()
    if target is None or earlier > 1:
        return
    if (target.kind == _RESET and not target.item_key) or (
            target.kind == _SETTING and IN_PAYLOAD in target.payload):
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
    item = _from_events(db, learner, key, fold, corrections(db, learner))
    _write_memory(db, learner, key, item)
    _write_pace(db, learner, key, item)
    db.execute(delete(PASSED).where(PASSED.c.learner_id == learner, PASSED.c.item_key == key))
    if item.passed is not None:
        db.execute(insert(PASSED), [{"learner_id": learner, "item_key": key, "study_day": item.passed}])


def _from_events(db: Connection, learner: bytes, key: str, fold: Fold, known: Sequence[Correction]) -> _Item:
    item, graded = _Item(), []
    for row in db.execute(select(*columns(known)).where(
            EVENT.c.learner_id == learner, EVENT.c.item_key == key, HAS_ITEM,
            EVENT.c.event_id > _mark(db, learner, key), not_voided()).order_by(EVENT.c.event_id)):
        item.take(row)
        if row.kind == _GRADED:
            graded.append(row)
    for row in sorted(graded, key=lambda row: (row.study_day, row.event_id)):
        item.learn(row, fold)
    return item


def rebuild(db: Connection, learner: bytes, fold: Fold) -> None:
    """Everything again from the whole log, in one reading."""
    items: defaultdict[str, _Item] = defaultdict(_Item)
    days: defaultdict[int, _Day] = defaultdict(_Day)
    settings: dict[str, str] = {}
    voided = set(db.execute(select(EVENT.c.target_id).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id.is_not(None))).scalars())
    known = corrections(db, learner)
    for row in in_order(driver(db), learner, known):
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
                items[row.item_key].take(row)
                if row.kind == _GRADED:
                    items[row.item_key].learn(row, fold)
    for key in [key for key, item in items.items() if item.disordered]:
        items[key] = _from_events(db, learner, key, fold, known)
    _write_all(db, learner, items, days, settings)


def in_order(db: sqlite3.Connection, learner: bytes, known: Sequence[Correction] = ()) -> Iterator[StoredRow]:
    """The whole log, row by row: a million take little memory, and half the time of SQLAlchemy's rows."""
    rows = map(StoredRow._make, events_in(db, "WHERE learner_id = ? ORDER BY event_id", learner))
    if not known:
        return rows
    return (
        row._replace(study_day=true_day(known, row.device_id, row.event_id, row.study_day)) for row in rows
    )


def _write_all(db: Connection, learner: bytes, items: Mapping[str, _Item], days: Mapping[int, _Day],
               settings: Mapping[str, str]) -> None:
    for table in DERIVED:
        db.execute(delete(table).where(table.c.learner_id == learner))
    rows: dict[Any, list[dict[str, Any]]] = {
        MEMORY: [_memory_row(learner, memory) for item in items.values() if (memory := item.learned())],
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
    for row in db.execute(select(EVENT.c.payload).where(
            EVENT.c.learner_id == learner, EVENT.c.kind == _SETTING, rare(EVENT), not_voided(),
            ).order_by(EVENT.c.event_id)).all():
        _settle(db, learner, row)


def _write_memory(db: Connection, learner: bytes, key: str, item: _Item) -> None:
    db.execute(delete(MEMORY).where(MEMORY.c.learner_id == learner, MEMORY.c.item_key == key))
    if memory := item.learned():
        db.execute(insert(MEMORY), [_memory_row(learner, memory)])


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
