"""What is in the learner's hands: an answer taken back, an item set aside or taken in, a drop forgotten.

Each is an event, says in a line what it did, and can be taken back: the log itself never shrinks. ACTS
names them: whatever face they are done in, the words are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from drops.clock import Moment, weekday
from drops.course.model import Drop, LearningPath, Library
from drops.errors import DropsError, OutOfRange, Unknown
from drops.events import Event, Fact, Kind, Rating
from drops.memory.rating import GUESSED
from drops.store.file.glance import CARD
from drops.store.log import Log
from drops.study.own.lab import renew_cards
from drops.study.paths import Paths
from drops.study.question import ANSWERED
from drops.study.session import BY_HAND, LESSON_KINDS, Session, open_sessions
from drops.study.unsaved import may_write

DONE = (*ANSWERED, Kind.RESET, Kind.SUSPEND)
NEWEST, LOOKED_AT = 8, 200  # newest events among which the last act is sought
NO_GUESS = "the last answer does not count for memory as known, so there is nothing to mark as guessed"
HOW_NAMED = "name the question, as 3/kink, drop-id/question-id, or its title"
MOST = 1000  # acts taken back at once


class Owner(Protocol):
    """The study, as far as what is in the learner's hands needs it."""

    library: Library
    log: Log

    @property
    def read_only(self) -> bool: ...

    @property
    def paths(self) -> Paths: ...

    def drop(self, name: str) -> Drop: ...


class Act(NamedTuple):
    """One thing that is in the learner's hands."""

    does: Callable[[Owner, str, Moment], str]  # of what was named, "" where nothing was; says what it did
    takes: str  # what may be named: N, ITEM, DROP or ""
    says: str  # in a few words, without a capital


def act(study: Owner, name: str, what: str, now: Moment) -> str:
    """Does what ACTS calls by this name, and says what was done. Raises DropsError."""
    may_write(study.log.refusal)
    says = ACTS[name].does(study, what, now)
    renew_cards(study)
    return says


def possible(study: Owner, item: str = "", drop: str = "") -> Iterator[tuple[str, str, str]]:
    """What of ACTS can be done now, with an item and a drop in front: name, with what, what it does."""
    if study.read_only:
        return
    library, log = study.library, study.log
    last, guess = _last_done(log)
    if last:
        yield "undo", "", f"take back {_said_of(library, last)}"
    if guess and not _no_guess(guess):
        yield "guessed", "", f"your answer to {named(library, guess.item_key)} was a guess"
    aside = left_out(log)
    if item and aside.get(item, 0) is not None and item in library.drop(item.partition("/")[0]).kept:
        yield "set aside", item, f"leave {named(library, item)} out until you take it in again"
    for key in aside:
        yield "take in", key, f"ask {named(library, key)} again"
    if drop:
        yield "forget", drop, f"{library.drop(drop).called} as if you had never opened it"


def count_of(text: str) -> int:
    """How many acts are meant. Raises DropsError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST:
        raise DropsError(f"“{text[:60]}” is no number from 1 to {MOST}")
    return int(text)


def left_out(log: Log) -> Mapping[str, int | None]:
    """The items that are left out, each until a learner-day or (None) until it is taken in again."""
    return log.glance().lately.rests if log.has(Kind.SUSPEND) else {}


def undo(library: Library, log: Log, now: Moment, count: int = 1) -> str:
    """Takes back the last acts: answers, "I guessed", what was set aside, taken in or forgotten."""
    done: list[str] = []
    for _ in range(count):
        last, _ = _last_done(log)
        if last is None:
            break
        log.append_all(list(_taken_back(log, last, now)), now)
        done.append(_said_of(library, last))
    if not done:
        raise DropsError("there is nothing to take back")
    return f"Taken back: {'; '.join(done)}."


def _last_done(log: Log) -> tuple[Event | None, Event | None]:
    """The last act, and the last answer, which most often are among the newest few events."""
    for limit in (NEWEST, LOOKED_AT):
        events = log.events(kinds=DONE, newest_first=True, limit=limit)
        act = next((event for event in events if _is_act(event)), None)
        answer = next((event for event in events if _is_answer(event)), None)
        if (act and answer) or len(events) < limit:
            break
    return act, answer


def _is_act(event: Event) -> bool:
    if event.kind in (Kind.RESET, Kind.SUSPEND):
        return bool(event.payload.get(BY_HAND))
    return CARD in event.payload or _is_answer(event)


def _is_answer(event: Event) -> bool:
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
        return f"forgetting {library.drop(str(act.payload[BY_HAND])).called}"
    name = named(library, act.item_key)
    if act.kind is Kind.SUSPEND:
        return f"{'setting aside' if act.payload.get('suspended') else 'taking in'} {name}"
    if CARD in act.payload:
        return f"keeping {name}"
    return f"{'“I guessed” of' if act.payload.get('guessed') else 'your answer to'} {name}"


def set_aside(library: Library, log: Log, key: str, now: Moment) -> str:
    """Leaves an item out until it is taken in. Raises DropsError where it is."""
    if left_out(log).get(key, 0) is None:
        raise DropsError(f"{named(library, key)} is set aside already; `drops take-in {key}` asks it again")
    log.append(Fact(Kind.SUSPEND, key, payload={"suspended": True, BY_HAND: True}), now)
    return f"Set aside: {named(library, key)}. `drops take-in {key}` takes it in again."


def take_in(library: Library, log: Log, key: str, now: Moment) -> str:
    """Asks an item again that was set aside or put away. Raises DropsError where it was not."""
    if key not in left_out(log):
        raise DropsError(f"{named(library, key)} is not set aside")
    log.append(Fact(Kind.SUSPEND, key, payload={"suspended": False, BY_HAND: True}), now)
    return f"Taken in: {named(library, key)}.{_comes_back(log, key, now)}"


def forget(log: Log, drop: Drop, now: Moment) -> str:
    """A drop as if it had never been opened; sessions that are open in it end. Raises DropsError where it
    never was."""
    opened = {event.item_key for event in log.events(item_prefix=f"{drop.id}/")}
    if not opened:
        raise DropsError(f"{drop.called} was never opened, so there is nothing to forget")
    known = opened | {*drop.kept}
    facts = [Fact(Kind.RESET, key, payload={BY_HAND: drop.id}) for key in sorted(known)]
    lesson = f"{drop.called}, {drop.title}. Its lesson begins anew"
    begins = lesson if drop.number else f"all of {drop.called}"
    day = now.day.toordinal()
    for session in open_sessions(log.events(kinds=(Kind.SESSION, *ANSWERED), since_day=day, until_day=day)):
        if _is_in(session, drop):
            facts.append(Fact(Kind.SESSION, payload={"session": session.id, "ended": True, BY_HAND: drop.id}))
    log.append_all(facts, now)
    return (
        f"Forgotten: {begins}; `drops undo` takes this back."
    )


def _is_in(session: Session, drop: Drop) -> bool:
    return any(unit.drop == drop.id and unit.kind in LESSON_KINDS for unit in session.units)


def guessed(library: Library, log: Log, now: Moment) -> str:
    """The last answer was a guess. Raises DropsError where that changes nothing."""
    _, last = _last_done(log)
    if last is None or (why := _no_guess(last)):
        raise DropsError(why if last else NO_GUESS)
    lower(log, last)
    return f"Marked as guessed: {named(library, last.item_key)}.{_comes_back(log, last.item_key, now)}"


def _comes_back(log: Log, key: str, now: Moment) -> str:
    """On which coming day an item is asked again, as a sentence behind another; "" where none is known."""
    memory, until = log.memory(key), left_out(log).get(key, 0)
    if memory is None:
        return ""
    if until is None:
        return " It stays set aside."
    day = max(memory.due_day, until)
    if day <= now.day.toordinal():
        return " It comes back today."
    return f" It comes back on {weekday(date.fromordinal(day), now.day)}."


def _no_guess(answer: Event) -> str:
    """Why an answer cannot be marked as guessed; "" where it can."""
    if answer.rating is None or not answer.correct:
        return NO_GUESS
    marked = "the last answer is marked as guessed already; `drops undo` takes that back"
    return marked if answer.payload.get("reason") == GUESSED else ""


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


def item_key(library: Library, name: str, within: LearningPath | None = None) -> str:
    """The key of an item by its key, `3/by-hand` of the path `within`, or its title. Raises Unknown with the
    nearest, and for a title that several items have."""
    known = {key: item for drop in (*library, *library.own) for key, item in drop.kept.items()}
    name = name.strip()
    titled = [key for key, item in known.items() if item.title.lower() == name.lower()]
    if len(titled) > 1:
        raise DropsError(f"{len(titled)} questions are called “{name[:60]}”: name {' or '.join(titled)}")
    drop_name, slash, item_name = name.rpartition("/")
    if name not in known and not titled:
        if whole := _drop_named(library, name, within):
            raise DropsError(_its_items(whole, within))
        if slash:
            name = f"{library.drop(drop_name, within).id}/{item_name}"
    key = titled[0] if titled else name
    if key not in known:
        if any(key in drop.items for drop in library):
            raise DropsError(f"{named(library, key)} is of its lesson alone: it is never asked again")
        unknown = Unknown("question", name, known)
        raise unknown if unknown.nearest else DropsError(f'no question "{name[:60]}"; {HOW_NAMED}')
    return key


def _drop_named(library: Library, name: str, within: LearningPath | None) -> Drop | None:
    """The drop that was named where an item should be. Raises OutOfRange for a number that no drop has."""
    try:
        return library.drop(name, within)
    except OutOfRange:
        raise
    except Unknown:
        return None


def _its_items(drop: Drop, within: LearningPath | None) -> str:
    number = f"{drop.number}" if within and drop in within.drops else drop.id
    keys = (f"{number}/{key.partition('/')[2]}" for key in drop.kept)
    return f"{drop.called} is a whole drop; name one of its questions: {', '.join(keys)}"


def named(library: Library, key: str) -> str:
    """An item as it is said: “z and a for one neuron” of drop 1."""
    try:
        drop, item = library.item(key)
    except DropsError:
        return key  # its lesson is not installed any more
    return f"“{item.title}” of {drop.called}"


# By name ---------------------------------------------------------------------------------


def _named_item(study: Owner, name: str) -> str:
    if not name.strip():
        raise DropsError(HOW_NAMED)
    return item_key(study.library, name, study.paths.current)


def _undo(study: Owner, what: str, now: Moment) -> str:
    return undo(study.library, study.log, now, count_of(what) if what else 1)


def _guessed(study: Owner, what: str, now: Moment) -> str:
    del what
    return guessed(study.library, study.log, now)


def _set_aside(study: Owner, what: str, now: Moment) -> str:
    return set_aside(study.library, study.log, _named_item(study, what), now)


def _take_in(study: Owner, what: str, now: Moment) -> str:
    """The one item that is set aside, where none is named."""
    if not what and len(aside := [*left_out(study.log)]) != 1:
        raise DropsError(f"name one of {', '.join(aside)}" if aside else "nothing is set aside")
    return take_in(study.library, study.log, _named_item(study, what) if what else aside[0], now)


def _forget(study: Owner, what: str, now: Moment) -> str:
    if not what.strip():
        raise DropsError("name the drop, by its number or its id")
    return forget(study.log, study.drop(what.strip()), now)


ACTS: Mapping[str, Act] = {
    "undo": Act(_undo, "N", "take back your last answer, or the last N acts"),
    "guessed": Act(_guessed, "", "your last right answer was a guess"),
    "set aside": Act(_set_aside, "QUESTION", "leave a question out until you take it in again"),
    "take in": Act(_take_in, "QUESTION", "ask a question again that was set aside or put away"),
    "forget": Act(_forget, "DROP", "a drop as if you had never opened it"),
}
