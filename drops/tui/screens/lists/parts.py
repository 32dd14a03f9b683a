"""What the pages of Progress are made of: parts under a title, one or two beside each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rich.segment import Segment

from drops.tui.base.ink import Inks, Lines, beside, ends, fit, written

GAP = 3
TWO_COLUMNS = 104  # cells from which two pictures stand side by side
LONGEST = 76  # of a line of words


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


Part = tuple[str, str, Callable[[int], Lines]]  # title, what stands at its right, and what draws it


def columned(parts: list[Part], width: int, ink: Inks) -> Lines:
    """Parts one under another, or two beside each other where there is room."""
    two = width >= TWO_COLUMNS
    each = (width - GAP) // 2 if two else width
    drawn = [headed(title, right, body(each), each, ink) for title, right, body in parts]
    if not two or len(drawn) < 2:
        return [line for part in drawn for line in part]
    out: Lines = []
    for at in range(0, len(drawn), 2):
        out += beside([(part, each) for part in drawn[at : at + 2]], GAP)
    return out


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
