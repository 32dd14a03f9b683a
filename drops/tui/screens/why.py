"""Why today: each due item's reason in a sentence, and the curve it is being forgotten along."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.exercises.blocks import Curve, Series
from drops.study.today import Today, TodayItem, fading
from drops.text import share
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, beside, does, ends, indent, written
from drops.tui.blocks import curve
from drops.tui.screens.base import DropsScreen, Keys

WIDEST = 100
LISTED = 44  # cells of the list where the curve stands beside it
BESIDE = 96


class Reasons(Drawn):
    """The due items, and the chosen one's reason."""

    def __init__(self, today: Today) -> None:
        super().__init__(id="reasons")
        self.today, self.now = today, 0

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width - 4, WIDEST)
        items = self.today.items
        out: Lines = [
            [],
            ends([Segment("Why today", ink.bold)], [Segment("lowest recall first", ink.dim)], room),
            [Segment("─" * room, ink.rule)],
        ]
        if not items:
            return indent([*out, *written(self._nothing(), min(room, 76), ink.text)], 2)
        two = room >= BESIDE
        each = room - LISTED - 3 if two else room
        reason = self._reason(items[self.now], each, ink)
        listed = [self._item(at, LISTED if two else room, ink) for at in range(len(items))]
        return indent(
            [*out, *(beside([(listed, LISTED), (reason, each)]) if two else [*listed, [], *reason])], 2
        )

    def _nothing(self) -> str:
        new = self.today.new
        says = "Nothing is due. An item comes back when its recall is about to fall too low."
        named = f"D{self.today.paths.number(new)[1:]}" if new else ""
        return says + (f" {named} is here because it is the next on the path." if new else "")

    def _item(self, at: int, room: int, ink: Inks) -> Line:
        item, here = self.today.items[at], at == self.now
        known = "new" if item.recall is None else share(item.recall)
        title = Segment(item.title, does(ink.bold if here else ink.text, item=at))
        return ends(
            [Segment("▸ " if here else "  ", ink.act), title], [Segment(f" {known:>4}", ink.dim)], room
        )

    def _reason(self, item: TodayItem, room: int, ink: Inks) -> Lines:
        out: Lines = [
            *written(item.title, min(room, 76), ink.bold),
            *written(f"D{item.drop[1:]}: {item.why}.", min(room, 76), ink.text),
        ]
        points = fading(item, self.today.day)
        if not points:
            says = "How fast it fades is not known before its first answer."
            return [*out, *written(says, min(room, 76), ink.dim)]
        later = points[-1]
        says = (
            f"Left alone it would be at {later[1]:.2f} in {later[0]} days; answered today, it starts afresh."
        )
        here = min(points, key=lambda point: abs(point[0]))
        picture = Curve(
            (Series("recall", tuple((float(x), y) for x, y in points)),),
            "days from today",
            "recall",
            says,
            marks=((0.0, here[1], "today"),),
        )
        return [*out, [], *curve.draw(picture, room, ink, 8), *written(says, min(room, 76), ink.dim)]


class WhyScreen(DropsScreen):
    """Up and down choose an item; Enter and q go back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "choose upwards", show=False),
        Binding("e", "export", "save as SVG", show=False),
        Binding("enter,q,w", "leave", "back"),
    ]

    title_of_help = "Keys of Why today"

    def __init__(self, today: Today) -> None:
        super().__init__()
        self.reasons = Reasons(today)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False):
            yield self.reasons
        yield Keys()

    def action_step(self, by: int) -> None:
        self.reasons.now = (self.reasons.now + by) % max(1, len(self.reasons.today.items))
        self.reasons.redraw()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "item" in what:
            self.action_step(what["item"] - self.reasons.now)
