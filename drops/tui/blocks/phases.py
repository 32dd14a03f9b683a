"""The path on Today: a line for each phase, and below it the titles of as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment

from drops.course.model import Drop, LearningPath
from drops.study.today import SIGNS, Today
from drops.tui.base.ink import Inks, Line, Lines, ends, indent, written

PHASE = 32  # cells of a phase's title, before its dots
DONE = ("learning", "solid", "durable", "hard")


def to_come(today: Today) -> Drop | None:
    """The drop that goes on, or is new; else the next that is ahead."""
    path = today.paths.current
    ahead = (d for d in path.drops if today.states.get(d.id) == "ahead") if path else iter(())
    return today.resumes or today.new or next(ahead, None)


def path_dots(path: LearningPath, states: dict[str, str]) -> str:
    """A sign for each drop, a space between phases: ● behind, ◐ today, ○ ahead."""
    sign = {"today": "◐", **dict.fromkeys(DONE, "●")}
    return " ".join(
        "".join(sign.get(states.get(drop.id, "ahead"), "○") for drop in phase.drops) for phase in path.phases
    )


def _dots(today: Today, path: LearningPath, ink: Inks) -> Lines:
    """A line for each phase with the states of its drops, after the last how many are behind."""
    dots = path_dots(path, dict(today.states)).split(" ")
    return [
        [Segment(f"{phase.title:<{PHASE}}", ink.dim), Segment(f"  {signs}", ink.plus)]
        for phase, signs in zip(path.phases, dots, strict=True)
    ]


def phases(today: Today, path: LearningPath, room: int, rows: int, ink: Inks) -> Lines:
    """The path on at most `rows` lines: a line a phase, and the titles of as many as there is room for, of
    the one in hand first; [] where there is no room for a line each."""
    heads, to = _dots(today, path, ink), to_come(today)
    behind: Line = [Segment(f"{today.finished} of {len(path.drops)}", ink.dim)]
    heads = [*heads[:-1], ends(heads[-1], behind, room)] if heads else []
    titles = [_titles(today, phase.drops, room, ink) for phase in path.phases]
    if len(heads) > rows:
        return []
    here = next((at for at, phase in enumerate(path.phases) if to in phase.drops), 0)
    told: set[int] = set()
    between = len(heads) - 1  # blank lines, where titles stand below the phases
    taken = len(heads) + between
    for at in sorted(range(len(heads)), key=lambda at: (abs(at - here), -at)):
        taken += len(titles[at])
        if taken > rows:
            break
        told.add(at)
    airy = bool(told)
    if not told and len(heads) + len(titles[here]) <= rows:
        told = {here}
    out: Lines = []
    for at, head in enumerate(heads):
        out += [[]] if at and airy else []
        out += [head, *(titles[at] if at in told else [])]
    return out


def _titles(today: Today, drops: Sequence[Drop], room: int, ink: Inks) -> Lines:
    """The drops of a phase with their states."""
    out: Lines = []
    for drop in drops:
        state = today.states.get(drop.id, "ahead")
        style = ink.dim if state == "ahead" else ink.plus
        first: Line = [Segment(f"{SIGNS[state]} ", style), Segment(f"{drop.number:>2}  ", ink.dim)]
        title = written(drop.title, room - 6, ink.dim if state == "ahead" else ink.text)
        out += [[*first, *title[0]], *indent(title[1:], 6)]
    return out
