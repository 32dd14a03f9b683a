"""A question that has no picture of its own stands beside what the page before ended with."""

from __future__ import annotations

from dataclasses import replace

from drops.exercises.blocks import Frame, Run, Show
from drops.study.pages import Page
from drops.tui.asks.asking import Asking
from drops.tui.asks.run import AskRun
from drops.tui.blocks.pictures import split

ENOUGH = 0.5  # of a run that is left before its end: less of it would be read as what it came to


def carried(page: Page, before: Page | None, asked: Asking | None) -> Page:
    """`page` beside the pictures of the page before, if both are of one exercise: a question, or what a case
    comes to."""
    asks = page.part == "explain" or (page.ask is not None and not isinstance(page.ask, Run))
    own = split(page.show)[1] or getattr(page.ask, "picture", None) or getattr(page.ask, "knobs", None)
    if before is None or not asks or own or not page.item_key or before.item_key != page.item_key:
        return page
    return replace(page, show=(*page.show, *ended_with(before, asked)))


def ended_with(page: Page, asked: Asking | None) -> tuple[Show, ...]:
    """The pictures of a page as it is left: those of its run as far as it went, of its question as it was
    answered."""
    frame = _came_to(asked) if isinstance(asked, AskRun) else None
    last = split(frame.show)[1] if frame is not None else asked.pictures if asked is not None else ()
    return (*split(page.show)[1], *last)


def _came_to(run: AskRun) -> Frame | None:
    """What a run came to. One that is left while it plays is told by the last that is computed of it, and by
    nothing where that is no more than its beginning."""
    if not run.running:
        return run.frame
    return run.player.moments[-1] if run.player.known >= ENOUGH else None
