"""Event ids."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from drops.store.ids import next_id, utc


@given(st.lists(st.integers(-(10**15), 4 * 10**18), min_size=1, max_size=50))
def test_ids_are_uuid_version_7_and_grow_whatever_the_clock_does(clock):
    last = None
    for us in clock:
        number = next_id(last, us)
        assert uuid.UUID(bytes=number).version == 7
        assert uuid.UUID(bytes=number).variant == uuid.RFC_4122
        assert last is None or number > last
        last = number


def test_an_id_says_its_millisecond():
    assert int.from_bytes(next_id(None, 1_700_000_000_123_456)[:6], "big") == 1_700_000_000_123


def test_an_id_is_laid_out_as_rfc_9562_says_with_room_to_count_up():
    assert next_id(None, 1_000_000, lambda size: b"\xff" * size).hex() == "0000000003e877ffbfffffffffffffff"
    assert next_id(None, 1_000_000, bytes).hex() == "0000000003e870008000000000000000"


def test_microseconds_are_told_in_utc_also_before_1970():
    assert utc(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert utc(-86_400_000_000) == datetime(1969, 12, 31, tzinfo=UTC)


def test_a_full_counter_borrows_from_the_next_millisecond():
    last = next_id(None, 5_000, lambda size: b"\xff" * size)
    for _ in range(5000):
        following = next_id(last, 5_000)
        assert following > last
        last = following
    assert int.from_bytes(last[:6], "big") == 6
