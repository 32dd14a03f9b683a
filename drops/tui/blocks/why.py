"""Where a number comes from: a sum term by term, each with what the loss says of its weight."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from drops.networks.lab.why import Sum
from drops.text import number
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, written

WHOLE = 46  # cells: narrower, the gradient is left out
WIDE, NARROW = 50, 35  # cells that the hints want in two lines; below the second, columns stand closer


def draw(sum_: Sum, held: int, width: int, height: int, ink: Inks) -> Lines:
    """The sum as a table; the term `held` is in hand. Where there are too few lines, gaps and hints go first,
    then the terms farthest from it."""
    whole = width >= WHOLE
    says = f"{sum_.squash}({sum_.z})" if sum_.squash else sum_.z
    above: Lines = [
        fit([Segment(sum_.row, ink.dim)], width),
        [],
        ends([Segment(f"{sum_.name} = {says}", ink.bold)], [Segment(number(sum_.says), ink.bold)], width),
        [],
        _row("weight", "from", "", "∂L/∂w" if whole else "", "product", width, ink.dim, ink),
    ]
    terms: Lines = []
    for at, term in enumerate(sum_.terms):
        bias = at == len(sum_.terms) - 1
        line = _row(
            f"{'▸' if at == held else ' '} {number(term.weight)}{'' if bias else ' ·'}",
            "bias" if bias else term.source, "" if bias else number(term.value),
            number(term.gradient, 4) if whole else "", number(term.product), width,
            ink.act if at == held else ink.text, ink,
        )  # fmt: skip
        terms.append([Segment(text, does(style or ink.text, term=at)) for text, style, _ in line])
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


def _row(
    weight: str, source: str, value: str, slope: str, product: str, width: int, style: Style, ink: Inks
) -> Line:
    """Columns: weight, what it listens to, that number, the gradient, the product."""
    if width < NARROW:
        weight = weight.removesuffix(" ·")
        return [Segment(f"{weight:>8} {source:<5}{value:>8}", style), Segment(f"{product:>8}", style)]
    gap = max(0, width - 35 - (9 if slope else 0))
    return [
        Segment(f"{weight:>10} {source:<7}{value:>8}{' ' * gap}", style),
        Segment(f"{slope:>9}" if slope else "", ink.dim),
        Segment(f"{product:>9}", style),
    ]
