"""The cases of Progress: a row for each fault, and of the chosen one the way of an expert and the mix-ups."""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment

from drops.study.shown.cases import CaseBook, KnownFault
from drops.tui.base.ink import Inks, Line, Lines, does, ends, indent, width_of, written
from drops.tui.screens.lists.listing import LABEL, READABLE, Entry, labelled

SIGN = 5  # cells before a title
SHORTEST_CELL = 3  # cells of a number in the matrix


def rows(made: CaseBook, now: int, width: int, ink: Inks) -> Iterator[Entry]:
    """A sign says how each stands: ✓ solved by evidence, · met, ○ not met."""
    yield Entry([ends([], [Segment(f"{made.says} ", ink.dim)], width)])
    for at, fault in enumerate(made.faults):
        here = at == now
        sign, style = ("✓", ink.good) if fault.solved else ("·", ink.warn) if fault.met else ("○", ink.dim)
        last = [Segment(f"  {fault.solved} of {fault.met} ", ink.dim)] if fault.met else []
        room = width - SIGN - width_of(last) - 1
        title = written(fault.cause, room, does(ink.bold if here else ink.text, row=at))
        first: Line = [Segment(" ▸ " if here else "   ", ink.act), Segment(f"{sign} ", style), *title[0]]
        yield Entry([ends(first, last, width), *indent(title[1:], SIGN)], at)


def about(made: CaseBook, fault: KnownFault, width: int, ink: Inks) -> Lines:
    """What the fault does, how an expert finds it, and the matrix of each of its sets."""
    room = min(width, READABLE)
    out: Lines = [[], *written(fault.cause, room, ink.bold), *written(fault.stands, room, ink.dim), []]
    out += written(fault.means, room, ink.text)
    out.append([])
    for at, step in enumerate(fault.shows, 1):
        out += labelled(f"Step {at}", written(step, room - LABEL, ink.text), ink)
    for cause, times in fault.taken_for:
        out += labelled("Taken for", written(f"{cause}, {times}×", room - LABEL, ink.warn), ink)
    for one in made.sets:
        if fault.name in one.causes and one.named:
            out += [[], *_matrix(made, one.name, room, ink)]
            for mixed in one.confusions:
                if mixed.parts and fault.cause in (mixed.true, mixed.named):
                    says = f"{mixed.parts} parts “{mixed.named}” from “{mixed.true}”"
                    out += labelled("Apart", written(says, room - LABEL, ink.text), ink)
    return out


def _matrix(made: CaseBook, name: str, width: int, ink: Inks) -> Lines:
    """Named against true: rows are what it was, columns what was named, by number."""
    one = next(found for found in made.sets if found.name == name)
    head = "".join(f"{at:>{SHORTEST_CELL + 1}}" for at in range(1, len(one.causes) + 1))
    label = width - len(head) - 3
    out: Lines = [[Segment(f"{name}: what it was, and what you named", ink.bold)]]
    out.append([Segment(" " * (label + 3)), Segment(head, ink.dim)])
    causes = {fault.name: fault.cause for fault in made.faults}
    for at, true in enumerate(one.causes, 1):
        line: Line = [Segment(f"{at}  ", ink.dim), Segment(f"{causes[true][:label]:{label}}", ink.text)]
        for other in one.causes:
            times = one.named.get((true, other), 0)
            style = ink.dim if not times else ink.good if other == true else ink.warn
            line.append(Segment(f"{times or '·':>{SHORTEST_CELL + 1}}", style))
        out.append(line)
    return out
