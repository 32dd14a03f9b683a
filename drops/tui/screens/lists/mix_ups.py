"""The mix-ups of Progress: a row each, and of the chosen one the numbers then, both worlds, one repair."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rich.segment import Segment

from drops.clock import short_day
from drops.exercises.grading import Repair
from drops.memory.misconceptions import Status
from drops.study.looking_back import MixUp
from drops.study.shown.history import Reopened
from drops.text import safe_text
from drops.tui.base.caret import Typed
from drops.tui.base.ink import Inks, Line, Lines, does, ends, indent, width_of, written
from drops.tui.blocks import blocks
from drops.tui.blocks.prose import prose
from drops.tui.screens.lists.answers import picture_beside, was_asked
from drops.tui.screens.lists.listing import LABEL, READABLE, Entry, labelled

NONE = (
    "None so far. When a wrong answer fits a known mix-up, its name stands here, "
    "until two clean answers follow."
)
STANDS = {
    Status.CONFIRMED: ("▲", "still there: seen in two answers or more; two clean ones clear it"),
    Status.SUSPECTED: ("?", "seen once; it may have been a slip"),
    Status.OVERCOME: ("✓", "mended: two clean answers followed"),
}
SIGN = 5  # cells before a title: the mark of the chosen one, and how it stands
FIELD = 8  # cells of the repair's blank


@dataclass
class Repairing:
    """The small question of the mix-up in hand: what is typed, and what was said of it."""

    typed: Typed | None = None
    answered: str = ""  # what was right
    worlds: bool = False  # whether both worlds are shown, which tell the number that is asked for
    says: str = ""
    right: bool = False


def rows(found: Iterable[MixUp], now: int, today: date, width: int, ink: Inks) -> Iterator[Entry]:
    """Those still open first, as the ledger tells them; a sign says how each stands."""
    found = tuple(found)
    if not found:
        yield Entry([[], *indent(written(NONE, min(READABLE, width - 6), ink.text), 3)])
        return
    mended = sum(one.status is Status.OVERCOME for one in found)
    yield Entry([ends([], [Segment(f"{len(found) - mended} open · {mended} mended ", ink.dim)], width)])
    for at, one in enumerate(found):
        here = at == now
        sign, _ = STANDS[one.status]
        colour = {Status.CONFIRMED: ink.warn, Status.OVERCOME: ink.good}.get(one.status, ink.dim)
        last = [Segment(f"  {one.seen}× {short_day(one.last, today):>6} ", ink.dim)]
        room = width - SIGN - width_of(last)
        title = written(safe_text(one.title), room, does(ink.bold if here else ink.text, row=at))
        first: Line = [Segment(" ▸ " if here else "   ", ink.act), Segment(f"{sign} ", colour), *title[0]]
        yield Entry([ends(first, last, width), *indent(title[1:], SIGN)], at)


def about(
    one: MixUp, opened: Reopened | None, repair: Repairing, today: date, width: int, ink: Inks, rows: int = 0
) -> Lines:
    """What was given and typed then, what the rule makes of it, both worlds, and one question now; until the
    worlds are shown, the question's picture in what is left of `rows`.
    """
    room = min(width, READABLE)
    _, stands = STANDS[one.status]
    out: Lines = [[], *written(safe_text(one.title), room, ink.bold), *written(stands, room, ink.dim), []]
    if opened is None:
        return out
    past, verdict = opened.past, opened.verdict
    when = f"{short_day(past.at, today)}, {past.drop}: {past.title}"
    out += labelled("Then", written(safe_text(when), room - LABEL, ink.text), ink)
    out += was_asked(opened, room, ink, right=shows_worlds(opened, repair))
    if verdict is None:
        return [*out, [], *written(opened.note, room, ink.dim)]
    if question := asks(opened):
        out += [[], *_asked(question, repair, room, ink)]
    out += [[], *prose(verdict.feedback, room, ink)] if verdict.feedback else []
    if shows_worlds(opened, repair):
        return [*out, [], *blocks.draw_all(verdict.worlds, width, ink)] if verdict.worlds else out
    picture = picture_beside(opened, width, rows - len(out) - 2, ink)
    return [*out, [], *picture] if picture else out


def shows_worlds(opened: Reopened | None, repair: Repairing) -> bool:
    """Both worlds stand below what is asked once it is answered, or asked for: they tell its number."""
    return repair.worlds or repair.right or asks(opened) is None


def asks(opened: Reopened | None) -> Repair | None:
    """The small question that mends it, where its answer then had one."""
    return opened.verdict.repair if opened is not None and opened.verdict is not None else None


def _asked(question: Repair, repair: Repairing, width: int, ink: Inks) -> Lines:
    asked = written(f"One now: {question.question} =", width - FIELD - 6, ink.text)
    field: Line = [Segment("  ")]
    if repair.typed is None:
        style = ink.blank + ink.good if repair.right else ink.blank
        field.append(Segment(f"{repair.answered:<{FIELD}}", does(style, key="enter")))
    else:
        text, at = repair.typed.text, repair.typed.at
        shown = f"{text} "
        field += [Segment(shown[:at], ink.blank), Segment(shown[at], ink.cursor)]
        field.append(Segment(shown[at + 1 :], ink.blank))
        field.append(Segment(" " * max(0, FIELD - len(shown)), ink.blank))
    sign, style = ("✓", ink.good) if repair.right else ("✗", ink.bad)
    told: Lines = [[Segment(f"   {sign} {repair.says}", style)]] if repair.says else []
    act = Segment(" ▸ " if repair.typed is not None else "   ", ink.act)
    lines = [[act, *line] if at == 0 else [Segment("   "), *line] for at, line in enumerate(asked)]
    lines[-1] = [*lines[-1], *field]
    return [*lines, *told]
