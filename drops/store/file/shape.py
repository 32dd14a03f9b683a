"""Whether the tables of what is derived, and every index, are there as we make them.

Another hand may drop a table or a column, rename it, or put a view in its place: the log is the truth, so
they are made again, and filled from it.

Standard library only: Today's first paint comes through here.
"""

from __future__ import annotations

from typing import NamedTuple

from drops.store.reader import SqlReader


class Shape(NamedTuple):
    """The columns of a table, the key first."""

    columns: tuple[str, ...]
    keys: int


def _shape(keys: str, rest: str) -> Shape:
    named = keys.split()
    return Shape((*named, *rest.split()), len(named))


TABLES = {
    "memory": _shape(
        "learner_id item_key", "due_day stability difficulty last_day reps lapses suspended algorithm"
    ),
    "daily": _shape("learner_id study_day", "graded practice correct ms"),
    "passed": _shape("learner_id item_key", "study_day"),
    "pace": _shape("learner_id item_key", "durations median"),
    "setting": _shape("learner_id name", "value"),
    "tally": _shape("learner_id item_key", "graded correct practice foreseen loss"),
    "mixup": _shape("learner_id item_key name", "times tied last_day"),
    "sighting": _shape("learner_id name", "status seen item_keys first_day last_day changed_day clean"),
    "checksum": _shape("learner_id", "memory daily passed pace setting tally mixup sighting"),
}
INDEXES = {
    "event_item": ("event", "learner_id item_key event_id"),
    "event_rare": ("event", "learner_id kind event_id"),
    "event_target": ("event", "learner_id target_id"),
    "memory_due": ("memory", "learner_id suspended due_day"),
}


def is_shaped(db: SqlReader) -> bool:
    """Whether nothing is missing and nothing is otherwise."""
    return not misshapen(db)


def misshapen(db: SqlReader) -> dict[str, str]:
    """The tables and indexes that are not as they should be: by name, what is there instead, or ""."""
    there = db.execute("SELECT name, type, tbl_name FROM sqlite_master WHERE type <> 'trigger'")
    of = {name: (kind, table) for name, kind, table in there}
    wrong = {}
    for name, wanted in TABLES.items():
        kind = of.get(name, ("", ""))[0]
        found = db.execute(f"PRAGMA table_info({name})").fetchall() if kind == "table" else []
        keys = [number for *_, number in found]
        columns = tuple(row[1] for row in found)
        if (columns, keys) != (wanted.columns, _numbered(wanted)):
            wrong[name] = kind
    for name, (table, columns_of) in INDEXES.items():
        kind, at = of.get(name, ("", ""))
        indexed = [row[2] for row in db.execute(f"PRAGMA index_info({name})")] if kind == "index" else []
        if "event" in of and (at, indexed) != (table, columns_of.split()):   # else it is no log at all
            wrong[name] = kind
    return wrong


def _numbered(wanted: Shape) -> list[int]:
    """Each column's place in the key, from 1; 0 behind it."""
    return [n + 1 if n < wanted.keys else 0 for n in range(len(wanted.columns))]
