"""What the screens about the past show: hard drops, progress, history. All folds of the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from drops.clock import Moment
from drops.course.model import Drop, LearningPath
from drops.errors import DropsError
from drops.exercises.answers import read
from drops.exercises.blocks import Ask, Show, Step
from drops.exercises.grading import Verdict
from drops.facts import Event, Kind, Rating
from drops.memory import hardness, mastery, misconceptions
from drops.memory import progress as figures
from drops.memory.attempts import Answer, answers, attempts, hints
from drops.memory.hardness import Hardness, Help
from drops.memory.honesty import Honesty, honesty, predictions
from drops.memory.mastery import Mastery
from drops.memory.misconceptions import Finding, Status
from drops.memory.schedule import folded, reviewed
from drops.study.study import Study
from drops.study.tasks import again
from drops.study.tasks import words as as_words
from drops.study.today import carry_key, item_seconds, item_title

# Hard drops ------------------------------------------------------------------------------


@dataclass(frozen=True)
class HardDrop:
    """A drop on the Hard drops screen: its rank's reasons, and what is offered with it."""

    drop: Drop
    hardness: Hardness
    reason: str  # the reasons in one line, or that none is telling yet
    offers: tuple[str, ...]  # after three lapses: worked example, other template, needed drop


def hard_drops(study: Study, now: Moment) -> list[HardDrop]:
    """Every drop with graded items, the hardest first."""
    day, memories = now.day.toordinal(), study.log.memories()
    tries = study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE))
    hinted = hints(tries)
    mixed = misconceptions.confirmed(attempts(tries))
    records = [
        hardness.Record(key, drop.id, memories[key], hinted.get(key, 0), _mixed_up_in(study, key, mixed))
        for drop in study.library
        for key in drop.kept
        if key in memories
    ]
    drops = {drop.id: drop for drop in study.library}
    return [_hard(study, drops[one.drop_id], one) for one in hardness.ranked(records, day)]


def _mixed_up_in(study: Study, item_key: str, mixed: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(title_of(study, one.misconception, item_key) for one in mixed if item_key in one.item_keys)


def _hard(study: Study, drop: Drop, found: Hardness) -> HardDrop:
    offers: tuple[Help, ...] = ()
    for key in found.stuck:
        memory = study.log.memory(key)
        if memory:
            offers += hardness.helps(memory, other_templates=len(drop.kept) > 1, needs=bool(drop.needs))
    said = [one.value for one in dict.fromkeys(offers)]
    return HardDrop(drop, found, " · ".join(found.reasons) or "nothing telling yet", tuple(said))


def hardest(study: Study, now: Moment) -> str:
    """The id of the hardest drop. Raises DropsError when nothing was answered yet."""
    ranked = hard_drops(study, now)
    if not ranked:
        raise DropsError("no drop has been answered yet; `drops plain` begins with the first")
    return ranked[0].drop.id


def title_of(study: Study, misconception: str, item_key: str) -> str:
    """A misconception in the learner's words, as its exercise kind or its drop calls it."""
    from drops.exercises.kinds import KINDS

    for kind in KINDS.values():
        if misconception in kind.misconceptions:
            return kind.misconceptions[misconception].title
    drop_id = item_key.partition("/")[0]
    declared: dict[str, str] = next(
        (dict(drop.misconceptions) for drop in study.library if drop.id == drop_id), {}
    )
    return declared.get(misconception, as_words(misconception))


# Progress --------------------------------------------------------------------------------


@dataclass(frozen=True)
class DropProgress:
    drop: Drop
    mastery: Mastery
    right: int
    of: int


@dataclass(frozen=True)
class MixUp:
    """A misconception met: what it is called, where it stands."""

    title: str
    status: Status
    seen: int
    last: date


@dataclass(frozen=True)
class OutcomeEvidence:
    """What the learner can do at the end, and what they have shown of it so far."""

    text: str
    right: int
    of: int
    drops_done: int
    drops: int

    @property
    def says(self) -> str:
        if not self.of:
            return "no evidence yet"
        return f"{self.right} of {self.of} first tries right, {self.drops_done} of {self.drops} drops done"


@dataclass(frozen=True)
class Progress:
    """The Progress screen, as values."""

    day: date
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


def progress(study: Study, now: Moment) -> Progress:
    """Everything the log says about how it goes."""
    day = now.day.toordinal()
    events = study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE, Kind.RESET))
    tries = answers(events)
    by_drop = figures.accuracy_by_drop(tries)
    drops = tuple(_drop_progress(study, drop, by_drop) for drop in study.library)
    retention = study.setting("retention")
    return Progress(
        day=now.day,
        drops=drops,
        weeks=tuple((date.fromordinal(at), a.right, a.of) for at, a in figures.accuracy_by_week(tries, day)),
        minutes=tuple(
            (date.fromordinal(at), spent) for at, spent in figures.minutes_per_day(tries, day - 27, day)
        ),
        rhythm=figures.rhythm({answer.day for answer in tries}, day).words,
        honesty=honesty(predictions(events, folded(retention))),
        forecast=_forecast(study, day, retention),
        mix_ups=_mix_ups(study, events),
        calendar=_calendar(tries, day),
        outcomes=tuple(one for path in study.library.paths for one in _evidence(study, path, tries)),
        answered=len(tries),
        complete=bool(drops) and mastery.complete(one.mastery.stage for one in drops),
    )


def _drop_progress(study: Study, drop: Drop, by_drop: dict[str, figures.Accuracy]) -> DropProgress:
    memories = study.log.memories()
    made = mastery.mastery(carry_key(drop) in study.log.passed(), [memories.get(key) for key in drop.kept])
    seen = by_drop.get(drop.id, figures.Accuracy(0, 0))
    return DropProgress(drop, made, seen.right, seen.of)


def _forecast(study: Study, day: int, retention: float) -> tuple[tuple[date, int, float], ...]:
    pace, memories = study.log.durations(), study.log.memories()
    items = [
        (memories[key], item_seconds(item, pace.get(key)))
        for drop in study.library
        for key, item in drop.kept.items()
        if key in memories
    ]
    loads = figures.forecast(items, day, lambda m, key, at, rating: reviewed(m, key, at, rating, retention))
    return tuple((date.fromordinal(load.day), load.items, load.minutes) for load in loads)


def _mix_ups(study: Study, events: Sequence[Event]) -> tuple[MixUp, ...]:
    return tuple(
        MixUp(
            title_of(study, one.misconception, one.item_keys[0]),
            one.status,
            one.seen,
            date.fromordinal(one.last_day),
        )
        for one in misconceptions.findings(attempts(events))
    )


def _calendar(tries: Sequence[Answer], day: int) -> tuple[tuple[tuple[date, int, float, int], ...], ...]:
    return tuple(
        tuple((date.fromordinal(at.day), at.answers, at.minutes, at.shade) for at in week)
        for week in figures.calendar(tries, day)
    )


def _evidence(study: Study, path: LearningPath, tries: Sequence[Answer]) -> tuple[OutcomeEvidence, ...]:
    passed = study.log.passed()
    made = []
    for outcome in path.outcomes:
        first = [a for a in tries if a.drop_id in outcome.shown_by and a.graded]
        done = sum(f"{drop}/carry" in passed for drop in outcome.shown_by)
        made.append(
            OutcomeEvidence(
                outcome.text, sum(a.right for a in first), len(first), done, len(outcome.shown_by)
            )
        )
    return tuple(made)


# Answer history --------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """A past answer as a list shows it."""

    event_id: bytes
    at: date  # learner-day
    time: str  # "08:15", where it was answered
    drop_number: int
    title: str
    right: bool
    rating: str  # "Good", or "practice"
    reason: str
    misconceptions: tuple[str, ...]


@dataclass(frozen=True)
class Reopened:
    """A past answer exactly as it was: its numbers, what was typed, the diagnosis."""

    past: Past
    show: tuple[Show, ...]
    ask: Ask | None
    typed: str
    verdict: Verdict | None  # None where it was given up, or its item is gone
    note: str  # "" or why it cannot be shown whole


def history(
    study: Study, *, drop: str = "", right: bool | None = None, misconception: str = "", limit: int = 200
) -> list[Past]:
    """Past answers, the newest first; of one drop, one verdict, one misconception (by its title)."""
    prefix = f"{study.library.drop(drop).id}/" if drop else ""
    events = study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE), item_prefix=prefix, newest_first=True)
    found: list[Past] = []
    for event in events:
        if right is not None and event.correct is not right:
            continue
        past = _past(study, event)
        if misconception and not any(misconception.lower() in name.lower() for name in past.misconceptions):
            continue
        found.append(past)
        if len(found) == limit:
            break
    return found


def _past(study: Study, event: Event) -> Past:
    number, title = _where(study, event.item_key)
    local = Moment(event.occurred_us, event.tz_offset_min, date.fromordinal(event.study_day)).local
    names = event.payload.get("misconceptions") or ()
    return Past(
        event.event_id,
        date.fromordinal(event.study_day),
        f"{local:%H:%M}",
        number,
        title,
        event.correct is True,
        Rating(event.rating).name.capitalize() if event.rating else "practice",
        str(event.payload.get("reason", "")),
        tuple(title_of(study, name, event.item_key) for name in names),
    )


def _where(study: Study, item_key: str) -> tuple[int, str]:
    try:
        drop, item = study.library.item(item_key)
    except DropsError:
        return 0, item_key  # its lesson is not installed any more; the answer stays
    return drop.number, item_title(item)


def reopen(study: Study, event_id: bytes) -> Reopened:
    """A past attempt as it was, computed from its stored numbers. Raises Unknown."""
    event = study.log.event(event_id)
    past, said = _past(study, event), event.payload
    try:
        _, item = study.library.item(event.item_key)
        task = again(item, said["numbers"])
        step = _step_named(task.steps(said["level"], {}, said.get("bug", "")), said["step"])
        if step.ask is None or said.get("revealed"):
            return Reopened(past, step.show, step.ask, "", None, "The answer was shown.")
        verdict = task.grade(step.ask, read(step.ask, said["typed"]))
    except (DropsError, LookupError, TypeError, ValueError) as gone:
        return Reopened(
            past,
            (),
            None,
            str(said.get("typed", "")),
            None,
            f"This answer is from an exercise that has changed since ({gone}).",
        )
    return Reopened(past, step.show, step.ask, said["typed"], verdict, "")


def _step_named(steps: Sequence[Step], name: str) -> Step:
    return next(step for step in steps if step.name == name)
