"""What a figure of a lesson is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drops.exercises.blocks import Run, Show


@dataclass(frozen=True)
class Drawing:
    """What a figure fence becomes: blocks to show and the numbers they stand on.

    A lesson shows the blocks; an exercise that closes on it trains the `run` instead, if there is one.
    """

    show: tuple[Show, ...] = ()
    numbers: Mapping[str, float] = field(default_factory=dict)
    run: Run | None = None


Draw = Callable[[Mapping[str, Any]], Drawing]  # of a figure's parameters
