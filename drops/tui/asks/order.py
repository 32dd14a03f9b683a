"""Pieces to put in order: take one with space and carry it with the arrows."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.exercises.answers import digit, read
from drops.exercises.blocks import Order, Show
from drops.exercises.pictured import picture_of
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.ink import Inks, Lines, does
from drops.tui.blocks.prose import prose


class AskOrder(Asking):
    """Up and down move the cursor, or the piece that is held; + and − move a piece at once."""

    ask: Order
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "step(1)", "move", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "move up", show=False),
        Binding("space", "hold", "hold", id="order.take-or-put-down"),
        Binding("plus,right", "carry(1)", "piece down", show=False),
        Binding("minus,left", "carry(-1)", "piece up", show=False),
        *(Binding(f"{i + 1}", f"place({i})", f"piece to place {i + 1}", show=False) for i in range(9)),
    ]

    def __init__(self, ask: Order) -> None:
        super().__init__()
        self.ask = ask
        self.order = list(range(len(ask.pieces)))
        self.now = 0
        self.held = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "place" and parameters and isinstance(parameters[0], int):
            return self.verdict is None and parameters[0] < len(self.order)
        return self.verdict is None

    @property
    def calls(self) -> dict[str, str]:
        return {"hold": "let go"} if self.held else {}

    @property
    def pictures(self) -> tuple[Show, ...]:
        return picture_of(self.ask, settled=self.verdict is not None)

    def answer(self) -> str:
        return " ".join(digit(i) for i in self.order)

    def fill(self, text: str) -> None:
        order = read(self.ask, text)
        assert isinstance(order, tuple)
        self.order = list(order)

    def draft(self) -> str:
        return self.answer() if self.order != sorted(self.order) else ""

    def action_step(self, by: int) -> None:
        if self.held:
            self.action_carry(by)
        else:
            self.now = (self.now + by) % len(self.order)
            self.redraw()

    def action_hold(self) -> None:
        self.held = not self.held
        self.redraw()

    def action_carry(self, by: int) -> None:
        self.action_place(self.now + by)

    def action_place(self, place: int) -> None:
        if 0 <= place < len(self.order):
            self.order.insert(place, self.order.pop(self.now))
            self.now = place
            self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        place = what.get("place")
        if self.verdict is not None or not isinstance(place, int):
            return
        if self.held:
            self.action_place(place)
        self.held, self.now = not self.held, place
        self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        out = prompt(self.ask.prompt, width, ink)
        for place, piece in enumerate(self.order):
            here = place == self.now and self.verdict is None
            sign = Segment("  ")
            if self.verdict is not None:
                right = self.ask.right[place] == piece
                sign = Segment("✓ " if right else "✗ ", ink.good if right else ink.bad)
            elif here:
                sign = Segment("≡ " if self.held else "▸ ", ink.act)
            style = ink.bold if here else ink.text
            for k, line in enumerate(prose(self.ask.pieces[piece], width - 6, ink)):
                head = [sign, Segment(f"{place + 1}.  ", does(ink.act if here else ink.dim, place=place))]
                out.append(
                    [
                        *(head if k == 0 else [Segment(" " * 6)]),
                        *(Segment(t, does(style, place=place)) for t, _, _ in line),
                    ]
                )
        return out + self.problem_lines(width, ink)
