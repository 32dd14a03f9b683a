"""What a case earns: cause, change and route, and what that is for memory.

named by evidence 5 · mended 3 · no gauge more than an expert 2        10 points: Easy
named by a guess 2                                                     Hard at most
"""

from __future__ import annotations

from dataclasses import dataclass

from drops.events import Rating

MOST = 10


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
