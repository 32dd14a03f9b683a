"""The rows of an experiment: some to train on, some held back, and fresh ones that nothing has seen.

of(recipe, seed).train.X    (n, inputs): the features that the line names
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from unicodedata import combining, east_asian_width

import numpy as np

from drops.networks.faults.making import misaligned
from drops.networks.lab.broken import sets
from drops.networks.lab.drawing import WORD
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.tables import table
from drops.networks.lab.words import FEATURES
from drops.networks.splits import Part
from drops.text import safe_text
from nnlab import data
from nnlab.plan import Array

FRESH = 1000
LONG = 16  # cells of a name of a column, or of a class
LONGEST = 40  # where it stands alone
NUMERAL = re.compile(r"([+−-]?[\d.,]+(e[+-]?\d+)?)?", re.IGNORECASE)  # no name: it tells not of what
FRESH_SEED = 1_000_000_000  # above every seed that a line may say


class LabRows(NamedTuple):
    """`fresh` are rows drawn for the verdict; of a table, which has no others, those held back."""

    train: Part
    test: Part
    fresh: Part
    at: Array  # (n, columns): where the training rows lie, before a feature is made of them
    at_test: Array  # the same of those held back


def of(recipe: Recipe, seed: int) -> LabRows:
    """The rows of an experiment at a seed."""
    split = _table(recipe, seed).split(test=recipe.test, validation=0, seed=seed)
    scaled = recipe.source.columns > 2 or not recipe.source.drawn  # columns of different sizes
    if scaled:
        split = split.standardised(target=not recipe.source.classes)
    at = split.train.X
    train, test = (Part(listen(recipe, part.X), part.y) for part in (split.train, split.test))
    if recipe.source.drawn:
        X, y = _fresh(recipe.data, recipe.spread)
        if scaled:
            X, y = (X - split.mean) / split.sd, (y - split.y_mean) / split.y_sd
        fresh = Part(listen(recipe, X), y)
    else:
        fresh = test
    return _spoilt(recipe, LabRows(train, test, fresh, at, split.test.X), seed)


def _spoilt(recipe: Recipe, made: LabRows, seed: int) -> LabRows:
    """The rows with what is wrong with them, if anything is."""
    wrong, train = sets(recipe), made.train
    if wrong.get("columns") == "raw in use":
        return made._replace(fresh=Part(_raw(made.fresh.X), made.fresh.y))
    if wrong.get("misaligned"):
        return made._replace(train=Part(train.X, misaligned(train.y, np.random.default_rng(seed))))
    if wrong.get("by_class"):
        order = np.argsort(train.y, kind="stable")
        return made._replace(train=Part(train.X[order], train.y[order]), at=made.at[order])
    if wrong.get("target") == "price":
        train, test, fresh = (Part(part.X, 200_000 + 20_000 * part.y) for part in made[:3])
        return LabRows(train, test, fresh, made.at, made.at_test)
    return made


def listen(recipe: Recipe, X: Array) -> Array:
    """What the net listens to, (n, inputs), of rows (n, columns)."""
    heard = np.column_stack([FEATURES[name](X) for name in recipe.listens_to]) if recipe.listens_to else X
    return _raw(heard) if sets(recipe).get("columns") == "raw" else heard


def _raw(X: Array) -> Array:
    """Inputs before the first of them was scaled: around 3,000, and as far apart."""
    return X * [1000.0, *[1.0] * (X.shape[1] - 1)] + [3000.0, *[0.0] * (X.shape[1] - 1)]


def there_are(recipe: Recipe) -> int:
    """How many rows the line gets: a table has so many and no more.

    there_are(read_line("gentoo"))          342, where 600 may be asked for
    """
    if recipe.source.drawn:
        return recipe.rows
    name = recipe.data
    return min(recipe.rows, _in_file(name)[0] if name in data.TABLES else len(table(name).rows))


def columns(recipe: Recipe) -> list[str]:
    """The columns of a table by their place and by what its file calls them; of two or fewer, and of rows
    that are drawn, there are only the names that a line has for them.

    columns(read_line("penguins"))      x1 bill_length, x2 bill_depth, …
    """
    if recipe.source.columns <= 2 or recipe.source.drawn:
        return list(recipe.listens_to or (f"x{i + 1}" for i in range(recipe.source.columns)))
    return [f"x{i + 1} {_short(name)}".rstrip() for i, name in enumerate(_measured(recipe.data).columns)]


def columns_of(recipe: Recipe) -> tuple[str, ...]:
    """What the file of a table calls its columns; () of rows that are drawn."""
    if recipe.source.drawn or recipe.data.startswith(WORD):
        return ()
    name = recipe.data
    named = _in_file(name)[1] if name in data.TABLES else table(name).rows.columns
    return tuple(_short(one, LONGEST) for one in named)


def column_at(recipe: Recipe, unit: int) -> str:
    """What the file calls the column that an input is, "" where it is none: xy is made of two.

    column_at(read_line("gentoo"), 0)       flipper_length_mm
    """
    heard = recipe.listens_to
    at = {"x": 0, "y": 1}.get(heard[unit]) if heard else unit
    called = columns_of(recipe)
    return called[at] if at is not None and at < len(called) else ""


def classes(recipe: Recipe) -> tuple[str, ...]:
    """What the classes are called, () where a number is asked for: of a table as its file calls them, cut
    where that is long, and no two of them alike.

    classes(read_line("gentoo"))        other, Gentoo
    """
    source = recipe.source
    if source.drawn or not source.classes or recipe.data.startswith(WORD):
        return ("no", "yes") if source.classes == 2 else tuple(f"class {i}" for i in range(source.classes))
    cut = [_short(name) for name in _measured(recipe.data).classes]
    named = [f"class {name or i}" if NUMERAL.fullmatch(name) else name for i, name in enumerate(cut)]
    alike = {name for name in named if named.count(name) > 1}
    return tuple(f"{i} {_short(name, LONG - 2)}" if name in alike else name for i, name in enumerate(named))


def _short(name: str, cells: int = LONG) -> str:
    """A name of a stranger's file, on one line and in so many cells at most; a wide sign takes two."""
    signs = [sign for sign in " ".join(safe_text(name).split()) if sign.isprintable()]
    wide = [0 if combining(sign) else 2 if east_asian_width(sign) in "WF" else 1 for sign in signs]
    if sum(wide) <= cells:
        return "".join(signs)
    ends = accumulate(wide)
    return "".join(sign for sign, end in zip(signs, ends, strict=True) if end < cells).rstrip() + "…"


@lru_cache
def _in_file(name: str) -> tuple[int, tuple[str, ...]]:
    """Rows and columns of a bundled table, for what is told at each frame."""
    found = data.load(name)
    return len(found), tuple(found.columns)


def _measured(name: str) -> data.Dataset:
    return data.load(name) if name in data.TABLES else table(name).rows


def _table(recipe: Recipe, seed: int) -> data.Dataset:
    if recipe.source.drawn:
        return _draw(recipe.data, recipe.rows, seed, recipe.spread)
    found = _measured(recipe.data)
    if recipe.rows >= len(found):
        return found
    return found.rows(np.asarray(np.random.default_rng(seed).permutation(len(found))[: recipe.rows]))


@lru_cache(8)
def _fresh(name: str, noise: float) -> Part:
    """Where rows lie evenly, as along a spiral, those of another count lie between, but for both ends."""
    X, y = _draw(name, FRESH + 6, FRESH_SEED, noise)
    return Part(X[3:-3], y[3:-3])


def _draw(name: str, n: int, seed: int, noise: float) -> data.Dataset:
    return data.DATASETS["friedman1" if name == "friedman" else name](n, seed=seed, noise=noise)
