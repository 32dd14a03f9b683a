"""The line above a page: drop, title, progress, part, minutes left."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from drops.study.pages import Page, PagePart
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, ends, fit, width_of, wrap

MOST_DOTS = 14
NAMES: dict[PagePart, str] = {"carry": "carry forward", "retry": "once more", "place": "where you stand"}


class Head(Drawn):
    """Where we are: drop, title, progress, part, minutes left. A title that leaves no room for them is told
    whole, and they stand in the line below."""

    page: Page | None = None
    filled = 0.0  # the share of its question that is filled in
    notice = ""  # stands in place of the rule: why nothing is saved, or which page behind this is

    def follow(self, filled: float) -> None:
        """The minutes left go down as the question is filled in."""
        if filled != self.filled:
            self.filled = filled
            self.redraw()

    def draw(self, width: int, ink: Inks) -> Lines:
        page = self.page
        if page is None:
            return [[], []]
        title = page.drop_title or page.heading
        whose: Line = [Segment(f" {page.elsewhere}", ink.dim)] if page.elsewhere else []
        left: Line = [
            *whose,
            Segment(f" {page.drop_number} · " if page.drop_number else " ", ink.dim),
            Segment(title, ink.bold),
        ]
        told = page.left_once(self.filled)
        many = f" {page.part_index} of {page.part_of}" if page.part_of > 1 else ""
        where = "" if page.part == "end" else NAMES.get(page.part, page.part) + many
        dots = progress(page.index, page.of, page.part == "end")
        if width_of(left) + cell_len(f"  {dots}  {where}   {told} ") > width:
            dots = ""  # the title says more than the dots
        right: Line = [
            Segment(f"  {dots}" if dots else "", ink.accent),
            Segment(f"  {where}", ink.text),
            Segment(f"   {told} ", ink.dim),
        ]
        under: Line = [Segment(f" {self.notice} ", ink.warn)] if self.notice else []
        if width_of(left) + width_of(right) <= width:
            return [ends(left, right, width), fit(under, width) if under else rule(width, ink)]
        if width_of(left) > width and whose:  # the title goes before the path's name
            left = left[1:]
            if not under and width_of(whose) + 1 + width_of(right) <= width:
                under = [*whose, Segment(" ")]
        if width_of(left) > width and not self.notice:
            begins = width_of(left[:1])
            first, *rest = wrap(title, width - begins - 1)
            left = [left[0], Segment(first, ink.bold)]
            under = [Segment(f"{' ' * begins}{' '.join(rest)} ", ink.bold)]
        if width_of(under) + width_of(right) > width:
            right = right[:-1]  # the minutes go before what is told is cut
        filled = width - width_of(under) - width_of(right)
        between = [Segment(" " * filled)] if self.notice else rule(filled, ink)
        return [fit(left, width), fit([*under, *between, *right], width)]


def rule(width: int, ink: Inks) -> Line:
    return [Segment("─" * max(0, width), ink.rule)]


def progress(index: int, of: int, over: bool = False) -> str:
    """Dots for the pages of a session: behind, here, ahead; at most MOST_DOTS."""
    dots = min(of, MOST_DOTS)
    here = dots if over else min(dots - 1, (index - 1) * dots // of)
    return "●" * here + ("" if over else "◐") + "○" * (dots - here - 1)
