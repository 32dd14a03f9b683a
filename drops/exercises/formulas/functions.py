"""All that a formula may call, a row each. Of an element, of many numbers, of whole lists."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from drops.exercises.formulas.tree import Undefined

HAIR = 1e-9  # what comparisons and whole numbers forgive: binary fractions
STEEPEST = 20.0  # the largest argument of exp


def _exp(x: float) -> float:
    if x > STEEPEST:
        raise Undefined(f"exp of more than {STEEPEST:g}")
    return math.exp(x)


def _ln(x: float) -> float:
    if x <= 0:
        raise Undefined("ln of what is not above 0")
    return math.log(x)


def _sqrt(x: float) -> float:
    if x < 0:
        raise Undefined("a root of a negative number")
    return math.sqrt(x)


def _round(x: float) -> float:
    """Halves away from 0, as at school."""
    return math.copysign(math.floor(abs(x) + 0.5 + HAIR), x)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(max(x, -700.0)) / (1 + math.exp(max(x, -700.0)))


OF_EACH: Mapping[str, Callable[[float], float]] = {
    "abs": abs,
    "sqrt": _sqrt,
    "exp": _exp,
    "ln": _ln,
    "cos": math.cos,
    "round": _round,
    "floor": lambda x: float(math.floor(x + HAIR)),
    "ceil": lambda x: float(math.ceil(x - HAIR)),
    "sign": lambda x: float((x > 0) - (x < 0)),
    "relu": lambda x: max(0.0, x),
    "step": lambda x: float(x > 0),
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
}


def _mean(x: Sequence[float]) -> float:
    return math.fsum(x) / len(x)


def _spread(x: Sequence[float]) -> float:
    """The standard deviation, divided by n."""
    mean = _mean(x)
    return math.sqrt(_mean([(each - mean) ** 2 for each in x]))


def _distinct(x: Sequence[float]) -> float:
    ordered = sorted(x)
    return float(all(b - a > HAIR for a, b in pairwise(ordered)))


OF_MANY: Mapping[str, Callable[[Sequence[float]], float]] = {
    "sum": math.fsum,
    "mean": _mean,
    "min": min,
    "max": max,
    "spread": _spread,
    "norm": lambda x: math.sqrt(math.fsum(each * each for each in x)),
    "count": lambda x: float(len(x)),
    "distinct": _distinct,
    "whole": lambda x: float(all(abs(each - round(each)) <= HAIR for each in x)),
}

OF_LISTS = {"dot": 2, "reverse": 1, "place": 1, "if": 3}  # and how many arguments they take

FUNCTIONS = (*OF_EACH, *OF_MANY, *OF_LISTS)
