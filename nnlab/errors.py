"""Refusals in one sentence: what was wrong, where, and what would be right."""

import math
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any, TypeVar

Member = TypeVar("Member")


class LabError(ValueError):
    """Something the engine refuses before it computes anything."""


class ShapeError(LabError):
    """Numbers of the wrong shape; `got` and `wants` carry the evidence."""

    def __init__(self, message: str, got: object = None, wants: object = None) -> None:
        super().__init__(message)
        self.got = got
        self.wants = wants


class UnknownName(LabError):
    """A name that no table holds; `near` are the known ones that look like it."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        names = list(known)
        self.near = get_close_matches(str(name), names, n=3, cutoff=0.5)
        hint = f"nearest: {', '.join(self.near)}" if self.near else f"known: {', '.join(names)}"
        super().__init__(f'no {kind} is called "{name}" ({hint})')


def whole(owner: str, value: object, least: int = 1) -> int:
    """A whole number that is large enough."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise LabError(f"{owner} is {value!r}; it wants a whole number ≥ {least}")
    return int(value)


def named(kind: str, name: Any, family: Mapping[str, Member]) -> Member:
    """The member of a family with this name."""
    if not isinstance(name, str) or name not in family:
        raise UnknownName(kind, name, family)
    return family[name]


def is_number(value: Any) -> bool:
    """A finite one."""
    return isinstance(value, Real) and math.isfinite(value)


def fit(made: object, name: str, wants: str, test: Callable[[Any], bool], none: bool = False) -> None:
    """Refuse a setting that is no finite number or does not pass its test; `none` allows None."""
    value = getattr(made, name)
    if none and value is None:
        return
    if not is_number(value) or not test(value):
        got = value if isinstance(value, Real) else repr(value)
        raise LabError(f"{type(made).__name__} got {name} = {got}; it wants {wants}")
