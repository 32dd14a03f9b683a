"""The glossary, and what a page links to: type to find a term, and read what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from drops.tui.base.caret import Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, beside, does, indent
from drops.tui.blocks.prose import prose
from drops.tui.screens.base import DropsScreen, Keys

SHOWN = 40  # terms in the list at once


class Glossary(Drawn):
    """What was typed, the terms that fit, and the chosen one's meaning beside them."""

    def __init__(self, glossary: Mapping[str, str], first: Iterable[str]) -> None:
        super().__init__()
        here = [name for name in first if name in glossary]
        self.glossary = {
            name: glossary[name]
            for name in (*here, *(n for n in sorted(glossary, key=str.lower) if n not in here))
        }
        self.here = set(here)
        self.typed = Typed()
        self.now = 0

    @property
    def found(self) -> list[str]:
        wanted = self.typed.text.strip().lower()
        names = [name for name in self.glossary if wanted in name.lower()]
        return sorted(names, key=lambda name: not name.lower().startswith(wanted)) if wanted else names

    def draw(self, width: int, ink: Inks) -> Lines:
        found = self.found
        find: Line = [
            Segment(" Terms  ", ink.bold),
            Segment(self.typed.text or "", ink.text),
            Segment(" ", ink.cursor),
            Segment("" if self.typed.text else " type to find", ink.dim),
        ]
        out: Lines = [find, [Segment("─" * width, ink.rule)]]
        if not found:
            return [*out, [Segment("   No term contains this.", ink.dim)]]
        names = min(28, max(len(name) for name in self.glossary) + 4, width // 2)
        start = max(0, min(self.now - SHOWN // 2, len(found) - SHOWN))
        listed: Lines = [
            [
                Segment(" ▸ " if i == self.now else "   ", ink.act),
                Segment(
                    name,
                    does(
                        ink.bold if i == self.now else ink.accent if name in self.here else ink.text, term=i
                    ),
                ),
            ]
            for i, name in enumerate(found[start : start + SHOWN], start)
        ]
        chosen = found[self.now]
        if width < 60:
            return [
                *out,
                [Segment(f" {chosen}", ink.bold)],
                *indent(prose(self.glossary[chosen], width - 4, ink), 3),
                [],
                *listed,
            ]
        meaning: Lines = [
            [Segment(chosen, ink.bold)],
            *prose(self.glossary[chosen], min(72, width - names - 5), ink),
        ]
        return [*out, *beside([(listed, names), (meaning, width - names - 3)])]


class TermsScreen(DropsScreen):
    """Letters find, arrows choose, Enter closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "close", "close"),
        Binding("down,tab", "step(1)", "choose", key_display="↑↓"),
        Binding("up,shift+tab", "step(-1)", "choose upwards", show=False),
    ]

    title_of_help = "Keys of the glossary"

    def __init__(self, glossary: Mapping[str, str], first: Iterable[str]) -> None:
        super().__init__()
        self.list = Glossary(glossary, first)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="body", can_focus=False):
            yield self.list
        yield Keys()

    def types(self, event: events.Key) -> bool:
        if event.key == "question_mark":
            return False
        typed = self.list.typed.press(event.key, event.character, None)
        if typed is None:
            return False
        self.list.typed, self.list.now = typed, 0
        self.list.redraw()
        return True

    def action_step(self, by: int) -> None:
        self.list.now = (self.list.now + by) % max(1, len(self.list.found))
        self.list.redraw()

    def action_close(self) -> None:
        self.dismiss()

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        del widget
        if "term" in what:
            self.list.now = what["term"]
            self.list.redraw()
