"""Simulated learners: what each remembers, and how long a page takes them.

A page takes what the promise of the day counts: 200 words a minute, 12 s a figure, 8 s a choice,
10 s and 12 s a field for what is typed, and 13.5 s for the feedback of a wrong answer; each time ± 25 %.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import NamedTuple

from drops.course.model import Item, Library
from drops.events import Memory, Rating
from drops.memory import ladder
from drops.memory.forgetting import recall, recall_after
from drops.memory.learner import HELD_DAYS, Learner, learner, misses_running
from drops.memory.resting import OTHER_WAY, resting
from drops.memory.schedule import reviewed
from drops.memory.today import PAGES, WORKED, Candidate, DayPlan, Lesson, LessonPart, Sittings, plan
from drops.study import lasts
from drops.study.openers import opener_sheet, openers

FEEDBACK = 13.5  # seconds to read why an answer was wrong
NOISE = 0.25
FIRST_SIGHT = 0.85  # right at first sight, of those who learn as FSRS says


class Kind(NamedTuple):
    """A kind of learner: what they recall, which days they come, how fast they are."""

    flat: float | None = None  # right this share of the time, whatever was forgotten
    of_recall: float = 1.0  # this share of what FSRS predicts
    first: float = 1.0  # true first stability, of FSRS's
    growth: float = 1.0  # true growth of stability at a success, of FSRS's
    holds: float = 1.0  # true stability, of FSRS's, all along
    weekdays: bool = False
    reads: float = 1.0  # times the seconds of reading
    types: float = 1.0  # times the seconds of a field

    @property
    def first_sight(self) -> float:
        return FIRST_SIGHT * self.of_recall if self.flat is None else self.flat


LEARNERS = {
    "fits": Kind(),
    "85": Kind(flat=0.85),
    "75": Kind(flat=0.75),
    "60": Kind(flat=0.60),
    "weak": Kind(of_recall=0.7),
    "fast": Kind(first=0.4, growth=exp(-0.5)),
    "remembers": Kind(holds=1.4),
    "weekdays": Kind(weekdays=True),
    "slow": Kind(reads=200 / 130, types=1.5),
}


@dataclass
class Life:
    """One learner of a kind: draws what comes of each question, and how long each page takes."""

    kind: Kind
    rng: random.Random

    def __post_init__(self) -> None:
        self._true: dict[str, float] = {}  # item → stability as it is

    def comes(self, day: int) -> bool:
        """Whether the learner sits down on the n-th day; day 0 is a Monday."""
        return not self.kind.weekdays or day % 7 < 5

    def knows(self, key: str, memory: Memory | None, day: int) -> float:
        """The true probability of a right answer."""
        if self.kind.flat is not None:
            return self.kind.flat
        if memory is None:
            return self.kind.first_sight
        if key in self._true:
            return self.kind.of_recall * recall_after(self._true[key], day - memory.last_day)
        return self.kind.of_recall * recall(memory, day)

    def right(self, chance: float) -> bool:
        return self.rng.random() < chance

    def learned(self, key: str, before: Memory | None, after: Memory) -> None:
        """Moves the true stability as a review does."""
        kind = self.kind
        if kind.holds != 1:
            self._true[key] = kind.holds * after.stability
        elif kind.first != 1:
            if before is None:
                self._true[key] = kind.first * after.stability
            elif after.lapses > before.lapses:
                self._true[key] = min(self._true[key], kind.first * after.stability)
            else:
                grown = after.stability / before.stability - 1
                self._true[key] *= 1 + max(0.0, grown) * kind.growth

    def reads(self, seconds: float) -> float:
        """What reading that should take `seconds` takes."""
        return seconds * self.kind.reads * self._noise()

    def types(self, seconds: float) -> float:
        return seconds * self.kind.types * self._noise()

    def clicks(self, seconds: float) -> float:
        return seconds * self._noise()

    def _noise(self) -> float:
        return self.rng.uniform(1 - NOISE, 1 + NOISE)


def life(name: str, seed: int) -> Life:
    return Life(LEARNERS[name], random.Random(f"{name} {seed}"))


def at(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank); 0 of none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


@dataclass
class Sitting:
    """One day's sitting."""

    day: int  # from 1
    promised: float  # seconds
    lived: float
    pages: int
    reviews: tuple[float, ...]  # the true recall at each review
    begun: int  # drops gone through by its end


Row = dict[str, object]


def rows(learner: str, lives: list[list[Sitting]], lapses8: list[float], through: list[int | None]) -> list[Row]:
    """The table of a learner: a row for each stretch of days."""
    made = []
    for first, last in ((1, 14), (15, 30), (31, 90)):
        some = [one for life in lives for one in life if first <= one.day <= last]
        if not some:
            continue
        recalls = [r for one in some for r in one.reviews]
        kept = [abs(one.lived - one.promised) <= 60 for life in lives for one in life if one.day <= max(last, 30)]
        ends = sorted(day if day is not None else 999 for day in through)
        made.append(
            {
                "learner": learner,
                "days": f"{first}-{last}",
                "promised": [round(at([one.promised / 60 for one in some], q), 1) for q in (0.5, 0.95)],
                "lived": [round(at([one.lived / 60 for one in some], q), 1) for q in (0.5, 0.95)],
                "pages": [int(at([float(one.pages) for one in some], q)) for q in (0.5, 0.95)],
                "recall": round(sum(recalls) / len(recalls), 3) if recalls else None,
                "begun": at([float(max((s.begun for s in life if s.day <= last), default=0)) for life in lives], 0.5),
                "through": [at(list(map(float, ends)), q) for q in (0.5, 0.95)],
                "lapses8": round(100 * sum(lapses8) / len(lapses8), 1),
                "kept": round(100 * sum(kept) / len(kept)),
            }
        )
    return made


# A life in plain arithmetic: the product's own plan and its own memory, without its pages ----------


class Kept(NamedTuple):
    """A kept item: its forms, and whether it is the sheet, an opener, or one of the others."""

    key: str
    seconds: tuple[float, ...]  # of its form on each level of the fading ladder
    typed: tuple[bool, ...]  # on each level
    level: int  # the first
    opens: bool
    sheet: bool


class Course(NamedTuple):
    """A path as the plan sees it: lessons, and the kept items of each."""

    lessons: tuple[Lesson, ...]
    kept: tuple[tuple[Kept, ...], ...]


def course(library: Library, typed: float = 15.0, *, as_stated: bool = True) -> Course:
    """The course of a library, a typed form of `typed` s, its lessons as long as they state or as they are."""
    lessons, kept = [], []
    for drop in library:
        units = lasts.lesson(drop)
        long = sum(unit.reads + unit.asks for unit in units)
        scale = drop.minutes * 60 / long if as_stated else 1.0
        units = tuple(u._replace(reads=u.reads * scale, asks=u.asks * scale) for u in units)
        lessons.append(Lesson(drop.id, drop.title, units))
        first, sheet = openers(drop), opener_sheet(drop)
        kept.append(
            tuple(
                Kept(key, *_forms(item, typed), lasts.first_level(item), key in first, key == sheet)
                for key, item in drop.kept.items()
            )
        )
    return Course(tuple(lessons), tuple(kept))


def _forms(item: Item, typed: float) -> tuple[tuple[float, ...], tuple[bool, ...]]:
    levels = range(ladder.HIGHEST + 1)
    types = tuple(lasts.is_typed(item, level) for level in levels)
    seconds = (typed if types[level] else lasts.form_seconds(item, level) for level in levels)
    return tuple(seconds), types


@dataclass
class Policy:
    """What a test may bend to see that it matters."""

    plan: Callable[..., DayPlan] = plan
    minutes: float = 8.0
    retries_in_budget: bool = True  # else every miss, as often as it takes, whatever the budget
    misses: Callable[[Sequence[bool]], int] = misses_running
    retention: float = 0.9


class Plainly:
    """One life, day by day."""

    def __init__(self, who: Life, path: Course, policy: Policy | None = None) -> None:
        self.who, self.path, self.policy = who, path, policy or Policy()
        self.memories: dict[str, Memory] = {}
        self.rights: list[bool] = []
        self.of: dict[str, list[bool]] = {}
        self.levels: dict[str, int] = {}  # of the fading ladder
        self.rests: dict[str, int | None] = {}
        self.rested: set[str] = set()
        self.reading: list[tuple[float, float]] = []
        self.asking: list[tuple[float, float]] = []
        self.done: dict[str, int] = {}  # lesson → day of its end
        self.behind: set[str] = set()  # units
        self.days: list[int] = []
        self.lesson_days: list[int] = []
        self.through: int | None = None

    def live(self, days: int, away: Callable[[int], bool] = lambda day: False) -> list[Sitting]:
        return [self.sit(day) for day in range(1, days + 1) if self.who.comes(day - 1) and not away(day)]

    def learner(self) -> Learner:
        return learner(self.rights, self.reading[-100:], self.asking[-100:])

    def left(self) -> list[Lesson]:
        """What is left of each lesson, in the order in which they come."""
        found = []
        for lesson in self.path.lessons:
            units = tuple(unit for unit in lesson.units if unit.key not in self.behind)
            if units:
                found.append(lesson._replace(units=units, begun=len(units) < len(lesson.units)))
        return found

    def planned(self, day: int) -> DayPlan:
        left = self.left()
        last = self.lesson_days[-1] if self.lesson_days else None
        gaps = [b - a - 1 for a, b in pairwise([*self.days, day])]
        before = Sittings(
            gap=sum(at > last for at in self.days) if last else Sittings().gap,
            back=any(gap >= 3 for gap in gaps[-2:]),
        )
        return self.policy.plan(
            day,
            list(self._candidates(day)),
            left[0] if left else None,
            self.policy.minutes,
            self.learner(),
            before,
            later_lessons=left[1:],
        )

    def _candidates(self, day: int) -> Iterator[Candidate]:
        for lesson, kept in zip(self.path.lessons, self.path.kept, strict=True):
            ended = self.done.get(lesson.drop_id, day)
            held = all(
                (m := self.memories.get(one.key)) and m.stability >= HELD_DAYS for one in kept if one.opens
            )
            for one in kept:
                memory = self.memories.get(one.key)
                if memory is None and (ended >= day or not (one.opens or held)):
                    continue
                if one.key in self.rests:
                    until = self.rests[one.key]
                    if until is None or until > day:
                        continue
                run, level = self._run(one), self._level(one)
                yield Candidate(
                    one.key, lesson.drop_id, "", one.seconds[level], memory, "recall", one.typed[level], run,
                    memory is None and not one.opens,
                    resting(run + 1, False, one.key in self.rested, day) is not None,
                    read_day=ended,
                )

    def _run(self, one: Kept) -> int:
        return self.policy.misses(self.of.get(one.key, ()))

    def _level(self, one: Kept) -> int:
        """The level at which an item is asked: one more after each time it was right."""
        level = self.levels.get(one.key, one.level)
        return ladder.other_way(level) if self._run(one) >= OTHER_WAY else level

    def sit(self, day: int) -> Sitting:
        """One sitting, from its promise to its end."""
        made = self.planned(day)
        self.reviews: list[float] = []
        self.again: list[float] = []
        spent, pages = 0.0, 0
        kept = {one.key: one for own in self.path.kept for one in own}
        for at, due in enumerate(made.items):
            if at and spent > made.recall_seconds + 75:
                break
            spent += self._asked(kept[due.item_key], day)
            pages += 1
        if made.part:
            spent += self._read(made.part, day)
            pages += sum(u.pages for lesson in self.path.lessons for u in lesson.units if u.key in made.part.units)
            self.lesson_days.append(day)
        for seconds in self.again:
            bounded = self.policy.retries_in_budget
            if bounded and (spent + seconds > made.budget or pages >= PAGES):
                continue
            right = False
            while not right:
                spent += self.who.types(seconds)
                pages += 1
                right = self.who.right(self.who.kind.first_sight)
                spent += 0.0 if right else self.who.reads(FEEDBACK)
                right = right or bounded
        self.days.append(day)
        return Sitting(day, made.seconds, spent, pages, tuple(self.reviews), len(self.done))

    def _asked(self, one: Kept, day: int, *, shown: float | None = None) -> float:
        """An item's graded try: the seconds it takes."""
        before, who = self.memories.get(one.key), self.who
        chance = who.knows(one.key, before, day)
        if before is not None:
            self.reviews.append(chance)
        right = who.right(chance)
        level = one.level if shown is not None else self._level(one)
        should, typed = one.seconds[level], one.typed[level]
        if shown is None:
            seconds = who.types(should) if typed else who.clicks(should)
            self.asking.append((seconds, should))
        else:
            seconds = shown
        after = reviewed(before, one.key, day, Rating.GOOD if right else Rating.AGAIN, self.policy.retention)
        self.memories[one.key] = after
        who.learned(one.key, before, after)
        self.rights.append(right)
        if right and level >= self.levels.get(one.key, one.level):
            self.levels[one.key] = min(ladder.HIGHEST, level + 1)
        rests = self._rest(one.key, right, day)
        if not right:
            seconds += who.reads(FEEDBACK)
            if rests:
                seconds += who.reads(WORKED)
            elif typed or not self.policy.retries_in_budget:
                self.again.append(lasts.SHORT if shown is not None else should)
        return seconds

    def _rest(self, key: str, right: bool, day: int) -> bool:
        own = self.of.setdefault(key, [])
        own.append(right)
        rest = resting(self.policy.misses(own), right, key in self.rested, day)
        if rest is not None:
            self.rests[key] = rest.until
            self.rested.add(key)
        return rest is not None

    def _read(self, part: LessonPart, day: int) -> float:
        lesson = next(one for one in self.path.lessons if one.drop_id == part.drop_id)
        kept = self.path.kept[self.path.lessons.index(lesson)]
        spent = 0.0
        for unit in lesson.units:
            if unit.key not in part.units:
                continue
            if unit.reads:
                read = self.who.reads(unit.reads)
                self.reading.append((read, unit.reads))
                spent += read
            if unit.asks:
                asked = self.who.types(unit.asks) if unit.again else self.who.clicks(unit.asks)
                self.asking.append((asked, unit.asks))
                spent += asked
            sheet = next((one for one in kept if one.sheet and unit.key == unit_of(one.key)), None)
            if sheet:
                spent += self._asked(sheet, day, shown=0.0)
            for _ in range(unit.judged - bool(sheet)):
                if not self.who.right(self.who.kind.first_sight):
                    spent += self.who.reads(FEEDBACK)
            self.behind.add(unit.key)
        if part.rest == 0:
            self.done[lesson.drop_id] = day
            if len(self.done) == len(self.path.lessons):
                self.through = day
        return spent


def unit_of(key: str) -> str:
    """The lesson's page key of a kept exercise."""
    drop, _, item = key.partition("/")
    return f"{drop}/do/{item}"
