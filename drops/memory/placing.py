"""How many drops of a path are known already, from a few questions.

    fourteen drops; right about 8, 11 and 13, wrong about 14 twice   →  thirteen are known

A path builds on itself, so one number is looked for: how many of its first drops are known. Each number
has a probability; the next question is about the drop whose answer will tell most. Once one number is
all but certain, the drops that seem known and were not asked about have their turn: there may be a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log
from typing import NamedTuple

KNOWN = 0.85             # right, where the drop is known: people slip
TYPED_LUCK = 0.1         # right, where it is not, and the answer is typed
CHOICE_LUCK = 1 / 3      # and where it is one of three
SURE = 0.99              # the probability of one number at which it is looked for no longer


class Probe(NamedTuple):
    """An answer to a question about a drop."""

    drop: int                # from 1, its place in the path
    right: bool
    luck: float              # the probability of a right answer of somebody who does not know the drop


def belief(tries: Sequence[Probe], drops: int) -> tuple[float, ...]:
    """The probability that exactly 0, 1 … all `drops` are known; before the first try all alike."""
    found = [1 / (drops + 1)] * (drops + 1)
    for one in tries:
        found = [share * _likelihood(one, known) for known, share in enumerate(found)]
        total = sum(found)
        found = [share / total for share in found]
    return tuple(found)


def _likelihood(one: Probe, known: int) -> float:
    right = KNOWN if one.drop <= known else one.luck
    return right if one.right else 1 - right


def known(tries: Sequence[Probe], drops: int) -> int:
    """How many drops are known: at least so many as likely as not."""
    shares = belief(tries, drops)
    return next(n for n in range(drops, -1, -1) if sum(shares[n:]) >= 0.5)


def next_asked(tries: Sequence[Probe], drops: int, askable: Collection[int]) -> int | None:
    """The drop to ask about next, of those that can be; None once it is plain how many are known, and each
    of them was asked about.
    """
    shares = belief(tries, drops)
    if max(shares) < SURE:
        return min(sorted(askable), key=lambda drop: round(_doubt_after(drop, shares), 9), default=None)
    asked = {one.drop for one in tries}
    left = [drop for drop in sorted(askable) if drop <= known(tries, drops) and drop not in asked]
    return max(left, key=lambda drop: min(abs(drop - one) for one in asked), default=None)


def _doubt_after(drop: int, shares: Sequence[float]) -> float:
    """The entropy in nats that is to be expected once a typed question about a drop is answered."""
    expected = 0.0
    for right in (True, False):
        joint = [p * _likelihood(Probe(drop, right, TYPED_LUCK), n) for n, p in enumerate(shares)]
        total = sum(joint)
        expected -= sum(p * log(p / total) for p in joint if p > 0)
    return expected
