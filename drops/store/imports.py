"""The last import, noted so that it can be taken back."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select

from drops.store.tables import DEVICE, EVENT, META

_NAME = "import"
_BATCH = 500


def devices(db: Connection, learner: bytes) -> frozenset[bytes]:
    """The devices whose answers are in this log, and its own."""
    return frozenset(db.execute(select(DEVICE.c.device_id).where(DEVICE.c.learner_id == learner)).scalars())


def note(db: Connection, copy: str, last: bytes) -> None:
    """An import was made, and `copy` before it; what is answered here from now on lies behind `last`. "": it
    was no import, and what was noted stays."""
    if not copy:
        return
    db.execute(delete(META).where(META.c.name == _NAME))
    db.execute(insert(META), [{"name": _NAME, "value": json.dumps([copy, last.hex()])}])


def read_note(db: Connection) -> tuple[str, bytes]:
    """The copy's name and the newest id as it was noted; "" when there is nothing to take back."""
    said = db.execute(select(META.c.value).where(META.c.name == _NAME)).scalar()
    if not said:
        return "", b""
    copy, last = json.loads(said)
    return copy, bytes.fromhex(last)


def remove(db: Connection, learner: bytes, device: bytes, known: Collection[bytes]) -> int:
    """Remove what the noted import brought, and the note; how many events."""
    _, last = read_note(db)
    rows = db.execute(select(EVENT.c.event_id, EVENT.c.device_id).where(EVENT.c.learner_id == learner)).all()
    since = {row.event_id for row in rows if row.device_id == device and row.event_id > last}
    gone = [row.event_id for row in rows if row.event_id not in known and row.event_id not in since]
    for start in range(0, len(gone), _BATCH):
        db.execute(delete(EVENT).where(
            EVENT.c.learner_id == learner, EVENT.c.event_id.in_(gone[start:start + _BATCH])))
    left = select(EVENT.c.device_id).where(EVENT.c.learner_id == learner)
    db.execute(delete(DEVICE).where(
        DEVICE.c.learner_id == learner, DEVICE.c.device_id != device, DEVICE.c.device_id.not_in(left)))
    db.execute(delete(META).where(META.c.name == _NAME))
    return len(gone)
