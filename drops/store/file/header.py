"""What the first hundred bytes of a progress file say, read before a byte is written.

Standard library only: Today's first paint comes through here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from drops.errors import Damaged, Foreign, Newer, NoHome

FILE_NAME = "progress.db"
APPLICATION_ID = 0x64726F70     # "drop" in PRAGMA application_id: whose database this is
SCHEMA = 2                      # PRAGMA user_version: raised by one with every migration

ELSEWHERE = "move it away, or name another folder with --home"
RESTORE = "`drops doctor --restore` brings back the newest backup and every readable answer after it"
DAMAGED = ("{path} is damaged ({what}); nothing more is written to it: "
           "`drops doctor` says what is damaged, " + RESTORE)
MAGIC = b"SQLite format 3\0"
_WAL_HEADER = 32                # bytes; a shorter write-ahead log holds nothing


class Header(NamedTuple):
    """The parts of SQLite's header that say whose file it is and whether it is whole."""

    page_size: int
    pages: int
    application_id: int
    schema: int


def read_header(path: Path) -> Header:
    """The header of `path`. Raises Foreign for anything that is not SQLite's, Damaged when empty."""
    with path.open("rb") as file:
        head = file.read(100)
    if not head:
        # A progress file comes into being by a rename, whole: an empty one was once longer.
        raise Damaged(f"{path} is empty; {RESTORE}", path)
    if len(head) < 100 or not head.startswith(MAGIC):
        raise Foreign(f"{path} is not a progress file of drops; it was left untouched: {ELSEWHERE}", path)
    page_size, = struct.unpack(">H", head[16:18])
    pages, = struct.unpack(">I", head[28:32])
    schema, = struct.unpack(">I", head[60:64])
    application_id, = struct.unpack(">I", head[68:72])
    return Header(65536 if page_size == 1 else page_size, pages, application_id, schema)


def check_header(path: Path) -> Header:
    """The header of a progress file that this version may open.

    Raises Foreign, Newer or Damaged, each with the line a learner reads; nothing is written.
    """
    try:
        header = read_header(path)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise NoHome(f"{path} cannot be read ({reason}); name another folder with --home", path) from None
    if header.application_id != APPLICATION_ID:
        raise Foreign(f"{path} belongs to another program; it was left untouched: {ELSEWHERE}", path)
    if header.schema > SCHEMA:
        raise Newer(f"{path} was written by a later drops (schema {header.schema}, this one knows {SCHEMA}); "
                    "it was left untouched: upgrade drops", path)
    size, wanted = path.stat().st_size, header.page_size * header.pages
    if size < wanted and not has_wal(path):
        raise Damaged(f"{path} is cut short ({size:,} of {wanted:,} bytes); {RESTORE}", path)
    return header


def has_wal(path: Path) -> bool:
    """Whether a write-ahead log lies beside it.

    Killed in the middle of a checkpoint, a sound file may be short: its missing pages are
    in the write-ahead log, and SQLite puts them back.
    """
    wal = path.with_name(path.name + "-wal")
    return wal.exists() and wal.stat().st_size > _WAL_HEADER


def to_read(path: Path) -> str:
    """The address by which SQLite only reads a file.

    Without a write-ahead log beside it nobody writes, and it is read as it lies: otherwise
    SQLite would make the log's index, and leave it there beside a file that is damaged.
    """
    still = not path.with_name(path.name + "-wal").exists()
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def whose(meta: Mapping[str, str], path: Path) -> tuple[bytes, bytes]:
    """The learner and the device that the progress file `path` belongs to. Raises Damaged."""
    try:
        learner, device = (bytes.fromhex(meta[name]) for name in ("learner", "device"))
    except (KeyError, ValueError, TypeError):
        learner = device = b""
    if (len(learner), len(device)) != (16, 16):
        raise Damaged(DAMAGED.format(path=path, what="it does not say whose it is"), path)
    return learner, device
