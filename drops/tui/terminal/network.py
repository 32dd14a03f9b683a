"""A terminal at the other end of a network: whether it is one, and how much it is sent a second."""

from __future__ import annotations

import os

from drops.clock import ticks

SENT = 150_000  # bytes a second that every network has room for


def over_a_network() -> bool:
    """Whether what is painted is sent to another machine, as SSH says."""
    return any(name in os.environ for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))


class Allowance:
    """So many bytes a second. Who has sent more owes them, and they are worked off with time."""

    def __init__(self, rate: float = SENT) -> None:
        self.rate, self._owed, self._at = rate, 0.0, ticks()

    def spend(self, count: int) -> None:
        self._owed, self._at = self.owed + count, ticks()

    @property
    def owed(self) -> float:
        """Bytes that a second's share has not covered yet."""
        return max(0.0, self._owed - self.rate * (ticks() - self._at))
