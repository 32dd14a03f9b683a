"""The rows of an experiment: some to train on, some held back, and fresh ones that nothing has seen.

of(recipe, seed).train.X    (n, inputs): the features that the line names
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from drops.networks.lab.recipe import Recipe
from drops.networks.lab.words import FEATURES
from drops.networks.splits import Part
from nnlab import data
from nnlab.plan import Array

FRESH = 1000
FRESH_SEED = 1_000_000_000  # above every seed that a line may say


class LabRows(NamedTuple):
    """`fresh` are rows drawn for the verdict; of a table, which has no others, those held back."""

    train: Part
    test: Part
    fresh: Part
    at: Array  # (n, columns): where the training rows lie, before a feature is made of them


def of(recipe: Recipe, seed: int) -> LabRows:
    """The rows of an experiment at a seed."""
    split = _table(recipe, seed).split(test=recipe.test, validation=0, seed=seed)
    scaled = recipe.source.columns > 2 or not recipe.source.drawn  # columns of different sizes
    if scaled:
        split = split.standardised(target=not recipe.source.classes)
    at = split.train.X
    train, test = (Part(listen(recipe, part.X), part.y) for part in (split.train, split.test))
    if not recipe.source.drawn:
        return LabRows(train, test, test, at)
    X, y = _fresh(recipe.data, recipe.spread)
    if scaled:
        X, y = (X - split.mean) / split.sd, (y - split.y_mean) / split.y_sd
    return LabRows(train, test, Part(listen(recipe, X), y), at)


def listen(recipe: Recipe, X: Array) -> Array:
    """What the net listens to, (n, inputs), of rows (n, columns)."""
    if not recipe.listens_to:
        return X
    return np.column_stack([FEATURES[name](X) for name in recipe.listens_to])


def _table(recipe: Recipe, seed: int) -> data.Dataset:
    if recipe.source.drawn:
        return _draw(recipe.data, recipe.rows, seed, recipe.spread)
    table = data.load(recipe.data)
    if recipe.rows >= len(table):
        return table
    return table.rows(np.asarray(np.random.default_rng(seed).permutation(len(table))[: recipe.rows]))


@lru_cache(8)
def _fresh(name: str, noise: float) -> Part:
    """Where rows lie evenly, as along a spiral, those of another count lie between, but for both ends."""
    X, y = _draw(name, FRESH + 6, FRESH_SEED, noise)
    return Part(X[3:-3], y[3:-3])


def _draw(name: str, n: int, seed: int, noise: float) -> data.Dataset:
    return data.DATASETS["friedman1" if name == "friedman" else name](n, seed=seed, noise=noise)
