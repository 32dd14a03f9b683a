"""What was found in the Lab as a question: never a number to remember, always something to foresee.

    keep "circle 2-4-1" after 1,500 steps  →  of circle 2-5-1 relu seed 814, how many of 20 starts pass?

Each time it comes back it asks of a neighbour of the line, which is trained then and there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import combinations
from typing import Any, NamedTuple, Self

import numpy as np

from drops.errors import DropsError
from drops.exercises.blocks import Beside, Choice, Curve, Frame, Option, Run, Series, Step, Words
from drops.exercises.exercise import Exercise
from drops.exercises.params import one_of, whole
from drops.exercises.steps import do, right, see, shuffled, wrong
from drops.exercises.worksheet import Misconception
from drops.networks.faults.table import FAULTS
from drops.networks.lab import judge, told
from drops.networks.lab.bench import Bench
from drops.networks.lab.broken import NONE, WANTS, suits
from drops.networks.lab.line import MOST_STEP, read_line
from drops.networks.lab.neighbours import LEAST, drawn, fitting, neighbours
from drops.networks.lab.recipe import Recipe, print_line
from drops.networks.lab.tables import OWN
from drops.networks.nudged import Hold, nudgeable
from nnlab import diagnose
from nnlab.doctor import RULES

SEEDS = judge.SEEDS
USUAL = "xor xy 1-1"  # a line where a fence names none
APART = 3  # of twenty: two lines nearer than that are as good as each other
TRIES = 6  # pairs that are tried for two that differ
BINS = (("none", 0, 0), ("1 to 9", 1, 9), ("10 to 17", 10, 17), ("18 or more", 18, SEEDS))
NOTHING = "nothing stands out"
POINTS, BITE = 40, 60  # moments of the run that is shown; steps of a bite
OFFERED = 4  # names to choose the doctor's from
NUDGED = ("W1[1,1]", "b1[1]")  # what can be moved in the run that is shown, beside its rate
LETTERS, ELSE = "ABC", 5  # curves to choose from; other faults that are tried for two unlike curves
TOP, UNLIKE = 10.0, 0.15  # a loss above it is drawn along it; as a share of the picture's height
Lines = tuple[str, ...]
NO_NAMES: Mapping[str, Misconception] = {}  # nobody mistakes a measurement in a way that has a name


@dataclass(frozen=True)
class LabCard(Exercise):
    """How many of 20 starts reach the goal?   circle 2-5-1 seed 814, 1,500 steps   →   18"""

    asks: str  # of QUESTIONS
    lines: Lines  # what is asked about; of curves the first of them, the others are there to be told from it
    trained: int  # steps of each net
    found: tuple[int | str, ...]  # how many pass, of each line; or what the doctor names
    instead: str = ""  # why the line that was kept is not asked about

    kind = "lab"
    shows_after = True
    misconceptions = NO_NAMES

    @classmethod
    def draw(cls, rng: np.random.Generator, params: Mapping[str, Any]) -> Self:
        """`line` is what was kept, `steps` how far it had gone, `asks` one of QUESTIONS; of a learner's own
        (`kept`) what another version kept is another line's question. Raises ValueError, LineError."""
        name = one_of(params, "asks", QUESTIONS) or "passes"
        line = str(params.get("line", USUAL))
        steps = whole(params, "steps", LEAST, MOST_STEP) or LEAST
        try:
            return cls(*QUESTIONS[name].finds(read_line(line), steps, rng))
        except DropsError as problem:
            if not params.get("kept"):
                raise
            return cls(*QUESTIONS[name].finds(read_line(USUAL), steps, rng), instead=str(problem))

    @classmethod
    def restored(cls, stored: Mapping[str, Any], params: Mapping[str, Any]) -> Self:
        try:
            for line in stored["lines"]:
                read_line(line)
        except DropsError:  # of another version
            return cls.draw(np.random.default_rng(0), params)
        return cls(**stored)

    def steps(self, asked: frozenset[str], answers: Mapping[str, str]) -> tuple[Step, ...]:
        del asked, answers
        nets = "net" if self._single else "nets"
        prompt = f"The same {nets}, trained before your eyes."
        if any(read_line(line).turns for line in self.asked):  # such a line changes its training itself
            run = Run(prompt, partial(self._frames, hold=lambda trainer: trainer))
        else:
            run = nudgeable(prompt, self._frames, NUDGED)
        return do(Words(self._told()), ask=QUESTIONS[self.asks].choice(self)), see(ask=run)

    @property
    def _single(self) -> bool:
        """Whether one net is asked about, and not twenty."""
        return self.asks in ("doctor", "curve")

    @property
    def asked(self) -> Lines:
        """The lines that are told and trained."""
        return self.lines[:1] if self._single else self.lines

    def _frames(self, again: int, hold: Hold) -> Iterator[Frame | None]:
        """How many reach the goal as they train, of each line; of one net its loss, and what is named."""
        nets: list[Bench] = []
        for line in self.asked:
            recipe = read_line(line)
            seed = recipe.seed + again * SEEDS
            many = () if self._single else range(seed, seed + SEEDS)
            nets.append(Bench(replace(recipe, seed=seed), many))
            hold(nets[-1].trainer)
            yield None
        points: list[list[tuple[float, float]]] = [[] for _ in nets]
        for at in range(POINTS + 1):
            for bench, found in zip(nets, points, strict=True):
                while bench.step < self.trained * at // POINTS and not bench.lost:
                    bench.go(min(BITE, self.trained * at // POINTS - bench.step))
                    yield None
                found.append((float(bench.step), self._stands(bench)))
            yield self._frame(nets, points, at / POINTS)

    def _stands(self, bench: Bench) -> float:
        """How many of the nets reach the goal; of one net its loss."""
        with np.errstate(all="ignore"):
            if self._single:
                return float(bench.loss(bench.train))
            return float(np.sum(bench.score(bench.fresh) >= bench.recipe.reach))

    def _frame(
        self, nets: Sequence[Bench], points: Sequence[Sequence[tuple[float, float]]], done: float
    ) -> Frame:
        series = tuple(Series(line, tuple(found)) for line, found in zip(self.asked, points, strict=True))
        if self._single:
            says = f"Loss {points[0][-1][1]:.4g}."
            says += self._ends(nets[0], points[0]) if done == 1 else ""
            far = 0.0, float(self.trained)
            first = points[0][0][1]
            high = min(TOP, 1.5 * first) if np.isfinite(first) else TOP
            curve = Curve(series, "step", "loss", says, window=(0.0, high), across=far, ceiling=high)
            return Frame((Words(says), curve), done, says, _decided(points, single=True))
        counts = " and ".join(f"{int(found[-1][1])} of {SEEDS}" for found in points)
        says = f"{counts} reach {told.goal(nets[0].recipe)}."
        far = 0.0, float(self.trained)
        curve = Curve(series, "step", "nets", says, window=(0.0, SEEDS), across=far)
        return Frame((Words(says), curve), done, says, _decided(points, single=False))

    def _ends(self, bench: Bench, points: Sequence[tuple[float, float]]) -> str:
        """What was asked for, of the one net. Of another start, or nudged, it is none of the curves."""
        if self.asks == "doctor":
            return f" It names {', '.join(named_in(bench)) or 'nothing'}."
        asked = losses_of(self.lines[0], self.trained)
        same = np.array_equal(np.array(points), np.array(asked), equal_nan=True)
        return f" That is curve {LETTERS[_order(self).index(0)]}." if same else ""

    def _told(self) -> str:
        told = f"What you kept cannot be asked any more ({self.instead}). " if self.instead else ""
        return f"{told}{self._told_of_nets()}"

    def _told_of_nets(self) -> str:
        if self.asks == "curve":  # in few lines: the question stands between it and the curves
            return f"From the Lab. One net, {self.trained:,} steps: `{self.lines[0]}`"
        written = "\n\n".join(f"    {line}" for line in self.asked)
        nets = "One net" if self._single else f"{SEEDS} nets, each from its own start and rows"
        return f"From the Lab. {nets}, {self.trained:,} steps:\n\n{written}"


def _decided(points: Sequence[Sequence[tuple[float, float]]], *, single: bool) -> str:
    """What is decided by now: the loss of one net has halved, half of the nets are there, two lines part."""
    first, last = points[0][0], points[0][-1]
    at = f"step {last[0]:,.0f}"
    if single:
        return f"the loss has halved, {at}" if last[1] <= first[1] / 2 else ""
    if len(points) > 1:
        return f"the two part, {at}" if abs(last[1] - points[1][-1][1]) >= APART else ""
    return f"half of the nets are there, {at}" if last[1] >= SEEDS / 2 else ""


# ── questions ─────────────────────────────────────────────────────────────────────────────
Found = tuple[str, Lines, int, tuple[int | str, ...]]


class LabQuestion(NamedTuple):
    """What can be asked of a line: how it is measured, and the choice that asks for it."""

    finds: Callable[[Recipe, int, np.random.Generator], Found]
    choice: Callable[[LabCard], Choice]


@lru_cache(64)
def passing(line: str, steps: int) -> judge.Judgement:
    """The verdict on twenty starts of a line."""
    recipe = read_line(line)
    (*_, verdict) = judge.judge(recipe, steps, range(recipe.seed, recipe.seed + SEEDS))
    assert isinstance(verdict, judge.Judgement)
    return verdict


def _count(line: str, steps: int) -> int:
    return sum(passing(line, steps).passed)


def _passes(recipe: Recipe, steps: int, rng: np.random.Generator) -> Found:
    (asked,) = drawn(neighbours(recipe), rng)
    line, trained = print_line(asked), fitting(asked, steps)
    return "passes", (line,), trained, (_count(line, trained),)


def _asked_passes(card: LabCard) -> Choice:
    (line,), (count,) = card.lines, card.found
    recipe, passed = read_line(line), int(count)
    options = tuple(
        right(text, f"{passed} of {SEEDS} got there.")
        if low <= passed <= high
        else wrong(text, f"Too {'many' if low > passed else 'few'}: {passed} got there.")
        for text, low, high in BINS
    )
    return Choice(f"How many of {SEEDS} reach {told.goal(recipe)} {told.where(recipe)}?", options)


def _better(recipe: Recipe, steps: int, rng: np.random.Generator) -> Found:
    """Two neighbours that differ; where none do, how many of one pass."""
    for _ in range(TRIES):
        one, other = drawn(neighbours(recipe), rng, 2)
        lines = print_line(one), print_line(other)
        trained = min(fitting(each, steps, 2 * SEEDS) for each in (one, other))
        counts = tuple(_count(line, trained) for line in lines)
        if abs(counts[0] - counts[1]) >= APART:
            return "better", lines, trained, counts
    return _passes(recipe, steps, rng)


def _asked_better(card: LabCard) -> Choice:
    counts = [int(count) for count in card.found]
    options = tuple(
        Option(line, count == max(counts), f"Of this one {count} of {SEEDS} get there.")
        for line, count in zip(card.lines, counts, strict=True)
    )
    goal = told.goal(read_line(card.lines[0]))
    return Choice(f"Of which line do more starts reach {goal}?", options)


def _doctor(recipe: Recipe, steps: int, rng: np.random.Generator) -> Found:
    (asked,) = drawn(neighbours(recipe), rng)
    trained = fitting(asked, steps, 1)
    return "doctor", (print_line(asked),), trained, named_by_doctor(print_line(asked), trained)


@lru_cache(64)
def named_by_doctor(line: str, steps: int) -> tuple[str, ...]:
    """What the doctor names after so many steps, the worst first, each once."""
    bench = Bench(read_line(line))
    bench.go(steps)
    return named_in(bench)


def named_in(bench: Bench) -> tuple[str, ...]:
    """What the doctor names of a net as it stands."""
    found = diagnose(bench.net, tuple(bench.train), bench.recipe.learning_rate)
    return tuple(dict.fromkeys(one.name for one in found))


def _asked_doctor(card: LabCard) -> Choice:
    names = [str(name) for name in card.found]
    first = names[0] if names else NOTHING
    others = [name for name in (NOTHING, *RULES) if name != first and name not in names]
    tempting = shuffled(
        Choice("", tuple(Option(name, right=False, feedback="") for name in others)), card.lines
    )
    offered = [first, *(option.text for option in tempting.options[: OFFERED - 1])]
    options = tuple(
        right(name, _meant(name)) if name == first else wrong(name, f"It does not. {_meant(name)}")
        for name in offered
    )
    return shuffled(Choice("What does the doctor name first?", options), card.lines, card.trained)


def _meant(name: str) -> str:
    """What a name of the doctor's tells."""
    return RULES[name][1] if name in RULES else "That is said of a net in good health."


# ── the curve of a fault ──────────────────────────────────────────────────────────────────
@lru_cache(64)
def losses_of(line: str, steps: int) -> tuple[tuple[float, float], ...]:
    """The loss on training rows, moment by moment."""
    bench, found = Bench(read_line(line)), []
    for at in range(POINTS + 1):
        bench.go(steps * at // POINTS - bench.step)
        with np.errstate(all="ignore"):
            found.append((float(steps * at // POINTS), float(bench.loss(bench.train))))
    return tuple(found)


def _drawn_height(curves: Sequence[Sequence[tuple[float, float]]]) -> float:
    """The height that all of them share."""
    return max(1e-9, *(min(TOP, y) for curve in curves for _, y in curve if np.isfinite(y)))


def _unlike(lines: Sequence[str], steps: int) -> bool:
    """Whether these lines' curves are told apart by eye where all have one height."""
    curves = [losses_of(line, steps) for line in lines]
    top = _drawn_height(curves)
    heights = [[y if y <= top else top for _, y in curve] for curve in curves]
    pairs = (zip(one, other, strict=True) for one, other in combinations(heights, 2))
    return min(max(abs(a - b) for a, b in pair) for pair in pairs) >= UNLIKE * top


def _curve(recipe: Recipe, steps: int, rng: np.random.Generator) -> Found:
    """A fault's curve among those of other faults, or of the sound line; what the doctor names where no
    other curve is unlike it."""
    fits = [name for name in WANTS if suits(recipe, name)]
    fault = recipe.fault or str(rng.choice(fits))
    (sound,) = drawn(neighbours(replace(recipe, fault="")), rng)
    others = rng.choice([name for name in fits if name != fault], ELSE, replace=False).tolist()
    lines = [print_line(read_line(f"break {name}", sound)) for name in (fault, NONE, *others)]
    trained = fitting(sound, steps, len(lines))
    chosen = lines[:1]
    for line in lines[1:]:
        if len(chosen) < len(LETTERS) and _unlike([*chosen, line], trained):
            chosen.append(line)
    if len(chosen) < 2:
        return _doctor(recipe, steps, rng)
    return "curve", tuple(chosen), trained, ()


def _order(card: LabCard) -> list[int]:
    """Which line is A, which B: the same for the same lines."""
    places = [Option(str(i), right=False, feedback="") for i in range(len(card.lines))]
    return [int(one.text) for one in shuffled(Choice("", tuple(places)), card.lines).options]


def _curves(card: LabCard) -> tuple[Curve, ...]:
    """The curves to choose from, each under its letter, all of one height."""
    found = [losses_of(card.lines[i], card.trained) for i in _order(card)]
    top = _drawn_height(found)
    return tuple(
        Curve(
            (Series(letter, curve),),
            "",
            f"{letter}: loss",
            _course(letter, curve),
            window=(0.0, top),
            ceiling=top,
        )
        for letter, curve in zip(LETTERS, found, strict=False)
    )


def _course(letter: str, curve: Sequence[tuple[float, float]]) -> str:
    """A curve in a sentence, for a face that draws none."""
    said = [f"{y:.3g}" if np.isfinite(y) else "no number" for _, y in curve[:: POINTS // 4]]
    return f"Curve {letter}, the loss from start to end: {', '.join(said)}."


def _asked_curve(card: LabCard) -> Choice:
    options = []
    for letter, at in zip(LETTERS, _order(card), strict=False):
        fault = read_line(card.lines[at]).fault
        what = f"{FAULTS[fault].cause}. {FAULTS[fault].means}" if fault else "nothing is wrong with it."
        options.append(Option(letter, at == 0, f"{letter}: {what}"))
    cause = FAULTS[read_line(card.lines[0]).fault].cause
    return Choice(
        f"{cause[0].upper()}{cause[1:]}. Which loss curve is its own?", tuple(options), across=len(options),
        beside=lambda *_: (Beside(_curves(card)),),
    )  # fmt: skip


QUESTIONS: Mapping[str, LabQuestion] = {
    "passes": LabQuestion(_passes, _asked_passes),
    "better": LabQuestion(_better, _asked_better),
    "doctor": LabQuestion(_doctor, _asked_doctor),
    "curve": LabQuestion(_curve, _asked_curve),
}


def kept(recipe: Recipe, steps: int, asks: str) -> Mapping[str, Any]:
    """What is stored of a card: the line, its steps, and what it asks. Raises DropsError where it cannot be
    trained again while somebody waits."""
    if recipe.data.startswith(OWN):
        raise DropsError(
            f"{recipe.data} is a table of yours, which may be gone by then; keep a line of other rows"
        )
    nets = {"passes": SEEDS, "better": 2 * SEEDS, "doctor": 1, "curve": 2 + ELSE}[asks]
    return {"line": print_line(recipe), "steps": fitting(recipe, steps or judge.STEPS, nets), "asks": asks}
