"""Putting logs together: a set union by event id.

Union is commutative and repeatable, so devices may exchange logs in any order, as often
as they like, and end with one log; the derived tables are then a fold over that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select

from drops.store.rows import BadRow, StoredRow, checked
from drops.store.tables import DEVICE, EVENT

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of another log's rows."""

    new: int
    known: int
    quarantined: Mapping[str, int]  # why a row was kept out → how many

    @property
    def refused(self) -> int:
        """How many rows were kept out."""
        return sum(self.quarantined.values())


def merge(
    db: Connection,
    learner: bytes,
    rows: Iterable[Sequence[Any] | BadRow],
    now_us: int,
    refused: Callable[[Any], None] | None = None,
) -> Merged:
    """Insert the sound and new ones of `rows`; the caller derives everything again.

    A row that could not even be read comes as the BadRow that says why. Every row that is
    kept out is passed to `refused`.
    """
    new = known = 0
    why: Counter[str] = Counter()
    devices: set[bytes] = set()
    stream = iter(rows)
    while batch := list(islice(stream, _BATCH)):
        sound: list[StoredRow] = []
        for row, result in _examined(batch, learner):
            if isinstance(result, StoredRow):
                sound.append(result)
            else:
                why[str(result)] += 1
                if refused:
                    refused(row)
        have = _digests(db, learner, [row.event_id for row in sound])
        fresh: list[StoredRow] = []
        for row in sound:
            digest = have.setdefault(row.event_id, b"")
            if not digest:
                have[row.event_id] = row.digest
                fresh.append(row)
            elif digest == row.digest:
                known += 1
            else:
                why["another answer already has this id"] += 1  # no honest log: ids carry 62 random bits
        if fresh:
            db.execute(insert(EVENT), [row._asdict() for row in fresh])
        new += len(fresh)
        devices.update(row.device_id for row in fresh)
    _add_devices(db, learner, devices, now_us)
    return Merged(new, known, dict(why))


def _add_devices(db: Connection, learner: bytes, devices: Collection[bytes], now_us: int) -> None:
    """Read first, then written: who may write has the learner's lock."""
    of_learner = select(DEVICE.c.device_id).where(DEVICE.c.learner_id == learner)
    new = set(devices) - set(db.execute(of_learner).scalars()) if devices else set()
    if new:
        db.execute(insert(DEVICE), [
            {"learner_id": learner, "device_id": device, "added_us": now_us} for device in sorted(new)])


def _digests(db: Connection, learner: bytes, numbers: list[bytes]) -> dict[bytes, bytes]:
    return {
        row.event_id: row.digest
        for row in db.execute(
            select(EVENT.c.event_id, EVENT.c.digest).where(
                EVENT.c.learner_id == learner, EVENT.c.event_id.in_(numbers)
            )
        )
    }


def _examined(
    rows: Iterable[Sequence[Any] | BadRow], learner: bytes
) -> Iterator[tuple[Any, StoredRow | BadRow]]:
    for row in rows:
        try:
            yield row, row if isinstance(row, BadRow) else checked(row, learner)
        except BadRow as bad:
            yield row, bad
