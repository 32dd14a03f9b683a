"""What a figure of a lesson is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drops.exercises.blocks import Run, Show


@dataclass(frozen=True)
class Drawing:
    """What a figure fence becomes: blocks to show and the numbers they stand on.

    Where an exercise closes on it, a `run` is trained below the blocks; a lesson shows them alone.
    """

    show: tuple[Show, ...]
    numbers: Mapping[str, float]
    run: Run | None = None


Draw = Callable[[Mapping[str, Any]], Drawing]  # of a figure's parameters
