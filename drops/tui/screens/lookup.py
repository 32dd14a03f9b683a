"""The lesson beside the question: what was taught, page by page, over the page that is being answered.

Closing it brings the same page back with all that was typed. Its numbers are the lesson's, not those
of the question, so that looking up is no hint.
"""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.study.pages import Page
from drops.tui.base.body import Abreast, Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, ends
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.pictures import Pictures, split
from drops.tui.screens.base import DropsScreen, Keys

WIDE = 110


class LookUpHead(Drawn):
    """Which page of which lesson this is."""

    def __init__(self) -> None:
        super().__init__(id="head")
        self.page: Page | None = None

    def draw(self, width: int, ink: Inks) -> Lines:
        page = self.page
        if page is None:
            return [[], []]
        left: Line = [Segment(f" {page.drop_number} · ", ink.dim), Segment(page.heading, ink.bold)]
        right: Line = [Segment(f"  page {page.part_index} of {page.part_of} ", ink.dim)]
        return [ends(left, right, width), [Segment("─" * width, ink.rule)]]


class LookUpScreen(DropsScreen):
    """The pages of one lesson, to be read again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l,q,enter,backspace", "leave", "close", key_display="l"),
        Binding("right_square_bracket,right", "turn(1)", "next page", key_display="]"),
        Binding("left_square_bracket,left", "turn(-1)", "page before", key_display="["),
        Binding("down,j", "scroll(2)", "scroll", key_display="↑↓"),
        Binding("up,k", "scroll(-2)", "scroll up", show=False),
    ]
    title_of_help = "Looking up"

    def __init__(self, pages: tuple[Page, ...], at: int = 0) -> None:
        super().__init__()
        self.pages, self.at = pages, at

    def compose(self) -> ComposeResult:
        yield LookUpHead()
        with Body(), Abreast(id="columns"):
            yield Pictures(id="main")
            yield Pictures(id="aside")
        yield Keys()

    def on_mount(self) -> None:
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        page = self.pages[self.at]
        words, pictures = split(page.show)
        beside = self.app.size.width >= WIDE and bool(words and pictures)
        hands = Hands.on(page.show)
        hands.fill, hands.tall = beside, max(0, self.app.size.height - 4)
        self.set_class(beside, "-beside")
        self.query_one("#main", Pictures).show(words if beside else page.show, hands)
        self.query_one("#aside", Pictures).show(pictures if beside else (), hands)
        head = self.query_one(LookUpHead)
        head.page = page
        head.redraw()
        self.refresh_keys()

    def action_turn(self, by: int) -> None:
        self.at = (self.at + by) % len(self.pages)
        self._show()
        self.query_one("#body").scroll_home(animate=False)
