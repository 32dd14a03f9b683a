"""The folder that a learner's devices share: which it is, what lies in it, and whether there is news.

A segment is a file of events that is never changed: its name says what it holds, so that a copy that is not
whole yet, or damaged, is told by its content. No SQLAlchemy here: it is looked at before each first paint.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import IO, NamedTuple

from drops.errors import StoreError
from drops.store.file.files import write_whole
from drops.store.file.plain import read_plain

JOINED = "sync.json"  # in the home folder
LONGEST = 50_000_000  # bytes that are read of it: years of segments
WHOSE = "learner.json"  # in the shared one
_SEGMENT = re.compile(r"events-[0-9a-f]{32}-([0-9a-f]{32})\.jsonl")
_CHUNK = 1 << 20

Mark = tuple[int, int]  # bytes and time of a file: another one where it was written anew


class Joined(NamedTuple):
    """The folder, whose its history is, and what was seen there last."""

    folder: Path
    learner: bytes
    seen: Mapping[str, Mark] = {}
    events: int = 0  # in the progress file, after the last exchange


def joined(home: Path) -> Joined | None:
    """The folder that this home shares; None where it shares none. Raises StoreError."""
    path = home / JOINED
    try:
        said = json.loads(read_plain(path, LONGEST))
        seen = {str(name): (int(size), int(at)) for name, (size, at) in said["seen"].items()}
        return Joined(Path(said["folder"]), bytes.fromhex(said["learner"]), seen, int(said["events"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise StoreError(f"{path} cannot be read; `drops sync --join FOLDER` writes it anew", path) from None


def keep(home: Path, one: Joined) -> None:
    """Notes what is shared, and what was seen."""
    said = {"folder": str(one.folder), "learner": one.learner.hex(), "events": one.events, "seen": one.seen}
    write_whole(home / JOINED, json.dumps(said).encode())


def leave(home: Path) -> None:
    """Shares nothing any more; what lies in the folder stays there."""
    with suppress(FileNotFoundError):
        (home / JOINED).unlink()


def segments(folder: Path) -> dict[str, Mark]:
    """The ordinary files of the folder that are called as segments are. Raises OSError."""
    found: dict[str, Mark] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            if _SEGMENT.fullmatch(entry.name):
                about = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(about.st_mode):
                    found[entry.name] = about.st_size, about.st_mtime_ns
    return found


def has_news(home: Path) -> bool:
    """Whether the folder holds what was not seen yet; no where it cannot be looked at."""
    try:
        one = joined(home)
        return one is not None and segments(one.folder) != one.seen
    except (OSError, StoreError):
        return False


def name_of(device: bytes, content: Path) -> str:
    """What a segment is called, by who wrote it and what it holds."""
    with content.open("rb") as file:
        return f"events-{device.hex()}-{_digest(file)}.jsonl"


def is_whole(segment: Path) -> bool:
    """Whether it holds what its name says: no half of it, and no other bytes."""
    wanted = _SEGMENT.fullmatch(segment.name)
    assert wanted is not None
    with segment.open("rb") as file:
        return _digest(file) == wanted[1]


def _digest(file: IO[bytes]) -> str:
    made = blake2b(digest_size=16)
    while part := file.read(_CHUNK):
        made.update(part)
    return made.hexdigest()
