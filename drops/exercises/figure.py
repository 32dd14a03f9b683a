"""What a figure of a lesson is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drops.exercises.blocks import Show


@dataclass(frozen=True)
class Drawing:
    """What a figure fence becomes: blocks to show and the numbers they stand on."""

    show: tuple[Show, ...]
    numbers: Mapping[str, float]
