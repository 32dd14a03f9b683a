"""Where a page's blocks stand: lesson beside figure where there is room, and the figures' knobs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer

from drops.clock import ticks
from drops.exercises.blocks import Bars, Beside, Curve, Figure, Sheet, Show, Strip, Wires, Words
from drops.exercises.dragging import MapArea
from drops.exercises.grading import Verdict
from drops.study.pages import Page
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.base.body import Abreast, Upright
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.pictures import Pictures, drawn_apart, split
from drops.tui.blocks.tabled import tabled
from drops.tui.screens.sight import AROUND, Sight

WIDE = 110  # columns from which lesson and figure stand side by side
LOWEST, LOW = 11, {Curve: 7, Bars: 0, Strip: 0, Sheet: 0, Wires: 0}  # lines for a picture under its question
MARGIN = 3  # lines of the body that no figure takes where text stands above it
BORDERS = 5  # cells to both sides of what is read, with the scroll bar's
LAYER = 0.6  # seconds that values take from one layer to the next
FRAMES = 15  # a second, while they do


class Stage(Sight):
    """The body of a page. Resizing moves blocks from one column to the other; nothing is lost."""

    def __init__(self) -> None:
        super().__init__()
        self.page: Page | None = None
        self.hands = Hands()
        self.asking: Asking | None = None
        self.wires: tuple[Wires, ...] = ()
        self.wide = self._crowded = False
        self.worlds: tuple[Show, ...] = ()  # stand in place of the page's pictures
        self.flipped = False  # whether the picture of the question stands in the question's place
        self.shares = False  # whether the picture of the question stands under it
        self.close = 0  # what made room for the question: heading and margin; blanks in it; one above it
        self._borrowed: tuple[Show, ...] = ()  # what stands beside the question and is not its own
        self._found = set[str]()  # goals reached on the pages so far
        self._moved: tuple[Show, ...] = ()  # of the page, what stands with the question's own picture
        self._tall = 0  # the body's lines, when it was laid out
        self._flowing: Timer | None = None
        self._began = 0.0

    def compose(self) -> ComposeResult:
        with Abreast(id="columns"):
            with Upright(id="left"):
                yield Pictures(id="main")
                yield Feedback()
            yield Pictures(id="aside")

    async def show(self, page: Page, ask: Asking | None, old: Asking | None, *, still: bool) -> None:
        """A page from its first line, its ask in place of the old one.

        Where nothing is asked its knobs are in hand, and its values flow unless all is to be `still`.
        """
        self.page, self.hands, self.asking, self.worlds = page, Hands.on(page.show), ask, ()
        self.flipped, self.hands.found, self._borrowed, self._crowded = False, self._found, (), False
        self._tall = self.size.height
        if ask is not None:
            ask.room, ask.whole, ask.changed = self._left_for_an_ask, self._seen_of_an_ask, self._follow
            ask.sight = self.keep_in_view
        self.wires = tuple(_wires((*page.show, *(ask.pictures if ask else ())), self.hands))
        self.hands.active = ask is None and bool(self.hands.knobs)
        self.hands.asked = ask.refs if ask is not None else None
        self._settle()
        if self.flows and ask is None and not still:
            self._start_flowing()
        self.query_one(Feedback).clear()
        if old is not None:
            await old.remove()
        self._lay_out()
        if ask is not None:
            await self.query_one("#left").mount(ask, before="#feedback")
        # at once: a shorter page would clamp where the one before stood, which is no reading of it
        self.scroll_home(animate=False, immediate=True)
        self.seen_to, self._answered, self._held = 0, None, None

    def reword(self, page: Page, *, comes: bool = False) -> None:
        """The page in front with other words, which something was typed into: that is brought into sight,
        unless the page `comes` only now."""
        main = self.query_one("#main", Pictures)
        before = main.blank_line
        self.page = page
        self._lay_out()
        line = before if main.blank_line is None else main.blank_line
        if line is not None and not comes:
            self._bring_into_sight(main, line, line)

    def on_resize(self, event: events.Resize) -> None:
        if self._tall != event.size.height:
            self._tall = event.size.height
            self._lay_out()
            if self.asking is not None:
                self.asking.redraw()
        if (self.app.size.width >= WIDE) != self.wide:
            self._lay_out()

    def _left_for_an_ask(self) -> int:
        """Lines that are seen at once with what stands above the question, and the blank one between."""
        above, ask = len(self.query_one("#main", Pictures).lines), self.asking
        alone = ask is not None and ask.grows and not above  # it has the page to itself
        return max(1, self.size.height - 1 if alone else self.hands.tall - self.hands.fill - above)

    def _seen_of_an_ask(self) -> int:
        """Lines of it that are seen at once when it is brought into sight."""
        return max(1, self.size.height - 2 * AROUND)

    def _lay_out(self) -> None:
        if self.page is None:
            return
        self.wide = self.app.size.width >= WIDE
        shown = self.page.show if self.wide else self._own  # beside there is no room for what is borrowed
        words, pictures = split(shown)
        pictures = (*self.worlds, *(() if any(map(_is_drawn, self.worlds)) else (*pictures, *self._asked)))
        ask = self.page.ask
        beside = self.wide and bool(pictures) and bool(words or ask)
        self.hands.fill = beside or (self.wide and not words)
        self.hands.tall = self.size.height - (1 if self.hands.fill else MARGIN)
        self.set_class(beside, "-beside")
        aside = self.query_one("#aside", Pictures)
        self.shares, self._moved = False, ()
        aside.show(pictures if beside else (), self.hands)
        self.set_class(False, "-shares")
        self._stand(words if beside else shown, close=0)
        if not self.wide:
            self._make_room()
        if not self.wide and not self.worlds:
            self._share(aside)
        self.query_one("#left").display = True
        self.set_class(self.flipped and self.has_faces, "-flipped")
        if self.flipped and self.has_faces:
            self._show_face()
        if self.asking is not None and self.asking.apart != (beside and not self.worlds):
            self.asking.apart = beside and not self.worlds
            self.asking.redraw()

    @property
    def _asked(self) -> tuple[Show, ...]:
        """What the question itself has to show, as it stands; and what makes room for it above."""
        return (*self._moved, *(self.asking.pictures if self.asking is not None else ()))

    def _stand(self, shown: tuple[Show, ...], *, close: int) -> None:
        """What is read above the question; `close` to it, there is no heading."""
        assert self.page is not None
        self.close = close
        self.set_class(close > 0, "-close")
        self.set_class(close > 2, "-closest")
        heading, note = ("", "") if close else (self.page.heading, self.page.note)
        self.query_one("#main", Pictures).show(shown, self.hands, heading, note)
        if self.asking is not None and self.asking.close != close:
            self.asking.close = close
            self.asking.redraw()

    def _make_room(self) -> None:
        """Where the question has no room below what is read, heading and blank lines go; where that does not
        do, what is drawn there stands with the question's picture.
        """
        ask, main = self.asking, self.query_one("#main", Pictures)
        if ask is None or not self.size.height or (self._fits and not ask.grows):
            return
        shown = main.blocks
        if self._stands_close(shown) or ask.draws_its_own:
            return
        if ask.verdict is None:  # what is said of an answer takes no picture away
            self._crowded = True
        if self._crowded:
            stays, self._moved = drawn_apart(shown)
            self._stand(stays, close=0)
            if not self._fits or ask.grows:
                self._stands_close(stays)

    def _stands_close(self, shown: tuple[Show, ...]) -> bool:
        """Whether what is read and the question are seen whole, once they stand as close as that needs."""
        for close in (1, 2, 3):
            self._stand(shown, close=close)
            if self._fits:
                return True
        self._stand(shown, close=2)  # it is scrolled: what is read and what is asked stand apart
        return False

    @property
    def _across(self) -> int:
        """The cells of a line of the question, also while its picture stands in its place."""
        return self.query_one("#left").size.width or max(1, self.size.width - BORDERS)

    @property
    def _fits(self) -> bool:
        """Whether the question, and what is said of its answer, are seen whole with what stands above."""
        main = self.query_one("#main", Pictures)
        parts = main, self.asking, self.query_one(Feedback)
        tall = [one.height_at(self._across) for one in parts if one is not None and one.display]
        return sum(tall) + (main.display and self.close < 3) + (not self.close) <= self.size.height

    def bring_answer(self, asking: Asking, feedback: Feedback) -> None:
        if not self.wide and not self.close:
            self._make_room()
        super().bring_answer(asking, feedback)

    def _follow(self) -> None:
        """Something was typed, or another blank taken in hand: picture and text of the question show it."""
        if self.asking is not None and self.asking.refs != self.hands.asked:
            self.hands.asked = self.asking.refs
            self.query_one("#main", Pictures).redraw()
        if self.flipped and self.has_faces:
            self._show_face()
        if self.page is None or self.worlds:
            return
        if not self.wide and not self.flipped:
            self._share(self.query_one("#aside", Pictures))
        if not self.has_class("-beside"):
            if self.wide and self._asked:  # it has something to show now, and had nothing before
                self._lay_out()
            return
        shown = (*split(self.page.show)[1], *self._asked)
        aside = self.query_one("#aside", Pictures)
        if aside.blocks != shown:
            aside.show(shown, self.hands)

    def _share(self, aside: Pictures) -> None:
        """The question's picture under it, where both are seen whole."""
        above = self.query_one("#main", Pictures), self.asking, self.query_one(Feedback)
        room = self._across
        left = self.size.height - 4 - sum(one.height_at(room) for one in above if one and one.display)
        self.shares = self._draws and left >= _lowest(self._asked)
        shown = self._asked if self.shares else ()
        if aside.blocks != shown:
            aside.show(shown, replace(self.hands, fill=True, tall=left))
        if self.shares and aside.height_at(room) > left:
            self.shares = False
            aside.show((), self.hands)
        self.set_class(self.shares, "-shares")

    @property
    def bare(self) -> bool:
        """Whether nothing of its own stands beside the question, where there is room for it."""
        return self.page is not None and not split(self._own)[1] and not self._asked

    @property
    def _own(self) -> tuple[Show, ...]:
        """What the page shows by itself."""
        assert self.page is not None
        return tuple(block for block in self.page.show if block not in self._borrowed)

    def put_beside(self, pictures: tuple[Show, ...]) -> None:
        """Pictures that the page has not itself, in place of those that stood there; knobs can be turned."""
        assert self.page is not None
        self.page, self._borrowed = replace(self.page, show=(*self._own, *pictures)), pictures
        self.hands.values |= Hands.on(pictures).values
        if self.wide:
            self.wires = tuple(_wires(self.page.show, self.hands))
        self._lay_out()

    @property
    def beside_text(self) -> bool:
        """Whether the arrows belong to something else, unless a figure is taken in hand."""
        return self.asking is not None or bool(self._borrowed)

    @property
    def turns(self) -> bool:
        """Whether there is a figure in sight whose knobs can be turned."""
        return bool(self.hands.knobs) and (self.wide or not self._borrowed)

    @property
    def has_faces(self) -> bool:
        """Whether the page has two: the question, and the picture that has no room beside or below it."""
        return self._draws and not self.wide and not self.shares

    @property
    def _draws(self) -> bool:
        """Whether the question has a picture that is not drawn with it."""
        return self.asking is not None and not self.asking.draws_its_own and bool(self._asked)

    def flip(self, *, to_picture: bool) -> None:
        """Turns to the question's picture, or back; what is typed goes on in both."""
        self.flipped = to_picture and self.has_faces
        self._lay_out()
        self.scroll_home(animate=False, immediate=True)

    def _show_face(self) -> None:
        assert self.asking is not None
        self.query_one("#left").display = False
        self.hands.fill, self.hands.tall = True, self.size.height
        typed = (Words(f"**{self.asking.in_hand}**"),) if self.asking.in_hand else ()
        self.query_one("#aside", Pictures).show((*typed, *self._asked), self.hands)

    def show_worlds(self, verdict: Verdict | None) -> bool:
        """Puts both worlds where the page's pictures are, or takes them away; whether they found a pane."""
        self.worlds = verdict.worlds_beside(self.page.ask) if verdict and self.page else ()
        self._lay_out()
        self.worlds = self.worlds if self.has_class("-beside") else ()
        return bool(self.worlds)

    def redraw(self) -> None:
        for pictures in self.query(Pictures):
            pictures.redraw()

    @property
    def moving(self) -> Pictures:
        """The column in which the figures stand."""
        aside = self.query_one("#aside", Pictures)
        return aside if aside.display else self.query_one("#main", Pictures)

    # ── the figures ──

    def move(self, where: str) -> None:
        """Up and down take another knob in hand, left and right turn it."""
        self._settle()
        by = 1 if where in ("down", "right") else -1
        if where in ("down", "up"):
            self.hands.knob = (self.hands.knob + by) % len(self.hands.knobs)
        else:
            self.hands.move(by)
        self.redraw()

    def touch(self, what: dict[str, Any]) -> bool:
        """What the mouse did to a figure, if anything: a knob clicked, a line of a map taken or dragged."""
        self._settle()
        match what:
            case {"knob": knob, "to": to}:
                self.hands.put(knob, to)
            case {"knob": knob}:
                self.hands.knob = knob
                self.hands.move(what.get("by", 0))
            case {"map": first, "x": x, "y": y, "at": at, "size": size}:
                canvas = MapArea(x, y, *size)
                if "pressed" in what:
                    return self.hands.take(first, canvas, at)
                self.hands.drag(first, canvas, at)
                return self.hands.held is not None
            case _:
                return False
        return True

    @property
    def numbers(self) -> str:
        """The numbers of every picture of the page, as tables."""
        shown = self.page.show if self.page else ()
        return "\n\n".join(filter(None, (tabled(block, self.hands) for block in shown)))

    # ── values flowing through a net ──

    @property
    def flows(self) -> bool:
        """Whether there is a net all of whose values are known, so that they could be seen to flow."""
        return any(net.values and None not in chain(*net.values) for net in self.wires)

    def flow(self) -> None:
        """Lets the values run from the inputs to the output, layer by layer."""
        self._settle()
        self._start_flowing()
        self.redraw()

    def _start_flowing(self) -> None:
        self._began, self.hands.flow = ticks(), 0.0
        self._flowing = self.set_interval(1 / FRAMES, self._flow_on)

    def _flow_on(self) -> None:
        self.hands.flow = (ticks() - self._began) / LAYER
        if self.hands.flow >= max(len(net.names) for net in self.wires) - 1:
            self._settle()
        self.redraw()

    def _settle(self) -> None:
        """All values where they belong."""
        if self._flowing is not None:
            self._flowing.stop()
        self._flowing, self.hands.flow = None, math.inf


def _is_drawn(block: Show) -> bool:
    """Whether it is more than a table and a line: both worlds alone would leave their pane empty."""
    return not isinstance(block, Sheet | Strip)


def _lowest(shown: Iterable[Show]) -> int:  # 0: wherever they fit whole
    flat = chain.from_iterable(one.blocks if isinstance(one, Beside) else (one,) for one in shown)
    return max((LOW.get(type(one), LOWEST) for one in flat), default=LOWEST)


def _wires(shown: Iterable[Show], hands: Hands) -> Iterator[Wires]:
    for block in shown:
        if isinstance(block, Wires):
            yield block
        elif isinstance(block, Beside):
            yield from _wires(block.blocks, hands)
        elif isinstance(block, Figure):
            yield from _wires(hands.shown(block), hands)
