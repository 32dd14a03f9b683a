"""Everything that is folded from the log, and how it is kept equal to a full replay.

    memory   the fold of an item's graded answers      tally     its tries, counted
    passed   the day a page was first passed           mixup     how often a misconception showed on it
    pace     how long an item's last answers took      sighting  how sure we are of a misconception
    setting  the last value of each setting            daily     answers and minutes a day

The graded answers of an item replay in the order of their learner-days (and of their ids within
a day), so that a device whose clock ran ahead does not push what others answered aside. Everything
else keeps the order of the ids.

A fact at the end of the log is folded in one step. What reaches back (an undo, a reset, an answer
dated before the last one) folds the item again from its events; what arrives in the middle (an
import) or moves days (a clock set right) folds all.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, exists, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from drops.events import Kind
from drops.memory.attempts import attempt
from drops.memory.misconceptions import Sighting, after
from drops.store.corrections import IN_PAYLOAD, LAST_DAY, Correction, corrections_in, true_day
from drops.store.derived import Derived, Values
from drops.store.file.connect import driver
from drops.store.file.integrity import events_in
from drops.store.file.ledger import row_of, sighting_of
from drops.store.item import Fold, Item, passes, suspends
from drops.store.rows import StoredRow, to_event
from drops.store.tables import (
    DAILY,
    DERIVED,
    EVENT,
    HAS_ITEM,
    MEMORY,
    MIXUP,
    PACE,
    PASSED,
    SETTING,
    SIGHTING,
    TALLY,
    rare,
)

AT_MOST_MS = 180_000     # of one answer in a day's minutes: a pause over coffee is not practice
_AT_A_TIME = 2_000       # rows that a server sends at once
_TARGETS = EVENT.alias("taken_back")
_RESETS = EVENT.alias("forgotten")
_GRADED, _PRACTICE, _ATTEMPT = int(Kind.GRADED), int(Kind.PRACTICE), int(Kind.ATTEMPT)
_VOID, _RESET = int(Kind.VOID), int(Kind.RESET)
_SETTING = int(Kind.SETTING)
_TRIES, _COUNTED = (_GRADED, _PRACTICE), (_GRADED, _PRACTICE, _ATTEMPT)


# The learner is spelled out in every subquery: a table that lies in parts is asked in one part alone.


def not_voided(learner: bytes) -> Any:
    """The condition that no VOID takes an event back. A VOID itself cannot be taken back."""
    return ~exists().where(_TARGETS.c.learner_id == learner, _TARGETS.c.target_id == EVENT.c.event_id)


def not_forgotten(learner: bytes) -> Any:
    """The condition that no later RESET covers an event. Settings are choices, not progress: they stay."""
    voids = EVENT.alias("voids")
    return or_(EVENT.c.kind == _SETTING, ~exists().where(
        _RESETS.c.learner_id == learner, _RESETS.c.kind == _RESET, rare(_RESETS),
        _RESETS.c.event_id > EVENT.c.event_id, _RESETS.c.item_key.in_(["", EVENT.c.item_key]),
        ~exists().where(voids.c.learner_id == learner, voids.c.target_id == _RESETS.c.event_id)))


def newest_id(db: Connection, learner: bytes) -> bytes | None:
    """The id of the newest event."""
    return db.execute(select(EVENT.c.event_id).where(EVENT.c.learner_id == learner).order_by(
        EVENT.c.event_id.desc()).limit(1)).scalar()


def holds(db: Connection, row: StoredRow) -> bool:
    """Whether this very event is in the log."""
    return db.execute(select(EVENT.c.digest).where(
        EVENT.c.learner_id == row.learner_id, EVENT.c.event_id == row.event_id)).scalar() == row.digest


def corrections(db: Connection, learner: bytes) -> tuple[Correction, ...]:
    """The corrections of clocks that stand, the newest first."""
    return corrections_in((row.event_id, row.payload) for row in db.execute(
        select(EVENT.c.event_id, EVENT.c.payload).where(
            EVENT.c.learner_id == learner, EVENT.c.kind == _SETTING, rare(EVENT),
            EVENT.c.payload.contains(IN_PAYLOAD, autoescape=True), not_voided(learner),
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
        self.ms += sign * min(row.duration_ms or 0, AT_MOST_MS)

    def row(self, number: int) -> Values | None:
        values = astuple(self)
        return (number, *values) if any(values) else None      # an empty day is no row, as after a replay


# One event more --------------------------------------------------------------------------


def take(db: Connection, learner: bytes, row: Any, fold: Fold) -> None:
    """Fold in the newest event of the log, already inserted in this transaction."""
    at = Derived(db, learner)
    match row.kind:
        case Kind.VOID:
            _take_back(at, row, fold)
        case Kind.RESET:
            _forget(at, row.item_key)
        case Kind.SETTING if IN_PAYLOAD in row.payload:
            _rebuild(at, fold)
        case Kind.SETTING:
            _settle(at, row)
        case Kind.SESSION:
            if row.item_key and passes(row) and not at.row(PASSED, row.item_key):
                at.replace(PASSED, None, (row.item_key, row.study_day))
        case Kind.SUSPEND:
            if row.item_key and (known := at.row(MEMORY, row.item_key)):
                at.replace(MEMORY, known, (*known[:-2], suspends(row), known[-1]))
        case _:
            _count(at, row, 1)
            if row.item_key and row.kind in _TRIES:
                _answer(at, row, fold)
    at.seal()


def _answer(at: Derived, row: Any, fold: Fold) -> None:
    """One more answer of an item whose state is known. An item never seen is folded from its events,
    because it may have been suspended, or forgotten, before; so is one answered on a later day."""
    memory, tally = at.row(MEMORY, row.item_key), at.row(TALLY, row.item_key)
    if memory is None or tally is None or (row.kind == _GRADED and row.study_day < memory[4]):
        return _refold(at, row.item_key, fold)
    pace, mixups = at.row(PACE, row.item_key), at.of_item(MIXUP, row.item_key)
    item = Item.of_rows(row.item_key, memory, pace, tally, mixups)
    one = item.take(row)
    if row.kind == _GRADED:
        item.learn(row, fold)
    for table, old in ((MEMORY, memory), (TALLY, tally), (PACE, pace)):
        at.replace(table, old, item.rows()[table])
    _write_mixups(at, mixups, item)
    if one and (one.clean or one.misconceptions):
        known = {name: sighting_of(found) for name in item.mixups if (found := at.row(SIGHTING, name))}
        told = after(known, one)
        for name in item.mixups:
            _write_sighting(at, known.get(name), told.get(name))
    return None


def _count(at: Derived, row: Any, sign: int) -> None:
    known = at.row(DAILY, row.study_day)
    day = _Day(*known[1:]) if known else _Day()
    day.take(row, sign)
    at.replace(DAILY, known, day.row(row.study_day))


def _settle(at: Derived, row: Any) -> None:
    for name, value in _setting(row).items():
        at.replace(SETTING, at.row(SETTING, name), (name, value))


# What reaches back -----------------------------------------------------------------------


def _take_back(at: Derived, void: Any, fold: Fold) -> None:
    db, learner = at.db, at.learner
    target = db.execute(select(*columns(corrections(db, learner))).where(
        EVENT.c.learner_id == learner, EVENT.c.event_id == void.target_id)).first()
    earlier = db.execute(select(func.count()).select_from(EVENT).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id == void.target_id)).scalar_one()
    if target is None or earlier > 1:
        return
    if (target.kind == _RESET and not target.item_key) or (
            target.kind == _SETTING and IN_PAYLOAD in target.payload):
        _rebuild(at, fold)
    elif target.kind == _SETTING:
        _resettle(at)
    else:
        if target.kind in _COUNTED and target.event_id > _mark(db, learner, ""):
            _count(at, target, -1)
        if target.item_key:
            _refold(at, target.item_key, fold)


def _resettle(at: Derived) -> None:
    settings: dict[str, str] = {}
    for row in at.db.execute(select(EVENT.c.payload).where(
            EVENT.c.learner_id == at.learner, EVENT.c.kind == _SETTING, rare(EVENT), not_voided(at.learner),
            ).order_by(EVENT.c.event_id)):
        settings.update(_setting(row))
    at.fill(SETTING, settings.items())


def _forget(at: Derived, key: str) -> None:
    """After a RESET nothing of the item is left; the days it was worked on were worked on all the same."""
    if not key:
        for table in DERIVED:
            if table is not SETTING:
                at.fill(table, ())
        return
    _write_item(at, Item(key))


def _mark(db: Connection, learner: bytes, key: str) -> bytes:
    """The last RESET of `key` that still stands: nothing before it counts."""
    return db.execute(select(EVENT.c.event_id).where(
        EVENT.c.learner_id == learner, EVENT.c.kind == _RESET, rare(EVENT),
        EVENT.c.item_key.in_(["", key]), not_voided(learner),
    ).order_by(EVENT.c.event_id.desc()).limit(1)).scalar() or b""


def _refold(at: Derived, key: str, fold: Fold) -> None:
    """One item again from all its events."""
    _write_item(at, _from_events(at, key, fold, corrections(at.db, at.learner)))


def _from_events(at: Derived, key: str, fold: Fold, known: Sequence[Correction]) -> Item:
    item, graded = Item(key), []
    for row in at.db.execute(select(*columns(known)).where(
            EVENT.c.learner_id == at.learner, EVENT.c.item_key == key, HAS_ITEM,
            EVENT.c.event_id > _mark(at.db, at.learner, key), not_voided(at.learner),
            ).order_by(EVENT.c.event_id)):
        item.take(row)
        if row.kind == _GRADED:
            graded.append(row)
    for row in sorted(graded, key=lambda row: (row.study_day, row.event_id)):
        item.learn(row, fold)
    return item


def _write_item(at: Derived, item: Item) -> None:
    """An item's rows in place of those it had, and what its tries now say about misconceptions."""
    for table, new in item.rows().items():
        at.replace(table, at.row(table, item.key), new)
    before = at.of_item(MIXUP, item.key)
    _write_mixups(at, before, item)
    _sight_again(at, {name for _, name, *_ in before} | set(item.mixups))


def _write_mixups(at: Derived, before: Sequence[Values], item: Item) -> None:
    old, new = {row[1]: row for row in before}, item.mixup_rows()
    for name in old.keys() | new.keys():
        at.replace(MIXUP, old.get(name), new.get(name))


def _write_sighting(at: Derived, old: Sighting | None, new: Sighting | None) -> None:
    at.replace(SIGHTING, row_of(old) if old else None, row_of(new) if new else None)


def _sight_again(at: Derived, names: Collection[str]) -> None:
    """Some misconceptions again, each from all tries of the items on which it showed."""
    if not names:
        return
    shown: defaultdict[str, set[str]] = defaultdict(set)
    for row in at.db.execute(select(MIXUP.c.name, MIXUP.c.item_key).where(
            MIXUP.c.learner_id == at.learner, MIXUP.c.name.in_(names))):
        shown[row.name].add(row.item_key)
    tries = [one for row in at.db.execute(select(*columns(corrections(at.db, at.learner))).where(
        EVENT.c.learner_id == at.learner, EVENT.c.item_key.in_(set().union(*shown.values())), HAS_ITEM,
        EVENT.c.kind.in_(_TRIES), not_voided(at.learner), not_forgotten(at.learner),
        ).order_by(EVENT.c.event_id))
        if (one := attempt(to_event(row)))] if shown else []
    for name in names:
        found: dict[str, Sighting] = {}
        for one in tries:
            if one.item_key in shown[name]:
                mine = tuple(shows for shows in one.misconceptions if shows == name)
                found = after(found, one._replace(misconceptions=mine))
        old = at.row(SIGHTING, name)
        _write_sighting(at, sighting_of(old) if old else None, found.get(name))


# Everything ------------------------------------------------------------------------------


def rebuild(db: Connection, learner: bytes, fold: Fold) -> None:
    """Everything again from the whole log, in one reading."""
    at = Derived(db, learner)
    _rebuild(at, fold)
    at.seal()


def _rebuild(at: Derived, fold: Fold) -> None:
    db, learner = at.db, at.learner
    items: dict[str, Item] = {}
    days: defaultdict[int, _Day] = defaultdict(_Day)
    settings: dict[str, str] = {}
    found: dict[str, Sighting] = {}
    unsure: set[str] = set()     # misconceptions that an item showed before it was forgotten
    voided = set(db.execute(select(EVENT.c.target_id).where(
        EVENT.c.learner_id == learner, EVENT.c.target_id.is_not(None))).scalars())
    known = corrections(db, learner)
    for row in in_order(db, learner, known):
        if row.kind == _VOID or row.event_id in voided:
            continue
        if row.kind == _RESET and row.item_key:
            if gone := items.pop(row.item_key, None):
                unsure |= gone.mixups.keys()
        elif row.kind == _RESET:
            items, found = {}, {}
            days.clear()
        elif row.kind == _SETTING:
            settings.update(_setting(row))
        else:
            if row.kind in _COUNTED:
                days[row.study_day].take(row)
            if row.item_key:
                item = items.setdefault(row.item_key, Item(row.item_key))
                if (one := item.take(row)) and (one.misconceptions or found):
                    found = after(found, one)
                if row.kind == _GRADED:
                    item.learn(row, fold)
    for key in [key for key, item in items.items() if item.disordered]:
        items[key] = _from_events(at, key, fold, known)
    rows = [item.rows() for item in items.values()]
    for table in (MEMORY, PACE, PASSED, TALLY):
        at.fill(table, [values for one in rows if (values := one[table])])
    at.fill(DAILY, [values for number, day in days.items() if (values := day.row(number))])
    at.fill(SETTING, settings.items())
    at.fill(MIXUP, [values for item in items.values() for values in item.mixup_rows().values()])
    at.fill(SIGHTING, map(row_of, found.values()))
    _sight_again(at, unsure)


def in_order(db: Connection, learner: bytes, known: Sequence[Correction] = ()) -> Iterator[StoredRow]:
    """The whole log, row by row: a million take little memory. SQLite's own rows take half the time of
    SQLAlchemy's."""
    if db.dialect.name == "sqlite":
        found: Iterable[Sequence[Any]] = events_in(
            driver(db), "WHERE learner_id = ? ORDER BY event_id", learner)
    else:
        found = db.execute(select(EVENT).where(EVENT.c.learner_id == learner).order_by(
            EVENT.c.event_id).execution_options(yield_per=_AT_A_TIME))
    rows = map(StoredRow._make, found)
    if not known:
        return rows
    return (
        row._replace(study_day=true_day(known, row.device_id, row.event_id, row.study_day)) for row in rows
    )


def _setting(row: Any) -> dict[str, str]:
    payload = json.loads(row.payload)
    name = payload.get("name")
    if not isinstance(name, str):
        return {}
    return {name: json.dumps(payload.get("value"), sort_keys=True, ensure_ascii=False)}
