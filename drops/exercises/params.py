"""What a fence may say beside its kind, each with the words for what it may not.

asks = ["zA", "aA"]     fields_named(params, "asks", FIELDS, default)
layers = 3              whole(params, "layers", 2, 4)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from drops.errors import Unknown
from drops.exercises.blocks import Field


def fields_named(
    params: Mapping[str, Any], key: str, fields: Iterable[Field], default: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The names of some of `fields`; `default` where nothing is said. Raises Unknown, ValueError."""
    if key not in params:
        return default
    given = params[key]
    known = [field.name for field in fields]
    if not isinstance(given, list | tuple) or not given:
        raise ValueError(f'{key} is {given!r}, not a list such as ["{known[0]}"]')
    for name in given:
        if name not in known:
            raise Unknown("field", str(name), known)
    return tuple(given)


def whole(params: Mapping[str, Any], key: str, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`; None where nothing is said. Raises ValueError."""
    given = params.get(key)
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and low <= given <= high):
        return given
    raise ValueError(f"{key} is {given!r}, not a whole number from {low} to {high}")


def one_of(params: Mapping[str, Any], key: str, known: Iterable[str]) -> str | None:
    """One of `known`; None where nothing is said. Raises ValueError."""
    given, legal = params.get(key), list(known)
    if given is None or given in legal:
        return given
    raise ValueError(f"{key} is {given!r}, not one of {', '.join(legal)}")


def flag(params: Mapping[str, Any], key: str) -> bool:
    """True or false; false where nothing is said. Raises ValueError."""
    given = params.get(key, False)
    if isinstance(given, bool):
        return given
    raise ValueError(f"{key} is {given!r}, not true or false")


def some_of(params: Mapping[str, Any], key: str, known: Iterable[str]) -> tuple[str, ...]:
    """Some of `known`, in the order of the fence; () where nothing is said. Raises Unknown, ValueError."""
    given, legal = params.get(key, ()), list(known)
    if not isinstance(given, list | tuple) or (key in params and not given):
        raise ValueError(f'{key} is {given!r}, not a list such as ["{legal[0]}"]')
    for name in given:
        if name not in legal:
            raise Unknown(key, str(name), legal)
    return tuple(given)
