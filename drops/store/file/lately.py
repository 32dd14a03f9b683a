"""What was done lately, as far as the plan of a day needs it; read with the standard library alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from drops.events import Kind, Memory, Rating
from drops.memory.attempts import Attempt, attempt
from drops.store.corrections import IN_PAYLOAD, corrections_in, true_day
from drops.store.reader import SqlReader
from drops.store.rows import to_event

TRIES = 160              # first tries that are looked at: what is said of a learner rests on the last 50
PAGES = 200              # answers and turned pages, for their pace
SITTINGS = 30            # sessions begun or ended
LAST = 3                 # tries of an item, for how it will be asked next
LAPSES = 2               # an item with fewer has not been missed three times running

Pages = tuple[tuple[float, float], ...]      # seconds lived and expected


class SessionEvent(NamedTuple):
    """A session that began or ended."""

    event_id: bytes
    occurred_us: int
    study_day: int
    payload: Mapping[str, Any]


class FirstTry(NamedTuple):
    """A graded first try of an item."""

    day: int                     # learner-day ordinal
    right: bool                  # recalled: any rating above Again
    recall: float | None         # as it was predicted; None at first sight, or where it was not noted


class Lately(NamedTuple):
    """The newest events, folded as far as Today needs them."""

    tries: tuple[FirstTry, ...] = ()                     # oldest first
    reading: Pages = ()                                  # pages that ask nothing
    asking: Pages = ()                                   # answers
    misses: Mapping[str, tuple[bool, ...]] = {}          # item forgotten often → right or not, oldest first
    last: Mapping[str, tuple[Attempt, ...]] = {}         # item → its newest tries: how it will be asked next
    rests: Mapping[str, int | None] = {}                 # item set aside → until which day; None: for good
    rested: frozenset[str] = frozenset()                 # items that rested for a week before
    sessions: tuple[SessionEvent, ...] = ()              # newest first


def lately(db: SqlReader, learner: bytes, memories: Mapping[str, Memory]) -> Lately:
    """Reads what stands: nothing that was taken back, nothing before everything was forgotten."""
    return _Reader(db, learner).read(memories)


class _Reader:
    """The newest events of a learner, without those that do not count."""

    def __init__(self, db: SqlReader, learner: bytes) -> None:
        self.db, self.learner = db, learner
        self.undone = {target for (target,) in db.execute(
            "SELECT target_id FROM event WHERE learner_id = ? AND target_id IS NOT NULL", (learner,))}
        resets = self._rows(
            "SELECT event_id FROM event WHERE learner_id = ? AND kind = 6 AND kind >= 4 AND item_key = ''"
            " AND event_id > ? ORDER BY event_id DESC", b"")
        self.reset: bytes = next(resets, (b"",))[0]
        # a correction is a choice, not progress: it holds across a reset
        self.corrections = corrections_in(self._rows(
            "SELECT event_id, payload FROM event WHERE learner_id = ? AND kind = 8 AND kind >= 4"
            " AND event_id > ? AND payload LIKE ? ORDER BY event_id DESC", b"", f"%{IN_PAYLOAD}%"))

    def read(self, memories: Mapping[str, Memory]) -> Lately:
        reading, asking = self._pages()
        rests, rested = self._rests()
        often = [one for one in memories.values() if one.lapses >= LAPSES]
        return Lately(
            self._tries(),
            reading,
            asking,
            {one.item_key: self._rights(one) for one in often},
            self._last_tries(),
            {key: until for key, until in rests.items() if key not in memories or memories[key].suspended},
            rested,
            self._sessions(),
        )

    def _rows(self, query: str, *given: Any) -> Iterator[Any]:
        """The rows of a query that names the event's id first; those that were taken back are left out."""
        rows = self.db.execute(query, (self.learner, *given))
        return (row for row in rows if row[0] not in self.undone)

    def _day(self, device: bytes, event_id: bytes, day: int) -> int:
        return true_day(self.corrections, device, event_id, day)

    def _tries(self) -> tuple[FirstTry, ...]:
        found = [
            (self._day(device, number, day), number, rating != Rating.AGAIN,
             _number(json.loads(said), "recall"))
            for number, device, day, rating, said in self._rows(
                "SELECT event_id, device_id, study_day, rating, payload FROM event WHERE learner_id = ?"
                " AND kind = 1 AND event_id > ? ORDER BY event_id DESC LIMIT ?", self.reset, TRIES)
        ]
        return tuple(FirstTry(day, right, recall) for day, _, right, recall in sorted(found))

    def _pages(self) -> tuple[Pages, Pages]:
        reading, asking = [], []
        for _, kind, ms, said in self._rows(
                "SELECT event_id, kind, duration_ms, payload FROM event WHERE learner_id = ? AND kind <= 4"
                " AND event_id > ? ORDER BY event_id DESC LIMIT ?", self.reset, PAGES):
            payload = json.loads(said)
            should, lived = _number(payload, "should"), _number(payload, "lived")
            if should is None or should <= 0:
                continue
            if kind != Kind.SESSION:
                asking.append(((ms or 0) / 1000, should))
            elif lived is not None:
                reading.append((lived, should))
        return tuple(reading), tuple(asking)

    def _rights(self, memory: Memory) -> tuple[bool, ...]:
        """The last graded tries of an item, as many as its memory was made of."""
        found = [
            (self._day(device, number, day), number, rating != Rating.AGAIN)
            for number, device, day, rating in self._rows(
                "SELECT event_id, device_id, study_day, rating FROM event WHERE learner_id = ?"
                " AND item_key = ? AND item_key <> '' AND kind = 1 AND event_id > ?"
                " ORDER BY event_id DESC LIMIT ?", memory.item_key, self.reset, memory.reps)
        ]
        return tuple(right for _, _, right in sorted(found))

    def _last_tries(self) -> dict[str, tuple[Attempt, ...]]:
        found: dict[str, tuple[Attempt, ...]] = {}
        # a few rows an item: the log of a year has hundreds of tries of each
        for row in self.db.execute(
                "SELECT one.learner_id, one.event_id, one.device_id, one.target_id, one.kind, one.item_key,"
                " one.occurred_us, one.tz_offset_min, one.study_day, one.rating, one.correct,"
                " one.duration_ms, one.payload FROM tally JOIN event AS one ON one.learner_id = ?1"
                " AND one.event_id IN (SELECT event_id FROM event AS e WHERE e.learner_id = ?1"
                "   AND e.item_key = tally.item_key AND e.item_key <> '' AND e.kind <= 2 AND e.event_id > ?2"
                "   AND NOT EXISTS (SELECT 1 FROM event WHERE learner_id = ?1 AND target_id = e.event_id)"
                "   ORDER BY e.event_id DESC LIMIT ?3)"
                " WHERE tally.learner_id = ?1 ORDER BY one.event_id",
                (self.learner, self.reset, LAST)):
            if tried := attempt(to_event(row)):
                found[tried.item_key] = (*found.get(tried.item_key, ()), tried)
        return found

    def _rests(self) -> tuple[dict[str, int | None], frozenset[str]]:
        rests: dict[str, int | None] = {}
        rested = set()
        for _, kind, key, said in self._rows(
                "SELECT event_id, kind, item_key, payload FROM event WHERE learner_id = ? AND kind IN (6, 7)"
                " AND kind >= 4 AND event_id > ? ORDER BY event_id", self.reset):
            rests.pop(key, None)
            if kind == Kind.RESET:
                continue  # a forgotten item is as one that was never seen
            payload = json.loads(said)
            if not isinstance(payload, dict) or payload.get("suspended") is not False:
                until = _number(payload, "until")
                rests[key] = None if until is None else int(until)
                rested |= {key} if until is not None else set()
        return rests, frozenset(rested)

    def _sessions(self) -> tuple[SessionEvent, ...]:
        # canonical JSON begins with its first key: what turns a page begins otherwise
        return tuple(
            SessionEvent(number, us, self._day(device, number, day), json.loads(said))
            for number, device, us, day, said in self._rows(
                "SELECT event_id, device_id, occurred_us, study_day, payload FROM event"
                " WHERE learner_id = ? AND kind = 4 AND kind >= 4 AND item_key = '' AND event_id > ?"
                """ AND (payload LIKE '{"began"%' OR payload LIKE '{"ended"%')"""
                " ORDER BY event_id DESC LIMIT ?", self.reset, SITTINGS)
        )


def _number(payload: Any, name: str) -> float | None:
    """A number of a payload; of another version's, or another program's, none."""
    value = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if -1e12 < value < 1e12 else None
