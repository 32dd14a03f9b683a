"""Places of a picture that can be taken hold of: by mouse, or one after the other by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Handle:
    """Where the knob of that name stands in a picture, in the picture's own numbers, and the way it goes."""

    knob: str
    x: float
    y: float
    along: Literal["x", "y"] = "y"
    held: bool = False  # whether it is the one in hand


def nearest_handle(
    handles: Sequence[Handle], x: float, y: float, across: tuple[float, float], up: tuple[float, float]
) -> Handle:
    """The handle that is meant by a place: across the way that it goes, for there it is missed by least.

    `across` and `up` are the ends of the picture's axes. Raises ValueError where there are no handles.
    """

    def misses(handle: Handle) -> float:
        wide, high = abs(x - handle.x) / (across[1] - across[0]), abs(y - handle.y) / (up[1] - up[0])
        return wide if handle.along == "y" else high

    return min(handles, key=misses)


def value_at(handle: Handle, x: float, y: float) -> float:
    """What the knob of a handle becomes where it is taken to a place."""
    return x if handle.along == "x" else y
