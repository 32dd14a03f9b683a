"""What is in the learner's hands: an answer taken back, an item set aside or taken in, a drop forgotten.

Each is an event, says in a line what it did, and can be taken back: the log itself never shrinks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from drops.clock import Moment, weekday
from drops.course.model import Drop, Library
from drops.errors import DropsError, Unknown
from drops.events import Event, Fact, Kind, Rating
from drops.memory.rating import GUESSED
from drops.store.log import Log
from drops.study.question import ANSWERED
from drops.study.session import LESSON_KINDS, Session, open_sessions

ACTS = (*ANSWERED, Kind.RESET, Kind.SUSPEND)
LOOKED_AT = 200  # newest events among which the last act is found at once
BY_HAND = "by hand"  # in the payload of what the learner did, not what followed from an answer


def undo(library: Library, log: Log, now: Moment, count: int = 1) -> str:
    """Takes back the last acts: answers, "I guessed", what was set aside, taken in or forgotten."""
    done: list[str] = []
    for _ in range(count):
        last = _last_act(log)
        if last is None:
            break
        log.append_all(list(_taken_back(log, last, now)), now)
        done.append(_said_of(library, last))
    if not done:
        raise DropsError("there is nothing to take back")
    return f"Taken back: {'; '.join(done)}."


def _last_act(log: Log) -> Event | None:
    events = log.events(kinds=ACTS, newest_first=True, limit=LOOKED_AT)
    return next((event for event in events if _is_act(event)), None)


def _is_act(event: Event) -> bool:
    if event.kind in (Kind.RESET, Kind.SUSPEND):
        return bool(event.payload.get(BY_HAND))
    return event.correct is not None and "gauge" not in event.payload


def _taken_back(log: Log, last: Event, now: Moment) -> Iterator[Fact]:
    """What takes an act back, and with an answer of today what was done of its session since."""
    yield Fact(Kind.VOID, last.item_key, target=last.event_id)
    if last.kind is Kind.RESET:
        together = log.events(
            kinds=(Kind.RESET, Kind.SESSION), since_day=last.study_day, until_day=last.study_day
        )
        for event in together:
            same = (
                event.payload.get(BY_HAND) == last.payload[BY_HAND] and event.occurred_us == last.occurred_us
            )
            if same and event.event_id != last.event_id:
                yield Fact(Kind.VOID, event.item_key, target=event.event_id)
    if guessed := last.payload.get("guessed"):
        before = log.event(bytes.fromhex(str(guessed)))
        yield Fact(
            before.kind,
            before.item_key,
            before.rating,
            before.correct,
            before.duration_ms,
            payload=before.payload,
        )
        return
    if last.kind in ANSWERED:
        for event in log.events(
            kinds=(Kind.SESSION, Kind.SUSPEND), since_day=now.day.toordinal(), after=last.event_id
        ):
            said = event.payload
            ours = said.get("session") == last.payload.get("session") and (
                "turned" in said or "ended" in said
            )
            follows = event.kind is Kind.SUSPEND and event.item_key == last.item_key and not said.get(BY_HAND)
            if follows or (event.kind is Kind.SESSION and ours):
                yield Fact(Kind.VOID, event.item_key, target=event.event_id)


def _said_of(library: Library, act: Event) -> str:
    if act.kind is Kind.RESET:
        return f"forgetting drop {library.drop(str(act.payload[BY_HAND])).number}"
    name = named(library, act.item_key)
    if act.kind is Kind.SUSPEND:
        return f"{'setting aside' if act.payload.get('suspended') else 'taking in'} {name}"
    return f"{'“I guessed” of' if act.payload.get('guessed') else 'your answer to'} {name}"


def set_aside(library: Library, log: Log, item: str, now: Moment) -> str:
    """Leaves an item out until it is taken in. Raises Unknown."""
    key = item_key(library, item)
    log.append(Fact(Kind.SUSPEND, key, payload={"suspended": True, BY_HAND: True}), now)
    return f"Set aside: {named(library, key)}. `drops take-in {key}` takes it in again."


def take_in(library: Library, log: Log, item: str, now: Moment) -> str:
    """Asks an item again that was set aside or put away. Raises Unknown."""
    key = item_key(library, item)
    log.append(Fact(Kind.SUSPEND, key, payload={"suspended": False, BY_HAND: True}), now)
    memory = log.memory(key)
    back = (
        f" It comes back on {weekday(date.fromordinal(max(memory.due_day, now.day.toordinal())))}."
        if memory
        else ""
    )
    return f"Taken in: {named(library, key)}.{back}"


def forget(log: Log, drop: Drop, now: Moment) -> str:
    """A drop as if it had never been opened; sessions that are open in it end."""
    known = {event.item_key for event in log.events(item_prefix=f"{drop.id}/")} | {*drop.kept}
    facts = [Fact(Kind.RESET, key, payload={BY_HAND: drop.id}) for key in sorted(known)]
    day = now.day.toordinal()
    for session in open_sessions(log.events(kinds=(Kind.SESSION, *ANSWERED), since_day=day, until_day=day)):
        if _is_in(session, drop):
            facts.append(Fact(Kind.SESSION, payload={"session": session.id, "ended": True, BY_HAND: drop.id}))
    log.append_all(facts, now)
    return (
        f"Forgotten: drop {drop.number}, {drop.title}. Its lesson begins anew; `drops undo` takes this back."
    )


def _is_in(session: Session, drop: Drop) -> bool:
    return any(unit.drop == drop.id and unit.kind in LESSON_KINDS for unit in session.units)


def guessed(library: Library, log: Log) -> str:
    """The last answer was a guess. Raises DropsError where that changes nothing."""
    last = next(
        (e for e in log.events(kinds=ANSWERED, newest_first=True, limit=LOOKED_AT) if _is_act(e)), None
    )
    if last is None or last.rating is None or not last.correct:
        raise DropsError(
            "the last answer does not count for memory as known, so there is nothing to mark as guessed"
        )
    if last.payload.get("reason") == GUESSED:
        raise DropsError("the last answer is marked as guessed already; `drops undo` takes that back")
    lower(log, last)
    memory = log.memory(last.item_key)
    back = f" It comes back on {weekday(date.fromordinal(memory.due_day))}." if memory else ""
    return f"Marked as guessed: {named(library, last.item_key)}.{back}"


def lower(log: Log, event: Event) -> Event:
    """An answer counted as a guess, on its own day; the answer as it then stands."""
    at = Moment(event.occurred_us, event.tz_offset_min, date.fromordinal(event.study_day))
    again = Fact(
        event.kind,
        event.item_key,
        Rating.AGAIN,
        event.correct,
        event.duration_ms,
        payload={**event.payload, "reason": GUESSED, "guessed": event.event_id.hex()},
    )
    return log.append_all([Fact(Kind.VOID, event.item_key, target=event.event_id), again], at)[1]


def item_key(library: Library, name: str) -> str:
    """The key of an item by its key, `3/by-hand`, or its title. Raises Unknown with the nearest."""
    known = {key: item for drop in library for key, item in drop.kept.items()}
    drop_name, _, item_name = name.strip().rpartition("/")
    if drop_name.isdigit():
        name = f"{library.drop(drop_name).id}/{item_name}"
    titles = {item.title.lower(): key for key, item in known.items()}
    key = name.strip() if name.strip() in known else titles.get(name.strip().lower(), "")
    if not key:
        raise Unknown("item", name, known)
    return key


def named(library: Library, key: str) -> str:
    """An item as it is said: “z and a for one neuron” of drop 1."""
    try:
        drop, item = library.item(key)
    except DropsError:
        return key  # its lesson is not installed any more
    return f"“{item.title}” of drop {drop.number}"
