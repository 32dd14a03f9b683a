"""The class's server that a device is joined to. Each end of a session looks here, without SQLAlchemy."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from drops.errors import StoreError
from drops.store.file.files import write_whole
from drops.store.file.plain import read_plain

LONGEST = 10_000  # bytes that are read of it
LINKED = "link.json"  # in the home folder, its owner's alone: who has the link learns as they


class Link(NamedTuple):
    """Where a learner's other history is, and what opens it."""

    server: str
    token: str


def linked(home: Path) -> Link | None:
    """The server that this home is joined to; None where it is to none. Raises StoreError."""
    path = home / LINKED
    try:
        said = json.loads(read_plain(path, LONGEST))
        return Link(str(said["server"]), str(said["token"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{path} cannot be read; `drops sync --join LINK` writes it anew", path) from None


def link(home: Path, one: Link) -> None:
    """Joins this home to a server from now on."""
    write_whole(home / LINKED, json.dumps(one._asdict()).encode())


def unlink(home: Path) -> None:
    """Is joined to no server any more; what was given stays there."""
    with suppress(FileNotFoundError):
        (home / LINKED).unlink()
