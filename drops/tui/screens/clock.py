"""Which is right, this machine's clock or the last answer: asked before a session begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.errors import DropsError
from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, does, indent, written
from drops.tui.screens.base import DropsScreen, Keys

if TYPE_CHECKING:
    from drops.study.own.clocks import Doubt
    from drops.study.study import Study
    from drops.tui.base.keyboard import Job

SET_IT = "Nothing was changed. Set this machine's date, then begin."


class ClockQuestion(Drawn):
    """The question and its two answers."""

    def __init__(self, found: Doubt) -> None:
        super().__init__(id="plan")
        self.found = found
        self.now = 0

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width - 6, 78)
        out: Lines = [[], *written(self.found.question, room, ink.bold), []]
        for at, says in enumerate(self.found.choices):
            style = does(ink.act if at == self.now else ink.text, choice=at)
            lines = written(f"{at + 1}  {says}", room - 2, style)
            out += [
                [Segment("▸ " if at == self.now and n == 0 else "  ", ink.act), *line]
                for n, line in enumerate(lines)
            ]
        return indent(out, 3)


class ClockScreen(DropsScreen):
    """1 believes this machine, and what was wrong is put right; 2 begins nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "choose"),
        Binding("1", "pick(0)", "this machine", show=False),
        Binding("2", "pick(1)", "the last answer", show=False),
        Binding("down,j,tab", "step(1)", "move", key_display="↑↓"),
        Binding("up,k,shift+tab", "step(-1)", "move up", show=False),
        Binding("q,escape", "leave", "back"),
    ]

    title_of_help = "Keys of this question"

    def __init__(self, study: Study, found: Doubt, begins: Job) -> None:
        super().__init__()
        self.study, self.found, self.begins = study, found, begins

    def compose(self) -> ComposeResult:
        with Body():
            yield ClockQuestion(self.found)
        yield Keys()

    async def action_choose(self) -> None:
        self.dismiss()
        if self.query_one(ClockQuestion).now:
            self.host.notify(SET_IT, severity="warning", markup=False)
            return
        try:
            if says := self.study.set_right(self.found, self.host.clock()):
                self.host.notify(says, markup=False)
        except DropsError as problem:
            self.host.notify(str(problem), severity="error", markup=False)
            return
        self.host.keyboard.do(self.begins)

    async def action_pick(self, at: int) -> None:
        self.query_one(ClockQuestion).now = at
        await self.action_choose()

    def action_step(self, by: int) -> None:
        asked = self.query_one(ClockQuestion)
        asked.now = (asked.now + by) % 2
        asked.redraw()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "choice" in what:
            await self.action_pick(what["choice"])
