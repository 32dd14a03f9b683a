"""A loss that stands in a plan: its mean, and how to read it where the mean has no digits left.

    L = Σ ln(1 + e^m) − Σ m      m = 40: 40 − 40 = 0, and ln(1 + e^−40) = 4.2·10⁻¹⁸ is right
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnlab.plan import Array

LARGE = 1e11  # a square: halves of 3e5 leave ten digits of L after the point


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """A loss in a plan: its mean, from which the way back begins, and the losses before it."""

    L: Array
    each: Callable[[], Array]  # (losses a column, columns)
    w: Array  # their weights in the mean
    halves: Array | None = None  # L is a difference of their sums, flat

    def cancels(self, least: float = 1.0) -> bool:
        """The halves are so large that a loss of `least` keeps no digits of their difference."""
        return self.halves is not None and not self.halves.dot(self.halves) < LARGE * least**2  # NaN is large

    def mean(self) -> Array:
        """L to ten digits: summed loss by loss where it would cancel."""
        return self.exact() if self.cancels(min(1.0, self.L.min())) else self.L

    def exact(self) -> Array:
        return np.asarray((self.each() * self.w).sum(axis=(-2, -1)))
