"""What is seen of an experiment at one moment, as plain numbers and bytes: a face needs no engine to draw it.

    scene(bench, Sizes(tile=(10, 10), big=(44, 44)), levels=33).layers[1][0].pixels      10 rows of 10 levels

A pixel is a level 0 … levels − 1: the middle is zero, the ends are the most negative and the most positive.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from drops.networks.lab.bench import Bench
from drops.networks.lab.look import reach
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.rows import classes as called
from drops.networks.lab.rows import column_at, listen
from drops.networks.lab.why import names, squash_at
from drops.networks.nets import rectangle
from nnlab.plan import Array

Pixels = tuple[bytes, ...]  # row by row from the top
Place = tuple[int, int]  # layer and unit, from 0; layer 0 is what the net listens to
Axes = tuple[int, int]  # the columns that a map spans, across and up
FIRST_TWO = (0, 1)
SMALL = 6  # pixels across of a tile that has few levels, so that few of its cells change at a time …
FEW_LEVELS = (0.0, 0.06, 0.2, 0.4, 0.65, 1.0)  # … as shares of the strongest; the faintest is seen
MOST_DOTS = 400  # training rows that are drawn


class Sizes(NamedTuple):
    """Pixels across and down of a unit's tile and of the large map."""

    tile: tuple[int, int]
    big: tuple[int, int]


class Tile(NamedTuple):
    """What one unit says over the plane."""

    name: str
    pixels: Pixels
    dead: bool = False  # says the same on every row


class Dot(NamedTuple):
    """A row on the large map: where, as shares from left and top; its class; whether it is wrong."""

    x: float
    y: float
    label: int
    wrong: bool


class Formula(NamedTuple):
    """What a unit computes: `h1[2] = tanh(− 15.40·x + 4.00·y − 0.26)`. An input has no terms."""

    name: str
    squash: str  # "" where it is a sum alone
    terms: tuple[tuple[float, str], ...]  # a weight and what it is of; the last is the bias, of ""
    column: str = ""  # of an input: what the file of its table calls it


class Scene(NamedTuple):
    """One moment. `wires[k][i][j]` is the weight from unit j of layer k to unit i of the next, as a share of
    the largest of that layer."""

    recipe: Recipe
    step: int
    epoch: float
    losses: tuple[float, float]  # on training rows, on rows held back
    scores: tuple[float, float]
    layers: tuple[tuple[Tile, ...], ...]
    wires: tuple[tuple[tuple[float, ...], ...], ...]
    big: Tile | None  # None where there is one column: then `line` is drawn
    dots: tuple[Dot, ...]
    line: tuple[tuple[float, float], ...]
    rows: tuple[tuple[float, float], ...]  # of one column: where the training rows lie
    corners: tuple[tuple[float, float], tuple[float, float]]  # what the map spans, across and up
    formula: Formula  # of the unit in hand
    classes: tuple[str, ...]  # what they are called; () where a number is asked for
    hard: bool  # the map shows yes or no and nothing between, and the rows that are held back
    trained_on: int  # training rows
    spans: tuple[str, str] | None  # of many columns the two that the map spans, by name


def scene(
    bench: Bench,
    sizes: Sizes,
    levels: int,
    focus: Place | None = None,
    *,
    hard: bool = False,
    axes: Axes = FIRST_TWO,
) -> Scene:
    """The bench as it stands; `focus` is the unit whose map is drawn large, None the output; `axes` are the
    two columns that a map spans."""
    recipe = bench.recipe
    single = recipe.source.columns == 1
    with np.errstate(all="ignore"):
        tiles = _tiles(bench, sizes.tile, levels, axes)
        big = None if single else _large(bench, sizes.big, levels, focus, axes, hard=hard)
        losses = float(bench.loss(bench.train)), float(bench.loss(bench.test))
        scores = float(bench.score(bench.train)), float(bench.score(bench.test))
    return Scene(
        recipe, bench.step, bench.step / bench.trainer.per_epoch, losses, scores, tiles,
        _wires(bench), big, () if single else _dots(bench, axes, hard=hard), _line(bench) if single else (),
        _rows(bench, hard=hard) if single else (), reach(bench, axes),
        _formula(bench, focus), called(recipe), hard, len(bench.train.X),
        (names(bench, 0)[axes[0]], names(bench, 0)[axes[1]]) if recipe.source.columns > 2 else None,
    )  # fmt: skip


# ── maps ──────────────────────────────────────────────────────────────────────────────────


@lru_cache(16)
def _grid(across: tuple[float, float], up: tuple[float, float], columns: int, rows: int) -> Array:
    return rectangle(across, up, columns, rows)


def _heard(bench: Bench, size: tuple[int, int], axes: Axes) -> Array:
    """What the net listens to at each pixel, row by row from the top. Of many columns two are spread and the
    others stand at their mean, which is 0."""
    grid = _grid(*reach(bench, axes), *size)
    columns = bench.recipe.source.columns
    if columns > 2:
        spread, grid = grid, np.zeros((len(grid), columns))
        grid[:, axes] = spread
    return listen(bench.recipe, grid[:, :columns])


def _tiles(bench: Bench, size: tuple[int, int], levels: int, axes: Axes) -> tuple[tuple[Tile, ...], ...]:
    """What each unit says over the plane, layer by layer."""
    recipe, X = bench.recipe, _heard(bench, size, axes)
    heard = zip(names(bench, 0), X.T, strict=True)
    layers = [tuple(Tile(name, pixels(column, size, levels)) for name, column in heard)]
    values = bench.net.values(X)
    for k, _ in enumerate(recipe.hidden, 1):
        h = values.get(f"h{k}", values.get(f"z{k}"))
        assert h is not None
        dead = np.ptp(h, axis=0) < 1e-9
        layers.append(
            tuple(
                Tile(f"h{k}[{i + 1}]", pixels(column, size, levels), bool(dead[i]))
                for i, column in enumerate(h.T)
            )
        )
    return tuple(layers)


def _large(
    bench: Bench, size: tuple[int, int], levels: int, focus: Place | None, axes: Axes, *, hard: bool
) -> Tile:
    X, recipe = _heard(bench, size, axes), bench.recipe
    if focus is not None and focus[0] == 0:
        return Tile(names(bench, 0)[focus[1]], pixels(X[:, focus[1]], size, levels))
    if focus is not None and focus[0] <= len(recipe.hidden):
        values = bench.net.values(X)
        h = values.get(f"h{focus[0]}", values.get(f"z{focus[0]}"))
        assert h is not None
        return Tile(f"h{focus[0]}[{focus[1] + 1}]", pixels(h[:, focus[1]], size, levels))
    says = answers(bench.net.predict(X), recipe, focus)
    output = names(bench, len(recipe.hidden) + 1)[focus[1] if focus else 0]
    return Tile(output, pixels(np.sign(says) if hard else says, size, levels, most=1.0))


def answers(says: Array, recipe: Recipe, focus: Place | None = None) -> Array:
    """What the net says as numbers around 0: of a yes or no −1 … 1, of classes those of the one in hand."""
    if recipe.source.classes > 2:
        says = says[..., focus[1] if focus else 0]
    return 2 * says - 1 if recipe.source.classes else says


def pixels(values: Array, size: tuple[int, int], levels: int, most: float = 0.0) -> Pixels:
    """Values as levels, row by row; `most` is the size that has the strongest level, else their largest."""
    columns, _ = size
    top = most or max(1.0, float(np.nanmax(np.abs(values), initial=0.0)))
    half = levels // 2
    share = np.nan_to_num(values / top, nan=0.0).clip(-1, 1)
    flat = np.rint(share * half + half).astype(np.uint8).tobytes()
    if columns <= SMALL:
        flat = flat.translate(_few(levels))
    return tuple(flat[i : i + columns] for i in range(0, len(flat), columns))


@lru_cache(4)
def _few(levels: int) -> bytes:
    """Of each level the nearest of few, on its side of zero."""
    half = levels // 2
    steps = [round(share * half) for share in FEW_LEVELS]

    def near(level: int) -> int:
        size = min(abs(level - half), half)
        step = min(steps[1:], key=lambda step: abs(step - size)) if size else 0
        return half + (step if level > half else -step)

    return bytes(near(level) for level in range(256))


# ── what stands on them ───────────────────────────────────────────────────────────────────


def _wires(bench: Bench) -> tuple[tuple[tuple[float, ...], ...], ...]:
    out = []
    for k in range(1, len(bench.recipe.sizes)):
        W = bench.net.params.view(f"W{k}")[:, :-1]
        with np.errstate(all="ignore"):
            share = np.nan_to_num(W / (float(np.abs(W).max()) or 1.0), nan=0.0).clip(-1, 1)
        out.append(tuple(map(tuple, share.tolist())))
    return tuple(out)


def _dots(bench: Bench, axes: Axes, *, hard: bool) -> tuple[Dot, ...]:
    """The training rows; of a hard map those held back."""
    (left, right), (bottom, top) = reach(bench, axes)
    X, y = bench.test if hard else bench.train
    at = (bench.rows[0].at_test if hard else bench.rows[0].at)[:MOST_DOTS, axes]
    says = bench.net.predict(X[:MOST_DOTS])
    classes = bench.recipe.source.classes
    guess = says.argmax(axis=-1) if classes > 2 else says > 0.5
    wrong = (guess != y[:MOST_DOTS].astype(guess.dtype)) if classes else np.zeros(len(at), bool)
    labels = y[:MOST_DOTS] if classes else y[:MOST_DOTS] > 0
    shares = (at[:, 0] - left) / (right - left or 1), (top - at[:, 1]) / (top - bottom or 1)
    shares = shares[0].clip(0, 1), shares[1].clip(0, 1)  # a row held back may lie beyond the others
    columns = (array.tolist() for array in (*shares, labels.astype(int), wrong))
    return tuple(Dot(*one) for one in zip(*columns, strict=True))


def _line(bench: Bench) -> tuple[tuple[float, float], ...]:
    """Of one column: what the net says along it."""
    (low, high), _ = reach(bench)
    x = np.linspace(low, high, 120)[:, None]
    says = bench.net.predict(listen(bench.recipe, x))
    return tuple(zip(x[:, 0].tolist(), np.nan_to_num(says).tolist(), strict=True))


def _rows(bench: Bench, *, hard: bool) -> tuple[tuple[float, float], ...]:
    at, y = (bench.rows[0].at_test, bench.test.y) if hard else (bench.rows[0].at, bench.train.y)
    return tuple(zip(at[:MOST_DOTS, 0].tolist(), y[:MOST_DOTS].tolist(), strict=True))


def _formula(bench: Bench, focus: Place | None) -> Formula:
    layer, unit = focus or (len(bench.recipe.hidden) + 1, 0)
    name = names(bench, layer)[unit]
    if layer == 0:
        return Formula(name, "", (), column_at(bench.recipe, unit))
    weights = bench.net.params.view(f"W{layer}")[unit].tolist()
    sources = [*names(bench, layer - 1), ""]
    return Formula(name, squash_at(bench.recipe, layer), tuple(zip(weights, sources, strict=True)))


# ── twenty seeds ──────────────────────────────────────────────────────────────────────────


class Wall(NamedTuple):
    """Many seeds at one moment, the best first."""

    step: int
    tiles: tuple[Tile, ...]
    scores: tuple[float, ...]
    reach: float
    classes: int  # 0: a number is asked for, and scores are R²

    @property
    def passed(self) -> int:
        return sum(score >= self.reach for score in self.scores)


def wall(bench: Bench, size: tuple[int, int], levels: int, axes: Axes = FIRST_TWO) -> Wall:
    """The maps of a bench of several seeds; of one column what each says along it."""
    X = _heard(bench, size, axes)
    with np.errstate(all="ignore"):
        says, scores = answers(bench.net.predict(X), bench.recipe), bench.score(bench.fresh)
    scores = np.where(np.isfinite(scores), scores, -np.inf)
    best = np.argsort(-scores, kind="stable").tolist()
    return Wall(
        bench.step,
        tuple(Tile(f"seed {bench.seeds[i]}", pixels(says[i], size, levels, most=1.0)) for i in best),
        tuple(float(scores[i]) for i in best),
        bench.recipe.reach,
        bench.recipe.source.classes,
    )
