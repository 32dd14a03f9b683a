"""What the answers say of each drop, for the pane beside the path: its mix-ups, its last result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from drops.clock import Moment
from drops.events import Kind
from drops.memory.misconceptions import Sighting, Status
from drops.study.looking_back import OutcomeEvidence, progress
from drops.study.tasks import title_of
from drops.text import safe_text

if TYPE_CHECKING:
    from drops.study.study import Study

LOOKED_AT = 2000  # answers, the newest: a drop that was not asked among them has no last result


@dataclass(frozen=True)
class About:
    """Lines by drop id, and the evidence for what each path promises."""

    mix_ups: Mapping[str, tuple[str, ...]]  # "the bias was left out · mended 3 Dec"
    last: Mapping[str, str]  # "4 of 5 right at the first try, 2 Dec"
    outcomes: tuple[OutcomeEvidence, ...]


def about(study: Study, now: Moment) -> About:
    """Everything, read once."""
    seen = study.log.ledger()
    mix_ups: dict[str, tuple[str, ...]] = {}
    for one in seen.sightings:
        for drop in dict.fromkeys(key.partition("/")[0] for key in one.item_keys):
            mix_ups[drop] = (*mix_ups.get(drop, ()), _told(study, one))
    return About(mix_ups, _last(study), progress(study.library, seen, now).outcomes)


def _told(study: Study, one: Sighting) -> str:
    title = safe_text(title_of(study.library, one.misconception, one.item_keys[0]))
    mended = one.status is Status.OVERCOME
    return f"{title} · {'mended' if mended else 'met'} {short(one.changed_day if mended else one.last_day)}"


def _last(study: Study) -> dict[str, str]:
    """Of each drop the graded first tries of the last day on which it was asked."""
    days: dict[str, tuple[int, int, int]] = {}
    for event in study.log.events(kinds=(Kind.GRADED,), newest_first=True, limit=LOOKED_AT):
        drop = event.item_key.partition("/")[0]
        day, right, of = days.setdefault(drop, (event.study_day, 0, 0))
        if day == event.study_day:
            days[drop] = day, right + (event.correct is True), of + 1
    return {
        drop: f"{right} of {of} right at the first try, {short(day)}"
        for drop, (day, right, of) in days.items()
    }


def short(day: int) -> str:
    """A learner-day as "3 Dec"."""
    at = date.fromordinal(day)
    return f"{at.day} {at:%b}"
