"""The moving pictures of the penguins: 342 birds on a map in millimetres. One neuron's line through them, or
two, or what a net of three units learned with a squash and without.

    flipper and bill depth, w = (1, −1), b = −1   →   342 of 342
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np

from drops.exercises.blocks import Boundary, Figure, Knob, Point, Show, Surface, Unit, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.birds import Array, Birds, birds, fires, right, standardised
from drops.networks.nets import as_grid, rectangle
from nnlab import Adam, Net, Trainer

COLUMNS, ROWS = 120, 60  # fine enough that a border is no staircase
ALONE = -0.5  # the output's bias at which a single unit decides


def draw_birds(params: Mapping[str, Any]) -> Drawing:
    """```figure birds: table, units (each [w₁, w₂, b]), vote → who the units tell from the others.

    One unit is a neuron to turn and to move. Of two, each line moves, and the output's bias, which
    starts at `vote`, says how many have to fire. Among the numbers, `best` is the most birds that
    any place of the knobs gets right.
    """
    table = params["table"]
    units: list[Unit] = [(float(w1), float(w2), float(b)) for w1, w2, b in params["units"]]
    one = birds(table)
    figure = _one(table, one, units[0]) if len(units) == 1 else _two(table, one, units, params["vote"])
    start = {knob.name: knob.start for knob in figure.knobs}
    return Drawing((figure,), {"right": _counted(table, start, units), "best": _best(table, figure, units)})


def _one(table: str, one: Birds, unit: Unit) -> Figure:
    w1, w2, b = unit
    knobs = (
        Knob("w1", "w₁", -2, 2, 0.5, w1),
        Knob("w2", "w₂", -2, 2, 0.5, w2),
        Knob("b", "b", -3, 3, 0.5, b),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        return _map(table, one, v, [(v["w1"], v["w2"], v["b"])])

    line = Boundary(lambda v: in_mm(one, (v["w1"], v["w2"], v["b"])), "b", ("w1", "w2"))
    says = f"Tell every {one.asked} from the other birds. Try the weights first."
    return Figure(knobs, show, says, (line,))


def _two(table: str, one: Birds, units: list[Unit], vote: float) -> Figure:
    knobs = (
        *(Knob(f"b{i}", f"b of line {i}", -6, 6, 0.5, unit[2]) for i, unit in enumerate(units, 1)),
        Knob("c", "b of the vote", -1.5, ALONE, 1, float(vote)),
    )

    def boundary(i: int) -> Boundary:
        return Boundary(lambda v: in_mm(one, _moved(units, v)[i]), f"b{i + 1}")

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        return _map(table, one, v, _moved(units, v))

    says = f"Fence the {one.asked}s in: ask for both votes, then move the lines."
    return Figure(knobs, show, says, tuple(map(boundary, range(len(units)))))


def _moved(units: list[Unit], v: Mapping[str, float]) -> list[Unit]:
    """The units as the knobs have them."""
    if "w1" in v:
        return [(v["w1"], v["w2"], v["b"])]
    return [(w1, w2, v[f"b{i}"]) for i, (w1, w2, _) in enumerate(units, 1)]


def _counted(table: str, v: Mapping[str, float], units: list[Unit]) -> int:
    now = _moved(units, v)
    return right(table, lambda X: fires(now, v.get("c", ALONE), X))


def _best(table: str, figure: Figure, units: list[Unit]) -> int:
    """The most birds that any place of the knobs gets right; all places at once."""
    one, places = birds(table), [np.array(knob.places) for knob in figure.knobs]
    wanted = one.y[:, None, None] > 0.5
    if len(units) == 1:
        ways = np.array(list(product(*places[:2])))
        fired = np.round(one.X @ ways.T, 9)[:, :, None] + places[2] > 0  # (birds, ways, biases)
        return int((fired == wanted).sum(axis=0).max())
    first, second = (
        np.round(one.X @ unit[:2], 9)[:, None] + biases > 0
        for unit, biases in zip(units, places[:2], strict=True)
    )
    votes = first[:, :, None] + second[:, None, :].astype(float)
    return max(int(((votes + c > 0) == wanted).sum(axis=0).max()) for c in places[2])


def _map(table: str, one: Birds, v: Mapping[str, float], units: list[Unit]) -> tuple[Show, ...]:
    says = f"{_counted(table, v, units)} of {len(one.y)}"
    drawn = _picture(one, lambda X: fires(units, v.get("c", ALONE), X), f"{says} birds right.")
    lines = tuple(in_mm(one, unit) for unit in units)
    return Words(f"**{says}** birds right.{_formula(one, units)}"), replace(drawn, lines=lines)


def _picture(one: Birds, says_yes: Callable[[Array], Array], says: str) -> Surface:
    """All birds, on the two colours that a rule gives the plane."""
    across, up = one.measures
    spans = (across.low, across.high), (up.low, up.high)
    cells = rectangle(*spans, COLUMNS, ROWS)
    heads = np.column_stack([across.head(cells[:, 0]), up.head(cells[:, 1])])
    dots = zip(across.mm(one.X[:, 0]), up.mm(one.X[:, 1]), one.y, strict=True)
    return Surface(
        as_grid(says_yes(heads).astype(float), COLUMNS), *spans, f"{one.asked} or not: {says}",
        points=tuple(Point(float(x), float(y), int(label)) for x, y, label in dots),
        x_label=across.says, y_label=up.says, flat=True, sides=("silent", "fires"),
        classes=("other birds", one.asked),
    )  # fmt: skip


def _formula(one: Birds, units: list[Unit]) -> str:
    """What the neuron adds up, where it is a single one."""
    if len(units) > 1:
        return ""
    w1, w2, b = units[0]
    across, up = (measure.letter for measure in one.measures)
    return fill(f" z = {{w1}}·{across} + {{w2}}·{up} + {{b}}", {"w1": w1, "w2": w2, "b": b})


def in_mm(one: Birds, unit: Unit) -> Unit:
    """The same line where both axes are in millimetres."""
    (across, up), (w1, w2, b) = one.measures, unit
    v1, v2 = w1 / across.one, w2 / up.one
    return v1, v2, b - v1 * across.zero - v2 * up.zero


# ── a net of three units, trained where it stands ─────────────────────────────────────────

SQUASHES = {"off": "linear", "tanh": "tanh"}


def draw_squash_off(params: Mapping[str, Any]) -> Drawing:
    """```figure squash-off: table → a 2-3-1 net trained on the birds, its squash taken out or put in."""
    table = params["table"]
    one, rows = birds(table), standardised(table)
    middle, spread = one.X.mean(axis=0), one.X.std(axis=0)
    knobs = (
        Knob("squash", "squash", 0, 1, 1, 0, tuple(SQUASHES)),
        Knob("start", "start", 1, 9, 1, 1),
    )

    @cache
    def trained(squash: str, start: int) -> Net:
        net = Net("2-3-1", hidden=SQUASHES[squash], loss="bce", seed=start)
        Trainer(net, rows, Adam(0.1)).fit(600)
        return net

    def says_yes(v: Mapping[str, float]) -> Callable[[Array], Array]:
        net = trained(tuple(SQUASHES)[int(v["squash"])], int(v["start"]))
        return lambda X: np.asarray(net.predict((X - middle) / spread) > 0.5)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        count = right(table, says_yes(v))
        says = f"Squash {tuple(SQUASHES)[int(v['squash'])]}: {count} of {len(one.y)} birds right."
        return Words(f"**{says}**"), _picture(one, says_yes(v), says)

    start = {knob.name: knob.start for knob in knobs}
    numbers = {
        "off": right(table, says_yes(start)),
        "tanh": right(table, says_yes({**start, "squash": 1.0})),
    }
    says = "Put the squash back, and the border bends. Try other starts."
    return Drawing((Figure(knobs, show, says),), numbers)
