"""Today and tomorrow, planned by the same hand: what every face says of tomorrow is the plan of tomorrow."""

from __future__ import annotations

from datetime import date, timedelta

from drops.events import Day, Memory
from drops.memory.ahead import DAYS_AHEAD, ComingDay
from drops.memory.today import DayPlan, Wish
from drops.store.file.glance import Glance
from drops.study.openers import opener_sheet
from drops.study.paths import Paths
from drops.study.planning import planned
from drops.study.session import Session

LATER = 365  # days until what is asked today is taken to come back: on which day, its answer will tell


def two_days(
    paths: Paths, glance: Glance, day: date, wish: Wish = "", opened: Session | None = None
) -> tuple[DayPlan, DayPlan | None]:
    """The plan of a learner-day, as `planned` makes it, and of the next one should this one be done.

    The first one's `coming` is the second's own items and drop, and what comes after them. The calendar's
    last day has no next.
    """
    made = planned(paths, glance, day, wish, opened)
    if day == date.max:
        return made._replace(coming=()), None
    after = day + timedelta(days=1)
    following = planned(paths, _when_done(paths, glance, made, day.toordinal()), after)
    new = following.part.title if following.part else None
    coming = (ComingDay(after.toordinal(), len(following.items), new), *following.coming)
    return made._replace(coming=coming[:DAYS_AHEAD]), following


def _when_done(paths: Paths, glance: Glance, made: DayPlan, day: int) -> Glance:
    """The glance as it will be when what is planned has been done: answered, and its pages turned."""
    turned = made.part.units if made.part else ()
    asked = {due.item_key for due in made.items}
    sheets = filter(None, map(opener_sheet, paths.drops))  # graded in their lessons
    asked |= {sheet for sheet in sheets if "/do/".join(sheet.split("/")) in turned}
    if not asked and not turned:
        return glance
    known = {key: _asked(glance.memories.get(key), key, day) for key in asked}
    sat = any(past.day == day for past in glance.daily)
    return glance._replace(
        memories={**glance.memories, **known},
        passed={**glance.passed, **{key: day for key in turned if key not in glance.passed}},
        daily=glance.daily if sat else (*glance.daily, Day(day, 1, 0, 1, 0)),
    )


def _asked(memory: Memory | None, key: str, day: int) -> Memory:
    """What will be known of an item that is asked today, as far as tomorrow's plan needs it."""
    before = memory or Memory(key, day, 0.0, 5.0, day, 0, 0, False, "")
    return before._replace(due_day=day + LATER, last_day=day, reps=before.reps + 1)
