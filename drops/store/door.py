"""Where a log lies: in a file of this machine, or on a server. All that it does it does through this."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from drops.clock import Moment
from drops.errors import StoreError
from drops.store.reader import SqlReader

T = TypeVar("T")


class Door(Protocol):
    """One learner's log, and the right to write to it.

    `work` is a function, because a server may have it done twice: it depends on what it is given alone,
    and whatever it collects it begins anew.
    """

    learner_id: bytes
    device_id: bytes
    where: Path  # what errors name
    home: Path  # the folder of what is this machine's: reports, which kinds may run
    drafts: Path  # the folder of what this learner typed and did not answer yet
    refusal: StoreError | None  # why nothing is saved; None while it is
    mended: str  # the line that says what was put right on opening

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work`, which only reads, finds."""
        ...

    def at_once(self, look: Callable[[SqlReader], T]) -> T:
        """What `look` finds in one state of the log, whatever is written meanwhile."""
        ...

    def write(self, work: Callable[[Connection], T], meaning: str) -> T:
        """All that `work` writes, or nothing; kept when this returns. `meaning` is said where it is not."""
        ...

    def back_up(self, now: Moment, label: str) -> Path:
        """A verified copy."""
        ...

    def close(self) -> None:
        """Safe to call twice."""
        ...
