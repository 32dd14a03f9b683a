"""Where a page's blocks stand: lesson beside figure where there is room, and the figures' knobs."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical, VerticalScroll

from drops.exercises.blocks import Beside, Figure, Numbers, Show, Wires
from drops.study.pages import Page
from drops.tui import blocks, sheet
from drops.tui.asking import Asking
from drops.tui.blocks import Hands
from drops.tui.drawn import Drawn
from drops.tui.feedback import Feedback
from drops.tui.pictures import Pictures, split

WIDE = 110  # columns from which lesson and figure stand side by side
LEFT = 50  # columns that the left side has at least, then


class Stage(VerticalScroll):
    """The body of a page. Resizing moves blocks from one column to the other; nothing is lost."""

    def __init__(self) -> None:
        super().__init__(id="body", can_focus=False)
        self.page: Page | None = None
        self.hands = Hands()
        self.wide = False

    def compose(self) -> ComposeResult:
        with Container(id="columns"):
            with Vertical(id="left"):
                yield Pictures(id="main")
                yield Feedback()
            yield Pictures(id="aside")

    async def show(self, page: Page, ask: Asking | None, old: Asking | None) -> None:
        """A page from its first line, its ask in place of the old one."""
        self.page, self.hands = page, Hands.on(page.show)
        self.query_one(Feedback).clear()
        if old is not None:
            await old.remove()
        self._lay_out()
        if ask is not None:
            await self.query_one("#left").mount(ask, before="#feedback")
        self.scroll_home(animate=False)

    def on_resize(self, event: events.Resize) -> None:
        if (self.app.size.width >= WIDE) != self.wide:
            self._lay_out()
        del event

    def _lay_out(self) -> None:
        if self.page is None:
            return
        self.wide = self.app.size.width >= WIDE
        words, pictures = split(self.page.show)
        ask = self.page.ask
        needs_room = isinstance(ask, Numbers) and ask.sheet is not None and sheet.widest(ask.sheet) > LEFT
        beside = self.wide and bool(pictures) and not needs_room and bool(words or ask)
        self.set_class(beside, "-beside")
        main, aside = self.query_one("#main", Pictures), self.query_one("#aside", Pictures)
        main.show(words if beside else self.page.show, self.hands, self.page.heading, self.page.note)
        aside.show(pictures if beside else (), self.hands)

    def redraw(self) -> None:
        for pictures in self.query(Pictures):
            pictures.redraw()

    def keep_in_view(self, widget: Drawn) -> None:
        """Scrolls no further than it takes for the cursor in `widget` to be seen."""
        line = widget.cursor_line
        if line is None or not widget.display:
            return
        place = widget.region.y - self.region.y + self.scroll_offset.y + line
        if place < self.scroll_offset.y + 1:
            self.scroll_to(y=max(0, place - 2), animate=False)
        elif place > self.scroll_offset.y + self.size.height - 2:
            self.scroll_to(y=place - self.size.height + 3, animate=False)

    @property
    def moving(self) -> Pictures:
        """The column in which the figures stand."""
        aside = self.query_one("#aside", Pictures)
        return aside if aside.display else self.query_one("#main", Pictures)

    # ── the figures ──

    def move(self, where: str) -> None:
        """Up and down take another knob in hand, left and right turn it."""
        by = 1 if where in ("down", "right") else -1
        if where in ("down", "up"):
            self.hands.knob = (self.hands.knob + by) % len(self.hands.knobs)
        else:
            self.hands.move(by)
        self.redraw()

    def touch(self, knob: int, to: float | None, by: int) -> None:
        """A click on a knob: to a place on its slider, or a step."""
        self.hands.knob = knob
        if to is not None:
            self.hands.put(knob, to)
        elif by:
            self.hands.move(by)
        self.redraw()

    @property
    def numbers(self) -> str:
        """The numbers of every picture of the page, as tables."""
        shown = self.page.show if self.page else ()
        return "\n\n".join(filter(None, (blocks.figures_numbers(block, self.hands) for block in shown)))

    @property
    def has_wires(self) -> bool:
        found: list[Show] = list(self.page.show if self.page else ())
        for block in found:  # grows while it is walked: what figures and rows are made of
            if isinstance(block, Beside):
                found.extend(block.blocks)
            elif isinstance(block, Figure):
                found.extend(block.draw(self.hands.of(block)))
        return any(isinstance(block, Wires) for block in found)
