"""The learner's Lab: lines with a name, questions that were kept, and the best that was done of a task.

Each is an event. A name is a setting, and merges as one; a kept question is an item of a drop of its own,
which belongs to no path, so that it comes back, rests and is forgotten as any other item.

Light on purpose, as Today is: it knows a card's line as text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from drops.clock import Moment
from drops.course.model import Drop, ExerciseFence, Library, Place
from drops.errors import DropsError, Unknown
from drops.events import Event, Fact, Kind
from drops.store.file.glance import CARD, CARDS
from drops.study.own.ward import WANTED, WARD, WARD_DROP
from drops.study.unsaved import may_write

if TYPE_CHECKING:
    from drops.store.log import Log

LAB, NAMED = "lab", "lab."  # the drop of the cards; how the setting of a named line begins
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
KEPT = "what you kept in the Lab"  # why a question is asked that was never asked before
UNASKED = {LAB: KEPT, WARD: WANTED}  # the same, by drop
MOST = 500  # names, and cards
LONGEST, FEWEST_STEPS, MOST_STEPS = 401, 100, 1_000_000  # of what another version kept: a line, and its run
TITLES = {  # what lists call a card, by what it asks
    "passes": "how many of 20 pass",
    "better": "which of two is better",
    "doctor": "what the doctor names",
    "curve": "what a fault's curve looks like",
}


class LabOwner(Protocol):
    """The study, as far as the Lab needs it."""

    library: Library
    log: Log

    @property
    def read_only(self) -> bool: ...


# ── names ─────────────────────────────────────────────────────────────────────────────────
def named(settings: Mapping[str, Any]) -> dict[str, str]:
    """The lines that have a name, by name, of the learner's settings."""
    found = {key.removeprefix(NAMED): line for key, line in settings.items() if key.startswith(NAMED)}
    return {name: line for name, line in sorted(found.items()) if isinstance(line, str) and line}


def name_line(study: LabOwner, name: str, line: str, taken: Iterable[str], now: Moment) -> str:
    """Gives a line a name, or another line to a name; what was done. Raises DropsError."""
    may_write(study.log.refusal)
    word = name.strip().lower()
    if not NAME.fullmatch(word):
        raise DropsError(f'“{name[:60]}” is no name; a name is letters, digits and dashes, as in "my-spiral"')
    if word in taken:
        raise DropsError(f'"{word}" is the name of a challenge; choose another')
    known = named(study.log.settings())
    if word not in known and len(known) >= MOST:
        raise DropsError(f"{MOST} lines have a name already; take a name that one of them has")
    study.log.append(Fact(Kind.SETTING, payload={"name": NAMED + word, "value": line}), now)
    before = known.get(word)
    was = f"; it was {before}" if before and before != line else ""
    return f"{word} is {line}{was}"


def drop_name(study: LabOwner, name: str, now: Moment) -> str:
    """Takes a name away; its line, for who wants it again. Raises DropsError, Unknown."""
    may_write(study.log.refusal)
    line = line_named(study.log.settings(), name)
    study.log.append(Fact(Kind.SETTING, payload={"name": NAMED + name.strip().lower(), "value": ""}), now)
    return f"{name.strip().lower()} is no name any more; its line was {line}"


def line_named(
    settings: Mapping[str, Any],
    name: str,
    others: Mapping[str, str] | None = None,
    lessons: Callable[[], Mapping[str, str]] = dict,
) -> str:
    """The line that has a name, or that `others` know by it; where none does, that of a net of `lessons`.
    Raises Unknown with the nearest."""
    known, word = {**(others or {}), **named(settings)}, name.strip().lower()
    if word not in known:
        known = {**lessons(), **known}
    if word not in known:
        raise Unknown("line", word, known)
    return known[word]


# ── cards ─────────────────────────────────────────────────────────────────────────────────
def keep(study: LabOwner, card: Mapping[str, Any], now: Moment) -> str:
    """Keeps a question; what was done. Raises DropsError."""
    may_write(study.log.refusal)
    known = study.log.glance().cards
    if len(known) >= MOST:
        raise DropsError(f"{MOST} questions are kept already; forget some of them first")
    key = CARDS + hashlib.blake2b(repr(sorted(card.items())).encode(), digest_size=4).hexdigest()
    if any(one.item_key == key for one in known):
        return "This question is kept already."
    study.log.append(Fact(Kind.ATTEMPT, key, payload={CARD: dict(card)}), now)
    renew_cards(study)
    return f"Kept: {TITLES[card['asks']]}, of a line like this one. It is asked from tomorrow on."


def renew_cards(study: LabOwner) -> None:
    """Gives the study the questions as they stand now: one more, or one that was taken back."""
    study.library = with_own(study.library, study.log.glance().cards)


def with_own(library: Library, cards: Sequence[Event]) -> Library:
    """The library with what is of no path: the learner's questions, and the ward round."""
    return Library(library.paths, (own_drop(cards), WARD_DROP), library.left_out)


def _fences(cards: Iterable[Event]) -> Iterator[ExerciseFence]:
    """The kept questions as items; what an import brought in another shape is none."""
    for event in cards:
        card = event.payload[CARD]
        if not isinstance(card, Mapping) or card.get("asks") not in TITLES:
            continue
        line = card.get("line")
        if isinstance(line, str) and type(card.get("steps")) is int:
            title = f"{TITLES[card['asks']]}: {line}"
            place = Place(event.item_key, 1)
            steps = min(max(card["steps"], FEWEST_STEPS), MOST_STEPS)
            asked = {**card, "line": line[:LONGEST], "steps": steps, "kept": True}
            yield ExerciseFence(event.item_key.removeprefix(f"{LAB}/"), LAB, asked, True, 2, title, place)


def own_drop(cards: Iterable[Event]) -> Drop:
    """The drop whose items are the kept questions."""
    return Drop(
        LAB, 0, "The Lab", "", 0.0, "what you found in the Lab", (), (), (), (), (), (),
        tuple(_fences(cards)), (), (), "", Place(LAB, 1),
    )  # fmt: skip


# ── par ───────────────────────────────────────────────────────────────────────────────────
class OwnPar(NamedTuple):
    """The best line of the learner's own for a task."""

    line: str
    share: float  # of a hundred unseen starts
    counts: int  # parameters, or updates: what the task counts


def note_ruling(study: LabOwner, task: str, says: Mapping[str, Any], now: Moment) -> None:
    """Notes what the hundred made of a line. Where nothing can be saved it is told and gone."""
    if not study.read_only:
        study.log.append(Fact(Kind.ATTEMPT, f"{LAB}/{task}", payload=says), now)


def own_par(log: Log, task: str, counted: str) -> OwnPar | None:
    """Of the lines that did a task the one with the fewest of what is counted, of equals the surest."""
    found = []
    for event in log.events(kinds=(Kind.ATTEMPT,), item_prefix=f"{LAB}/{task}"):
        said = event.payload
        line, share, counts = (said.get(name) for name in ("line", "share", counted))
        if event.item_key != f"{LAB}/{task}" or not isinstance(line, str):
            continue
        if isinstance(share, int | float) and type(counts) is int and said.get("passed") is True:
            found.append(OwnPar(line, float(share), counts))
    return min(found, key=lambda one: (one.counts, -one.share), default=None)
