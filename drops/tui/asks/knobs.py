"""Knobs to set until a goal is reached; the pictures say what the present setting does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from drops.exercises.answers import read
from drops.exercises.blocks import Figure, Knobs, Show
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.ink import Inks, Lines
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.pictures import split


class AskKnobs(Asking):
    """Up and down choose a knob, left and right turn it."""

    ask: Knobs
    draws_its_own = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "step(1)", "knob", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "knob before", show=False),
        Binding("right,plus,equals_sign", "turn(1)", "turn", key_display="←→"),
        Binding("left,minus", "turn(-1)", "turn back", show=False),
    ]

    def __init__(self, ask: Knobs) -> None:
        super().__init__()
        self.ask = ask
        self.figure = Figure(ask.knobs, ask.draw, "")
        self.hands = Hands.on((self.figure,))
        self.hands.active = True
        self.start = self.answer()
        self._placed = 0, 0  # the first and the last line of what hangs on the knobs

    @property
    def pictures(self) -> tuple[Show, ...]:
        return split(self.hands.shown(self.figure))[1]

    def answer(self) -> str:
        values = self.hands.of(self.figure)
        return "; ".join(f"{values[knob.name]:.10g}" for knob in self.ask.knobs)

    def fill(self, text: str) -> None:
        values = read(self.ask, text)
        assert isinstance(values, dict)
        self.hands.of(self.figure).update(values)

    def draft(self) -> str:
        return self.answer() if self.answer() != self.start else ""

    @property
    def again(self) -> bool:
        return self.verdict is not None and not self.verdict.right and self.answer() != self.stood

    def action_step(self, by: int) -> None:
        self.hands.knob = (self.hands.knob + by) % max(1, len(self.ask.knobs))
        self.redraw()

    def action_turn(self, by: int) -> None:
        if self.verdict is None or not self.verdict.right:
            self.hands.move(by)
            self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        if "knob" in what and (self.verdict is None or not self.verdict.right):
            if "to" in what:
                self.hands.put(what["knob"], what["to"])
            else:
                self.hands.knob = what["knob"]
                self.hands.move(what.get("by", 0))
            self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        asked = prompt(self.ask.prompt, width, ink)
        asked = [line for line in asked if line] if self.close > 1 else asked
        room = self.room()
        self.hands.active, self.hands.tall = self.active, max(1, room - len(asked)) if room else 0
        figure, hands = self.figure, self.hands
        if self.apart:  # what is said of the setting stays with the knobs
            figure = Figure(self.ask.knobs, lambda _: split(self.hands.shown(self.figure))[0], "")
            hands = replace(hands, values={figure: hands.of(self.figure)}, kept={})
        drawn = blocks.draw(figure, width, ink, hands)
        self._placed = len(asked), len(asked) + len(drawn) - 1
        return [*asked, *drawn, *self.problem_lines(width, ink)]

    @property
    def in_view(self) -> tuple[int, int] | None:
        """The knob in hand and what its turning changes."""
        return super().in_view if self.problem else self._placed
