"""Days that a wrong clock wrote, set right afterwards.

    setting clock.<device>  =  {"from_id": "0190…", "to_id": "0191…", "days": -365}

The log keeps what the clock said; whoever reads it moves the learner-days of that device's
events, from the one id to the other, by so many days. A correction never reaches beyond
itself: what is answered after it is dated by a clock that is right. Where two of them cover
an event the later one holds, and an undone one moves nothing.

Standard library only: Today's first paint comes through here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from drops.events import Fact, Kind

CLOCK = "clock."              # what the setting's name begins with; the device follows, in hex
IN_PAYLOAD = f'"name":"{CLOCK}'   # how such a setting is found without reading every payload
DAY_US = 86_400 * 1_000_000
LAST_DAY = 3_652_059          # 31 December 9999 as a learner-day


class Correction(NamedTuple):
    """A stretch of one device's events whose days are wrong by so many."""

    device: bytes
    first: bytes        # event ids, both included
    last: bytes
    days: int           # to be added

    def fact(self) -> Fact:
        """What is to be recorded, so that it holds."""
        value = {"from_id": self.first.hex(), "to_id": self.last.hex(), "days": self.days}
        return Fact(Kind.SETTING, payload={"name": CLOCK + self.device.hex(), "value": value})


def corrections_in(settings: Iterable[tuple[bytes, str]]) -> tuple[Correction, ...]:
    """The corrections among SETTING events (event id, payload), the newest first, as they are given.

    One of another shape, which an import may have brought, corrects nothing.
    """
    return tuple(found for event_id, payload in settings if (found := _read(event_id, payload)))


def _read(event_id: bytes, payload: str) -> Correction | None:
    try:
        said = json.loads(payload)
        name, value = said["name"], said["value"]
        if not name.startswith(CLOCK) or type(value["days"]) is not int:
            return None
        device, first, last = (
            bytes.fromhex(text) for text in (name.removeprefix(CLOCK), value["from_id"], value["to_id"])
        )
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return None
    days = value["days"]
    return Correction(device, first, min(last, event_id), days) if abs(days) < LAST_DAY else None


def true_day(corrections: Sequence[Correction], device: bytes, event_id: bytes, day: int) -> int:
    """The learner-day (ordinal) of an event; one that would leave the calendar stays where it is."""
    for one in corrections:
        inside = one.device == device and one.first <= event_id <= one.last
        if inside and 1 <= day + one.days <= LAST_DAY:
            return day + one.days
    return day
