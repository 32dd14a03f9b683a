"""Hard drops: ranked by evidence, with the reasons in words; Enter practises the chosen one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.memory.hardness import Help
from drops.study.looking_back import HardDrop, Worked, hard_drops, worked_example
from drops.text import safe_text
from drops.tui.base.ink import Inks, Line, Lines, does, ends, indent, written
from drops.tui.blocks import blocks
from drops.tui.blocks.prose import prose
from drops.tui.screens.lists.listing import READABLE, Entry, ListScreen
from drops.tui.screens.lists.path_pane import items, pictured

if TYPE_CHECKING:
    from drops.study.study import Study

EMPTY = (
    "Nothing is hard yet, because nothing was asked yet. From the first answers on, the drops stand "
    "here in order of what they cost you: forgotten questions, mix-ups seen twice, low recall."
)
KEYS = {
    Help.WORKED_EXAMPLE.value: "w",
    Help.OTHER_TEMPLATE.value: "enter",
    Help.NEEDED_DROP.value: "n",
}
KEY = 7  # cells of an offer's key


class HardScreen(ListScreen):
    """Up and down choose a drop; Enter practises it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "practise"),
        Binding("w", "worked", "worked example"),
        Binding("n", "needed", "the drop it needs"),
        Binding("q", "leave", "back"),
    ]

    title_of_help = "Keys of Hard drops"

    def __init__(self, study: Study) -> None:
        super().__init__()
        self.study = study
        self.found: list[HardDrop] | None = None  # the hardest first, once the answers are read
        self.worked: Worked | None = None

    @property
    def count(self) -> int:
        return len(self.found or ())

    @property
    def chosen(self) -> HardDrop | None:
        return self.found[self.now] if self.found else None

    def says(self, ink: Inks) -> tuple[Line, Line]:
        return [Segment("Hard drops", ink.bold)], [Segment("the hardest first", ink.dim)]

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        if not self.found:
            says = EMPTY if self.found is not None else "reading your answers …"
            yield Entry([[], *indent(written(says, min(READABLE, width - 6), ink.text), 3)])
            return
        yield Entry([[]])
        for at, one in enumerate(self.found):
            here = at == self.now
            title = written(one.drop.title, width - 16, does(ink.bold if here else ink.text, row=at))
            first: Line = [
                Segment(" ▸ " if here else "   ", ink.act),
                Segment(f"{one.drop.number:>2}  ", ink.dim),
                *title[0],
            ]
            word = "▲ hard " if one.hardness.hard else ""
            yield Entry([ends(first, [Segment(f"  {word}", ink.warn)], width), *indent(title[1:], 7)], at)

    def about(self, width: int, ink: Inks) -> Lines:
        one, room = self.chosen, min(width, READABLE)
        if one is None:
            return []
        out: Lines = [
            [],
            *written(one.drop.title, room, ink.bold),
            *written(safe_text(one.reason), room, ink.text),
            [],
            *items(one.items, width, ink),
            [],
            *self._offers(one, room, ink),
        ]
        if self.worked is not None:
            return [*out, *self._worked(room, ink)]
        return pictured(out, one.drop, width, self.query_one("#pane").size.height, ink)

    @staticmethod
    def _offers(one: HardDrop, width: int, ink: Inks) -> Lines:
        """What helps more than asking again, each with its key where it has one."""
        if not one.offers:
            says = "Enter asks its exercises with fresh numbers, one step easier, and its questions again."
            return written(says, width, ink.dim)
        out: Lines = []
        for says in one.offers:
            key = KEYS[says]
            lines = written(says, width - KEY, ink.text)
            name = Segment(f"{key:<{KEY}}", does(ink.accent, key=key))
            out += [[name if at == 0 else Segment(" " * KEY), *line] for at, line in enumerate(lines)]
        for needed in one.needs:
            out += indent(written(f"{needed.number} · {needed.title}", width - KEY, ink.dim), KEY)
        return out

    def _worked(self, width: int, ink: Inks) -> Lines:
        if self.worked is None:
            return []
        out: Lines = [[], [Segment(f"Worked example · {safe_text(self.worked.title)}", ink.bold)], []]
        out += blocks.draw_all(self.worked.show, width, ink)
        for part in self.worked.way:
            out += [[], *prose(part, width, ink)]
        return out

    # ── reading ──

    def on_mount(self) -> None:
        self.run_worker(self._read(), name="hard")

    def on_screen_resume(self) -> None:
        if self.found is not None:  # back from practice: the ranks may have changed
            self.run_worker(self._read(), name="hard", exclusive=True)

    async def _read(self) -> None:
        try:
            found = await asyncio.to_thread(hard_drops, self.study, self.host.clock())
        except DropsError as problem:
            self.notify(str(problem), severity="error", markup=False)
            return
        self.found = found
        self.choose(min(self.now, max(0, len(found) - 1)))

    def choose(self, at: int) -> None:
        self.worked = None
        super().choose(at)

    # ── keys ──

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        one = self.chosen
        match action:
            case "enter":
                return one is not None
            case "worked":
                return one is not None and bool(one.stuck)
            case "needed":
                return one is not None and bool(one.needs)
        return super().check_action(action, parameters)

    async def action_enter(self) -> None:
        if self.chosen is not None:
            await self.host.begin(drop=self.chosen.drop.id, replay=True)

    def action_worked(self) -> None:
        assert self.chosen is not None
        shown = self.worked is not None
        self.worked = None if shown else worked_example(self.study, self.chosen.stuck, self.host.clock())
        self.over = self.worked is not None
        self.redraw()

    async def action_needed(self) -> None:
        if self.chosen is not None:
            await self.host.begin(drop=self.chosen.needs[0].id)
