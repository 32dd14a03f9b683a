"""What is typed on a page: where it goes, what is not for it, and that it is there the next time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from drops.errors import DropsError, StoreError
from drops.exercises.blocks import Knobs, Numbers
from drops.study.pages import Answered, Page, not_saved
from drops.tui.asks.asking import Asking
from drops.tui.asks.feedback import Feedback
from drops.tui.base.apart import apart
from drops.tui.base.caret import EXAMPLE, NUMBER, NUMBER_KEYS, Typed
from drops.tui.base.ink import GLUE
from drops.tui.screens.stage import Stage

if TYPE_CHECKING:
    from drops.study.session import Session
    from drops.study.study import Study
    from drops.tui.base.host import Host

WIDTH = 5  # cells of the blank in the prose, with its caret


class Typing:
    """The part of a page's screen that knows its fields."""

    study: Study
    page: Page | None
    worded: Page | None = None  # the same with its prose as it stands: a blank of it may be filled
    outcome: Answered | None
    asking: Asking | None
    feedback: Feedback
    figure_active: bool
    giving_up: bool
    touched: bool  # whether a key went to the question of this page
    session: Session
    stage: Stage
    typed: Typed = Typed()  # into the blank of the prose

    if TYPE_CHECKING:

        @property
        def host(self) -> Host: ...

        def refresh_keys(self) -> None: ...

    @property
    def can_answer(self) -> bool:
        """Before an answer always; after a wrong one where it can be corrected on the spot."""
        if self.outcome is None or self.page is None:
            return True
        corrects = isinstance(self.page.ask, Numbers | Knobs) and not self.outcome.hidden
        return corrects and not self.outcome.verdict.right

    @property
    def fills(self) -> bool:
        """Whether the blank in the prose of this page is open: then what is typed goes into it."""
        return self.worded is not None and self.worded.gap is not None and self.worded.gap.open

    def put_in_prose(self, typed: Typed, problem: str = "", *, comes: bool = False) -> None:
        """Shows what is typed into the blank of the prose, and why it cannot be read."""
        assert self.worded is not None
        self.typed = typed
        text = f"{typed.text[: typed.at]}▏{typed.text[typed.at :]}"
        shown = f"{GLUE}{text.ljust(WIDTH).replace(' ', GLUE)}"
        self.stage.reword(self.worded.typed_in(shown, problem), comes=comes)

    @property
    def filling(self) -> str:
        """What Enter does with it, in a word or two."""
        return "check" if self.typed.text.strip() else "show the number"

    async def fill(self) -> None:
        """What is typed into the blank of the prose is looked at; of nothing, it is told."""
        session, now, page, text = self.session, self.host.clock(), self.page, self.typed.text
        assert page is not None
        try:
            self.session = session = await apart(lambda: self.study.fill(session, text, now))
        except StoreError as problem:
            self.put_in_prose(self.typed, f"{not_saved(problem)} Enter tries again.")
            return
        except DropsError as problem:
            self.put_in_prose(self.typed, str(problem))
            return
        self.study.drafts.keep(page, "")
        self.worded = page.told(await apart(lambda: self.study.page(session)))
        self.typed = Typed()
        if self.fills:
            self.put_in_prose(self.typed)
        else:
            self.stage.reword(self.worded)

    @property
    def _wants_reading(self) -> bool:
        """Enter shows what is unread first; an answer that is being given goes before that."""
        at = self.asking
        if at is None:
            return self.stage.unread and not (self.fills and self.typed.text)
        gives = self.outcome is None or at.again or self.feedback.wants_check
        answering = (self.touched and gives) or (self.outcome is None and not at.leaves)
        return not answering and self.stage.unread

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
        if self.fills:
            return NUMBER_KEYS
        return self._field.takes if self._field else frozenset()

    def types(self, event: events.Key) -> bool:
        if self.fills:
            typed = self.typed.press(event.key, event.character, NUMBER)
            if typed is None or (not typed.text and not self.typed.text):  # backspace goes back, where all is
                return False
            self.put_in_prose(typed)
            self._keep_draft()
            self.refresh_keys()
            return True
        if self.figure_active:
            return False
        if self.feedback.active:
            return self.feedback.types(event)
        if self.asking is None or not self.can_answer:
            return False
        self.giving_up = False if event.key != "s" else self.giving_up
        return self.asking.types(event)

    def unused(self, character: str) -> None:
        if self.fills:
            self.put_in_prose(self.typed, f"“{character}” is no part of a number; for example {EXAMPLE}")
        elif self._field:
            self._field.unused(character)

    def pastes(self, text: str) -> None:
        if self.fills:
            one = text.strip()
            left_out = self.typed.leaves_out(one, NUMBER, EXAMPLE)
            self.put_in_prose(self.typed if left_out else self.typed.put(one, NUMBER), left_out)
            self._keep_draft()
        elif self._field and self.can_answer:
            self._field.pastes(text)
            self._keep_draft()

    # ── drafts ──

    def _take_up(self, draft: str) -> None:
        """What was left here, and not answered, is here again."""
        if self.fills:
            self.put_in_prose(Typed.end(draft), comes=True)
        elif self.asking is not None and draft:
            self.asking.take_up(draft)
            self.asking.redraw()
            self._keep_draft()

    def _keep_draft(self) -> None:
        """What is typed, chosen or set survives the program; what is answered is no draft any more."""
        if self.fills and self.page is not None:
            self.study.drafts.keep(self.page, self.typed.text)
        elif self.asking is not None and self.page is not None and self.can_answer:
            draft = self.asking.draft()
            answered = self.outcome is not None and draft == self.asking.submitted
            self.study.drafts.keep(self.page, "" if answered else draft)

    def _forget_draft(self) -> None:
        if self.page is not None:
            self.study.drafts.keep(self.page, "")
