"""The list of past answers and the line that says what it is narrowed to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment

from drops.exercises.answers import told
from drops.exercises.blocks import Choice, Numbers, Order, Words
from drops.exercises.pictured import picture_of
from drops.study.shown.history import Past, Reopened
from drops.text import safe_text
from drops.tui.base.caret import Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, width_of, written
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.pictures import split
from drops.tui.blocks.prose import prose
from drops.tui.screens.lists.listing import LABEL, READABLE, Entry, labelled

EMPTY = "Nothing is answered yet. Every answer will stand here, the newest first, and open as it was."
NONE = "No answer is like that. x shows all again."
LOWEST = 9  # lines that a picture has at least
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


def about(one: Past, opened: Reopened | None, width: int, ink: Inks, rows: int = 0) -> Lines:
    """When an answer was given, how it was judged and why so, what was mixed up in it; once it is read what
    was asked, what was answered and what is right, with the question's picture in what is left of `rows`.
    """
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
    if opened is not None:
        out += [[], *was_asked(opened, room, ink, right=True)]
        if opened.verdict is None and opened.note:
            out += [[], *written(safe_text(opened.note), room, ink.dim)]
    out += [[], *written("Enter opens it exactly as it was, with its numbers.", room, ink.dim)]
    picture = picture_beside(opened, width, rows - len(out) - 2, ink) if opened is not None else []
    return [*out, [], *picture] if picture else out


def was_asked(opened: Reopened, room: int, ink: Inks, *, right: bool) -> Lines:
    """What was given and asked in a past answer, what was answered and, where it was wrong and `right` is to
    be told, what is right."""
    ask, out = opened.ask, []
    given = next((block.markdown for block in opened.show if isinstance(block, Words)), "")
    prompt = ask.prompt if ask is not None else ""
    for label, text in (("Given", given), ("Asked", prompt)):
        if text and text != opened.past.title:
            out += labelled(label, prose(text, room - LABEL, ink), ink)
    typed = safe_text(opened.typed) if ask is None else told(ask, opened.typed)
    if opened.typed:
        out += labelled("You", written(typed, room - LABEL, ink.text), ink)
    verdict = opened.verdict
    if right and ask is not None and verdict is not None and not verdict.right and verdict.wanted:
        out += labelled("Right", written(told(ask, verdict.wanted), room - LABEL, ink.good), ink)
    return out


def picture_beside(opened: Reopened, width: int, rows: int, ink: Inks) -> Lines:
    """The picture beside a question, with what was typed in it; none where it is not seen whole."""
    ask = opened.ask
    shown = picture_of(ask, opened.typed) if isinstance(ask, Numbers | Choice | Order) else ()
    shown = shown or split(opened.show)[1]
    if not shown or rows < LOWEST:
        return []
    drawn = blocks.fitted(shown, width, ink, Hands(tall=rows, fill=True), 0)
    return drawn if len(drawn) <= rows else []


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
