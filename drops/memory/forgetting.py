"""How likely an item is still remembered on a day: the forgetting curve, without FSRS's code.

The formula is written here, in plain floats, because Today is drawn before anything heavy
is imported; a test holds it equal to py-fsrs.

    stability 10 days:  0 d → 1,  10 d → .9,  100 d → .68
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from drops.events import Memory

# FSRS-6: R(t, S) = (1 + factor · t / S)^−w₂₀ with factor = 0.9^(−1/w₂₀) − 1, so that R(S, S) = 0.9.
# Source: open-spaced-repetition, "The Algorithm", section FSRS-6; w₂₀ from its default parameters.
DECAY = 0.1542
FACTOR = 0.9 ** (-1 / DECAY) - 1

RELEASED = date(2025, 1, 1).toordinal()     # no drops ran before: a clock that says so is wrong
TARGET = 0.9             # recall at which an item is due unless the learner moves it


def recall_after(stability: float, days: int) -> float:
    """Probability of recall `days` after a review that left `stability` (both in days).

    A day before the review (another device's clock) is the day of the review: 1.0.
    """
    return float((1 + FACTOR * max(0, days) / stability) ** -DECAY)


def recall(memory: Memory, day: int) -> float:
    """Probability of recall on learner-day `day` (ordinal)."""
    return recall_after(memory.stability, day - memory.last_day)


def is_doubtful(last_day: int, day: int) -> bool:
    """Whether nobody knows how long it was between two reviews: the earlier one bears a day on which
    there was no drops, as a clock that began anew in 1970 writes it."""
    return last_day < RELEASED <= day


def curve(memory: Memory, days: Iterable[int]) -> list[tuple[int, float]]:
    """Points of an item's forgetting curve, for a picture: (learner-day, recall)."""
    return [(day, recall(memory, day)) for day in days]
