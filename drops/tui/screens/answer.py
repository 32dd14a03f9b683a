"""One past answer, exactly as it was: its numbers, what was typed, what was said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.study.pages import Answered
from drops.study.shown.code import code_of, has_code, started
from drops.study.shown.history import Reopened
from drops.text import safe_text
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.asks.widgets import asking
from drops.tui.base.body import Abreast, Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, ends, fit, written
from drops.tui.blocks.pictures import Pictures
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.code import CodeScreen
from drops.tui.screens.pinned import Pinned


class Was(Drawn):
    """Which answer this is: when, of what, how it was judged and why so."""

    def __init__(self, opened: Reopened) -> None:
        super().__init__()
        self.opened = opened

    def draw(self, width: int, ink: Inks) -> Lines:
        past = self.opened.past
        # the verdict stands below in its own line, where it can be given again
        sign, style = ("✓ right", ink.good) if past.right else ("✗ not yet", ink.bad)
        judged = [] if self.opened.verdict is not None else [Segment(f"  {sign} ", style)]
        title = [
            Segment(f" {past.drop_number} · " if past.drop_number else " ", ink.dim),
            Segment(safe_text(past.title), ink.bold),
        ]
        when = f" {past.at:%A} {past.at.day} {past.at:%B %Y}, {past.time}"
        return [
            ends(title, judged, width),
            ends([Segment(when, ink.dim)], [Segment(f"{past.rating.lower()} ", ink.dim)], width),
            fit([Segment("─" * width, ink.rule)], width),
        ]


class Note(Drawn):
    """What was typed where it cannot be shown in place, and why it cannot."""

    def __init__(self, opened: Reopened) -> None:
        super().__init__()
        self.opened = opened

    def draw(self, width: int, ink: Inks) -> Lines:
        opened, room = self.opened, min(width, 80)
        out: Lines = []
        if opened.typed and opened.ask is None:
            out += [[], *written(f"You answered: {safe_text(opened.typed)}", room, ink.text)]
        if opened.note:
            out += [[], *written(opened.note, room, ink.warn)]
        if opened.note and opened.past.reason:
            out += written(safe_text(opened.past.reason), room, ink.dim)
        return out


class PastScreen(DropsScreen):
    """Nothing here can be changed: an answer is a fact."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "replay", "practise this drop"),
        Binding("s", "line", "show the line"),
        Binding("c", "code", "the same in code", show=False),
        Binding("down,j", "scroll(1)", "scroll", key_display="↑↓"),
        Binding("up,k", "scroll(-1)", "scroll up", show=False),
        Binding("e", "export", "save as SVG", show=False),
        Binding("q,enter,escape", "leave", "back"),
    ]

    title_of_help = "Keys of a past answer"

    def __init__(self, opened: Reopened) -> None:
        super().__init__()
        self.opened = opened

    def compose(self) -> ComposeResult:
        opened = self.opened
        yield Was(opened)
        yield Pinned()
        with Body(), Abreast(id="columns"):
            yield Pictures(id="main")
            if opened.ask is not None:
                yield as_it_was(opened)
            yield Feedback()
            yield Note(opened)
        yield Keys()

    def on_mount(self) -> None:
        opened, verdict = self.opened, self.opened.verdict
        self.query_one(Pictures).show(opened.show, self.query_one(Pictures).hands)
        if verdict is not None:
            # its repair question was for then
            outcome = Answered(
                opened.past.event_id, replace(verdict, repair=None), False, None, opened.past.reason, None
            )
            self.query_one(Pinned).judge(outcome)
            self.query_one(Feedback).show(outcome, opened.past.at)
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if action == "line":
            verdict = self.opened.verdict
            return bool(
                verdict
                and not verdict.right
                and not verdict.tells_line
                and (verdict.line or verdict.wanted)
                and self.is_mounted
                and not self.query_one(Feedback).line_shown
            )
        if action == "code":
            return self.has_code
        return self.opened.past.drop_number > 0 if action == "replay" else True

    @property
    def has_code(self) -> bool:
        return has_code(self.opened.show, self.opened.ask, judged=True)

    async def action_code(self) -> None:
        text = code_of(self.opened.show, self.opened.ask, started, judged=True)
        await self.app.push_screen(CodeScreen(text))

    def action_line(self) -> None:
        feedback = self.query_one(Feedback)
        feedback.line_shown = True
        feedback.redraw()
        self.call_after_refresh(feedback.scroll_visible, animate=False)

    async def action_replay(self) -> None:
        await self.host.begin(drop=self.opened.past.drop_id, replay=True)


def as_it_was(opened: Reopened) -> Asking:
    """The question with what was typed in it, judged; it takes no keys any more."""
    assert opened.ask is not None
    at = asking(opened.ask)
    at.active = False
    try:
        if opened.typed:
            at.fill(opened.typed)
    except (DropsError, LookupError, TypeError, ValueError):
        at.problem = f"You answered: {safe_text(opened.typed)}"  # in a form that is read no more
    if opened.verdict is not None:
        at.judged(opened.typed, opened.verdict)
    return at
