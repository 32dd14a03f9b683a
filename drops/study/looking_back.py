"""What the screens about the past show: hard drops and progress. All folds of the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from drops.clock import Moment
from drops.course.model import Drop, LearningPath, Library
from drops.errors import DropsError
from drops.events import Day, Kind
from drops.memory import hardness, mastery, misconceptions
from drops.memory import progress as figures
from drops.memory.hardness import Hardness, Help
from drops.memory.honesty import Foreseen, Honesty, honesty
from drops.memory.mastery import Mastery
from drops.memory.misconceptions import Sighting, Status
from drops.memory.tally import Tally
from drops.store.file.ledger import Ledger
from drops.study.lasts import usual_seconds
from drops.study.paths import Paths, arranged
from drops.study.planning import carry_key
from drops.study.settings import value
from drops.study.today import Held, held, open_session, resting_on
from drops.study.tomorrow import two_days
from drops.text import counted, safe_text

if TYPE_CHECKING:
    from drops.exercises.blocks import Show
    from drops.study.study import Study

ALL_BLANK = 2  # the level of the fading ladder at which nothing is filled in

# Hard drops ------------------------------------------------------------------------------


@dataclass(frozen=True)
class HardDrop:
    """A drop on the Hard drops screen: its rank's reasons, and what is offered with it."""

    drop: Drop
    hardness: Hardness
    items: tuple[Held, ...]
    reason: str  # the reasons in one line, or that none is telling yet
    offers: tuple[str, ...]  # after three lapses: worked example, other template, needed drop
    needs: tuple[Drop, ...] = ()  # the drops it builds on, where a look back is offered
    stuck: str = ""  # the key of the item forgotten most, where its worked example is offered


def hard_drops(study: Study, now: Moment) -> list[HardDrop]:
    """Every drop with graded items, the hardest first."""
    day, seen = now.day.toordinal(), study.log.ledger()
    mixed = misconceptions.confirmed(seen.sightings)
    memories = seen.glance.memories
    records = [
        hardness.Record(key, drop.id, memories[key], _mixed_up_in(study, key, mixed))
        for drop in study.paths.drops
        for key in drop.kept
        if key in memories
    ]
    resting = resting_on(day, seen.glance.lately.rests)
    ranks = [(study.library.drop(one.drop_id), one) for one in hardness.ranked(records, day)]
    return [_hard(study, drop, one, held(drop, memories, resting)) for drop, one in ranks]


def _mixed_up_in(study: Study, item_key: str, mixed: Sequence[Sighting]) -> tuple[str, ...]:
    from drops.study.tasks import title_of  # late, as in `_mix_ups`

    return tuple(
        title_of(study.library, one.misconception, item_key) for one in mixed if item_key in one.item_keys
    )


def _hard(study: Study, drop: Drop, found: Hardness, items: tuple[Held, ...]) -> HardDrop:
    offers: tuple[Help, ...] = ()
    for key in found.stuck:
        memory = study.log.memory(key)
        if memory:
            offers += hardness.helps(memory, other_templates=len(drop.kept) > 1, needs=bool(drop.needs))
    said = tuple(one.value for one in dict.fromkeys(offers))
    reason = " · ".join(found.reasons) or "nothing hard in it yet"
    needs = tuple(study.library.drop(name) for name in drop.needs) if Help.NEEDED_DROP in offers else ()
    memories = study.log.memories()
    stuck = max(found.stuck, key=lambda key: memories[key].lapses, default="")
    return HardDrop(drop, found, items, reason, said, needs, stuck)


@dataclass(frozen=True)
class Worked:
    """An item with today's numbers, worked through line by line."""

    title: str
    show: tuple[Show, ...]
    way: tuple[str, ...]  # Markdown


def worked_example(study: Study, item_key: str, now: Moment) -> Worked:
    """An item worked through, with numbers of its own for the day: no question asks them. Raises Unknown."""
    from drops.exercises import fading, fairness  # late, as in `_mix_ups`
    from drops.study.tasks import fresh, whole_way

    _, item = study.library.item(item_key)
    task = fresh(item, fairness.seed_for(study.log.learner_id, item_key, now.day.toordinal()))
    step = fading.graded_step(task.steps(ALL_BLANK, {}, ""))
    return Worked(item.title, step.show, tuple(filter(None, whole_way(task, step))))


def hardest(study: Study, now: Moment) -> str:
    """The id of the hardest drop. Raises DropsError when nothing was answered yet."""
    ranked = hard_drops(study, now)
    if not ranked:
        raise DropsError("no drop has been answered yet; `drops plain` begins with the first")
    return ranked[0].drop.id


# Progress --------------------------------------------------------------------------------


@dataclass(frozen=True)
class DropProgress:
    drop: Drop
    mastery: Mastery
    right: int
    of: int
    items: tuple[Held, ...]
    path: str = ""  # its path's title, where there are several


@dataclass(frozen=True)
class MixUp:
    """A misconception met: what it is called, where it stands."""

    title: str
    status: Status
    seen: int
    last: date
    name: str  # its id
    item_keys: tuple[str, ...]  # where it showed


class NamedItem(NamedTuple):
    """An item that an outcome names, and how often its first try of a day was right."""

    drop: Drop
    title: str
    right: int
    of: int
    days: float | None = None  # that it holds; None before its first answer


@dataclass(frozen=True)
class OutcomeEvidence:
    """What the learner can do at the end, and what they have shown of it so far."""

    path: str  # its id
    path_title: str
    text: str
    items: tuple[NamedItem, ...]

    @property
    def shown(self) -> int:
        """How many of its items were right at a first try."""
        return sum(one.right > 0 for one in self.items)

    @property
    def whole(self) -> bool:
        """Whether all of it was shown: to have been there is no evidence."""
        return self.shown == len(self.items) > 0

    @property
    def asked(self) -> bool:
        return any(one.of for one in self.items)

    @property
    def says(self) -> str:
        if not self.asked:
            return "no evidence yet"
        return f"{self.shown} of {counted(len(self.items), 'question')} right at a first try"


@dataclass(frozen=True)
class Progress:
    """The Progress screen, as values."""

    day: date
    began: date  # the first day with an answer, of those that are looked at; today, where all are dated ahead
    drops: tuple[DropProgress, ...]
    weeks: tuple[tuple[date, int, int], ...]  # Monday, right, of
    minutes: tuple[tuple[date, float], ...]  # the last 28 days
    rhythm: str
    honesty: Honesty
    forecast: tuple[tuple[date, int, float], ...]  # the coming 30 days: items, minutes
    mix_ups: tuple[MixUp, ...]
    calendar: tuple[tuple[tuple[date, int, float, int], ...], ...]  # weeks of (day, answers, minutes, shade)
    outcomes: tuple[OutcomeEvidence, ...]
    answered: int
    complete: bool


def progress(library: Library, seen: Ledger, now: Moment) -> Progress:
    """Everything the log says about how it goes, from what its answers add up to."""
    day = now.day.toordinal()
    by_drop = figures.accuracy_by_drop(seen.tallies.values())
    paths = arranged(library, seen.glance.settings)
    daily, drops = seen.glance.daily, _drops(paths, seen, by_drop, day)
    return Progress(
        day=now.day,
        began=date.fromordinal(min([day, *(past.day for past in daily if past.graded + past.practice)])),
        drops=drops,
        weeks=tuple((date.fromordinal(at), a.right, a.of) for at, a in figures.accuracy_by_week(daily, day)),
        minutes=tuple(
            (date.fromordinal(at), spent) for at, spent in figures.minutes_per_day(daily, day - 27, day)
        ),
        rhythm=figures.rhythm({past.day for past in daily if past.graded + past.practice}, day).words,
        honesty=honesty(Foreseen.together(tally.foreseen for tally in seen.tallies.values())),
        forecast=_forecast(paths, seen, now.day),
        mix_ups=_mix_ups(library, seen),
        calendar=_calendar(daily, day),
        outcomes=tuple(one for path in paths.listed for one in _evidence(path, seen)),
        answered=seen.answered,
        complete=bool(drops) and mastery.complete(one.mastery.stage for one in drops),
    )


def _drops(
    paths: Paths, seen: Ledger, by_drop: Mapping[str, figures.Accuracy], day: int
) -> tuple[DropProgress, ...]:
    memories, passed = seen.glance.memories, seen.glance.passed
    resting = resting_on(day, seen.glance.lately.rests)
    made = []
    several = len(paths.listed) > 1
    for path, drop in ((one, drop) for one in paths.listed for drop in one.drops):
        best = mastery.best_stage(drop.id, passed)
        stage = mastery.mastery(carry_key(drop) in passed, [memories.get(key) for key in drop.kept], best)
        own = by_drop.get(drop.id, figures.Accuracy(0, 0))
        items = held(drop, memories, resting)
        made.append(DropProgress(drop, stage, own.right, own.of, items, path.title if several else ""))
    return tuple(made)


def _forecast(paths: Paths, seen: Ledger, day: date) -> tuple[tuple[date, int, float], ...]:
    """Today and tomorrow as they are planned, and what comes after them if every answer is good."""
    from drops.memory.schedule import reviewed  # late: FSRS, for this page alone

    pace, memories = seen.glance.pace, seen.glance.memories
    retention = value(seen.glance.settings, "retention")
    items = [
        (memories[key], usual_seconds(item, pace.get(key)))
        for drop in paths.drops
        for key, item in drop.kept.items()
        if key in memories
    ]
    loads = figures.forecast(
        items, day.toordinal(), lambda m, key, at, rating: reviewed(m, key, at, rating, retention)
    )
    plans = two_days(paths, seen.glance, day, opened=open_session(seen.glance, day))
    known = [(len(plan.items), plan.recall_seconds / 60) for plan in plans if plan]
    after = [(load.items, load.minutes) for load in loads[len(known) :]]
    return tuple(
        (date.fromordinal(load.day), *said) for load, said in zip(loads, known + after, strict=True)
    )


def _mix_ups(library: Library, seen: Ledger) -> tuple[MixUp, ...]:
    if not seen.sightings:
        return ()
    from drops.study.tasks import title_of  # late: it knows every exercise, and they load numpy

    return tuple(
        MixUp(
            title_of(library, one.misconception, one.item_keys[0]),
            one.status,
            one.seen,
            date.fromordinal(one.last_day),
            one.misconception,
            one.item_keys,
        )
        for one in seen.sightings
    )


def _calendar(daily: Sequence[Day], day: int) -> tuple[tuple[tuple[date, int, float, int], ...], ...]:
    return tuple(
        tuple((date.fromordinal(at.day), at.answers, at.minutes, at.shade) for at in week)
        for week in figures.calendar(daily, day)
    )


def _evidence(path: LearningPath, seen: Ledger) -> tuple[OutcomeEvidence, ...]:
    kept = {key: (drop, item.title) for drop in path.drops for key, item in drop.kept.items()}
    made = []
    for outcome in path.outcomes:
        items = []
        for key, (drop, title) in kept.items():
            if key in outcome.shown_by or drop.id in outcome.shown_by:
                tally = seen.tallies.get(key, Tally(key))
                memory = seen.glance.memories.get(key)
                days = memory.stability if memory else None
                items.append(NamedItem(drop, title, tally.correct, tally.graded, days))
        made.append(OutcomeEvidence(path.id, path.title, outcome.text, tuple(items)))
    return tuple(made)


# Beside the path ------------------------------------------------------------------------

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
    from drops.study.tasks import title_of  # late, as in `_mix_ups`

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
