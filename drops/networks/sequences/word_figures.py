"""The moving pictures of drop 1: a row looked up, two arrows and their cosine, and what long rows do.

(3, 4)·(4, 3) = 24, both are 5 long   →   cosine 24/25 = 0.96
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Matrix, Point, Show, Surface, Words
from drops.exercises.figure import Drawing
from drops.exercises.written.figures import TOLD_OF
from drops.networks.nets import Pair, empty_plane
from drops.networks.params import a_number, numbers
from drops.text import number
from nnlab import Embedding, Net

CIRCLE = 60  # dots


def rows_of(net: Net) -> np.ndarray:
    """The table of an Embedding in front, (words, width), to be read and written."""
    table: np.ndarray = cast(Any, net[0]).table
    return table


def cosine(a: Sequence[float] | np.ndarray, b: Sequence[float] | np.ndarray) -> float:
    """a·b divided by both lengths: 1 for one direction, −1 for opposite ones."""
    return float(np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b)))


def arrows(words: Mapping[str, Pair], says: str, reach: float = 8.0) -> Surface:
    """Rows of two numbers as arrows from 0, the first of them in the first colour."""
    tips = tuple(Point(x, y, int(n == 0), name) for n, (name, (x, y)) in enumerate(words.items()))
    return empty_plane((-reach, reach), says, arrows=tips, x_label="first number", y_label="second number")


def draw_look_up(params: Mapping[str, Any]) -> Drawing:
    """```figure look-up: words, table → a one-hot row times the table, and the row that is looked up."""
    words, table = list(params["words"]), np.asarray(params["table"], dtype=float)
    net = Net(Embedding(*table.shape), input=1)
    rows_of(net)[:] = table
    knob = Knob("word", "word", 0, len(words) - 1, 1, 0, tuple(words))

    def row(i: int) -> np.ndarray:
        return np.asarray(net.predict([[float(i)]])).reshape(-1)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        at = int(v["word"])
        hot = np.eye(len(words))[at]
        got = ", ".join(number(x) for x in row(at))
        says = f"“{words[at]}” is ({', '.join(map(number, hot))}). Times the table: ({got}), row {at + 1}."
        places = tuple(str(i + 1) for i in range(table.shape[1]))
        cells = tuple(tuple(float(x) for x in line) for line in table)
        held = tuple((at, c) for c in range(len(places)))
        one = (tuple(map(float, hot)),)
        once = Matrix((words[at],), tuple(words), one, says, "one-hot row", lit=((0, at),))
        whole = Matrix(tuple(words), places, cells, says, "times the table", lit=held)
        return once, whole, Words(says)

    product = np.eye(len(words)) @ table
    found = np.array([row(i) for i in range(len(words))])
    numbers = {
        "difference": float(np.abs(product - found).max()),
        "last": float(found[-1, 0]),
        "parameters": float(net.theta.size),
    }
    return Drawing((Figure((knob,), show, "Choose a word. Which numbers of the table are left?"),), numbers)


def draw_cosine(params: Mapping[str, Any]) -> Drawing:
    """```figure cosine: a, b → two arrows, one of them movable; dot product, lengths and cosine."""
    a, b = [tuple(map(float, params[name])) for name in ("a", "b")]
    knobs = (
        Knob("x", "first number", -6, 6, 1, b[0]),
        Knob("y", "second number", -6, 6, 1, b[1]),
    )

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        moved = (v["x"], v["y"])
        dot, long = float(np.dot(a, moved)), float(np.linalg.norm(moved))
        if long == 0:
            says = "An arrow without a length has no direction, and so no cosine."
        else:
            says = (
                f"({number(a[0])}, {number(a[1])})·({number(moved[0])}, {number(moved[1])}) = {number(dot)}. "
                f"Lengths {number(float(np.linalg.norm(a)))} and {number(long)}: "
                f"the cosine is {number(cosine(a, moved))}."
            )
        return arrows({"a": (a[0], a[1]), "b": moved}, says, 6.0), Words(says)

    numbers = {"dot": float(np.dot(a, b)), "cosine": cosine(a, b), "turned": cosine(a, (-4, 3))}
    return Drawing((Figure(knobs, show, "Turn b. When is the cosine 1, when 0, when below 0?"),), numbers)


TIMES = (0.25, 0.5, 1.0, 2.0, 3.0)


def draw_nearest(params: Mapping[str, Any]) -> Drawing:
    """```figure nearest: words, asked → who is most alike by dot product and by cosine, as one row grows."""
    words = {name: tuple(map(float, row)) for name, row in params["words"].items()}
    asked, grows = params["asked"], params["grows"]
    knob = Knob("times", f"“{grows}” ×", 0, len(TIMES) - 1, 1, TIMES.index(1.0), tuple(map(number, TIMES)))

    def measured(times: float) -> dict[str, tuple[float, float]]:
        rows = {n: np.asarray(row) * (times if n == grows else 1) for n, row in words.items() if n != asked}
        return {n: (float(np.dot(words[asked], row)), cosine(words[asked], row)) for n, row in rows.items()}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        found = measured(TIMES[int(v["times"])])
        by_dot, by_cosine = (max(found, key=lambda name: found[name][i]) for i in (0, 1))
        says = f"Most alike to “{asked}” by dot product: {by_dot}. By cosine: {by_cosine}."
        return (
            Bars(tuple(Bar(name, dot) for name, (dot, _) in found.items()), f"Dot products. {says}", "dot"),
            Bars(tuple(Bar(name, cos) for name, (_, cos) in found.items()), f"Cosines. {says}", "cosine"),
            Words(says),
        )

    at = measured(1.0)
    numbers = {f"dot_{name}": dot for name, (dot, _) in at.items()}
    numbers |= {f"cosine_{name}": cos for name, (_, cos) in at.items()}
    says = f"Make the row of “{grows}” longer or shorter. Which of the two changes its mind?"
    return Drawing((Figure((knob,), show, says),), numbers)


def draw_arrows(params: Mapping[str, Any]) -> Drawing:
    """```figure arrows: any names → rows of two numbers as arrows from 0; lit: those that are compared,
    counted from 1; circle: a length."""
    named = {name: numbers(params, name) for name in params if name not in (*TOLD_OF, "lit", "circle")}
    if not named or any(len(row) != 2 for row in named.values()):
        raise ValueError("an arrow has two numbers")
    lit = {int(n) for n in numbers(params, "lit")} if "lit" in params else set(range(1, len(named) + 1))
    tips = tuple(
        Point(x, y, 1 if n in lit else 2, name) for n, (name, (x, y)) in enumerate(named.items(), 1)
    )
    circle = a_number(params, "circle") if "circle" in params else 0.0
    turns = np.linspace(0, 2 * np.pi, CIRCLE if circle else 0, endpoint=False)
    ring = tuple(Point(circle * float(np.cos(a)), circle * float(np.sin(a)), 2, "·") for a in turns)
    reach = 1.1 * max(1.0, circle, *(abs(v) for row in named.values() for v in row))
    told = "; ".join(f"{name} ({number(x)}, {number(y)})" for name, (x, y) in named.items())
    says = f"Arrows: {told}.{f' A circle at {number(circle)}.' if circle else ''}"
    drawn = empty_plane(
        (-reach, reach), says, points=ring, arrows=tips, x_label="first number", y_label="second number"
    )
    return Drawing((drawn,), {})
