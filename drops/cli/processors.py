"""Work that takes minutes, shared out among the processors of the machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def share_out(work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """Like `map`, as many at a time as there are processors. `work` is a function of a module, and what it
    takes and gives can be pickled."""
    at_a_time = min(len(items), os.cpu_count() or 1)
    if at_a_time < 2 or getattr(sys, "frozen", False):  # a frozen program starts itself anew, not a Python
        yield from map(work, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(at_a_time, get_context("spawn"), initializer=_leave_interrupts)
    try:
        yield from pool.map(work, items)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl+C is for the program, which says so in one line; its helpers just end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
