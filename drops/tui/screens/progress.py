"""Progress: five pages of what the log says about how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.study.looking_back import Progress, progress
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, width_of
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.parts import empty
from drops.tui.screens.progress_pages import PAGES

if TYPE_CHECKING:
    from drops.study.study import Study

LEFT = 2
WIDEST = 140


class Tabs(Drawn):
    """The pages by name; a number or a click goes to one."""

    def __init__(self, made: Progress) -> None:
        super().__init__()
        self.made, self.now = made, 0

    def draw(self, width: int, ink: Inks) -> Lines:
        made = self.made
        figures = f"{made.answered:,} answers · {made.rhythm} " if made.answered else ""
        title = ends([Segment(" Progress", ink.act)], [Segment(figures, ink.dim)], width)
        line: Line = [Segment(" ")]
        for at, name in enumerate(PAGES):
            style = ink.act if at == self.now else ink.text
            sign = "▸" if at == self.now else " "
            line += [Segment(f"{sign}", style), Segment(f"{at + 1}", does(ink.accent, page=at))]
            line += [Segment(f" {name} ", does(style, page=at)), Segment(" " if width >= 64 else "")]
        return [title, fit(line, width) if width_of(line) > width else line, []]


class Pages(Drawn):
    """The page in front."""

    def __init__(self, made: Progress) -> None:
        super().__init__(id="pages")
        self.made, self.now = made, 0

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width, WIDEST) - 2 * LEFT
        if not self.made.answered:
            return indent(empty(room, ink), LEFT)
        return indent(list(PAGES.values())[self.now](self.made, room, ink), LEFT)


class ProgressScreen(DropsScreen):
    """Numbers, or left and right, choose a page; up and down scroll it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(f"{at + 1}", f"page_at({at})", name, show=False) for at, name in enumerate(PAGES)),
        Binding("right,tab", "step(1)", "page", key_display="←→ 1–5"),
        Binding("left,shift+tab", "step(-1)", "page before", show=False),
        Binding("down,j", "scroll(1)", "scroll", key_display="↑↓"),
        Binding("up,k", "scroll(-1)", "scroll up", show=False),
        Binding("e", "export", "save as SVG", show=False),
        Binding("q,g", "leave", "back"),
    ]

    title_of_help = "Keys of Progress"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study = study

    def compose(self) -> ComposeResult:
        made = progress(self.study.library, self.study.log.ledger(), self.host.clock())
        yield Tabs(made)
        with VerticalScroll(id="body", can_focus=False):
            yield Pages(made)
        yield Keys()

    def action_page_at(self, at: int) -> None:
        tabs, pages = self.query_one(Tabs), self.query_one(Pages)
        tabs.now = pages.now = at
        tabs.redraw()
        pages.redraw()
        self.query_one("#body").scroll_home(animate=False)

    def action_step(self, by: int) -> None:
        self.action_page_at((self.query_one(Pages).now + by) % len(PAGES))

    def action_scroll(self, by: int) -> None:
        self.query_one("#body").scroll_relative(y=by, animate=False)

    def action_export(self) -> None:
        self.host.export_picture()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "page" in what:
            self.action_page_at(what["page"])
