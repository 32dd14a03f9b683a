"""Every block of the vocabulary, drawn. The type checker names the one that was forgotten."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from rich.segment import Segment

from drops.exercises.blocks import (
    Bars,
    Beside,
    Curve,
    Figure,
    Knob,
    Matrix,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.exercises.dragging import Hold, MapArea, Place, dragged, hold
from drops.tui.base.ink import Inks, Lines, beside, fit
from drops.tui.blocks import bars, curve, diagram, knobs, matrix, number_line, plane, sheet
from drops.tui.blocks.abreast import NARROWEST, in_rows
from drops.tui.blocks.prose import prose
from drops.tui.blocks.refs import Refs, marked, refs_of

SLIDER = 40  # cells of a slider where it has no pane of its own
TALLEST = 22  # lines of a map, and
CURVE = 11  # of a curve's canvas, where text and pictures share a column
LOWEST, FLAT = 6, 4  # lines of a curve's canvas; in a pane of its own, where that is low
LEAST = 12  # lines that a figure with its knobs can do with, where several share a pane


@dataclass
class Hands:
    """What the learner has moved: each figure's knobs, the knob in hand, numbers on wires."""

    values: dict[Figure, dict[str, float]] = field(default_factory=dict)
    kept: dict[Figure, tuple[dict[str, float], tuple[Show, ...]]] = field(default_factory=dict)  # last drawn
    knob: int = 0  # among all knobs of the page, from 0
    numbers: bool = True  # whether weights stand on their wires
    active: bool = False  # whether the arrows move knobs now
    flow: float = math.inf  # layers of a net that its values have crossed so far
    held: Hold | None = None  # the line that the mouse holds
    within: int | None = None  # while a figure is drawn whose lines can be held: its first knob
    tall: int = 0  # lines that are seen at once, for a figure to stand above its knobs; 0: no limit
    found: set[str] = field(default_factory=set)  # the goals that were reached
    fill: bool = False  # whether pictures have a pane of their own, and take all of it
    asked: Refs | None = None  # what the names of the blanks of a question stand for
    aside: set[tuple[Figure, int, int]] = field(default_factory=set)  # whose knobs stand beside, in what room

    @property
    def pane(self) -> int:
        """The lines of a pane that pictures have to themselves; 0 where they have none."""
        return self.tall if self.fill else 0

    def liked(self, block: Curve | Surface | Wires, width: int) -> int:
        """The lines that a picture's canvas would take if nothing else were there."""
        if isinstance(block, Wires):
            return diagram.rows_liked(block, self.pane)
        if isinstance(block, Surface):
            return min(plane.rows_liked(block, width), self.tall if self.fill else TALLEST)
        return self.tall if self.fill else CURVE

    @classmethod
    def on(cls, blocks: tuple[Show, ...]) -> Hands:
        """Hands on every figure among the blocks, each knob where it starts."""
        return cls({figure: {knob.name: knob.start for knob in figure.knobs} for figure in figures(blocks)})

    def of(self, figure: Figure) -> dict[str, float]:
        return self.values.setdefault(figure, {knob.name: knob.start for knob in figure.knobs})

    def shown(self, figure: Figure) -> tuple[Show, ...]:
        """What a figure shows as its knobs stand: drawn once for each setting, however often it is asked."""
        values = self.of(figure)
        kept = self.kept.get(figure)
        if kept is None or kept[0] != values:
            kept = self.kept[figure] = dict(values), figure.draw(values)
        return kept[1]

    @property
    def refs(self) -> Refs:
        """What names in a text stand for: the blanks of the question, else the knobs of the page."""
        if self.asked is not None:
            return self.asked
        names = ((knob.label, {"knob": i}) for i, (_, knob) in enumerate(self.knobs))
        return refs_of(names, {"knob": self.knob} if self.active else None)

    @property
    def knobs(self) -> list[tuple[Figure, Knob]]:
        return [(figure, knob) for figure in self.values for knob in figure.knobs]

    def first(self, figure: Figure) -> int:
        """The place of a figure's first knob among all knobs."""
        return next((i for i, (other, _) in enumerate(self.knobs) if other is figure), 0)

    def move(self, by: int) -> None:
        """Moves the knob in hand by steps of its own."""
        figure, knob = self.knobs[self.knob]
        values = self.of(figure)
        values[knob.name] = knob.nearest(values[knob.name] + by * knob.step)
        self._look(figure)

    def _look(self, figure: Figure) -> None:
        """Whether the goal is reached, which is kept: it stays found when the knobs go on."""
        if figure.goal is not None and figure.goal.reached(self.of(figure)):
            self.found.add(figure.goal.says)

    def put(self, index: int, value: float) -> None:
        """Takes a knob in hand and sets it."""
        self.knob = index
        figure, knob = self.knobs[index]
        self.of(figure)[knob.name] = knob.nearest(value)
        self._look(figure)

    def take(self, first: int, canvas: MapArea, at: Place) -> bool:
        """Whether the mouse took hold of a line of a map, by whose figure's first knob the map is known."""
        figure = self.knobs[first][0]
        self.held = hold(figure.boundaries, self.of(figure), canvas, at)
        if self.held is not None:
            line = figure.boundaries[self.held.line]
            names = [knob.name for knob in figure.knobs]
            self.knob = first + names.index(line.turns[0] if self.held.turns else line.slides)
        return self.held is not None

    def drag(self, first: int, canvas: MapArea, at: Place) -> None:
        """The line in hand follows the mouse."""
        figure = self.knobs[first][0]
        if self.held is not None:
            line, now = figure.boundaries[self.held.line], self.of(figure)
            self.values[figure] = dragged(self.held, line, figure.knobs, now, canvas, at)
            self._look(figure)


def draw(block: Show, width: int, ink: Inks, hands: Hands | None = None, less: int = 0) -> Lines:
    """One block at most `width` cells wide; a picture up to `less` lines lower than it likes to be.

    Where `less` is negative, bars and tables may be so many lines taller.
    """
    hands = hands or Hands()
    match block:
        case Words(markdown=markdown):
            return marked(prose(markdown, width, ink), hands.refs, ink)
        case Sheet():
            return sheet.draw(block, width, ink, more=-less if hands.fill else 0)
        case Wires():
            rows = hands.liked(block, width) - max(0, less)
            return diagram.draw(block, width, ink, numbers=hands.numbers, flow=hands.flow, rows=rows)
        case Curve():
            least = FLAT if hands.fill else LOWEST
            return curve.draw(block, width, ink, max(least, hands.liked(block, width) - max(0, less)))
        case Surface():
            rows = max(plane.FLATTEST, hands.liked(block, width) - max(0, less))
            return plane.draw(block, width, ink, rows, hands.within)
        case Bars():
            return bars.draw(block, width, ink, -less, fill=hands.fill)
        case Strip():
            return number_line.draw(block, width, ink, -less if hands.fill else 0, fill=hands.fill)
        case Matrix():
            return matrix.draw(block, width, ink, more=-less if hands.fill else 0)
        case Figure():
            return _figure(block, width, ink, hands)
        case Beside():
            return _beside(block, width, ink, hands, less)
        case _:
            assert_never(block)


def draw_all(
    blocks: tuple[Show, ...], width: int, ink: Inks, hands: Hands | None = None, less: int = 0
) -> Lines:
    """Blocks one under another, a blank line between; no curve or map is taller than what is seen at once."""
    out: Lines = []
    for _, lines in draw_each(blocks, width, ink, hands, less):
        out += [[], *lines] if out and lines else lines
    return out


def draw_each(
    blocks: tuple[Show, ...], width: int, ink: Inks, hands: Hands | None = None, less: int = 0
) -> Iterator[tuple[Show, Lines]]:
    """Each with its lines."""
    hands = hands or Hands()
    for block in blocks:
        over = 0
        if hands.tall > 0 and _gives_way(block):
            over = _height(block, width, ink, hands) - hands.tall
            over = -(-over // max(1, _rows_that_give(block, width, hands)))  # of rows each gives its share
        yield block, draw(block, width, ink, hands, max(less, over) if over or less > 0 else less)


def fitted(shown: tuple[Show, ...], width: int, ink: Inks, hands: Hands, more: int) -> Lines:
    """Blocks that make room for `more` lines, so that all is seen at once; a pane of their own they fill."""
    if hands.fill and len(shown) > 1:
        return _filled(shown, width, ink, hands, more)
    if hands.fill and hands.tall:
        hands, more = replace(hands, tall=max(1, hands.tall - more)), 0
    over, giving = 0, sum(_rows_that_give(block, width, hands) for block in shown)
    if hands.tall > 0 and (giving or hands.fill):  # where nothing gives way, nothing is counted in vain
        over = _tall(shown, width, ink, hands) + more - hands.tall
    if over < 0 and not hands.fill:
        over = 0
    growing = giving or sum(map(_grows, shown))
    return draw_all(shown, width, ink, hands, -(-over // max(1, growing)))


def _filled(shown: tuple[Show, ...], width: int, ink: Inks, hands: Hands, more: int) -> Lines:
    """Several blocks in a pane: what they leave of it goes to pictures, else to bars, else to tables."""
    plain = replace(hands, fill=False, tall=0)
    heights = [_height(block, width, ink, plain) for block in shown]
    spare = hands.tall - more - sum(heights) - sum(map(bool, heights)) + 1
    growing = [_gives_way(block) or isinstance(block, Figure) for block in shown]
    tables = not any(growing) and not any(isinstance(block, Bars) for block in shown)
    if not any(growing):
        growing = [*map(_grows, shown)] if tables else [isinstance(block, Bars) for block in shown]
    # a table of one row is not made as high as one of six
    parts = [height if tables else 1 for height in heights]
    shared = max(1, sum(itertools.compress(parts, growing)))
    rooms = [height + spare * part // shared for height, part in zip(heights, parts, strict=True)]
    if spare < 0:  # what is too much is taken from each by its size
        mine = sum(itertools.compress(heights, growing))
        rooms = [height * max(0, mine + spare) // max(1, mine) for height in heights]
    if not any(growing) or (spare < 0 and min(itertools.compress(rooms, growing)) < LEAST):
        return fitted(shown, width, ink, replace(hands, fill=False), more)
    out: Lines = []
    for block, room, grows in zip(shown, rooms, growing, strict=True):
        lines = (
            fitted((block,), width, ink, replace(hands, tall=room), 0)
            if grows
            else draw(block, width, ink, hands)
        )
        out += [[], *lines] if out and lines else lines
    return out


def _beside(block: Beside, width: int, ink: Inks, hands: Hands, less: int) -> Lines:
    rows, out = in_rows(block, width, hands.pane), Lines()
    less = less if less > 0 else -(-less // len(rows))  # rows one under another share what is left over
    titles = iter(block.titles)
    for row in rows:
        heads = [[fit([Segment(next(titles, ""), ink.bold)], room)] for _, room in row if block.titles]
        drawn = [draw(one, room, ink, hands, less) for one, room in row]
        tall = max(map(len, drawn))
        for at, (one, room) in enumerate(row):  # tiles beside a higher picture are as high as it
            if hands.fill and isinstance(one, Matrix) and len(drawn[at]) < tall:
                drawn[at] = matrix.draw(one, room, ink, more=tall - len(matrix.draw(one, room, ink)))
        heads = heads or [[]] * len(row)
        lines = beside(
            ([*head, *lines], room) for head, lines, (_, room) in zip(heads, drawn, row, strict=True)
        )
        out += [[], *lines] if out else lines
    return out


def _gives_way(block: Show) -> bool:
    """Whether there is a picture in it that can be lower than it likes to be."""
    if isinstance(block, Wires):
        return max(map(len, block.names)) > 1  # a chain of single units is as low as it can be
    inner = block.blocks if isinstance(block, Beside) else ()
    return isinstance(block, Curve | Surface) or any(map(_gives_way, inner))


def _grows(block: Show) -> bool:
    """Whether its rows may be taller, or stand apart, where nothing else takes the room."""
    inner = block.blocks if isinstance(block, Beside) else ()
    return isinstance(block, Bars | Sheet | Matrix | Strip) or any(map(_grows, inner))


def _rows_that_give(block: Show, width: int, hands: Hands) -> int:
    """How many pictures that give way stand one under another in it."""
    if isinstance(block, Beside):
        rows = in_rows(block, width, hands.pane)
        return sum(any(_gives_way(one) for one, _ in row) for row in rows)
    return int(_gives_way(block))


def _tall(shown: tuple[Show, ...], width: int, ink: Inks, hands: Hands, *, least: bool = False) -> int:
    """How many lines blocks take one under another, as tall as they like to be, or as they can do with. No
    picture is drawn."""
    heights = [_height(block, width, ink, hands) for block in shown]
    if least:
        heights = [tall - _gives(block, width, hands) for tall, block in zip(heights, shown, strict=True)]
    return sum(heights) + max(0, sum(map(bool, heights)) - 1)


def _height(block: Show, width: int, ink: Inks, hands: Hands) -> int:
    match block:
        case Curve():
            return hands.liked(block, width) + curve.more(block, width)
        case Surface():
            return hands.liked(block, width) + plane.more(block)
        case Wires():
            return hands.liked(block, width) + 1
        case Beside():
            rows = in_rows(block, width, hands.pane)
            tall = (max(_height(one, room, ink, hands) for one, room in row) for row in rows)
            return sum(tall) + bool(block.titles) * len(rows) + max(0, len(rows) - 1)
        case Words() | Sheet() | Bars() | Strip() | Matrix() | Figure():
            return len(draw(block, width, ink, hands))
        case _:
            assert_never(block)


def _gives(block: Show, width: int, hands: Hands) -> int:
    """How many lines lower than it likes to be a picture can be."""
    if isinstance(block, Surface):
        return max(0, hands.liked(block, width) - plane.FLATTEST)
    return max(0, hands.liked(block, width) - LOWEST) if isinstance(block, Curve) else 0


def _figure(figure: Figure, width: int, ink: Inks, hands: Hands) -> Lines:
    first, shown = hands.first(figure), hands.shown(figure)
    held = hands.knob - first if hands.active else None
    mine = replace(hands, within=first if figure.boundaries else None)
    turned = knobs.Turned(figure, hands.of(figure), first, held, found=hands.found)
    room = width if hands.fill else min(width, SLIDER + turned.widest)
    below = turned.lines(room, width, ink)
    here = figure, width, hands.tall
    stays = here in hands.aside  # knobs that stood beside it do not move as they are turned
    if stays or (hands.tall and figure.knobs and not _stands(shown, width, ink, mine, len(below))):
        beside_it = _beside_its_knobs(turned, shown, width, ink, mine)
        least = _tall(shown, width, ink, mine, least=True) + len(below)
        fits = stays or len(beside_it) <= max(hands.tall, least - 1)
        rooms = (width, plane.FLATTEST + hands.tall - least), (knobs.leave(width), len(beside_it))
        if beside_it and fits and not plane.larger_above(shown, *rooms):
            hands.aside.add(here)
            return beside_it
    return fitted(shown, width, ink, mine, len(below)) + below  # who turns a knob wants to see what it does


def _stands(shown: tuple[Show, ...], width: int, ink: Inks, hands: Hands, more: int) -> bool:
    """Whether blocks are seen at once with `more` lines under them; a map not much smaller than it likes."""
    least = not any(isinstance(block, Surface) for block in shown)
    return _tall(shown, width, ink, hands, least=least) + more <= hands.tall


def _beside_its_knobs(
    turned: knobs.Turned, shown: tuple[Show, ...], width: int, ink: Inks, hands: Hands
) -> Lines:
    """What is drawn, and right of it the knobs with what is said of their places. What needs the whole width
    stands above or below; nothing, where there is no room for all this."""
    room = knobs.leave(width)
    side = width - room - knobs.GAP
    said: list[Show] = []
    row, around = list[Show](), (list[Show](), list[Show]())
    for block in shown:
        if isinstance(block, Words) or (isinstance(block, Sheet) and sheet.fits(block, side, ink)):
            said.append(block)
        elif _needs_width(block, width, room, ink):
            around[bool(row)].append(block)
        else:
            row.append(block)
    if not row:  # then words stand beside the knobs
        row, said = said, []
    if not row or room < NARROWEST:
        return []
    above, below = (draw_all(tuple(each), width, ink, hands) for each in around)
    above, below = [*above, *([[]] if above else [])], [*([[]] if below else []), *below]
    more = len(above) + len(below)
    told = draw_all(tuple(said), side, ink, replace(hands, tall=0))
    left = fitted(tuple(row), room, ink, hands, more)
    right = turned.column(side, hands.tall - more, told, ink)
    return [*above, *beside([(left, room), (right, side)], knobs.GAP), *below]


def _needs_width(block: Show, width: int, room: int, ink: Inks) -> bool:
    """Whether it loses something where it has only `room`: numbers on wires, names, unbroken rows."""
    match block:
        case Wires():
            return diagram.tells_weights(block, width) and not diagram.tells_weights(block, room)
        case Sheet():
            return not sheet.fits(block, room, ink)
        case Bars():
            return any("…" in part.text for line in draw(block, room, ink) for part in line)
        case Matrix():
            return matrix.folds(block, room) and not matrix.folds(block, width)
        case Beside():
            return len(in_rows(block, room, 0)) > len(in_rows(block, width, 0))
        case Words() | Curve() | Surface() | Strip() | Figure():
            return False
        case _:
            assert_never(block)


def figures(blocks: tuple[Show, ...]) -> tuple[Figure, ...]:
    """Every figure among the blocks, also those that stand beside another."""
    out: list[Figure] = []
    for block in blocks:
        out += [block] if isinstance(block, Figure) else []
        out += figures(block.blocks) if isinstance(block, Beside) else []
    return tuple(out)
