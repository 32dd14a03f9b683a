"""Where the time of a sitting goes: what a page should take, what is left, when enough is enough."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, assert_never

from drops.course.model import ExerciseFence, Library
from drops.exercises.blocks import Ask, Case, Choice, Design, Knobs, Numbers, Order, Run, Show, Step, Words
from drops.memory.learner import Learner
from drops.memory.today import PAGES, WORKED, LessonUnit, seconds_of
from drops.networks.lengths import CASE
from drops.study import lasts
from drops.study.own import placing
from drops.study.own.ward import WARD
from drops.study.session import LESSON_KINDS, Session, Unit

BEYOND = 75.0  # seconds over a promise after which recall stops, or a stop is offered


def asking_seconds(ask: Ask) -> float:
    """Seconds to answer, at the common pace."""
    match ask:
        case Numbers(fields=fields):
            return lasts.TYPED + lasts.FIELD * len(fields)
        case Design(fields=fields):
            reasons = sum(field.reasons is not None for field in fields)
            return lasts.TYPED + lasts.FIELD * (len(fields) - reasons) + lasts.CHOICE * reasons
        case Run():
            return lasts.FIGURE
        case Knobs(knobs=knobs) if ask.by_hand:
            return lasts.drawing_seconds(len(knobs))
        case Choice() | Order() | Knobs():
            return lasts.CHOICE
        case Case():
            return lasts.CHOICE * CASE
        case _:
            assert_never(ask)


def words_seconds(show: Sequence[Show]) -> float:
    """Seconds to read the words of a page."""
    return sum(lasts.reading_seconds(block.markdown) for block in show if isinstance(block, Words))


def reading_seconds(show: Sequence[Show]) -> float:
    """Seconds for a page that asks nothing: its words, and a look at each figure."""
    return words_seconds(show) + lasts.FIGURE * sum(not isinstance(block, Words) for block in show)


def pace_of(session: Session) -> Learner:
    """How the learner was doing as the session began."""
    said = session.plan.get("learner")
    known = [one for one in said if type(one) in (int, float)] if isinstance(said, list) else []
    if len(known) != len(PACE) or not all(0 <= one < 1e6 for one in known):
        return Learner()
    right, tries, reads, asks = known
    return Learner(int(right), int(tries), reads=reads, asks=asks)


PACE = ("right", "tries", "reads", "asks")  # of the learner, as a plan notes them


def share_behind(steps: Sequence[Step], passed: Collection[str]) -> float:
    """Which share of the time of an exercise its steps behind took; of a page to look at, a look."""
    each = {step.name: asking_seconds(step.ask) if step.ask else lasts.FIGURE for step in steps}
    return sum(seconds for name, seconds in each.items() if name in passed) / sum(each.values())


def seconds_left(library: Library, session: Session, behind: float = 0.0) -> float:
    """Seconds that the units not yet behind will take this learner; `behind` is the share done of the one in
    front.
    """
    if session.mode == "place":
        return placing.seconds_left(library, session)
    who = pace_of(session)
    left = [unit for unit in session.units if unit.key not in session.done]
    prices = [_priced(session, unit) or seconds_of((lasts_of(library, unit),), who) for unit in left]
    return sum(prices) - behind * sum(prices[:1])


def _priced(session: Session, unit: Unit) -> float | None:
    """What a question of recall was taken to cost as it was planned: in the form in which it comes."""
    prices = session.plan.get("prices")
    if unit.kind != "recall" or not isinstance(prices, dict):
        return None
    return _seconds(prices.get(unit.item))


def lesson_seconds_left(library: Library, session: Session) -> float:
    who = pace_of(session)
    left = [u for u in session.units if u.key not in session.done and u.kind in LESSON_KINDS]
    return seconds_of((lasts_of(library, unit) for unit in left), who)


def lasts_of(library: Library, unit: Unit) -> LessonUnit:
    """How long a unit takes at the common pace."""
    if unit.drop == WARD and unit.kind == "recall":
        _, item = library.item(unit.item)
        assert isinstance(item, ExerciseFence)
        return lasts.exercise_unit(unit.key, item)
    if unit.kind in ("recall", "line", "retry", "place"):
        _, item = library.item(unit.item)
        seconds = lasts.CHOICE if unit.kind == "line" else lasts.form_seconds(item, lasts.first_level(item))
        return LessonUnit(unit.key, 0.0, seconds, judged=1)
    if unit.kind == "worked":
        return LessonUnit(unit.key, WORKED, 0.0)
    if unit.kind == "offer":
        return LessonUnit(unit.key, 0.0, lasts.CHOICE)
    known = {one.key: one for one in lasts.lesson(library.drop(unit.drop))}
    return known[unit.key.removeprefix("replay/")]


def fits_again(library: Library, session: Session, asks: float) -> bool:
    """Whether a missed item can be asked once more: within the budget of today, and its pages."""
    budget = _number(session, "budget")
    if session.mode != "today" or budget is None:
        return True
    pages = len(session.done) + sum(
        lasts_of(library, unit).pages for unit in session.units if unit.key not in session.done
    )
    more = asks * pace_of(session).asks
    return pages < PAGES and session.spent + seconds_left(library, session) + more <= budget


def recall_to_put_off(session: Session) -> tuple[str, ...]:
    """The items that wait for another day, as recall has taken much longer than was promised; what was just
    missed is still shown worked through."""
    promised = _number(session, "recall")
    if promised is None or session.recalling <= promised + BEYOND:
        return ()
    return tuple(u.key for u in session.units if u.key not in session.done and u.kind in ("recall", "line"))


def may_stop(library: Library, session: Session) -> bool:
    """Whether to offer an end: the budget is over, and much of the lesson is left."""
    budget = _number(session, "budget")
    offered = any(unit.key == "offer/stop" for unit in session.units)
    if session.mode != "today" or budget is None or offered or session.spent <= budget + BEYOND:
        return False
    return lesson_seconds_left(library, session) > BEYOND


def _number(session: Session, name: str) -> float | None:
    return _seconds(session.plan.get(name))


def _seconds(said: Any) -> float | None:
    """A number of a plan, which an import may have brought in another shape."""
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    return float(said) if 0 <= said < 1e6 else None
