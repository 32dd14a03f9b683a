"""Events in one line: what these tests fold."""

import itertools

import pytest

from drops.events import Event, Kind, Rating


@pytest.fixture(scope="session")
def event():
    """event(item_key, day, rating, kind=…, payload=…) with ids that grow."""
    count = itertools.count(1)

    def make(
        item_key="a/1", day=1000, rating=Rating.GOOD, kind=Kind.GRADED, correct=None, ms=40_000, payload=None
    ):
        if correct is None and kind in (Kind.GRADED, Kind.PRACTICE):
            correct = rating is not Rating.AGAIN
        return Event(
            learner_id=bytes(16),
            event_id=next(count).to_bytes(16, "big"),
            device_id=bytes(16),
            target_id=None,
            kind=kind,
            item_key=item_key,
            occurred_us=day * 86_400_000_000,
            tz_offset_min=0,
            study_day=day,
            rating=rating if kind is Kind.GRADED else None,
            correct=correct,
            duration_ms=ms,
            payload=payload or {},
        )

    return make
