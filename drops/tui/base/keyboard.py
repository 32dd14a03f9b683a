"""One key at a time, in order.

Textual gives every widget a queue of its own, so that a character typed after Enter can be
handled before it, and keys on the way to a widget that is being replaced are lost. Here each
key is handled to its end (a page turned, its widgets mounted) before the next one is looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Job = Callable[[], Awaitable[None]]


class Keyboard:
    """A queue of things to do, done strictly one after another."""

    def __init__(self) -> None:
        self._jobs: asyncio.Queue[Job] = asyncio.Queue()
        self._coming: set[asyncio.Future[Any]] = set()
        self._ended = False

    def do(self, job: Job) -> None:
        """Queues a key's effect, or a click's."""
        if not self._ended:
            self._jobs.put_nowait(job)

    def do_after(self, coming: asyncio.Future[Any], job: Job) -> None:
        """Queues a job for when something has come; keys do not wait for that."""
        def has_come(_: asyncio.Future[Any]) -> None:
            self.do(job)
            self._coming.discard(coming)

        self._coming.add(coming)
        coming.add_done_callback(has_come)

    async def run(self) -> None:
        """Runs for as long as the app does. What a job raises ends it; what is left is let go."""
        try:
            while True:
                job = await self._jobs.get()
                try:
                    await job()
                finally:
                    self._jobs.task_done()
        finally:
            self._ended = True
            while not self._jobs.empty():
                self._jobs.get_nowait()
                self._jobs.task_done()

    async def idle(self) -> None:
        """Returns when nothing is left to do, and nothing is to come."""
        await self._jobs.join()
        while self._coming:
            await asyncio.wait(self._coming)
            await self._jobs.join()
