"""What a face gets to show: a page, and what became of an answer. Values only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from drops.course.gaps import LINK, filled_in
from drops.course.model import Drop
from drops.errors import StoreError
from drops.events import Rating
from drops.exercises.blocks import Ask, Bars, Curve, Design, Matrix, Run, Show, Surface, Wires, Words
from drops.exercises.grading import Verdict
from drops.study.own.gaps import Filling
from drops.text import ended, whole_minutes

PagePart = Literal[
    "recall", "read", "predict", "do", "see", "explain", "quiz", "carry", "retry", "offer", "place", "end"
]

CONFIDENCE = ("a guess", "fairly sure", "certain")


_MARKS = re.compile(r"([\\`*_\[\]<&])")  # what Markdown would take for a sign of its own

Picture = Surface | Curve | Wires | Bars | Matrix  # that stands for itself


@dataclass(frozen=True)
class Ending:
    """The last page of a session, in parts. `lines` are labels and sentences."""

    gains: tuple[str, ...]  # in the first person: what was not possible yesterday
    recap: tuple[str, ...]  # Markdown, a line each
    lines: tuple[tuple[str, str], ...]
    goes_on: Drop | None  # what may be begun at once
    elsewhere: str = ""  # the title of its path where that is not the chosen one

    @property
    def show(self) -> tuple[Show, ...]:
        """The same as blocks, one under another."""
        told = ["  \n".join(f"**{gain}**" for gain in self.gains)]
        told.append("\n".join(f"- {line}" for line in self.recap))
        told.append("  \n".join(f"{label}: {text}" for label, text in self.lines))
        return tuple(Words(text) for text in told if text)


@dataclass(frozen=True)
class Page:
    """One thing to look at and at most one thing to answer.

    A page with an ask is left by `answer` (and `turn` once its feedback was seen); one
    without, or with a Run, is left by `turn`.
    """

    key: str  # stable across restarts
    part: PagePart
    heading: str  # "Row: who listens. Column: whom to." or "Recall"
    drop_number: int  # 0 where the page belongs to no drop
    drop_title: str
    show: tuple[Show, ...]
    ask: Ask | None
    item_key: str  # the item that an answer is about, or ""
    graded: bool  # whether this answer feeds memory (else: practice, prediction …)
    index: int  # from 1
    of: int  # pages in this session
    part_index: int  # from 1: section 2 …
    part_of: int  # … of 4
    minutes_left: float  # of this session, as the page comes
    opened: tuple[str, ...] = ()  # signs of gauges that were opened before
    struck: tuple[str, ...] = ()  # and of causes that are struck off
    drop_id: str = ""
    elsewhere: str = ""  # the title of its path, where that is not the current one
    ending: Ending | None = None  # of the last page of a session
    gap: Filling | None = None  # the blank in its prose
    minutes_asked: float = 0.0  # of them, those of its question
    note: str = ""  # why it is here: "recall 0.87, last seen 6 days ago"; of a lesson, what it leaves out

    @property
    def left(self) -> str:
        """ "6 min left"; "" at the end."""
        return self.left_once(0.0)

    def left_once(self, filled: float) -> str:
        """The same once this share of its question is filled in."""
        left = self.minutes_left - filled * self.minutes_asked
        return f"{whole_minutes(left * 60)} min left" if self.minutes_left > 0 else ""

    @property
    def gives_up(self) -> bool:
        """Whether its answer can be asked for: not a prediction, nothing that is the learner's to choose."""
        return self.part not in ("predict", "offer") and not isinstance(self.ask, Design | Run | None)

    def typed_in(self, text: str, problem: str = "") -> Page:
        """The page with a text in the blank of its prose, and why that cannot be read."""
        sentence = _literal(ended(f"{problem[:1].upper()}{problem[1:]}"))
        said = f"**{sentence}**" if problem else ""
        return self._with_words(lambda words: filled_in(words.markdown, f"[{_literal(text)}]({LINK})", said))

    def told(self, now: Page) -> Page:
        """The page with its blank as it stands `now`; its figures stay as they were turned."""
        words = iter([block.markdown for block in now.show if isinstance(block, Words)])
        return replace(self._with_words(lambda _: next(words)), gap=now.gap)

    def _with_words(self, put: Callable[[Words], str]) -> Page:
        shown = (Words(put(block)) if isinstance(block, Words) else block for block in self.show)
        return replace(self, show=tuple(shown))

    @property
    def links(self) -> tuple[str, ...]:
        """Where its words lead, each once, in their order: term:bias, drop:the-loss."""
        from drops.course.markup import links  # late: it brings a parser

        texts = [block.markdown for block in self.show if isinstance(block, Words)]
        return tuple(dict.fromkeys(link for text in texts for link in links(text) if link != LINK))


@dataclass(frozen=True)
class Answered:
    """What became of an answer, stored before this value exists."""

    event_id: bytes
    verdict: Verdict
    hidden: bool  # a prediction: resolved by what follows, so do not tell yet
    rating: Rating | None  # None: practice or not graded
    reason: str  # "Good: first try" · "Practice: …"
    due: date | None  # learner-day it comes back on
    confirmed: tuple[str, ...] = ()  # titles of misconceptions seen for the second time
    revealed: bool = False  # the learner asked to be shown
    returns: bool = False  # comes back at the end of this session
    rests: str = ""  # "Missed four times …: it rests until 14 March.", where it is set aside by this

    def comes_back(self, day: Callable[[date], str]) -> str:
        """When it is asked again, in one clause, as `day` says a day; "" where nothing is to be said.

        >>> from drops.exercises.grading import Verdict
        >>> wrong = Answered(b"", Verdict(False, ""), False, None, "", date(2026, 3, 3), returns=True)
        >>> wrong.comes_back(lambda _: "tomorrow")
        'comes back at the end of this session, then tomorrow'
        """
        last, due = "at the end of this session", "" if self.due is None else day(self.due)
        if self.returns:
            return f"comes back {last}, then {due}" if due else f"comes back {last}"
        return f"comes back {due}" if due else ""


def not_saved(problem: StoreError) -> str:
    """What is said of an answer that could not be stored: first that, then why."""
    why = str(problem).partition(";")[0]
    return f"NOT SAVED: {why}. Earlier answers are safe."


def _literal(text: str) -> str:
    """A text that somebody typed, as it stands in Markdown."""
    return _MARKS.sub(r"\\\1", text)
