"""How long something takes, whatever else this machine does: processor time, never the clock on the wall, the best
of three, and longer where a fixed piece of work takes longer at the same moment.

    found = within(0.1, lambda: read(ask, text))
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

USUAL = 0.006  # seconds that the fixed piece of work takes on a quiet core
TRIES = 3


def slowness() -> float:
    """How many times longer than usual work takes just now; at least 1."""
    start = time.process_time()
    sum(i * i for i in range(160_000))
    return max(1.0, (time.process_time() - start) / USUAL)


def within(seconds: float, do: Callable[[], T]) -> T:
    """What `do` returns; it took at most so many seconds of work, at least once in three times."""
    took = []
    for _ in range(TRIES):
        start = time.process_time()
        result = do()
        took.append(time.process_time() - start)
        if took[-1] <= seconds * slowness():
            return result
    raise AssertionError(f"took {', '.join(f'{one:.3f}' for one in took)} s of work; at most {seconds} s are meant")
