"""Options to choose from, and gauges to open first: only so many, so that each is worth a thought."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.exercises.answers import digit, opened
from drops.exercises.blocks import Choice
from drops.tui.asks.choice import AskChoice
from drops.tui.base.ink import Inks, Line, Lines, does, indent
from drops.tui.blocks import blocks


class AskGauges(AskChoice):
    """The arrows go through gauges and options; Enter or space opens a gauge, a digit names an option."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,right,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k,left,shift+tab", "step(-1)", "choose upwards", show=False),
        *(Binding(digit(i), f"pick({i})", f"option {digit(i)}", show=False) for i in range(9)),
        Binding("space", "open", "open"),
    ]

    def __init__(self, ask: Choice) -> None:
        super().__init__(ask)
        self.gauge: int | None = 0  # the one in hand; None while an option is
        self.opened: list[int] = []
        self.notes: Callable[[str], None] = lambda _: None  # what is told of an opening; raises DropsError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open":
            return self.verdict is None and self.gauge is not None
        return super().check_action(action, parameters)

    @property
    def left(self) -> int:
        """How many may still be opened."""
        return self.ask.openings - len(self.opened)

    @property
    def goes(self) -> str:
        return super().goes if self.gauge is None else "open" if self.gauge not in self.opened else "next"

    def answer(self) -> str:
        opened = " ".join(digit(i) for i in self.opened)
        return f"{super().answer()}; {opened}" if opened else super().answer()

    @property
    def leaves(self) -> bool:
        return self.gauge is None

    def fill(self, text: str) -> None:
        super().fill(text)
        self.gauge, self.opened = None, [*opened(self.ask, text)]

    def take_up(self, draft: str) -> None:
        super().take_up(draft)
        self.gauge = None if self.touched else self.gauge

    def enter(self) -> str | None:
        if self.gauge is None:
            return super().enter()
        if self.gauge in self.opened:
            self.action_step(1)
        else:
            self.action_open()
        return None

    def action_open(self) -> None:
        """Opens the gauge in hand, while there are openings left."""
        at = self.gauge
        if at is None or at in self.opened:
            return
        if self.left:
            try:
                self.notes(digit(at))
            except DropsError as problem:  # not saved: it stays shut, and the key tries again
                self.complain(str(problem))
                return
            self.opened.append(at)
            self.problem = ""
        else:
            count = self.ask.openings
            self.problem = f"{count} gauges are open: name the cause with 1 to {len(self.ask.options)}"
        self.redraw()

    def action_step(self, by: int) -> None:
        """Through the gauges, on to the options, and round again."""
        gauges, options = len(self.ask.gauges), len(self.ask.options)
        at = gauges + self.now if self.gauge is None else self.gauge
        at = (at + by) % (gauges + options)
        self.gauge, self.problem = (at if at < gauges else None), ""
        if self.gauge is None:
            self.now, self.touched = at - gauges, True
        self.redraw()

    def action_pick(self, index: int) -> None:
        if index < len(self.ask.options):
            self.gauge = None
        super().action_pick(index)

    def clicked(self, what: dict[str, Any]) -> None:
        if self.verdict is None and "gauge" in what:
            self.gauge = what["gauge"]
            self.action_open()
        super().clicked(what)

    @property
    def in_view(self) -> tuple[int, int] | None:
        """An open gauge in hand is seen with what it reads, up to the next one."""
        line = self.cursor_line
        if line is None or self.gauge not in self.opened:
            return super().in_view
        below = (y for y, text in enumerate(self.lines) if y > line and text[2:3] in ("▹", "▾"))
        return line, next(below, len(self.lines)) - 1

    # ── how it looks ──

    def draw(self, width: int, ink: Inks) -> Lines:
        out: Lines = [self._left(ink)]
        for i in range(len(self.ask.gauges)):
            out += self._gauge(i, width, ink)
        return [*out, [], *super().draw(width, ink)]

    def _left(self, ink: Inks) -> Line:
        if self.verdict is not None:
            return [Segment("Gauges", ink.bold)]
        left = f"{self.left} of {self.ask.openings}" if self.left else "none"
        return [Segment("Gauges", ink.bold), Segment(f"   {left} left to open", ink.dim)]

    def _gauge(self, i: int, width: int, ink: Inks) -> Lines:
        here, shown = i == self.gauge and self.verdict is None, i in self.opened
        style = ink.act if here else ink.text if shown or (self.left and self.verdict is None) else ink.dim
        head: Line = [
            Segment("▸ " if here else "  ", ink.act),
            Segment(f"{'▾' if shown else '▹'} ", does(ink.act if here else ink.dim, gauge=i)),
            Segment(self.ask.gauges[i].label, does(style + ink.bold if here or shown else style, gauge=i)),
        ]
        if not shown:
            return [head]
        inside = blocks.draw_all(self.ask.gauges[i].read(), width - 4, ink)
        return [head, *indent(inside, 4), []]
