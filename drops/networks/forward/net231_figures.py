"""The pictures of the 2-3-1 network that a learner can move. Every number is the engine's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Sheet, Show, Wires
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.networks.forward.net231 import Tiny, engine, hidden_table, output_table, trace, wires
from drops.networks.nets import points
from drops.text import number
from nnlab.optim import SGD

UNITS = (1, 2, 3)


class Axis(NamedTuple):
    """What x₁ may be, and how a picture counts it."""

    label: str
    low: float
    high: float
    step: float
    zero: float = 0.0  # what the picture calls x₁ = 0


X1 = Axis("x₁", -6, 6, 0.25)  # of a net that is drawn for an exercise
BILL = Axis("bill length (mm)", -12, 16, 0.5, 44)  # of the lessons' net
DEPTHS = (-4.0, 5.0)  # x₂ of the lessons' net: bills 13 to 22 mm deep
HALF = 0.5  # above it the lessons' net says yes


@dataclass(frozen=True)
class Example:
    """The network that drops 5 to 9 read about, with one row of data: bird 53.

    It tells Chinstraps (1) from other penguins (0) by a bill's length in millimetres above 44 and its
    depth above 17. It was trained on them, and its numbers moved to halves and tenths.
    """

    W1: tuple[tuple[float, float], ...] = ((-1, 2), (0.5, -2), (-0.5, 1))
    b1: tuple[float, ...] = (-0.5, 3.5, -3)
    W2: tuple[float, ...] = (-0.2, -0.1, 0.4)
    b2: float = 1.1
    x: tuple[float, float] = (-2, 2.5)
    y: float = 1
    lr: float = 0.01


def example(params: Mapping[str, Any]) -> Example:
    """The lessons' network, with what a fence changes of it: x, y, lr."""
    changed: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in params.items()}
    return replace(Example(), **changed)


class Stepped(Tiny, Protocol):
    """A network with one row of data and a learning rate."""

    @property
    def x(self) -> tuple[float, float]: ...
    @property
    def y(self) -> float: ...
    @property
    def lr(self) -> float: ...


# ── forward ───────────────────────────────────────────────────────────────────────────────


def along(net: Tiny, x: Sequence[float], output: bool = True, axis: Axis = X1) -> Curve:
    """h and ŷ while x₁ runs along an axis, marked at x: the units switch, and ŷ bends there."""
    grid = np.linspace(axis.low, axis.high, 113)
    seen, places = engine(net).values(np.column_stack([grid, np.full(len(grid), x[1])])), grid + axis.zero
    lines = [Series(f"h{SUB[j]}", points(places, seen["h1"][:, j - 1])) for j in UNITS]
    if output:
        lines.append(Series("ŷ", points(places, seen["yhat"][:, 0])))
    here = trace(net, x)
    awake = [f"h{SUB[j]}" for j in UNITS if here[f"h1[{j}]"] > 0]
    told = ", ".join(
        f"z{SUB[j]} {number(here[f'z1[{j}]'])}, h{SUB[j]} {number(here[f'h1[{j}]'])}" for j in UNITS
    )
    at = f"x₁ = {number(x[0])}" + (f", {number(x[0] + axis.zero)} mm" if axis.zero else "")
    says = f"At {at}: {told}; ŷ {number(here['yhat[1]'])}. Firing: {', '.join(awake) or 'none'}."
    marks = tuple((x[0] + axis.zero, here[f"h1[{j}]"], f"h{SUB[j]}") for j in UNITS)
    if output:
        marks = (*marks, (x[0] + axis.zero, here["yhat[1]"], "ŷ"))
    return Curve(tuple(lines), axis.label, "h and ŷ" if output else "h", says, marks=marks)


def sweep(net: Tiny, x: Sequence[float]) -> Figure:
    """What the hidden units of a net of an exercise do along x₁, with a knob for it."""

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        return (along(net, (at["x1"], x[1]), output=False),)

    return Figure(
        (Knob("x1", "x₁", X1.low, X1.high, X1.step, float(x[0])),),
        draw,
        "Move x₁ and watch units switch on and off; every switch is a bend.",
    )


def pushes(net: Tiny, x: Sequence[float]) -> Bars:
    """Who decided a prediction: the three contributions and the bias."""
    here = trace(net, x)
    parts = [(f"h{SUB[j]}", here[f"W2[1,{j}]"] * here[f"h1[{j}]"]) for j in UNITS] + [("b₂", net.b2)]
    told = " ".join(f"{name} adds {number(part)}." for name, part in parts)
    bars = tuple(Bar(name, part) for name, part in parts)
    return Bars((*bars, Bar("ŷ", here["yhat[1]"])), f"{told} Together ŷ = {number(here['yhat[1]'])}.")


def shares(net: Tiny, x: Sequence[float]) -> Figure:
    """Who decides the prediction of a net of an exercise, and how it runs along x₁: a knob for each input."""

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        here = (at["x1"], at["x2"])
        return pushes(net, here), along(net, here)

    knobs = tuple(Knob(f"x{i}", f"x{SUB[i]}", X1.low, X1.high, 0.5, float(x[i - 1])) for i in (1, 2))
    return Figure(knobs, draw, "Move the input. Every switch of a unit is a bend, and another may decide.")


def bill(x: Sequence[float]) -> tuple[Knob, ...]:
    """The two knobs of a bird's bill."""
    return (
        Knob("x1", "x₁", BILL.low, BILL.high, BILL.step, float(x[0])),
        Knob("x2", "x₂", *DEPTHS, 0.5, float(x[1])),
    )


def spreadsheet(net: Tiny, x: Sequence[float]) -> Sheet:
    """The forward pass of the hidden layer, one row a unit."""
    here = trace(net, x)
    rows = []
    for j in UNITS:
        w, b = net.W1[j - 1], net.b1[j - 1]
        product = f"{number(w[0])}·{_in(x[0])} {_plus(w[1])}·{_in(x[1])}"
        rows.append((f"h{SUB[j]}", product, _plus(b), number(here[f"z1[{j}]"]), number(here[f"h1[{j}]"])))
    told = "; ".join(f"unit {j}: z {row[3]}, h {row[4]}" for j, row in enumerate(rows, 1))
    return Sheet(("unit", "w · x", "+ b", "z", "h"), tuple(rows), f"{told}.")


def _plus(value: float) -> str:
    return f"+ {number(value)}" if value >= 0 else f"− {number(-value)}"


def _in(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)


# ── backward ──────────────────────────────────────────────────────────────────────────────


def backward_sheet(net: Tiny, x: Sequence[float], y: float) -> Sheet:
    """The spreadsheet with its second block: what comes back to each unit and its numbers."""
    at = trace(net, x, y)
    rows = tuple(
        (
            f"h{SUB[j]}",
            number(at[f"z1[{j}]"]),
            number(at[f"h1[{j}]"]),
            number(at[f"dW2[1,{j}]"]),
            number(at[f"dz1[{j}]"]),
            number(at[f"dW1[{j},1]"]),
            number(at[f"dW1[{j},2]"]),
        )
        for j in UNITS
    )
    told = "; ".join(f"unit {r[0]}: dW₂ {r[3]}, dz {r[4]}, dW₁ {r[5]} and {r[6]}" for r in rows)
    yhat, loss, g = (number(at[name]) for name in ("yhat[1]", "L", "dyhat[1]"))
    says = f"ŷ {yhat}, y {number(y)}, loss {loss}, g {g}; {told}."
    heads = ("unit", "z", "h", "dW₂", "dz", "dW₁ (x₁)", "dW₁ (x₂)")
    return Sheet(heads, rows, says)


def backward_net(net: Tiny, x: tuple[float, float], y: float) -> Wires:
    """The network with what came forward above and what comes back to each unit below it."""
    at = trace(net, x, y)
    under: dict[tuple[int, int], tuple[str, float | None]] = {(2, 0): ("g", at["dyhat[1]"])}
    under |= {(1, j - 1): ("dz", at[f"dz1[{j}]"]) for j in UNITS}
    back = ", ".join(f"dz{SUB[j]} {number(at[f'dz1[{j}]'])}" for j in UNITS)
    says = f"Forward ŷ {number(at['yhat[1]'])}, back g {number(at['dyhat[1]'])}, then {back}."
    forward = (x, tuple(at[f"h1[{j}]"] for j in UNITS), (at["yhat[1]"],))
    return wires(net, says, forward, under=under)


NUDGE = 0.001


def nudge(net: Stepped, j: int, i: int) -> Sheet:
    """A weight moved by a thousandth, the loss before and after: the gradient without any rule."""
    at, moved = trace(net, net.x, net.y), engine(net).copy()
    moved[0].W[j - 1, i - 1] += NUDGE
    after = moved.loss([net.x], [net.y])
    slope = (after - at["L"]) / NUDGE
    name = f"W₁[{j}, {i}]"
    rows = (
        (f"loss with {name} = {number(net.W1[j - 1][i - 1])}", number(at["L"], 6)),
        (f"loss with {name} = {number(net.W1[j - 1][i - 1] + NUDGE)}", number(after, 6)),
        ("difference / 0.001", number(slope)),
        ("gradient by hand", number(at[f"dW1[{j},{i}]"])),
    )
    says = (
        f"Nudging {name} by 0.001 changes the loss by {number(0.001 * slope, 6)}. Divided by 0.001 that is "
        f"{number(slope)}; the gradient by hand is {number(at[f'dW1[{j},{i}]'])}."
    )
    return Sheet(("nudge test", ""), rows, says)


RATES = tuple(round(0.001 * k, 3) for k in range(1, 101))


def step_size(net: Stepped) -> Figure:
    """The loss after one whole step, for every learning rate until it costs more than three times as much."""
    before = engine(net).loss([net.x], [net.y])
    every = dict(zip(RATES, _after(net, RATES), strict=True))
    # where it has overshot, more of the same would press the valley flat
    enough = next((r for r, loss in every.items() if loss > 3 * before and r > net.lr), RATES[-1])
    after = {rate: loss for rate, loss in every.items() if rate <= enough}
    line = Series("after one step", tuple(after.items()))
    level = Series("before", ((RATES[0], before), (enough, before)))

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        rate = min(after, key=lambda r: abs(r - at["lr"]))
        word = "falls" if after[rate] < before else "rises"
        says = f"lr = {number(rate)}: the loss {word} from {number(before)} to {number(after[rate])}."
        mark = (rate, after[rate], number(after[rate]))
        return (Curve((line, level), "learning rate", "loss", says, marks=(mark,), ceiling=6 * before),)

    return Figure(
        (Knob("lr", "learning rate", RATES[0], enough, 0.001, net.lr),),
        draw,
        "Make the step longer: the loss falls, and then it rises again.",
    )


def _after(net: Stepped, rates: Sequence[float]) -> list[float]:
    """The loss after one whole step at each rate: a fleet, one member for each."""
    fleet = engine(net).fleet(len(rates), lr=list(rates))
    fleet.step([net.x], [net.y], SGD(np.array(rates)))
    after: list[float] = fleet.loss([net.x], [net.y]).tolist()
    return after


# ── the figures of the lessons ────────────────────────────────────────────────────────────


def layout_figure(params: Mapping[str, Any]) -> Drawing:
    """The network beside its tables; a cell lights its wire and prints its product."""
    net = example(params)

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        j, i = round(at["row"]), round(at["column"])
        w, x = net.W1[j - 1][i - 1], net.x[i - 1]
        says = (
            f"W₁[{j}, {i}] = {number(w)} is the wire x{SUB[i]} → h{SUB[j]}. "
            f"It carries {number(w)}·{_in(x)} = {number(w * x)} into h{SUB[j]}."
        )
        return wires(net, says, lit=((0, j - 1, i - 1),)), hidden_table(net), output_table(net)

    knobs = (Knob("row", "row", 1, 3, 1, 1), Knob("column", "column", 1, 2, 1, 2))
    numbers = {f"w{j}{i}": net.W1[j - 1][i - 1] for j in UNITS for i in (1, 2)}
    return Drawing(
        (Figure(knobs, draw, "Walk through W₁ cell by cell; the wire lights up."),),
        {**numbers, "count": float(engine(net).theta.size)},
    )


def hidden_figure(params: Mapping[str, Any]) -> Drawing:
    """The spreadsheet of the hidden layer for any bill, and what its units do along the bill's length."""
    net = example(params)

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        x = at["x1"], at["x2"]
        return spreadsheet(net, x), along(net, x, output=False, axis=BILL)

    seen = trace(net, net.x)
    numbers = {f"{c}{j}": seen[f"{c}1[{j}]"] for c in "zh" for j in UNITS}
    says = "Change the bill and the rows follow. Find one where all three fire."
    return Drawing((Figure(bill(net.x), draw, says),), numbers)


def prediction_figure(params: Mapping[str, Any]) -> Drawing:
    """The prediction as a sum of three pushes, and along the length of the bill."""
    net = example(params)

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        x = at["x1"], at["x2"]
        curve = along(net, x, axis=BILL)
        ends = BILL.low + BILL.zero, BILL.high + BILL.zero
        half = Series("yes from here up", tuple((end, HALF) for end in ends))
        only = (curve.series[-1], half)
        return pushes(net, x), replace(curve, series=only, marks=curve.marks[-1:], y_label="ŷ")

    seen = trace(net, net.x)
    numbers = {"yhat": seen["yhat[1]"]} | {f"push{j}": net.W2[j - 1] * seen[f"h1[{j}]"] for j in UNITS}
    says = "Make the bill longer, bit by bit. Where does no turn to yes, and where does the curve bend?"
    return Drawing((Figure(bill(net.x), draw, says),), {**numbers, "yes_from": _yes_from(net)})


def _yes_from(net: Example) -> float:
    """The bill length in millimetres at which the net, at this depth, comes to one half."""
    lengths = np.round(np.arange(BILL.low, BILL.high, 0.01), 2)
    yhat = engine(net).predict(np.column_stack([lengths, np.full(len(lengths), net.x[1])]))
    return float(lengths[np.argmax(np.round(yhat, 9) >= HALF)] + BILL.zero)


def backward_figure(params: Mapping[str, Any]) -> Drawing:
    """The backward block for any target, and the same numbers where they stand in the network."""
    net = example(params)

    def draw(at: Mapping[str, float]) -> tuple[Show, ...]:
        return backward_net(net, net.x, at["y"]), backward_sheet(net, net.x, at["y"])

    at = trace(net, net.x, net.y)
    numbers = {"g": at["dyhat[1]"], "L": at["L"], "dw21": at["dW1[2,1]"]}
    numbers |= {f"dv{j}": at[f"dW2[1,{j}]"] for j in UNITS} | {f"dz{j}": at[f"dz1[{j}]"] for j in UNITS}
    figure = Figure(
        (Knob("y", "target y", -1, 2, 0.25, net.y),),
        draw,
        "Move the target: the closer it is to ŷ, the less comes back.",
    )
    return Drawing((figure,), numbers)


def step_figure(params: Mapping[str, Any]) -> Drawing:
    """The loss after one whole step, by learning rate."""
    net = example(params)
    at = trace(net, net.x, net.y)
    numbers = {
        "before": at["L"],
        "after": _after(net, [net.lr])[0],
        "new_v2": net.W2[1] - net.lr * at["dW2[1,2]"],
    }
    return Drawing((step_size(net),), numbers)
