"""Whether a progress file is what was written: its pages by SQLite's own check, its rows by their digests.

A file may be damaged, or made by somebody else, so it is opened here taking nothing for granted.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from drops.store.file.header import to_read
from drops.store.rows import COLUMNS, digest_of

RECENT = 1_000           # events, the work of weeks: what a start looks at (7 ms)
SMALL = 8_000_000        # bytes, 35,000 events: a file whose every page a start looks at (15 ms)
_OF_A_VALUE = re.compile(r"(?:value in|constraint failed in) \w+")


def open_raw(path: Path) -> sqlite3.Connection:
    """A connection that only reads and takes nothing in the file for granted, not even that text is UTF-8."""
    db = sqlite3.connect(to_read(path), uri=True, isolation_level=None)
    db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"):
        db.execute(f"PRAGMA {pragma}")
    return db


def examine(path: Path) -> list[str]:
    """What is wrong with a progress file: nothing, or lines. Reads every byte."""
    return _faults(path)


def look_over(path: Path) -> list[str]:
    """What of `examine` a start has time for, however long the history: the newest events and, of a
    small file, the pages. The rest is examined with each daily copy.
    """
    return _faults(path, pages=path.stat().st_size <= SMALL, newest=RECENT)


def _faults(path: Path, *, pages: bool = True, newest: int = -1) -> list[str]:
    try:
        with closing(open_raw(path)) as db:
            bad = islice(changed(db, newest), 5)
            return (faults_of(db, "quick_check") if pages else []) + [
                f"answer {number} was changed after it was written" for number in bad]
    except sqlite3.Error as error:
        return [str(error)]


def faults_of(db: sqlite3.Connection, check: str) -> list[str]:
    """What SQLite's `check` finds wrong with the pages, one line each; values are the digests' business."""
    db.execute("PRAGMA ignore_check_constraints=ON")
    report = [line for block, in db.execute(f"PRAGMA {check}(5)") for line in block.splitlines()]
    found = [line for line in report if line != "ok" and not line.startswith("***")]
    return [line for line in found if not _OF_A_VALUE.search(line)]


def changed(db: sqlite3.Connection, newest: int = -1) -> Iterator[str]:
    """The ids of events whose digest does not match, the newest first; of the `newest` ones, or of all."""
    for row in events_in(db, "ORDER BY learner_id DESC, event_id DESC LIMIT ?", newest):
        try:
            good = digest_of(row) == row[13]
        except (AttributeError, TypeError, ValueError):     # a flipped byte may have changed a column's type
            good = False
        if not good:
            yield row[1].hex() if isinstance(row[1], bytes) else str(row[1])


def events_in(db: sqlite3.Connection, which: str, *given: object) -> Iterator[Sequence[Any]]:
    """The columns of `rows.Row` of those events that `which`, an SQL clause of ours, chooses."""
    return iter(db.execute(f"SELECT {COLUMNS} FROM event {which}", given))  # noqa: S608  # our own words
