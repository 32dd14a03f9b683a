"""The picture beside a page that has none of its own: a figure of the lesson, or what the page before ended
with.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from drops.course.model import Teaser
from drops.errors import DropsError
from drops.exercises.blocks import Case, Choice, Design, Figure, Matrix, Order, Run, Sheet, Show, Words
from drops.study.lookup import page_that_taught
from drops.study.pages import Page
from drops.tui.asks.asking import Asking
from drops.tui.asks.run import AskRun
from drops.tui.base.apart import apart
from drops.tui.base.drawn import ink_of
from drops.tui.base.ink import Inks, Lines
from drops.tui.blocks import blocks, teaser
from drops.tui.blocks.pictures import split

if TYPE_CHECKING:
    from drops.study.pages import Answered
    from drops.study.session import Session
    from drops.study.study import Study
    from drops.tui.base.host import Host
    from drops.tui.screens.behind import Seen
    from drops.tui.screens.stage import Stage

Lesson = tuple[tuple[Page, ...], int]  # its pages, and the place of the one that taught what is asked

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
WIDTH = 62  # cells that the picture is read on
LEAST = 8  # lines of a picture that is worth half of the screen


class Borrowing:
    """The part of a page's screen that knows what stands beside a page without a picture."""

    study: Study
    session: Session
    page: Page | None
    outcome: Answered | None
    seen: list[Seen]
    stage: Stage

    if TYPE_CHECKING:

        @property
        def host(self) -> Host: ...

        def refresh_keys(self) -> None: ...

    def put_a_picture_beside(self) -> None:
        """Beside the page in front, where it has none of its own; what measures nets for it is made in a
        thread."""
        page, session = self.page, self.session
        if page is None or not (page.drop_number and borrows(page) and self.stage.bare):
            return
        if (behind := read_before(page, (one.page for one in self.seen))) is not None:
            self._lend(page, behind)
        else:
            made = apart(lambda: self.study.lesson(session, page))
            self.host.keyboard.do_after(made, partial(self._lend_made, page, made))

    async def _lend_made(self, page: Page, made: asyncio.Future[Lesson]) -> None:
        try:
            lesson = made.result()
        except DropsError:  # a figure of another page cannot be drawn: that is told where it stands
            return
        if self.page is page and self.stage.is_attached:
            self._lend(page, lesson)
            self.refresh_keys()  # its knobs can be taken in hand

    def _lend(self, page: Page, lesson: Lesson) -> None:
        told = self.study.library.drop(page.drop_id).picture if page.drop_id else None
        judged = self.outcome is not None
        self.stage.put_beside(borrowed(page, *lesson, told, ink_of(self.stage.app), judged=judged))


def borrows(page: Page) -> bool:
    """Whether a picture that is not its own may stand beside it: not where what is asked takes the width."""
    return page.part != "end" and not isinstance(page.ask, Case | Design | Run)


def read_before(page: Page, seen: Iterable[Page]) -> Lesson | None:
    """Of a page of a lesson the pages of it that were read in this session, and the place where it follows:
    to draw the others, which measure nets, takes longer than a page may.
    """
    if page.part != "read":
        return None
    lesson = tuple(one for one in seen if one.part == "read" and one.drop_id == page.drop_id)
    return lesson, len(lesson)


def borrowed(
    page: Page, lesson: tuple[Page, ...], taught: int, of_drop: Teaser | None, ink: Inks, *, judged: bool
) -> tuple[Show, ...]:
    """Beside what is read, a figure of the lesson to be tried: of its pages the last one before it, of what
    comes after them the one that has most to do with it. Beside a question that is judged, that of the page
    that taught it, which is `taught` among the lesson's, or the nearest before it. Before that, of a quiz
    and of what explains, the same as it first stood, where that gives nothing away. Where there is none, the
    picture that its drop is announced with.
    """
    announces = () if of_drop is None else (teaser.block(of_drop),)
    if page.ask is None:
        behind = lesson[:taught] if page.part == "read" else lesson
        pictured = tuple(one for one in behind if split(one.show)[1])
        nearest = -1 if page.part == "read" else page_that_taught(pictured, page)
        return split(pictured[nearest].show)[1] if pictured else announces
    if judged:
        before = (split(one.show)[1] for one in reversed(lesson[: taught + 1]))
        return next((pictures for pictures in before if pictures), announces)
    first = _at_rest(lesson[taught].show)
    drawn = any(not isinstance(block, Sheet | Matrix) for block in first)
    fits = page.part in ("quiz", "explain") and isinstance(page.ask, Choice | Order) and drawn
    lines = blocks.draw_all(first, WIDTH, ink) if fits else []
    return first if len(lines) >= LEAST and not _gives_away(lines, page) else announces


def _at_rest(pictures: tuple[Show, ...]) -> tuple[Show, ...]:
    """Pictures before anything was turned, with nothing to turn."""
    shown: list[Show] = []
    for block in pictures:
        starts = {knob.name: knob.start for knob in block.knobs} if isinstance(block, Figure) else {}
        shown += block.draw(starts) if isinstance(block, Figure) else (block,)
    return tuple(block for block in shown if not isinstance(block, Words))


def _gives_away(lines: Lines, page: Page) -> bool:
    """Whether a number of the right option can be read off what is drawn."""
    options = page.ask.options if isinstance(page.ask, Choice) else ()
    right = {number for one in options if one.right for number in _NUMBER.findall(one.text)}
    return any(right & {*_NUMBER.findall("".join(segment.text for segment in line))} for line in lines)


def carried(page: Page, before: Page | None, asked: Asking | None, *, wide: bool = True) -> Page:
    """`page` beside the pictures of the page before, if both are of one exercise: a question, or what a case
    comes to. Where the screen is not `wide` they are the question's own, with nothing to turn: they stand
    under it where both are seen whole, and are its other face elsewhere.
    """
    asks = page.part == "explain" or (page.ask is not None and not isinstance(page.ask, Run))
    own = split(page.show)[1] or getattr(page.ask, "picture", None) or getattr(page.ask, "knobs", None)
    if before is None or not asks or own or not page.item_key or before.item_key != page.item_key:
        return page
    pictures = ended_with(before, asked)
    if wide:
        return replace(page, show=(*page.show, *pictures))
    if not isinstance(page.ask, Choice | Order) or page.ask.beside or not pictures:
        return page  # what would push it out of sight is left out
    still = _at_rest(pictures)
    return replace(page, ask=replace(page.ask, beside=lambda _known, _hand: still))


def ended_with(page: Page, asked: Asking | None) -> tuple[Show, ...]:
    """The pictures of a page as it was left: its own, and those of its question as it was answered."""
    answered = () if asked is None or isinstance(asked, AskRun) else asked.pictures
    return (*split(page.show)[1], *answered)
