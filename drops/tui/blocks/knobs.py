"""A figure's knobs, and what is asked of who turns them: under its pictures, or in a column beside them."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment

from drops.exercises.blocks import Figure, Knob
from drops.exercises.dragging import said_of
from drops.text import aligned, number, safe_text
from drops.tui.base.ink import Inks, Line, Lines, does, fit, written

NARROWEST, GAP = 21, 3  # cells of a column beside the pictures, and between both
LEAST = 6  # cells of a slider
LONGEST = 72  # cells of a line of what is asked


def leave(width: int) -> int:
    """The cells that knobs beside a picture leave it: of 75 a net still has its numbers."""
    return width - max(NARROWEST, width // 3 - 3) - GAP


@dataclass(frozen=True)
class Turned:
    """A figure as its knobs stand. `held` is the place of the one in hand, if the arrows move knobs now."""

    figure: Figure
    values: Mapping[str, float]
    first: int  # of its knobs among all of the page
    held: int | None
    found: Set[str]  # the goals that were reached

    @property
    def _names(self) -> int:
        return max((cell_len(knob.label) for knob in self.figure.knobs), default=0)

    @property
    def _told(self) -> tuple[str, ...]:
        """Where the knobs stand, point under point, wherever they are moved."""
        knobs = self.figure.knobs
        finest = [number(one) for knob in knobs if not knob.settings for one in (knob.low, knob.step)]
        return aligned([*(knob.told(self.values[knob.name]) for knob in knobs), *finest])[: len(knobs)]

    @property
    def _longest(self) -> int:
        """The cells that the longest place takes, wherever the knobs are moved."""
        settings = (cell_len(name) for knob in self.figure.knobs for name in knob.settings)
        return max([6, *map(cell_len, self._told), *settings])

    @property
    def widest(self) -> int:
        """The cells of a line beside its slider."""
        return self._names + self._longest + 6

    def lines(self, room: int, width: int, ink: Inks) -> Lines:
        """Under the pictures: a line for each knob, `room` cells wide, and what is asked."""
        out: Lines = [[]] if self.figure.knobs else []
        return [*out, *self._sliders(room, ink), *self._asked(min(width, LONGEST), ink)]

    def column(self, width: int, tall: int, said: Lines, ink: Inks) -> Lines:
        """Beside the pictures: what is `said` of the places right under the knobs, and what is asked. Of
        more than `tall` lines, none is blank."""
        knobs = self._sliders(width, ink) if self.widest + LEAST <= width else self._one_slider(width, ink)
        out, parts = Lines(), [part for part in (knobs, said, self._asked(width, ink)) if part]
        close = sum(map(len, parts)) + len(parts) - 1 > tall
        for part in parts:
            out += [[], *part] if out and not close else part
        return out

    def _sliders(self, room: int, ink: Inks) -> Lines:
        knobs, told = self.figure.knobs, self._told
        beside = [(self._names, f"{one:>{self._longest}}") for one in told]
        return [
            slider(knob, self.values[knob.name], beside[i], room, ink, self.first + i, here=self.held == i)
            for i, knob in enumerate(knobs)
        ]

    def _one_slider(self, width: int, ink: Inks) -> Lines:
        """Where names are too long: each knob with its place, and a slider under the one in hand."""
        out: Lines = []
        opened = self.held if self.held in range(len(self.figure.knobs)) else 0
        below = 3 + self._names + self._longest > width  # each place in a line of its own
        for i, (knob, told) in enumerate(zip(self.figure.knobs, self._told, strict=True)):
            here, index = self.held == i, self.first + i
            style = ink.bold if here else ink.text
            place = Segment(told.strip().rjust(width - 2) if below else f" {told:>{self._longest}}", style)
            room = width - 2 if below else self._names
            name = written(safe_text(knob.label), room, does(style, knob=index))
            sign = Segment("▸ ", ink.act) if here else Segment("  ")
            out += [[sign if k == 0 else Segment("  "), *line] for k, line in enumerate(name)]
            if below:
                out.append([Segment("  "), place])
            else:
                out[-1] = [*fit(out[-1], width - cell_len(place.text)), place]
            if i == opened:
                drawn = track(knob, self.values[knob.name], width - 2, ink, index, here=here)
                out.append([Segment("  "), *drawn])
        return out

    def _asked(self, width: int, ink: Inks) -> Lines:
        by_mouse = said_of(self.figure.boundaries)
        asks = by_mouse.strip() if self.figure.goal else self.figure.says + by_mouse
        return self._goal(width, ink) + (written(safe_text(asks), width, ink.dim) if asks else [])

    def _goal(self, width: int, ink: Inks) -> Lines:
        """`○ Try: make it fire`, and once it was reached `● Found: make it fire`."""
        goal = self.figure.goal
        if goal is None:
            return []
        found = goal.says in self.found
        sign, word, style = ("●", "Found:", ink.good) if found else ("○", "Try:", ink.act)
        head = [Segment(f"{sign} ", style), Segment(f"{word} ", ink.bold)]
        lines = written(safe_text(goal.says), width - 9, ink.text)
        return [[*(head if k == 0 else [Segment(" " * 7)]), *line] for k, line in enumerate(lines)]


def slider(
    knob: Knob, value: float, beside: tuple[int, str], width: int, ink: Inks, index: int, *, here: bool
) -> Line:
    """`▸ b  ─────┴━━━●────   4`: a knob, filled from zero to its place, its number; a click sets it.

    `beside` are the cells that the labels of all its neighbours take, and what is told of its place.
    """
    names, told = beside
    room = max(LEAST, width - names - len(told) - 6)
    return [
        Segment("▸ " if here else "  ", ink.act),
        Segment(f"{knob.label:<{names}} ", does(ink.bold if here else ink.text, knob=index)),
        *track(knob, value, room, ink, index, here=here),
        Segment(f"  {told}", ink.bold if here else ink.text),
    ]


def track(knob: Knob, value: float, room: int, ink: Inks, index: int, *, here: bool) -> Line:
    """`─────┴━━━●────`: where a knob stands between its ends."""
    spread = knob.high - knob.low

    def cell(number: float) -> int:
        at = round((number - knob.low) / spread * (room - 1)) if spread > 0 else 0
        return min(room - 1, max(0, at))

    at = cell(value)
    signed = knob.low <= 0 <= knob.high and not knob.settings
    zero = cell(0.0)
    filled = ink.plus if value > 0 else ink.minus
    line: Line = []
    for x in range(room):
        place = knob.low + spread * x / max(1, room - 1)
        sign, style = "─", ink.rule
        if x == at:
            sign, style = "●", ink.act if here else ink.bold
        elif signed and min(zero, at) <= x <= max(zero, at):
            sign, style = "━", filled
        elif x == zero and knob.low < 0 < knob.high:
            sign, style = "┴", ink.dim
        line.append(Segment(sign, does(style, knob=index, to=place)))
    return line
