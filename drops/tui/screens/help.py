"""The keys that worked where help was asked for, from the bindings themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType

from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, beside, width_of
from drops.tui.screens.base import NAMES, DropsScreen, Keys

FEW = 12  # keys that stand in one column also where there is room for two
GAP = 5


class KeyList(Drawn):
    """A line for each thing that can be done: its keys, and what it does."""

    def __init__(
        self, title: str, bindings: dict[str, ActiveBinding], words: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.title, self.bindings, self.words = title, bindings, words

    def draw(self, width: int, ink: Inks) -> Lines:
        keys: dict[tuple[int, str], list[str]] = {}
        says: dict[tuple[int, str], str] = {}
        for key, active in self.bindings.items():
            if active.enabled and active.binding.description and not active.binding.system:
                at = (id(active.node), active.binding.action)
                keys.setdefault(at, []).append(NAMES.get(key, key))
                says[at] = active.binding.description
        named = [(" ".join(names), says[at]) for at, names in keys.items()]
        named.sort(key=lambda one: not one[0].startswith("enter"))
        wide = max((len(names) for names, _ in named), default=0)
        out: Lines = [[Segment(f" {self.title}", ink.bold)], []]
        listed: Lines = [
            [Segment(f"   {names:<{wide}}   ", ink.accent), Segment(text, ink.text)] for names, text in named
        ]
        each = max(map(width_of, listed), default=0)
        half = -(-len(listed) // 2)
        if len(listed) > FEW and 2 * each + GAP <= width:
            listed = beside([(listed[:half], each), (listed[half:], each)], GAP)
        out += listed
        if self.words:
            out += [[], [Segment(" Words of the line", ink.bold)], []]
        for kind, words in self.words.items():
            said = textwrap.wrap(f"{kind}: {' '.join(words)}", max(20, width - 6), break_on_hyphens=False)
            out += [[Segment(f"   {'  ' * (i > 0)}{one}", ink.text)] for i, one in enumerate(said)]
        return [*out, [], [Segment("   The mouse does all of it too. Any key closes this.", ink.dim)]]


class HelpScreen(DropsScreen):
    """Any key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q", "leave", "back")]

    def __init__(
        self, title: str, bindings: dict[str, ActiveBinding], words: Mapping[str, Sequence[str]]
    ) -> None:
        super().__init__()
        self.listed = (title, bindings, words)

    def compose(self) -> ComposeResult:
        with Body():
            yield KeyList(*self.listed)
        yield Keys()

    async def press(self, event: events.Key) -> None:
        if event.key in ("pagedown", "pageup", "down", "up"):
            self.action_page(1 if "down" in event.key else -1)
        elif (active := self.working.get(event.key)) and active.node is self.app:
            await super().press(event)  # what holds everywhere holds here
        else:
            self.dismiss()
