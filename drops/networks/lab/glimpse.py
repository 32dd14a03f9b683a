"""A glimpse of an experiment before it is chosen: its rows at the start, or what a fault does to its loss.

glimpse_of_fault(recipe, "rate-high").losses      as it is, and broken
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from drops.networks.lab.bench import Bench
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.scene import Scene, Sizes, scene

STEPS, POINTS = 300, 30  # of training at most, and how often its loss is noted
WORK = 30_000_000  # weights times rows times steps at most: about a twentieth of a second
Losses = tuple[tuple[float, float], ...]  # steps, and the loss in training


class Glimpse(NamedTuple):
    """Either what it looks like, or losses by their names."""

    seen: Scene | None = None
    losses: tuple[tuple[str, Losses], ...] = ()


def glimpse_of_start(recipe: Recipe, big: tuple[int, int], levels: int) -> Glimpse:
    """Its rows, and the map of what it says before it has learned; `big` are pixels of the map."""
    return Glimpse(scene(Bench(recipe), Sizes((2, 2), big), levels))


def glimpse_of_fault(recipe: Recipe, fault: str) -> Glimpse:
    """What the fault does to the first steps; of none there is one curve alone."""
    plain = replace(recipe, fault="", turns=())
    losses = [("as it was", _losses(plain))]
    return Glimpse(losses=(*losses, (fault, _losses(replace(plain, fault=fault)))) if fault else (*losses,))


def _losses(recipe: Recipe) -> Losses:
    """To the last one that is a number."""
    bench = Bench(recipe)
    rows = min(recipe.batch, len(bench.train.X))
    steps = max(POINTS, min(STEPS, WORK // (bench.recipe.parameters * rows)))
    found: list[tuple[float, float]] = []
    with np.errstate(all="ignore"):
        for at in range(POINTS + 1):
            bench.go(steps * at // POINTS - bench.step)
            loss = float(bench.loss(bench.train))
            if not math.isfinite(loss):
                break
            found.append((float(bench.step), max(loss, 1e-9)))
    return tuple(found)
