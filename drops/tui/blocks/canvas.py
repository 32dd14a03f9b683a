"""What a picture is painted on: a ground of two tones a cell, dots of braille over it, text over both.

Places of dots are counted from the top left: a cell is two wide and four high. The ground has two tones a
cell, one above the other. A tone is a level of the palette's ramp; zero is the bare ground, so that between
two signs there is a valley, and a line that runs through it is seen without a staircase.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from drops.colours import LEVELS, Palette
from drops.tui.base.edges import Parted
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks.pixels import Braille

ZERO = LEVELS // 2
BARE = "░ ▓"  # minus, zero, plus where there are too few colours
MUCH = " ░▒▓"  # nothing to the most
NOTHING = Style()
BRAILLE = 0x2800


def shades_of(ground: Sequence[Sequence[int]]) -> Mapping[int, str]:
    """Each tone's sign where they are several of one side, the fuller the darker: ink on paper, a kernel on
    its picture. {} where the side alone tells them apart."""
    tones = sorted({tone for row in ground for tone in row} - {ZERO})
    if len(tones) < 2 or tones[0] < ZERO:
        return {}
    steps = len(MUCH) - 2  # between the faintest and the fullest
    return {ZERO: MUCH[0]} | {
        tone: MUCH[1 + round(steps * rank / (len(tones) - 1))] for rank, tone in enumerate(tones)
    }


class Canvas:
    """Cells in layers. `held` is what a click anywhere on it means."""

    def __init__(self, width: int, height: int, held: Style = NOTHING) -> None:
        self.width, self.height, self.held = width, height, held
        self.ground: Sequence[Sequence[int]] | None = None  # 2·height rows of tones
        self.amount = False  # whether they are of no sign
        self.shades: Mapping[int, str] = {}  # the signs of a few tones, where colours are few
        self.edges: dict[tuple[int, int], Parted] = {}  # cells of the ground that are parted otherwise
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
            signs = (ink.minus, NOTHING, ink.plus)
            return [self._bare(y, inks, sign, signs) for y in range(self.height)]
        paint = _paint(ink.palette, self.held, amount=self.amount)
        marks = {at: (sign, paint.pair(tone, ground)) for at, (sign, tone, ground) in self.edges.items()}
        marks |= self.under
        marks |= {at: (chr(BRAILLE + dots), inks[who]) for at, (dots, who) in self.dots.cells.items()}
        marks |= self.over
        rows: list[dict[int, tuple[str, Style]]] = [{} for _ in range(self.height)]
        for (x, y), mark in marks.items():
            if x < self.width and 0 <= y < self.height:
                rows[y][x] = mark
        return [self._row(y, row, paint, self.held if bare else None) for y, row in enumerate(rows)]

    def _bare(self, y: int, inks: Sequence[Style], sign: str, signs: Sequence[Style]) -> Line:
        """A row in signs instead of tones, in the inks of minus, zero and plus."""
        out: Line = []
        text, last = "", NOTHING
        dots, over, under = self.dots.cells, self.over, self.under
        upper, lower = (self.ground[2 * y], self.ground[2 * y + 1]) if self.ground is not None else ((), ())
        for x in range(self.width):
            at = x, y
            if (found := over.get(at)) is not None:
                character, style = found
            elif (dot := dots.get(at)) is not None:
                character, style = sign or chr(BRAILLE + dot[0]), inks[dot[1]]
            elif (found := under.get(at)) is not None:
                character, style = found
            elif upper and self.amount:
                character, style = MUCH[(upper[x] + lower[x]) * len(MUCH) // (2 * LEVELS)], signs[1]
            elif upper and self.shades:
                character, style = self.shades[upper[x]], signs[2]
            elif upper:
                level = upper[x] + lower[x] - 2 * ZERO
                side = (level > 0) - (level < 0) + 1
                character, style = BARE[side], signs[side]
            else:
                character, style = " ", NOTHING
            if style is not last and text:
                out.append(Segment(text, last + self.held))
                text = ""
            text, last = text + character, style
        return [*out, Segment(text, last + self.held)] if text else out

    def _row(self, y: int, marked: dict[int, tuple[str, Style]], paint: _Paint, bare: Style | None) -> Line:
        """A row of tones, broken where something is `marked` on it."""
        out: Line = []
        start, text, last = 0, "", NOTHING  # what is gathered of neighbours in one style
        upper, lower = (self.ground[2 * y], self.ground[2 * y + 1]) if self.ground is not None else ((), ())
        for x, (character, own) in sorted(marked.items()):
            if x > start:
                if text:
                    out.append(Segment(text, last))
                    text = ""
                self._between(out, upper, lower, start, x, paint, bare)
            if upper:
                a, b = upper[x], lower[x]
                style = paint.on(own, a if a == b or abs(a - ZERO) <= abs(b - ZERO) else b)
            else:
                style = paint.with_held(own)
            if style is not last and text:
                out.append(Segment(text, last))
                text = ""
            text, last = text + character, style
            start = x + 1
        if text:
            out.append(Segment(text, last))
        if start < self.width:
            self._between(out, upper, lower, start, self.width, paint, bare)
        return out

    def _between(
        self,
        out: Line,
        upper: Sequence[int],
        lower: Sequence[int],
        start: int,
        end: int,
        paint: _Paint,
        bare: Style | None,
    ) -> None:
        """The cells start … end − 1, on which nothing is marked."""
        if upper:
            _run(out, upper, lower, start, end, paint.pair, bare)
        else:
            out.append(Segment(" " * (end - start), self.held))


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
        x += 1
        while x < end and upper[x] == a and lower[x] == b:
            x += 1
        if bare is not None and a == b == ZERO:
            out.append(Segment(" " * (x - first), bare))
        else:
            out.append(Segment("▀" * (x - first), pair(a, b)))


class _Paint:
    """The styles of tones, each made once."""

    def __init__(self, tones: Sequence[str], held: Style) -> None:
        colours = [Color.parse(colour) for colour in tones]

        @cache
        def pair(top: int, bottom: int) -> Style:
            return Style.from_color(colours[top], colours[bottom]) + held

        @cache
        def on(style: Style, tone: int) -> Style:
            return Style.from_color(None, colours[tone]) + style + held

        @cache
        def with_held(style: Style) -> Style:
            return style + held

        self.pair, self.on, self.with_held = pair, on, with_held


@lru_cache(maxsize=16)
def _paint(palette: Palette, held: Style, *, amount: bool) -> _Paint:
    return _Paint(palette.amounts if amount else palette.ramp, held)
