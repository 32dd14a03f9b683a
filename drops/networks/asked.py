"""What stands beside a question of a quiz: its own fresh numbers, drawn.

    w = (2, −1), b = 3   →   the unit with these numbers, "?" where its sum is asked

While a question is open, `hand` names what is asked: then nothing is drawn that would answer it. Once nothing
is in hand, the picture shows what is so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, pi, sin
from typing import Any

import numpy as np

from drops.exercises.blocks import Beside, Curve, Point, Series, Show, Strip, Surface, Wires, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB, pair
from drops.networks.nets import as_grid, bare, drawable, empty_plane, plane, points, stacked
from drops.networks.params import Params, a_number, as_many, number_lists, numbers, pairs
from drops.text import number
from nnlab.activations import activation
from nnlab.losses import LOSSES

Marks = tuple[tuple[float, float, str], ...]
Dots = np.ndarray[Any, np.dtype[np.float64]]  # (n, 2)
Said = np.ndarray[Any, np.dtype[Any]]  # (n,), of each dot


def _is_open(params: Params) -> bool:
    return bool(params.get("hand"))


def _named(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{SUB[i]}" for i in range(1, count + 1))


# ── units and nets ────────────────────────────────────────────────────────────────────────


def draw_unit(params: Params) -> Drawing:
    """```figure unit: x or h, w, b, out → a unit with what it reads; its sum once it is typed."""
    letter = "h" if "h" in params else "x"
    read = numbers(params, letter)
    out = "ŷ" if letter == "h" else "z"
    known = "w" in params
    w = numbers(params, "w") if known else [0.0] * len(read)
    as_many("w", w, letter, read)
    told = f"{pair(read)}" if len(read) > 1 else number(read[0])
    says = f"A unit reads {letter} = {told}"
    if known:
        says += f" with the weights {pair(w)}"
    b = a_number(params, "b") if "b" in params else None
    if b is not None:
        says += f" and the bias {number(b)}"
    typed = a_number(params, "out") if "out" in params else None
    if known and not _is_open(params):
        typed = float(np.dot(w, read)) + (b or 0.0)
        says += f": {out} is {number(typed)}"
    asked = str(params.get("hand", ""))
    net = Wires(
        (_named(letter, len(read)), (out,)),
        ((tuple(w),),),
        (tuple(read), (typed,)),
        f"{says}.",
        biases=((b,),) if b is not None else None,
        blanks={("unit", 1, 0): asked} if asked else {},
        hand=asked,
    )
    return Drawing((net,), {})


def draw_nets(params: Params) -> Drawing:
    """```figure nets: sizes → several nets side by side, before they have numbers, the first size first."""
    nets = sorted(drawable(*sizes) for sizes in number_lists(params, "sizes"))
    shown = tuple(bare(sizes, f"A {'-'.join(map(str, sizes))} network, unit by unit.") for sizes in nets)
    return Drawing((Beside(shown),), {})


def draw_stacks(params: Params) -> Drawing:
    """```figure stacks: a, b, c (for each stack a list: 1 where a squash stands between two tables, 0 where
    nothing does), tanh → the stacks one below the other, the one of fewest tables first.
    """
    squash = "tanh" if "tanh" in params else "relu"
    shown: list[Show] = []
    for between in sorted((numbers(params, key) for key in "abc" if key in params), key=len):
        stack = "W" + "".join(f" {squash} W" if one else " W" for one in between)
        shown += Words(f"**{stack}**"), stacked(stack, 2)
    return Drawing(tuple(shown), {})


# ── curves ────────────────────────────────────────────────────────────────────────────────


def draw_straight(params: Params) -> Drawing:
    """```figure straight: w, b, at, then_w, then_b, at0 → a line or several, w·x + b, with places on the
    x-axis; what comes of them once nothing is asked; a height over 0 once it is typed.
    """
    lines = sorted(pairs(params, "w", "b"))
    says = f"Over x: {'; '.join(_line(w, b) for w, b in lines)}"
    wide = max([6.0, *(abs(b / w) + 2 for w, b in lines if w)])  # each crosses 0 in it
    ends = np.array([-wide, wide])

    def drawn(w: float, b: float) -> Series:
        return Series(_line(w, b), points(ends, w * ends + b))

    series = [drawn(w, b) for w, b in lines]
    marks: list[tuple[float, float, str]] = []
    if "at" in params:
        (w, b), places = lines[0], numbers(params, "at")
        marks += ((x, 0.0 if _is_open(params) else w * x + b, number(x)) for x in sorted(places))
        says += f"; on the x-axis {', '.join(map(number, sorted(places)))}"
    if "then_w" in params and not _is_open(params):
        then = sorted(pairs(params, "then_w", "then_b"))
        series = [*(series if len(series) == 1 else ()), *(drawn(w, b) for w, b in then)]
        says += f"; what comes of it: {'; '.join(_line(w, b) for w, b in then)}"
    marks += [(0.0, a_number(params, "at0"), "yours")] if "at0" in params else []
    reach = max(6.0, *(2 * abs(b) for _, b in lines), *(abs(at) for _, at, _ in marks))
    series.append(Series("z = 0", points(ends, 0 * ends)))
    shown = Curve(tuple(series), "x", "z", f"{says}.", marks=tuple(marks), window=(-reach, reach))
    return Drawing((shown,), {})


def _line(w: float, b: float) -> str:
    """ "2·x − 3"."""
    size = "" if abs(w) == 1 else f"{number(abs(w))}·"
    constant = f" {'−' if b < 0 else '+'} {number(abs(b))}" if b else ""
    return f"{'−' if w < 0 else ''}{size}x{constant}"


def draw_squashed(params: Params) -> Drawing:
    """```figure squashed: z, relu, sigmoid → places on the z-axis; what ReLU, the sigmoid or both make of
    them once nothing is asked.
    """
    z = sorted(numbers(params, "z"))
    names = [name for name in ("relu", "sigmoid") if name in params]
    grid = np.linspace(-5, 5, 81)
    says = f"z = {', '.join(map(number, z))}"
    if _is_open(params):
        marks: Marks = tuple((one, 0.0, number(one)) for one in z)
        both = Series("z", points(grid, grid)), Series("0", points(grid, 0 * grid))
        shown = Curve(both, "z", "", f"{says} on the z-axis.", marks=marks)
        return Drawing((shown,), {})
    curves = tuple(Series(name, points(grid, activation(name)(grid))) for name in names)
    after = {name: [float(a) for a in activation(name)(np.array(z))] for name in names}
    told = "; ".join(f"{name} makes {', '.join(number(a, 2) for a in came)}" for name, came in after.items())
    marks = tuple((at, a, number(a, 2)) for came in after.values() for at, a in zip(z, came, strict=True))
    return Drawing((Curve(curves, "z", "a", f"{says}: {told}.", marks=marks),), {})


def draw_priced(params: Params) -> Drawing:
    """```figure priced: p, yes → shares that were said, what came, and the cost once nothing is asked."""
    shares, yes = sorted(numbers(params, "p")), bool(a_number(params, "yes"))
    grid = [k / 100 for k in range(1, 100)]
    came = "yes" if yes else "no"
    says = f"It said {', '.join(map(number, shares))}, and it was a {came}"

    def cost(p: Sequence[float]) -> list[float]:
        return list(map(float, LOSSES["bce"](p, [float(yes)] * len(p)).ravel()))

    if _is_open(params):
        # A line of shares: on axes with a loss, all of them would stand at a loss of 0.
        told_at = ((float(yes), f"it was a {came}"), *((p, number(p)) for p in shares))
        return Drawing((Strip(0.0, 1.0, told_at, f"{says}."),), {})
    costs = cost(shares)
    told = ", ".join(number(one, 2) for one in costs)
    marks: Marks = tuple((p, one, number(one, 2)) for p, one in zip(shares, costs, strict=True))
    name = "−ln p" if yes else "−ln (1 − p)"
    line = Series(name, points(grid, cost(grid)))
    shown = Curve((line,), "share of yes, p", "loss", f"{says}: {told}.", marks=marks, window=(0.0, 3.0))
    return Drawing((shown,), {})


def draw_hits(params: Params) -> Drawing:
    """```figure hits: y, p → targets and predictions, pair by pair."""
    both = sorted(pairs(params, "y", "p"))
    rows, named = range(len(both)), tuple(float(i) for i in range(1, len(both) + 1))
    series = (
        Series("target y", points(rows, (y for y, _ in both)), "dots"),
        Series("prediction ŷ", points(rows, (p for _, p in both)), "dots"),
    )
    told = "; ".join(f"target {number(y)}, prediction {number(p)}" for y, p in both)
    return Drawing((Curve(series, "pair", "", f"{told}.", places=named),), {})


def draw_slope_at(params: Params) -> Drawing:
    """```figure slope-at: w, g, lr, new → the loss near a weight, as its gradient says it; where the step
    lands once it is typed, or nothing is asked.
    """
    w, g = a_number(params, "w"), a_number(params, "g")
    near = np.array([w - 1.0, w + 1.0])
    says = f"At a weight of {number(w)} the loss has the slope {number(g)}"
    marks = [(w, 0.0, "w")]
    landed = a_number(params, "new") if "new" in params else None
    if "lr" in params and not _is_open(params):
        landed = w - a_number(params, "lr") * g
    if landed is not None:
        marks.append((landed, g * (landed - w), "after"))
        near = np.array([min(near[0], landed), max(near[1], landed)])
    line = Series("loss near w", points(near, g * (near - w)))
    return Drawing((Curve((line,), "weight", "change of the loss", f"{says}.", marks=tuple(marks)),), {})


def draw_scores(params: Params) -> Drawing:
    """```figure scores: units, score, chance → a score for each width, and how far chance reaches."""
    as_many("units", numbers(params, "units"), "score", numbers(params, "score"))
    units, score, chance = numbers(params, "units"), numbers(params, "score"), a_number(params, "chance")
    low, high = ([at + by for at in score] for by in (-chance, chance))
    series = (
        Series("score", points(units, score), "dots"),
        Series("as chance may have it, up", points(units, high)),
        Series("and down", points(units, low)),
    )
    told = "; ".join(f"{number(n)} units {number(s, 3)}" for n, s in zip(units, score, strict=True))
    says = f"{told}, each ± {number(chance)}."
    reach = max(high) - min(low)
    shown = Curve(series, "units", "score", says, window=(min(low) - reach / 4, max(high) + reach / 4))
    return Drawing((shown,), {})


def draw_bell(params: Params) -> Drawing:
    """```figure bell: mean, spread, at → how a column lies around its mean, and a value once it is known."""
    mean, spread = a_number(params, "mean"), a_number(params, "spread")
    if spread <= 0:
        raise ValueError("spread wants a number above 0")
    reach = 4.0 * spread
    at = a_number(params, "at") if "at" in params else None
    if at is not None:
        reach = max(reach, 1.1 * abs(at - mean))
    grid = np.linspace(mean - reach, mean + reach, 97)
    heights = np.exp(-(((grid - mean) / spread) ** 2) / 2)
    marks: list[tuple[float, float, str]] = [(mean, 1.0, "mean")]
    says = f"A column with the mean {number(mean)} and the spread {number(spread)}"
    if at is not None:
        marks.append((at, float(np.exp(-(((at - mean) / spread) ** 2) / 2)), number(at)))
        says += f", and the value {number(at)}"
    shown = Curve((Series("how often", points(grid, heights)),), "value", "", f"{says}.", marks=tuple(marks))
    return Drawing((shown,), {})


# ── the plane ─────────────────────────────────────────────────────────────────────────


def draw_patch(params: Params) -> Drawing:
    """```figure patch: sides → a patch with so many straight sides on the plane."""
    (sides,) = drawable(a_number(params, "sides"))
    cells = plane(-5.0, 5.0, 96, 48)
    inside = np.ones(len(cells), dtype=bool)
    for k in range(sides):
        turned = 2 * pi * (k + 0.5) / sides
        inside &= cells @ np.array([cos(turned), sin(turned)]) < 3.6
    says = f"A patch with {sides} straight sides."
    span = (-5.0, 5.0)
    values, means = as_grid(inside.astype(float), 96), ("outside", "the patch")
    shown = Surface(values, span, span, says, sides=means, flat=True)
    return Drawing((shown,), {})


REACH = 2.2  # of the planes on which things to be told apart are drawn


def _everywhere() -> Dots:
    """Places spread evenly over a square."""
    at = np.linspace(-1.9, 1.9, 15)
    return np.column_stack([np.tile(at, len(at)), np.repeat(at, len(at))])


def _around(x: float, y: float) -> Dots:
    """A cloud: places around a middle, the closer the denser."""
    k = np.arange(24)
    far, turned = 0.8 * k / len(k), 2.4 * k  # 2.4 is about the golden angle: no two stand in a row
    return np.column_stack([x + far * np.cos(turned), y + far * np.sin(turned)])


def _clouds() -> tuple[Dots, Said]:
    below, above = _around(-0.9, -0.9), _around(0.9, 0.9)
    return np.vstack([below, above]), np.repeat([0, 1], [len(below), len(above)])


def _corners(says: Sequence[int]) -> Callable[[], tuple[Dots, Said]]:
    return lambda: (np.array([(-1.0, -1), (-1, 1), (1, -1), (1, 1)]), np.array(says))


def _patch(inside: Callable[[Dots], Said], around: Callable[[Dots], Said]) -> Callable[[], tuple[Dots, Said]]:
    """Those inside against those around it; between the two nobody stands."""

    def drawn() -> tuple[Dots, Said]:
        every = _everywhere()
        yes = inside(every).astype(bool)
        some = yes | around(every).astype(bool)
        return every[some], yes[some]

    return drawn


def _beyond(at: Dots) -> Said:
    """How far a place lies beyond the nearest side of a triangle that points up."""
    x, y = at.T
    return np.asarray(np.maximum.reduce([-y - 0.8, 1.6 * x + y - 1.1, -1.6 * x + y - 1.1]))


def _wide(at: Dots) -> Said:
    return np.asarray(np.abs(at).max(axis=1))


SHAPES: dict[str, tuple[str, Callable[[], tuple[Dots, Said]]]] = {
    "clouds": ("two clouds", _clouds),
    "or": ("corners of OR", _corners((0, 1, 1, 1))),
    "xor": ("corners of XOR", _corners((0, 1, 1, 0))),
    "stripe": (
        "a stripe", _patch(lambda at: np.abs(at @ [0.8, 0.6]) < 0.6, lambda at: np.abs(at @ [0.8, 0.6]) > 0.8)
    ),
    "triangle": ("a triangle", _patch(lambda at: _beyond(at) < 0, lambda at: _beyond(at) > 0.3)),
    "square": ("a square", _patch(lambda at: _wide(at) < 1, lambda at: _wide(at) > 1.4)),
    "disc": (
        "a disc in a ring", _patch(lambda at: np.hypot(*at.T) < 1.1, lambda at: np.hypot(*at.T) > 1.6)
    ),
}  # fmt: skip


def draw_shapes(params: Params) -> Drawing:
    """```figure shapes: clouds, or, xor, stripe, triangle, square, disc → what is to be told apart, one plane
    each, in the order of the numbers that they are given.
    """
    named = sorted((a_number(params, name), name) for name in SHAPES if name in params)
    shown = []
    for _, name in named:
        title, made = SHAPES[name]
        at, yes = made()
        dots = tuple(Point(float(x), float(y), int(one)) for (x, y), one in zip(at, yes, strict=True))
        says = f"{title}: {len(dots)} points, {sum(map(bool, yes))} of them to be told from the others."
        shown.append(empty_plane((-REACH, REACH), says, points=dots, title=title, classes=("no", "yes")))
    return Drawing((Beside(tuple(shown)),) if len(shown) > 1 else tuple(shown), {})


FIGURES: dict[str, Callable[[Params], Drawing]] = {
    "unit": draw_unit,
    "nets": draw_nets,
    "stacks": draw_stacks,
    "straight": draw_straight,
    "squashed": draw_squashed,
    "priced": draw_priced,
    "hits": draw_hits,
    "slope-at": draw_slope_at,
    "scores": draw_scores,
    "bell": draw_bell,
    "patch": draw_patch,
    "shapes": draw_shapes,
}
