"""The moving pictures of drop 7: the last weighted sum, and what the last squash makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from drops.exercises.blocks import Bar, Bars, Curve, Figure, Knob, Series, Show, Wires, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.exercises.worksheet import fill
from drops.networks.forward.net231 import NAMES, trace
from drops.networks.forward.net231_figures import UNITS, example
from drops.networks.nets import dense
from drops.text import number
from nnlab.activations import activation


def draw_last_sum(params: Mapping[str, Any]) -> Drawing:
    """```figure last-sum: x → the output unit alone, the three h that it reads movable."""
    net = example(params)
    here = trace(net, net.x)
    knobs = tuple(Knob(f"h{j}", f"h{SUB[j]}", 0, 8, 0.5, here[f"h1[{j}]"]) for j in UNITS)
    unit = dense(net.W2, net.b2, "linear")
    weights = {f"v{j}": v for j, v in enumerate(net.W2, 1)}

    def out(v: Mapping[str, float]) -> float:
        return float(unit.predict(np.array([[v[f"h{j}"] for j in UNITS]]))[0])

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        yhat = out(v)
        told = {**v, **weights, "b": net.b2, "y": yhat}
        says = fill("ŷ = {v1}·{h1} + {v2}·{h2} + {v3}·{h3} + {b} = {y}", told)
        held = tuple(v[f"h{j}"] for j in UNITS), (yhat,)
        picture = Wires(
            NAMES[1:], ((net.W2,),), held, f"{says}.", ((0, 0, 0), (0, 0, 1), (0, 0, 2)), ((net.b2,),)
        )
        return picture, Words(f"**{says}**")

    start = {knob.name: knob.start for knob in knobs}
    numbers = {"yhat": out(start), "woken": out({**start, "h2": 0.5})}
    says = "Wake the second unit, half by half. What does each half do to ŷ?"
    return Drawing((Figure(knobs, show, says),), numbers)


QUESTIONS = ("a free number", "yes or no", "one of three")


def draw_last_squash(params: Mapping[str, Any]) -> Drawing:
    """```figure last-squash: sum → what the output says with no squash, with a sigmoid, with softmax.

    For one of three classes two more sums stand beside it: 1 and 0.5.
    """
    knobs = (
        Knob("question", "you predict", 0, 2, 1, 0, QUESTIONS),
        Knob("sum", "the last sum", -4, 4, 0.5, float(params["sum"])),
    )

    def said(question: str, z: float) -> dict[str, float]:
        if question == "a free number":
            return {"ŷ": float(activation("linear")(np.array([z]))[0])}
        if question == "yes or no":
            yes = float(activation("sigmoid")(np.array([z]))[0])
            return {"yes": yes, "no": 1 - yes}
        shares = activation("softmax")(np.array([[z], [1.0], [0.5]]))[:, 0]  # (units, rows)
        return {f"class {k}": float(share) for k, share in enumerate(shares, 1)}

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        question = QUESTIONS[int(v["question"])]
        found = said(question, v["sum"])
        squash = ("no squash", "a sigmoid", "softmax of this sum, 1 and 0.5")[int(v["question"])]
        told = ", ".join(f"{name} {number(value, 2)}" for name, value in found.items())
        says = f"{question.capitalize()}, so {squash}: {told}."
        bars = tuple(Bar(name, round(value, 2)) for name, value in found.items())
        if v["question"] == 0:
            line = Series("ŷ", tuple((z, said(question, z)["ŷ"]) for z in (-4.0, 4.0)))
            here = ((v["sum"], found["ŷ"], "ŷ"),)
            return Words(says), Curve((line,), "the last sum", "ŷ", says, marks=here)
        return Words(says), Bars(bars, says)

    start = float(params["sum"])
    numbers = {"number": said(QUESTIONS[0], start)["ŷ"], "yes": said(QUESTIONS[1], start)["yes"]}
    numbers |= {f"share{k}": share for k, share in enumerate(said(QUESTIONS[2], start).values(), 1)}
    says = "The sum is below 0. Change the question: which outputs can say so?"
    return Drawing((Figure(knobs, show, says),), numbers)
