"""The folder that this home shares with other devices, at the beginning and at the end of a command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from drops.errors import DropsError
from drops.text import safe_text

if TYPE_CHECKING:
    from drops.store.log import Log


class Closes(Protocol):
    """A study, or who sits before one."""

    def close(self) -> None: ...


def take_in_news(home: Path) -> None:
    """What other devices gave since, before anything is read; nothing is said where that cannot be."""
    from drops.store.file.joined import has_news

    if has_news(home):
        _exchange(home)


def give(home: Path) -> None:
    """What was answered here, when a session ends."""
    if home.exists():
        _exchange(home)
        _exchange_by_link(home)


@contextmanager
def ending(session: Closes, home: Path) -> Iterator[None]:
    """However a session ends, it is closed, and what was answered is given."""
    try:
        yield
    finally:
        session.close()
        give(home)


def _exchange(home: Path) -> None:
    from drops.store.file.joined import joined

    try:
        if joined(home) is None:
            return
        from drops.clock import now
        from drops.store.sync import exchange

        with _log(home) as log:
            if not log.read_only:  # what another drops here writes, it gives when it ends
                exchange(log, home, now(), unasked=True)
    except DropsError as error:
        print(safe_text(f"drops: {error}"), file=sys.stderr)


def _exchange_by_link(home: Path) -> None:
    """Nothing is said where the server cannot be reached: one learns offline, and gives it another day."""
    from drops.store.file.linked import linked

    with suppress(DropsError):
        if (link := linked(home)) is None:
            return
        from drops.clock import now
        from drops.store.link import exchange_by_link

        with _log(home) as log:
            if not log.read_only:
                exchange_by_link(log, link, now())


def _log(home: Path) -> Log:
    from drops.clock import now
    from drops.memory.schedule import folded
    from drops.store.file.glance import glance
    from drops.store.log import Log
    from drops.study.settings import value

    fold = folded(value(glance(home).settings, "retention"))
    return Log.open(home, fold, now=now(), daily_backup=False)
