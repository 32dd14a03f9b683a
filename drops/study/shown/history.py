"""Past answers: listed, searched, and opened again exactly as they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from drops.clock import Moment
from drops.errors import DropsError, Unknown
from drops.events import Event, Kind, Rating
from drops.exercises.blocks import Ask, Show, Step
from drops.exercises.grading import Verdict
from drops.study.question import ANSWERED
from drops.study.study import Study
from drops.study.tasks import again, judged, title_of

CHUNK = 400  # events read at once: a page of answers waits for no more of the log than it needs

NOT_INSTALLED = "Its lesson is not installed any more."


@dataclass(frozen=True)
class Past:
    """A past answer as a list shows it."""

    event_id: bytes
    at: date  # learner-day
    time: str  # "08:15", where it was answered
    drop_number: int  # 0 where its lesson is not installed any more
    drop: str  # what its drop is called: "drop 3", "drop 3 of Sums"; "" where there is none any more
    drop_id: str
    title: str
    right: bool
    rating: str  # "Good", or "practice"
    reason: str
    misconceptions: tuple[str, ...]  # as they are called to the learner


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
    study: Study,
    *,
    drop: str = "",
    right: bool | None = None,
    misconception: str = "",
    text: str = "",
    after: bytes | None = None,
    limit: int = 200,
) -> list[Past]:
    """Past answers, the newest first; of one drop, one verdict, one misconception (by its title).

    `text` is looked for in titles, misconceptions and ratings; `after` continues behind the
    last answer of the page before. Raises Unknown for a drop that is none.
    """
    prefix = f"{study.drop(drop).id}/" if drop else ""
    where: dict[str, tuple[int, str, str]] = {}
    found: list[Past] = []
    for event in _newest_first(study, prefix, after):
        if right is not None and event.correct is not right:
            continue
        if misconception and not event.payload.get("misconceptions"):
            continue
        past = _past(study, event, where)
        if misconception and not any(misconception.lower() in name.lower() for name in past.misconceptions):
            continue
        if text and text.lower() not in _searched(past):
            continue
        found.append(past)
        if len(found) == limit:
            break
    return found


def _newest_first(study: Study, prefix: str, after: bytes | None) -> Iterator[Event]:
    while True:
        events = study.log.events(
            kinds=(Kind.GRADED, Kind.PRACTICE),
            item_prefix=prefix,
            newest_first=True,
            after=after,
            limit=CHUNK,
        )
        yield from events
        if len(events) < CHUNK:
            return
        after = events[-1].event_id


def _searched(past: Past) -> str:
    words = (past.drop, past.title, past.rating, *past.misconceptions)
    return " ".join((*words, f"{past.at:%A} {past.at.day} {past.at:%B %Y}")).lower()


def _past(study: Study, event: Event, where: dict[str, tuple[int, str, str]]) -> Past:
    if event.item_key not in where:
        where[event.item_key] = _where(study, event.item_key)
    number, drop, title = where[event.item_key]
    local = Moment(event.occurred_us, event.tz_offset_min, date.fromordinal(event.study_day)).local
    names = event.payload.get("misconceptions")
    return Past(
        event.event_id,
        date.fromordinal(event.study_day),
        f"{local:%H:%M}",
        number,
        drop,
        event.item_key.partition("/")[0],
        title,
        event.correct is True,
        Rating(event.rating).name.capitalize() if event.rating else "practice",
        str(event.payload.get("reason", "")),
        tuple(title_of(study.library, n, event.item_key) for n in names if isinstance(n, str))
        if isinstance(names, list)
        else (),  # another version's, or another program's
    )


def _where(study: Study, item_key: str) -> tuple[int, str, str]:
    """The number of an item's drop, what that is called, and the item's title."""
    try:
        drop, item = study.library.item(item_key)
    except DropsError:
        return 0, "", item_key  # its lesson is not installed any more; the answer stays
    return drop.number, study.paths.number(drop), item.title


def reopen(study: Study, event_id: bytes) -> Reopened:
    """A past attempt as it was, computed from its stored numbers. Raises Unknown."""
    event = study.log.event(event_id)
    past, said = _past(study, event, {}), event.payload
    typed = str(said.get("typed", ""))
    try:
        _, item = study.library.item(event.item_key)
    except Unknown:
        there = any(drop.id == event.item_key.partition("/")[0] for drop in study.library)
        gone = "This question was taken out of its lesson." if there else NOT_INSTALLED
        return Reopened(past, (), None, typed, None, gone)
    try:
        task = again(item, said["numbers"])
        answers = _answers_before(study, event)
        short = said.get("short") is True
        steps = task.steps(said["level"], answers, said.get("bug", ""), short=short)
        step = _step_named(steps, said["step"])
        if step.ask is None or said.get("revealed"):
            return Reopened(past, step.show, step.ask, "", None, "The answer was shown.")
        verdict = judged(study.library, event.item_key, task, step.ask, said["typed"])
    except (DropsError, LookupError, TypeError, ValueError, AttributeError) as gone:
        return Reopened(
            past,
            (),
            None,
            typed,
            None,
            f"This answer is from an exercise that has changed since ({gone}).",
        )
    return Reopened(past, step.show, step.ask, said["typed"], verdict, "")


def met(study: Study, misconception: str, item_keys: Sequence[str]) -> Reopened | None:
    """The last answer that showed a misconception, as it was; None where it is not in the log any more."""
    for key in reversed(item_keys):
        for event in study.log.events(kinds=(Kind.GRADED, Kind.PRACTICE), item_prefix=key, newest_first=True):
            names = event.payload.get("misconceptions")
            if event.item_key == key and isinstance(names, list) and misconception in names:
                return reopen(study, event.event_id)
    return None


def _answers_before(study: Study, event: Event) -> dict[str, str]:
    """What was typed at earlier steps of the same attempt, which may have begun the day before."""
    attempt = event.payload.get("session"), event.payload.get("unit")
    answers = {}
    for earlier in study.log.events(
        kinds=ANSWERED, item_prefix=event.item_key, since_day=event.study_day - 1
    ):
        said = earlier.payload
        mine = earlier.event_id < event.event_id and (said.get("session"), said.get("unit")) == attempt
        if mine and said.get("typed"):
            answers[said["step"]] = said["typed"]
    return answers


def _step_named(steps: Sequence[Step], name: str) -> Step:
    return {step.name: step for step in steps}[name]
