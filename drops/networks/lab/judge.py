"""The verdict on a line: which share of many seeds reaches its goal on rows that nothing has seen.

for verdict in judge(read_line("circle 2-4-1"), 1500, range(1, 21)): …   shares done, then the Judgement
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from drops.networks.lab.bench import Bench
from drops.networks.lab.recipe import Recipe
from nnlab.plan import Array

STEPS, SEEDS = 1500, 20  # where nothing is said
MOST_STEPS, MOST_SEEDS = 1_000_000, 1000
HEAVY = 1_000_000  # parameters of all nets of one plan: more are trained one plan after the other
BITE = 60  # steps of a small fleet, some milliseconds


@dataclass(frozen=True)
class Judgement:
    """Of each seed, in their order; shares and R² on fresh rows, losses at the end."""

    scores: tuple[float, ...]
    train: tuple[float, ...]
    test: tuple[float, ...]
    reach: float

    @property
    def passed(self) -> tuple[bool, ...]:
        return tuple(score >= self.reach for score in self.scores)

    @property
    def share(self) -> float:
        return sum(self.passed) / len(self.scores)


def judge(recipe: Recipe, steps: int, seeds: Sequence[int]) -> Iterator[float | Judgement]:
    """Trains all seeds; yields the share of the work that is done, at last the verdict."""
    scores: list[float] = []
    train: list[float] = []
    test: list[float] = []
    for trained in in_plans(recipe, steps, seeds):
        if isinstance(trained, float):
            yield trained
            continue
        scores += _numbers(trained.score(trained.fresh), -np.inf)
        train += _numbers(trained.loss(trained.train), np.inf)
        test += _numbers(trained.loss(trained.test), np.inf)
    yield Judgement(tuple(scores), tuple(train), tuple(test), recipe.reach)


def in_plans(recipe: Recipe, steps: int, seeds: Sequence[int]) -> Iterator[float | Bench]:
    """Trains all seeds, of large nets a few at a time: the share of the work that is done again and
    again, and each plan when it is trained."""
    size = max(1, min(len(seeds), HEAVY // recipe.parameters))
    bite = max(1, BITE // (1 + size * recipe.parameters * recipe.batch // 50_000))
    for start in range(0, len(seeds), size):
        bench = Bench(recipe, seeds[start : start + size])
        done = 0
        while done < steps and not bench.lost:
            bench.go(min(bite, steps - done))
            done = min(steps, done + bite)
            yield (start + size * done / steps) / (len(seeds) + size)
        yield bench


def _numbers(values: Array, lost: float) -> list[float]:
    """Of each seed; `lost` where it is no number any more."""
    return [float(value) if np.isfinite(value) else lost for value in values]
