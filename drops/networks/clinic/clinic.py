"""A network that does not do well: open at most three gauges, name the cause, mend it.

    loss flat at 0.693, gradients large, a step 3·10⁻⁶ of the weights  →  the rate is far too small

Each case is a sound program with one thing changed; data, sizes and seed are a disguise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from drops.exercises.answers import opened
from drops.exercises.blocks import Choice, Curve, Frame, Gauge, Run, Series, Show, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import one_of, some_of
from drops.exercises.steps import do, picked, right, see, shuffled, wrong
from drops.exercises.worksheet import Misconception
from drops.networks.clinic.faults import FAULTS, ROUNDS, CaseProgram, Fix, broken
from drops.networks.clinic.gauges import GAUGES, share, spell
from drops.networks.clinic.readings import glance
from drops.networks.clinic.trials import POINTS, Score, Trial, beginning

OFFERED, OPENINGS = 4, 3  # causes to choose from, gauges that may be opened
LEAST, NEAR, STARTS = 0.98, 1.25, 6  # a start in units of knowing nothing; how many are tried for a near one
TOP = 3.0  # a picture of the loss ends at so many times what knowing nothing costs


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


MISCONCEPTIONS = {
    name: Misconception(f"took it for this: {fault.cause}", fault.cause, fault.shows)
    for name, fault in FAULTS.items()
}


@dataclass(frozen=True)
class Clinic(Exercise):
    fault: str
    offered: tuple[str, ...]  # causes, the right one among them
    gauges: tuple[str, ...]
    table: str
    width: int
    depth: int
    seed: int

    kind = "clinic"
    fields = ()
    misconceptions = MISCONCEPTIONS

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """`round` names a set of look-alikes, `faults` lists some; `gauges` are those that can be opened."""
        name = one_of(params, "round", ROUNDS) or str(rng.choice(list(ROUNDS)))
        names = list(some_of(params, "faults", FAULTS) or ROUNDS[name])
        rng.shuffle(names)
        names, fault = names[:OFFERED], str(rng.choice(names[:OFFERED]))
        shown = some_of(params, "gauges", GAUGES)
        table = str(rng.choice(FAULTS[fault].tables))
        width, depth = int(rng.integers(12, 25)), int(rng.integers(2, 4))
        seed = _near_nothing(broken(fault, table, width, depth), rng)
        gauges = tuple(g for g in GAUGES if not shown or g in shown)
        return cls(fault, tuple(names), gauges, table, width, depth, seed)

    @property
    def program(self) -> CaseProgram:
        """The one with the fault."""
        return broken(self.fault, self.table, self.width, self.depth)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        _ = asked
        fault, cause, mend = FAULTS[self.fault], self._cause(), self._mend()
        fix = fault.mends
        if chosen := picked(answers, "mend", mend):
            fix = next(f for f in fault.fixes if f.says == mend.options[chosen[0]].text)
        run = Run("As it was, and with the fix, from the same start.", lambda again: self._frames(fix, again))
        return (
            do(Words(self._brief()), self._picture(), ask=cause),
            do(Words(f"The cause: **{fault.cause}**. {fault.shows}"), ask=mend, name="mend"),
            see(Words(self._summary(answers, cause, fix)), ask=run),
        )

    def _brief(self) -> str:
        seen = glance(self.program, self.seed)
        return (
            f"A net that should {_task(self.program)}. At the start its loss is {spell(seen.curve[0][1])}; "
            f"knowing nothing costs {spell(seen.ignorance)}. After {self.program.steps} steps the loss is "
            f"{spell(seen.curve[-1][1])}. On new rows: {_in_use(self.program, seen.used)}. "
            f"Open at most {OPENINGS} gauges, then name the cause."
        )

    def _picture(self) -> Curve:
        seen = glance(self.program, self.seed)
        return _curve(
            {"loss": seen.curve}, seen.ignorance, "Loss on the training rows, step by step.", "step"
        )

    def _cause(self) -> Choice:
        fault = FAULTS[self.fault]
        options = tuple(
            right(fault.cause, f"“{GAUGES[fault.gauge].label}” shows it: {_lower(fault.shows)}")
            if name == self.fault
            else wrong(
                FAULTS[name].cause,
                f"“{GAUGES[FAULTS[name].gauge].label}” would show that: {_lower(FAULTS[name].shows)}",
                name,
            )
            for name in self.offered
        )
        gauges = tuple(Gauge(GAUGES[name].label, self._reader(name)) for name in self.gauges)
        return Choice("What is wrong with it?", options, gauges=gauges, openings=OPENINGS)

    def _reader(self, name: str) -> Callable[[], tuple[Show, ...]]:
        return lambda: GAUGES[name].panel(self.program, self.seed)

    def _mend(self) -> Choice:
        fault = FAULTS[self.fault]
        options = (right(fault.mends.says, fault.mends.why), *(wrong(f.says, f.why) for f in fault.tempting))
        return shuffled(Choice("Which change mends it?", options), self.seed, self.width, self.table)

    def _summary(self, answers: Mapping[str, str], cause: Choice, fix: Fix) -> str:
        """What the learner found, at what price; and why the fix works or only looks as if it would."""
        fault = FAULTS[self.fault]
        says = []
        if named := picked(answers, "do", cause):
            looked = len(opened(cause, answers["do"]))
            gauges = "no gauge" if not looked else "1 gauge" if looked == 1 else f"{looked} gauges"
            says.append(f"Cause {'found' if cause.options[named[0]].right else 'missed'} with {gauges} open.")
        says.append(f"The change: **{fix.says}**. {fix.why}")
        if fix is not fault.mends:
            says.append(f"What mends it: **{fault.mends.says}**. {fault.mends.why}")
        return " ".join(says)

    def _frames(self, fix: Fix, again: int) -> Iterator[Frame | None]:
        """Trains the net as it was, with the chosen fix and, if that is another one, mended."""
        mends = FAULTS[self.fault].mends
        programs = {"as it was": self.program, "your fix": fix.change(self.program)}
        if fix is mends:
            del programs["your fix"]
        programs["mended"] = mends.change(self.program)
        trials: dict[str, Trial] = {}
        for name, program in programs.items():
            trials[name] = Trial(program, self.seed + again)
            yield None
        points: dict[str, list[tuple[float, float]]] = {name: [] for name in trials}
        runs = {name: trial.run() for name, trial in trials.items()}
        for at in range(POINTS + 1):
            for name, run in runs.items():
                _, loss = next(run)
                points[name].append((100 * at / POINTS, loss))
                yield None
            yield self._frame(trials, points, at / POINTS) if at % 2 == 0 else None

    def _frame(
        self, trials: Mapping[str, Trial], points: Mapping[str, list[tuple[float, float]]], done: float
    ) -> Frame:
        in_use = (
            f"{name}: {_in_use(trial.program, trial.score(trial.rows.use))}" for name, trial in trials.items()
        )
        says = f"On new rows, {'; '.join(in_use)}."
        picture = _curve(points, trials["as it was"].ignorance, says, "% of its steps")
        sick, mended = points["as it was"][-1][1], points["mended"][-1][1]
        moment = "mended, its loss is half of what it was" if mended < sick / 2 else ""
        return Frame((Words(says), picture), done, says, moment)


def _near_nothing(program: CaseProgram, rng: np.random.Generator) -> int:
    """A seed from which the net starts near knowing nothing, and not below it: it has learned nothing yet.

    Some faults begin far above; of those the nearest start that was tried is taken.
    """
    tried: list[tuple[float, int]] = []
    while True:  # ends: of no program do more than three starts in ten lie below
        seed = int(rng.integers(1, 1000))
        begins = beginning(program, seed)
        if begins < LEAST:
            continue
        tried.append((begins, seed))
        if begins <= NEAR or len(tried) == STARTS:
            return min(tried)[1]


def _task(program: CaseProgram) -> str:
    return "tell two classes apart" if program.target == "class" else "work a number out from two columns"


def _in_use(program: CaseProgram, score: Score) -> str:
    """What its users get of it."""
    if program.target != "class":
        return f"{share(score.right)} of the differences explained"
    says = f"{share(score.right)} right, loss {spell(score.loss)}"
    return f"{says}, {share(score.found[1])} of class 1 found" if program.rare else says


def _curve(series: Mapping[str, Any], ignorance: float, says: str, x_label: str) -> Curve:
    """Losses up to the top of the picture; what runs away is drawn at its edge."""
    top = TOP * ignorance
    made = tuple(Series(name, tuple(points)) for name, points in series.items())
    return Curve(made, x_label, "loss", says, window=(0.0, top), ceiling=top)
