"""What stands under the Lab's picture: how the net does, and what the unit in hand computes or a row is."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

from rich.cells import cell_len
from rich.segment import Segment

from drops.networks.lab.look import RowTold
from drops.networks.lab.recipe import Recipe
from drops.networks.lab.rows import columns_of
from drops.networks.lab.scene import Formula, Scene
from drops.scales import short
from drops.text import in_percent, number
from drops.tui.base.ink import Inks, Line, Lines, ends, fit, width_of
from drops.tui.blocks.net import SMALLEST, names_in

TERM = 9  # cells of a weight with its sign and its dot
SMALL = 0.0005  # below it four digits behind the point say too little of a loss
TALL = 34  # rows of a terminal from which a long formula has two


def rows_of(scene: Scene, width: int, height: int) -> int:
    """Rows under the picture in a terminal of that size: one more where some unit of the net has a formula
    too long for one, so that the picture stays where it is while the cursor goes through them."""
    if height < TALL:
        return 2
    sizes = scene.recipe.sizes
    longest = max(len(tile.name) for tile in scene.layers[0])
    terms = [sizes[0] * (longest + TERM), *(n * (len(f"h1[{n}]") + TERM) for n in sizes[1:-1])]
    return 3 if max(terms) + 2 * TERM > width else 2


def draw(scene: Scene, row: RowTold | None, width: int, rows: int, ink: Inks, *, asked: bool) -> Lines:
    """`row` is told instead of the formula; `asked`: the sum of the unit stands on the screen already."""
    left = rows - 1
    told = _row(row, width - 2, left) if row else _formula(scene.formula, width - 2, left, asked=asked)
    lines = [fit([Segment(f" {line}", ink.accent)], width) for line in told]
    return [_scores(scene, width, ink), *lines, *[fit([], width)] * (left - len(lines))]


def _scores(scene: Scene, width: int, ink: Inks) -> Line:
    """As much of it as there is room for."""
    parts = list(zip(("train", "test"), scene.losses, scene.scores, strict=True))
    right: Line = [Segment(f"{scene.recipe.parameters:,} parameters ", ink.dim)]
    for says in (" loss ", " "):
        told = "   ".join(
            f"{name}{says}{loss_as_text(loss)}  {score_as_text(scene, score)}" for name, loss, score in parts
        )
        line: Line = [Segment(f" {told}", ink.text)]
        if width_of(line) + width_of(right) < width:
            return ends(line, right, width)
        if width_of(line) <= width:
            return fit(line, width)
    return fit(line, width)


def _formula(formula: Formula, width: int, rows: int, *, asked: bool) -> list[str]:
    if not formula.terms:
        return [f"{formula.name}, an input{formula.column and f': {formula.column}'}"]
    head = f"{formula.name} = {formula.squash}(" if formula.squash else f"{formula.name} = "
    *terms, bias = formula.terms
    end = f"{_signed(*bias)}{')' if formula.squash else ''}"
    whole = _wrapped([head, *_summed(terms), end], width)
    if len(whole) <= rows:
        return whole
    largest = sorted(terms, key=lambda term: -abs(term[0]))
    how = "" if asked else ": enter"

    def told(kept: int) -> list[str]:
        return [head, *_summed(largest[:kept]), "…", end, f"  {len(terms) - kept} smaller{how}"]

    return _as_many(told, len(terms) - 1, width, rows)


def _row(row: RowTold, width: int, rows: int) -> list[str]:
    """All that it hears comes before what the answer means, and that before some of what it hears."""
    heard = row.heard

    def told(kept: int, so: str) -> list[str]:
        left, answer = len(heard) - kept, f"{row.answer}{so}.".split()
        if not kept:
            return [f"{row.row}. ", *answer]
        first = [f"{one}{',' if left or i < kept - 1 else '.'}" for i, one in enumerate(heard[:kept])]
        return [f"{row.row}: ", *first, *([f"and {left} more."] if left else []), *answer]

    for so in (row.so, ""):
        if len(lines := _wrapped(told(len(heard), so), width)) <= rows:
            return lines
    return _as_many(lambda kept: told(kept, row.so), len(heard) - 1, width, rows)


def _as_many(told: Callable[[int], Sequence[str]], most: int, width: int, rows: int) -> list[str]:
    """What is told with as many parts as have room, which more of them never have; with none where not even
    one has."""
    kept = bisect_left(range(1, most + 1), 1, key=lambda parts: len(_wrapped(told(parts), width)) > rows)
    return _wrapped(told(kept), width)[:rows]


def _wrapped(parts: Sequence[str], width: int) -> list[str]:
    """Parts in lines, none of them broken; the first goes with the one behind it."""
    first, second, *others = parts
    lines = [first + second]
    used = cell_len(lines[0])
    for part in others:
        wide = cell_len(part)
        if used + 1 + wide <= width:
            lines[-1] += f" {part}"
            used += 1 + wide
        else:
            lines.append(part.lstrip())
            used = cell_len(lines[-1])
    return lines


def _summed(terms: Sequence[tuple[float, str]]) -> list[str]:
    """Terms as they are added up; a first plus goes without saying."""
    if not terms:
        return []
    first, *others = (_signed(*term) for term in terms)
    return [first.removeprefix("+ "), *others]


def _signed(weight: float, source: str) -> str:
    size = f"{abs(weight):.2f}" if abs(weight) < 1e5 else short(abs(weight))
    return f"{'−' if weight < 0 else '+'} {size}{source and f'·{source}'}"


def axes(recipe: Recipe, wide: int, ink: Inks) -> Line:
    """What the two columns of a table are called that the map spans, across and up; empty where a line names
    them itself or the title of the map does."""
    called = columns_of(recipe)
    if len(called) != 2:
        return []
    across, up = names_in(called, wide - len(" →  ↑"))
    return fit([Segment(f"{across} → {up} ↑", ink.dim)], wide)


def in_a_tile(score: float, tall: int, *, shares: bool) -> str:
    """A share, or an R², below a tile: in four cells, and a share as everywhere where all have two more."""
    if not math.isfinite(score):
        return "lost"
    if shares and tall == SMALLEST:
        return f"{score * 100:.0f}"
    if shares:
        return in_percent(score) if tall > SMALLEST + 1 else f"{score:.0%}"
    return "< −9" if score < -9 else f"{score:.2f}"[:4].replace("-", "−")


def loss_as_text(value: float) -> str:
    if not math.isfinite(value):
        return "no number"
    if value and value < SMALL:
        return short(value)
    return f"{value:.4f}" if value < 1e5 else short(value)


def score_as_text(scene: Scene, value: float) -> str:
    if not math.isfinite(value):
        return "R² no number"
    if scene.recipe.source.classes:
        return f"{in_percent(value)} right"
    # a net that ran away has an R² of forty digits
    return f"R² {number(value, 2) if abs(value) < 1000 else short(value)}"
