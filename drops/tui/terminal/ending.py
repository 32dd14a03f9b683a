"""Every end that nobody asked for is taken to the app, which leaves in order: the terminal is restored."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from drops.errors import Ended

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")  # Windows lacks the last two


class Endable(Protocol):
    """An app that can be ended from anywhere."""

    ended: BaseException | None
    _exit: bool
    _loop: asyncio.AbstractEventLoop | None

    def ends(self, problem: BaseException) -> None: ...


@contextmanager
def ending(app: Endable) -> Iterator[None]:
    """While the app runs: signals and what breaks in a thread end it; what nobody listens to stays so."""

    def signalled(number: int, _: object) -> None:
        problem = Ended.by_signal(number)
        if app._loop is not None and app._loop.is_running():
            app._loop.call_soon_threadsafe(app.ends, problem)
        elif app._exit or app.ended is not None:  # it has left already, and closes what is open
            app.ends(problem)
        else:
            raise problem

    def broke(args: threading.ExceptHookArgs) -> None:
        app.ends(args.exc_value or SystemError("a thread ended"))

    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before: dict[int, Any] = {}
    for number in numbers if threading.current_thread() is threading.main_thread() else ():
        if signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, signalled)
    hook, threading.excepthook = threading.excepthook, broke
    try:
        yield
    finally:
        threading.excepthook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
