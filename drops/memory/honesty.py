"""Is the schedule right about this learner? Predicted against actual recall.

    120 reviews, predicted 0.90, recalled 0.84  →  "You forget faster than predicted: …"
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from statistics import fmean
from typing import NamedTuple

from drops.events import Event, Kind, Memory, Rating
from drops.memory.forgetting import recall

ENOUGH = 20              # reviews, before anything is said about a learner
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)   # finer where reviews are
SUREST = 1e-4            # predictions are clipped to here and 1 − here: log 0 is no evidence
Z = 1.96                 # 95 %


class RecallForecast(NamedTuple):
    """One review: what was predicted before it and whether the item was recalled."""

    recall: float
    recalled: bool


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


def predictions(
    events: Iterable[Event], fold: Callable[[Memory | None, Event], Memory | None]
) -> list[RecallForecast]:
    """A prediction for each graded event that fed a memory there already was.

    `events` in the log's order, voided ones left out; `fold` as in `schedule`. Recalled means
    any rating above Again: a slip in a sum is no forgetting.
    """
    memories: dict[str, Memory | None] = {}
    found: list[RecallForecast] = []
    for event in events:
        if event.kind is Kind.RESET and not event.item_key:
            memories.clear()
            continue
        before = memories.get(event.item_key)
        after = memories[event.item_key] = fold(before, event)
        if event.kind is Kind.GRADED and before is not None and after is not before:
            recalled = event.rating is not Rating.AGAIN
            found.append(RecallForecast(recall(before, event.study_day), recalled))
    return found


def honesty(pairs: Sequence[RecallForecast]) -> Honesty:
    """Log-loss and calibration of `pairs`, with a sentence that claims no more than they show."""
    if not pairs:
        return Honesty(0, None, None, None, None, (), _sentence(0, 0.0, 0.0))
    predicted = fmean(one.recall for one in pairs)
    actual = fmean(one.recalled for one in pairs)
    return Honesty(
        reviews=len(pairs),
        predicted=predicted,
        actual=actual,
        log_loss=_log_loss(pairs),
        constant_loss=_log_loss([RecallForecast(actual, one.recalled) for one in pairs]),
        bins=tuple(_bins(pairs)),
        sentence=_sentence(len(pairs), predicted, actual),
    )


def interval(share: float, of: int) -> tuple[float, float]:
    """95 % interval of a share seen in `of` cases (Wilson 1927): honest also when `of` is small."""
    scale = 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / scale
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


def _log_loss(pairs: Sequence[RecallForecast]) -> float:
    return -fmean(log(_clip(one.recall if one.recalled else 1 - one.recall)) for one in pairs)


def _clip(probability: float) -> float:
    return min(1 - SUREST, max(SUREST, probability))


def _bins(pairs: Sequence[RecallForecast]) -> Iterable[Bin]:
    inside: list[list[RecallForecast]] = [[] for _ in EDGES[1:]]
    for one in pairs:
        inside[bisect(EDGES, one.recall, 1, len(EDGES) - 1) - 1].append(one)   # a sure 1.0 in the last
    for (low, high), own in zip(pairwise(EDGES), inside, strict=True):
        if own:
            actual = fmean(one.recalled for one in own)
            predicted = fmean(one.recall for one in own)
            yield Bin(low, high, len(own), predicted, actual, *interval(actual, len(own)))


def _sentence(reviews: int, predicted: float, actual: float) -> str:
    if reviews < ENOUGH:
        return f"{reviews} of the {ENOUGH} reviews it takes to compare prediction with recall."
    figures = f"{predicted:.0%} predicted, {actual:.0%} recalled in {reviews} reviews"
    least, most = interval(actual, reviews)
    if predicted < least:
        return f"You remember more than predicted: {figures}."
    if predicted > most:
        sooner = "A higher retention target brings items back sooner."
        return f"You forget faster than predicted: {figures}. {sooner}"
    return f"The predictions fit you: {figures}."
