"""A tree on numbers: exact as Python's own floats, refused where it grows beyond reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import assert_never

from drops.exercises.formulas.functions import HAIR, OF_EACH, OF_MANY
from drops.exercises.formulas.tree import (
    Binary,
    Call,
    Compare,
    Indexed,
    Items,
    Minus,
    Name,
    Not,
    Number,
    Tree,
    Undefined,
    Value,
    Values,
)

LARGEST = 1e9
HIGHEST_POWER = 16


def work_out(tree: Tree, values: Values) -> Value:
    """What a formula gives on these values. Raises Undefined; KeyError for a name that has none."""
    match tree:
        case Number(value):
            return value
        case Name(name):
            return _named(name, values)
        case Minus(of):
            return _each(lambda a: -a + 0.0, work_out(of, values))
        case Not(of):
            return float(not holds(of, values))
        case Binary("and", left, right):
            return float(holds(left, values) and holds(right, values))
        case Binary("or", left, right):
            return float(holds(left, values) or holds(right, values))
        case Binary(sign, left, right):
            return _both(_ARITHMETIC[sign], work_out(left, values), work_out(right, values))
        case Compare(first, rest):
            return _compared(work_out(first, values), [(s, work_out(t, values)) for s, t in rest])
        case Call("if", (test, yes, no)):
            return work_out(yes if holds(test, values) else no, values)
        case Call(function, args):
            return _called(function, [work_out(arg, values) for arg in args])
        case Items(items):
            return _listed(tuple(work_out(item, values) for item in items))
        case Indexed(of, at):
            return _at(work_out(of, values), [(_index(a, values), b and _index(b, values)) for a, b in at])
        case _:
            assert_never(tree)


def single(tree: Tree, values: Values) -> float:
    """What a formula gives, where that is one number. Raises Undefined."""
    value = work_out(tree, values)
    if isinstance(value, tuple):
        raise Undefined(f"a list of {len(value)} where one number is wanted")
    return value


def holds(tree: Tree, values: Values) -> bool:
    """Whether a condition holds: its formula is not 0. Raises Undefined."""
    return abs(single(tree, values)) > HAIR


def _named(name: str, values: Values) -> Value:
    if name == "pi" and name not in values:
        return math.pi
    value = values[name]
    if isinstance(value, str):
        raise Undefined(f"“{name}” is a word: it stands in texts only")
    return value


def _within(value: float) -> float:
    if not abs(value) <= LARGEST:  # also nan
        raise Undefined(f"a number beyond {LARGEST:,.0f}")
    return value + 0.0


def _each(f: Callable[[float], float], value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(_each(f, item) for item in value)
    return _within(f(value))


def _both(f: Callable[[float, float], float], a: Value, b: Value) -> Value:
    """Element by element; a single number meets each element of a list."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        if len(a) != len(b):
            raise Undefined(f"a list of {len(a)} meets a list of {len(b)}")
        return tuple(_both(f, x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, tuple):
        return tuple(_both(f, x, b) for x in a)
    if isinstance(b, tuple):
        return tuple(_both(f, a, y) for y in b)
    return _within(f(a, b))


def _divided(a: float, b: float) -> float:
    if b == 0:
        raise Undefined("a division by 0")
    return a / b


def _power(a: float, b: float) -> float:
    if abs(b) > HIGHEST_POWER:
        raise Undefined(f"a power beyond {HIGHEST_POWER}")
    if a == 0 and b < 0:
        raise Undefined("a division by 0")
    if a < 0 and b != round(b):
        raise Undefined("a root of a negative number")
    return float(a**b)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _divided,
    "^": _power,
}
_HOLDS: dict[str, Callable[[float, float], float]] = {
    "<": lambda a, b: float(a < b - HAIR),
    "<=": lambda a, b: float(a <= b + HAIR),
    ">": lambda a, b: float(a > b + HAIR),
    ">=": lambda a, b: float(a >= b - HAIR),
    "==": lambda a, b: float(abs(a - b) <= HAIR),
    "!=": lambda a, b: float(abs(a - b) > HAIR),
}


def _compared(first: Value, rest: list[tuple[str, Value]]) -> Value:
    all_of: Value = 1.0
    for sign, other in rest:
        all_of = _both(_ARITHMETIC["*"], all_of, _both(_HOLDS[sign], first, other))
        first = other
    return all_of


def _called(function: str, args: list[Value]) -> Value:
    if function in OF_EACH:
        return _each(OF_EACH[function], args[0])
    if function in OF_MANY:
        return _within(OF_MANY[function]([number for arg in args for number in flat(arg)]))
    if function == "reverse":
        return _reversed(args[0])
    a, b = args
    if not (isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b)):
        raise Undefined("dot wants two lists of one length")
    return _within(math.fsum(flat(_both(_ARITHMETIC["*"], a, b))))


def _reversed(value: Value) -> Value:
    """A list from its end; a list of lists both ways."""
    return tuple(map(_reversed, reversed(value))) if isinstance(value, tuple) else value


def flat(value: Value) -> list[float]:
    """All numbers of a value, in order."""
    return [number for item in value for number in flat(item)] if isinstance(value, tuple) else [value]


def _listed(items: tuple[Value, ...]) -> Value:
    lengths = {len(item) if isinstance(item, tuple) else -1 for item in items}
    if len(lengths) > 1:
        raise Undefined("the rows of a list are not of one length")
    return items


def _index(tree: Tree, values: Values) -> int:
    place = single(tree, values)
    if abs(place - round(place)) > HAIR:
        raise Undefined(f"place {place:g}: places are whole numbers from 1")
    return round(place)


def _at(value: Value, at: list[tuple[int, int | None]]) -> Value:
    if not at:
        return value
    if not isinstance(value, tuple):
        raise Undefined("a single number has no places")
    (low, high), rest = at[0], at[1:]
    if not (1 <= low <= len(value)) or (high is not None and not (low <= high <= len(value))):
        raise Undefined(f"place {low if high is None else f'{low}..{high}'} of a list of {len(value)}")
    if high is None:
        return _at(value[low - 1], rest)
    return tuple(_at(item, rest) for item in value[low - 1 : high])
