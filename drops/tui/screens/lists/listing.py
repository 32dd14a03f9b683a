"""A list with a pane: what is chosen stands whole beside the list, below a short one, or over a long one.

A screen of this kind says what its rows are, what its pane tells of the chosen one, and what its keys do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll

from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, ends, fit, width_of
from drops.tui.screens.base import DropsScreen, Keys

WIDE = 110  # columns from which list and pane stand side by side
READABLE = 72  # cells of a line of the pane, at most
BELOW = 9  # lines from which a pane stands below the list
LABEL = 12  # cells of what stands before a line of the pane


class Entry(NamedTuple):
    """Lines of a list: of the thing at a place, or a heading between them."""

    lines: Lines
    at: int | None = None


class Title(Drawn):
    """What a screen is called, what stands at the right of it, and the one rule."""

    def __init__(self, says: Callable[[Inks], tuple[Line, Line]]) -> None:
        super().__init__(id="head")
        self.says = says

    def draw(self, width: int, ink: Inks) -> Lines:
        left, right = self.says(ink)
        left, right = [Segment(" "), *left], [*right, Segment(" ")]
        while right and width_of(left) + width_of(right) > width:
            right = right[1:]  # the last of it says most
        return [ends(left, right, width), [Segment("─" * width, ink.rule)]]


class Listing(Drawn):
    """Entries one under another; `rows` are the lines on which the things stand."""

    def __init__(self, entries: Callable[[int, Inks], Iterable[Entry]]) -> None:
        super().__init__(id="list")
        self.entries = entries
        self.rows: dict[int, tuple[int, int]] = {}  # place → its first line, and the line after its last

    def draw(self, width: int, ink: Inks) -> Lines:
        out: Lines = []
        self.rows = {}
        for entry in self.entries(width, ink):
            if entry.at is not None:
                self.rows[entry.at] = len(out), len(out) + len(entry.lines)
            out += [fit(line, width) for line in entry.lines]
        return out


class Pane(Drawn):
    """All there is to know of the thing that is chosen."""

    def __init__(self, about: Callable[[int, Inks], Lines]) -> None:
        super().__init__(id="about")
        self.about = about

    def draw(self, width: int, ink: Inks) -> Lines:
        return self.about(width, ink)


class ListScreen(DropsScreen):
    """Up and down choose; where list and pane find no room together, → opens the pane and ← closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k", "step(-1)", "choose upwards", show=False),
        Binding("home", "choose_at(0)", "first", show=False),
        Binding("end", "choose_at(-1)", "last", show=False),
        Binding("right", "open_pane", "more", key_display="→"),
        Binding("left,escape", "close_pane", "list", key_display="←"),
        Binding("e", "export", "save as SVG", show=False),
    ]

    beside_from = WIDE
    below_from = BELOW

    def __init__(self) -> None:
        super().__init__()
        self.now = 0  # the place of the thing that is chosen
        self.over = False  # whether the pane stands in place of the list
        self.tall = 0  # lines of the pane that what stands in it was drawn for

    # ── what a screen says ──

    @property
    def count(self) -> int:
        """How many things there are."""
        raise NotImplementedError

    def says(self, ink: Inks) -> tuple[Line, Line]:
        """Its title, and what stands at the right of it."""
        raise NotImplementedError

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        """The rows."""
        raise NotImplementedError

    def about(self, width: int, ink: Inks) -> Lines:
        """What the pane tells of the thing that is chosen."""
        raise NotImplementedError

    # ── how it stands ──

    def compose(self) -> ComposeResult:
        yield from self.above()
        with Container(id="both"):
            with VerticalScroll(id="body", can_focus=False):
                yield Listing(self.entries)
            with Body(id="pane"):
                yield Pane(self.about)
        yield Keys()

    def above(self) -> ComposeResult:
        """What stands over list and pane."""
        yield Title(self.says)

    @property
    def is_there(self) -> bool:
        """Whether list and pane stand on it: not yet as it is being opened, and no more as it is left."""
        return self.is_attached and bool(self.query("#pane"))

    @property
    def wide(self) -> bool:
        """Whether the pane stands beside the list; where nothing is chosen there is none."""
        return self.app.size.width >= self.beside_from and self.count > 0

    @property
    def together(self) -> bool:
        """Whether list and pane are both on the screen."""
        return self.wide or self._below

    @property
    def _below(self) -> bool:
        """Whether the list is so short that the pane stands below it."""
        both, listing = self.query("#both"), self.query(Listing)
        if not both or not listing or self.wide or not self.count:
            return False
        return 0 < len(listing.first().lines) <= both.first().size.height - self.below_from

    def on_resize(self) -> None:
        self.call_after_refresh(self._stand)

    def _stand(self) -> None:
        if self.is_there:
            below, listed = self._below, len(self.query_one(Listing).lines)
            self.set_class(self.wide, "-beside").set_class(below, "-below")
            self.query_one("#body").styles.height = listed if below else None
            self.set_class(self.over and not self.together, "-over")
            self.refresh_keys()
            self.call_after_refresh(self._in_view)

    def redraw(self) -> None:
        """Everything anew, and the chosen row in view."""
        for drawn in self.query(Drawn):
            drawn.redraw()
        self._stand()

    def _in_view(self) -> None:
        """The chosen row, and the heading over it, on the screen."""
        if not self.is_there:
            return
        if (tall := self.query_one("#pane").size.height) != self.tall:  # a picture in it takes what is left
            self.tall = tall
            self.query_one(Pane).redraw()
        body, found = self.query_one("#body"), self.query_one(Listing).rows.get(self.now)
        if found is None or not body.size.height:
            return
        first, last = found
        if self.now == 0:
            body.scroll_home(animate=False)
        elif first - 2 < body.scroll_offset.y:
            body.scroll_to(y=max(0, first - 2), animate=False)
        elif last + 1 > body.scroll_offset.y + body.size.height:
            body.scroll_to(y=last + 1 - body.size.height, animate=False)

    # ── keys ──

    def choose(self, at: int) -> None:
        """Takes another thing; its pane begins at its first line."""
        self.now = at
        if self.is_there:
            self.query_one("#pane").scroll_home(animate=False)
            self.redraw()

    def action_step(self, by: int) -> None:
        if self.over and not self.together:
            self.query_one("#pane").scroll_relative(y=2 * by, animate=False)
        elif self.count:
            self.choose((self.now + by) % self.count)

    def action_choose_at(self, at: int) -> None:
        if self.count:
            self.choose(at % self.count)

    def action_open_pane(self) -> None:
        self.over = True
        self._stand()

    def action_close_pane(self) -> None:
        self.over = False
        self._stand()

    def action_page(self, by: int) -> None:
        """The pane's next lines where there are more of them than fit; else a page of the list on."""
        body, pane = self.query_one("#body"), self.query_one("#pane")
        if (self.together or self.over) and pane.max_scroll_y:
            pane.scroll_relative(y=by * max(3, pane.size.height - 3), animate=False)
        elif self.count:
            self.choose(min(self.count - 1, max(0, self.now + by * max(3, body.size.height - 3))))
        else:
            body.scroll_relative(y=by * max(3, body.size.height - 3), animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        if not self.query("#both"):
            return True
        match action:
            case "open_pane":
                return not self.together and not self.over and self.count > 0
            case "close_pane":
                return not self.together and self.over
            case "step" | "choose_at":
                return self.count > 0
        return True

    def describe(self, binding: Binding) -> str:
        if binding.action == "step(1)" and self.over and not self.together:
            return "scroll"
        return binding.description

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "row" not in what:
            return
        if what["row"] == self.now:
            await self.action_enter()
        else:
            self.choose(what["row"])

    async def action_enter(self) -> None:
        """What Enter does with the chosen thing."""
        self.action_open_pane()


def labelled(label: str, text: Lines, ink: Inks) -> Lines:
    """A label, and lines beside it."""
    return [[Segment(f"{'' if at else label:<{LABEL}}", ink.dim), *line] for at, line in enumerate(text)]
