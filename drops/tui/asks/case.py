"""A case: gauges to open, causes to strike off and one to name, a change to try. Then it is answered.

Only so many gauges can be opened, so that each is worth a thought. What the one in hand reads stands beside
the question, or under the gauges where there is no room beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.exercises.answers import CaseAnswer, digit, read
from drops.exercises.blocks import Case, Show, Wires
from drops.exercises.grading import Verdict
from drops.tui.asks.asking import Asking
from drops.tui.base.apart import apart
from drops.tui.base.ink import Inks, Line, Lines, does, fit, indent, written
from drops.tui.blocks import blocks
from drops.tui.blocks.prose import prose

TWO_ABREAST = 64  # columns from which gauges stand in two rows
PANEL_FOLDED = 4  # columns that a panel under the gauges is set in


class AskCase(Asking):
    """The arrows go through gauges, causes and changes; Enter opens, names and tries; a digit strikes off."""

    ask: Case
    draws_its_own = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "choose upwards", show=False),
        Binding("right", "across(1)", "column to the right", show=False),
        Binding("left", "across(-1)", "column to the left", show=False),
        *(
            Binding(
                n, f"digit({i})", f"strike cause {n}, take change {n}", show=False, id=f"case.strike-off-{n}"
            )
            for i, n in enumerate(map(digit, range(9)))
        ),
        Binding("space", "strike", "strike off"),
    ]

    def __init__(self, ask: Case) -> None:
        super().__init__()
        self.ask = ask
        self.at = 0  # through gauges, causes and, once a cause is named, changes
        self.opened: list[int] = []
        self.struck: set[int] = set()
        self.named: int | None = None
        self.tried: int | None = None
        self.on_open: Callable[[str], None] = lambda _: None  # told of an opening; raises DropsError
        self.on_strike: Callable[[str], None] = lambda _: None  # told of a strike, and of one taken back

    def on_mount(self) -> None:
        """The gauges take a training of the net and of its twin: it is under way before one is opened."""
        if self.ask.gauges:
            apart(self.ask.gauges[0].read)

    def goes_on_from(self, opened: Sequence[str], struck: Sequence[str]) -> None:
        """What was opened and struck off before, by signs."""
        gauges = {digit(i): i for i in range(len(self.ask.gauges))}
        self.opened = [gauges[sign] for sign in opened if sign in gauges]
        self.struck = {i for i in range(len(self.ask.causes)) if digit(i) in struck}
        self.redraw()

    # ── where the cursor is ──

    @property
    def gauge(self) -> int | None:
        return self.at if self.at < len(self.ask.gauges) else None

    @property
    def cause(self) -> int | None:
        at = self.at - len(self.ask.gauges)
        return at if 0 <= at < len(self.ask.causes) else None

    @property
    def change(self) -> int | None:
        at = self.at - len(self.ask.gauges) - len(self.ask.causes)
        return at if at >= 0 else None

    @property
    def _order(self) -> list[int]:
        """Where the arrows lead, as it is listed: once a cause is named, to no gauge that is shut."""
        gauges, causes = len(self.ask.gauges), len(self.ask.causes)
        if self.named is None:
            return [*range(gauges + causes)]
        return [*self.opened, *range(gauges, gauges + causes + len(self.ask.changes))]

    @property
    def left(self) -> int:
        """How many gauges may still be opened."""
        return self.ask.openings - len(self.opened)

    @property
    def goes(self) -> str:
        if self.gauge is not None:
            return "open" if self.gauge not in self.opened else "next"
        if self.cause is not None:
            return "name it" if self.ask.changes else "answer"
        return "try it, and answer"

    @property
    def leaves(self) -> bool:
        return self.change is not None or (self.cause is not None and not self.ask.changes)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self.verdict is not None:
            return False
        if action == "strike":
            return self.cause is not None
        if action == "digit" and parameters and isinstance(parameters[0], int):
            return parameters[0] < len(self.ask.changes if self.change is not None else self.ask.causes)
        return super().check_action(action, parameters)

    # ── the answer as text ──

    def answer(self) -> str:
        named = "" if self.named is None else digit(self.named)
        tried = "" if self.tried is None else f" {digit(self.tried)}"
        gauges = " ".join(digit(i) for i in self.opened)
        return f"{named}{tried}; {gauges}" if gauges else f"{named}{tried}"

    def fill(self, text: str) -> None:
        given = read(self.ask, text)
        assert isinstance(given, CaseAnswer)
        self.named, self.tried, self.opened = given.cause, given.change, [*given.gauges]
        self.struck = {cause for cause, _ in given.struck} - {given.cause}
        self.at = len(self.ask.gauges) + given.cause

    def judged(self, text: str, verdict: Verdict) -> None:
        """Of who gave up, what was right is marked."""
        if not text and isinstance(given := read(self.ask, verdict.wanted), CaseAnswer):
            self.named, self.tried = given.cause, given.change
        super().judged(text, verdict)

    def draft(self) -> str:
        return "" if self.named is None else self.answer().partition(";")[0]

    def take_up(self, draft: str) -> None:
        opened, struck = self.opened, self.struck
        super().take_up(draft)
        self.opened, self.struck = opened, struck
        if self.named is not None and self.ask.changes:
            self.at = len(self.ask.gauges) + len(self.ask.causes) + (self.tried or 0)

    def enter(self) -> str | None:
        if self.gauge is not None:
            if self.gauge in self.opened:
                self.action_step(1)
            else:
                self._open(self.gauge)
        elif self.cause is not None:
            return self._name_it(self.cause)
        else:
            self.tried = self.change
            return self.answer()
        return None

    def _open(self, gauge: int) -> None:
        if not self.left:
            self.complain(f"{self.ask.openings} gauges are open: strike off, and name the cause with enter")
            return
        try:
            self.on_open(digit(gauge))
        except DropsError as problem:  # not saved: it stays shut, and the key tries again
            self.complain(str(problem))
            return
        self.opened.append(gauge)
        self.problem = ""
        self.redraw()

    def _name_it(self, cause: int) -> str | None:
        if cause in self.struck:
            self._strike(cause)  # who names it takes it back
            if cause in self.struck:
                return None
        self.named, self.problem = cause, ""
        if not self.ask.changes:
            return self.answer()
        self.at = len(self.ask.gauges) + len(self.ask.causes)
        self.redraw()
        return None

    def _strike(self, cause: int) -> None:
        try:
            self.on_strike(digit(cause))
        except DropsError as problem:
            self.complain(str(problem))
            return
        self.struck ^= {cause}
        if cause == self.named:
            self.named = self.tried = None
        self.problem = ""
        self.redraw()

    # ── keys and clicks ──

    def action_step(self, by: int) -> None:
        order = self._order
        here = order.index(self.at) if self.at in order else 0
        self.at, self.problem = order[(here + by) % len(order)], ""
        self.redraw()

    def action_across(self, by: int) -> None:
        """To the gauge beside, where they stand in two columns; elsewhere as up and down do."""
        count = len(self.ask.gauges)
        half = -(-count // 2)
        if self.gauge is None or not self._abreast(self.size.width):
            self.action_step(by)
        elif (self.gauge < half) == (by > 0):
            self.at, self.problem = min(max(self.gauge + by * half, 0), count - 1), ""
            self.redraw()

    def action_digit(self, index: int) -> None:
        """Among the changes it goes to one; anywhere else it strikes a cause off, or back."""
        if self.change is not None:
            if index < len(self.ask.changes):
                self.at = len(self.ask.gauges) + len(self.ask.causes) + index
                self.redraw()
        elif index < len(self.ask.causes):
            self.at = len(self.ask.gauges) + index
            self._strike(index)

    def action_strike(self) -> None:
        if self.cause is not None:
            self._strike(self.cause)

    def clicked(self, what: dict[str, Any]) -> None:
        if self.verdict is not None:
            return
        if "gauge" in what:
            self.at = what["gauge"]
            if self.at not in self.opened:
                self._open(self.at)
            self.redraw()
        elif "cause" in what:
            self.at = len(self.ask.gauges) + what["cause"]
            self._name_it(what["cause"])
        elif "change" in what:
            self.at = len(self.ask.gauges) + len(self.ask.causes) + what["change"]
            self.redraw()

    # ── how it looks ──

    @property
    def shown(self) -> int | None:
        """The gauge whose panel is to be seen: the one in hand, else the last one opened."""
        if self.gauge in self.opened:
            return self.gauge
        return self.opened[-1] if self.opened and self.gauge is None else None

    @property
    def pictures(self) -> tuple[Show, ...]:
        at = self.shown if self.shown is not None else (self.opened[-1] if self.opened else None)
        read = () if at is None else self.ask.gauges[at].read()
        shut = self.gauge if self.gauge not in self.opened and self.verdict is None else None
        net = self.ask.patient(at if shut is None else shut) if self.ask.patient else ()
        if read and shut is None:  # what was asked is answered; the net says where
            net = tuple(_was_read(block) for block in net if isinstance(block, Wires))
        return *read, *net

    @property
    def in_view(self) -> tuple[int, int] | None:
        """An open gauge in hand is seen with what it reads; a cause or a change among all of them."""
        line = self.cursor_line
        if line is not None and self.gauge is None and not self.problem:
            heads = [y for y, text in enumerate(self.lines) if text.startswith(("Causes", "Changes"))]
            return max((y for y in heads if y < line), default=line), next(
                (y - 2 for y in heads if y > line), len(self.lines) - 1
            )
        if line is None or self.gauge not in self.opened or self.apart:
            return super().in_view
        below = self.lines[line + 1 :]
        signs = ("Causes",) if below[0] else ("Causes", "  ▹", "  ▾")  # a panel right under its gauge
        end = next((y for y, text in enumerate(below) if text.startswith(signs)), len(below))
        return line, line + max(0, end - 1)

    def draw(self, width: int, ink: Inks) -> Lines:
        panel: Lines = []
        if self.shown is not None and not self.apart:
            read = blocks.draw_all(self.ask.gauges[self.shown].read(), width - PANEL_FOLDED, ink)
            panel = [[], *indent(read, PANEL_FOLDED), []]
        elif self.gauge is not None and self.verdict is None and not self.apart:
            asks = written(self.ask.gauges[self.gauge].asks, width - PANEL_FOLDED, ink.dim)
            panel = indent(asks, PANEL_FOLDED)
        out = self._gauges(width, panel, ink)
        out += panel if self.gauge is None or self._abreast(width) else []
        out += [[]] if out and out[-1] else []
        out += self._list("cause", self.ask.causes, self.cause, self.named, width, ink)
        if self.named is not None and self.ask.changes:
            out += [[], *self._list("change", self.ask.changes, self.change, self.tried, width, ink)]
        return out + self.problem_lines(width, ink)

    def _abreast(self, width: int) -> bool:
        """Whether gauges stand in two columns: what is shut does not matter once a cause is named."""
        return width >= TWO_ABREAST and self.named is None

    def _gauges(self, width: int, panel: Lines, ink: Inks) -> Lines:
        """All of them, or those that are open; in one column the panel stands right under its gauge."""
        head: Line = [Segment("Gauges", ink.bold)]
        if self.verdict is None:
            left = f"{self.left} of {self.ask.openings}" if self.left else "none"
            head.append(Segment(f"   {left} left to open", ink.dim))
        count = len(self.ask.gauges)
        if not self._abreast(width):
            listed = range(count) if self.named is None else self.opened
            if not listed and self.verdict is not None:
                return []
            return [head, *(line for i in listed for line in self._with_panel(i, width, panel, ink))]
        half, half_width = -(-count // 2), width // 2
        rows: Lines = [
            fit(self._gauge(i, half_width, ink), half_width)
            + (self._gauge(i + half, half_width, ink) if i + half < count else [])
            for i in range(half)
        ]
        return [head, *rows]

    def _with_panel(self, i: int, width: int, panel: Lines, ink: Inks) -> Lines:
        return [self._gauge(i, width, ink), *(panel if i == self.gauge else [])]

    def _gauge(self, i: int, width: int, ink: Inks) -> Line:
        here, shown = i == self.gauge and self.verdict is None, i in self.opened
        style = ink.act if here else ink.text if shown or (self.left and self.verdict is None) else ink.dim
        label = self.ask.gauges[i].label
        return [
            Segment("▸ " if here else "  ", ink.act),
            Segment(f"{'▾' if shown else '▹'} ", does(ink.act if here else ink.dim, gauge=i)),
            Segment(label[: width - 4], does(style + ink.bold if here or shown else style, gauge=i)),
        ]

    def _right(self, thing: str) -> int | None:
        """What it was, or what mends it, once it is judged: it is marked beside what was named."""
        if self.verdict is None or not self.verdict.wanted:
            return None
        given = read(self.ask, self.verdict.wanted)
        assert isinstance(given, CaseAnswer)
        return given.cause if thing == "cause" else given.change

    def _list(
        self, thing: str, texts: Sequence[str], now: int | None, chosen: int | None, width: int, ink: Inks
    ) -> Lines:
        what = {"cause": "Causes", "change": "Changes"}[thing]
        told = {"cause": f"   1 to {len(texts)} strike off, enter names", "change": "   which one mends it?"}[
            thing
        ]
        out: Lines = [[Segment(what, ink.bold), Segment("" if self.verdict else told, ink.dim)]]
        right = self._right(thing)
        for i, text in enumerate(texts):
            here, gone = i == now and self.verdict is None, thing == "cause" and i in self.struck
            sign = "▸" if here else "●" if i == chosen else "✗" if gone else " "
            sign = "✓" if i == right else sign
            sign += "✗" if gone and here else " "
            style = ink.dim + Style(strike=True) if gone else ink.text
            strong = here or i == chosen
            for k, line in enumerate(prose(text, width - 5, ink) or [[]]):
                mark = Segment(sign, ink.good if i == right else ink.act)
                start = [mark, Segment(f"{digit(i)}  ", does(ink.dim, **{thing: i}))]
                words = [
                    Segment(t, does(style + ink.bold if strong else style, **{thing: i})) for t, _, _ in line
                ]
                out.append([*(start if k == 0 else [Segment("     ")]), *words])
        return out


def _was_read(net: Wires) -> Wires:
    """A net whose gauge is open: a tick where it asked."""
    names = tuple(
        tuple(f"{name} ✓" if ("unit", layer, i) in net.blanks else name for i, name in enumerate(row))
        for layer, row in enumerate(net.names)
    )
    return replace(net, names=names, blanks={}, hand="")
