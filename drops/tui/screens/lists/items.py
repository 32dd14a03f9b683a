"""The items of one drop: set aside, taken in again, or all of them forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.course.model import Drop
from drops.study.own.items import KeptItem, kept_items
from drops.study.today import Today
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, written
from drops.tui.screens import own
from drops.tui.screens.lists.listing import Entry, ListScreen, labelled

if TYPE_CHECKING:
    from drops.study.study import Study

OUT = "set aside"


class ItemsScreen(ListScreen):
    """Enter sets the chosen item aside, or takes it in again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "enter", "set aside", key_display="enter"),
        Binding("f", "forget", "forget the drop"),
        Binding("u", "undo", "undo"),
        Binding("q", "leave", "back"),
    ]
    title_of_help = "Keys of the questions"

    def __init__(self, study: Study, drop: Drop) -> None:
        super().__init__()
        self.study, self.drop = study, drop
        self.items: tuple[KeptItem, ...] = ()
        self.sure = False  # whether f a second time forgets the drop

    def on_mount(self) -> None:
        self._look()

    def renew(self, today: Today) -> None:
        del today
        self._look()

    def _look(self) -> None:
        self.items = kept_items(self.drop, self.study.log.glance(), self.host.clock())
        self.redraw()

    # ── what is on it ──

    @property
    def count(self) -> int:
        return len(self.items)

    def says(self, ink: Inks) -> tuple[Line, Line]:
        left = [Segment("What comes back", ink.bold), Segment(f" of drop {self.drop.number}", ink.dim)]
        out = sum(item.left_out for item in self.items)
        return left, [Segment(f"{out} {OUT}" if out else "", ink.warn)]

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        for at, item in enumerate(self.items):
            here = at == self.now
            style = ink.bold if here else ink.dim if item.left_out else ink.text
            name = [Segment(" ▸ " if here else "   ", ink.act), Segment(item.title, does(style, row=at))]
            yield Entry([ends(name, [Segment(f"  {OUT if item.left_out else ''} ", ink.warn)], width)], at)
        if self.sure:
            says = f"f again: drop {self.drop.number} as if you had never opened it. u takes that back."
            yield Entry([[], *indent(written(says, width - 4, ink.warn), 3)])

    def about(self, width: int, ink: Inks) -> Lines:
        item = self.items[self.now]
        return [
            fit([Segment(item.title, ink.bold)], width),
            *labelled("stands", written(item.says, width - 12, ink.text), ink),
            *labelled("is called", written(item.key, width - 12, ink.text), ink),
        ]

    # ── keys ──

    def choose(self, at: int) -> None:
        self.sure = False
        super().choose(at)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.count > 0 if action == "enter" else super().check_action(action, parameters)

    def describe(self, binding: Binding) -> str:
        if binding.action == "enter" and self.items and self.items[self.now].left_out:
            return "take in"
        if binding.action == "forget" and self.sure:
            return "yes, forget it"
        return super().describe(binding)

    async def action_enter(self) -> None:
        item = self.items[self.now]
        self.sure = False
        await own.do(self.host, "take in" if item.left_out else "set aside", item.key)

    async def action_forget(self) -> None:
        self.sure = not self.sure
        if self.sure:
            self.redraw()
        else:
            await own.do(self.host, "forget", self.drop.id)

    async def action_undo(self) -> None:
        self.sure = False
        await own.do(self.host, "undo")
