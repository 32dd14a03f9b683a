"""Misconceptions met, confirmed and overcome.

    attempt 1  relu-skipped          →  suspected: anyone slips
    attempt 2  relu-skipped          →  confirmed: it comes back as a wrong line to find
    attempts 3 and 4  clean          →  overcome

One attempt misnames a sound but careless learner in up to 17 of 100; two attempts in fewer than
one, while 80 to 92 of 100 real misconceptions are still confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from drops.memory.attempts import Attempt

CONFIRMING = 2       # attempts that show it
OVERCOMING = 2       # clean attempts after it


class Status(IntEnum):
    """How sure we are of a misconception."""

    SUSPECTED = 1
    CONFIRMED = 2
    OVERCOME = 3


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of one misconception of one learner."""

    misconception: str
    status: Status
    seen: int                    # attempts that showed it since it was last suspected
    item_keys: tuple[str, ...]   # where it showed
    first_day: int               # learner-day ordinals
    last_day: int                # last shown
    changed_day: int             # of the present status
    clean_since: int = 0         # clean attempts, on those items, since it last showed


def after(found: Mapping[str, Sighting], attempt: Attempt) -> dict[str, Sighting]:
    """What is known of each misconception after one more attempt.

    A suspicion that two clean attempts follow is dropped. One that shows again after it was
    overcome is suspected again and needs a second attempt to be confirmed. Clean attempts count
    on the items where it showed; a wrong answer that shows something else counts for neither.
    No misconception bears on another.
    """
    known = dict(found)
    for name in attempt.misconceptions:
        known[name] = _shown(known.get(name), name, attempt)
    if attempt.clean:
        _clear(known, attempt)
    return known


def latest_first(found: Iterable[Sighting]) -> list[Sighting]:
    """In the order in which they are told."""
    return sorted(found, key=lambda one: (-one.last_day, one.misconception))


def findings(attempts: Iterable[Attempt]) -> list[Sighting]:
    """Every misconception still standing or overcome, the latest first."""
    found: dict[str, Sighting] = {}
    for attempt in attempts:
        found = after(found, attempt)
    return latest_first(found.values())


def confirmed(found: Iterable[Sighting]) -> list[Sighting]:
    """Those that change what is asked: confirmed and not yet overcome."""
    return [one for one in found if one.status is Status.CONFIRMED]


def lines_to_find(found: Iterable[Sighting], day: int) -> list[Sighting]:
    """Confirmed ones to be asked as a wrong line on learner-day `day`: from the day after they
    last showed, until they are overcome.
    """
    return [one for one in confirmed(found) if one.last_day < day]


def _shown(before: Sighting | None, name: str, attempt: Attempt) -> Sighting:
    day = attempt.day
    if before is None:
        return Sighting(name, Status.SUSPECTED, 1, (attempt.item_key,), day, day, day)
    items = tuple(dict.fromkeys((*before.item_keys, attempt.item_key)))
    if before.status is Status.OVERCOME:
        return Sighting(name, Status.SUSPECTED, 1, items, before.first_day, day, day)
    seen = before.seen + 1
    rises = before.status is Status.SUSPECTED and seen >= CONFIRMING
    return replace(
        before,
        status=Status.CONFIRMED if rises else before.status,
        changed_day=day if rises else before.changed_day,
        seen=seen,
        item_keys=items,
        last_day=day,
        clean_since=0,
    )


def _clear(found: dict[str, Sighting], attempt: Attempt) -> None:
    for name, one in list(found.items()):
        if attempt.item_key not in one.item_keys or one.status is Status.OVERCOME:
            continue
        clean = one.clean_since + 1
        if clean < OVERCOMING:
            found[name] = replace(one, clean_since=clean)
        elif one.status is Status.CONFIRMED:
            found[name] = replace(
                one, status=Status.OVERCOME, changed_day=attempt.day, clean_since=clean
            )
        else:
            del found[name]
