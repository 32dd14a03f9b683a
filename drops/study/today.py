"""What today holds, from a glance at the progress file.

Light on purpose: this is computed before the first paint and for `drops today`, so nothing
here loads numpy, SQLAlchemy or fsrs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from drops.clock import Moment
from drops.course.model import Drop, ExerciseFence, Item, Library
from drops.events import Memory
from drops.memory.forgetting import curve, recall
from drops.memory.mastery import mastery
from drops.memory.today import Candidate, DayPlan, Due, NewDrop, estimate, plan
from drops.store.file.glance import Glance
from drops.study.paths import Paths, arranged
from drops.study.session import LESSON_KINDS, Session, open_sessions
from drops.study.settings import value
from drops.text import safe_text

State = Literal["ahead", "today", "learning", "solid", "durable", "hard"]

EXERCISE_SECONDS = 45.0  # before the learner's own pace is known
QUESTION_SECONDS = 15.0
SOLID_DAYS, DURABLE_DAYS = 21, 90  # stability of every kept item
HARD_LAPSES = 3


class TodayItem(NamedTuple):
    """A due item as Today lists it."""

    item_key: str
    title: str
    drop_number: int
    recall: float | None
    seconds: float
    why: str
    memory: Memory | None = None
    elsewhere: str = ""  # the title of its path, where that is not the current one

    @property
    def drop(self) -> str:
        """ "drop 3", or "drop 3 of Sums"."""
        return " of ".join(filter(None, (f"drop {self.drop_number}", self.elsewhere)))


class Today(NamedTuple):
    """The first screen, as values."""

    day: date
    items: tuple[TodayItem, ...]
    new: Drop | None
    seconds: float
    recall_seconds: float
    rhythm: str  # "5 of 7 days"
    week: tuple[bool, ...]  # the last seven learner-days, today last
    coming: tuple[str, ...]  # "tomorrow 2 items + drop 6"
    clears: str  # "" or "11 more wait; all done in 4 days"
    resuming: bool  # a session of this day is open, and goes on at its page
    done_today: bool
    banner: str
    states: dict[str, State]
    recall_now: dict[str, float]  # drop id → mean recall of its kept items
    first_run: bool
    finished: int  # drops of the current path that are finished
    resumes: Drop | None = None  # the drop that goes on; None at recall
    missing: Mapping[str, str] = {}  # drop id → what its next step needs
    paths: Paths = Paths()  # as the learner has arranged them


def today(library: Library, glance: Glance, now: Moment, on: date | None = None) -> Today:
    """What the learner-day of `now` holds, or, as things stand, the coming day `on`."""
    day = on or now.day
    paths = arranged(library, glance.settings)
    made = planned(paths, glance, day)
    new = library.drop(made.new.drop_id) if made.new else None
    days = {past.day for past in glance.daily if past.graded + past.practice}
    week = tuple((day.toordinal() - back) in days for back in range(6, -1, -1))
    finished = {drop.id: drop for drop in library if is_finished(drop, glance)}
    items = [(due, library.drop(due.drop_id), glance.memories.get(due.item_key)) for due in made.items]
    opened = next(iter(open_sessions([e for e in glance.newest if e.study_day == day.toordinal()])), None)
    return Today(
        day=day,
        items=tuple(_item(due, drop, memory, paths.elsewhere(drop)) for due, drop, memory in items),
        new=new,
        seconds=made.seconds,
        recall_seconds=sum(item.seconds for item in made.items),
        rhythm=f"{sum(week)} of 7 days",
        week=week,
        coming=tuple(_coming(made, paths, day)),
        clears=_clears(made),
        resuming=opened is not None,
        resumes=_open_drop(opened, library),
        done_today=not made.items and new is None and day.toordinal() in days,
        banner=safe_text(glance.problem),  # it names a folder as the environment does
        states={drop.id: state(drop, glance, new) for drop in library},
        recall_now={
            drop.id: r for drop in finished.values() if (r := mean_recall(drop, glance, day)) is not None
        },
        first_run=not glance.passed and not glance.memories,
        finished=sum(drop.id in finished for drop in (paths.current.drops if paths.current else ())),
        missing={drop.id: _missing(drop, glance) for drop in library},
        paths=paths,
    )


def planned(paths: Paths, glance: Glance, day: date) -> DayPlan:
    """The memory's plan for a day: due items of all paths that are listed, and the next drop of those that
    give new ones, if there is room for it.
    """
    ordinal = day.toordinal()
    ahead = [drop for drop in paths.giving if not is_finished(drop, glance)]
    new = [NewDrop(drop.id, drop.title, drop.minutes) for drop in ahead]
    every = [drop for path in paths.ordered for drop in path.drops]
    taken = sum(1 for drop in every if glance.passed.get(carry_key(drop)) == ordinal)
    # once the new drop is done its minutes cannot be told from those of the reviews: they are not counted
    spent = sum(past.ms for past in glance.daily if past.day == ordinal) / 1000 if not taken else 0.0
    return plan(
        ordinal,
        list(_candidates(paths, glance, ordinal)),
        new[0] if new else None,
        value(glance.settings, "budget_minutes"),
        new_per_day=value(glance.settings, "new_per_day"),
        new_taken_today=taken,
        done_today_seconds=spent,
        later_drops=new[1:],
    )


def _candidates(paths: Paths, glance: Glance, day: int) -> Iterator[Candidate]:
    for drop in paths.drops:
        finished = glance.passed.get(carry_key(drop))
        for key, item in drop.kept.items():
            memory = glance.memories.get(key)
            if memory is None and (finished is None or finished >= day):
                continue  # a first sight waits for the day after its drop
            yield Candidate(
                key,
                drop.id,
                item_title(item),
                item_seconds(item, glance.pace.get(key)),
                memory,
                "exercise" if isinstance(item, ExerciseFence) else "recall",
            )


def carry_key(drop: Drop) -> str:
    """The page key whose passing finishes a drop."""
    return f"{drop.id}/carry"


def is_finished(drop: Drop, glance: Glance) -> bool:
    return carry_key(drop) in glance.passed


def item_title(item: Item) -> str:
    """What a list calls an item: an exercise's title, or the question's first line."""
    return item.title if isinstance(item, ExerciseFence) else item.question.strip().splitlines()[0]


def item_seconds(item: Item, own_ms: int | None) -> float:
    """Seconds an item takes: the learner's own median once known."""
    return estimate(own_ms, EXERCISE_SECONDS if isinstance(item, ExerciseFence) else QUESTION_SECONDS)


def state(drop: Drop, glance: Glance, new: Drop | None) -> State:
    """Where a drop stands, for the path's dots."""
    if not is_finished(drop, glance):
        return "today" if new is not None and drop.id == new.id else "ahead"
    kept: list[Memory | None] = [glance.memories.get(key) for key in drop.kept]
    if any(m is not None and m.lapses >= HARD_LAPSES for m in kept):
        return "hard"
    weakest = min((m.stability if m else 0.0 for m in kept), default=0.0)
    return "durable" if weakest >= DURABLE_DAYS else "solid" if weakest >= SOLID_DAYS else "learning"


def mean_recall(drop: Drop, glance: Glance, day: date) -> float | None:
    """The mean predicted recall of a drop's items that memory knows; None before the first."""
    known = [recall(m, day.toordinal()) for key in drop.kept if (m := glance.memories.get(key))]
    return sum(known) / len(known) if known else None


def _missing(drop: Drop, glance: Glance) -> str:
    return mastery(is_finished(drop, glance), [glance.memories.get(key) for key in drop.kept]).missing


def _item(due: Due, drop: Drop, memory: Memory | None, elsewhere: str) -> TodayItem:
    return TodayItem(
        due.item_key, due.title, drop.number, due.recall, due.seconds, due.why, memory, elsewhere
    )


def fading(item: TodayItem, day: date, ahead: int = 30) -> list[tuple[int, float]]:
    """An item's forgetting curve, from its last answer to `ahead` days after `day`: (days from `day`,
    recall). Empty for a first sight.
    """
    if item.memory is None:
        return []
    today = day.toordinal()
    days = range(min(item.memory.last_day, today), today + ahead + 1)
    return [(at - today, known) for at, known in curve(item.memory, days)]


def _open_drop(session: Session | None, library: Library) -> Drop | None:
    """The drop that an open session goes on with; None where it is at recall."""
    unit = session.unit if session else None
    if unit is None or unit.kind not in LESSON_KINDS:
        return None
    return next((drop for drop in library if drop.id == unit.drop), None)


def _coming(made: DayPlan, paths: Paths, day: date) -> Iterator[str]:
    names = {drop.title: paths.number(drop) for drop in reversed(paths.giving)}
    for n, ahead in enumerate(made.coming, start=1):
        parts = [f"{ahead.items} item{'s' if ahead.items != 1 else ''}"] if ahead.items else []
        parts += [names[ahead.new]] if ahead.new else []
        if parts:
            name = "tomorrow" if n == 1 else f"{day + timedelta(days=n):%A}"
            yield f"{name} {' + '.join(parts)}"


def _clears(made: DayPlan) -> str:
    if not made.waiting:
        return ""
    days = "1 day" if made.clears_in_days == 1 else f"{made.clears_in_days} days"
    return f"{made.waiting} more wait their turn; at this pace all are done in {days}"
