"""One try at a question: what it is evidence of, what is noted of it, and why it may not count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from drops.events import Event, Memory
from drops.exercises.blocks import Choice, Numbers
from drops.exercises.fading import MEND
from drops.exercises.grading import Verdict
from drops.memory.attempts import attempts
from drops.memory.forgetting import recall
from drops.memory.rating import Evidence
from drops.study.question import Front
from drops.study.session import Session
from drops.study.timing import asking_seconds, words_seconds

LONGEST_MS = 3_600_000  # an answer that took an hour was a lunch break
LONGEST_TYPED = 2_000  # characters kept of what was typed


@dataclass(frozen=True)
class Tried:
    """What the learner did at a question."""

    typed: str
    seconds: float
    confidence: str = ""
    revealed: bool = False

    @property
    def milliseconds(self) -> int:
        return min(int(self.seconds * 1000), LONGEST_MS)


def evidence(
    at: Front, tried: Tried, verdict: Verdict, memory: Memory | None, own_ms: int | None, day: int
) -> Evidence:
    """What a try says of an item; `memory` is before it, `own_ms` the learner's median."""
    return Evidence(
        right=verdict.right,
        # of a single number nobody can say that the method was right
        only_slip=verdict.only_slip and len(verdict.fields) > 1,
        misconception=bool(verdict.misconceptions),
        gave_up=tried.revealed,
        earned=verdict.earns,
        choice=isinstance(at.ask, Choice),
        seconds=tried.seconds,
        usual_seconds=own_ms / 1000 if own_ms else None,
        first_sight=memory is None,
        days_since_seen=None if memory is None else day - memory.last_day,
        recall=None if memory is None else recall(memory, day),
    )


def build_payload(
    session: Session, at: Front, tried: Tried, verdict: Verdict, reason: str, follows: Mapping[str, Any]
) -> dict[str, Any]:
    """The payload of a try: enough to open it again as it was, and what follows from it."""
    payload = {
        "session": session.id,
        "unit": at.unit.key,
        "step": at.now.name,
        "part": at.now.part,
        "kind": at.task.kind,
        "numbers": dict(at.task.numbers),
        "level": at.work.level,
        "bug": at.work.bug,
        "content": at.drop.digest,
        "typed": tried.typed[:LONGEST_TYPED],
        "confidence": tried.confidence,
        "revealed": tried.revealed,
        "misconceptions": list(verdict.misconceptions),
        "slips": verdict.slips,
        "reason": reason,
        "returns": follows["returns"],
        "should": round(should_take(at), 1),
        **verdict.noted,
    }
    if (known := follows["recall"]) is not None:
        payload["recall"] = round(known, 4)
    if follows["rests"]:
        payload["rests"] = True
    if at.short:
        payload["short"] = True
    if follows["adds"]:
        payload["adds"] = [unit.as_list() for unit in follows["adds"]]
    return payload


def should_take(at: Front) -> float:
    """Seconds for this page at the common pace. What is recalled, or of a quiz, has its words in the form."""
    words = words_seconds(at.now.show) if at.unit.kind == "exercise" else 0.0
    return words + asking_seconds(at.ask)


def showing(misconception: str, events: Iterable[Event]) -> int:
    """How many tries among `events` show a misconception."""
    return sum(misconception in one.misconceptions for one in attempts(events))


def can_return(at: Front) -> bool:
    """What is typed comes once more with fresh numbers; a choice asked again at once would be clicked, and
    what mends a line is asked where the line was found."""
    return isinstance(at.ask, Numbers) and at.now.name != MEND and at.unit.kind not in ("retry", "place")


def why_not(at: Front, first: bool, due: bool, known: bool) -> str:
    """Why an answer does not count for memory, in the learner's words; `known`: it has counted before."""
    if due:
        return "Under two seconds: it counts as practice"
    if first and at.unit.kind == "place":
        return "Not known yet costs nothing here"
    if at.unit.kind == "retry":
        return "Practice: once more, with fresh numbers"
    if first and at.item.keep:
        return "Practice: it is not due today" if known else "Practice: it counts when it comes back"
    return "Practice: the same numbers once more" if at.is_main and not first else ""
