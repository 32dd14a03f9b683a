"""One learner, several devices: a folder that any tool may mirror, into which each gives what it holds.

The progress file stays the truth, and everything works without the folder. What is there is a union of
events: taken in in any order, as often as one likes, by whom one likes. Nothing is remembered of what was
given: each exchange asks which events no whole segment holds, and writes those, whoever they came from. So
what was damaged, lost, or put back from an older copy heals by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from drops.clock import Moment
from drops.errors import Another, StoreError
from drops.store.derive import in_order
from drops.store.file.backup import BEFORE_IMPORT
from drops.store.file.files import replacing, write_whole
from drops.store.file.joined import WHOSE, Joined, Mark, is_whole, joined, keep, name_of, segments
from drops.store.file.plain import read_plain
from drops.store.log import Log
from drops.store.rows import BadRow, StoredRow, seal
from drops.store.tables import DEVICE, EVENT, META
from drops.store.transfer import first_line, lines_of, read_first_line, write_line
from drops.text import counted

AT_MOST = 5_000  # events of a segment
_ID = re.compile(rb'"event_id": ?"([0-9a-f]{32})"')
_SAFE = "your answers are safe here, and are given when it is"


class Synced(NamedTuple):
    """What an exchange brought and gave, and what it left in the folder."""

    folder: Path
    taken: int
    given: int
    waiting: int  # files that are not whole yet, or damaged
    anothers: int  # files of another learner
    refused: int  # events that cannot be trusted

    @property
    def says(self) -> list[str]:
        """In lines."""
        lines = [f"{counted(self.taken, 'event')} taken in, {self.given:,} given to {self.folder}"]
        if self.waiting:
            lines.append(f"  {_files(self.waiting)} not whole yet; read next time")
        if self.anothers:
            lines.append(f"  {_files(self.anothers)} of another learner; left alone")
        if self.refused:
            lines.append(f"  {counted(self.refused, 'event')} kept out: changed after they were written")
        return lines


def _files(count: int) -> str:
    return f"{counted(count, 'file')} in the folder {'is' if count == 1 else 'are'}"


def join(log: Log, home: Path, folder: Path, now: Moment, *, merge_learner: bool = False) -> Synced:
    """Shares `folder` from now on, and exchanges at once.

    A history that is empty becomes the folder's learner's. Raises Another where the folder holds another
    learner's and `merge_learner` does not say that the two are one; StoreError where it is no folder.
    """
    place = _checked(folder, home)
    try:
        owner, begun = _owner(place), bool(segments(place))
    except OSError as error:
        raise _unusable(place, error) from None
    if owner is None:
        if begun:
            raise StoreError(f"{place} holds answers, but not yet whose ({WHOSE}): try again when it is "
                             "mirrored whole; nothing was read", place)  # fmt: skip
        owner = log.learner_id
        write_whole(place / WHOSE, json.dumps({"drops": "learner", "learner": owner.hex()}).encode())
    elif owner != log.learner_id:
        if not log.events(voided=True, limit=1):
            become(log, owner)
        elif merge_learner:
            log.back_up(now, BEFORE_IMPORT)
        else:
            raise Another(f"{place} belongs to another learner; nothing was read: "
                          "add --merge-learner if both are yours", place)  # fmt: skip
    keep(home, Joined(place, owner))
    return exchange(log, home, now)


def _unusable(folder: Path, error: OSError) -> StoreError:
    why = (error.strerror or "unreadable").lower()
    return StoreError(f"{error.filename or folder} cannot be used ({why}); {_SAFE}", folder)


def exchange(log: Log, home: Path, now: Moment, *, unasked: bool = False) -> Synced:
    """Takes in what others gave, gives what no whole segment holds; unasked only where anything changed.

    Raises StoreError, which says what it means for the answers; then nothing is half done, and the next
    exchange does it.
    """
    one = joined(home)
    if one is None:
        raise StoreError("no folder is joined; `drops sync --join FOLDER` joins one", home)
    try:
        found = segments(_checked(one.folder, home))
        if (owner := _owner(one.folder)) != one.learner:
            whose = "says no more whose it is" if owner is None else "belongs to another learner now"
            raise Another(f"{one.folder} {whose}; nothing was read: "
                          "`drops sync --join FOLDER` joins it again", one.folder)  # fmt: skip
        if unasked and found == one.seen and _count(log) == one.events:
            return Synced(one.folder, 0, 0, 0, 0, 0)
        return _exchanged(log, home, one, found, now)
    except OSError as error:
        raise _unusable(one.folder, error) from None


def _exchanged(log: Log, home: Path, one: Joined, found: dict[str, Mark], now: Moment) -> Synced:
    whole = [name for name in sorted(found) if is_whole(one.folder / name)]
    ours = [one.folder / name for name in whole if _whose(one.folder / name) == one.learner.hex()]
    have, held, lacking = _ids(log), set[bytes](), list[Path]()
    for path in ours:  # asked of the log, not of what was read once: a copy may have been put back
        ids = _ids_in(path)
        held |= ids
        if not ids <= have:
            lacking.append(path)
    merged = log.merge(lambda: _rows(lacking), now) if lacking else None
    given = _give(log, one, held)
    written = {name: mark for name, mark in segments(one.folder).items() if name not in found}
    keep(home, one._replace(seen=found | written, events=_count(log)))
    return Synced(
        one.folder, merged.new if merged else 0, given, len(found) - len(whole), len(whole) - len(ours),
        merged.refused if merged else 0,
    )  # fmt: skip


def held_by_folder(home: Path) -> frozenset[bytes]:
    """The events that the joined folder holds; none where none is joined or it cannot be looked at."""
    try:
        if (one := joined(home)) is None:
            return frozenset()
        return frozenset[bytes]().union(*(_ids_in(one.folder / name) for name in segments(one.folder)))
    except (OSError, StoreError):
        return frozenset()


def _ids(log: Log) -> set[bytes]:
    ids = select(EVENT.c.event_id).where(EVENT.c.learner_id == log.learner_id)
    return log.read(lambda db: set(db.execute(ids).scalars()))


def _ids_in(path: Path) -> set[bytes]:
    """The ids of all events of a segment, found without reading the events."""
    with path.open("rb") as file:
        return {bytes.fromhex(one.decode()) for line in file for one in _ID.findall(line[:400])}


def _whose(path: Path) -> object:
    """The learner that a segment names."""
    with path.open("rb") as file:
        return read_first_line(file).get("learner")


def _rows(paths: Sequence[Path]) -> Iterator[Sequence[Any] | BadRow]:
    """The rows of segments, one file open at a time: there may be more of them than may be open at once."""
    for path in paths:
        with path.open("rb") as file:
            file.readline()
            yield from lines_of(file)


def _give(log: Log, one: Joined, held: Collection[bytes]) -> int:
    """Writes what no segment holds, as the folder's learner's; how many events."""
    lacking = log.read(
        lambda db: [row for row in in_order(db, log.learner_id) if row.event_id not in held])
    stream = iter(lacking)
    while part := list(islice(stream, AT_MOST)):
        _write(one, log.device_id, part)
    return len(lacking)


def _write(one: Joined, device: bytes, rows: Sequence[StoredRow]) -> None:
    """A segment, which is there whole or not at all."""
    draft = one.folder / f"{device.hex()}.draft"
    for left in one.folder.glob(f".{draft.name}.*"):  # by one of us that was killed
        left.unlink(missing_ok=True)
    with replacing(draft) as fresh:
        with fresh.open("w", encoding="ascii", newline="\n") as file:
            file.write(first_line(learner=one.learner.hex()))
            for row in rows:
                file.write(write_line(seal(row._replace(learner_id=one.learner))))
        name = name_of(device, fresh)
    draft.replace(one.folder / name)


def _count(log: Log) -> int:
    count = select(func.count()).select_from(EVENT).where(EVENT.c.learner_id == log.learner_id)
    return log.read(lambda db: db.execute(count).scalar_one())


def become(log: Log, learner: bytes) -> None:
    """An empty history becomes that learner's: two devices of one person then say the same of each row."""

    def rename(db: Connection) -> None:
        db.execute(update(META).where(META.c.name == "learner").values(value=learner.hex()))
        db.execute(update(DEVICE).where(DEVICE.c.learner_id == log.learner_id).values(learner_id=learner))

    log.write(rename, "the folder was not joined")
    log.door.learner_id = learner
    log.rebuild()


def _owner(folder: Path) -> bytes | None:
    """Whose the folder's answers are; None where it does not say yet. Raises OSError, StoreError."""
    path = folder / WHOSE
    try:
        said = json.loads(read_plain(path, 1000))
        learner = bytes.fromhex(said["learner"])
        if said["drops"] != "learner" or len(learner) != 16:
            raise ValueError
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoreError(f"{path} does not say whose the folder is; nothing was read: "
                         "take another folder, or remove it", path) from None  # fmt: skip
    return learner


def _checked(folder: Path, home: Path) -> Path:
    """The folder, with its whole name. Raises StoreError where it is none that can be shared."""
    try:
        place = folder.expanduser().resolve()
        if not place.exists():
            raise StoreError(f"{folder} is not there; make it, or name another folder", folder)
        if not place.is_dir():
            raise StoreError(f"{folder} is no folder; name one", folder)
    except (OSError, RuntimeError) as error:
        why = str(getattr(error, "strerror", None) or error).lower()
        raise StoreError(f"{folder} cannot be used ({why}); name another folder", folder) from None
    if home.resolve() in (place, *place.parents):
        raise StoreError(f"{folder} lies in the home folder of your progress; name one outside of it", folder)
    return place
