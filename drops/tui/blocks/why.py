"""Where a number comes from: a sum term by term, each with what the loss says of its weight."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment

from drops.networks.lab.why import Sum
from drops.text import number
from drops.tui.base.ink import Inks, Lines, does, ends, fit, written

WIDE = 50  # cells that the hints want in two lines
HEADS = ("weight  ", "from", "", "∂L/∂w", "product")
RIGHT = (True, False, True, True, True)  # the columns whose last digits stand below each other


def draw(sum_: Sum, held: int, width: int, height: int, ink: Inks) -> Lines:
    """The sum as a table; the term `held` is in hand. Where there are too few lines, gaps and hints go first,
    then the terms farthest from it."""
    says = f"{sum_.squash}({sum_.z})" if sum_.squash else sum_.z
    head, *rows = _columns(sum_, held, width)
    above: Lines = [
        fit([Segment(sum_.row, ink.dim)], width),
        [],
        ends([Segment(f"{sum_.name} = {says}", ink.bold)], [Segment(number(sum_.says), ink.bold)], width),
        [],
        [Segment(head, ink.dim)],
    ]
    terms: Lines = [
        [Segment(row, does(ink.act if at == held else ink.text, term=at))] for at, row in enumerate(rows)
    ]
    below: Lines = [
        ends([], [Segment("─" * 9, ink.rule)], width),
        ends([Segment(sum_.z, ink.text)], [Segment(number(sum_.total), ink.bold)], width),
        [],
        ends([Segment("the loss at this row", ink.dim)], [Segment(number(sum_.loss, 4), ink.text)], width),
        ends([Segment(f"∂L/∂{sum_.z}", ink.dim)], [Segment(number(sum_.slope, 4), ink.text)], width),
    ]
    told = (
        (
            "+ − or digits set the weight   enter what it hears",
            "backspace returns   p another row   g gradient",
        )
        if width >= WIDE
        else ("+ − or digits set the weight", "enter what it hears", "p another row   g gradient")
    )
    hints: Lines = [[], *([Segment(one, ink.dim)] for one in told)]
    if len(above) + len(terms) + len(below) + len(hints) <= height:
        return [*above, *terms, *below, *hints]
    above, below, hints = ([line for line in part if line] for part in (above, below, hints))
    if len(above) + len(terms) + len(below) + len(hints) <= height:
        return [*above, *terms, *below, *hints]
    room = max(1, height - len(above) - len(below))
    first = max(0, min(held - room // 2, len(terms) - room))
    return [*above, *terms[first : first + room], *below]


def draw_lines(sum_: Sum, said: Sequence[str], width: int, ink: Inks) -> Lines:
    """Where a weight's gradient, its next step, or the loss comes from: formulas with their numbers."""
    out: Lines = [fit([Segment(sum_.row, ink.dim)], width)]
    for at, line in enumerate(said):
        out += [[], *written(line, width, ink.bold if at == 0 else ink.text)]
    return [*out, [], *written("g the next of these sheets, and back", width, ink.dim)]


def _columns(sum_: Sum, held: int, width: int) -> list[str]:
    """The table, its head first: each weight and what it is of, that number, where there is room the
    gradient, and at the end of the line the product."""
    *terms, bias = sum_.terms
    weights = [f"{number(one.weight)} ·" for one in terms] + [f"{number(bias.weight)}  "]
    longest = max(map(cell_len, weights))
    marked = [f"{'▸' if at == held else ' '} {one.rjust(longest)}" for at, one in enumerate(weights)]
    heard = [*((one.source, number(one.value)) for one in terms), ("bias", "")]
    table = [HEADS, *(
        (weight, *source, number(one.gradient, 4), number(one.product))
        for weight, source, one in zip(marked, heard, sum_.terms, strict=True)
    )]  # fmt: skip
    wide = [max(cell_len(row[k]) for row in table) for k in range(len(HEADS))]
    ways = [(shown, gap) for shown in ((0, 1, 2, 3, 4), (0, 1, 2, 4)) for gap in (2, 1)]
    fits = (way for way in ways if sum(wide[k] for k in way[0]) + way[1] * (len(way[0]) - 1) <= width)
    shown, gap = next(fits, ways[-1])
    lines = []
    for row in table:
        *first, last = (row[k].rjust(wide[k]) if RIGHT[k] else row[k].ljust(wide[k]) for k in shown)
        left = (" " * gap).join(first)
        lines.append(left + last.rjust(max(len(last) + 1, width - cell_len(left))))
    return lines
