"""What a picture is painted on: a ground of two tones a cell, dots of braille over it, text over both.

Places of dots are counted from the top left: a cell is two wide and four high. The ground has two tones a
cell, one above the other. A tone is a level of the palette's ramp; zero is the bare ground, so that between
two signs there is a valley, and a line that runs through it is seen without a staircase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from drops.colours import LEVELS, Palette
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks.pixels import Braille

ZERO = LEVELS // 2
BARE = "░ ▓"  # minus, zero, plus where there are too few colours
NOTHING = Style()


class Canvas:
    """Cells in layers. `held` is what a click anywhere on it means."""

    def __init__(self, width: int, height: int, held: Style = NOTHING) -> None:
        self.width, self.height, self.held = width, height, held
        self.ground: Sequence[Sequence[int]] | None = None  # 2·height rows of tones
        self.dots = Braille(width, height)  # who drew a dot is a place in the styles it is painted in
        self.under: dict[tuple[int, int], tuple[str, Style]] = {}  # axes: what dots and text cover
        self.over: dict[tuple[int, int], tuple[str, Style]] = {}

    def write(self, x: int, y: int, text: str, style: Style) -> None:
        """Text from a cell on; what falls off the canvas is left out."""
        for i, character in enumerate(text, x):
            if 0 <= i < self.width and 0 <= y < self.height:
                self.over[i, y] = (character, style)

    def seek(self, text: str, style: Style, places: Iterable[tuple[int, int]]) -> bool:
        """Writes text at the first place where it covers neither text nor dots; whether there was one."""
        for x, y in places:
            if x < 0 or x + len(text) > self.width or not 0 <= y < self.height:
                continue
            cells = [(i, y) for i in range(x, x + len(text))]
            beside = [(x - 1, y), (x + len(text), y)]
            if any(cell in self.over for cell in [*cells, *beside]) or any(
                c in self.dots.cells for c in cells
            ):
                continue
            self.write(x, y, text, style)
            return True
        return False

    def lines(self, ink: Inks, inks: Sequence[Style], sign: str = "", *, bare: bool = False) -> Lines:
        """The picture. A dot is painted in the ink of who drew it; `sign` stands for dots where colours
        are few and braille would be lost on the shades of the ground. `bare`: where the ground is zero
        there is none."""
        if ink.few:
            return [self._bare(y, inks, sign) for y in range(self.height)]
        paint = _paint(ink.palette, self.held)
        marked: list[set[int]] = [set() for _ in range(self.height)]
        for layer in (self.over, self.dots.cells, self.under):
            for x, y in layer:
                if 0 <= y < self.height:
                    marked[y].add(x)
        return [
            self._row(y, sorted(marked[y]), paint, inks, self.held if bare else None)
            for y in range(self.height)
        ]

    def _bare(self, y: int, inks: Sequence[Style], sign: str) -> Line:
        """A row in signs instead of tones."""
        out: Line = []
        for x in range(self.width):
            dots = self.dots.at(x, y)
            text = self.over.get((x, y))
            if text is None and dots is not None:
                text = (sign or dots[0], inks[dots[1]])
            text = text or self.under.get((x, y))
            if text is None and self.ground is not None:
                level = self.ground[2 * y][x] + self.ground[2 * y + 1][x] - 2 * ZERO
                text = (BARE[(level > 0) - (level < 0) + 1], NOTHING)
            character, style = text or (" ", NOTHING)
            style = style + self.held
            if out and out[-1].style == style:
                out[-1] = Segment(out[-1].text + character, style)
            else:
                out.append(Segment(character, style))
        return out

    def _row(
        self, y: int, marked: list[int], paint: _Paint, inks: Sequence[Style], bare: Style | None
    ) -> Line:
        """A row of tones, broken where something is `marked` on it."""
        out: Line = []
        start = 0
        upper, lower = (self.ground[2 * y], self.ground[2 * y + 1]) if self.ground is not None else ((), ())
        for x in [*marked, self.width]:
            if self.ground is None:
                if x > start:
                    out.append(Segment(" " * (x - start), self.held))
            else:
                _run(out, upper, lower, start, x, paint.pair, bare)
            if x < self.width:
                dots = self.dots.at(x, y)
                character, style = (
                    self.over.get((x, y))
                    or (dots and (dots[0], inks[dots[1]]))
                    or self.under.get((x, y), (" ", NOTHING))
                )
                if self.ground is not None:
                    style = paint.on(style, min(upper[x], lower[x], key=lambda tone: abs(tone - ZERO)))
                else:
                    style = style + self.held
                if out and out[-1].style == style:
                    out[-1] = Segment(out[-1].text + character, style)
                else:
                    out.append(Segment(character, style))
            start = x + 1
        return out


def _run(
    out: Line,
    upper: Sequence[int],
    lower: Sequence[int],
    start: int,
    end: int,
    pair: Callable[[int, int], Style],
    bare: Style | None,
) -> None:
    """Cells start … end − 1 of the ground as run-length segments; of zero they are empty where it is bare."""
    x = start
    while x < end:
        a, b = upper[x], lower[x]
        first = x
        while x < end and upper[x] == a and lower[x] == b:
            x += 1
        if bare is not None and a == b == ZERO:
            out.append(Segment(" " * (x - first), bare))
        else:
            out.append(Segment("▀" * (x - first), pair(a, b)))


class _Paint:
    """The styles of a palette's tones, each made once."""

    def __init__(self, palette: Palette, held: Style) -> None:
        colours = [Color.parse(colour) for colour in palette.ramp]

        @cache
        def pair(top: int, bottom: int) -> Style:
            return Style.from_color(colours[top], colours[bottom]) + held

        @cache
        def on(style: Style, tone: int) -> Style:
            return Style.from_color(None, colours[tone]) + style + held

        self.pair, self.on = pair, on


@lru_cache(maxsize=16)
def _paint(palette: Palette, held: Style) -> _Paint:
    return _Paint(palette, held)
