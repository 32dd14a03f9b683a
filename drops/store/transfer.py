"""Taking a history out of drops, and another one in.

    .jsonl        the whole log, one event a line, to be read again
    .csv .tsv     what was answered, for people and their spreadsheets

An imported file is hostile until it has shown otherwise: whose it is, its version, its
integrity, and then every row by itself. Bad rows are kept out and counted; good ones enter.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta, timezone
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from drops.clock import Moment
from drops.errors import Another, Damaged, Foreign, Newer, NoHome, ReadOnly, StoreError
from drops.events import Event
from drops.store.corrections import LAST_DAY
from drops.store.derive import in_order
from drops.store.file import schema
from drops.store.file.backup import BEFORE_IMPORT
from drops.store.file.connect import connect, disconnect, plainly, transaction
from drops.store.file.files import BACKUPS, private_copy, replacing
from drops.store.file.header import MAGIC, SCHEMA, check_header, has_wal
from drops.store.file.integrity import events_in, examine, faults_of, open_raw
from drops.store.ids import utc
from drops.store.imports import devices, read_note
from drops.store.log import Log
from drops.store.merge import Merged
from drops.store.rows import BadRow, StoredRow
from drops.text import counted

_LINE_BYTES = 1_000_000      # a row has at most 64 KB of payload; escapes make it longer, not that long
_BYTES = ("learner_id", "event_id", "device_id", "target_id", "digest")
_FOR_PEOPLE = ("when", "day", "kind", "item", "rating", "correct", "seconds", "details")


def export(log: Log, target: Path) -> int:
    """Write the history to `target`; how many events. The ending says the format."""
    check_ending(target)
    write = _WRITERS[target.suffix.lower()]
    with replacing(target) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        return write(log, file)


def check_ending(target: Path) -> None:
    """Raises StoreError for an ending that is no format."""
    if target.suffix.lower() not in _WRITERS:
        raise StoreError(f"{target}: the ending says the format; use .jsonl for everything, "
                         ".csv or .tsv for a spreadsheet, .apkg for Anki", target)


def _write_jsonl(log: Log, file: IO[str]) -> int:
    file.write(first_line())

    def write(db: Connection) -> int:
        count = 0
        for row in in_order(db, log.learner_id):
            file.write(write_line(row))
            count += 1
        return count

    return log.read(write)


def history_text(log: Log) -> str:
    """The whole log as it is exported, to be read again."""
    file = io.StringIO()
    _write_jsonl(log, file)
    return file.getvalue()


def first_line(**more: str) -> str:
    """What an exported log begins with."""
    return json.dumps({"drops": "log", "schema": SCHEMA, **more}) + "\n"


def write_line(row: StoredRow) -> str:
    """An event of an exported log, in ASCII: safe to look at."""
    line = {name: value.hex() if isinstance(value, bytes) else value
            for name, value in zip(StoredRow._fields, row, strict=True)}
    line["correct"] = None if row.correct is None else bool(row.correct)
    return json.dumps(line, separators=(",", ":")) + "\n"


def _write_table(log: Log, file: IO[str], delimiter: str) -> int:
    # No cell can begin with = + - @, which a spreadsheet would run: keys are made to begin otherwise,
    # as ours do, details begin with a brace, and the rest are dates and numbers.
    table = csv.writer(file, delimiter=delimiter)
    table.writerow(_FOR_PEOPLE)
    events = log.events()
    table.writerows(_for_people(event) for event in events)
    return len(events)


_WRITERS: dict[str, Callable[[Log, IO[str]], int]] = {
    ".jsonl": _write_jsonl,
    ".csv": lambda log, file: _write_table(log, file, ","),
    ".tsv": lambda log, file: _write_table(log, file, "\t"),
}


def _for_people(event: Event) -> Sequence[str]:
    there = utc(event.occurred_us).astimezone(timezone(timedelta(minutes=event.tz_offset_min)))
    return (
        there.isoformat(timespec="seconds"), date.fromordinal(event.study_day).isoformat(),
        event.kind.name.lower(), event.item_key.lstrip("=+-@"),
        event.rating.name.lower() if event.rating else "",
        "" if event.correct is None else "yes" if event.correct else "no",
        "" if event.duration_ms is None else f"{event.duration_ms / 1000:.1f}",
        json.dumps(event.payload, ensure_ascii=False, sort_keys=True),
    )


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose a file's history is, and from when."""

    learners: frozenset[bytes]
    devices: frozenset[bytes]
    first: date | None          # learner-days; None without a readable row
    last: date | None

    @property
    def says(self) -> str:
        """In words."""
        if self.first is None or self.last is None:
            return "without a row that can be read"
        span = f"of {self.first}" if self.first == self.last else f"from {self.first} to {self.last}"
        return f"{span}, {counted(len(self.devices), 'device')}"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: from whom, and what became of each row."""

    origin: Origin
    merged: Merged
    copy: Path                  # made before it, and kept if anything was new


def import_file(log: Log, source: Path, now: Moment, *, merge_learner: bool = False) -> Imported:
    """Take in the sound and new rows of an exported log or another progress file; all or none.

    A verified copy is made first. Raises Foreign, Newer or Damaged when the file as a whole is not to
    be trusted, Another when its history is another learner's and `merge_learner` does not say that the
    two are one. It is only read, and so is whatever lies beside it.
    """
    try:
        if not source.is_file() and source.exists():
            raise StoreError(f"{source} is no file that can be imported; nothing was imported: "
                             "name an export or a progress file", source)
        with source.open("rb") as file:
            start = file.read(len(MAGIC))
        if start == MAGIC:
            with _other_progress(source) as db:
                return _taken(log, source, lambda: events_in(db, "ORDER BY learner_id, event_id"),
                              now, merge_learner)
        with source.open("rb") as file:
            _check_first_line(file, source)
            begins = file.tell()

            def rows() -> Iterator[Sequence[Any] | BadRow]:
                file.seek(begins)
                return lines_of(file)

            return _taken(log, source, rows, now, merge_learner)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise StoreError(f"{source} cannot be read ({reason}); nothing was imported", source) from None


def _taken(log: Log, source: Path, rows: Callable[[], Iterator[Sequence[Any] | BadRow]], now: Moment,
           merge_learner: bool) -> Imported:
    origin = _origin(rows())
    ours = log.read(lambda db: devices(db, log.learner_id))
    anothers = origin.learners - {log.learner_id} and not origin.devices & ours
    if anothers and log.events(voided=True, limit=1) and not merge_learner:
        raise Another(f"{source} is another learner's history ({origin.says}); nothing was imported: "
                      "add --merge-learner if both are yours", source)
    _must_write(log)
    copy = log.back_up(now, BEFORE_IMPORT)
    merged = log.merge(rows, now, copy.name)
    if not merged.new:
        copy.unlink(missing_ok=True)
    return Imported(origin, merged, copy)


def _must_write(log: Log) -> None:
    """Raises ReadOnly before anything is prepared, where the log takes nothing."""
    if log.refusal:
        raise ReadOnly(str(log.refusal), log.path)


def _origin(rows: Iterator[Sequence[Any] | BadRow]) -> Origin:
    learners, devices, days = set[bytes](), set[bytes](), set[int]()
    for row in rows:
        if not isinstance(row, BadRow) and isinstance(row[0], bytes) and isinstance(row[2], bytes):
            learners.add(row[0])
            devices.add(row[2])
            if isinstance(row[8], int) and 1 <= row[8] <= LAST_DAY:
                days.add(row[8])
    first, last = (date.fromordinal(pick(days)) if days else None for pick in (min, max))
    return Origin(frozenset(learners), frozenset(devices), first, last)


def take_back(log: Log, now: Moment, shared: frozenset[bytes] = frozenset()) -> int:
    """Take the last import back: how many events left again. What was answered since stays, and what is
    `shared` with other devices by now: they would give it back.

    Raises StoreError where there is none, or where the copy from before it is gone.
    """
    name, _ = log.read(read_note)
    if not name:
        raise StoreError("there is no import to take back; nothing was changed", log.path)
    copy = log.path.parent / BACKUPS / name
    if not copy.is_file() or examine(copy):
        raise StoreError(f"{copy}, the copy from before the import, is gone or damaged; "
                         "nothing was changed", copy)
    with closing(open_raw(copy)) as before:
        known = {number for number, in before.execute("SELECT event_id FROM event")}
    _must_write(log)
    log.back_up(now, "before-undo")
    return log.take_import_back(known | shared)


@contextmanager
def _other_progress(source: Path) -> Iterator[sqlite3.Connection]:
    try:
        header = check_header(source)
    except (Foreign, Damaged, NoHome) as error:  # what they advise is for the learner's own file
        what = str(error).rpartition("; ")[0]
        raise type(error)(f"{what}; nothing was imported", source) from None
    if source.stat().st_size > header.page_size * header.pages and not has_wal(source):
        raise Damaged(f"{source} is longer than its header says; nothing was imported", source)
    with tempfile.TemporaryDirectory(prefix="drops-") as folder:
        copy = private_copy(source, Path(folder))
        with closing(open_raw(copy)) as db, plainly(source):
            _check_shape(db, source)
        if header.schema < SCHEMA:
            _bring_up_to_date(copy)
        with closing(open_raw(copy)) as db, plainly(source):
            yield db


def _check_shape(db: sqlite3.Connection, source: Path) -> None:
    """Raises Damaged or Foreign unless the file is whole and its log is a plain table of ours."""
    if faults := faults_of(db, "quick_check"):
        raise Damaged(f"{source} is damaged ({faults[0]}); nothing was imported", source)
    kinds = {kind for kind, in db.execute("SELECT type FROM sqlite_schema")}
    made = db.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'event'").fetchone()
    columns = [(name, hidden) for _, name, _, _, _, _, hidden in db.execute("PRAGMA table_xinfo(event)")]
    # A view, a trigger, a generated column or a virtual table is code, and not code that we wrote.
    only_tables = not kinds - {"table", "index"}
    plain = bool(made) and str(made[0]).upper().startswith("CREATE TABLE")
    ours = set(StoredRow._fields) <= {name for name, hidden in columns if not hidden}
    if not (only_tables and plain and ours):
        raise Foreign(f"{source} is not made as drops makes a progress file; nothing was imported", source)


def _bring_up_to_date(copy: Path) -> None:
    db = connect(copy)
    try:
        with transaction(db, copy):
            schema.upgrade(db)
    finally:
        disconnect(db)


def read_first_line(file: IO[bytes]) -> dict[str, Any]:
    """What an exported log begins with; nothing where the file is none."""
    try:
        first = json.loads(file.readline(1000))
        return first if first["drops"] == "log" and int(first["schema"]) else {}
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


def _check_first_line(file: IO[bytes], source: Path) -> None:
    first = read_first_line(file)
    written_by = int(first.get("schema", 0))
    if not first:
        raise Foreign(f"{source} is neither an exported log nor a progress file of drops; "
                      "nothing was imported", source)
    if written_by > SCHEMA:
        raise Newer(f"{source} was exported by a later drops; nothing was imported: upgrade drops", source)


def lines_of(file: IO[bytes]) -> Iterator[Sequence[Any] | BadRow]:
    """The rows of an exported log behind its first line; of one that cannot be read, why."""
    while line := file.readline(_LINE_BYTES):
        if len(line) == _LINE_BYTES and not line.endswith(b"\n"):
            while (rest := file.readline(_LINE_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield BadRow("a line is too long")
        elif line.strip():
            yield _row_of(line)


def _row_of(line: bytes) -> Sequence[Any] | BadRow:
    try:
        given = json.loads(line)
        return [bytes.fromhex(given[name]) if name in _BYTES and given[name] is not None else given[name]
                for name in StoredRow._fields]
    except (ValueError, TypeError, KeyError, RecursionError):
        return BadRow("a line is no event")
