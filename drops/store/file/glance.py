"""What Today needs before its first paint, read with the standard library alone.

Importing SQLAlchemy costs more than drawing the screen, so this one reader goes without.
It never writes and never raises: a file it cannot read is a line in `problem`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from drops.errors import StoreError
from drops.events import Day, Event, Memory
from drops.store.corrections import DAY_US, IN_PAYLOAD, Correction, corrections_in, true_day
from drops.store.file.backups import check_own_header, refuse_to_begin_afresh
from drops.store.file.checksum import is_as_left
from drops.store.file.files import prepare_home
from drops.store.file.header import FILE_NAME, SCHEMA, to_read, whose
from drops.store.file.lately import Lately, lately
from drops.store.reader import SqlReader
from drops.store.rows import to_event

T = TypeVar("T")

WEEKS = 26
CARDS, CARD = "lab/c-", "card"   # how the key of a kept question begins, and where its payload holds it
NEWEST_EVENTS = 500       # that are looked at: more than a learner-day has


class Glance(NamedTuple):
    """The progress file in one look. Empty, with `problem` "", when there is none yet."""

    memories: Mapping[str, Memory] = {}
    passed: Mapping[str, int] = {}              # page key → learner-day
    settings: Mapping[str, Any] = {}
    daily: tuple[Day, ...] = ()                                          # the last ones, from the earliest
    pace: Mapping[str, int] = {}                # item key → median ms
    newest: tuple[Event, ...] = ()              # sessions and answers of the newest learner-day, in order
    lately: Lately = Lately()                   # what the plan of a day needs of the newest events
    cards: tuple[Event, ...] = ()               # questions of the learner's own, as they were kept
    problem: str = ""
    stale: bool = False     # what is derived is not as we left it: opening the log derives it again
    learner_id: bytes = b""
    latest: tuple[int, int] | None = None  # when what is dated last was, put right: microsecond, learner-day


def glance(home: Path) -> Glance:
    """What the progress file in `home` says, or why it says nothing."""
    return look(home, read_glance)


def look(home: Path, read: Callable[[SqlReader, bytes], T]) -> T | Glance:
    """What `read` finds in one state of the progress file; a Glance where there is nothing to be read."""
    path = home / FILE_NAME
    try:
        path = prepare_home(home, read_only=True)
        if not path.exists():
            refuse_to_begin_afresh(path)
            return Glance()
        if check_own_header(path).schema < SCHEMA:
            return Glance(stale=True)
        with closing(sqlite3.connect(to_read(path), uri=True, isolation_level=None)) as db:
            db.execute("PRAGMA trusted_schema=OFF")
            db.execute("BEGIN")     # one state, whatever another process writes meanwhile
            learner, _ = whose(dict(db.execute("SELECT name, value FROM meta").fetchall()), path)
            if not is_as_left(db, learner):
                return Glance(stale=True)
            return read(db, learner)
    except StoreError as error:
        return Glance(problem=str(error))
    except (sqlite3.Error, ValueError, TypeError, OSError) as error:
        return Glance(problem=f"{path} cannot be read ({error}); `drops doctor` says what is wrong")


def read_glance(db: SqlReader, learner: bytes) -> Glance:
    """What an open log says, whose derived rows are as we left them."""
    memories = {
        key: Memory(key, due, stability, difficulty, last, reps, lapses, bool(suspended), algorithm)
        for key, due, stability, difficulty, last, reps, lapses, suspended, algorithm in db.execute(
            "SELECT item_key, due_day, stability, difficulty, last_day, reps, lapses, suspended,"
            " algorithm FROM memory WHERE learner_id = ?", (learner,))}
    passed = db.execute("SELECT item_key, study_day FROM passed WHERE learner_id = ?", (learner,))
    known = _corrections(db, learner)
    return Glance(
        memories,
        dict(passed.fetchall()),
        {name: json.loads(value) for name, value in db.execute(
            "SELECT name, value FROM setting WHERE learner_id = ?", (learner,))},
        tuple(Day(*row) for row in db.execute(
            "SELECT study_day, graded, practice, correct, ms FROM daily WHERE learner_id = ?"
            " ORDER BY study_day DESC LIMIT ?", (learner, WEEKS * 7)))[::-1],
        dict(db.execute("SELECT item_key, median FROM pace WHERE learner_id = ?", (learner,)).fetchall()),
        _newest(db, learner, known),
        lately(db, learner, memories),
        _cards(db, learner),
        learner_id=learner,
        latest=_latest(db, learner, known),
    )


def _cards(db: SqlReader, learner: bytes) -> tuple[Event, ...]:
    """What was kept in the Lab: not taken back, and not forgotten since."""
    rows = db.execute(
        "SELECT learner_id, event_id, device_id, target_id, kind, item_key, occurred_us, tz_offset_min,"
        " study_day, rating, correct, duration_ms, payload FROM event AS e"
        " WHERE learner_id = ? AND item_key <> '' AND item_key >= ? AND item_key < ? AND kind = 3"
        " AND NOT EXISTS (SELECT 1 FROM event WHERE learner_id = e.learner_id AND target_id = e.event_id)"
        " AND NOT EXISTS (SELECT 1 FROM event AS r WHERE r.learner_id = e.learner_id AND r.kind = 6"
        "  AND r.kind >= 4 AND r.item_key IN ('', e.item_key) AND r.event_id > e.event_id AND NOT EXISTS"
        "  (SELECT 1 FROM event WHERE learner_id = r.learner_id AND target_id = r.event_id))"
        " ORDER BY event_id", (learner, CARDS, f"{CARDS}\x7f")).fetchall()
    return tuple(event for event in map(to_event, rows) if CARD in event.payload)


def _corrections(db: SqlReader, learner: bytes) -> tuple[Correction, ...]:
    return corrections_in(db.execute(
        "SELECT event_id, payload FROM event AS e"
        " WHERE learner_id = ? AND kind = 8 AND kind >= 4 AND payload LIKE ?"
        " AND NOT EXISTS (SELECT 1 FROM event WHERE learner_id = e.learner_id AND target_id = e.event_id)"
        " ORDER BY event_id DESC", (learner, f"%{IN_PAYLOAD}%")))


def _latest(db: SqlReader, learner: bytes, known: Sequence[Correction]) -> tuple[int, int] | None:
    rows = db.execute("SELECT device_id, event_id, occurred_us, study_day FROM event WHERE learner_id = ?"
                      " ORDER BY event_id DESC LIMIT ?", (learner, NEWEST_EVENTS))
    right = ((us, day, true_day(known, device, key, day)) for device, key, us, day in rows)
    return max(((us + (true - day) * DAY_US, true) for us, day, true in right), default=None)


def _newest(db: SqlReader, learner: bytes, known: Sequence[Correction]) -> tuple[Event, ...]:
    reset = db.execute(
        "SELECT event_id FROM event WHERE learner_id = ? AND kind = 6 AND kind >= 4 AND item_key = ''"
        " AND event_id NOT IN (SELECT target_id FROM event WHERE learner_id = ? AND target_id IS NOT NULL)"
        " ORDER BY event_id DESC LIMIT 1", (learner, learner)).fetchone()
    rows = db.execute(
        "SELECT learner_id, event_id, device_id, target_id, kind, item_key, occurred_us, tz_offset_min,"
        " study_day, rating, correct, duration_ms, payload FROM event AS e"
        " WHERE learner_id = ? AND kind <= 4 AND event_id > ?"
        " AND NOT EXISTS (SELECT 1 FROM event WHERE learner_id = e.learner_id AND target_id = e.event_id)"
        " ORDER BY event_id DESC LIMIT ?", (learner, reset[0] if reset else b"", NEWEST_EVENTS)).fetchall()
    days = [true_day(known, row[2], row[1], row[8]) for row in rows]
    newest = [(*row[:8], day, *row[9:]) for row, day in zip(rows, days, strict=True) if day == days[0]]
    return tuple(map(to_event, reversed(newest)))
