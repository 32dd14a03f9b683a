"""A challenge in hand, between two requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drops.networks.lab.challenges import CHALLENGES, Challenge, Ruling


@dataclass
class Judging:
    """A challenge that was taken, and how far a line of it is judged."""

    name: str
    work: Iterator[float | Ruling] | None = None
    done: float = 0.0  # share of the work
    ruling: Sequence[str] = ()  # what came of the last line, in sentences

    @property
    def task(self) -> Challenge:
        return CHALLENGES[self.name]
