"""The one door to FSRS: a graded event in, the item's next place in memory out.

    first Good on day 100        →  stability 2.31 days, due on day 102
    Good again, on day 102       →  stability 10.97 days, due about day 113

State is a fold over the log: kept between sessions because that is fast, thrown away and
folded again whenever anything about it is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

import fsrs

from drops.events import Event, Kind, Memory, Rating
from drops.memory.forgetting import TARGET, is_doubtful

Fold = Callable[[Memory | None, Event], Memory | None]

LOWEST_RETENTION, HIGHEST_RETENTION = 0.7, 0.97
LONGEST = 36_500                  # days: FSRS clamps intervals there, and we stability
SPREAD_FROM = 7                   # intervals below a week keep their exact day
LAST_DAY = date.max.toordinal() - 2 * LONGEST   # what is due must lie within the calendar
_SPREADING = "spread-2"           # renamed when `spread` or `fold` changes: due days are folded again


def fold(memory: Memory | None, event: Event, retention: float = TARGET) -> Memory | None:
    """The item's memory after its next event; graded ones come in the order of their learner-days.

    GRADED feeds memory, RESET forgets; every other kind, and a GRADED without a rating, changes
    nothing. VOID and SUSPEND are the log's to apply: a review keeps what was suspended so.

    Only the first graded try of a learner-day counts: merged devices can bring a second one, which is
    passed over, as if it were practice. So is one from an earlier day, so that no log can stop the fold.

    Where nobody knows how long ago the last review was (`is_doubtful`) the two count as of one day.
    Raises ValueError for a retention outside 0.7 … 0.97.
    """
    match event.kind:
        case Kind.RESET:
            return None
        case Kind.GRADED if event.rating is not None and _counts(memory, event.study_day):
            if memory and is_doubtful(memory.last_day, event.study_day):
                memory = memory._replace(last_day=event.study_day)
            return reviewed(memory, event.item_key, event.study_day, event.rating, retention)
        case _:
            return memory


def folded(retention: float) -> Fold:
    """`fold` with the learner's retention target. Raises ValueError outside 0.7 … 0.97."""
    _scheduler(retention)

    def step(memory: Memory | None, event: Event) -> Memory | None:
        return fold(memory, event, retention)

    return step


def algorithm(retention: float = TARGET) -> str:
    """What is stored with each memory: fold again when it differs from this."""
    return _scheduler(retention)[1]


def reviewed(
    memory: Memory | None, item_key: str, day: int, rating: Rating, retention: float = TARGET
) -> Memory:
    """One review as FSRS-6 counts it, also on the day of the last one (`fold` never does that)."""
    scheduler, name = _scheduler(retention)
    now = _midnight(day)
    card, _ = scheduler.review_card(_card(memory, now), fsrs.Rating(rating), now)
    assert card.stability is not None
    assert card.difficulty is not None
    interval = (card.due - now).days
    lapsed = memory is not None and rating is Rating.AGAIN
    return Memory(
        item_key=item_key,
        due_day=day + interval + spread(item_key, day, interval),
        stability=min(card.stability, float(LONGEST)),
        difficulty=card.difficulty,
        last_day=day,
        reps=(memory.reps if memory else 0) + 1,
        lapses=(memory.lapses if memory else 0) + lapsed,
        suspended=memory.suspended if memory else False,
        algorithm=name,
    )


def spread(item_key: str, day: int, interval: int) -> int:
    """Days to move a due day by, so that items learned together do not return together.

    At most ±(1 + 1 in 20 of the interval), 0 below a week. From a checksum of item and day, not from
    chance: every replay of the log finds the same due day, on every machine.
    """
    if interval < SPREAD_FROM:
        return 0
    reach = 1 + interval // 20
    return crc32(f"{day} {item_key}".encode()) % (2 * reach + 1) - reach


def _counts(memory: Memory | None, day: int) -> bool:
    return 1 <= day <= LAST_DAY and (memory is None or day > memory.last_day)


class _OwnCard(fsrs.Card):
    """A card made for one review: FSRS copies what it is given, and copying is a fifth of a replay."""

    def __copy__(self) -> _OwnCard:
        return self


def _card(memory: Memory | None, now: datetime) -> fsrs.Card:
    # card_id and due always given: without them Card() sleeps a millisecond and reads the clock.
    if memory is None:
        return _OwnCard(card_id=1, due=now)
    return _OwnCard(
        card_id=1,
        state=fsrs.State.Review,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=now,
        last_review=_midnight(memory.last_day),
    )


@lru_cache(maxsize=1024)
def _midnight(day: int) -> datetime:
    # FSRS counts whole 24-hour periods. Fed with wall-clock times, a daily learner who is half an
    # hour earlier each day never gets past "the same day"; midnights are whole days apart.
    return datetime.combine(date.fromordinal(day), time.min, UTC)


@lru_cache(maxsize=32)
def _scheduler(retention: float) -> tuple[fsrs.Scheduler, str]:
    if not LOWEST_RETENTION <= retention <= HIGHEST_RETENTION:
        raise ValueError(
            f"retention is {retention}; it must lie between {LOWEST_RETENTION} and {HIGHEST_RETENTION}"
        )
    scheduler = fsrs.Scheduler(
        desired_retention=retention,
        learning_steps=(),        # steps are minutes within a day: our retries are practice
        relearning_steps=(),
        maximum_interval=LONGEST,
        enable_fuzzing=False,     # its fuzz draws from the global random: no replay would agree
    )
    said = repr((scheduler.parameters, LONGEST, _SPREADING)).encode()
    return scheduler, f"fsrs-6/{blake2b(said, digest_size=4).hexdigest()}/{retention:g}"
