"""What the events of one item come to: its memory, its pace, its tally, the mix-ups it showed."""

from __future__ import annotations

import json
import statistics
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Table

from drops.events import Event, Kind, Memory
from drops.memory.attempts import Attempt, attempt
from drops.memory.honesty import forecast_of
from drops.memory.tally import Tally
from drops.store.derived import Values
from drops.store.file.ledger import tally_of
from drops.store.rows import to_event
from drops.store.tables import MEMORY, PACE, PASSED, TALLY

Fold = Callable[[Memory | None, Event], Memory | None]

PACE_OF = 9          # a pace is the median of this many last answers
_GRADED, _PRACTICE = int(Kind.GRADED), int(Kind.PRACTICE)
_SESSION, _SUSPEND = int(Kind.SESSION), int(Kind.SUSPEND)


@dataclass(slots=True)
class MixUpCount:
    """How often a misconception showed on an item."""

    times: int = 0      # alone
    tied: int = 0       # it or another
    last_day: int = 0


@dataclass(slots=True)
class Item:
    """What is known of one item half-way through its events, which come in the order of their ids."""

    key: str
    memory: Memory | None = None
    suspended: bool = False
    passed: int | None = None
    durations: deque[int] = field(default_factory=partial(deque, maxlen=PACE_OF))
    tally: Tally | None = None
    mixups: dict[str, MixUpCount] = field(default_factory=dict)
    latest: int = 0              # learner-day of the last graded answer folded
    disordered: bool = False     # a graded answer came that belongs before it: `memory` says nothing

    @classmethod
    def of_rows(cls, key: str, memory: Values, pace: Values | None, tally: Values,
                mixups: Iterable[Values]) -> Item:
        """As its derived rows have it."""
        known = Memory(*memory)
        item = cls(key, known, known.suspended, tally=tally_of(tally), latest=known.last_day)
        item.durations.extend(json.loads(pace[1]) if pace else ())
        item.mixups = {name: MixUpCount(*counts) for _, name, *counts in mixups}
        return item

    def take(self, row: Any) -> Attempt | None:
        """All that an event says but what it does to memory; the attempt, if it was one."""
        kind = row.kind
        if kind == _SESSION:
            if self.passed is None and passes(row):
                self.passed = row.study_day
        elif kind == _SUSPEND:
            self.suspended = suspends(row)
        elif kind in (_GRADED, _PRACTICE):
            if row.duration_ms is not None:
                self.durations.append(row.duration_ms)
            event = to_event(row)
            if one := attempt(event):
                self.tally = (self.tally or Tally(self.key)).with_try(event)
                self._mix_up(one)
                return one
        return None

    def _mix_up(self, one: Attempt) -> None:
        for name in one.misconceptions:
            count = self.mixups.setdefault(name, MixUpCount())
            if len(one.misconceptions) == 1:
                count.times += 1
            else:
                count.tied += 1
            count.last_day = max(count.last_day, one.day)

    def learn(self, row: Any, fold: Fold) -> None:
        """What a graded answer does to memory; the days come in order, or it is told."""
        if row.study_day < self.latest:
            self.disordered = True
            return
        self.latest = row.study_day
        event, before = to_event(row), self.memory
        self.memory = fold(before, event)
        if foreseen := forecast_of(before, self.memory, event):
            tally = self.tally or Tally(self.key)
            self.tally = tally._replace(foreseen=tally.foreseen.with_one(foreseen))

    def rows(self) -> dict[Table, Values | None]:
        """Its row in each table that has one row an item."""
        memory = self.memory and self.memory._replace(suspended=self.suspended)
        last, tally = list(self.durations), self.tally
        return {
            MEMORY: memory,
            PACE: (self.key, json.dumps(last), round(statistics.median(last))) if last else None,
            PASSED: None if self.passed is None else (self.key, self.passed),
            TALLY: tally and (*tally[:4], json.dumps(tally.foreseen.bins), tally.foreseen.loss),
        }

    def mixup_rows(self) -> dict[str, Values]:
        """Its rows of mix-ups, by name."""
        return {
            name: (self.key, name, count.times, count.tied, count.last_day)
            for name, count in self.mixups.items()
        }


def passes(row: Any) -> bool:
    """Whether a SESSION event says that a page was passed."""
    return json.loads(row.payload).get("passed") is True


def suspends(row: Any) -> bool:
    """Whether a SUSPEND event leaves the item out, or takes it in again."""
    return json.loads(row.payload).get("suspended") is not False
