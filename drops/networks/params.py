"""Parameters of a figure, read so that a wrong one is told in one line of the figure's own words.

    {"w": (2.0, "a")}   →   numbers(params, "w")   →   ValueError: w is no number and no list of numbers
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Params = Mapping[str, Any]


def given(params: Params, key: str) -> Any:
    """Raises ValueError where it is missing."""
    if key not in params:
        raise ValueError(f"there is no {key}")
    return params[key]


def a_number(params: Params, key: str) -> float:
    value = given(params, key)
    if not _is_number(value):
        raise ValueError(f"{key} is no number")
    return float(value)


def numbers(params: Params, key: str) -> list[float]:
    """One number or several, as several."""
    value = given(params, key)
    several = value if is_list(value) else (value,)
    if not several or not all(map(_is_number, several)):
        raise ValueError(f"{key} is no number and no list of numbers")
    return [float(one) for one in several]


def pairs(params: Params, one: str, other: str) -> list[tuple[float, float]]:
    """The numbers of two parameters side by side."""
    left, right = numbers(params, one), numbers(params, other)
    as_many(one, left, other, right)
    return list(zip(left, right, strict=True))


def as_many(one: str, left: Sequence[Any], other: str, right: Sequence[Any]) -> None:
    if len(left) != len(right):
        raise ValueError(f"{one} and {other} want as many numbers, and have {len(left)} and {len(right)}")


def number_lists(params: Params, key: str) -> list[list[float]]:
    """A list of lists of numbers, of any lengths."""
    value = given(params, key)
    lists = is_list(value) and value and all(map(is_list, value)) and all(value)
    if not lists or not all(_is_number(one) for row in value for one in row):
        raise ValueError(f"{key} is no list of lists of numbers")
    return [[float(one) for one in row] for row in value]


def words(params: Params, key: str) -> tuple[str, ...]:
    value = given(params, key)
    if not is_list(value):
        raise ValueError(f"{key} is no list of words")
    return tuple(map(str, value))


def is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)
