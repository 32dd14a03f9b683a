"""What the mouse does on a page, and whether its keys are for the question or for the repair below it."""

from __future__ import annotations

from typing import Any

from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.base.drawn import Drawn
from drops.tui.blocks.pictures import Pictures
from drops.tui.screens.page import PageScreen
from drops.tui.screens.typing import Typing


class Pointing(Typing, PageScreen):
    """The part of a page's screen that knows what can be clicked."""

    async def clicked(self, widget: Drawn, what: dict[str, Any]) -> None:
        drawn = isinstance(widget, Pictures) and what.get("map") == "handles"
        if drawn and self.asking is not None and self.can_answer:  # the picture is what is being answered
            self.asking.clicked(what)
            self._keep_draft()
        elif isinstance(widget, Pictures) and "field" in what:
            if self.asking is not None and self.can_answer:  # a wire or a unit of the picture is a blank
                self.take_figure(False)
                self.action_correct()
                self.asking.clicked(what)
        elif isinstance(widget, Pictures):
            if self.stage.touch(what):
                self.take_figure(True)
        elif isinstance(widget, Feedback):
            self._give_keys(repair=True)
        elif isinstance(widget, Asking):
            if self.figure_active:
                self.take_figure(False)
            self.action_correct()
            widget.clicked(what)
            self._keep_draft()

    def action_correct(self) -> None:
        """From the repair question up to the blanks."""
        if self.can_answer:
            self._give_keys(repair=False)

    def _give_keys(self, *, repair: bool) -> None:
        self.feedback.active = repair
        self.feedback.redraw()
        if self.asking is not None:
            self.asking.active = not repair
            self.asking.redraw()
