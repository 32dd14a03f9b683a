"""The end of a session: what was gained, the picture that was made, what comes back, and the next riddle."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar, Protocol

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.exercises.blocks import Surface
from drops.study.pages import Ending, Picture
from drops.text import safe_text
from drops.tui.base.apart import apart
from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.prose import prose
from drops.tui.screens.base import DropsScreen, Keys
from drops.tui.screens.lists.listing import Title

BESIDE, WIDE = 74, 110  # columns from which the picture stands at the right, and has half of them
LABEL = 17  # cells of what stands before a line
WORDS = 67  # cells of a line of text, at most
SMALL = (28, 11)  # cells and lines of the picture on a usual terminal
OTHERS = 8  # lines of the screen that a large one does not take
HEAD_AND_KEYS = 3  # lines of the screen that are not the page's
LOWEST = 10  # lines of a picture below what is said
CAPTION = 3  # lines of what the picture says
_SENTENCE = re.compile(r"(?<=[.!?]) ")


class Ends(Protocol):
    """The session that is at its end."""

    async def close(self, *, go_on: bool) -> None: ...

    async def action_back(self) -> None: ...

    async def action_undo(self) -> None: ...


class Closing(Drawn):
    """All of it, as lines: at the left what is said, at the right the picture."""

    def __init__(self, came: Ending, unsaved: str) -> None:
        super().__init__(id="closing")
        self.came, self.unsaved = came, unsaved
        self.picture: Picture | None = None  # once it is painted

    def draw(self, width: int, ink: Inks) -> Lines:
        room = width - 6
        small = BESIDE <= width < WIDE and isinstance(self.picture, Surface)
        if self.picture is None or not (small or width >= WIDE):
            said = self._said(min(room, WORDS), ink)
            return indent([*said, *self._below(min(room, WORDS), len(said), ink)], 3)
        across, tall = SMALL
        if width >= WIDE:
            across, tall = room // 2 - 2, max(tall, self.app.size.height - OTHERS)
        left = room - across - 4
        picture = _drawn(self.picture, across, tall, ink)
        said = self._said(min(left, WORDS), ink)
        out: Lines = []
        for y in range(max(len(said), len(picture) + 1)):
            line = fit(said[y], left) if y < len(said) else [Segment(" " * left)]
            out.append([*line, Segment("    "), *(picture[y - 1] if 0 < y <= len(picture) else [])])
        return indent(out, 3)

    def _below(self, room: int, said: int, ink: Inks) -> Lines:
        """The picture under what is said, where so many lines are left that it can be read."""
        left = self.app.size.height - HEAD_AND_KEYS - said - 1
        if self.picture is None or left < LOWEST:
            return []
        drawn = _drawn(self.picture, room, left, ink)
        return [[], *drawn] if len(drawn) <= left else []

    def _said(self, room: int, ink: Inks) -> Lines:
        came = self.came
        out: Lines = [[]]
        if self.unsaved:
            out += [*written(self.unsaved, room, ink.warn), []]
        for gain in came.gains:
            out += written(gain, room, ink.bold)
        out.append([])
        for line in came.recap:
            out += prose(line, room, ink)
        out += [[]] if came.recap else []
        for label, text in came.lines:
            out += _labelled(label, safe_text(text), room, ink)
        if came.goes_on is not None:
            drop = came.goes_on
            asks: Line = [
                Segment(f"▸ Go on with drop {drop.number}", does(ink.act, key="n")),
                Segment("   n", does(ink.accent, key="n")),
                Segment(f" · {drop.minutes:g} min", ink.dim),
            ]
            out += [[], ends(asks, [], room)]
            if came.elsewhere:
                out += indent(written(f"of {safe_text(came.elsewhere)}", room - 2, ink.text), 2)
        return out


def _labelled(label: str, text: str, room: int, ink: Inks) -> Lines:
    """A label and its text beside it; under it where there is no room for both."""
    if room < 2 * LABEL + 8:
        return [[Segment(label, ink.dim)], *indent(written(text, room - 2, ink.text), 2)]
    lines = written(text, room - LABEL, ink.text)
    return [[Segment(f"{'' if at else label:<{LABEL}}", ink.dim), *line] for at, line in enumerate(lines)]


def _drawn(picture: Picture, width: int, tall: int, ink: Inks) -> Lines:
    """The picture and what it says, on so many lines."""
    says = written(_SENTENCE.split(picture.says, maxsplit=1)[0], width, ink.dim)[:CAPTION]
    hands = Hands(tall=max(6, tall - len(says)), fill=True)
    return [*blocks.fitted((picture,), width, ink, hands, 0), *says]


class EndScreen(DropsScreen):
    """Enter closes the day; n goes on with the next drop."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "close the day"),
        Binding("n", "go_on", "go on"),
        Binding("e", "export", "picture"),
        Binding("b,backspace", "back", "back"),
        Binding("u", "undo", "undo", show=False),
        Binding("down,j", "scroll(2)", "scroll", show=False),
        Binding("up,k", "scroll(-2)", "scroll up", show=False),
        Binding("q", "leave", "to Today"),
    ]

    title_of_help = "Keys of the last page"

    def __init__(
        self, heading: str, came: Ending, session: Ends, paints: Callable[[], Picture | None], unsaved: str
    ) -> None:
        super().__init__()
        self.heading, self.came, self.session, self.unsaved = heading, came, session, unsaved
        self.paints = paints

    def compose(self) -> ComposeResult:
        yield Title(self._says)
        with Body():
            yield Closing(self.came, self.unsaved)
        yield Keys()

    def _says(self, ink: Inks) -> tuple[Line, Line]:
        day = self.host.clock().day
        return [Segment(self.heading, ink.bold)], [Segment(f"{day:%a} {day.day} {day:%b}", ink.dim)]

    def on_mount(self) -> None:
        self.call_after_refresh(self.refresh_keys)  # by then it is known what is below the fold
        self.run_worker(self._paint(), name="picture")

    async def _paint(self) -> None:
        """The picture comes by itself: no key waits for the training that it may take."""
        picture = await apart(self.paints)
        if self.is_attached:
            closing = self.query_one(Closing)
            closing.picture = picture
            closing.redraw()
            self.call_after_refresh(self.refresh_keys)

    def on_resize(self) -> None:
        self.query_one(Closing).redraw()
        self.call_after_refresh(self.refresh_keys)

    @property
    def _more(self) -> bool:
        """Whether something stands below the fold."""
        body = self.query("#body")
        return bool(body) and body.first().max_scroll_y > round(body.first().scroll_y)

    def describe(self, binding: Binding) -> str:
        if binding.action == "close" and self._more:
            return "more ↓"
        if binding.action == "go_on" and self.came.goes_on is not None:
            # the number alone would be taken for one of the chosen path
            return "go on" if self.came.elsewhere else f"go on with drop {self.came.goes_on.number}"
        return binding.description

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        del parameters
        return self.came.goes_on is not None if action == "go_on" else True

    async def action_close(self) -> None:
        if self._more:
            self.action_page(1)
        else:
            await self._close(go_on=False)

    async def action_leave(self) -> None:  # type: ignore[override]  # it awaits what it leaves
        await self._close(go_on=False)

    async def action_go_on(self) -> None:
        await self._close(go_on=True)

    async def _close(self, *, go_on: bool) -> None:
        await self.app.pop_screen()
        await self.session.close(go_on=go_on)

    async def action_back(self) -> None:
        await self.session.action_back()

    async def action_undo(self) -> None:
        await self.app.pop_screen()
        await self.session.action_undo()

    def action_scroll(self, by: int) -> None:
        super().action_scroll(by)
        self.call_after_refresh(self.refresh_keys)
