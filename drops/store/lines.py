"""Lines that the log says: what could not be saved, and what was put right."""

from __future__ import annotations

from collections.abc import Sequence

from drops.events import Fact, Kind
from drops.store.file.connect import NOTHING_WRITTEN

MENDED = ("due days and figures no longer fitted the answers in {path}: they were derived again, "
          "no answer is touched")
# What it means for the learner that a fact could not be saved, where the fact is no answer.
_LOST = {
    Kind.SESSION: "where you are was NOT noted, every answer is safe",
    Kind.VOID: "the answer was NOT taken back, every answer is safe",
    Kind.RESET: "nothing was forgotten, every answer is safe",
    Kind.SUSPEND: "the question is as it was, every answer is safe",
    Kind.SETTING: "the setting is as it was, every answer is safe",
}


def lost(facts: Sequence[Fact]) -> str:
    """What it means for the learner that these facts could not be saved."""
    kinds = {fact.kind for fact in facts}
    if kinds <= _LOST.keys():
        return _LOST[facts[0].kind] if facts else NOTHING_WRITTEN
    return "the last answer was NOT saved, earlier ones are safe"
