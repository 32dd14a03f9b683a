"""How a learner is doing, as far as the plan of a day needs it: right how often, how fast, stuck where.

    30 of the last 50 first tries right        →  sure .63: a miss is charged in advance
    26 of the last 40                          →  struggles, until 32 of 40 are right again
    40 s of reading for what should take 30    →  pace 1.13 after one page, 1.33 after many
    miss, miss, right, miss                    →  3 misses running: two right in a row end the run
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

TRIES = 50                       # that say how often a learner is right
RIGHT_BEFORE, TRIES_BEFORE = 6.8, 8.0     # what is believed of a learner before the first: 85 of 100
WATCHED = 40                     # tries that say whether a learner struggles
STRUGGLES_BELOW, UNTIL = 0.70, 0.78
STEADY = 45.0                    # seconds at the common pace that a pace begins from: three pages
SLOWEST, FASTEST = 3.0, 0.2      # of one page: beyond, it was a coffee break, or turned without reading
HELD_DAYS = 4.0                  # stability that only an answer on a later day gives


class Learner(NamedTuple):
    """What the plan needs to know of a learner."""

    right: int = 0               # of the last `tries` graded first tries
    tries: int = 0               # at most TRIES
    struggles: bool = False
    lately: int = 0              # right of the last WATCHED
    reads: float = 1.0           # pace of reading: 2 takes twice the common time
    asks: float = 1.0            # pace of answering

    @property
    def sure(self) -> float:
        """The share of first tries that will be right."""
        return (self.right + RIGHT_BEFORE) / (self.tries + TRIES_BEFORE)


def learner(
    rights: Sequence[bool], reading: Iterable[tuple[float, float]], asking: Iterable[tuple[float, float]]
) -> Learner:
    """The learner as first tries (oldest first) and pages tell, these as (seconds lived, expected)."""
    last = rights[-TRIES:]
    return Learner(
        right=sum(last),
        tries=len(last),
        struggles=struggles(rights),
        lately=sum(rights[-WATCHED:]),
        reads=pace(one for one in reading if one[0] >= FASTEST * one[1]),   # not those turned unread
        asks=pace(asking),
    )


def struggles(rights: Iterable[bool]) -> bool:
    """Whether a learner struggles after these first tries: from below 70 of 100 of the last 40 on,
    until 78 are right again.
    """
    window: deque[bool] = deque(maxlen=WATCHED)
    now = False
    for right in rights:
        window.append(right)
        if len(window) == WATCHED:
            share = sum(window) / WATCHED
            now = share < UNTIL if now else share < STRUGGLES_BELOW
    return now


def pace(pages: Iterable[tuple[float, float]]) -> float:
    """Times the common seconds that a learner takes, from (lived, expected) of some pages."""
    lived = expected = STEADY
    for took, should in pages:
        lived += min(SLOWEST * should, max(FASTEST * should, took))
        expected += should
    return lived / expected


def misses_running(rights: Iterable[bool]) -> int:
    """Misses of an item since it was last right in two sittings running."""
    run = streak = 0
    for right in rights:
        streak = streak + 1 if right else 0
        run = 0 if streak >= 2 else run if right else run + 1
    return run
