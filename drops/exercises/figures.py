"""The live figures of the lessons: a ```figure fence's name → blocks that move.

A figure is a function of the fence's parameters. It returns blocks, and the numbers that
the prose beside it uses, so that `drops check` can hold them against the fence's `expect`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drops.errors import Unknown
from drops.exercises.blocks import Show


@dataclass(frozen=True)
class Drawing:
    """What a figure fence becomes: blocks to show and the numbers they stand on."""

    show: tuple[Show, ...]
    numbers: Mapping[str, float]


FIGURES: dict[str, Callable[[Mapping[str, Any]], Drawing]] = {}


def drawing(name: str, params: Mapping[str, Any]) -> Drawing:
    """The figure called `name`. Raises Unknown with the nearest known one."""
    if name not in FIGURES:
        raise Unknown("figure", name, FIGURES)
    return FIGURES[name](params)
