"""The pages behind: one after another back to the first of this sitting, as they were left.

They can only be looked at. Enter goes forward again, and after the last of them comes the page that is
being done, with all that was typed on it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.clock import Moment
from drops.errors import DropsError
from drops.exercises.blocks import Run, Words
from drops.study.pages import Answered, Page
from drops.study.shown.code import code_of, has_code
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.asks.run import AskRun
from drops.tui.asks.widgets import asking
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.code import CodeScreen
from drops.tui.screens.head import Head
from drops.tui.screens.pinned import Pinned
from drops.tui.screens.stage import Stage


class Seen(NamedTuple):
    """A page as it was left: what was answered, and what became of it."""

    page: Page
    text: str
    outcome: Answered | None

    @property
    def judged(self) -> bool:
        """Whether what is asked was answered, and told."""
        return self.outcome is not None and not self.outcome.hidden


def as_left(page: Page, asked: Asking | None, outcome: Answered | None) -> Seen:
    """What there is of a page behind. A run is what was last seen of it, and what it has shown."""
    if isinstance(page.ask, Run):
        frame = None
        if isinstance(asked, AskRun):
            frame = asked.player.came_to if asked.running else asked.frame
        said = (Words(page.ask.closes),) if page.ask.closes else ()
        page = replace(page, show=(*page.show, *said, *(frame.show if frame else ())), ask=None)
    return Seen(page, asked.submitted if asked else "", outcome)


class BehindScreen(DropsScreen):
    """The pages of `seen`, from the last one on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right", "turn(1)", "forward", key_display="enter"),
        Binding("b,backspace,left", "turn(-1)", "further back", key_display="b"),
        Binding("down,j", "scroll(2)", "scroll", key_display="↑↓"),
        Binding("up,k", "scroll(-2)", "scroll up", show=False),
        Binding("q,escape", "leave", "to my page", key_display="q"),
        Binding("c", "code", "the same in code", show=False),
    ]
    title_of_help = "Pages behind"

    def __init__(self, seen: tuple[Seen, ...], now: Moment) -> None:
        super().__init__()
        self.seen, self.at, self.now = seen, len(seen) - 1, now
        self.asking: Asking | None = None

    def compose(self) -> ComposeResult:
        yield Head(id="head")
        yield Pinned()
        yield Stage()
        yield Keys()

    async def on_mount(self) -> None:
        await self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "code":
            seen = self.seen[min(self.at, len(self.seen) - 1)]  # beyond the last one it is on its way out
            return has_code(seen.page.show, seen.page.ask, judged=seen.judged)
        return not (action == "turn" and parameters == (-1,) and self.at == 0)

    async def action_turn(self, by: int) -> None:
        self.at += by
        if self.at >= len(self.seen):
            self.dismiss()
        else:
            await self._show()

    async def action_code(self) -> None:
        page, judged = self.seen[self.at].page, self.seen[self.at].judged
        text = code_of(page.show, page.ask, self.query_one(Stage).hands.of, judged=judged)
        await self.app.push_screen(CodeScreen(text))

    def action_scroll(self, by: int) -> None:
        self.query_one(Stage).scroll_relative(y=by, animate=False)

    async def _show(self) -> None:
        page, text, outcome = self.seen[self.at]
        old, self.asking = self.asking, None if page.ask is None else asking(page.ask)
        stage = self.query_one(Stage)
        pinned = self.query_one(Pinned)
        await stage.show(pinned.take(page), self.asking, old, still=True)
        stage.hands.active = False
        stage.redraw()
        head = self.query_one(Head)
        head.page, head.notice = page, f"page {self.at + 1} of {len(self.seen)} behind · enter goes forward"
        head.redraw()
        if self.asking is not None:
            self._as_it_was(self.asking, text, outcome)
        self.refresh_keys()

    def _as_it_was(self, at: Asking, text: str, outcome: Answered | None) -> None:
        """What was answered, and what was said of it."""
        at.active = False
        with suppress(DropsError, LookupError, TypeError, ValueError):
            if text:
                at.fill(text)
        if outcome is not None and not outcome.hidden:
            at.judged(text, outcome.verdict)
            self.query_one(Pinned).judge(outcome)
            feedback = self.query_one(Feedback)
            feedback.show(outcome, self.now.day, line=True)
            feedback.active = False
        at.redraw()

    def types(self, event: events.Key) -> bool:
        """Nothing can be typed on a page that is behind."""
        del event
        return False
