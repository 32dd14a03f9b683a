"""A matrix as tiles with their numbers: the stronger the larger, blue above 0, orange below, as on a map.

Where there are too few colours for tones, shades tell the sizes and the signs of the numbers theirs.
It folds where it is too wide: its columns in parts, one under another, and says so.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, isnan

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from drops.exercises.blocks import Matrix
from drops.text import aligned
from drops.tui.base.ink import Inks, Line, Lines, does

SHADES = " ░▒▓█"
STRONG = 0.5  # of the full size: from there on a tile in hand is gold throughout
EDGE, FOOT = "▏", "▁"  # hair lines of ground between the tiles
TALLEST = 3  # lines of a row where there is room, and
LINES = 24  # those that a few rows may share; a tile is a third taller than broad at most,
ALONE = 7 / 4  # of its cells across that of a lone row, which has nothing below it
WIDEST = 10  # cells of a number with its shade, and
BROADER = 4  # of each line of a taller row, two more


def folds(block: Matrix, width: int) -> bool:
    """Whether its columns do not all stand side by side at this width, with room for their shades."""
    return bool(block.rows and block.columns) and _across(block, width)[2] < len(block.columns)


def cramped(block: Matrix, width: int) -> bool:
    """Whether at this width it folds, or a column's name is cut."""
    if not (block.rows and block.columns):
        return False
    room = (width - _across(block, width)[0]) // len(block.columns) - 1
    return folds(block, width) or room < max(map(cell_len, block.columns))


def draw(block: Matrix, width: int, ink: Inks, more: int = 0) -> Lines:
    """At most `width` cells wide; its rows up to `more` lines taller in all."""
    if not block.rows or not block.columns:
        return []
    names, cell, across = _across(block, width, close=True)
    across = ceil(len(block.columns) / ceil(len(block.columns) / across))  # parts of one size, if it can be
    parts = [range(at, min(at + across, len(block.columns))) for at in range(0, len(block.columns), across)]
    broadest = (width - names) // len(block.columns) - 1 if len(parts) == 1 else cell
    rise = ALONE if len(block.rows) == 1 else 2 / 3
    tallest = min(max(TALLEST, LINES // len(block.rows)), max(1, int(broadest * rise)))
    tall = 1 + max(0, min(tallest - 1, more // (len(block.rows) * len(parts))))
    if tall > 1 and len(parts) == 1:  # a cell that is taller is broader, too
        cell = max(cell, min(BROADER * tall + 2, broadest))
    out: Lines = [[Segment(set_cell_size(block.title, width), ink.bold)]] if block.title else []
    for part in parts:
        if len(parts) > 1:
            last = min(part.stop, len(block.columns))
            those = f"columns {part.start + 1}–{last}" if len(part) > 1 else f"column {last}"
            told = f"folded: {those} of {len(block.columns)}"
            out.append([Segment(set_cell_size(told, width), ink.dim)])
        out += _part(block, part, (names, cell, tall), ink)
    return out


def _across(block: Matrix, width: int, *, close: bool = False) -> tuple[int, int, int]:
    """The cells of its rows' names and of a number, and how many columns stand side by side; `close` where
    there is no wider place for it.
    """
    names = min(max(map(cell_len, block.rows)), max(4, width // 3))
    names = 0 if block.rows == (block.title,) else names  # its name stands above it
    longest = max(len(text) for row in _texts(block) for text in row)
    usual = len("0.") + block.digits  # a share that is 1 now was 0.9: what plays keeps its place, if it can
    if block.full and block.digits and names + len(block.columns) * (usual + 3) <= width:
        longest = max(longest, usual)
    least = max(longest + 2, min(max(map(cell_len, block.columns)), 8))
    room = (width - names) // len(block.columns) - 1
    cell = longest + 2 if room < least else min(max(least, WIDEST), room)
    named = max(longest, *map(cell_len, block.columns))  # no column's name is cut for it
    if close and (room == longest + 1 or room == longest == named):
        cell = room  # no shade beside a number, or no gap even: rather that than a row in two parts
    return names, cell, max(1, (width - names) // (cell + 1))


def _part(block: Matrix, part: range, size: tuple[int, int, int], ink: Inks) -> Lines:
    """The columns of `part`, under their names."""
    names, cell, tall = size
    head: Line = [Segment(" " * names)]
    for c in part:
        name = block.columns[c]
        told = set_cell_size(name, min(cell, cell_len(name)))
        head.append(Segment(" " * (1 + cell - cell_len(told)) + told, ink.dim))
    out, texts = [head], _texts(block)
    sizes = [abs(v) for row in block.values for v in row if v is not None and not isnan(v)]
    full = block.full or max(sizes, default=0.0) or 1.0
    for r, name in enumerate(block.rows):
        for line in range(tall):  # the number stands in the middle of them
            here = line == (tall - 1) // 2
            drawn: Line = [Segment(set_cell_size(name if here else "", names), ink.text)]
            for c in part:
                text = texts[r][c] if here else FOOT if line == tall - 1 else ""
                drawn += _cell(block, (r, c), full, cell, ink, text)
            out.append(drawn)
    return out


def _texts(block: Matrix) -> list[tuple[str, ...]]:
    """The numbers of its cells by row, their points one under another in each column."""
    columns = zip(*([block.told(value) for value in row] for row in block.values), strict=True)
    return list(zip(*map(aligned, columns), strict=True))


def _cell(block: Matrix, at: tuple[int, int], full: float, cell: int, ink: Inks, text: str) -> Line:
    """One line of a cell, with the gap before it: that of its number, its foot, or one of neither."""
    value = block.values[at[0]][at[1]]
    hand, spot, sign = at in block.lit, block.spots.get(at), block.signs.get(at, "")
    told = "" if text == FOOT else text
    if value is None or isnan(value):
        return [Segment(f" {told:>{cell}}", ink.lit if hand else ink.dim)]
    share = max(-1.0, min(1.0, value / full))
    if not ink.few:
        ground, over = _tile(ink, round(share * 100), hand)
        ground, over = (does(one, field=spot) if spot is not None else one for one in (ground, over))
        inner = f"{told:>{cell - 1}} "[:cell] if text != FOOT else FOOT * cell
        if told and sign and inner.endswith(" "):
            judged = Style(color=ink.palette.good if sign == "✓" else ink.palette.bad, bold=True)
            return [Segment(EDGE, ground), Segment(inner[:-1], over), Segment(sign, over + judged)]
        return [Segment(EDGE, ground), Segment(inner, ground if text == FOOT else over)]
    style = ink.lit if hand else ink.plus if value >= 0 else ink.minus
    over = ink.lit if hand else ink.text
    style, over = (does(one, field=spot) if spot is not None else one for one in (style, over))
    shade = SHADES[round((len(SHADES) - 1) * abs(share))]
    left = (shade * (cell - len(told) - 1) + " " if cell > len(told) else "") if told else shade * cell
    if told and sign and left:
        left = sign + left[1:]
    return [Segment(" "), Segment(left, style), Segment(told, over)]


@lru_cache(maxsize=1024)
def _tile(ink: Inks, share: int, hand: bool) -> tuple[Style, Style]:
    """The ground of a tile with its hair lines, and that under its number; `share` in hundredths."""
    palette = ink.palette
    strong = hand and abs(share) >= 100 * STRONG
    tone = palette.accent if strong else palette.tint(palette.accent) if hand else palette.tone(share / 100)
    return Style(color=palette.ground, bgcolor=tone), Style(
        color=palette.ground if strong else palette.text, bgcolor=tone, bold=hand
    )
