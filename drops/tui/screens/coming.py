"""A page on its way: what makes it is done in a thread, so that no key waits for a training or a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from drops.errors import DropsError
from drops.study.pages import Answered, Page
from drops.tui.base.apart import CALM, apart
from drops.tui.base.keyboard import Job

if TYPE_CHECKING:
    from textual.binding import ActiveBinding

    from drops.study.session import Session
    from drops.study.study import Study
    from drops.tui.base.host import Host


class Standing(NamedTuple):
    """Where a session stands: its page, and what was answered on it before it was left."""

    session: Session
    page: Page
    given: tuple[str, Answered] | None


class Coming:
    """The part of a page's screen that gets the next page."""

    study: Study
    page: Page | None
    coming: asyncio.Future[Standing] | None = None
    finishing: asyncio.Future[None] | None = None  # a training that a page to come needs
    held: Sequence[Job] = ()

    if TYPE_CHECKING:

        @property
        def working(self) -> dict[str, ActiveBinding]: ...

        @property
        def host(self) -> Host: ...

        @property
        def is_attached(self) -> bool: ...

        async def action_leave(self) -> None: ...

        async def show(self, stands: Standing) -> None: ...

    @contextmanager
    def told(self) -> Iterator[None]:
        """What could not be done is told in a line, and everything stays as it was."""
        try:
            yield
        except DropsError as problem:
            self.host.notify(str(problem), severity="error", markup=False)

    def standing(self, session: Session) -> Standing:
        """In a thread: the page in front, and what was answered on it before."""
        return Standing(session, self.study.page(session), self.study.outcome(session))

    async def come(self, make: Callable[[], Standing]) -> None:
        """Shows the page that `make` makes. One that takes longer than a blink comes by itself; keys that
        can wait are for it, and those that need not (to leave, help) do at once what they do."""
        self.coming = apart(make)
        await asyncio.wait({self.coming}, timeout=CALM)
        if self.coming.done():
            await self._arrived()
            return
        self.host.wait_for("computing …")
        self.host.keyboard.do_after(self.coming, self._arrived)

    async def close(self, *, go_on: bool) -> None:
        """The session is over; with the next drop at once, if so it is wanted."""
        came = self.page.ending if self.page is not None else None
        await self.action_leave()
        if go_on and came is not None and came.goes_on is not None:
            await self.host.begin(drop=came.goes_on.id)

    async def _arrived(self) -> None:
        coming, self.coming = self.coming, None
        self.host.wait_for("")
        if coming is None or not self.is_attached:
            return
        with self.told():
            await self.show(coming.result())
        held, self.held = [*self.held], ()
        while held and self.coming is None:
            await held.pop(0)()
        self.held = [*held, *self.held]  # another page is on its way

    def holds(self, key: str, job: Job) -> bool:
        """Whether a key is kept for the page that is on its way."""
        if self.coming is None or key in self.working:
            return False
        self.held = [*self.held, job]
        return True
