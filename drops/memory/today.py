"""What today holds: what is due, lowest recall first, and beside it a lesson, whole or in part.

    3 items due, next drop 7 minutes, 8 a day     →  3 items (1 min), then the drop
    drop 14 of 12 minutes                         →  its first part; the rest tomorrow
    12 days away, 7 minutes due                   →  recall alone; the drop waits, two sittings at most

The budget is of the whole sitting: recall, lesson, and what is asked once more. The numbers were
found by simulating 90 days of nine kinds of learners; a test holds what they bring.
"""

# No annotation is postponed here: a NamedTuple would compile each, and the first screen waits for that.
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from drops.events import Memory
from drops.memory.ahead import Backlog, ComingDay, ahead
from drops.memory.forgetting import TARGET, recall, recall_after
from drops.memory.interleave import interleaved
from drops.memory.learner import Learner
from drops.memory.resting import OTHER_WAY
from drops.text import often

FEEDBACK = 13.5          # seconds to read why an answer was wrong, at the common pace
WORKED = 25.0            # seconds to read the page of an item that is set aside
BESIDE = 90.0            # seconds of recall that a lesson leaves room for
OVER = 90.0              # seconds that a whole lesson may go beyond the budget before it is cut
LEFT = 60.0              # seconds that are not worth another day
PAGES = 30               # of a sitting
FEWEST = 4               # items beside a lesson of many pages
LATER = 3                # items a day that enter when nothing waits
HARD_A_DAY = 2           # items missed three times running that a day asks, those due longest
READ = 2.3               # days of stability that a lesson leaves, as a first right answer does
EVERY_THIRD = 2          # sittings without a lesson, at most, while more is due than a day holds

Wish = Literal["", "drop first", "not today"]
Why = Literal["", "none left", "done", "not today", "every second", "full", "away"]


class Candidate(NamedTuple):
    """An item that could be asked. `memory` is None for one that was never graded."""

    item_key: str
    drop_id: str
    title: str
    seconds: float               # of its form, at the common pace
    memory: Memory | None
    recalls: Literal["exercise", "recall"] = "recall"
    typed: bool = False          # not clicked: missed, it comes once more
    run: int = 0                 # misses since it was right twice running
    later: bool = False          # one that enters when nothing waits
    rests: bool = False          # missed once more, it is set aside, and its page is shown
    wanted: bool = False         # asked whatever else is due: the rest of the day makes room for it
    read_day: int | None = None  # learner-day on which the lesson of a first sight ended


class LessonUnit(NamedTuple):
    """A stretch of a lesson that is not cut: a section, an exercise, a question. Seconds at the
    common pace.
    """

    key: str
    reads: float
    asks: float
    pages: int = 1
    judged: int = 0              # answers told right or wrong at once: a miss is charged
    again: float = 0.0           # seconds of asking it once more, where it is typed


class Lesson(NamedTuple):
    """What is left of a drop."""

    drop_id: str
    title: str
    units: tuple[LessonUnit, ...]
    begun: bool = False          # some of it is behind


class Due(NamedTuple):
    """An item of today's session, and why it is in it."""

    item_key: str
    drop_id: str
    title: str
    seconds: float               # its price: asked at the learner's pace, and a miss in advance
    recall: float | None         # predicted for today; None at first sight
    why: str                     # "recall 0.87, last seen 6 days ago, answered 4 times"
    recalls: Literal["exercise", "recall"]
    due_day: int                 # learner-day ordinal
    run: int = 0
    again: float = 0.0           # seconds to expect for asking it once more
    wanted: bool = False
    read: float = TARGET         # recall of what was read and never asked
    read_day: int | None = None

    @property
    def urgency(self) -> float:
        """Recall to sort by."""
        return self.read if self.recall is None else self.recall


class LessonPart(NamedTuple):
    """What today holds of a lesson."""

    drop_id: str
    title: str
    units: tuple[str, ...]       # keys
    seconds: float
    rest: float                  # seconds left for another day; 0: it ends today
    begun: bool                  # its first part is behind


class Sittings(NamedTuple):
    """What came before this sitting."""

    gap: int = EVERY_THIRD       # sittings since one with a lesson; before the first, enough for one
    back: bool = False           # the first or second since three days away or more
    lessons_today: int = 0
    spent_today: float = 0.0     # seconds of earlier sittings today


class DayPlan(NamedTuple):
    """A day's session."""

    items: tuple[Due, ...]       # in the order to ask
    part: LessonPart | None
    recall_seconds: float
    again_seconds: float         # expected for what is asked once more
    seconds: float               # the promise: of the whole sitting
    budget: float                # seconds there are
    waiting: int                 # due items that today has no room for
    clears_in_days: int          # 0 when nothing waits
    why: Why                     # why there is no lesson, or ""
    coming: tuple[ComingDay, ...]   # the next days


NEW, FIRST = Learner(), Sittings()   # of whom nothing is known yet


def plan(
    day: int,
    candidates: Iterable[Candidate],
    lesson: Lesson | None,
    budget_minutes: float,
    learner: Learner = NEW,
    before: Sittings = FIRST,
    *,
    new_a_day: float = 1,
    wish: Wish = "",
    later_lessons: Iterable[Lesson] = (),
) -> DayPlan:
    """The session of learner-day `day`, also of a coming one.

    `lesson` is the rest of the begun drop, else the next; `later_lessons` are those after it, for
    what `coming` says. `new_a_day` .5 is one every second sitting.
    """
    usable = [one for one in candidates if one.memory is None or not one.memory.suspended]
    due = sorted((_due(one, day, learner) for one in usable if is_due(one, day)), key=_order)
    hard = sorted((one for one in due if one.run >= OTHER_WAY), key=_longest_due)[HARD_A_DAY:]
    due = [one for one in due if one not in hard]
    due.sort(key=lambda one: not one.wanted)
    wanted = sum(one.seconds for one in due if one.wanted)
    budget = _budget(budget_minutes, before)
    need = sum(one.seconds for one in due)
    whole = seconds_of(lesson.units, learner) if lesson else 0.0
    why = _no_lesson(lesson, need, whole, budget, learner, before, new_a_day, wish)
    enters = lesson is not None and not why
    room = max(BESIDE + wanted, budget - whole) if enters else budget
    most = max(FEWEST, PAGES - sum(unit.pages for unit in lesson.units)) if lesson and enters else PAGES
    taken, left = _fill(due, room, most)
    if not left and not before.spent_today:
        new = sorted((_due(one, day, learner) for one in usable if one.later), key=_order)[:LATER]
        more, _ = _fill(new, room - sum(one.seconds for one in taken), most - len(taken), first=False)
        taken += more
    left += hard   # for their turn, not for room: they keep nothing else out
    spent = sum(one.seconds for one in taken)
    part = _part(lesson, spent, budget, learner) if lesson and enters else None
    total = spent + (part.seconds if part else 0.0)
    typed = sum(one.again for one in taken)
    if lesson and part:
        asked = [unit.again * learner.asks for unit in lesson.units if unit.key in part.units and unit.again]
        typed += sum(_again(seconds, learner) for seconds in asked)
    again = min(typed, max(0.0, budget - total))
    clears, coming = ahead(
        _load(day, usable, left, learner, budget_minutes * 60, new_a_day, 0 if part else before.gap + 1),
        _lessons_ahead(lesson, part, later_lessons, learner),
    )
    return DayPlan(
        items=tuple(interleaved(sorted(taken, key=_order))),
        part=part,
        recall_seconds=spent,
        again_seconds=again,
        seconds=total + again,
        budget=budget,
        waiting=len(left),
        clears_in_days=clears,
        why=why,
        coming=coming,
    )


def seconds_of(units: Iterable[LessonUnit], learner: Learner) -> float:
    """Seconds that units of a lesson take this learner, what is said of misses in advance."""
    wrong = _miss(learner) * FEEDBACK
    return sum(
        (unit.reads + unit.judged * wrong) * learner.reads + unit.asks * learner.asks for unit in units
    )


def why(memory: Memory | None, day: int) -> str:
    """Why an item is due, in words: "recall 0.87, last seen 6 days ago, answered 4 times"."""
    if memory is None:
        return "asked for the first time since its drop"
    ago, times = day - memory.last_day, memory.reps
    seen = "today" if ago <= 0 else "yesterday" if ago == 1 else f"{ago} days ago"
    return f"recall {recall(memory, day):.2f}, last seen {seen}, answered {often(times)}"


# What is asked ---------------------------------------------------------------------------


def is_due(one: Candidate, day: int) -> bool:
    """Whether it may be asked on a learner-day, as memory has it."""
    known = one.memory
    return not one.later and (known is None or (known.due_day <= day and not known.suspended))


def _due(one: Candidate, day: int, learner: Learner) -> Due:
    memory = one.memory
    known = None if memory is None else recall(memory, day)
    miss = max(1 - (TARGET if known is None else known), _miss(learner))
    asking = max(1.0, one.seconds) * learner.asks
    told = FEEDBACK + (WORKED if one.rests else 0.0)
    return Due(
        item_key=one.item_key,
        drop_id=one.drop_id,
        title=one.title,
        seconds=asking + miss * told * learner.reads,
        recall=known,
        why=why(memory, day),
        recalls=one.recalls,
        due_day=day if memory is None else memory.due_day,
        run=one.run,
        again=_again(asking, learner) if one.typed and not one.rests else 0.0,
        wanted=one.wanted,
        read=TARGET if one.read_day is None else min(TARGET, recall_after(READ, day - one.read_day)),
        read_day=one.read_day,
    )


def _miss(learner: Learner) -> float:
    return 1 - learner.sure


def _again(asking: float, learner: Learner) -> float:
    """Seconds to expect for asking once more what is missed, and for what is said of a second miss."""
    return _miss(learner) * (asking + _miss(learner) * FEEDBACK * learner.reads)


def _order(item: Due) -> tuple[float, int, str]:
    return item.urgency, item.due_day, item.item_key


def _longest_due(item: Due) -> tuple[int, float, str]:
    """Hard items take turns: by recall alone, the one missed last would be asked again and again."""
    return item.due_day, item.urgency, item.item_key


def _budget(minutes: float, before: Sittings) -> float:
    """Seconds of this sitting: what earlier ones of the day have left, and nothing for a minute's rest."""
    left = minutes * 60 - before.spent_today
    return left if left > 0 and (left >= LEFT or not before.spent_today) else 0.0


def _fill(due: Sequence[Due], room: float, most: int, *, first: bool = True) -> tuple[list[Due], list[Due]]:
    """What fits into `room` seconds, in order, and the rest. With `first`, one is taken in any room."""
    taken: list[Due] = []
    left: list[Due] = []
    spent = 0.0
    for item in due:
        fits = spent + item.seconds <= room or (first and not taken and room > 0)
        if fits and len(taken) < most:
            spent += item.seconds
            taken.append(item)
        else:
            left.append(item)
    return taken, left


# The lesson ------------------------------------------------------------------------------


def _no_lesson(
    lesson: Lesson | None,
    need: float,
    whole: float,
    budget: float,
    learner: Learner,
    before: Sittings,
    new_a_day: float,
    wish: Wish,
) -> Why:
    """Why this sitting has no lesson; "" when it has one."""
    if lesson is None:
        return "none left"
    if wish == "drop first":
        return ""
    if wish == "not today" or not new_a_day:
        return "not today"
    if before.lessons_today >= max(1.0, new_a_day) or budget <= 0:
        return "done"
    every = 1 if learner.struggles or new_a_day < 1 else 0
    if before.back and need > max(BESIDE, budget - whole):
        return "away"
    if need > budget and before.gap < (every or EVERY_THIRD):
        return "full"
    return "" if lesson.begun or before.gap >= every else "every second"


def _part(lesson: Lesson, spent: float, budget: float, learner: Learner) -> LessonPart:
    """The lesson, or as many of its units as the day holds: one at least, whole where little is left."""
    each = [seconds_of((unit,), learner) for unit in lesson.units]
    whole, count = sum(each), len(each)
    if spent + whole > budget + OVER:
        count = _units_within(each, budget - spent)
    rest = sum(each[count:])
    if rest < LEFT:
        count, rest = len(each), 0.0
    keys = tuple(unit.key for unit in lesson.units[:count])
    return LessonPart(lesson.drop_id, lesson.title, keys, sum(each[:count]), rest, lesson.begun)


def _units_within(each: Sequence[float], room: float) -> int:
    taken = 0.0
    for count, seconds in enumerate(each):
        taken += seconds
        if taken > room:
            return max(1, count)
    return len(each)


# The days after --------------------------------------------------------------------------


def _load(
    day: int,
    usable: Sequence[Candidate],
    left: Sequence[Due],
    learner: Learner,
    budget: float,
    new_a_day: float,
    gap: int,
) -> Backlog:
    waiting = {one.item_key for one in left}
    falls_due: dict[int, list[float]] = {}
    for one in usable:
        if one.memory is not None and one.item_key not in waiting and one.memory.due_day > day:
            priced = max(1.0, one.seconds) * learner.asks + _miss(learner) * FEEDBACK * learner.reads
            falls_due.setdefault(one.memory.due_day, []).append(priced)
    return Backlog(
        day=day,
        waiting=tuple(one.seconds for one in left),
        forgotten=1 - sum(one.urgency for one in left) / len(left) if left else 0.0,
        falls_due=falls_due,
        budget=budget,
        beside=BESIDE,
        every=0 if not learner.struggles and new_a_day >= 1 else 1,
        most=EVERY_THIRD,
        new_a_day=new_a_day,
        gap=gap,
    )


def _lessons_ahead(
    lesson: Lesson | None, part: LessonPart | None, later: Iterable[Lesson], learner: Learner
) -> Iterator[tuple[str, float]]:
    """Titles and seconds of what comes after today."""
    if lesson and not part:
        yield lesson.title, seconds_of(lesson.units, learner)
    elif part and part.rest:
        yield part.title, part.rest
    for one in later:
        yield one.title, seconds_of(one.units, learner)
