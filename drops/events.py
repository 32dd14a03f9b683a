"""The facts of a learner's history: the one vocabulary that the store writes, the memory
folds and the study speaks. Values only; nothing here reads, writes or decides.
"""

# No annotation is postponed here: a NamedTuple would compile each, and the first screen waits for that.
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, NamedTuple


class Kind(IntEnum):
    """What an event says. The numbers are stored; never renumber."""

    GRADED = 1     # the first graded try of an item on a learner-day: feeds memory
    PRACTICE = 2   # any further try, a retry, a replay before the item is due
    ATTEMPT = 3    # a step that is kept but not graded: a prediction, an explanation, a design
    SESSION = 4    # a session began or ended, a page was passed
    VOID = 5       # takes back its target
    RESET = 6      # forget the item (item_key) or everything (empty item_key) before this event
    SUSPEND = 7    # leave the item out, or take it in again (payload: suspended)
    SETTING = 8    # payload: name, value


class Rating(IntEnum):
    """How well an item was remembered, in FSRS's own numbers. Derived, never chosen."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Fact(NamedTuple):
    """What is to be recorded; the log adds who, where and when."""

    kind: Kind
    item_key: str = ""                 # drop-id/item-id, a page key, or empty
    rating: Rating | None = None
    correct: bool | None = None
    duration_ms: int | None = None
    target: bytes | None = None        # event_id that a VOID takes back
    payload: Mapping[str, Any] = {}


class Event(NamedTuple):
    """A fact that was recorded. Append-only: an event is never updated."""

    learner_id: bytes      # 16 bytes
    event_id: bytes        # UUIDv7, 16 bytes, growing on each device
    device_id: bytes       # 16 bytes
    target_id: bytes | None
    kind: Kind
    item_key: str
    occurred_us: int       # microseconds since 1970 UTC, as the clock said
    tz_offset_min: int
    study_day: int         # learner-day as date.toordinal(), fixed when written
    rating: Rating | None
    correct: bool | None
    duration_ms: int | None
    payload: Mapping[str, Any]


class Memory(NamedTuple):
    """What is known of one item's place in memory: a fold over its graded events."""

    item_key: str
    due_day: int           # learner-day ordinal
    stability: float       # days until recall falls to 0.9
    difficulty: float      # 1 … 10
    last_day: int          # learner-day ordinal of the last graded review
    reps: int
    lapses: int
    suspended: bool
    algorithm: str         # name and parameter hash, so that a change of either is seen


class Day(NamedTuple):
    """What was done on one learner-day. `correct` counts graded answers, as first tries are what tells."""

    day: int               # learner-day ordinal
    graded: int
    practice: int
    correct: int
    ms: int                # time spent answering; of one answer no more than a while
