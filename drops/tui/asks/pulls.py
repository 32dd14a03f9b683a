"""A training computed aside, a few milliseconds at a time: keys and pictures go first."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any

from drops.clock import ticks
from drops.exercises.blocks import Frame
from drops.tui.base.apart import apart

CHUNK = 0.0025  # seconds of a pull, at least one moment of it: a key may have to wait for the end of one
GIVES_WAY = 0.05  # seconds at most for which it waits until a key is done and painted


class Pulls:
    """What comes of a run's frames; all of them at once, watched or not, where they are `needed`."""

    def __init__(self, frames: Iterator[Frame | None], *, needed: bool) -> None:
        self.over = False  # computed to its end
        self.going: asyncio.Future[None] | None = None  # where all of it is computed
        self._frames = frames
        # what a run holds open over its pauses (numpy.errstate) must be closed in the context it began in
        self._within = copy_context()
        self._pulling: asyncio.Future[tuple[list[Frame], bool]] | None = None  # moments, and whether it ended
        self._ready = SimpleQueue[Frame]()
        self._waits_until = 0.0
        self._begun = self._closed = False  # whether there is something to be seen; let go of
        if needed:
            self.going = apart(self._to_its_end)
            self.going.add_done_callback(lambda done: done.exception())  # told by the page that needs it

    def take(self) -> list[Frame]:
        """The moments that came since; the next pull begins."""
        moments: list[Frame] = []
        if self.going is not None:
            self.over = self.going.done()
            while not self._ready.empty():
                moments.append(self._ready.get())
            return moments
        if self._pulling is not None and self._pulling.done():
            moments, self.over = self._pulling.result()
            self._pulling = None
            if self.over:
                self.close()  # and its nets with it: what is shown is kept
        if self._pulling is None and not self.over and not self._waits:
            self._begin()
        return moments

    def _begin(self) -> None:
        self._pulling = apart(lambda: self._within.run(self._pull))
        if not self._begun:
            self._pulling.add_done_callback(self._at_once)

    def _at_once(self, done: asyncio.Future[tuple[list[Frame], bool]]) -> None:
        """While there is nothing to be seen a pull follows the other; keys are looked at between them."""
        if self._begun or self._closed or self._waits or done.cancelled() or done.exception():
            return
        if not done.result()[1]:  # it is not at its end
            self._begin()

    def give_way(self) -> None:
        """A key is handled, or a picture drawn: in a thread beside it, both would take twice as long."""
        self._waits_until = ticks() + GIVES_WAY

    def go_on(self) -> None:
        """It is painted."""
        self._waits_until = 0.0

    @property
    def _waits(self) -> bool:
        return ticks() < self._waits_until

    def _pull(self) -> tuple[list[Frame], bool]:
        until, moments = ticks() + CHUNK, list[Frame]()
        for one in self._frames:
            if one is not None:
                moments.append(one)
                self._begun = True
            if (over := one is not None and one.done >= 1) or ticks() >= until or self._waits:
                return moments, over
        return moments, True

    def _to_its_end(self) -> None:
        """In a thread: a bite of a large net takes longer than a key may wait."""
        for one in self._frames:
            if one is not None:
                self._ready.put(one)
            while self._waits:
                time.sleep(0.001)

    def close(self) -> None:
        """Nothing goes on behind another page but what is needed."""
        close: Callable[[], None] | None = getattr(self._frames, "close", None)
        if close is None or self.going is not None:
            return
        self._closed = True

        def closed(done: asyncio.Future[Any]) -> None:
            done.exception()  # what went wrong is no matter any more
            self._within.run(close)

        if self._pulling is None:
            self._within.run(close)
        else:  # nothing can be closed while it is pulled
            self._pulling.add_done_callback(closed)
