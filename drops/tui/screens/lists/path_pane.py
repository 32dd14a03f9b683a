"""What the Path screen tells beside its list: of one drop, or of the path as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment

from drops.course.model import Drop, LearningPath
from drops.study.today import Held, Today, held, in_full, weakest
from drops.text import counted
from drops.tui.base.ink import Inks, Line, Lines, fit, indent, written
from drops.tui.blocks import teaser
from drops.tui.blocks.prose import prose
from drops.tui.screens.lists.listing import LABEL, READABLE, labelled

if TYPE_CHECKING:
    from drops.study.looking_back import About

LOWEST, WIDEST = 9, 110  # lines of a drop's picture at least, and its cells at most
BAR = 15  # cells of the bar that says how long an item holds
FULL = 45.0  # days that fill it
BESIDE = 18  # cells that what is said beside a bar takes


def about_drop(drop: Drop, today: Today, told: About | None, width: int, ink: Inks) -> Lines:
    """Its goal, what it leaves out, how long each of its items holds, its mix-ups, its last result."""
    room = min(width, READABLE)
    state = today.states.get(drop.id, "ahead")
    out: Lines = [[], *written(f"{drop.number} · {drop.title}", room, ink.bold)]
    out += written(f"{drop.minutes:g} min · {in_full(state)}{today.tells_begun(drop.id)}", room, ink.dim)
    out += [[], *prose(drop.goal, room, ink)]
    out += written(drop.scope, room, ink.dim) if drop.scope else []
    listed = held(drop, today.memories, today.resting)
    if any(one.days is not None for one in listed):
        out += [[], *items(listed, room, ink)]
    out.append([])
    if missing := today.missing.get(drop.id):
        out += labelled("Next", written(missing, room - LABEL, ink.text), ink)
    if told:
        if mix_ups := told.mix_ups.get(drop.id):
            lines = [line for says in mix_ups for line in written(says, room - LABEL, ink.text)]
            out += labelled("Mix-ups", lines, ink)
        if last := told.last.get(drop.id):
            out += labelled("Last", written(last, room - LABEL, ink.text), ink)
    if drop.teaches:
        out += labelled("Terms", written(" · ".join(drop.teaches), room - LABEL, ink.dim), ink)
    return out


def pictured(said: Lines, drop: Drop, width: int, rows: int, ink: Inks) -> Lines:
    """What is said of a drop, and below it the picture that announces it where there is room for it."""
    left = rows - len(said) - 2
    if drop.picture is None or left < LOWEST:
        return said
    picture = teaser.draw(drop.picture, min(width, WIDEST), left, ink)
    return [*said, [], *picture] if len(picture) <= left else said


def items(listed: Sequence[Held], width: int, ink: Inks) -> Lines:
    """What comes back of a drop, each with how long it holds; the weakest is named."""
    least = weakest(listed)
    titles = max((len(one.title) for one in listed), default=0) + 2
    out: Lines = []
    for one in listed:
        says = "not asked yet" if one.days is None else counted(max(1, round(one.days)), "day")
        says = "at rest" if one.rests else says
        style = ink.bold if one is least else ink.dim if one.rests else ink.text
        bar = [*holds(one.days or 0.0, BAR, ink), Segment(f"  {says:<9}", style)]
        bar += [Segment("weakest", ink.warn)] if one is least else []
        if titles + BAR + BESIDE <= width:
            out.append([*fit([Segment(one.title, style)], titles), *bar])
        else:
            out += [*written(one.title, width, style), [Segment("  "), *bar]]
    return out


def holds(days: float, cells: int, ink: Inks) -> Line:
    """A bar as long as an item holds."""
    filled = min(cells, round(days / FULL * cells)) or (1 if days > 0 else 0)
    return [Segment("━" * filled, ink.plus), Segment("─" * (cells - filled), ink.rule)]


def about_path(path: LearningPath, told: About | None, width: int, ink: Inks) -> Lines:
    """What it is about, what one can do at its end with the evidence so far, its questions, its sources."""
    room = min(width, READABLE)
    about = " · ".join(filter(None, (path.level, path.subject, path.rhythm)))
    out: Lines = [[], *written(f"{path.emoji} {path.title}".strip(), room, ink.bold)]
    out += written(about, room, ink.dim)
    for title, text in (
        ("", path.summary),
        ("Why it matters", path.why),
        ("What you will learn", bullets(path.learn)),
        ("The common pitfall", path.pitfall),
        ("Before you start", path.prerequisites),
        ("Practice", path.practice),
    ):
        out += _part(title, text, room, ink)
    out += _outcomes(path, told, room, ink)
    for question, answer in path.faq:
        out += _part(question, answer, room, ink)
    out += _part("Resources", bullets(f"{r.title} ({r.kind}) {r.url}" for r in path.resources), room, ink)
    return out + _part("Key terms", ", ".join(path.glossary) + ".  \n`t` explains each.", room, ink)


def _part(title: str, text: str, room: int, ink: Inks) -> Lines:
    if not text.strip():
        return []
    return [[], *(written(title, room, ink.bold) if title else []), *prose(text, room, ink)]


def _outcomes(path: LearningPath, told: About | None, room: int, ink: Inks) -> Lines:
    """What one can do at the end, each with what has been shown of it so far."""
    if not path.outcomes:
        return []
    shown = {one.text: one for one in (told.outcomes if told else ()) if one.path == path.id}
    out: Lines = [[], [Segment("What you can do at the end", ink.bold)]]
    for outcome in path.outcomes:
        out += indent(written(outcome.text, room - 4, ink.text), 2)
        if one := shown.get(outcome.text):
            sign, style = ("✓", ink.good) if one.whole else ("○", ink.dim)
            out += indent(written(f"{sign} {one.says}", room - 4, style), 2)
    return out


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
