"""What is typed on a page: where it goes, what is not for it, and that it is there the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from drops.exercises.blocks import Knobs, Numbers
from drops.study.pages import Answered, Page
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback

if TYPE_CHECKING:
    from drops.study.study import Study


class Typing:
    """The part of a page's screen that knows its fields."""

    study: Study
    page: Page | None
    outcome: Answered | None
    asking: Asking | None
    feedback: Feedback
    figure_active: bool
    giving_up: bool

    @property
    def can_answer(self) -> bool:
        """Before an answer always; after a wrong one where it can be corrected on the spot."""
        if self.outcome is None or self.page is None:
            return True
        corrects = isinstance(self.page.ask, Numbers | Knobs) and not self.outcome.hidden
        return corrects and not self.outcome.verdict.right

    @property
    def _field(self) -> Asking | Feedback | None:
        """What is typed into, if anything is."""
        if self.figure_active:
            return None
        if self.feedback.active and self.feedback.has_repair:
            return self.feedback
        return self.asking if self.can_answer else None

    @property
    def takes(self) -> frozenset[str]:
        return self._field.takes if self._field else frozenset()

    def types(self, event: events.Key) -> bool:
        if self.figure_active:
            return False
        if self.feedback.active:
            return self.feedback.types(event)
        if self.asking is None or not self.can_answer:
            return False
        self.giving_up = False if event.key != "s" else self.giving_up
        return self.asking.types(event)

    def unused(self, character: str) -> None:
        if self._field:
            self._field.unused(character)

    def pastes(self, text: str) -> None:
        if self._field and self.can_answer:
            self._field.pastes(text)
            self._keep_draft()

    # ── drafts ──

    def _take_up(self, draft: str) -> None:
        """What was left here, and not answered, is here again."""
        if self.asking is not None and draft:
            self.asking.take_up(draft)
            self.asking.redraw()
            self._keep_draft()

    def _keep_draft(self) -> None:
        """What is typed, chosen or set survives the program; what is answered is no draft any more."""
        if self.asking is not None and self.page is not None and self.can_answer:
            draft = self.asking.draft()
            answered = self.outcome is not None and draft == self.asking.submitted
            self.study.drafts.keep(self.page, "" if answered else draft)

    def _forget_draft(self) -> None:
        if self.page is not None:
            self.study.drafts.keep(self.page, "")
