"""One learner on a device of their own and at a class's server: both end with the same events.

Nothing is remembered of what was given. The ids of all events are summed up by stretches of time; where two
sums differ, the ids themselves are compared, and each side gets what it lacks. Cut off, it is begun again.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from drops.clock import Moment
from drops.errors import Another, StoreError
from drops.store.file.backup import BEFORE_IMPORT
from drops.store.file.linked import Link, link
from drops.store.log import Log
from drops.store.merge import Merged
from drops.store.rows import StoredRow
from drops.store.sync import become
from drops.store.tables import EVENT
from drops.store.transfer import lines_of, write_line
from drops.text import counted

STRETCH = 3  # bytes of an id: four hours and forty minutes
BUCKETS, ROWS, BYTES = 1_000, 500, 1_000_000  # of a request, at most
_LINK = re.compile(r"(https?://[^/\s]+)/enter/([\w.-]{20,200})", re.ASCII)
_SAFE = "your answers are safe here, and are given when it is"

Sums = dict[str, list[int]]  # stretch → how many events, and their ids' last bytes, added without carry


class Exchanged(NamedTuple):
    """What an exchange with a server brought and gave."""

    server: str
    taken: int
    given: int
    refused: int  # events that cannot be trusted

    @property
    def says(self) -> list[str]:
        """In lines."""
        lines = [f"{counted(self.taken, 'event')} taken in, {self.given:,} given to {self.server}"]
        if self.refused:
            lines.append(f"  {counted(self.refused, 'event')} kept out: changed after they were written")
        return lines


# What both sides know of a log -----------------------------------------------------------------


def sums_of(ids: Iterable[bytes]) -> Sums:
    """The ids, summed up by stretches of time: any order gives the same."""
    found: Sums = {}
    for one in ids:
        sum_ = found.setdefault(one[:STRETCH].hex(), [0, 0])
        sum_[0] += 1
        sum_[1] ^= int.from_bytes(one[8:], "big")
    return found


def ids_of(log: Log) -> set[bytes]:
    """The ids of all events, whatever they are."""
    query = select(EVENT.c.event_id).where(EVENT.c.learner_id == log.learner_id)
    return log.read(lambda db: set(db.execute(query).scalars()))


def answer(log: Log, step: str, asked: bytes, now: Moment) -> str:
    """What a server says to one step of an exchange. Raises ValueError for what is none."""
    if step == "take":
        merged = log.merge(lambda: lines_of(io.BytesIO(asked)), now)
        return json.dumps({"new": merged.new, "refused": merged.refused})
    said = json.loads(asked)
    if step == "sums":
        return json.dumps({"learner": log.learner_id.hex(), "sums": sums_of(ids_of(log))})
    wanted = {str(one) for one in said["wanted"]}
    if len(wanted) > BUCKETS:
        raise ValueError("too many at once")
    if step == "ids":
        return json.dumps([one.hex() for one in ids_of(log) if one[:STRETCH].hex() in wanted])
    return "".join(write_line(row) for row in _rows(log, {bytes.fromhex(one) for one in wanted}))


def _rows(log: Log, ids: set[bytes]) -> list[StoredRow]:
    def look(db: Connection) -> list[StoredRow]:
        found: list[StoredRow] = []
        for part in _parts(sorted(ids), ROWS):
            asked = select(EVENT).where(EVENT.c.learner_id == log.learner_id, EVENT.c.event_id.in_(part))
            found += map(StoredRow._make, db.execute(asked.order_by(EVENT.c.event_id)))
        return found

    return log.read(look)


# A device --------------------------------------------------------------------------------------


def join_by_link(log: Log, home: Path, text: str, now: Moment, *, merge_learner: bool = False) -> Exchanged:
    """Joins the server of a learner's link, and exchanges at once.

    A history that is empty becomes the learner's of the link. Raises Another where the two are of different
    learners and `merge_learner` does not say that they are one; StoreError.
    """
    found = _LINK.fullmatch(text.strip())
    if not found:
        raise StoreError("that is no link of a learner; it looks like https://drops.school.example/enter/…")
    at = Link(found[1], found[2])
    owner = bytes.fromhex(_ask(at, "sums", {})["learner"])
    if owner != log.learner_id:
        if not log.events(voided=True, limit=1):
            become(log, owner)
        elif merge_learner:
            log.back_up(now, BEFORE_IMPORT)
        else:
            raise Another(f"{at.server} holds another learner's history; nothing was exchanged: "
                          "add --merge-learner if both are yours")  # fmt: skip
    done = exchange_by_link(log, at, now)
    link(home, at)
    return done


def exchange_by_link(log: Log, at: Link, now: Moment) -> Exchanged:
    """Takes in what the server has and this log lacks, and gives the other way. Raises StoreError."""
    mine, theirs = ids_of(log), _ask(at, "sums", {})["sums"]
    ours = sums_of(mine)
    differ = [one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one)]
    there = set[bytes]()
    for part in _parts(differ, BUCKETS):
        there.update(bytes.fromhex(one) for one in _ask(at, "ids", {"wanted": part}))
    lacking = sorted(there - mine)
    lines = b"".join(
        _send(at, "rows", json.dumps({"wanted": [one.hex() for one in part]}).encode())
        for part in _parts(lacking, ROWS)
    )
    merged = log.merge(lambda: lines_of(io.BytesIO(lines)), now) if lacking else Merged(0, 0, {})
    looked = {one for one in mine if one[:STRETCH].hex() in set(differ)}
    given = refused = 0
    for body in _bodies(_rows(log, looked - there)):
        taken = json.loads(_send(at, "take", body))
        given, refused = given + taken["new"], refused + taken["refused"]
    return Exchanged(at.server, merged.new, given, merged.refused + refused)


def _parts(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    stream = iter(items)
    while part := list(islice(stream, size)):
        yield part


def _bodies(rows: Iterable[StoredRow]) -> Iterator[bytes]:
    body = b""
    for row in rows:
        line = write_line(row).encode("ascii")
        if body and len(body) + len(line) > BYTES:
            yield body
            body = b""
        body += line
    if body:
        yield body


def _ask(at: Link, step: str, said: Mapping[str, Any]) -> Any:
    try:
        return json.loads(_send(at, step, json.dumps(said).encode()))
    except ValueError:
        raise StoreError(f"{at.server} is no server of drops; {_SAFE}") from None


def _send(at: Link, step: str, body: bytes) -> bytes:
    headers = {"Authorization": f"Bearer {at.token}", "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(f"{at.server}/sync/{step}", body, headers, method="POST")  # noqa: S310  # http(s) by _LINK
    try:
        with urllib.request.urlopen(request, timeout=10) as got:  # noqa: S310  # likewise
            content: bytes = got.read()
            return content
    except urllib.error.HTTPError as error:
        error.close()
        said = {401: "does not know this link any more: ask for a new one", 503: "is busy"}
        says = said.get(error.code, f"answers with {error.code}")
        raise StoreError(f"{at.server} {says}; {_SAFE}") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        why = str(getattr(reason, "strerror", None) or reason or "no answer").lower()
        raise StoreError(f"{at.server} cannot be reached ({why}); {_SAFE}") from None
