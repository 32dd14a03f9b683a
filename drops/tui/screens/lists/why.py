"""Why today: the due items, and of the chosen one its reason and the curve it is being forgotten along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.exercises.blocks import Curve, Series
from drops.study.today import Today, TodayItem, fading
from drops.text import share
from drops.tui.base.ink import Inks, Line, Lines, does, ends, indent, written
from drops.tui.blocks import curve
from drops.tui.screens.lists.listing import READABLE, Entry, ListScreen

LOWEST, TALLEST = 4, 40  # lines of the curve
AXIS, NUMBERS = 5, 2  # lines that its axes take with their names and a blank line before, and without


class WhyScreen(ListScreen):
    """Up and down choose an item; Enter and q go back."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,w", "leave", "back")]

    title_of_help = "Keys of Why today"

    def __init__(self, today: Today) -> None:
        super().__init__()
        self.today = today

    @property
    def count(self) -> int:
        return len(self.today.items)

    def says(self, ink: Inks) -> tuple[Line, Line]:
        return [Segment("Why today", ink.bold)], [Segment("drops in turn, lowest recall first", ink.dim)]

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        if not self.count:
            yield Entry([[], *indent(written(self._nothing(), min(READABLE, width - 6), ink.text), 3)])
            return
        yield Entry([ends([], [Segment("recall today ", ink.dim)], width)])
        for at, item in enumerate(self.today.items):
            here = at == self.now
            known = "new" if item.recall is None else share(item.recall)
            left: Line = [
                Segment(" ▸ " if here else "   ", ink.act),
                Segment(item.title, does(ink.bold if here else ink.text, row=at)),
            ]
            yield Entry([ends(left, [Segment(f"  {known:>4} ", ink.bold if here else ink.dim)], width)], at)

    def _nothing(self) -> str:
        new = self.today.new
        says = "Nothing is due. A question comes back when its recall is about to fall too low."
        named = _begun(self.today.paths.number(new)) if new else ""
        return says + (f" {named} is here because it is the next on the path." if new else "")

    def about(self, width: int, ink: Inks) -> Lines:
        if not self.count:
            return []
        item, room = self.today.items[self.now], min(width, READABLE)
        out: Lines = [
            [],
            *written(item.title, room, ink.bold),
            *written(f"{_begun(item.drop)}: {_beside_it(item)}.", room, ink.text),
        ]
        points = fading(item, self.today.day)
        if not points:
            says = "How fast it fades is not known before its first answer."
            return [*out, *written(says, room, ink.dim)]
        says = self._foreseen(points[-1], asked=item.memory is not None)
        out += written(says, room, ink.dim)
        fades = self._fading(points, says)
        left = self.query_one("#pane").size.height - len(out)
        if left < LOWEST + AXIS:  # the sentence above says what its axes are
            bare = replace(fades, x_label="", y_label="")
            return [*out, *curve.draw(bare, width, ink, max(LOWEST, left - NUMBERS))]
        return [*out, [], *curve.draw(fades, width, ink, min(TALLEST, left - AXIS))]

    @staticmethod
    def _foreseen(later: tuple[int, float], *, asked: bool) -> str:
        if not asked:
            return f"Taken to fade as what was right once: {later[1]:.2f} in {later[0]} days."
        return (
            f"Left alone it would be at {later[1]:.2f} in {later[0]} days; answered today, it starts afresh."
        )

    @staticmethod
    def _fading(points: list[tuple[int, float]], says: str) -> Curve:
        here = min(points, key=lambda point: abs(point[0]))
        return Curve(
            (Series("recall", tuple((float(x), y) for x, y in points)),),
            "days from today",
            "recall",
            says,
            marks=((0.0, here[1], "today"),),
        )


def _begun(name: str) -> str:
    """A name at the begin of a sentence."""
    return name[:1].upper() + name[1:]


def _beside_it(item: TodayItem) -> str:
    """Why it is due, to stand beside the name of its drop: that is not said twice."""
    return item.why.removeprefix(f"your {item.drop.removeprefix('the ')}: ")
