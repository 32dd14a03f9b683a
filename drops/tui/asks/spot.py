"""A part of a picture to point at: a wire, a unit, a cell, a point; by a click or by the arrows."""

from __future__ import annotations

from itertools import chain
from typing import Any, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.exercises.answers import digit
from drops.exercises.blocks import Choice, Show
from drops.tui.asks.asking import prompt
from drops.tui.asks.choice import AskChoice
from drops.tui.asks.judged import judged_option, told_first
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands


class AskSpot(AskChoice):
    """The picture stands beside the question where there is room, else under it; what is in hand is lit."""

    draws_its_own = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "walk(1)", "next", key_display="↑↓"),
        Binding("up,k", "walk(-1)", "one before", show=False),
        Binding("right,tab", "step(1)", "next beside", show=False),
        Binding("left,shift+tab", "step(-1)", "one before, beside", show=False),
    ]

    def __init__(self, ask: Choice) -> None:
        super().__init__(ask)
        assert ask.picture is not None
        self.drawn = ask.picture

    @property
    def pictures(self) -> tuple[Show, ...]:
        return self.drawn(self._lit)

    @property
    def _lit(self) -> tuple[int, ...]:
        """What is in hand; once it is judged also what is right."""
        mine = (self.now,) if self.touched else ()
        if self.verdict is None or not self.verdict.wanted:
            return mine
        right = tuple(i for i, option in enumerate(self.ask.options) if option.right)
        return (*right, *(i for i in mine if i not in right))

    def answer(self) -> str:
        return self.ask.options[self.now].text

    def draft(self) -> str:
        return self.answer() if self.touched else ""

    def enter(self) -> str | None:
        if not self.touched:
            self.complain("point at one first: ↑ ↓, or a click")
            return None
        return super().enter()

    def action_walk(self, by: int) -> None:
        """A row on in a table of several rows, else one on."""
        across = self.ask.across
        if not self.touched or not 1 < across < len(self.ask.options):
            self.action_step(by)
        else:
            self.now = (self.now + by * across) % len(self.ask.options)
            self.redraw()

    def clicked(self, what: dict[str, Any]) -> None:
        signs = [digit(i) for i in range(len(self.ask.options))]
        if self.verdict is None and what.get("field") in signs:
            self.action_pick(signs.index(what["field"]))

    def draw(self, width: int, ink: Inks) -> Lines:
        asked = prompt(self.ask.prompt, width, ink)
        apart: Lines = [] if self.close > 1 else [[]]
        asked = asked if apart else [line for line in asked if line]
        out = [*asked, *(self._told(width, ink) or [self._chosen(ink)]), *self.problem_lines(width, ink)]
        if not self.apart:
            room = self.whole() if self.verdict is not None else self.room()
            hands = Hands(tall=max(1, room - len(out) - len(apart)) if room else 0)
            out += [*apart, *blocks.draw_all(self.drawn(self._lit), width, ink, hands)]
        return out + self._others(width, ink)

    def _told(self, width: int, ink: Inks) -> Lines:
        """Once it is judged: what was pointed at and what is right, each with its reason."""
        reasons = self.verdict.options if self.verdict is not None else ()
        first = told_first(self.ask, self.picked) if reasons else ()
        return [*chain(*(judged_option(self.ask, i, self.picked, reasons, width, ink) for i in first))]

    def _others(self, width: int, ink: Inks) -> Lines:
        """Under the picture, what there is to say of the other parts."""
        reasons = self.verdict.options if self.verdict is not None else ()
        first = told_first(self.ask, self.picked)
        others = [i for i, reason in enumerate(reasons) if reason and i not in first]
        told = [*chain(*(judged_option(self.ask, i, self.picked, reasons, width, ink) for i in others))]
        return [[], *told] if told else []

    def _chosen(self, ink: Inks) -> Line:
        """The name of what is in hand; of nothing, how to point."""
        if not self.touched:
            return [Segment("▸ ", ink.act), Segment("click it, or go there with ↑ ↓", ink.dim)]
        return [Segment("▸ ", ink.act), Segment(self.ask.options[self.now].text, ink.bold)]
