"""What an item's tries add up to: all that Progress asks of them, so that it need not read them."""

from __future__ import annotations

from typing import NamedTuple

from drops.events import Event, Kind
from drops.memory.honesty import Foreseen


class Tally(NamedTuple):
    """The tries of one item, counted."""

    item_key: str
    graded: int = 0              # first tries of a learner-day
    correct: int = 0             # of the graded ones
    practice: int = 0
    foreseen: Foreseen = Foreseen()

    def with_try(self, event: Event) -> Tally:
        """With one more try."""
        first = event.kind is Kind.GRADED
        return self._replace(
            graded=self.graded + first,
            correct=self.correct + (first and event.correct is True),
            practice=self.practice + (not first),
        )
