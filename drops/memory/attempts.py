"""Attempts and answers: what is read from the log to say how a learner is doing.

Payloads may come from another version or another device, so what has not the expected shape is
read as absent, never as an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from drops.events import Event, Kind, Rating

LONGEST_TIME = 3     # times one's own median for the item: what is beyond was spent elsewhere


# Named tuples, here and in `honesty`: a history has tens of thousands of these, and a frozen
# dataclass takes twice as long to make.
class Attempt(NamedTuple):
    """One graded or practised try of an item, for what it says about misconceptions."""

    day: int                              # learner-day ordinal
    item_key: str
    misconceptions: tuple[str, ...] = ()  # ids the diagnosis named, more than one when tied
    clean: bool = False                   # right, no misconception
    level: int = 0                        # of the fading ladder, as it was asked


class Answer(NamedTuple):
    """One graded or practised try of an item, for figures."""

    day: int                 # learner-day ordinal
    item_key: str
    drop_id: str
    right: bool
    seconds: float           # capped, see `answers`
    graded: bool             # the first try of a learner-day


def attempts(events: Iterable[Event]) -> list[Attempt]:
    """The tries in `events` (the log's order, voided ones already left out)."""
    return [_attempt(event) for event in events if _is_try(event)]


def answers(events: Iterable[Event]) -> list[Answer]:
    """The tries in `events`, with times above three times the item's own median counted as
    that: a pause over coffee is not practice.
    """
    tries = [event for event in events if _is_try(event)]
    times: dict[str, list[int]] = {}
    for event in tries:
        if event.duration_ms:
            times.setdefault(event.item_key, []).append(event.duration_ms)
    caps = {key: LONGEST_TIME * median(own) / 1000 for key, own in times.items()}
    return [_answer(event, caps) for event in tries]


def _is_try(event: Event) -> bool:
    return event.kind in (Kind.GRADED, Kind.PRACTICE) and event.correct is not None


def _attempt(event: Event) -> Attempt:
    named = _words(event.payload, "misconceptions")
    # Slipped, or "I guessed": right in the end, but no proof.
    shaky = event.rating in (Rating.AGAIN, Rating.HARD)
    clean = event.correct is True and not named and not shaky
    return Attempt(event.study_day, event.item_key, named, clean, _count(event.payload, "level"))


def _answer(event: Event, caps: Mapping[str, float]) -> Answer:
    return Answer(
        day=event.study_day,
        item_key=event.item_key,
        drop_id=event.item_key.partition("/")[0],
        right=event.correct is True,
        seconds=min(event.duration_ms / 1000, caps[event.item_key]) if event.duration_ms else 0.0,
        graded=event.kind is Kind.GRADED,
    )


def _words(payload: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = payload.get(key)
    if not value or not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(dict.fromkeys(word for word in value if isinstance(word, str)))


def _count(payload: Mapping[str, Any], key: str) -> int:
    value = payload.get(key)
    return max(0, value) if isinstance(value, int) else 0
