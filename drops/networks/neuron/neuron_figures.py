"""The moving pictures of drop 1: a neuron to turn, the squashes, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Sheet, Show, Strip, Words
from drops.exercises.figure import Drawing
from drops.exercises.worksheet import fill
from drops.networks.nets import dense, points
from drops.text import number
from nnlab import Net
from nnlab.activations import activation


def draw_squash(params: Mapping[str, Any]) -> Drawing:
    """```figure squash: names, at → the squashes over z, with a z that moves along them."""
    names, places = list(params["names"]), [float(z) for z in params["at"]]
    z = np.linspace(-4, 4, 81)
    series = tuple(Series(name, points(z, activation(name)(z))) for name in names)

    def at(name: str, place: float) -> float:
        return float(activation(name)(np.array([place]))[0])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        here = {name: at(name, v["z"]) for name in names}
        says = (
            f"At z = {number(v['z'])}: "
            + ", ".join(f"{name} {number(a, 2)}" for name, a in here.items())
            + "."
        )
        rows = tuple((name, *(number(at(name, place), 2) for place in places)) for name in names)
        marks = tuple((v["z"], a, name) for name, a in here.items())
        return (
            Curve(series, "z", "a", says, marks=marks),
            Sheet(
                ("z", *map(number, places)), rows, f"The squashes at z = {', '.join(map(number, places))}."
            ),
        )

    knob = Knob("z", "z", -4, 4, 0.5, places[0])
    numbers = {f"{name}({place:g})": at(name, place) for name in names for place in places}
    return Drawing((Figure((knob,), show, "Move z: what does each squash make of it?"),), numbers)


def draw_neuron(params: Mapping[str, Any]) -> Drawing:
    """```figure neuron: x, w, b → pushes, needle and gate, every number movable."""
    (x1, x2), (w1, w2), b = params["x"], params["w"], params["b"]
    start = {"x1": x1, "x2": x2, "w1": w1, "w2": w2, "b": b}
    labels = {"x1": "x₁", "x2": "x₂", "w1": "w₁", "w2": "w₂", "b": "b"}
    knobs = tuple(Knob(name, labels[name], -4, 4, 0.5, float(v)) for name, v in start.items())

    def z_and_a(v: Mapping[str, float]) -> tuple[float, float]:
        at = np.array([[v["x1"], v["x2"]]])
        z, a = (float(dense((v["w1"], v["w2"]), v["b"], f).predict(at)[0]) for f in ("linear", "relu"))
        return z, a

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        z, a = z_and_a(v)
        sum_ = fill("z = {w1}·{x1} + {w2}·{x2} + {b} = {z}", {**v, "z": z})
        squash = fill("a = relu({z}) = {a}", {"z": z, "a": a})
        p1, p2 = v["w1"] * v["x1"], v["w2"] * v["x2"]
        return (
            Words(f"{sum_}  \n{squash}"),
            Bars(
                (Bar("w₁·x₁", p1), Bar("w₂·x₂", p2), Bar("b", v["b"])),
                f"The pushes are {number(p1)}, {number(p2)} and {number(v['b'])}; together {number(z)}.",
            ),
            Strip(
                -9,
                9,
                ((z, "z"),),
                f"z = {number(z)} is {'above' if z > 0 else 'not above'} 0: "
                f"the neuron {'fires' if z > 0 else 'is silent'} and a = {number(a)}.",
                gate=0.0,
            ),
        )

    says = "Move one number at a time. Which of them can make the neuron fire?"
    z, a = z_and_a(start)
    return Drawing((Figure(knobs, show, says),), {"z": z, "a": a})


SHOWN = (20, 342, 2000, 20000)


def draw_held(params: Mapping[str, Any]) -> Drawing:
    """```figure held: inputs, rows → the numbers that a neuron is shown, and those that it holds."""
    knobs = (
        Knob("rows", "rows", 0, 3, 1, SHOWN.index(params["rows"]), tuple(f"{n:,}" for n in SHOWN)),
        Knob("inputs", "inputs", 1, 12, 1, int(params["inputs"])),
    )

    def counted(v: Mapping[str, float]) -> tuple[int, int]:
        rows, inputs = SHOWN[int(v["rows"])], int(v["inputs"])
        return rows * (inputs + 1), int(Net(f"{inputs}-1").theta.size)

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        shown, held = counted(v)
        table = (
            ("shown to it: inputs and answers", f"{shown:,}"),
            ("held afterwards: weights and a bias", f"{held:,}"),
        )
        return (Sheet(("numbers", ""), table, f"It is shown {shown:,} numbers and holds {held:,}."),)

    shown, held = counted({knob.name: knob.start for knob in knobs})
    says = "Show it more rows, then give it more inputs. Which of the two does it have to hold?"
    return Drawing((Figure(knobs, show, says),), {"shown": shown, "held": held})
