"""The keys that worked where help was asked for, from the bindings themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType

from drops.study.today import SIGNS, in_full
from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, beside, width_of
from drops.tui.screens.base import NAMES, DropsScreen, Keys

CLOSES = "The mouse does all of it too. Any key closes this."
AROUND = 3  # lines of the screen that are not its body's
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
        below = [*self._words(width, ink), [], [Segment(f"   {CLOSES}", ink.dim)]]
        legend, half = legend_of(ink), -(-len(listed) // 2)
        wide, tall = max(map(width_of, legend)), self.app.size.height - AROUND
        if max(len(listed), len(legend)) + len(out) + len(below) <= tall and each + GAP + wide <= width:
            return [*out, *beside([(listed, max(each, (width - GAP) // 2)), (legend, wide)], GAP), *below]
        if len(listed) > FEW and 2 * each + GAP <= width:
            listed = beside([(listed[:half], each), (listed[half:], each)], GAP)
        if len(out) + len(listed) + 1 + len(legend) + len(below) <= tall:
            listed += [[], *legend]
        return [*out, *listed, *below]

    def _words(self, width: int, ink: Inks) -> Lines:
        """What can be typed, by kind."""
        out: Lines = [[], [Segment(" Words of the line", ink.bold)], []] if self.words else []
        for kind, words in self.words.items():
            said = textwrap.wrap(f"{kind}: {' '.join(words)}", max(20, width - 6), break_on_hyphens=False)
            out += [[Segment(f"   {'  ' * (i > 0)}{one}", ink.text)] for i, one in enumerate(said)]
        return out


def legend_of(ink: Inks) -> Lines:
    """What colours and signs mean, wherever they stand; where colours are few, signs alone."""
    signs: dict[str, tuple[str, Style]] = {
        "✓": ("right", ink.good),
        "✗": ("not yet", ink.bad),
        "↳": ("follows from what you typed before", ink.warn),
        **{sign: (in_full(state).removeprefix(f"{sign} "), ink.text) for state, sign in SIGNS.items()},
    }
    colours = {
        "blue": ("positive, yes, fires, up", ink.plus),
        "orange": ("negative, no, silent, down", ink.minus),
        "gold": ("in hand: what a key moves", ink.accent),
    }
    out: Lines = []
    if not ink.few:
        out += [[Segment(" Colours", ink.bold)], []]
        for name, (says, style) in colours.items():
            out.append([Segment(f"   ━━ {name:<8}", style), Segment(says, ink.text)])
        out.append([])
    out += [[Segment(" Signs", ink.bold)], []]
    for sign, (says, style) in signs.items():
        out.append([Segment(f"   {sign}  ", style), Segment(says, ink.text)])
    return out


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
