"""The end of a session: what was gained first, then what was mended, what comes back, and the next riddle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from drops.clock import weekday
from drops.course.model import Drop, Library
from drops.store.log import Log
from drops.study.openers import openers
from drops.study.own.placing import placement
from drops.study.pages import Ending
from drops.study.paths import arranged
from drops.study.planning import carry_key
from drops.study.question import ANSWERED
from drops.study.session import Session
from drops.study.tasks import title_of

SOONEST = 2  # days on which something comes back that are told
DAYS_OF_A_WEEK = 7


def ending(library: Library, log: Log, session: Session) -> Ending:
    """What a session comes to, of what is stored of it."""
    if session.mode == "place":
        return _placed(library, log, session)
    done = [drop for drop in library if carry_key(drop) in session.done]
    goes_on = _goes_on(library, log, session)
    return Ending(
        gains=tuple(drop.gain for drop in done if drop.gain) or (_held(session),),
        recap=tuple(line for drop in done for line in drop.carry_forward),
        lines=tuple(_lines(library, log, session, done, goes_on)),
        goes_on=goes_on,
        elsewhere=arranged(library, log.settings()).elsewhere(goes_on) if goes_on else "",
    )


def _placed(library: Library, log: Log, session: Session) -> Ending:
    """Where a placement puts the learner, and what that rests on."""
    came = placement(library, session)
    lines = [("Asked", came.evidence)]
    if came.known:
        lines.append(("Behind you", "; ".join(f"{drop.number} · {drop.title}" for drop in came.known)))
    if coming := _coming(log, session):
        lines.append(("Comes back", coming))
    elsewhere = arranged(library, log.settings()).elsewhere(came.begins) if came.begins else ""
    return Ending((came.says,), (), tuple(lines), came.begins, elsewhere)


def _held(session: Session) -> str:
    """Of a session without a drop that was finished: what still stood."""
    works = [session.work_in(unit) for unit in session.units if unit.kind == "recall"]
    right = sum(bool(work.tried) and not work.wrong for work in works)
    if not right:
        return "I came back to what I had learned."
    return f"I still know {right} thing{'s' * (right != 1)} that I had learned."


def _lines(
    library: Library, log: Log, session: Session, done: list[Drop], goes_on: Drop | None
) -> Iterator[tuple[str, str]]:
    if minutes := round(session.spent / 60):
        yield "It took", f"{minutes} minute{'s' * (minutes != 1)}"
    if mended := list(dict.fromkeys(_mended(library, log, session))):
        yield "Met, put right", "; ".join(mended)
    if coming := _coming(log, session, done):
        yield "Comes back", coming
    if count := len(session.waits):
        yield "For tomorrow", f"{count} question{'s' * (count != 1)}: recall took its time"
    if asks := next((drop for drop in reversed(done) if drop.riddle), None):
        # a drop that was opened ahead asks what a later day answers, and the last one what no drop does
        comes = goes_on is not None and goes_on == _after(library, asks)
        yield "Tomorrow" if comes else "To think about", asks.riddle


def _after(library: Library, drop: Drop) -> Drop | None:
    """The drop after one, which answers its riddle: of its path, or the first of the next path."""
    drops = list(library)
    return next(iter(drops[drops.index(drop) + 1 :]), None)


def _mended(library: Library, log: Log, session: Session) -> Iterator[str]:
    """The mix-ups that were named in this sitting and then answered rightly in it."""
    open_ones: dict[str, list[str]] = {}  # item → titles of what was named and not yet mended
    for event in log.events(kinds=ANSWERED, since_day=session.day):
        if event.payload.get("session") != session.id:
            continue
        if event.correct:
            yield from open_ones.pop(event.item_key, [])
        for name in event.payload.get("misconceptions", ()):
            open_ones.setdefault(event.item_key, []).append(title_of(library, name, event.item_key))


def _coming(log: Log, session: Session, done: Sequence[Drop] = ()) -> str:
    """On which days what was asked comes back, and what is kept of the drops that were done: "3 questions
    tomorrow, 1 on Saturday"."""
    asked = {unit.item for unit in session.units if unit.item and unit.key in session.done}
    due = Counter(days_back(log, session.day, done, asked))
    told = []
    for at, (day, count) in enumerate(sorted(due.items())[:SOONEST]):
        what = f"{count} question{'s' * (count != 1)}" if at == 0 else f"{count}"
        told.append(f"{what} {coming_day(day, session.day)}")
    return ", ".join(told)


def days_back(log: Log, today: int, done: Sequence[Drop], asked: Iterable[str] = ()) -> list[int]:
    """The days on which items come back, as far as they are known: of what was asked, and of what is kept of
    the drops that were done, whose openers come a day after them. What was due and did not count is due
    still: the next day is the first that is to come."""
    soonest, first = today + 1, {key for drop in done for key in openers(drop)}
    kept = dict.fromkeys(key for drop in done for key in drop.kept)
    found = []
    for key in kept | dict.fromkeys(asked):
        memory = log.memory(key)
        if memory is None and key in first:
            found.append(soonest)
        elif memory is not None and not memory.suspended:
            found.append(max(memory.due_day, soonest))
    return found


def coming_day(day: int, today: int) -> str:
    """A coming day: within a week its name says which."""
    on = date.fromordinal(day)
    if day == today + 1:
        return "tomorrow"
    return f"on {on:%A}" if day < today + DAYS_OF_A_WEEK else f"on {weekday(on, date.fromordinal(today))}"


def _goes_on(library: Library, log: Log, session: Session) -> Drop | None:
    """The next drop, for those who want; none after a replay or a test."""
    if session.mode not in ("today", "drop"):
        return None
    passed = log.passed()
    left = (d for d in arranged(library, log.settings()).giving if carry_key(d) not in passed)
    return next((drop for drop in left if carry_key(drop) not in session.done), None)
