"""What the pages of Progress are made of: parts under a title, one or two beside each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rich.segment import Segment

from drops.tui.base.ink import Inks, Lines, beside, ends, fit, written
from drops.tui.blocks import columns

GAP = 3
TWO_COLUMNS = 104  # cells from which two pictures stand side by side
LONGEST = 76  # of a line of words
TALLEST = 30  # lines of a picture


def headed(title: str, right: str, body: Lines, width: int, ink: Inks) -> Lines:
    """A part of a page: its title over a rule, and under it what it says.

    What stands at the right of the title goes below the rule where there is no room for both.
    """
    both = len(title) + 2 + len(right) <= width
    return [
        ends([Segment(title, ink.bold)], [Segment(right if both else "", ink.dim)], width),
        [Segment("─" * width, ink.rule)],
        *([] if both else written(right, width, ink.dim)),
        *body,
        [],
    ]


# Title, what stands at its right, and what draws it on so many cells with a picture of so many lines.
Part = tuple[str, str, Callable[[int, int], Lines]]


def columned(parts: list[Part], width: int, rows: int, ink: Inks) -> Lines:
    """Parts one under another, or where there is room in two columns, by turns; their pictures take the
    lines that are left of `rows`."""
    if width < TWO_COLUMNS or len(parts) < 2:
        return stacked(parts, width, rows, ink)
    each = (width - GAP) // 2
    return beside([(stacked(parts[at::2], each, rows, ink), each) for at in (0, 1)], GAP)


def stacked(parts: list[Part], width: int, rows: int, ink: Inks) -> Lines:
    """Parts one under another. Those whose picture can be taller share the lines that are left."""

    def drawn(part: Part, tall: int) -> Lines:
        title, right, body = part
        return headed(title, right, body(width, tall), width, ink)

    shown = [drawn(part, columns.HEIGHT) for part in parts]
    left = rows - sum(map(len, shown))
    if left > 0:
        grown = [drawn(part, min(TALLEST, columns.HEIGHT + left)) for part in parts]
        grow = [at for at, taller in enumerate(grown) if len(taller) > len(shown[at])]
        for at in grow:
            shown[at] = drawn(parts[at], min(TALLEST, columns.HEIGHT + left // len(grow)))
    return [line for part in shown for line in part]


def short(day: date) -> str:
    return f"{day.day} {day:%b}"


def empty(width: int, ink: Inks) -> Lines:
    """Before the first answer: what will stand here, and from when."""
    says = (
        ("after the first drop", "accuracy, minutes, the calendar's first square, what comes back and when"),
        ("from the second day", "which drops you still know a day later"),
        ("after 20 reviews", "how well your recall is predicted"),
        ("in three weeks or so", "the first solid drops"),
    )
    names = max(len(when) for when, _ in says)
    out: Lines = [[Segment("Nothing is answered yet.", ink.bold)], []]
    for when, what in says:
        text = written(what, max(16, min(width, LONGEST) - names - 3), ink.text)
        out += [
            [Segment(f"{'' if at else when:<{names}}   ", ink.dim), *line] for at, line in enumerate(text)
        ]
    return [fit(line, width) for line in out]
