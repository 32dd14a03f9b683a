"""The first screen, as values: what today holds, how long it takes, and how things stand.

Light on purpose, as `planning` is: what `drops today` prints loads neither numpy nor SQLAlchemy.
"""

# No annotation is postponed here: a NamedTuple would compile each, and the first screen waits for that.
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from drops.clock import Moment
from drops.course.model import Drop, Library
from drops.events import Memory
from drops.memory.forgetting import curve, recall, recall_after
from drops.memory.learner import Learner, misses_running
from drops.memory.mastery import Mastery, MasteryStage, best_stage, mastery
from drops.memory.resting import OTHER_WAY
from drops.memory.today import READ, DayPlan, Due, Wish, seconds_of
from drops.store.file.glance import Glance
from drops.study import said
from drops.study.lasts import lesson
from drops.study.own.clocks import doubted
from drops.study.own.lab import UNASKED, with_own
from drops.study.paths import Paths, arranged
from drops.study.planning import carry_key, days_practised, is_begun, is_finished, learner_in
from drops.study.session import LESSON_KINDS, Session, open_sessions
from drops.study.tomorrow import two_days
from drops.text import safe_text, whole_minutes

BUDGETS = (5, 8, 12)  # minutes a day to choose from at the first start
State = Literal["ahead", "today", "learning", "solid", "durable", "hard"]

STATES: Mapping[MasteryStage, State] = {
    MasteryStage.AHEAD: "ahead",
    MasteryStage.SEEN: "learning",
    MasteryStage.RECALLED: "learning",
    MasteryStage.SOLID: "solid",
    MasteryStage.DURABLE: "durable",
}
# what every face draws and says of a state
SIGNS: Mapping[State, str] = {
    "ahead": "○", "today": "◐", "learning": "●", "solid": "◆", "durable": "★", "hard": "▲",
}  # fmt: skip
SAID: Mapping[State, str] = {
    "ahead": "ahead", "today": "for today", "learning": "learning", "solid": "solid", "durable": "durable",
    "hard": "hard for you",
}  # fmt: skip
HOLDS: Mapping[State, str] = {
    "solid": "it holds three weeks", "durable": "it holds three months", "hard": "missed again and again",
}  # fmt: skip


def in_full(state: State) -> str:
    """A state in its words: "◆ solid: it holds three weeks"."""
    more = HOLDS.get(state)
    return f"{SIGNS[state]} {SAID[state]}{f': {more}' if more else ''}"


class TodayItem(NamedTuple):
    """A due item as Today lists it."""

    item_key: str
    title: str
    drop_number: int  # 0: of no path
    recall: float | None
    seconds: float
    why: str
    memory: Memory | None = None
    elsewhere: str = ""  # the title of its path, where that is not the current one
    beside: str = ""  # of no path: what its drop is called
    read_day: int | None = None  # learner-day on which the lesson of a first sight ended

    @property
    def drop(self) -> str:
        """ "drop 3", "drop 3 of Sums", or "the Lab"."""
        return self.beside or " of ".join(filter(None, (f"drop {self.drop_number}", self.elsewhere)))


class Held(NamedTuple):
    """An item that comes back, and for how many days it holds; None before its first answer."""

    title: str
    days: float | None
    rests: bool = False  # it is not asked today, however little it holds


def held(drop: Drop, memories: Mapping[str, Memory], resting: Collection[str]) -> tuple[Held, ...]:
    """Every item of a drop that comes back, or will once it is taken in."""
    known = {key: memories[key].stability for key in drop.kept if key in memories}
    return tuple(Held(item.title, known.get(key), key in resting) for key, item in drop.kept.items())


def resting_on(day: int, rests: Mapping[str, int | None]) -> frozenset[str]:
    """The items that are left out on a learner-day: set aside, put away, or at rest until a later one."""
    return frozenset(key for key, until in rests.items() if until is None or until > day)


def weakest(items: Iterable[Held]) -> Held | None:
    """The item that holds least, where several are asked."""
    asked = [one for one in items if one.days is not None and not one.rests]
    return min(asked, key=lambda one: one.days or 0.0) if len(asked) > 1 else None


class Today(NamedTuple):
    """The first screen, as values."""

    day: date
    items: tuple[TodayItem, ...]
    new: Drop | None  # the drop of today's lesson, or of the part of it that today holds
    seconds: float  # the promise: of the whole sitting
    recall_seconds: float
    rhythm: str  # "5 of 7 days"
    week: tuple[bool, ...]  # the last seven learner-days, today last
    coming: tuple[str, ...]  # "tomorrow 2 questions + drop 6"
    clears: str  # "" or "11 more wait; all done in 4 days"
    resuming: bool  # a session of this day is open, and goes on at its page
    done_today: bool
    banner: str
    states: dict[str, State]
    recall_now: dict[str, float]  # drop id → mean recall of its kept items
    first_run: bool
    finished: int  # drops of the current path that are finished
    plan: DayPlan
    learner: Learner  # how it goes, as the plan sees it
    says: str  # "8 minutes: 1 of recall, then drop 6"
    notes: tuple[str, ...] = ()  # why today is as it is, where that is not plain
    resumes: Drop | None = None  # the drop that goes on; None at recall
    resumes_seconds: float | None = None  # left of what goes on, where that is not the day's own session
    missing: Mapping[str, str] = {}  # drop id → what its next step needs
    paths: Paths = Paths()  # as the learner has arranged them
    gains: tuple[tuple[str, str], ...] = ()  # ("Today", "I can …"), of drops done today, else yesterday
    memories: Mapping[str, Memory] = {}  # item key → what is known of it
    begun: frozenset[str] = frozenset()  # drops of which some pages are behind, and not all
    left_out: frozenset[str] = frozenset()  # items that wait to be taken in again
    resting: frozenset[str] = frozenset()  # these, and those that come back by themselves on a later day

    @property
    def minutes(self) -> said.Minutes:
        return said.in_minutes(self.plan)

    @property
    def begins_minutes(self) -> int:
        """Minutes of what Enter begins, or goes on with."""
        if self.resumes_seconds is not None:
            return whole_minutes(self.resumes_seconds)
        return self.minutes.total if self.seconds else 0

    def tells_begun(self, drop: str) -> str:
        """What is said behind the state of a drop that was left in its middle."""
        return " · begun" if drop in self.begun else ""

    @property
    def lesson_seconds(self) -> float:
        return self.plan.part.seconds if self.plan.part else 0.0


def today(library: Library, glance: Glance, now: Moment, on: date | None = None, wish: Wish = "") -> Today:
    """What the learner-day of `now` holds, or, as things stand, the coming day `on`."""
    day, library = on or now.day, with_own(library, glance.cards)
    paths = arranged(library, glance.settings)
    opened = open_session(glance, day)
    made, _ = two_days(paths, glance, day, wish, opened)
    new = library.drop(made.part.drop_id) if made.part else None
    days = {*days_practised(glance, day.toordinal() + 1)}
    week = tuple((day.toordinal() - back) in days for back in range(6, -1, -1))
    finished = {drop.id: drop for drop in library if is_finished(drop, glance)}
    stages = {drop.id: mastered(drop, glance) for drop in library}
    why = () if opened else said.notes(paths, glance, made, day)
    items = [(due, library.drop(due.drop_id), glance.memories.get(due.item_key)) for due in made.items]
    return Today(
        day=day,
        items=tuple(_item(due, drop, memory, paths) for due, drop, memory in items),
        new=new,
        seconds=made.seconds,
        recall_seconds=made.recall_seconds,
        rhythm=f"{sum(week)} of 7 days",
        week=week,
        coming=tuple(_coming(made, paths, day, now.day)),
        clears=said.clears(made),
        resuming=opened is not None,
        resumes=_open_drop(opened, library),
        resumes_seconds=_left_beside(opened, library, glance),
        done_today=not made.items and new is None and day.toordinal() in days,
        banner=safe_text(glance.problem),  # it names a folder as the environment does
        states={drop.id: _state(drop, glance, new, stages[drop.id]) for drop in library},
        recall_now={
            drop.id: r for drop in finished.values() if (r := mean_recall(drop, glance, day)) is not None
        },
        first_run=not glance.passed and not glance.memories,
        finished=sum(drop.id in finished for drop in (paths.current.drops if paths.current else ())),
        plan=made,
        learner=learner_in(glance),
        says=said.in_a_line(made, paths.number(new) if new else ""),
        notes=tuple(filter(None, (doubted(glance.latest, now), *why))),
        missing={drop_id: one.missing for drop_id, one in stages.items()},
        paths=paths,
        gains=tuple(_gains(finished.values(), glance, day.toordinal())),
        memories=glance.memories,
        begun=frozenset(drop.id for drop in library if drop.id not in finished and is_begun(drop, glance)),
        left_out=frozenset(key for key, until in glance.lately.rests.items() if until is None),
        resting=resting_on(day.toordinal(), glance.lately.rests),
    )


def _gains(finished: Iterable[Drop], glance: Glance, day: int) -> Iterator[tuple[str, str]]:
    """What one can do since today; where nothing was finished today, since yesterday."""
    ended = {drop.id: glance.passed.get(carry_key(drop)) for drop in finished}
    last = max((at for at in ended.values() if at is not None), default=0)
    name = {day: "Today", day - 1: "Yesterday"}.get(last, "")
    return ((name, drop.gain) for drop in finished if name and drop.gain and ended[drop.id] == last)


def open_session(glance: Glance, day: date) -> Session | None:
    """The session of a learner-day that is open and was touched last; a placement waits for its own word."""
    found = open_sessions([e for e in glance.newest if e.study_day == day.toordinal()])
    return next((session for session in found if session.mode != "place"), None)


def mastered(drop: Drop, glance: Glance) -> Mastery:
    """How far a drop has come."""
    memories = [glance.memories.get(key) for key in drop.kept]
    return mastery(is_finished(drop, glance), memories, best_stage(drop.id, glance.passed))


def _state(drop: Drop, glance: Glance, new: Drop | None, reached: Mastery) -> State:
    """Where a drop stands, for the path's dots."""
    if not is_finished(drop, glance):
        return "today" if new is not None and drop.id == new.id else "ahead"
    if any(misses_running(glance.lately.misses.get(key, ())) >= OTHER_WAY for key in drop.kept):
        return "hard"
    return STATES[reached.stage]


def mean_recall(drop: Drop, glance: Glance, day: date) -> float | None:
    """The mean predicted recall of a drop's items that memory knows; None before the first."""
    known = [recall(m, day.toordinal()) for key in drop.kept if (m := glance.memories.get(key))]
    return sum(known) / len(known) if known else None


def _item(due: Due, drop: Drop, memory: Memory | None, paths: Paths) -> TodayItem:
    why = due.why if memory else UNASKED.get(drop.id, due.why)
    return TodayItem(
        due.item_key, due.title, drop.number, due.recall, due.seconds, why, memory, paths.elsewhere(drop),
        "" if drop.number else drop.called, due.read_day,
    )  # fmt: skip


def fading(item: TodayItem, day: date, ahead: int = 30) -> list[tuple[int, float]]:
    """An item's forgetting curve, from its last answer to `ahead` days after `day`: (days from `day`,
    recall). A first sight fades from its lesson on, as the plan takes it to; empty where there was none.
    """
    today = day.toordinal()
    if item.memory is None:
        read = item.read_day
        days = () if read is None else range(min(read, today), today + ahead + 1)
        return [(at - today, recall_after(READ, at - read)) for at in days if read is not None]
    days = range(min(item.memory.last_day, today), today + ahead + 1)
    return [(at - today, known) for at, known in curve(item.memory, days)]


def _open_drop(session: Session | None, library: Library) -> Drop | None:
    """The drop that an open session goes on with; None where it is at recall."""
    unit = session.unit if session else None
    if unit is None or unit.kind not in LESSON_KINDS:
        return None
    return next((drop for drop in library if drop.id == unit.drop), None)


def _left_beside(opened: Session | None, library: Library, glance: Glance) -> float | None:
    """Seconds left of an open session of a drop alone: its lesson, its replay, its test."""
    if opened is None or opened.mode == "today":
        return None
    left = [unit for unit in opened.units if unit.key not in opened.done and unit.kind in LESSON_KINDS]
    drops = {unit.drop for unit in left}
    known = {one.key: one for drop_id in drops for one in lesson(library.drop(drop_id))}
    keys = (unit.key.removeprefix("replay/") for unit in left)
    return seconds_of((known[key] for key in keys if key in known), learner_in(glance))


def _coming(made: DayPlan, paths: Paths, day: date, today: date) -> Iterator[str]:
    """The days after `day`, by name: "tomorrow 2 questions + drop 6". Another path is named once."""
    known = {drop.title: drop for drop in reversed(paths.giving)}
    named = ""  # the other path that was named last
    for n, ahead in enumerate(made.coming, start=1):
        parts = [f"{ahead.items} question{'s' if ahead.items != 1 else ''}"] if ahead.items else []
        if ahead.new:
            drop = known[ahead.new]
            elsewhere = paths.elsewhere(drop)
            parts.append(f"drop {drop.number}" if elsewhere and elsewhere == named else paths.number(drop))
            named = elsewhere
        if parts:
            at = min(day.toordinal() + n, date.max.toordinal())  # the calendar ends in the year 9999
            name = "tomorrow" if at == today.toordinal() + 1 else f"{date.fromordinal(at):%A}"
            yield f"{name} {' + '.join(parts)}"
