"""The list of past answers and the line that says what it is narrowed to."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment

from drops.study.history import Past
from drops.text import safe_text
from drops.tui.base.caret import Typed
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, does, ends, fit, indent, width_of, written

EMPTY = "Nothing is answered yet. Every answer will stand here, the newest first, and open as it was."
NONE = "No answer is like that. x shows all again."
VERDICTS = {None: "right and not yet", False: "not yet", True: "right"}


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to."""

    drop: str = ""  # id
    number: int = 0
    right: bool | None = None
    mix_up: str = ""
    text: str = ""

    @property
    def says(self) -> str:
        parts = (
            f"drop {self.number}" if self.drop else "",
            VERDICTS[self.right] if self.right is not None else "",
            f"mix-up: {self.mix_up}" if self.mix_up else "",
            f"“{self.text}”" if self.text else "",
        )
        return " · ".join(filter(None, parts))


class Answers(Drawn):
    """A line for each answer, under the day it was given on; the chosen one's reason below it."""

    def __init__(self) -> None:
        super().__init__(id="answers")
        self.found: list[Past] | None = None
        self.now = 0
        self.filter = Filter()
        self.rows: list[int] = []

    @property
    def chosen(self) -> Past | None:
        return self.found[self.now] if self.found else None

    def draw(self, width: int, ink: Inks) -> Lines:
        room = min(width - 4, 110)
        self.rows = []
        if self.found is None:
            return indent([[Segment("reading your answers …", ink.dim)]], 2)
        if not self.found:
            return indent(written(NONE if self.filter.says else EMPTY, min(room, 76), ink.text), 2)
        out: Lines = []
        for at, one in enumerate(self.found):
            if at == 0 or one.at != self.found[at - 1].at:
                out += [[]] if out else []
                out.append([Segment(f"{one.at:%A} {one.at.day} {one.at:%B %Y}", ink.bold)])
            self.rows.append(len(out))
            out += self._answer(at, one, room, ink)
        return indent(out, 2)

    def _answer(self, at: int, one: Past, width: int, ink: Inks) -> Lines:
        here = at == self.now
        sign, word, style = ("✓", "right", ink.good) if one.right else ("✗", "not yet", ink.bad)
        drop = f"{one.drop_number:>2}  " if one.drop_number else " –  "
        verdict: Line = [Segment(f"  {sign} {word:<7}", style)]
        head = ends(
            [
                Segment("▸ " if here else "  ", ink.act),
                Segment(f"{one.time}  {drop}", ink.dim),
                Segment(safe_text(one.title), does(ink.bold if here else ink.text, answer=at)),
            ],
            [*verdict, Segment(f" {one.rating.lower():>8}", ink.dim)],
            width,
        )
        if not here:
            return [head]
        names = [f"mix-up: {safe_text(name)}" for name in one.misconceptions]
        says = " · ".join(filter(None, (safe_text(one.reason), *names)))
        return [head, *indent(written(says, width - 13, ink.dim), 13)] if says else [head]


class FilterField(Drawn):
    """The title, and the line that says what is listed; it is typed into."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.answers = answers
        self.typed: Typed | None = None

    def draw(self, width: int, ink: Inks) -> Lines:
        filtered = self.answers.filter
        title = ends([Segment(" Answer history", ink.act)], [Segment("the newest first ", ink.dim)], width)
        if self.typed is not None:
            at, text = self.typed.at, self.typed.text
            line: Line = [
                Segment("  Find  ", ink.bold),
                Segment(text[:at], ink.blank),
                Segment(text[at : at + 1] or " ", ink.cursor),
                Segment(text[at + 1 :], ink.blank),
                Segment("   words of a title, a mix-up, a rating, a month" if not text else "", ink.dim),
            ]
        elif filtered.says:
            line = [Segment("  Only  ", ink.dim), Segment(filtered.says, ink.text)]
            line += [
                Segment("   x", does(ink.accent, key="x")),
                Segment(" all again", does(ink.dim, key="x")),
            ]
        else:
            line = [Segment("  All answers", ink.dim)]
        rule: Line = [Segment("  " + "─" * max(0, min(width - 4, 110)), ink.rule)]
        return [title, fit(line, width) if width_of(line) > width else line, rule, []]
