"""What stays in sight while a page is scrolled: what is given, and the verdict. The verdict comes first."""

from __future__ import annotations

from dataclasses import replace

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from drops.exercises.answers import case_in_words
from drops.exercises.blocks import Ask, Case, Run, Words
from drops.study.pages import Answered, Page
from drops.tui.base.drawn import Drawn, ink_of
from drops.tui.base.ink import Inks, Line, Lines, fit
from drops.tui.blocks.prose import prose

MOST = 3  # lines of what is given; where it takes more it stands on the page
LONGEST = 120  # cells of such a line: it is looked at for its numbers, and not read through


def givens(page: Page) -> Words | None:
    """What an exercise gives, which its answer needs all the time: the words its question opens with."""
    asks = page.ask is not None and not isinstance(page.ask, Run)
    if not (asks and page.part in ("do", "recall", "retry", "place") and page.show):
        return None
    first = page.show[0]
    return first if isinstance(first, Words) else None


class Pinned(Drawn):
    """One to four lines under the head, or nothing."""

    def __init__(self) -> None:
        super().__init__(id="pinned")
        self.given: Words | None = None
        self.outcome: Answered | None = None
        self.ask: Ask | None = None

    def take(self, page: Page) -> Page:
        """The page without what is pinned of it: its givens, if there are few enough of them."""
        words, self.outcome, self.ask = givens(page), None, page.ask
        wide, ink = self.screen.size.width, ink_of(self.app)
        fits = words is not None and len(prose(words.markdown, max(20, wide - 6), ink, LONGEST)) <= MOST
        self.given = words if fits else None
        self.redraw()
        return replace(page, show=page.show[1:]) if fits else page

    def judge(self, outcome: Answered | None) -> None:
        self.outcome = outcome
        self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        out: Lines = []
        if self.given is not None:
            ground = Style(bgcolor=ink.palette.field)
            for line in prose(self.given.markdown, max(20, width - 6), ink, LONGEST):
                out.append(_grounded([Segment("   "), *line], width, ground))
        if self.outcome is not None and not self.outcome.hidden:
            out.append(self._verdict(self.outcome, width, ink, self.ask))
        return out

    @staticmethod
    def _verdict(outcome: Answered, width: int, ink: Inks, ask: Ask | None = None) -> Line:
        """`✗ not yet · the gate was ignored`: sign, word and colour on one full line."""
        verdict, p = outcome.verdict, ink.palette
        sign, word, colour = ("✓", "right", p.good) if verdict.right else ("✗", "not yet", p.bad)
        if outcome.revealed:
            wanted = case_in_words(ask, verdict.wanted) if isinstance(ask, Case) else verdict.wanted
            sign, word, colour = "·", f"the answer: {wanted}", p.accent
        elif verdict.score:
            word += f" · {verdict.score * 100:.0f} % of the points"
        if verdict.title and cell_len(f"   {sign} {word} · {verdict.title}") > width:
            sign, word = f"{sign} {verdict.title}", ""  # the sign says what the word does
        line: Line = [Segment(f"   {sign} {word}", Style(color=colour, bold=True))]
        if verdict.title and word:
            line.append(Segment(f" · {verdict.title}", ink.text))
        right = sum(field.standing in ("right", "follows") for field in verdict.fields)
        if len(verdict.fields) > 1 and not verdict.right and not outcome.revealed:
            told = Segment(f" · {right} of {len(verdict.fields)} right", ink.text)
            if sum(part.cell_length for part in (*line, told)) <= width:  # each blank has its sign, too
                line.append(told)
        return _grounded(line, width, Style(bgcolor=p.tint(colour)))


def _grounded(line: Line, width: int, ground: Style) -> Line:
    """A line on a ground from edge to edge."""
    return [Segment(text, ground + (style or Style())) for text, style, _ in fit(line, width)]
