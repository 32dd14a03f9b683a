"""What lessons claim about networks, measured again by the engine.

An experiment is a function of its parameters that returns named figures. A lesson's
`[[claims]]` names one, and what it expects; `drops check --claims` runs it and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drops.errors import Unknown

Figures = Mapping[str, float]

EXPERIMENTS: dict[str, Callable[..., Figures]] = {}


def measure(name: str, params: Mapping[str, Any]) -> Figures:
    """Runs the experiment called `name`. Raises Unknown with the nearest known one."""
    if name not in EXPERIMENTS:
        raise Unknown("experiment", name, EXPERIMENTS)
    return EXPERIMENTS[name](**params)
