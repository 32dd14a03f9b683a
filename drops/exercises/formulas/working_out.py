"""A tree on numbers: exact as Python's own floats, refused where it grows beyond reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

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
    return _WAYS[type(tree)](tree, values)


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
    if isinstance(a, tuple):
        if not isinstance(b, tuple):
            return tuple(_both(f, x, b) for x in a)
        if len(a) != len(b):
            raise Undefined(f"a list of {len(a)} meets a list of {len(b)}")
        return tuple(_both(f, x, y) for x, y in zip(a, b, strict=True))
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
    if function == "place":
        return _place(args[0])
    a, b = args
    if not (isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b)):
        raise Undefined("dot wants two lists of one length")
    return _within(math.fsum(flat(_both(_ARITHMETIC["*"], a, b))))


def _reversed(value: Value) -> Value:
    """A list from its end; a list of lists both ways."""
    return tuple(map(_reversed, reversed(value))) if isinstance(value, tuple) else value


def _place(value: Value) -> Value:
    """Where the largest number of a list stands; of a list of lists its row and its column."""
    if not isinstance(value, tuple):
        raise Undefined("a single number has no places")
    largest = max(flat(value))
    rows = [n for n, item in enumerate(value, 1) if max(flat(item)) >= largest - HAIR]
    if len(rows) > 1:
        raise Undefined("two are the largest")
    item = value[rows[0] - 1]
    inner = _place(item) if isinstance(item, tuple) else ()
    places = (float(rows[0]), *(inner if isinstance(inner, tuple) else (inner,)))
    return places if len(places) > 1 else places[0]


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


def _binary(tree: Binary, values: Values) -> Value:
    if tree.sign == "and":
        return float(holds(tree.left, values) and holds(tree.right, values))
    if tree.sign == "or":
        return float(holds(tree.left, values) or holds(tree.right, values))
    return _both(_ARITHMETIC[tree.sign], work_out(tree.left, values), work_out(tree.right, values))


def _compare(tree: Compare, values: Values) -> Value:
    return _compared(work_out(tree.first, values), [(sign, work_out(of, values)) for sign, of in tree.rest])


def _call(tree: Call, values: Values) -> Value:
    if tree.function == "if":
        test, yes, no = tree.args
        return work_out(yes if holds(test, values) else no, values)
    return _called(tree.function, [work_out(arg, values) for arg in tree.args])


def _indexed(tree: Indexed, values: Values) -> Value:
    places = [(_index(low, values), high and _index(high, values)) for low, high in tree.at]
    return _at(work_out(tree.of, values), places)


# A table and no match: a formula is worked out a million times while a course is checked.
_WAYS: dict[type, Callable[[Any, Values], Value]] = {
    Number: lambda tree, _: tree.value,
    Name: lambda tree, values: _named(tree.name, values),
    Minus: lambda tree, values: _each(lambda a: -a + 0.0, work_out(tree.of, values)),
    Not: lambda tree, values: float(not holds(tree.of, values)),
    Binary: _binary,
    Compare: _compare,
    Call: _call,
    Items: lambda tree, values: _listed(tuple(work_out(item, values) for item in tree.items)),
    Indexed: _indexed,
}
