"""Options once they are judged: each in its place with its reason. Where not all has room, what was picked
and what is right come first, the others after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from rich.cells import cell_len
from rich.segment import Segment

from drops.exercises.answers import digit
from drops.exercises.blocks import Choice
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks.prose import LONGEST, prose

SHORT = 24  # cells of options whose reasons stand in their lines


def told_first(ask: Choice, picked: Iterable[int]) -> tuple[int, ...]:
    """What was picked, and what is right."""
    right = (i for i, option in enumerate(ask.options) if option.right)
    return tuple(dict.fromkeys((*sorted(picked), *right)))


def judged_options(
    ask: Choice, picked: frozenset[int], reasons: Sequence[str], width: int, ink: Inks, room: int
) -> Lines:
    """All options, at most `room` lines of them if they can do with that; 0: as many as it takes."""
    rows = [judged_option(ask, i, picked, reasons, width, ink) for i in range(len(ask.options))]
    if room <= 0 or sum(map(len, rows)) <= room:
        return [*chain(*rows)]
    first = told_first(ask, picked)
    others = [*chain(*(row for i, row in enumerate(rows) if i not in first))]
    return [*chain(*(rows[i] for i in first)), *([[]] if others else []), *others]


def judged_option(
    ask: Choice, i: int, picked: frozenset[int], reasons: Sequence[str], width: int, ink: Inks
) -> Lines:
    """An option with its sign and its reason: in its line where all of them are short, else under it."""
    option, width = ask.options[i], min(width, LONGEST)
    mine = i in picked
    sign = Segment("✓ ", ink.good) if option.right else Segment("✗ ", ink.bad) if mine else Segment("  ")
    number = f"{digit(i)}  " if ask.picture is None else ""  # a part of a picture has a name, and no number
    box = ("[x] " if mine else "[ ] ") if ask.many else ""
    told = mine or option.right
    head: Line = [sign, Segment(f"{number}{box}", ink.dim)]
    begins = 2 + len(number) + len(box)
    names = max(cell_len(one.text) for one in ask.options)
    name = [[*_in(line, ink, bold=told)] for line in prose(option.text, width - begins, ink) or [[]]]
    short = names <= min(SHORT, width // 3)
    if short:
        begins += names + 2
        name[0].append(Segment(" " * (names + 2 - cell_len("".join(part.text for part in name[0])))))
    why = [
        line if told else [Segment(text, ink.dim) for text, *_ in line]
        for line in (prose(reasons[i], width - begins, ink) if reasons[i] else [])
    ]
    if short:
        name, why = [[*name[0], *(why[0] if why else [])]], why[1:]
    under = Segment(" " * begins)
    first = 2 + len(number) + len(box)
    return [
        [*head, *name[0]],
        *([Segment(" " * first), *line] for line in name[1:]),
        *([under, *line] for line in why),
    ]


def _in(line: Line, ink: Inks, *, bold: bool) -> Line:
    """An option's words: what the answer is about stands out."""
    return [
        Segment(text, (style or ink.text) + ink.bold if bold else style or ink.text)
        for text, style, _ in line
    ]
