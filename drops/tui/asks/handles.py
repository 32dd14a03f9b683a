"""A curve or a line to be placed by its handles: by arrows, or with the mouse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.exercises.blocks import Curve, Knobs, Show, Surface
from drops.exercises.dragging import MapArea
from drops.exercises.handles import Handle, nearest_handle, value_at
from drops.text import safe_text
from drops.tui.asks.asking import prompt
from drops.tui.asks.knobs import AskKnobs
from drops.tui.base.ink import Inks, Lines, fit
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands

UNTOUCHED = "Nothing is moved yet: ↑ ↓ ← → move what you draw. Enter again leaves it as it stands."


class AskHandles(AskKnobs, inherit_bindings=False):
    """An arrow moves a handle that goes its way; where none does, it takes the next one in hand."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "arrow('x', 1)", "handle", key_display="←→"),
        Binding("left", "arrow('x', -1)", "handle to the left", show=False),
        Binding("up,k,plus,equals_sign", "arrow('y', 1)", "move", key_display="↑↓"),
        Binding("down,j,minus", "arrow('y', -1)", "move down", show=False),
        Binding("tab", "step(1)", "next handle", show=False),
        Binding("shift+tab", "step(-1)", "handle before", show=False),
    ]

    def __init__(self, ask: Knobs) -> None:
        super().__init__(ask)
        self._warned = False
        self._follows = ""  # the handle that the mouse holds

    @property
    def _picture(self) -> tuple[Show, ...]:
        """What is drawn, the handle in hand marked."""
        return tuple(_held(block, self._in_hand) for block in self.hands.shown(self.figure))

    @property
    def _in_hand(self) -> str:
        return "" if self._settled else self.ask.knobs[self.hands.knob].name

    @property
    def _settled(self) -> bool:
        return not self.active or (self.verdict is not None and self.verdict.right)

    @property
    def _handles(self) -> tuple[Handle, ...]:
        return handles_of(self.hands.shown(self.figure))

    @property
    def pictures(self) -> tuple[Show, ...]:
        return self._picture

    @property
    def in_hand(self) -> str:
        knob = self.ask.knobs[self.hands.knob]
        return f"▸ {knob.label}   {knob.told(self.hands.of(self.figure)[knob.name])}"

    def enter(self) -> str | None:
        """A curve that nobody touched is hardly meant: that is asked once."""
        if self.answer() == self.start and not self._warned:
            self._warned = True
            self.complain(UNTOUCHED)
            return None
        return self.answer()

    def action_arrow(self, way: str, by: int) -> None:
        if self._settled:
            return
        self.problem = ""
        going = [i for i, handle in enumerate(self._handles) if handle.along == way]
        if not going:
            self.action_step(by)
            return
        if self.hands.knob not in going:
            self.hands.knob = going[0]
        self.hands.move(by)
        self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        if what.get("map") != "handles" or self._settled:
            return
        area = MapArea(what["x"], what["y"], *what["size"])
        x, y = area.number_at(what["at"])
        if "pressed" in what:
            self._follows = nearest_handle(self._handles, x, y, area.x, area.y).knob
        handle = next(one for one in self._handles if one.knob == self._follows)
        names = [knob.name for knob in self.ask.knobs]
        self.hands.put(names.index(handle.knob), value_at(handle, x, y))
        self.problem = ""
        self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        out = [line for line in prompt(self.ask.prompt, width, ink) if line]
        if self._in_hand:
            out.append(fit([Segment(safe_text(self.in_hand), ink.act)], width))
        out += self.problem_lines(width, ink)[1:]
        self._placed = len(out), len(out)
        if not self.apart:
            room = self.room()
            hands = Hands(tall=max(1, room - len(out)) if room else 0)
            picture = blocks.draw_all(self._picture, width, ink, hands)
            if 0 < room < len(out) + len(picture):  # with what stands above it is not seen whole, alone it is
                picture = blocks.draw_all(self._picture, width, ink, Hands(tall=self.whole() - 1, fill=True))
            out += picture
            self._placed = len(out) - len(picture) - 1, len(out) - 1
        return out

    @property
    def in_view(self) -> tuple[int, int] | None:
        """The value in hand and all that is drawn."""
        return self._placed if self._in_hand and not self.problem else super().in_view


def handles_of(shown: tuple[Show, ...]) -> tuple[Handle, ...]:
    """All handles of a picture, in the order of the knobs that they stand for."""
    return tuple(handle for block in shown if isinstance(block, Curve | Surface) for handle in block.handles)


def _held(block: Show, knob: str) -> Show:
    if not isinstance(block, Curve | Surface):
        return block
    return replace(block, handles=tuple(replace(one, held=one.knob == knob) for one in block.handles))
