"""The line above a page: drop, title, progress, part, minutes left."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from drops.study.pages import Page, PagePart
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Line, Lines, ends, fit, width_of

MOST_DOTS = 14
NAMES: dict[PagePart, str] = {"carry": "carry forward", "retry": "once more", "place": "where you stand"}


class Head(Drawn):
    """Where we are: drop, title, progress, part, minutes left."""

    page: Page | None = None
    notice = ""  # stands in place of the rule: why nothing is saved, or which page behind this is

    def draw(self, width: int, ink: Inks) -> Lines:
        page = self.page
        if page is None:
            return [[], []]
        whose = f"{page.elsewhere} " if page.elsewhere else ""
        left: Line = [
            Segment(f" {whose}{page.drop_number} · " if page.drop_number else " ", ink.dim),
            Segment(page.drop_title or page.heading, ink.bold),
        ]
        many = f" {page.part_index} of {page.part_of}" if page.part_of > 1 else ""
        where = "" if page.part == "end" else NAMES.get(page.part, page.part) + many
        dots = progress(page.index, page.of, page.part == "end")
        if width_of(left) + cell_len(f"  {dots}  {where}   {page.left} ") > width:
            dots = ""  # the title says more than the dots
        right: Line = [
            Segment(f"  {dots}", ink.accent),
            Segment(f"  {where}", ink.text),
            Segment(f"   {page.left} ", ink.dim),
        ]
        rule: Line = [Segment("─" * width, ink.rule)]
        if self.notice:
            return [ends(left, right, width), fit([Segment(f" {self.notice}", ink.warn)], width)]
        return [ends(left, right, width), rule]


def progress(index: int, of: int, over: bool = False) -> str:
    """Dots for the pages of a session: behind, here, ahead; at most MOST_DOTS."""
    dots = min(of, MOST_DOTS)
    here = dots if over else min(dots - 1, (index - 1) * dots // of)
    return "●" * here + ("" if over else "◐") + "○" * (dots - here - 1)
