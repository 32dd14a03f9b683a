"""A network that does not do well: open gauges, strike causes off, name one, mend it; then it is revealed.

    gradients exactly 0, units silent and no two alike  →  every hidden unit is silent; biases at 0

A case is a world with one thing changed. In a lesson:

    ```exercise clinic
    id = "flat"
    set = "lies flat"                          one of the seven sets; or name four causes or more:
    faults = ["silent", "zeros", "rate-low"]   played in a world in which all of them show
    gauges = ["gradients", "units", "steps"]   those on the table; left out: all twelve
    guide = true                               an opened gauge says what it rules out
    ```

Four causes are offered; the list of changes is one for all cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

import numpy as np

from drops.errors import Unreadable
from drops.exercises.answers import Answer, CaseAnswer, read
from drops.exercises.blocks import Case, Frame, Gauge, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.grading import Verdict
from drops.exercises.params import flag, one_of, some_of
from drops.exercises.steps import do, explain, see
from drops.exercises.worksheet import Misconception
from drops.networks.clinic import evidence, report
from drops.networks.clinic.case import ClinicCase
from drops.networks.clinic.changes import CHANGES, CURES
from drops.networks.clinic.gauges import GAUGES
from drops.networks.clinic.measured import DISGUISES, MENDS
from drops.networks.clinic.patient import patient
from drops.networks.clinic.shown import frames
from drops.networks.clinic.worlds import WORLDS, ClinicWorld
from drops.networks.faults.table import FAULTS
from drops.networks.nudged import Hold, nudgeable

OFFERED = 4  # causes of a case; a fence that names its own names as many or more
ONE_KEY = 0.4  # of the causes, that one change may mend

MISCONCEPTIONS = {
    name: Misconception(f"blamed “{fault.cause}”", fault.cause, fault.means) for name, fault in FAULTS.items()
}


@dataclass(frozen=True)
class Clinic(ClinicCase, Exercise):
    guide: bool = field(default=False, metadata={"drawn": False})

    kind = "clinic"
    one_of_many = True
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """`set` names a set of look-alikes, `faults` lists causes; neither: any set. Raises ValueError."""
        name = one_of(params, "set", WORLDS)
        causes = some_of(params, "faults", FAULTS)
        if name and causes:
            raise ValueError("set and faults both say what may be wrong; keep one of them")
        world = name or (world_of(causes) if causes else str(rng.choice(list(WORLDS))))
        names = list(causes or WORLDS[world].faults)
        shown = some_of(params, "gauges", GAUGES)
        gauges = tuple(gauge for gauge in GAUGES if not shown or gauge in shown)
        guide = flag(params, "guide")
        rng.shuffle(names)
        offered = tuple(names[:OFFERED])
        changes = changes_for(world, causes)
        refuse_one_key(world, names, changes)
        disguise = DISGUISES[world][int(rng.integers(len(DISGUISES[world])))]
        return cls(world, str(rng.choice(offered)), offered, changes, gauges, *disguise, guide)

    @classmethod
    def restored(cls, stored: Mapping[str, Any], params: Mapping[str, Any]) -> Self:
        """A case of the first edition has no world and no changes: it opens in the nearest one."""
        old = {"world": _nearest(stored["offered"]), "changes": ()} if "world" not in stored else {}
        return cls(**{**stored, **old}, guide=params.get("guide") is True)

    def repeats(self, seen: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the fault is that of the learner's last case in this set, wherever it was asked, or the
        table is its table in the same size."""
        last = next((one for one in reversed(seen) if one.get("world") == self.world), None)
        disguise = self.table, self.width, self.depth
        return last is not None and (
            last.get("fault") == self.fault
            or disguise == tuple(last.get(name) for name in ("table", "width", "depth"))
        )

    # ── steps ──────────────────────────────────────────────────────────────────────────────
    @property
    def ask(self) -> Case:
        return Case(
            "What is wrong with it, and which change mends it?",
            tuple(FAULTS[name].cause for name in self.offered),
            tuple(CHANGES[name].spelt(self.twin) for name in self.changes),
            tuple(Gauge(GAUGES[name].label, self._reader(name), GAUGES[name].asks) for name in self.gauges),
            evidence.OPENINGS,
            lambda at: patient(self.depth, "" if at is None else self.gauges[at]),
        )

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked
        given = self._given(answers)
        change = self.changes[given.change] if given and given.change is not None else ""
        told = report.told(self, given, self.score(given)) if given else "No cause was named, so no points."
        watched, prompt = partial(self._frames, change), "Twin, net and change from the same start."
        run = nudgeable(prompt, watched, ("W1[1,1]",), closes=report.tried(self, change))
        return (
            do(Words(self.brief), ask=self.ask),
            see(Words(report.revealed(self)), ask=run),
            explain(Words(told), ask=None, name="score"),
        )

    @property
    def brief(self) -> str:
        """What a colleague says: the same for every fault of the set."""
        world = WORLDS[self.world]
        asks = "two classes" if self.twin.target == "class" else "a number to work out"
        return f"**{self.table}**, {asks}; a net with {self.depth} hidden layers. “{world.complaint}”"

    def _given(self, answers: Mapping[str, str]) -> CaseAnswer | None:
        try:
            given = read(self.ask, answers.get("do", ""))
        except Unreadable:
            return None
        return given if isinstance(given, CaseAnswer) else None

    def _reader(self, name: str) -> Callable[[], tuple[Show, ...]]:
        def panel() -> tuple[Show, ...]:
            shown = GAUGES[name].panel(self.reading, self.sound)
            return (*shown, Words(report.rules_out(self, name))) if self.guide else shown

        return panel

    def _frames(self, change: str, again: int, hold: Hold) -> Iterator[Frame | None]:
        """Trains the sound twin, the net as it was and the change side by side; the cure, where none was
        tried."""
        named = change or self.cure
        changed = CHANGES[named].of(self.program, self.twin) if named else self.twin
        tried = {"with your change" if change else "mended": changed}
        programs = {"sound twin": self.twin, "as it was": self.program, **tried}
        return frames(programs, self.seed + again, self.world, hold)

    # ── judging ────────────────────────────────────────────────────────────────────────────
    def judge(self, answer: Answer) -> Verdict:
        assert isinstance(answer, CaseAnswer)
        score = self.score(answer)
        named = self.offered[answer.cause]
        return Verdict(
            score.named,
            report.verdict(self, score),
            () if score.named else (named,),
            ("by evidence" if score.by_evidence else "a guess")
            if score.named
            else MISCONCEPTIONS[named].title,
            line=report.way(self),
            wanted=self.solution,
            score=score.points / 10,
            earns=score.rating,
            noted={"points": score.points, "evidence": score.named and score.by_evidence},
        )

    def shown_way(self) -> Verdict:
        return Verdict(False, "Here is the way of an expert.", line=report.way(self), wanted=self.solution)


# ── what a fence may say ──────────────────────────────────────────────────────────────────


def world_of(causes: Sequence[str]) -> str:
    """The set that the first cause belongs to, if all of them show in its world; else any where they do.
    Raises ValueError where there is none, or where there is nothing to choose from."""
    if len(set(causes)) < max(OFFERED, len(causes)):
        raise ValueError(f"faults names {_counted(causes)}; a case has {OFFERED} to choose from")
    first = [name for name, world in WORLDS.items() if causes[0] in world.faults]
    for name in (*first, *WORLDS):
        if set(causes) <= set(WORLDS[name].shows):
            return name
    nearest: ClinicWorld = WORLDS[first[0]]
    odd = next(cause for cause in causes if cause not in nearest.shows)
    raise ValueError(
        f'"{odd}" does not show in the world of "{causes[0]}", {first[0]}; '
        f"there show {', '.join(nearest.shows)}"
    )


def refuse_one_key(world: str, causes: Sequence[str], changes: Sequence[str]) -> None:
    """Raises ValueError where one change mends most of the causes, whichever it is: then nobody need know."""
    for change in changes:
        mended = [cause for cause in causes if MENDS[world].get(cause, {}).get(change) == 1]
        if len(mended) > ONE_KEY * len(causes):
            says = CHANGES[change].says.partition("{")[0].strip()
            raise ValueError(
                f"“{says}” mends {len(mended)} of these {len(causes)} faults ({', '.join(mended)}); "
                "name some that need another change"
            )


def _counted(causes: Sequence[str]) -> str:
    if len(set(causes)) < len(causes):
        return "a cause twice"
    return "one cause" if len(causes) == 1 else f"{len(causes)} causes"


def _nearest(causes: Sequence[str]) -> str:
    """The world in which most of these causes show."""
    return max(WORLDS, key=lambda name: sum(cause in WORLDS[name].shows for cause in causes))


def changes_for(world: str, causes: Sequence[str]) -> tuple[str, ...]:
    """The list of changes of a set; of causes that a fence names, their cures and two that mend none."""
    own = WORLDS[world]
    if set(causes) <= set(own.faults):
        return own.changes
    cures = {*(CURES[cause] for cause in causes), "cooler", "longer"}
    return tuple(name for name in CHANGES if name in cures)
