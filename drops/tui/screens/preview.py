"""A lesson while it is written: the page as a learner sees it, and what the check says, anew after each save.

What cannot be read leaves the last page that could, with what is wrong; mended, it comes by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.course.model import LearningPath, Problem
from drops.errors import DropsError
from drops.exercises.blocks import Words
from drops.study.pages import Page
from drops.study.session import Session, Unit
from drops.study.shown.preview import Draft, Stamp, checked, place_of, read_draft, session_at, stamp, step_on
from drops.study.study import Study
from drops.tui.base.apart import apart
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines
from drops.tui.screens.coming import Standing
from drops.tui.screens.drop import DropScreen

if TYPE_CHECKING:
    from asyncio import Future

LOOK = 0.08  # seconds between two looks at the files
SHOWN = 4  # messages at once


class Messages(Drawn):
    """What the check says, whole, as many as there is room for."""

    problems: tuple[Problem, ...] = ()
    checking = True

    def draw(self, width: int, ink: Inks) -> Lines:
        if self.problems:
            told = [
                wrap(str(problem), max(20, width - 2), break_on_hyphens=False)
                for problem in self.problems[:SHOWN]
            ]
            lines: Lines = [[Segment(f" {line}", ink.warn)] for problem in told for line in problem]
            more = len(self.problems) - SHOWN
            rest = [[Segment(f" … and {more} more: `drops check` lists them", ink.dim)]] if more > 0 else []
            return [*lines, *rest]
        return [[Segment(" checking …" if self.checking else " ✓ content is sound", ink.dim)]]


class PreviewScreen(DropScreen):
    """A drop's pages, turned without answering, and read again whenever a file is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket", "skip(1)", "next page", key_display="]"),
        Binding("left_square_bracket", "skip(-1)", "page before", key_display="["),
    ]
    title_of_help = "A lesson while it is written"

    def __init__(
        self, study: Study, target: Path, others: Sequence[LearningPath], beside: Sequence[Path]
    ) -> None:
        super().__init__(study, Session("", "drop", 0, ()))
        self.target, self.others, self.beside = target, others, beside
        self.known: Stamp | None = None  # of what is shown
        self.reads: Future[Draft] | None = None

    def compose(self) -> ComposeResult:
        *above, keys = super().compose()
        yield from above
        yield Messages(id="messages")
        yield keys

    @property
    def messages(self) -> Messages:
        return self.query_one(Messages)

    async def show_page(self) -> None:
        """First of all what is on the disk; from then on the session's page."""
        if self.known is None:
            self.set_interval(LOOK, self._look)
            if (draft := await self._saved()) is not None:
                await self._take(draft)
        elif self.session.units:
            await super().show_page()

    # ── what is on the disk ──

    async def _look(self) -> None:
        """What was saved since is shown after what keys have begun: two pages that came at once would take
        each other's place."""
        if (draft := await self._saved()) is not None:
            self.host.keyboard.do(partial(self._take, draft))

    async def _saved(self) -> Draft | None:
        """What was saved since the last look; one look at a time."""
        if self.coming is not None or self.reads is not None:
            return None
        try:
            seen = stamp(self.target)
        except OSError as problem:
            self._say((Problem(str(self.target), f"cannot be read ({problem.strerror})", "is it there?"),))
            return None
        if seen == self.known:
            return None
        self.known = seen
        target, others = self.target, self.others
        self.reads = apart(lambda: read_draft(target, others))
        try:
            return await self.reads
        finally:
            self.reads = None

    async def _take(self, draft: Draft) -> None:
        """Shows the same page of what was read, or says why it cannot be."""
        if not self.is_attached:  # it was left meanwhile
            return
        self._say(draft.problems, checking=not draft.problems)
        if not draft.units:
            await self._wait_for_words()
            return
        before = self.session.unit
        at = next((i for i, unit in enumerate(draft.units) if before and unit.key == before.key), None)
        if at is None:
            at = min(place_of(self.session), len(draft.units) - 1)
        await self._go(draft.units, at, Study(draft.library, self.study.log))
        self._check(self.known)  # which knows the line of what could not be drawn, too

    async def _go(self, units: tuple[Unit, ...], at: int, study: Study) -> None:
        """The page at a place, if it can be made."""
        await self._stand(session_at(units, at, self.host.clock()), study)

    async def _stand(self, session: Session, study: Study) -> None:
        """The page of a session, if it can be made."""
        now = self.host.clock()

        def make() -> Standing:
            settled = study.settled(session, now)
            return Standing(settled, study.page(settled), None)

        try:
            stands = await apart(make)
        except DropsError as problem:
            self._say((Problem(self.target.name, str(problem), "correct it"),))
            return
        if not self.is_attached:  # it was left meanwhile
            return
        if study is not self.study:  # what stands beside a page is of its lesson, too
            self.study = study
            self.host.take_study(study)
        await self.show(stands)

    async def show(self, stands: Standing) -> None:
        """Behind the last page comes the first one again."""
        if stands.page.part == "end" and stands.session.units:
            await self._go(stands.session.units, 0, self.study)
        else:
            await super().show(stands)

    async def _wait_for_words(self) -> None:
        if self.page is None:
            words = Words("Nothing can be shown of it yet. What is wrong stands below; save, and it comes.")
            page = Page(
                "nothing", "read", self.target.name, 0, "", (words,), None, "", False, 1, 1, 1, 1, 0.0
            )
            await self.show(Standing(self.session, page, None))
            self.page = None

    def _check(self, seen: Stamp | None) -> None:
        """What the check says takes longer; it comes when it is there."""
        target, beside = self.target, self.beside
        checking = apart(lambda: checked(target, beside))

        def tell(done: asyncio.Future[tuple[Problem, ...]]) -> None:
            if self.is_attached and seen == self.known:
                self._say(done.result())

        checking.add_done_callback(tell)

    def _say(self, problems: tuple[Problem, ...], *, checking: bool = False) -> None:
        if self.is_attached:
            self.messages.problems, self.messages.checking = problems, checking
            self.messages.redraw()

    # ── keys ──

    async def action_skip(self, by: int) -> None:
        """Another page, whatever was answered on this one; of an exercise its next step, or its first one."""
        units, unit = self.session.units, self.session.unit
        if not units:
            return
        further = step_on(self.session, self.study.library) if by > 0 else None
        if further is not None:
            await self._stand(further, self.study)
            return
        if by < 0 and unit is not None and self.session.work_in(unit).passed:
            by = 0
        await self._go(units, (place_of(self.session) + by) % len(units), self.study)

    def action_leave(self) -> None:  # type: ignore[override]  # there is nothing to store
        self.app.exit()
