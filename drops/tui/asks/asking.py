"""What every ask has in common: it is drawn, it takes keys, it composes one text."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events

from drops.errors import Unreadable
from drops.exercises.blocks import Ask, Show
from drops.exercises.grading import Verdict
from drops.tui.base.drawn import Drawn
from drops.tui.base.ink import Inks, Lines, written
from drops.tui.blocks.refs import Refs


class Asking(Drawn):
    """One question. `answer` is the text that `drops plain` would read for it."""

    ask: Ask  # each has one of its own type
    grows: ClassVar[bool] = False  # whether it becomes taller than it is at first
    draws_its_own: ClassVar[bool] = False  # whether its pictures are drawn with it where they have no place
    tells_at_its_top: ClassVar[bool] = False  # whether what is said of an answer begins there

    def __init__(self) -> None:
        super().__init__(id="asking")
        self.verdict: Verdict | None = None
        self.room: Callable[[], int] = int  # lines that are seen at once with what stands above; 0: no limit
        self.whole: Callable[[], int] = int  # and where all else is scrolled away
        self.problem = ""  # a line beside the field: why an answer could not be read
        self.active = True  # whether the arrows are for this
        self.confidence = ""
        self.submitted = ""  # the text last answered; "" of who gave up
        self.stood = ""  # what stood in it then
        self.changed: Callable[[], None] | None = None  # what follows the question: the picture beside it
        self.sight: Callable[[Drawn], None] | None = None  # brings what is in hand of it into sight
        self.apart = False  # whether its pictures have a place of their own
        self.close = 0  # how few lines there are; from 2 on what only sets things apart gives way

    @property
    def goes(self) -> str:
        """What Enter does, in a word or two."""
        return "answer"

    @property
    def leaves(self) -> bool:
        """Whether Enter would give the answer as things stand, and not only do something on this page."""
        return True

    @property
    def calls(self) -> dict[str, str]:
        """What its keys do now, by action, where that is not what they are called."""
        return {}

    @property
    def filled(self) -> float:
        """Which share of it is filled in, where that takes a while."""
        return 0.0

    @property
    def pictures(self) -> tuple[Show, ...]:
        """What stands beside the question as things stand: what was typed is in it."""
        return ()

    @property
    def refs(self) -> Refs | None:
        """What names in the texts of the page stand for, where they are its blanks."""
        return None

    @property
    def in_hand(self) -> str:
        """What is being answered, in a line under its picture where the question itself is not in sight."""
        return ""

    def redraw(self) -> None:
        super().redraw()
        if self.changed is not None:
            self.changed()

    def answer(self) -> str:
        """What is answered as things stand, in the form that answers.read takes."""
        raise NotImplementedError

    def fill(self, text: str) -> None:
        """Puts an answer's text where it was typed, chosen or set. Raises what `answers.read` raises."""
        raise NotImplementedError

    def enter(self) -> str | None:
        """Enter: the answer, or None if there is something to fill in first."""
        return self.answer()

    def types(self, event: events.Key) -> bool:
        """Whether a key was a character for this, and so nothing else."""
        del event
        return False

    @property
    def takes(self) -> frozenset[str]:
        """Keys that are characters for this now, whatever else they would do."""
        return frozenset()

    def unused(self, character: str) -> None:
        """A key that means nothing here."""
        del character

    def pastes(self, text: str) -> None:
        del text

    def draft(self) -> str:
        """What was typed, chosen or set so far, "" where nothing was; `take_up` puts it back."""
        return ""

    def take_up(self, draft: str) -> None:
        """Puts a draft back. One that does not fit, as of an older edition, is left."""
        with suppress(Unreadable):
            self.fill(draft)

    def clicked(self, what: dict[str, Any]) -> None:
        """A click on something drawn by this."""
        del what

    def judged(self, text: str, verdict: Verdict) -> None:
        """An answer was given and judged."""
        self.verdict, self.submitted, self.problem = verdict, text, ""
        self.stood = self.answer()
        self.redraw()

    def complain(self, line: str) -> None:
        """Shows why the answer could not be taken, by the field."""
        self.problem = line
        self.redraw()

    @property
    def again(self) -> bool:
        """Whether something was changed since it was judged wrong, so that Enter answers again."""
        return False

    def problem_lines(self, width: int, ink: Inks) -> Lines:
        return [[], *written(f"! {self.problem}", min(width, 80), ink.warn)] if self.problem else []


def prompt(text: str, width: int, ink: Inks) -> Lines:
    """The question, and a blank line under it."""
    from drops.tui.blocks.prose import prose

    lines = prose(text, width, ink)
    bold: Lines = [
        [Segment(t, (style or ink.text) + ink.bold if style else ink.bold) for t, style, _ in line]
        for line in lines
    ]
    return [*bold, []] if bold else []
