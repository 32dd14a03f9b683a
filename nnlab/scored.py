"""A loss that stands in a plan: its mean, and how to read it where the mean has no digits left.

    L = Σ ln(1 + e^m) − Σ m      m = 40: 40 − 40 = 0, and ln(1 + e^−40) = 4.2·10⁻¹⁸ is right
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnlab.numbers import times_slope
from nnlab.plan import Array
from nnlab.terms import Term

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
        if self.halves is None:
            return False
        # not by a power, which of a number of Python's is an error beyond 1e308; NaN is large
        return not self.halves.dot(self.halves) < LARGE * (least * least)

    def mean(self) -> Array:
        """L to ten digits: summed loss by loss where it would cancel."""
        least = self.L.min() if self.L.ndim else self.L.item()  # of one number min() is a whole call
        return self.exact() if self.cancels(min(1.0, least)) else self.L

    def exact(self) -> Array:
        return np.asarray((self.each() * self.w).sum(axis=(-2, -1)))


class Exact:
    """The taught form of a loss through its squash. A sigmoid of 40 is 1 to the last digit, so that
    ln(1 − ŷ) and both slopes are lost; where ŷ and ∂L/∂ŷ are what z gives, they are read from z, and
    where a learner has put other numbers there, from these."""

    def __init__(self, loss: Any, z: Term, yhat: Term, y: Term, w: Term) -> None:
        self.loss, self.z, self.yhat, self.y, self.w = loss, z, yhat, y, w
        self._squash = next(op for op in reversed(yhat.plan.ops) if np.may_share_memory(op.out, yhat.array))
        self._own: Array | None = None  # ∂L/∂ŷ as it was before anyone changed it
        made, together = loss.made, loss.labels  # not the loss itself: a plan must not refer to itself

        def compared(yhat: Array, z: Array, out: Array) -> None:
            m = made(z)
            is_own = np.abs(yhat - m) <= 1e-12 * m
            # a row's shares belong together
            out[...] = is_own.all(axis=-2, keepdims=True) if together else is_own

        self._is_made = np.empty(yhat.array[..., :1, :].shape if together else yhat.array.shape, dtype=bool)
        yhat.plan.op("whether ŷ is what z gives", compared, yhat.array, z.array, out=self._is_made)

    def choose(self, own: Term, other: Term, *same: Array) -> Term:
        """`own` where ŷ is what z gives (and each pair of `same` is equal), else `other`."""
        together = self.loss.labels  # as above

        def chosen(a: Array, b: Array, is_own: Array, *rest: Array) -> None:
            *pairs, out = rest
            for left, right in zip(pairs[::2], pairs[1::2], strict=True):
                equal = left == right
                is_own = is_own & (equal.all(axis=-2, keepdims=True) if together else equal)
            np.copyto(out, b)
            np.copyto(out, a, where=is_own)

        plan, out = own.plan, np.empty_like(other.array)
        plan.op(other.text, chosen, own.array, other.array, self._is_made, *same, out=out, sure=own.array)
        return Term(plan, out, other.text)

    def losses(self, each: Term) -> Term:
        return self.choose(self.loss.one_of(self.z, self.y), each)

    def slope(self) -> Term:
        """∂L/∂ŷ, and with it what the squash hands on."""
        plan = self.yhat.plan
        own = self.loss.slope_beside(self.z, self.yhat, self.y, self) * self.w
        self._own = own.array
        ((x, plain),) = self._squash.slopes or ()

        def back(d: Term, h: Term) -> Term:
            other, told = plain(d, h), plan.ops[-1]
            exact = self.loss.slope_of(self.z, self.y) * self.w
            made = self.choose(exact, other, d.array.reshape(own.array.shape), own.array)
            write = told.write if self.loss.labels else times_slope(d.array, made.array)
            plan.ops[-1].told("", told.formula, inputs=told.inputs, write=write)
            return made

        self._squash.slopes = ((x, back),)
        return Term(plan, plan.copy(own.array, np.empty_like(own.array)), own.text)
