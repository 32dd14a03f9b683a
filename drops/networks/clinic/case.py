"""A case as a value: a world with one thing changed, what its gauges say, and what an answer to it earns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from drops.exercises.answers import CaseAnswer
from drops.networks.clinic import evidence
from drops.networks.clinic.changes import CURES
from drops.networks.clinic.gauges import GAUGES
from drops.networks.clinic.measured import MENDS
from drops.networks.clinic.readings import GaugeReading, read
from drops.networks.clinic.score import CaseScore
from drops.networks.clinic.worlds import WORLDS
from drops.networks.faults.program import Program


@dataclass(frozen=True)
class ClinicCase:
    """The numbers of a case."""

    world: str
    fault: str
    offered: tuple[str, ...]  # causes, the right one among them
    changes: tuple[str, ...]
    gauges: tuple[str, ...]
    table: str
    width: int
    depth: int
    seed: int

    @property
    def twin(self) -> Program:
        """The sound one."""
        return WORLDS[self.world].twin(self.table, self.width, self.depth)

    @property
    def program(self) -> Program:
        """The one with the fault."""
        return self.twin.with_fault(self.fault)

    @property
    def reading(self) -> GaugeReading:
        return read(self.program, self.seed)

    @property
    def sound(self) -> GaugeReading:
        return read(self.twin, self.seed)

    @cached_property
    def signs(self) -> Mapping[str, str]:
        """What each gauge on the table says of this case."""
        return {name: GAUGES[name].sign(self.reading, self.sound) for name in self.gauges}

    @property
    def cure(self) -> str:
        return cure_of(self.fault, self.changes)

    def mends(self, change: str) -> float:
        """How far a change of the list helps: 1 mends, .5 partly."""
        return MENDS[self.world].get(self.fault, {}).get(change, 0.0)

    # ── what an answer earns ──────────────────────────────────────────────────────────────
    def score(self, given: CaseAnswer) -> CaseScore:
        """Cause × change × route."""
        opened = {self.gauges[i]: self.signs[self.gauges[i]] for i in given.gauges}
        at = self.offered.index(self.fault)
        proved = evidence.left(self.world, self.offered, opened) == (self.fault,)
        return CaseScore(
            named=given.cause == at,
            by_evidence=proved,
            mended=self.mends(self.changes[given.change]) if given.change is not None else 0.0,
            gauges=len(opened),
            expert=len(self.route) if proved else 0,
            struck_right=any(cause == at for cause, _ in given.struck),
        )

    @property
    def route(self) -> tuple[str, ...]:
        """An expert's gauges, in order."""
        return evidence.route(self.world, self.offered, self.signs)

    @property
    def solution(self) -> str:
        """Cause and change, as a learner would type them."""
        cause = str(self.offered.index(self.fault) + 1)
        return f"{cause} {self.changes.index(self.cure) + 1}" if self.cure in self.changes else cause


def cure_of(fault: str, changes: Sequence[str]) -> str:
    """The change of a list that undoes a fault; "" where there is no list."""
    others = {"no-squash": "tanh", "twins": "random", "zeros": "random"}
    own = CURES[fault]
    return own if own in changes else others.get(fault, own) if changes else ""
