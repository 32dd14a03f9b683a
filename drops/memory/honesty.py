"""Is the schedule right about this learner? Predicted against actual recall.

    120 reviews, predicted 0.90, recalled 0.84  →  "You forget faster than predicted: …"
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, log, sqrt
from typing import NamedTuple

from drops.events import Event, Memory, Rating
from drops.memory.forgetting import is_doubtful, recall
from drops.text import in_percent

ENOUGH = 20              # reviews, before anything is said about a learner
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)   # finer where reviews are
SUREST = 1e-4            # predictions are clipped to here and 1 − here: log 0 is no evidence
Z = 1.96                 # 95 %


class RecallForecast(NamedTuple):
    """One review: what was predicted before it and whether the item was recalled."""

    recall: float
    recalled: bool


class BinCount(NamedTuple):
    """The reviews of one range of predictions, added up."""

    reviews: int = 0
    recalled: int = 0
    predicted: float = 0.0       # the sum


class Foreseen(NamedTuple):
    """Any number of reviews, added up: enough to say how well they were predicted."""

    bins: tuple[BinCount, ...] = (BinCount(),) * (len(EDGES) - 1)     # between the EDGES
    loss: float = 0.0            # nats, the sum

    def with_one(self, one: RecallForecast) -> Foreseen:
        """With one more review."""
        at = bisect(EDGES, one.recall, 1, len(EDGES) - 1) - 1        # a sure 1.0 in the last
        reviews, recalled, predicted = self.bins[at]
        more = BinCount(reviews + 1, recalled + one.recalled, predicted + one.recall)
        return Foreseen((*self.bins[:at], more, *self.bins[at + 1:]), self.loss + _loss(*one))

    @staticmethod
    def together(many: Iterable[Foreseen]) -> Foreseen:
        """Those of several items."""
        bins, losses = [], []
        for one in many:
            bins.append(one.bins)
            losses.append(one.loss)
        added = tuple(BinCount(*map(sum, zip(*same, strict=True))) for same in zip(*bins, strict=True))
        return Foreseen(added or Foreseen().bins, fsum(losses))


@dataclass(frozen=True, slots=True)
class Bin:
    """The reviews predicted between `low` and `high`."""

    low: float
    high: float
    reviews: int
    predicted: float         # means
    actual: float
    least: float             # 95 % interval of the actual share (Wilson 1927)
    most: float


@dataclass(frozen=True, slots=True)
class Honesty:
    """How well recall was predicted. The figures are None without reviews."""

    reviews: int
    predicted: float | None
    actual: float | None
    log_loss: float | None       # nats a review; less is better
    constant_loss: float | None  # of always saying `actual`: what knowing only the mean costs
    bins: tuple[Bin, ...]        # those with reviews
    sentence: str


def forecast_of(before: Memory | None, after: Memory | None, event: Event) -> RecallForecast | None:
    """What was predicted of a graded answer that fed a memory there already was, and what came.

    Recalled means any rating above Again: a slip in a sum is no forgetting.
    """
    if before is None or after is before or is_doubtful(before.last_day, event.study_day):
        return None
    return RecallForecast(recall(before, event.study_day), event.rating is not Rating.AGAIN)


def honesty(seen: Foreseen) -> Honesty:
    """Log-loss and calibration of what was foreseen, with a sentence that claims no more than it shows."""
    reviews = sum(one.reviews for one in seen.bins)
    if not reviews:
        return Honesty(0, None, None, None, None, (), _sentence(0, 0.0, 0.0))
    predicted = fsum(one.predicted for one in seen.bins) / reviews
    recalled = sum(one.recalled for one in seen.bins)
    actual = recalled / reviews
    constant = recalled * _loss(actual, True) + (reviews - recalled) * _loss(actual, False)
    return Honesty(
        reviews=reviews,
        predicted=predicted,
        actual=actual,
        log_loss=seen.loss / reviews,
        constant_loss=constant / reviews,
        bins=tuple(_bins(seen.bins)),
        sentence=_sentence(reviews, predicted, actual),
    )


def interval(share: float, of: int) -> tuple[float, float]:
    """95 % interval of a share seen in `of` cases (Wilson 1927): honest also when `of` is small."""
    scale = 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / scale
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def _loss(predicted: float, recalled: bool) -> float:
    probability = predicted if recalled else 1 - predicted
    return -log(min(1 - SUREST, max(SUREST, probability)))


def _bins(counts: Sequence[BinCount]) -> Iterable[Bin]:
    for (low, high), own in zip(pairwise(EDGES), counts, strict=True):
        if own.reviews:
            actual = own.recalled / own.reviews
            predicted = own.predicted / own.reviews
            yield Bin(low, high, own.reviews, predicted, actual, *interval(actual, own.reviews))


def _sentence(reviews: int, predicted: float, actual: float) -> str:
    if reviews < ENOUGH:
        return f"{reviews} of the {ENOUGH} reviews it takes to compare prediction with recall."
    figures = f"{in_percent(predicted)} predicted, {in_percent(actual)} recalled in {reviews} reviews"
    least, most = interval(actual, reviews)
    if predicted < least:
        return f"You remember more than predicted: {figures}."
    if predicted > most:
        return f"You forget faster than predicted: {figures}."
    return f"The predictions fit you: {figures}."
