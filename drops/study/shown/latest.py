"""What is asked for again and again and stays the same meanwhile: made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """`make` of the very same things gives the last one that was made of them; of any other a new one.

    Things are told apart by what they are and not by what they say, which would take as long as making it.
    """

    def __init__(self, make: Callable[..., T]) -> None:
        self._make = make
        self._kept: tuple[tuple[Any, ...], T] | None = None

    def __call__(self, *given: Any) -> T:
        kept = self._kept
        if kept is None or any(one is not was for one, was in zip(given, kept[0], strict=True)):
            kept = self._kept = given, self._make(*given)
        return kept[1]
