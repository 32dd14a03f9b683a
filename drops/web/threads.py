"""Where pages are made: in a few threads, so that the server hears everybody while it works.

More threads than cores make no page sooner, and each takes memory of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")
AT_ONCE = CapacityLimiter(3)


async def aside(work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What `work` gives, computed beside the server."""
    return await to_thread.run_sync(partial(work, *given, **named), limiter=AT_ONCE)
