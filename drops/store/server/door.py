"""A learner's log on a server. Who writes holds the learner's row: two that write wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from drops.clock import Moment
from drops.errors import StoreError
from drops.store.reader import SqlReader
from drops.store.server.hub import Hub, HubReader
from drops.store.server.tables import LEARNER

T = TypeVar("T")

LEARNERS = "learners"  # a folder each, for drafts


class ServerDoor:
    """One learner of a class; the class's server is one device of theirs."""

    def __init__(self, hub: Hub, learner_id: bytes, class_id: bytes, home: Path) -> None:
        self.learner_id, self.device_id = learner_id, class_id
        self.where, self.home = hub.path, home
        self.drafts = home / LEARNERS / learner_id.hex()
        self.refusal: StoreError | None = None
        self.mended = ""
        self._hub, self._whose = hub, ("learner", learner_id)

    def read(self, work: Callable[[Connection], T]) -> T:
        return self._hub.run(work, self._whose)

    def at_once(self, look: Callable[[SqlReader], T]) -> T:
        return self._hub.run(lambda db: look(HubReader(db)), self._whose, one_state=True)

    def write(self, work: Callable[[Connection], T], meaning: str) -> T:
        def locked(db: Connection) -> T:
            # A statement of its own: only what is read after it sees what another one wrote before.
            row = select(LEARNER.c.class_id).where(LEARNER.c.learner_id == self.learner_id)
            if db.execute(row.with_for_update(key_share=True)).first() is None:
                raise StoreError(f"the class does not know this learner any more; {meaning}", self.where)
            return work(db)

        return self._hub.run(locked, self._whose, meaning=meaning)

    def back_up(self, now: Moment, label: str) -> Path:
        del now, label
        raise StoreError("a class's database is copied where it runs; nothing was copied", self.where)

    def close(self) -> None:
        """The line is the hub's."""
