"""One row of the log: how it is written, sealed with a digest, read, and doubted.

The digest is BLAKE2b (8 bytes) over the row as one line of JSON, identifiers in hex, the
payload as the text that is stored. `PRAGMA quick_check` does not see a flipped bit inside
a value; the digest does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, NamedTuple

from drops.errors import NotSaved
from drops.events import Event, Kind, Rating
from drops.text import safe_text

PAYLOAD_BYTES = 65_536
_MAX_US = 253_402_300_800_000_000          # the year 10000
_LATEST_ID_MS = 7_258_118_400_000          # the year 2200: a later id would drag every id after it along
_ITEM_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:#@+-]*(?:/[A-Za-z0-9._:#@+-]+)*")
_KINDS = {int(kind): kind for kind in Kind}
_RATINGS = {int(rating): rating for rating in Rating}


class BadRow(ValueError):
    """A row that cannot be a fact; the message says why, in a few words."""


class StoredRow(NamedTuple):
    """The columns of `event`, in their order."""

    learner_id: bytes
    event_id: bytes
    device_id: bytes
    target_id: bytes | None
    kind: int
    item_key: str
    occurred_us: int
    tz_offset_min: int
    study_day: int
    rating: int | None
    correct: bool | None
    duration_ms: int | None
    payload: str
    digest: bytes


COLUMNS = ", ".join(StoredRow._fields)


def canonical(payload: Mapping[str, Any]) -> str:
    """The payload as its one JSON text, safe to show. Raises BadRow for what JSON cannot say."""
    try:
        text = _dumps(payload)
        if not _is_plain(text):
            text = _dumps(_scrubbed(json.loads(text)))
    except (TypeError, ValueError, RecursionError) as error:
        raise BadRow(f"the payload is no plain JSON ({error})") from None
    return text


# Made once: json.dumps with options makes an encoder at each call, a fifth of what a digest costs.
_dumps = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def _is_plain(text: str) -> bool:
    """Whether a JSON text has nothing to scrub, at a glance: what it hides, it hides behind a backslash."""
    return "\\" not in text and text.isprintable()


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, list):
        return [_scrubbed(part) for part in value]
    if isinstance(value, dict):
        return {safe_text(name): _scrubbed(part) for name, part in value.items()}
    return value


def seal(row: StoredRow) -> StoredRow:
    """The row with its digest."""
    return row._replace(digest=digest_of(row))


def digest_of(row: Sequence[Any]) -> bytes:
    """Eight bytes that change when any column of the row does."""
    learner, event, device, target, kind, key, *rest = row
    line = _dumps([learner.hex(), event.hex(), device.hex(), target.hex() if target else None, kind, key,
                   *rest[:4], None if rest[4] is None else bool(rest[4]), *rest[5:7]])
    return blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def to_event(row: Sequence[Any]) -> Event:
    """The event that a row of the log says, safe to show: the file may have been written by another hand."""
    learner, event, device, target, kind, key, occurred, offset, day, rating, correct, ms, payload = row[:13]
    return Event(learner, event, device, target, _KINDS[kind], key if key.isprintable() else safe_text(key),
                 occurred, offset, day, None if rating is None else _RATINGS[rating],
                 None if correct is None else bool(correct), ms, _read(payload) if payload != "{}" else {})


def _read(payload: str) -> Any:
    value = json.loads(payload)
    return value if _is_plain(payload) else _scrubbed(value)


def check_key(key: str) -> None:
    """Raises BadRow unless `key` is empty or of the form drop-id/item-id."""
    if key and (len(key) > 120 or not _ITEM_KEY.fullmatch(key)):
        raise BadRow("the item key is not of the form drop/item")


def check_payload(text: str, path: Any = None) -> None:
    """Raises NotSaved when the payload is more than one answer can be."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > PAYLOAD_BYTES:
        raise NotSaved(f"this answer is {size:,} bytes long and at most {PAYLOAD_BYTES:,} are kept; "
                       "it was NOT saved, earlier ones are safe: shorten it", path)


def check_fact(row: StoredRow) -> None:
    """Raises BadRow for a fact of our own that makes no sense: a fault of the caller."""
    _check_numbers(row)
    _check_meaning(row)


def checked(row: Sequence[Any], learner_id: bytes) -> StoredRow:
    """A row that others wrote, as a row of this learner's log. Raises BadRow saying what is wrong.

    The digest is verified over what the other device wrote; then the text is made safe,
    the learner becomes this file's (two installations of one person do not know of each
    other when they start), and the row is sealed again. A pure function of the row, so it
    does not matter in which order, or how often, logs are put together.
    """
    given: Any = StoredRow(*row)      # of any types: SQLite stores what it is given
    for name, wanted in (("learner_id", 16), ("event_id", 16), ("device_id", 16), ("digest", 8)):
        value = getattr(given, name)
        if not isinstance(value, bytes) or len(value) != wanted:
            raise BadRow(f"{name} is not {wanted} bytes")
    _check_id(given.event_id)
    _check_numbers(given)
    _check_meaning(given)
    if not isinstance(given.payload, str) or len(given.payload) > PAYLOAD_BYTES:
        raise BadRow("the payload is no text of at most 64 KB")
    if digest_of(given) != given.digest:
        raise BadRow("the digest does not match: the row was changed after it was written")
    return seal(given._replace(
        learner_id=learner_id, correct=None if given.correct is None else bool(given.correct),
        payload=_safe_payload(given.payload)))


def _check_id(event_id: bytes) -> None:
    if event_id[6] >> 4 != 7 or event_id[8] >> 6 != 2:
        raise BadRow("the event id is no UUIDv7")
    if int.from_bytes(event_id[:6], "big") > _LATEST_ID_MS:
        raise BadRow("the event id lies beyond the year 2200")


_BOUNDS = {
    "kind": (1, 8), "occurred_us": (-_MAX_US, _MAX_US), "tz_offset_min": (-1440, 1440),
    "study_day": (1, 3_652_059), "rating": (1, 4), "correct": (0, 1), "duration_ms": (0, 2_147_483_647),
}


def _check_numbers(row: Any) -> None:
    for name, (low, high) in _BOUNDS.items():
        value = getattr(row, name)
        if value is None and name in ("rating", "correct", "duration_ms"):
            continue
        if not isinstance(value, int) or not low <= value <= high:
            raise BadRow(f"{name} is not a whole number between {low} and {high}")


def _check_meaning(row: Any) -> None:
    if not isinstance(row.item_key, str):
        raise BadRow("the item key is no text")
    check_key(row.item_key)
    if row.target_id is not None and (not isinstance(row.target_id, bytes) or len(row.target_id) != 16):
        raise BadRow("target_id is not 16 bytes")
    if (row.kind == Kind.VOID) != (row.target_id is not None):
        raise BadRow("an undo without a target, or a target without an undo")
    if row.kind == Kind.GRADED and (row.rating is None or not row.item_key):
        raise BadRow("a graded answer without a rating or an item")


def _safe_payload(text: str) -> str:
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):
        raise BadRow("the payload is no JSON") from None
    if not isinstance(payload, dict):
        raise BadRow("the payload is no JSON object")
    safe = canonical(payload)
    if len(safe.encode()) > PAYLOAD_BYTES:
        raise BadRow("the payload is no text of at most 64 KB")
    return safe
