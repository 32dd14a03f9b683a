"""The same in code: what a page works out as a program in numpy, to read, to copy, to write into a file."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines
from drops.tui.screens.base import DropsScreen, Keys


class Printout(Drawn):
    """The lines of a program; what is longer than the screen is wide goes on below."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def draw(self, width: int, ink: Inks) -> Lines:
        room = max(10, width - 4)
        out: Lines = []
        for line in self.text.splitlines():
            style = ink.dim if line.startswith(('"""', "#")) else ink.text
            cut = [line[at : at + room] for at in range(0, len(line), room)] or [""]
            out += [[Segment(f"  {part}", style)] for part in cut]
        return [[Segment(" The same in code", ink.bold)], [], *out]


class CodeScreen(DropsScreen):
    """Nothing is run here: it is the learner's to take."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "copy"),
        Binding("w", "write", "write a file"),
        Binding("down,j", "scroll(2)", "scroll", key_display="↑↓"),
        Binding("up,k", "scroll(-2)", "scroll up", show=False),
        Binding("q,escape,enter,c", "leave", "back", key_display="q"),
    ]

    title_of_help = "Keys of a program"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with Body():
            yield Printout(self.text)
        yield Keys()

    async def action_copy(self) -> None:
        await self.host.copy(self.text, "the program")

    def action_write(self) -> None:
        self.host.write_script(self.text, "page")
