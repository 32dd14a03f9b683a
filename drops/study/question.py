"""What stands in front of the learner: an item with its numbers, its level, its next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from drops import catalog
from drops.course.model import Drop, ExerciseFence, Item, Library, Quiz
from drops.errors import NoDraw, Unknown, Unreadable
from drops.events import Event, Fact, Kind, Memory, Rating
from drops.exercises import fading, fairness
from drops.exercises.answers import digit, opened
from drops.exercises.blocks import Ask, Case, Numbers, Step
from drops.exercises.levels import FEWEST_LINES
from drops.exercises.sheets import unaided
from drops.memory import ladder
from drops.memory.attempts import attempts
from drops.memory.learner import misses_running
from drops.memory.resting import OTHER_WAY
from drops.store.log import Log
from drops.study.openers import opener_sheet
from drops.study.own.ward import WARD
from drops.study.session import Session, Unit, Work
from drops.study.tasks import Task, again, fresh

ANSWERED = (Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT)
ASKING = ("recall", "line", "exercise", "quiz", "retry", "place")
SHORT = ("recall", "retry", "place")  # what is asked in one field, whatever the sheet


@dataclass(frozen=True)
class Front:
    """A unit that asks something, ready to be shown and answered."""

    unit: Unit
    drop: Drop
    item: Item
    work: Work
    task: Task
    steps: tuple[Step, ...]  # those of this unit: all of an exercise, else the graded one
    step: Step | None  # the one in front; None when all are behind

    @property
    def now(self) -> Step:
        """The step in front, where there is one."""
        assert self.step is not None, "all steps of this unit are behind"
        return self.step

    @property
    def ask(self) -> Ask:
        assert self.now.ask is not None, "this step asks nothing: it is left by turning"
        return self.now.ask

    @property
    def page_key(self) -> str:
        """Of the page that this step is."""
        return f"{self.unit.key}:{self.now.name}"

    @property
    def short(self) -> bool:
        """Whether one field is asked, the others printed."""
        return self.unit.kind in SHORT

    @property
    def is_main(self) -> bool:
        """Whether this is the step whose first try is the item's graded try."""
        return self.now.part == "do" and self.now.name == fading.graded_step(self.steps).name

    @property
    def is_last(self) -> bool:
        return [s.name for s in self.steps if s.name not in self.work.passed] == [self.now.name]

    @property
    def tried(self) -> bool:
        """Whether this step was answered before in this unit: what follows corrects it."""
        return self.now.name in self.work.tried


def front(library: Library, session: Session, unit: Unit) -> Front:
    """The unit with its task, as it was drawn when it came to the front. Raises LookupError before."""
    drop, item = library.item(unit.item)
    work = session.work_in(unit)
    if work.numbers is None:
        raise LookupError(unit.key)
    task = again(item, work.numbers)
    steps = task.steps(work.level, work.answers, work.bug, short=unit.kind in SHORT)
    if unit.kind == "place":
        steps = tuple(
            replace(one, ask=unaided(one.ask)) if isinstance(one.ask, Numbers) else one for one in steps
        )
    names = {fading.graded_step(steps).name, *((fading.MEND,) if unit.kind in ("line", "quiz") else ())}
    whole = unit.kind == "exercise" or unit.drop == WARD or task.shows_after
    mine = steps if whole else tuple(step for step in steps if step.name in names)
    step = next((s for s in mine if s.name not in work.passed), None)
    return Front(unit, drop, item, work, task, mine, step)


def opening(library: Library, log: Log, session: Session) -> Fact | None:
    """What is drawn for the unit in front, as the fact that fixes it; None where nothing is to be drawn."""
    unit = session.unit
    if unit is None or not unit.item or session.work_in(unit).numbers is not None:
        return None
    payload = {"session": session.id, "unit": unit.key}
    return Fact(Kind.SESSION, unit.key, payload={**payload, "opens": _drawn_for(library, log, session, unit)})


def _drawn_for(library: Library, log: Log, session: Session, unit: Unit) -> Mapping[str, Any]:
    """Numbers, level and misconception of a unit. A window that cannot save shows what the other drew."""
    if log.read_only and (known := _drawn_elsewhere(log, session, unit)):
        return known
    _, item = library.item(unit.item)
    past = tries_before(log, session, unit.item)
    # the unit's key, not the item's: a worked example must not give away the try that follows it
    seed = fairness.seed_for(log.learner_id, unit.key, len(past))
    tied = _named(past[-1]) if past else ()
    like = _like_items(library, item, past, log, session)
    seen = [numbers for event in like if isinstance(numbers := event.payload.get("numbers"), Mapping)]
    task = _drawn(item, seed, tied if len(tied) == 2 else (), seen)
    level = ladder.HIGHEST
    if not unit.bug:
        level = _level(item, past, session.mode == "replay", misses(past) >= OTHER_WAY)
    bug = task.rule_to_break(level, unit.bug or _own_bug(past))
    return {"numbers": dict(task.numbers), "level": level, "bug": bug}


def _like_items(
    library: Library, item: Item, past: list[Event], log: Log, session: Session
) -> Sequence[Event]:
    """The answers whose numbers are not to come again: the item's own, or those of all items of its kind."""
    if not (isinstance(item, ExerciseFence) and catalog.kind(item.kind).one_of_many):
        return past
    keys = [key for key, one in library.items() if isinstance(one, ExerciseFence) and one.kind == item.kind]
    tries = [event for key in keys for event in tries_before(log, session, key)]
    return sorted(tries, key=lambda event: event.occurred_us)


def _drawn_elsewhere(log: Log, session: Session, unit: Unit) -> Mapping[str, Any] | None:
    """What the window that saves drew for the same page today."""
    for event in log.events(kinds=(Kind.SESSION,), item_prefix=unit.key, newest_first=True):
        drawn = event.payload.get("opens")
        if event.item_key == unit.key and event.study_day == session.day and isinstance(drawn, dict):
            return drawn
    return None


def tries_before(log: Log, session: Session, item_key: str) -> list[Event]:
    """An item's answers: those of other sessions, and then this one's own, as this window knows them."""
    logged = log.events(kinds=ANSWERED, item_prefix=item_key)
    others = [e for e in logged if e.item_key == item_key and e.payload.get("session") != session.id]
    return others + [e for e in session.answers if e.item_key == item_key]


def misses(past: Sequence[Event]) -> int:
    """Misses of an item since it was right twice running, from its answers."""
    graded = sorted((e for e in past if e.kind is Kind.GRADED), key=lambda e: e.study_day)
    return misses_running(e.rating is not Rating.AGAIN for e in graded)


def _drawn(item: Item, seed: int, tied: tuple[str, ...], seen: Sequence[Mapping[str, Any]]) -> Task:
    try:
        return fresh(item, seed, tied, seen)
    except (Unknown, KeyError, NoDraw):
        return fresh(item, seed)  # a later version of the kind no longer knows the two


def _level(item: Item, past: Sequence[Event], easier: bool, other_way: bool) -> int:
    if isinstance(item, Quiz):
        return 0
    level = ladder.level(attempts(past), item.level)
    if other_way:
        return ladder.other_way(level)
    return ladder.easier(level) if easier else level


def _named(event: Event) -> tuple[str, ...]:
    """The misconceptions that an answer showed; of an imported one of another shape, none."""
    named = event.payload.get("misconceptions")
    return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


def _own_bug(past: Sequence[Event]) -> str:
    """The learner's most frequent misconception on an item, for "find the wrong line"."""
    counts = Counter(name for event in past for name in _named(event))
    return counts.most_common(1)[0][0] if counts else ""


def feeds_memory(unit: Unit, drop: Drop, item: Item, memory: Memory | None, day: int) -> bool:
    """The first graded try of a kept item on a learner-day, when it is due or new.

    Of a lesson's items its sheet alone is graded at first sight; the others come into memory later.
    """
    if not item.keep or unit.kind in ("retry", "line"):
        return False
    if memory is None and unit.kind in ("exercise", "quiz") and unit.item != opener_sheet(drop):
        return False
    return memory is None or (memory.last_day < day and memory.due_day <= day)


def has_lines(library: Library, item_key: str, misconception: str) -> bool:
    """Whether an item's exercise can be shown with this misconception in it."""
    try:
        _, item = library.item(item_key)
        if isinstance(item, Quiz):
            return False
        exercise = catalog.draw(item.kind, 0, item.params)
        bends = exercise.misconceptions[misconception].swap
        return bool(bends) and len(exercise.fields) >= FEWEST_LINES
    except (Unknown, KeyError, NoDraw):
        return False  # its lesson is not installed, or its kind no longer knows the misconception


# What is done on the way to the answer of a case is a fact of its own.


def with_notes(at: Front, text: str) -> str:
    """An answer to a case with all that was opened and struck off on its page before, told or not. Raises
    Unreadable."""
    if not isinstance(at.ask, Case):
        return text
    named, told, struck, *_ = *text.split(";"), "", ""
    signs = dict.fromkeys((*at.work.gauges, *(digit(i) for i in opened(at.ask, told))))
    strikes = dict.fromkeys((*(f"{sign}/{gauges}" for sign, gauges in at.work.strikes), *struck.split()))
    parts = named.strip(), " ".join(signs), " ".join(strikes)
    return "; ".join(parts).rstrip("; ")


def opening_of(session: Session, at: Front, gauge: str) -> Fact | None:
    """That a gauge is opened, by its sign; None where it is open. Raises Unreadable where none may be."""
    assert isinstance(at.ask, Case)
    if gauge in at.work.gauges:
        return None
    if len(at.work.gauges) >= at.ask.openings:
        raise Unreadable(f"{at.ask.openings} gauges are open: name the cause", "1")
    return noted(session, at, gauge=gauge)


def noted(session: Session, at: Front, **said: str) -> Fact:
    """What was done on the way to an answer."""
    payload = {"session": session.id, "unit": at.unit.key, "step": at.now.name, **said}
    return Fact(Kind.ATTEMPT, at.page_key, payload=payload)
