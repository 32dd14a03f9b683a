"""Event ids: UUIDv7 (RFC 9562), always later than every id already in the file.

Forty-eight bits of milliseconds, a twelve-bit counter, sixty-two random bits. A clock that
was set back cannot make an event older than what the learner had already seen: the id
then goes on from the last one, while `occurred_us` keeps what the clock said.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def next_id(last: bytes | None, now_us: int, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """An id for an event at `now_us`, greater than `last`."""
    noise = int.from_bytes(random(10), "big")
    millisecond = min(max(0, now_us // 1000), (1 << 47) - 1)
    counter = noise >> 62 & 0x7FF              # starts in the lower half: room to count up
    if last is not None:
        seen = int.from_bytes(last[:6], "big")
        if millisecond <= seen:
            millisecond, counter = seen, (int.from_bytes(last[6:8], "big") & 0xFFF) + 1
            if counter > 0xFFF:
                millisecond, counter = seen + 1, 0
    value = millisecond << 80 | 7 << 76 | counter << 64 | 2 << 62 | noise & (1 << 62) - 1
    return value.to_bytes(16, "big")


def utc(us: int) -> datetime:
    """Microseconds since 1970 as a date and time; unlike `fromtimestamp` before 1970 too, everywhere."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)
