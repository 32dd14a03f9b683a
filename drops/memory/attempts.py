"""Attempts: what is read from the log to say how a learner is doing.

Payloads may come from another version or another device, so what has not the expected shape is
read as absent, never as an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from drops.events import Event, Kind, Rating

LONGEST_NAME = 120    # characters of a misconception's id


# A named tuple: a history has tens of thousands of these, and a frozen dataclass takes twice as long.
class Attempt(NamedTuple):
    """One graded or practised try of an item, for what it says about misconceptions."""

    day: int                              # learner-day ordinal
    item_key: str
    misconceptions: tuple[str, ...] = ()  # ids the diagnosis named, more than one when tied
    clean: bool = False                   # right, no misconception
    level: int = 0                        # of the fading ladder, as it was asked


def attempt(event: Event) -> Attempt | None:
    """The try that an event was; None for what is no try, and for one without a verdict."""
    if event.kind not in (Kind.GRADED, Kind.PRACTICE) or event.correct is None:
        return None
    named = _words(event.payload, "misconceptions")
    # Slipped, or "I guessed": right in the end, but no proof.
    shaky = event.rating in (Rating.AGAIN, Rating.HARD)
    clean = event.correct and not named and not shaky
    return Attempt(event.study_day, event.item_key, named, clean, _count(event.payload, "level"))


def attempts(events: Iterable[Event]) -> list[Attempt]:
    """The tries in `events` (the log's order, voided ones already left out)."""
    return [one for event in events if (one := attempt(event))]


def _words(payload: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = payload.get(key)
    if not value or not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    words = (word for word in value if isinstance(word, str) and len(word) <= LONGEST_NAME)
    return tuple(dict.fromkeys(words))


def _count(payload: Mapping[str, Any], key: str) -> int:
    value = payload.get(key)
    return max(0, value) if isinstance(value, int) else 0
