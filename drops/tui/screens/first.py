"""The first start: before any text a neuron that fires under the arrow keys; then Today."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.networks import first
from drops.networks.first import Dials
from drops.text import number
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, beside, does, ends, indent, written
from drops.tui.blocks import plane
from drops.tui.screens.base import DropsScreen, Keys

HANDS = 20  # cells of the numbers beside the map
OTHERS = 10  # lines of the screen that the map does not take


class Fencing(Drawn):
    """The map with its birds, the three numbers, and how many are told right."""

    def __init__(self) -> None:
        super().__init__(id="first")
        self.neuron = Dials()
        self.hand = "bill"  # the number that was turned last

    def draw(self, width: int, ink: Inks) -> Lines:
        room, found = width - 6, first.is_found(self.neuron)
        score = f"{first.right(self.neuron)} of {len(first.birds())} right"
        style = ink.good if found else ink.act
        out: Lines = [[], ends([Segment(first.ASKED, ink.bold)], [Segment(score, style)], room)]
        longest = max(len(written(says, room, ink.bold)) for says in (f"✓ {first.FOUND}", first.TASK))
        rows = max(plane.FLATTEST, self.app.size.height - OTHERS - max(0, longest - 2))  # no bar, no jump
        across = room - HANDS - 3
        drawn = plane.draw(first.shown(self.neuron), across, ink, rows)
        held = [[], [], *self._numbers(ink)]
        out += beside([(drawn, across), (held, HANDS)])
        says = f"✓ {first.FOUND}" if found else first.TASK
        out += [[], *written(says, room, ink.good if found else ink.bold)]
        return indent(out, 3)

    def _numbers(self, ink: Inks) -> Lines:
        """Those that a key turns, the one in hand in gold, and the one that stands."""
        one = self.neuron
        rows = (
            ("w flipper", one.flipper, "", ()),
            ("w bill", one.bill, "bill", (("up", "↑"), ("down", "↓"))),
            ("b", one.bias, "bias", (("left", "←"), ("right", "→"))),
        )
        out: Lines = []
        for name, value, what, keys in rows:
            here = bool(what) and what == self.hand
            line: Line = [Segment("▸ " if here else "  ", ink.act)]
            line.append(Segment(f"{name:<10}", ink.text if what else ink.dim))
            line.append(Segment(f"{number(value):>4}", ink.act if here else ink.bold))
            line += [Segment(f" {sign}", does(ink.accent, key=key)) for key, sign in keys]
            out += [line, []]
        return out


class FirstScreen(DropsScreen):
    """Two numbers are turned by the arrow keys; Enter goes on at any time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "Today"),
        Binding("up,k", "turn('bill', 1)", "the bill's weight", key_display="↑↓"),
        Binding("down,j", "turn('bill', -1)", "the bill's weight down", show=False),
        Binding("left", "turn('bias', -1)", "the bias", key_display="←→"),
        Binding("right", "turn('bias', 1)", "the bias up", show=False),
        Binding("escape,q", "leave", "skip"),
    ]

    title_of_help = "Keys of the first start"

    def __init__(self) -> None:
        super().__init__()
        self.fencing = Fencing()

    def compose(self) -> ComposeResult:
        yield self.fencing
        yield Keys()

    def on_resize(self) -> None:
        self.fencing.redraw()

    def describe(self, binding: Binding) -> str:
        return binding.description.removeprefix("the ")  # both numbers, also on a small screen

    def action_go_on(self) -> None:
        self.action_leave()

    def action_turn(self, what: str, by: int) -> None:
        moved = {what: by * first.STEP}
        self.fencing.neuron, self.fencing.hand = self.fencing.neuron.turned(**moved), what
        self.fencing.redraw()
