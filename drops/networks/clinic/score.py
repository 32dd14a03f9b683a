"""What a case earns: cause, change and route, and what that is for memory.

named by evidence 5 · mended 3 · no gauge more than an expert 2        10 points: Easy
named by a guess 2                                                     Hard at most
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drops.events import Rating

MOST = 10
PASSES = 5 / 7  # of what several cases can earn: five of seven that are solved


@dataclass(frozen=True)
class CaseScore:
    """The three parts of a score."""

    named: bool  # the right cause
    by_evidence: bool  # what was open leaves no other
    mended: float  # 1, or .5: partly, or by accident
    gauges: int
    expert: int  # gauges of an expert
    struck_right: bool  # the true cause was struck off on the way

    @property
    def cause(self) -> int:
        return 0 if not self.named else 5 if self.by_evidence else 2

    @property
    def change(self) -> int:
        return 3 if self.mended == 1 else 1 if self.mended else 0

    @property
    def way(self) -> int:
        if not (self.named and self.by_evidence):
            return 0
        return max(0, 2 - max(0, self.gauges - self.expert)) - self.struck_right

    @property
    def points(self) -> int:
        return max(0, self.cause + self.change + self.way)

    @property
    def rating(self) -> tuple[Rating, str]:
        """What it is for memory, and why."""
        told = f"{self.points} of {MOST} points"
        if not self.named:
            return Rating.AGAIN, f"Again: it was another cause, {told}"
        if not self.by_evidence:
            return Rating.HARD, f"Hard: a guess, {told}"
        if self.mended < 1:
            return Rating.HARD, f"Hard: the cause by evidence, not the cure, {told}"
        if self.points == MOST:
            return Rating.EASY, f"Easy: cause, cure and way, {told}"
        return Rating.GOOD, f"Good: cause and cure by evidence, {told}"


def passing(cases: int) -> int:
    """Points of several cases that are a pass."""
    return round(PASSES * cases * MOST)


def added_up(points: Sequence[int], cases: int) -> str:
    """What the points of several cases come to: "54 of 70 points, and 50 is a pass: passed"."""
    made, least = sum(points), passing(cases)
    left = cases - len(points)
    told = f"{made} of {cases * MOST} points, and {least} is a pass"
    if made >= least:
        return f"{told}: passed."
    open_yet = f"; {left} of {cases} nets {'is' if left == 1 else 'are'} not tried yet" if left else ""
    return f"{told}: {least - made} are missing{open_yet}."


def rounds(cases: int) -> Mapping[str, float]:
    """What several cases can earn: all of it, a pass, five solved, and all mended but named by a guess."""
    solved = CaseScore(True, True, 1, gauges=2, expert=2, struck_right=False)
    guessed = CaseScore(True, False, 1, gauges=0, expert=2, struck_right=False)
    return {
        "most": float(cases * MOST),
        "passes": float(passing(cases)),
        "five solved": 5.0 * solved.points,
        "all guessed": float(cases * guessed.points),
    }
