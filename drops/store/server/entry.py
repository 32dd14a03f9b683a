"""Who comes in by a link: a learner, or a class's teacher."""

from __future__ import annotations

import hmac
import re
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from drops.clock import Moment
from drops.store.server.classes import hash_of
from drops.store.server.door import ServerDoor
from drops.store.server.hub import Hub
from drops.store.server.tables import CLASS, LEARNER

_LEARNERS = re.compile(r"[0-9a-f]{32}\.[\w-]{43}", re.ASCII)
_TEACHERS = re.compile(r"t[0-9a-f]{32}\.[\w-]{43}", re.ASCII)


class Taught(NamedTuple):
    """A class, as its teacher came in for it."""

    class_id: bytes
    name: str


def door_of(hub: Hub, token: str, home: Path, now: Moment) -> ServerDoor | None:
    """The log of a token's learner; None where it is nobody's. `home` is the server's own. Raises StoreError.

    Its first half says whose row is looked at, so that one row alone is looked at.
    """
    if not _LEARNERS.fullmatch(token):
        return None
    learner_id = bytes.fromhex(token[:32])

    def look(db: Connection) -> bytes | None:
        row = db.execute(
            select(LEARNER.c.class_id, LEARNER.c.token_hash).where(LEARNER.c.learner_id == learner_id)
        ).first()
        if row is None or not hmac.compare_digest(row.token_hash, hash_of(token)):
            return None
        db.execute(update(LEARNER).where(LEARNER.c.learner_id == learner_id).values(seen_us=now.us))
        class_id: bytes = row.class_id
        return class_id

    class_id = hub.run(look, ("learner", learner_id))
    return None if class_id is None else ServerDoor(hub, learner_id, class_id, home)


def taught_by(hub: Hub, token: str) -> Taught | None:
    """The class of a teacher's token; None where it is nobody's. Raises StoreError."""
    if not _TEACHERS.fullmatch(token):
        return None
    class_id = bytes.fromhex(token[1:33])
    named = select(CLASS.c.name, CLASS.c.token_hash).where(CLASS.c.class_id == class_id)
    row = hub.run(lambda db: db.execute(named).first(), ("class", class_id))
    if row is None or not hmac.compare_digest(row.token_hash, hash_of(token)):
        return None
    return Taught(class_id, row.name)
