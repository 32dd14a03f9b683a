"""From a glance at the progress file to the plan of a day.

Light on purpose: this is computed before the first paint and for `drops today`, so nothing here
loads numpy, SQLAlchemy or fsrs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from drops.course.model import Drop, ExerciseFence, Item
from drops.events import Memory
from drops.memory import ladder
from drops.memory.attempts import Attempt
from drops.memory.forgetting import TARGET, recall
from drops.memory.learner import Learner, learner, misses_running
from drops.memory.resting import OTHER_WAY, resting
from drops.memory.today import (
    BESIDE,
    LEFT,
    OVER,
    Candidate,
    DayPlan,
    Lesson,
    Sittings,
    Wish,
    is_due,
    plan,
    seconds_of,
)
from drops.store.file.glance import Glance
from drops.study import lasts
from drops.study.openers import have_held, openers
from drops.study.own.lab import own_drop
from drops.study.own.ward import WARD, WARD_DROP, case_seconds, has_cases
from drops.study.paths import Paths
from drops.study.session import LESSON_KINDS, Session, lesson_units
from drops.study.settings import value

AWAY = 3  # days without a sitting after which what is due comes first
SITTINGS_BACK = 2  # at most, that a new drop waits for it
LESSON = ("read", "do", "quiz", "carry")  # the second word of a lesson's page keys
OUTLOOK_MINUTES = 12.0  # a longer day, beside the learner's own, in what is said of the path's end


def planned(
    paths: Paths, glance: Glance, day: date, wish: Wish = "", opened: Session | None = None
) -> DayPlan:
    """The plan of a learner-day: due items of all paths that are listed, and a lesson of those that give
    new drops. Of a session of today that is open (`opened`), what is left of it.
    """
    at, who = day.toordinal(), learner_in(glance)
    candidates = list(_candidates(paths, glance, at))
    left = (lesson_left(drop, glance) for drop in paths.giving if not is_finished(drop, glance))
    made = plan(
        at,
        candidates,
        next(left, None),
        value(glance.settings, "budget_minutes"),
        who,
        _sittings(glance, at),
        new_a_day=value(glance.settings, "new_per_day"),
        wish=wish,
        later_lessons=left,  # as far as they are asked for
    )
    if opened is None or opened.mode != "today":
        return made
    return _left_of(opened, paths, glance, made, candidates, who)


def learner_in(glance: Glance) -> Learner:
    """How the learner is doing, from the newest events."""
    lately = glance.lately
    return learner([one.right for one in lately.tries], lately.reading, lately.asking)


# Items -----------------------------------------------------------------------------------


def _candidates(paths: Paths, glance: Glance, day: int) -> Iterator[Candidate]:
    for drop in paths.drops:
        finished, kept = glance.passed.get(carry_key(drop)), drop.kept
        if finished is None and not kept.keys() & glance.memories.keys():
            continue  # nothing of it was ever asked
        first, held = openers(drop), have_held(drop, glance.memories)
        for key, item in kept.items():
            memory = glance.memories.get(key)
            if memory is None and (finished is None or finished >= day or not (held or key in first)):
                continue  # a first sight waits for the day after its drop, and for the openers to hold
            later = memory is None and key not in first
            yield from _candidate(key, drop, item, glance, day, read_day=finished, later=later)
    cards = {event.item_key: event for event in glance.cards if event.study_day < day}  # from the day after
    own = own_drop(cards.values())
    for key, item in own.kept.items():
        yield from _candidate(key, own, item, glance, day, read_day=cards[key].study_day)
    yield from _case_today(paths, glance, day)


def _case_today(paths: Paths, glance: Glance, day: int) -> Iterator[Candidate]:
    """The case of the ward round, where it is wanted, a lesson before this day brought the first, and this
    day had none: of the sets that are due the one that is remembered least.
    """
    ended = (glance.passed.get(carry_key(drop), day) for drop in paths.drops if has_cases(drop))
    known = [memory for key in WARD_DROP.kept if (memory := glance.memories.get(key))]
    if not value(glance.settings, "ward_round") or min(ended, default=day) >= day:
        return
    if any(memory.last_day >= day for memory in known):
        return
    cases = [
        one._replace(seconds=case_seconds(fence), wanted=True)
        for fence in WARD_DROP.exercises
        for one in _candidate(f"{WARD}/{fence.id}", WARD_DROP, fence, glance, day, read_day=None)
    ]
    if due := [one for one in cases if is_due(one, day)]:
        yield min(due, key=lambda one: recall(one.memory, day) if one.memory else TARGET)


def _candidate(
    key: str, drop: Drop, item: Item, glance: Glance, day: int, *, read_day: int | None, later: bool = False
) -> Iterator[Candidate]:
    """An item that may be asked; none that rests before its first answer."""
    memory = glance.memories.get(key)
    if memory is not None:
        memory = awake(memory, glance, day)
    elif key in glance.lately.rests:
        return
    run = misses_running(glance.lately.misses.get(key, ()))
    level = _level_next(item, glance.lately.last.get(key, ()), run)
    yield Candidate(
        key,
        drop.id,
        item.title,
        lasts.form_seconds(item, level),
        memory,
        "exercise" if isinstance(item, ExerciseFence) else "recall",
        lasts.is_typed(item, level),
        run,
        later,
        resting(run + 1, right=False, rested=key in glance.lately.rested, day=day) is not None,
        read_day=read_day,
    )


def _level_next(item: Item, last: Sequence[Attempt], run: int) -> int:
    """The level of the ladder at which an item will be asked, as its last tries and its misses tell."""
    level = ladder.level(last, last[0].level if last else lasts.first_level(item))
    return ladder.other_way(level) if run >= OTHER_WAY else level


def awake(memory: Memory, glance: Glance, day: int) -> Memory:
    """The memory of an item whose rest is over: it may be asked again."""
    until = glance.lately.rests.get(memory.item_key)
    return memory._replace(suspended=False) if until is not None and until <= day else memory


# Lessons ---------------------------------------------------------------------------------


def carry_key(drop: Drop) -> str:
    """The page key whose passing finishes a drop."""
    return f"{drop.id}/carry"


def is_finished(drop: Drop, glance: Glance) -> bool:
    return carry_key(drop) in glance.passed


def is_begun(drop: Drop, glance: Glance) -> bool:
    """Whether a page of a drop's lesson is behind."""
    return any(unit.key in glance.passed for unit in lesson_units(drop))


def lesson_left(drop: Drop, glance: Glance) -> Lesson:
    """What is left of a drop's lesson."""
    units = lasts.lesson(drop)
    left = tuple(unit for unit in units if unit.key not in glance.passed)
    return Lesson(drop.id, drop.title, left, begun=len(left) < len(units))


def finishing_days(paths: Paths, glance: Glance, minutes: float) -> int:
    """Days until the last lesson at the learner's pace, if each day holds `minutes` with some recall."""
    who, days = learner_in(glance), 0
    for drop in paths.giving:
        if not is_finished(drop, glance):
            each = [seconds_of((unit,), who) for unit in lesson_left(drop, glance).units]
            days += _days_of(each, minutes * 60)
    return days


def _days_of(each: Sequence[float], budget: float) -> int:
    """Sittings that a lesson of these units takes: cut as the plan cuts."""
    left, days = list(each), 0
    while left:
        days += 1
        if BESIDE + sum(left) <= budget + OVER:
            break
        room, count = budget - BESIDE, 0
        while count < len(left) and (count == 0 or left[count] <= room):
            room -= left[count]
            count += 1
        if sum(left[count:]) < LEFT:
            break
        left = left[count:]
    return days


# Sittings --------------------------------------------------------------------------------


def _sittings(glance: Glance, day: int) -> Sittings:
    lessons = [(key, at) for key, at in glance.passed.items() if (*key.split("/"), "")[1] in LESSON]
    before = [at for _, at in lessons if at < day]
    days = days_practised(glance, day)
    last = max(before, default=None)
    return Sittings(
        gap=sum(at > last for at in days) if last is not None else Sittings().gap,
        back=any(away >= AWAY for away in _gaps((*days, day))[-SITTINGS_BACK:]),
        lessons_today=len({key.partition("/")[0] for key, at in lessons if at == day}),
        spent_today=sum(
            _seconds(one.payload.get("lived"))
            for one in glance.lately.sessions
            if one.study_day == day and one.payload.get("mode") in ("today", "drop")
        ),
    )


def days_practised(glance: Glance, before: int) -> tuple[int, ...]:
    """Learner-days with an answer, from the earliest, before a day."""
    return tuple(past.day for past in glance.daily if past.graded + past.practice and past.day < before)


def days_away(glance: Glance, day: int) -> int:
    """Days without a sitting that lie behind this one; 0 for who was never here."""
    return next(reversed(_gaps((*days_practised(glance, day), day))), 0)


def _gaps(days: Sequence[int]) -> list[int]:
    return [later - earlier - 1 for earlier, later in pairwise(days)]


def _seconds(said: Any) -> float:
    return float(said) if type(said) in (int, float) and 0 <= said < 1e6 else 0.0


BIG = 1e6  # minutes: what is left of a begun session is not cut again


# A session that was begun ------------------------------------------------------------------


def _left_of(
    opened: Session,
    paths: Paths,
    glance: Glance,
    made: DayPlan,
    candidates: Sequence[Candidate],
    who: Learner,
) -> DayPlan:
    """What is left of today's session."""
    left = [unit for unit in opened.units if unit.key not in opened.done]
    asked = {unit.item for unit in left if unit.kind == "recall"}
    lesson = _lesson_in(paths, {unit.key for unit in left if unit.kind in LESSON_KINDS}, glance)
    rest = opened.plan.get("rest")
    found = plan(
        opened.day,
        [one for one in candidates if one.item_key in asked],
        lesson,
        BIG,
        who,
        wish="drop first" if lesson else "not today",
    )
    return found._replace(
        part=found.part._replace(rest=_seconds(rest)) if found.part else None,
        again_seconds=0.0,
        seconds=found.seconds - found.again_seconds,
        budget=made.budget,
        coming=made.coming,
    )


def _lesson_in(paths: Paths, keys: set[str], glance: Glance) -> Lesson | None:
    for drop in (one for path in paths.ordered for one in path.drops):
        if left := tuple(unit for unit in lasts.lesson(drop) if unit.key in keys):
            return Lesson(drop.id, drop.title, left, begun=lesson_left(drop, glance).begun)
    return None
