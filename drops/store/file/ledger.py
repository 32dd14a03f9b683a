"""What a whole history adds up to, read from what is derived: no answer is read for it.

Standard library only, as in `glance`: a look back over a million answers costs what one over a
hundred does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from drops.memory.honesty import BinCount, Foreseen
from drops.memory.misconceptions import Sighting, Status, latest_first
from drops.memory.tally import Tally
from drops.store.file.glance import Glance, look, read_glance
from drops.store.reader import SqlReader


class Ledger(NamedTuple):
    """A learner's history, added up."""

    glance: Glance = Glance()
    tallies: Mapping[str, Tally] = {}           # by item key
    sightings: tuple[Sighting, ...] = ()        # of misconceptions, the latest first
    answered: int = 0                           # answers in all


def ledger(home: Path) -> Ledger:
    """The ledger of the progress file in `home`; `glance.problem` and `glance.stale` as in `glance`."""
    found = look(home, read_ledger)
    return found if isinstance(found, Ledger) else Ledger(found)


def read_ledger(db: SqlReader, learner: bytes) -> Ledger:
    """The ledger that an open log holds."""
    seen = read_glance(db, learner)
    tallies = db.execute(
        "SELECT item_key, graded, correct, practice, foreseen, loss FROM tally WHERE learner_id = ?",
        (seen.learner_id,))
    sightings = db.execute(
        "SELECT name, status, seen, item_keys, first_day, last_day, changed_day, clean FROM sighting"
        " WHERE learner_id = ?", (seen.learner_id,))
    answered, = db.execute(
        "SELECT coalesce(sum(graded + practice), 0) FROM daily WHERE learner_id = ?",
        (seen.learner_id,)).fetchone()
    return Ledger(
        seen,
        {row[0]: tally_of(row) for row in tallies},
        tuple(latest_first(map(sighting_of, sightings))),
        answered,
    )


def tally_of(row: Sequence[Any]) -> Tally:
    """A tally as its row has it."""
    key, graded, correct, practice, foreseen, loss = row
    bins = tuple(BinCount(*one) for one in json.loads(foreseen))
    return Tally(key, graded, correct, practice, Foreseen(bins, loss))


def sighting_of(row: Sequence[Any]) -> Sighting:
    """A sighting as its row has it."""
    name, status, seen, item_keys, first, last, changed, clean = row
    return Sighting(name, Status(status), seen, tuple(json.loads(item_keys)), first, last, changed, clean)


def row_of(one: Sighting) -> tuple[Any, ...]:
    """A sighting as a row."""
    return (one.misconception, one.status, one.seen, json.dumps(one.item_keys), one.first_day, one.last_day,
            one.changed_day, one.clean_since)
