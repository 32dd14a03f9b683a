"""Reading what can still be read of a damaged progress file, and naming what cannot.

Works on a private copy that it may mend: `open_raw` and the rows' own digests decide what
is believed, so a wrong mend yields no wrong row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from drops.store.file.header import MAGIC, read_header
from drops.store.file.integrity import events_in, open_raw
from drops.store.ids import utc


class Wreck:
    """A damaged file's copy: its readable rows, and the ids that its indexes still name."""

    def __init__(self, copy: Path) -> None:
        self.copy = copy
        self.read: set[bytes] = set()
        self._named: dict[bytes, tuple[bytes, str]] = {}     # event id → learner, item key
        self._refused: dict[bytes, str] = {}

    def refuse(self, row: Any) -> None:
        """Remember a row that was readable and is not what was written."""
        if isinstance(row, Sequence) and isinstance(row[1], bytes) and len(row[1]) == 16:
            self._refused[row[1]] = str(row[5])[:120]

    def lost(self) -> dict[bytes, str]:
        """The ids, with their item keys, of events that were there and did not come back."""
        gone = {number: key for number, (_, key) in self._named.items() if number not in self.read}
        refused = {number: self._named.get(number, (b"", key))[1] for number, key in self._refused.items()}
        return gone | refused

    def mend(self, good: Path) -> None:
        """Put a backup's first page, which holds the tables' places, over one that is beyond reading."""
        header = read_header(good)
        with good.open("rb") as file:
            page = bytearray(file.read(header.page_size))
        pages = -(-self.copy.stat().st_size // header.page_size)
        page[28:32] = pages.to_bytes(4, "big")
        with self.copy.open("r+b") as file:
            file.write(page)
            file.truncate(pages * header.page_size)

    def pad(self) -> None:
        """Fill a file that was cut short up to its old length: SQLite refuses a short file as a
        whole, but of a full one it refuses only the empty pages."""
        with self.copy.open("r+b") as file:
            if not file.read(100).startswith(MAGIC):
                return
            header = read_header(self.copy)
            if self.copy.stat().st_size < header.page_size * header.pages < 1 << 40:
                file.truncate(header.page_size * header.pages)

    def rows(self) -> Iterator[Sequence[Any]]:
        """Every row that can still be read: from the front, from the back, and by name in between."""
        try:
            with closing(open_raw(self.copy)) as db:
                self._read_names(db, "event_item", "item_key", "item_key != ''")
                self._read_names(db, "event_rare", "''", "kind >= 4")
                for order in ("ASC", "DESC"):
                    sort = f"ORDER BY learner_id {order}, event_id {order}"
                    if (yield from self._until_damage(db, sort)):
                        return
                for number in sorted(set(self._named) - self.read):
                    yield from self._until_damage(
                        db, "WHERE learner_id = ? AND event_id = ?", self._named[number][0], number)
        except sqlite3.Error:
            return

    def _until_damage(self, db: sqlite3.Connection, which: str, *given: bytes,
                      ) -> Generator[Sequence[Any], None, bool]:
        try:
            for row in events_in(db, which, *given):
                if row[1] not in self.read:
                    self.read.add(row[1])
                    yield row
        except sqlite3.Error:
            return False
        return True

    def _read_names(self, db: sqlite3.Connection, index: str, key: str, condition: str) -> None:
        try:
            for learner, number, item in db.execute(
                    f"SELECT learner_id, event_id, {key} FROM event "  # noqa: S608  # our own words
                    f"INDEXED BY {index} WHERE {condition}"):
                if isinstance(number, bytes) and len(number) == 16:
                    self._named.setdefault(number, (learner, str(item)))
        except sqlite3.Error:
            return


def describe_lost(event_id: bytes, key: str) -> str:
    """A lost event in words: its day (UTC) and its item."""
    return f"{utc(int.from_bytes(event_id[:6], 'big') * 1000):%Y-%m-%d} {key or 'a session or setting'}"
