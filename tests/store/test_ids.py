"""Event ids."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from drops.store.ids import next_id


@given(st.lists(st.integers(-10**15, 4 * 10**18), min_size=1, max_size=50))
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


def test_a_full_counter_borrows_from_the_next_millisecond():
    last = next_id(None, 5_000, lambda size: b"\xff" * size)
    for _ in range(5000):
        following = next_id(last, 5_000)
        assert following > last
        last = following
    assert int.from_bytes(last[:6], "big") == 6
