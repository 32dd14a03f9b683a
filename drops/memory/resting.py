"""What becomes of an item that is missed again and again: asked in another way, at rest, put away.

    3 misses running     asked in another way, and the drop it needs is named
    4, for the first time    it rests for a week; then it is asked again
    6                    it is put away, until the learner takes it in again

Asking the same thing again is not what helps; and of who is right at 60 of 100 whatever is done, six in
ten items would be missed eight times in 90 days.
"""

from __future__ import annotations

from typing import NamedTuple

OTHER_WAY = 3            # misses running
RESTS, AWAY = 4, 6
REST_DAYS = 7


class Rest(NamedTuple):
    """An item is set aside."""

    until: int | None            # learner-day ordinal on which it may be asked again; None: put away


def resting(run: int, right: bool, rested: bool, day: int) -> Rest | None:
    """What follows from an answer on `day` that makes `run` misses running; `rested`: once before."""
    if right or run < RESTS:
        return None
    if run >= AWAY:
        return Rest(None)
    return None if rested else Rest(day + REST_DAYS)
