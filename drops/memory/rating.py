"""From what a graded try showed to a rating, with the reason in the learner's words.

    right, 40 s                        →  Good: first try
    right but for one sum              →  Hard: the method is right, one sum slipped
    relu skipped                       →  Again: a known mix-up showed

Derived, never chosen: asking people to grade themselves measures how they feel. They may
lower a rating ("I guessed"), never raise it.
"""

from __future__ import annotations

from dataclasses import dataclass

from drops.events import Rating

GUESS_SECONDS = 2.0      # a choice made faster than this was not read
EASY_PACE = 0.6          # of one's own usual time
EASY_RECALL = 0.9        # above it the item came back too early to prove anything
EASY_DAYS = 2            # since it was last seen
GUESSED = "Again: you said you guessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one graded try showed."""

    right: bool
    only_slip: bool = False          # the method is right, a sum is not
    misconception: bool = False      # a named one explains the answer
    gave_up: bool = False            # or asked to see the answer
    earned: tuple[Rating, str] | None = None  # what a scored answer is, and why
    choice: bool = False             # one of a few options
    seconds: float                   # from question to answer
    usual_seconds: float | None      # the learner's own median for this item
    first_sight: bool                # never graded before
    days_since_seen: int | None      # learner-days; None when never seen
    recall: float | None             # predicted before the try


def rate(evidence: Evidence) -> tuple[Rating, str] | None:
    """The rating and why, or None where the try does not count: a right choice was a guess."""
    if evidence.gave_up:
        return Rating.AGAIN, "Again: you asked to see the answer"
    if evidence.earned is not None:
        return evidence.earned
    if evidence.misconception:
        return Rating.AGAIN, "Again: a known mix-up showed"
    if evidence.only_slip:
        return Rating.HARD, "Hard: the method is right, one sum slipped"
    if not evidence.right:
        return Rating.AGAIN, "Again: not right yet"
    if evidence.choice and evidence.seconds < GUESS_SECONDS:
        return None
    if _easy(evidence):
        return Rating.EASY, "Easy: first try, much faster than usual for you"
    return Rating.GOOD, "Good: first try"


def _easy(evidence: Evidence) -> bool:
    """Fast and after a real gap; a choice can be lucky, so it is never proof of ease."""
    return (
        not evidence.choice
        and not evidence.first_sight
        and (evidence.days_since_seen or 0) >= EASY_DAYS
        and evidence.usual_seconds is not None
        and evidence.seconds <= EASY_PACE * evidence.usual_seconds
        and evidence.recall is not None
        and evidence.recall < EASY_RECALL
    )
