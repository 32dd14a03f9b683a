"""Whether the derived tables are still as we left them.

They are a cache of the log: a row that another hand changed, added or took away is noticed
when the file is opened, and everything is derived again. Each row has a digest, and those of
a table are added up, so that one row's change costs one subtraction and one addition.

Standard library only: Today's first paint comes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from drops.store.file.shape import TABLES, is_shaped
from drops.store.reader import SqlReader

NAMES = TABLES["checksum"].columns[1:]
MODULUS = 1 << 56        # below the largest whole number that SQLite adds exactly


def digest(row: Sequence[Any]) -> int:
    """Of a row without its learner, as SQLite gives it back."""
    text = repr(tuple(row)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big")


def total(rows: Iterable[Sequence[Any]]) -> int:
    """Of all rows of a table, in any order."""
    return sum(map(digest, rows)) % MODULUS


def is_as_left(db: SqlReader, learner: bytes) -> bool:
    """Whether every derived row of the learner is as we wrote it, in tables as we made them. In one
    transaction, or another process may write between two tables."""
    if not is_shaped(db):
        return False
    known = db.execute("SELECT * FROM checksum WHERE learner_id = ?", (learner,)).fetchone()
    found = []
    for name in NAMES:
        query = f"SELECT * FROM {name} WHERE learner_id = ?"  # noqa: S608  # our own names
        rows = db.execute(query, (learner,))
        found.append(total(row[1:] for row in rows))
    return found == (list(known[1:]) if known else [0] * len(NAMES))
