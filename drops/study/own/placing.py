"""A placement: questions about the drops of a path that are still ahead, until it is plain where to begin.

It is a session of its own, one page a question. Each answer brings the next question with it, so a
placement goes on where it stood, also on a later day. At its end the drops that are known are passed, as
if their lessons had been: what was answered rightly is in memory from then on, and what was not asked
comes as any first sight does. What was answered wrongly costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from drops.course.model import Drop, Library
from drops.errors import DropsError
from drops.events import Fact, Kind
from drops.memory import placing
from drops.memory.placing import CHOICE_LUCK, TYPED_LUCK, Probe
from drops.memory.today import FEEDBACK
from drops.store.log import Log
from drops.study import lasts
from drops.study.paths import Paths
from drops.study.planning import carry_key
from drops.study.session import Session, Unit, after, session_from_event

LONGEST = 360.0  # seconds that its questions may take at the common pace
DAYS = 14  # for which one that was left goes on


def to_place(library: Library, paths: Paths, log: Log) -> Fact:
    """The fact that begins a placement on the current path. Raises DropsError where nothing is ahead."""
    if paths.current is None:
        raise DropsError("there is no path; `drops check` says what is wrong with the content")
    passed = log.passed()
    ahead = [drop for drop in paths.current.drops if carry_key(drop) not in passed]
    if not ahead:
        raise DropsError("every drop of this path is behind you; `drops today` says what comes back")
    first = _next(library, [drop.id for drop in ahead], ())
    if first is None:
        raise DropsError("no drop of this path keeps a question, so there is nothing to place you by")
    payload = {"began": True, "mode": "place", "plan": {"drops": [drop.id for drop in ahead]}}
    return Fact(Kind.SESSION, payload={**payload, "units": [first.as_list()]})


def next_question(library: Library, session: Session, unit: Unit, *, right: bool) -> Unit | None:
    """What is asked after the answer to `unit`; None where that was the last."""
    tries = (*_tries(library, session, but=unit.key), _try(library, session, unit, right=right))
    wrong = sum(not one.right for one in tries)
    units = [*(one for one in session.units if one.key != unit.key), unit]
    spent = sum(_asking(library, one) for one in units) + FEEDBACK * wrong
    found = _next(library, _ahead(session), units, tries)
    if found is None or spent + _asking(library, found) + FEEDBACK / 2 > LONGEST:
        return None
    return found


def seconds_left(library: Library, session: Session) -> float:
    """Seconds that the questions still to come may take, at most."""
    done = [unit for unit in session.units if unit.key in session.done]
    wrong = sum(session.work_in(unit).wrong for unit in done)
    left = LONGEST - sum(_asking(library, unit) for unit in done) - FEEDBACK * wrong
    return max(0.0, left) if session.unit else 0.0


def settled(library: Library, session: Session) -> list[Fact]:
    """That the drops that are known are passed, once the last question is behind."""
    if session.mode != "place" or session.unit is not None or session.ended:
        return []
    payload = {"session": session.id, "turned": True, "passed": True, "placed": True}
    known = placement(library, session).known
    return [Fact(Kind.SESSION, carry_key(drop), payload=payload) for drop in known]


class Placement(NamedTuple):
    """Where a placement stands, or what it came to."""

    known: tuple[Drop, ...]  # of those that were ahead as it began, the first ones
    begins: Drop | None  # the first that is not known; None past the last
    told: tuple[tuple[Drop, int, int], ...]  # of each drop that was asked about: right, of
    seconds: float  # that it took
    over: bool

    @property
    def right(self) -> int:
        return sum(right for _, right, _ in self.told)

    @property
    def asked(self) -> int:
        return sum(of for _, _, of in self.told)

    @property
    def says(self) -> str:
        """In the first person: "I begin at drop 6." """
        if self.begins is None:
            return "I know this path. What it keeps comes back, so that it stays."
        if not self.known:
            return f"I begin with drop {self.begins.number}."
        return f"I know drops up to {self.known[-1].number}. I begin at drop {self.begins.number}."

    @property
    def evidence(self) -> str:
        """What it rests on: "drop 5: 2 of 2 right; drop 6: 0 of 2"."""
        each = (f"drop {drop.number}: {right} of {of} right" for drop, right, of in self.told)
        return "; ".join(each) if self.told else "nothing asked yet"


def placement(library: Library, session: Session) -> Placement:
    """What the answers of a placement come to so far."""
    tries, ahead = _tries(library, session), [library.drop(name) for name in _ahead(session)]
    count = placing.known(tries, len(ahead)) if tries else 0
    places = sorted({one.drop for one in tries})
    told = tuple(
        (ahead[at - 1], sum(t.right for t in tries if t.drop == at), sum(t.drop == at for t in tries))
        for at in places
    )
    begins = ahead[count] if count < len(ahead) else None
    return Placement(tuple(ahead[:count]), begins, told, session.spent, session.unit is None)


def last_placement(library: Library, log: Log) -> Placement | None:
    """The newest placement in the log, open or over."""
    events = log.events(kinds=(Kind.SESSION, Kind.GRADED, Kind.PRACTICE, Kind.ATTEMPT))
    begins = {"mode": "place", "began": True}
    began = [n for n, event in enumerate(events) if begins.items() <= event.payload.items()]
    if not began:
        return None
    session = session_from_event(events[began[-1]])
    for event in events[began[-1] + 1 :]:
        session = after(session, event) if event.payload.get("session") == session.id else session
    return placement(library, session)


def placement_as_data(found: Placement | None) -> dict[str, Any]:
    """A placement, for scripts; its state is "none", "open" or "over"."""
    if found is None:
        return {"state": "none"}
    return {
        "state": "over" if found.over else "open",
        "known": [drop.id for drop in found.known],
        "begins": None if found.begins is None else {"drop": found.begins.id, "number": found.begins.number},
        "asked": found.asked,
        "right": found.right,
        "seconds": round(found.seconds),
        "drops": [{"drop": drop.id, "right": right, "of": of} for drop, right, of in found.told],
    }


# Questions -------------------------------------------------------------------------------


def _ahead(session: Session) -> list[str]:
    """The drops that were ahead as it began, by id."""
    named = session.plan.get("drops")
    return [str(name) for name in named] if isinstance(named, list) else []


def _next(
    library: Library, ahead: Sequence[str], asked: Sequence[Unit], tries: Sequence[Probe] = ()
) -> Unit | None:
    """The question that tells most: of its drop one that was asked least, typed before chosen."""
    questions = {n: found for n, name in enumerate(ahead, 1) if (found := _questions(library.drop(name)))}
    at = placing.next_asked(tries, len(ahead), questions)
    if at is None:
        return None
    times = [sum(unit.item == key for unit in asked) for key in questions[at]]
    key = questions[at][times.index(min(times))]
    return Unit(f"place/{len(asked) + 1}/{key}", "place", ahead[at - 1], key)


def _questions(drop: Drop) -> list[str]:
    """The keys of what can be asked of a drop: what is typed; where nothing is, what is clicked."""
    typed = [key for key in drop.kept if _is_typed(drop, key)]
    return typed or [key for key in drop.kept if _seconds(drop, key) <= lasts.SHORT]


def _is_typed(drop: Drop, key: str) -> bool:
    item = drop.kept[key]
    return lasts.is_typed(item, lasts.first_level(item))


def _seconds(drop: Drop, key: str) -> float:
    item = drop.kept[key]
    return lasts.form_seconds(item, lasts.first_level(item))


def _tries(library: Library, session: Session, but: str = "") -> tuple[Probe, ...]:
    return tuple(_each_try(library, session, but))


def _each_try(library: Library, session: Session, but: str) -> Iterator[Probe]:
    for unit in session.units:
        work = session.work_in(unit)
        if unit.key != but and work.tried:
            yield _try(library, session, unit, right=not work.wrong)


def _try(library: Library, session: Session, unit: Unit, *, right: bool) -> Probe:
    typed = _is_typed(library.drop(unit.drop), unit.item)
    return Probe(_ahead(session).index(unit.drop) + 1, right, TYPED_LUCK if typed else CHOICE_LUCK)


def _asking(library: Library, unit: Unit) -> float:
    return _seconds(library.drop(unit.drop), unit.item)
