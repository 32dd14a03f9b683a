"""An experiment with one thing wrong with it, by the name that the fault has in the clinic.

broken(read_line("circle break rate-high"))     the same with sgd and a rate of 30
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drops.errors import Unknown
from drops.networks.faults.table import FAULTS
from drops.networks.lab.recipe import Recipe

NONE = "none"  # as it was
# What each fault wants of a line to be one; those of the clinic that are no single change of a line are left
# out: what was learned by heart, a rare class, a column that knows the answer.
WANTS: Mapping[str, str] = {
    "rate-high": "", "rate-low": "", "uphill": "", "never-zeroed": "", "decay": "",
    "start-wide": "", "start-narrow": "", "zeros": "", "twins": "a hidden layer", "silent": "a hidden layer",
    "vanishing": "a hidden layer", "no-squash": "a hidden layer", "bottleneck": "a hidden layer",
    "pressed": "a number", "relu-out": "a number", "wrong-output": "a yes or no",
    "unscaled": "", "target-huge": "a number", "batch-one": "", "sorted": "a class", "misaligned": "",
    "raw-in-use": "",
}  # fmt: skip

SETTLES = {  # what a kind of word settles, as faults call it
    "the rule": ("rate", "rule"), "the squash": ("squash",), "the start": ("init",), "batch": ("batch",),
    "l2": ("l2",), "the shape": ("first",),
}  # fmt: skip


def sets(recipe: Recipe) -> Mapping[str, Any]:
    """What its fault sets, in the clinic's words; nothing where nothing is wrong."""
    return FAULTS[recipe.fault].sets if recipe.fault else {}


def suits(recipe: Recipe, fault: str) -> bool:
    """Whether a line has what a fault wants."""
    asks = recipe.source.asks
    return WANTS[fault] in ("", asks) or {
        "a hidden layer": bool(recipe.hidden),
        "a class": bool(recipe.source.classes),
    }.get(WANTS[fault], False)


def refusal(recipe: Recipe, fault: str) -> str:
    """Why a line cannot be broken so, and what to do; "" where it can."""
    if fault not in FAULTS:
        return str(Unknown("fault", fault, (*WANTS, NONE)))
    if fault not in WANTS:
        return f'"{fault}" is no change of one line: the clinic has it; here there are {", ".join(WANTS)}'
    if not suits(recipe, fault):
        has = "no hidden layer" if WANTS[fault] == "a hidden layer" else recipe.source.asks
        where = "the line" if WANTS[fault] == "a hidden layer" else recipe.data
        return f'"{fault}" wants {WANTS[fault]}, {where} has {has}; {_try(fault)}'
    return ""


def _try(fault: str) -> str:
    """What would have what a fault wants."""
    return {
        "a hidden layer": "write a shape with one, as in 2-8-1",
        "a number": "write plane or hills",
        "a yes or no": "write circle or moons",
        "a class": "write circle or rings",
    }[WANTS[fault]]


def broken(recipe: Recipe) -> Recipe:
    """The experiment as its fault makes it, as far as a line has words for that."""
    wrong = sets(recipe)
    made: dict[str, Any] = {name: wrong[name] for name in ("l2", "batch") if name in wrong}
    if "rate" in wrong:
        made |= {"rule": "sgd", "rate": wrong["rate"]}
    if "rule" in wrong:
        made |= {"rule": "sgd", "rate": recipe.rate if recipe.rule == "sgd" else None}
    if "squash" in wrong:
        hidden = tuple(replace(layer, squash="") for layer in recipe.hidden)
        made |= {"squash": wrong["squash"], "hidden": hidden}
    if "first" in wrong:
        first, *others = recipe.hidden
        others = [replace(one, residual=False) if i == 0 else one for i, one in enumerate(others)]
        made["hidden"] = (replace(first, units=wrong["first"], residual=False), *others)
    if (start := wrong.get("init")) is not None:
        name, scale = start if isinstance(start, tuple) else (start, None)
        made |= {"start": name, "scale": scale}
    return replace(recipe, **made)
