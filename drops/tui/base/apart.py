"""What takes longer than a blink is done in a thread, so that the screen stays awake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from queue import SimpleQueue
from threading import Thread
from typing import ClassVar, TypeVar

CALM = 0.15  # seconds after which a wait is worth a word

T = TypeVar("T")


class Worker(Thread):
    """A thread that does one thing after another, and is no reason for the program to stay.

    It is kept, idle: starting a new one holds the screen until it runs, 2 ms at each pull of a training.
    """

    idle: ClassVar[list[Worker]] = []

    def __init__(self) -> None:
        super().__init__(name="apart", daemon=True)
        self.jobs: SimpleQueue[Callable[[], Callable[[], None]]] = SimpleQueue()  # each → what tells of it

    def run(self) -> None:
        while True:
            tell = self.jobs.get()()
            self.idle.append(self)  # before it is told: what is told may ask for the next thing at once
            tell()
            del tell  # and with it what was found

    @classmethod
    def do(cls, job: Callable[[], Callable[[], None]]) -> None:
        """In an idle one, or in a new one."""
        try:
            worker = cls.idle.pop()
        except IndexError:
            worker = cls()
            worker.start()
        worker.jobs.put(job)


def apart(act: Callable[[], T]) -> asyncio.Future[T]:
    """What `act` gives or raises, done in a thread."""
    loop, future, context = asyncio.get_running_loop(), asyncio.Future[T](), copy_context()

    def settle(found: T | None, problem: BaseException | None) -> None:
        if future.done():  # nobody waits any more
            return
        if problem is None:
            future.set_result(found)  # type: ignore[arg-type]  # of type T where there is no problem
        else:
            future.set_exception(problem)

    def run() -> Callable[[], None]:
        found, problem = None, None
        try:
            found = context.run(act)
        except Exception as error:  # raised where it is waited for
            problem = error

        def tell() -> None:
            with suppress(RuntimeError):  # the app has left
                loop.call_soon_threadsafe(settle, found, problem)

        return tell

    Worker.do(run)
    return future
