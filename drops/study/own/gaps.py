"""A blank in the prose of the page in front: what was typed into it, and what the page says of that.

It is never graded. A wrong number is tried once more, then told; who types nothing is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from drops.course.gaps import LINK, SHOWN, Gap, filled_in, gaps_in
from drops.course.model import Library
from drops.errors import DropsError
from drops.events import Fact, Kind
from drops.exercises.answers import read_number
from drops.exercises.grading import near
from drops.study.session import Session

TRIES = 2  # before the number is told


@dataclass(frozen=True)
class Filling:
    """A blank, and what was typed into it; "" asks to be told."""

    gap: Gap
    tries: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return bool(self.tries) and self.fits(self.tries[-1])

    @property
    def open(self) -> bool:
        """Whether something can still be typed."""
        return not self.right and len(self.tries) < TRIES and "" not in self.tries

    @property
    def says(self) -> str:
        """What is said of what was typed; "" where nothing is."""
        if self.open:
            return f"**Not {self.tries[-1]}: once more.**" if self.tries else ""
        typed = self.tries[-1]
        return f"**Not {typed}: it is {self.gap.number}.**" if typed and not self.right else ""

    @property
    def told(self) -> str:
        """What is said of what was typed where the prose is not in sight."""
        return self.says or (f"Right: {self.gap.number}." if self.right else f"It is {self.gap.number}.")

    def fits(self, text: str) -> bool:
        """Whether `text` is the number of the blank. Raises Unreadable; "" is none."""
        wanted = read_number(self.gap.number)
        return bool(text) and near(read_number(text, example="2.5"), wanted, self.gap.tolerance)

    def put_in(self, markdown: str, typed: str = SHOWN, problem: str = "") -> str:
        """The prose as it stands, with `typed` in a blank that is open, and a `problem` with that."""
        if self.open:
            return filled_in(markdown, f"[{typed}]({LINK})", f"**{problem}**" if problem else self.says)
        return filled_in(markdown, f"{self.gap.number} ✓" if self.right else self.gap.number, self.says)


def filling(library: Library, session: Session) -> Filling | None:
    """The blank of the page in front; None where it has none."""
    unit = session.unit
    if unit is None or unit.kind != "read":
        return None
    gap = next(gaps_in(library.drop(unit.drop).sections[unit.section].parts), None)
    return None if gap is None else Filling(gap, session.work_in(unit).typed)


def typed_into(library: Library, session: Session, text: str) -> Fact:
    """That `text` was typed into the blank in front. Raises Unreadable for what is no number, and DropsError
    where nothing is to be filled."""
    at, unit, text = filling(library, session), session.unit, text.strip()
    if at is None or unit is None or not at.open:
        raise DropsError("no blank of this page is open; go on")
    right = at.fits(text)
    said = {"session": session.id, "unit": unit.key, "blank": text, "right": right}
    return Fact(Kind.SESSION, unit.key, payload=said)
