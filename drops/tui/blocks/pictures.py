"""A column of blocks; two of them make a page, side by side where there is room."""

from __future__ import annotations

from drops.exercises.blocks import Bars, Beside, Curve, Figure, Show, Strip, Surface, Wires, Words
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, written
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.prose import prose

DRAWN = (Bars, Beside, Curve, Strip, Surface, Wires)


class Pictures(Drawn):
    """Blocks one under another, under a heading if there is one."""

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id)
        self.blocks: tuple[Show, ...] = ()
        self.hands = Hands()
        self.heading = ""
        self.note = ""
        self._placed: dict[Show, tuple[int, int]] = {}  # the first and the last line of each figure

    def show(self, shown: tuple[Show, ...], hands: Hands, heading: str = "", note: str = "") -> None:
        self.blocks, self.hands, self.heading, self.note = shown, hands, heading, note
        self.display = bool(shown or heading)
        self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        out: Lines = []
        if self.heading:
            out += [*prose(f"### {self.heading}", width, ink)]
            out += written(self.note, width, ink.dim) if self.note else []
            out += [[]] if self.blocks else []
        self._placed = {}
        if self.hands.fill:
            return out + blocks.fitted(self.blocks, width, ink, self.hands, len(out))
        begins = len(out)
        for block, lines in blocks.draw_each(self.blocks, width, ink, self.hands):
            out += [[], *lines] if len(out) > begins and lines else lines
            if isinstance(block, Figure):
                self._placed[block] = len(out) - len(lines), len(out) - 1
        return out

    @property
    def in_view(self) -> tuple[int, int] | None:
        """A figure whose knob is in hand, with all that hangs on it; else the cursor."""
        if self.hands.active and self.hands.knobs:
            figure = self.hands.knobs[self.hands.knob][0]
            return self._placed.get(figure, super().in_view)
        return super().in_view


def split(shown: tuple[Show, ...]) -> tuple[tuple[Show, ...], tuple[Show, ...]]:
    """What is read, and what is looked at."""
    words = tuple(block for block in shown if isinstance(block, Words))
    return words, tuple(block for block in shown if not isinstance(block, Words))


def drawn_apart(shown: tuple[Show, ...]) -> tuple[tuple[Show, ...], tuple[Show, ...]]:
    """What is read or worked with, tables and what is turned by hand among it, and what is drawn."""
    drawn = tuple(block for block in shown if isinstance(block, DRAWN))
    return tuple(block for block in shown if block not in drawn), drawn
