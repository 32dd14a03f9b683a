"""The list of past answers and the line that says what it is narrowed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment

from drops.study.shown.history import Past
from drops.text import safe_text
from drops.tui.base.caret import Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, width_of, written
from drops.tui.screens.lists.listing import LABEL, READABLE, Entry, labelled

EMPTY = "Nothing is answered yet. Every answer will stand here, the newest first, and open as it was."
NONE = "No answer is like that. x shows all again."
VERDICTS = {None: "right and not yet", False: "not yet", True: "right"}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to."""

    drop: str = ""  # id
    called: str = ""  # the drop: "drop 3"
    right: bool | None = None
    mix_up: str = ""
    text: str = ""

    @property
    def says(self) -> str:
        parts = (
            self.called if self.drop else "",
            VERDICTS[self.right] if self.right is not None else "",
            f"mix-up: {self.mix_up}" if self.mix_up else "",
            f"“{self.text}”" if self.text else "",
        )
        return " · ".join(filter(None, parts))


def rows(found: list[Past], now: int, width: int, ink: Inks) -> Iterator[Entry]:
    """A line for each answer, under the day it was given on."""
    for at, one in enumerate(found):
        if at == 0 or one.at != found[at - 1].at:
            day = [Segment(f"   {one.at:%A} {one.at.day} {one.at:%B %Y}", ink.dim)]
            yield Entry([[], day] if at else [day])
        here = at == now
        sign, word, style = ("✓", "right", ink.good) if one.right else ("✗", "not yet", ink.bad)
        drop = f"{one.drop_number:>2}  " if one.drop_number else " –  "
        left: Line = [
            Segment(" ▸ " if here else "   ", ink.act),
            Segment(drop, ink.dim),
            Segment(safe_text(one.title), does(ink.bold if here else ink.text, row=at)),
        ]
        yield Entry([ends(left, [Segment(f"  {sign} {word:<7} ", style)], width)], at)


def about(one: Past, width: int, ink: Inks) -> Lines:
    """When an answer was given, how it was judged and why so, and what was mixed up in it."""
    room = min(width, READABLE)
    sign, style = ("✓ right", ink.good) if one.right else ("✗ not yet", ink.bad)
    when = f"{one.at:%A} {one.at.day} {one.at:%B %Y}, {one.time}"
    out: Lines = [
        [],
        *written(safe_text(one.title), room, ink.bold),
        *written(" · ".join(filter(None, (when, one.drop))), room, ink.dim),
        [],
        [Segment(sign, style), Segment(f" · {one.rating.lower()}", ink.text)],
        *written(safe_text(one.reason), room, ink.text),
    ]
    for name in one.misconceptions:
        out += labelled("Mix-up", written(safe_text(name), room - LABEL, ink.text), ink)
    return [*out, [], *written("Enter opens it exactly as it was, with its numbers.", room, ink.dim)]


class FilterField(Drawn):
    """The title, and the line that says what is listed; it is typed into."""

    def __init__(self) -> None:
        super().__init__()
        self.filter = Filter()
        self.typed: Typed | None = None

    def draw(self, width: int, ink: Inks) -> Lines:
        filtered = self.filter
        title = ends([Segment(" Answer history", ink.bold)], [Segment("the newest first ", ink.dim)], width)
        if self.typed is not None:
            at, text = self.typed.at, self.typed.text
            line: Line = [
                Segment(" Find  ", ink.bold),
                Segment(text[:at], ink.blank),
                Segment(text[at : at + 1] or " ", ink.cursor),
                Segment(text[at + 1 :], ink.blank),
                Segment("   words of a title, a mix-up, a rating, a month" if not text else "", ink.dim),
            ]
        elif filtered.says:
            line = [Segment(" Only  ", ink.dim), Segment(filtered.says, ink.text)]
            line += [
                Segment("   x", does(ink.accent, key="x")),
                Segment(" all again", does(ink.dim, key="x")),
            ]
        else:
            line = [Segment(" All answers", ink.dim)]
        rule: Line = [Segment("─" * width, ink.rule)]
        return [title, fit(line, width) if width_of(line) > width else line, rule]
