"""What takes longer than a blink is done in a thread, so that the screen stays awake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

CALM = 0.15  # seconds after which a wait is worth a word

T = TypeVar("T")


def apart(act: Callable[[], T]) -> asyncio.Future[T]:
    """What `act` gives or raises. Its thread is no reason for the program to stay."""
    loop, future, context = asyncio.get_running_loop(), asyncio.Future[T](), copy_context()

    def settle(found: T | None, problem: BaseException | None) -> None:
        if future.done():  # nobody waits any more
            return
        if problem is None:
            future.set_result(found)  # type: ignore[arg-type]  # of type T where there is no problem
        else:
            future.set_exception(problem)

    def run() -> None:
        found, problem = None, None
        try:
            found = context.run(act)
        except Exception as error:  # raised where it is waited for
            problem = error
        with suppress(RuntimeError):  # the app has left
            loop.call_soon_threadsafe(settle, found, problem)

    Thread(target=run, name="apart", daemon=True).start()
    return future
