"""The glossary, and what a page links to: type to find a term, and read what it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType

from drops.tui.base.caret import Typed
from drops.tui.base.ink import Inks, Line, Lines, does, written
from drops.tui.blocks.prose import prose
from drops.tui.screens.lists.listing import READABLE, Entry, ListScreen

NARROWEST = 60  # columns from which a term's meaning stands beside the terms: they are short


class TermsScreen(ListScreen):
    """Letters find, arrows choose, Enter closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,escape", "leave", "close", key_display="enter"),
        Binding("tab", "step(1)", "next", show=False),
        Binding("shift+tab", "step(-1)", "the one before", show=False),
    ]

    title_of_help = "Keys of the glossary"
    beside_from = NARROWEST

    def __init__(self, glossary: Mapping[str, str], first: Iterable[str]) -> None:
        super().__init__()
        here = [name for name in first if name in glossary]
        others = (name for name in sorted(glossary, key=str.lower) if name not in here)
        self.glossary = {name: glossary[name] for name in (*here, *others)}
        self.here = frozenset(here)  # what the page that was left speaks of
        self.typed = Typed()

    @property
    def found(self) -> list[str]:
        """The terms that hold what was typed, those that begin with it first."""
        wanted = self.typed.text.strip().lower()
        names = [name for name in self.glossary if wanted in name.lower()]
        return sorted(names, key=lambda name: not name.lower().startswith(wanted)) if wanted else names

    @property
    def count(self) -> int:
        return len(self.found)

    def says(self, ink: Inks) -> tuple[Line, Line]:
        text = self.typed.text
        field = [
            Segment(text, ink.text),
            Segment(" ", ink.cursor),
            *([] if text else [Segment(" type to find", ink.dim)]),
        ]
        return [Segment("Terms  ", ink.bold), *field], [
            Segment(f"{self.count} of {len(self.glossary)}", ink.dim)
        ]

    def entries(self, width: int, ink: Inks) -> Iterable[Entry]:
        found = self.found
        if not found:
            yield Entry([[], [Segment("   No term contains this.", ink.dim)]])
        for at, name in enumerate(found):
            here = at == self.now
            style = ink.bold if here or name in self.here else ink.text
            lines = written(name, width - 4, does(style, row=at))
            mark = Segment(" ▸ " if here else "   ", ink.act)
            yield Entry([[mark if i == 0 else Segment("   "), *line] for i, line in enumerate(lines)], at)

    def about(self, width: int, ink: Inks) -> Lines:
        if not self.count:
            return []
        name, room = self.found[self.now], min(width, READABLE)
        return [*written(name, room, ink.bold), *prose(self.glossary[name], room, ink)]

    def types(self, event: events.Key) -> bool:
        if event.key == "question_mark":
            return False
        typed = self.typed.press(event.key, event.character, None)
        if typed is None:
            return False
        self.typed = typed
        self.choose(0)
        return True

    async def action_enter(self) -> None:
        """A second click on a term leaves it chosen."""
