"""What of a page has been on the screen, and what is brought there: a cursor, an answer with what is said of
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.geometry import Size
from textual.widget import Widget

from drops.tui.base.body import Body
from drops.tui.base.drawn import Drawn
from drops.tui.screens.base import DropsScreen

if TYPE_CHECKING:
    from drops.tui.asks.asking import Asking
    from drops.tui.asks.feedback import Feedback

AROUND = 2  # lines that stay above and below what is brought into sight
WHOLE = 3  # lines of a paragraph that is not cut by the upper edge


class Sight(Body):
    """The part of a page's body that knows what was seen of it."""

    def __init__(self) -> None:
        super().__init__()
        self.seen_to = 0  # lines from the top that were on the screen
        self._answered: tuple[Asking, Feedback] | None = None  # while it stands where it was brought,
        self._brought = 0  # which is here
        self._held: tuple[Drawn, int] | None = None  # what was kept in view by a key, and where it was

    def on_resize(self, _: events.Resize) -> None:
        self.seen_to = 0  # its lines stand elsewhere now

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        self.seen_to = max(self.seen_to, round(new) + self.size.height)
        if self.is_attached:  # it may be on its way out
            self.call_after_refresh(self._tell_keys)  # where its lines stand is known by then

    def watch_virtual_size(self, old: Size, new: Size) -> None:
        if old != new and self.is_attached:
            self.call_after_refresh(self._tell_keys)

    def _tell_keys(self) -> None:
        """What is below the fold changed, and with it what Enter does."""
        if self.is_attached and isinstance(self.screen, DropsScreen):
            self.screen.refresh_keys()

    @property
    def unread(self) -> bool:
        """Whether something of the page has not been on the screen yet."""
        below = self.max_scroll_y > round(self.scroll_y)  # of most pages nothing is: their lines are not read
        return below and self._end > max(self.seen_to, self.size.height)

    @property
    def _end(self) -> int:
        """The line after the last one that says something."""
        return max(self._written, default=-1) + 1

    @property
    def _written(self) -> set[int]:
        """The lines that say something, whether they are on the screen or not."""
        return {
            y
            for widget in self.query(Drawn)
            if widget.display
            for y, line in enumerate(widget.lines, self._line_of(widget))
            if line
        }

    def read_on(self) -> None:
        """What is next to be read."""
        self.scroll_relative(y=max(3, self.size.height - 2), animate=False)

    def keep_in_view(self, widget: Drawn) -> None:
        """Scrolls no further than it takes for the cursor in `widget`, and what belongs to it, to be
        seen; where there is too much of it, its first lines, or those that end with the cursor."""
        lines = widget.in_view
        if lines is not None and widget.display:
            first, last = lines
            if last - first >= (seen := self.size.height) and (cursor := widget.cursor_line) is not None:
                last = max(first + seen - 1, min(cursor, last))
                first = last - seen + 1
            self._held = widget, self._bring_into_sight(widget, first, last)

    def _bring_into_sight(self, widget: Drawn, first: int, last: int) -> int:
        """Where the page is scrolled to then."""
        top = widget.region.y - self.region.y + self.scroll_offset.y
        first, last = top + first, top + last
        around = min(AROUND, max(0, (self.size.height - 1 - last + first) // 2))
        y = stands = self.scroll_offset.y
        if last > stands + self.size.height - max(1, around):
            y = min(last - self.size.height + 1 + around, max(0, first - around))
        elif first < stands + 1:
            y = max(0, first - around)
        if y != stands:
            self.scroll_to(y=y, animate=False)
        return min(y, self.max_scroll_y)

    # ── an answer ──

    def bring_answer(self, asking: Asking, feedback: Feedback) -> None:
        """An answer and what is said of it, once they are laid out."""
        self._answered, self._brought = (asking, feedback), round(self.scroll_y)
        self.call_after_refresh(self._bring_answer)

    def _keep_place(self) -> None:
        """What was brought to its place is brought there again, unless it was scrolled away from."""
        at, held = round(self.scroll_y), self._held
        stands, still = at == self._brought, held is not None and at == min(held[1], self.max_scroll_y)
        super()._keep_place()
        if stands:
            self._bring_answer()
        if held is not None and still and held[0].is_attached:
            self.keep_in_view(held[0])

    def _bring_answer(self) -> None:
        if self._answered is None or not all(one.is_attached for one in self._answered):
            return  # another page came meanwhile
        asking, feedback = self._answered
        first, end = self._line_of(asking), self._line_of(feedback) + len(feedback.lines)
        last = end - self.size.height
        if last > first and asking.tells_at_its_top:
            y = first
        else:
            y = self._uncut(max(0, last), last - feedback.may_wait)
        self.scroll_to(y=y, animate=False, immediate=True)
        self._brought = round(self.scroll_y)
        self.seen_to = self._brought + self.size.height

    def _line_of(self, widget: Widget) -> int:
        """Where a widget begins, wherever the page is scrolled to."""
        around = cast("Widget", widget.parent)
        above = 0 if around is self else self._line_of(around)
        return above + around.gutter.top + widget.virtual_region.y

    def _uncut(self, y: int, least: int) -> int:
        """The place at or near `y` with whole paragraphs at the upper edge, at least at `least`."""
        written = self._written
        near = range(max(0, least, y - WHOLE), y + WHOLE + 1)
        begins = [at for at in near if at == 0 or at - 1 not in written]
        after = [at for at in begins if y <= at <= self.max_scroll_y]
        before = [at for at in begins if at < y]
        return after[0] if after else before[-1] if before else y
