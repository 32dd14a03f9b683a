"""Tasks for the Lab, each with a line that does it and what a hundred seeds make of that line.

Twenty seeds are seen, a hundred unseen ones judge: twenty are too few to tell .85 from .95.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from drops.errors import Unknown
from drops.networks.lab.bench import Bench
from drops.networks.lab.judge import in_plans
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe, print_line
from nnlab.plan import Array

SEEDS = range(5001, 5101)  # that judge: nobody has seen them train
ENOUGH = 0.9  # of them
BAND = 0.06  # 95 of 100 repetitions of a share of .9 lie that near
NET = (
    "hidden", "squash", "rule", "rate", "schedule", "start", "scale", "batch", "l1", "l2", "drop", "clip",
    "loss",
)  # fmt: skip
FIXED = (
    "data",
    "features",
    "noise",
    "rows",
    "test",
    "goal",
    "fault",
)  # what most tasks do not leave to the learner
WORDS = {"hidden": "the shape", "rate": "the rate", "scale": "the start", "fault": "what is broken"}
ONE_WORD = {"rate": "rule", "scale": "start"}  # fields that are said with another one
SMALL = 0.02  # a weight below it hardly says anything


# ── what is asked, of each net of a bench ─────────────────────────────────────────────────
def reaches(bench: Bench) -> Array:
    """The line's goal on fresh rows."""
    return np.asarray(bench.score(bench.fresh) >= bench.recipe.reach)


def killed(bench: Bench) -> Array:
    """Little more right than a guess, and in some layer every second unit says the same on every row."""
    dead = [np.mean(np.ptp(values, axis=-2) < 1e-9, axis=-1) >= 0.5 for values in _hidden(bench)]
    return np.asarray((bench.score(bench.fresh) <= 0.6) & np.any(dead, axis=0))


def twins(bench: Bench) -> Array:
    """All units of a layer the same to the last bit, and four in five rows right."""
    same = [np.ptp(values, axis=-1).max(axis=-1) < 1e-12 for values in _hidden(bench)]
    return np.asarray(np.all(same, axis=0) & (bench.score(bench.fresh) >= 0.8))


def starved(bench: Bench) -> Array:
    """Three weights of five nearly 0, and still 95 % right."""
    counts = len(bench.recipe.sizes)
    weights = [bench.net.params.view(f"W{k}")[..., :-1] for k in range(1, counts)]
    flat = np.concatenate([w.reshape(len(w), -1) for w in weights], axis=1)
    thin = np.mean(np.abs(flat) < SMALL, axis=1) >= 0.6
    return np.asarray(thin & (bench.score(bench.fresh) >= 0.95))


def overfitted(bench: Bench) -> Array:
    """Every training row right, and on rows held back a loss above 1: it would be better not to know."""
    return np.asarray((bench.score(bench.train) >= 0.99) & (bench.loss(bench.test) > 1))


def braked(bench: Bench) -> Array:
    """On rows held back a loss below 0.6: something was learned, and not by heart."""
    return np.asarray(bench.loss(bench.test) < 0.6)


def straight(bench: Bench) -> Array:
    """Short of the line's goal, and no hidden unit bends: not this net, no such net can."""
    bends = any(bench.recipe.squash_of(i) != "linear" for i in range(len(bench.recipe.hidden)))
    return np.asarray((bench.score(bench.fresh) < bench.recipe.reach) & (not bends))


def falls_short(bench: Bench) -> Array:
    """Not the line's goal on fresh rows."""
    return np.asarray(~(bench.score(bench.fresh) >= bench.recipe.reach))


def _hidden(bench: Bench) -> list[Array]:
    """What each hidden layer says, (members, n, units)."""
    values = bench.net.values(bench.train.X)
    layers = range(1, len(bench.recipe.hidden) + 1)
    return [values[f"h{k}"] if f"h{k}" in values else values[f"z{k}"] for k in layers]


# ── tasks ─────────────────────────────────────────────────────────────────────────────────
class Ruling(NamedTuple):
    """What the hundred seeds made of a line, or of each of two."""

    lines: tuple[str, ...]
    shares: tuple[float, ...]  # of seeds that do what is asked of that line
    passed: bool
    counts: int  # parameters of the first line, or updates: as few as can be


@dataclass(frozen=True)
class Second:
    """What a task of two lines asks of the second one, which differs little from the first."""

    par: str
    share: float  # of the hundred, measured
    may: tuple[str, ...]  # fields in which it may differ from the first line
    does: Callable[[Bench], Array]
    says: str  # what the seeds do that count
    enough: float = ENOUGH
    one: bool = False  # one word may differ
    apart: Callable[[Recipe, Recipe], str] = lambda *_: ""  # why these two are none


@dataclass(frozen=True)
class Challenge:
    """A task. It begins at a line and leaves some of that to the learner; `par` is a line that does it."""

    task: str
    begins: str
    par: str
    share: float  # of the hundred, measured
    steps: int = 2000
    may: tuple[str, ...] = NET  # fields of a recipe that may change
    one: bool = False  # one word of them may
    most: int = 0  # parameters, 0: any number
    fewest: str = ""  # what is to be small: "parameters", "updates", or "" where it is done or not
    does: Callable[[Bench], Array] = reaches
    says: str = "do it"  # what the seeds do that count
    then: Second | None = None

    @property
    def pars(self) -> tuple[str, ...]:
        """The lines that do it."""
        return (self.par, self.then.par) if self.then else (self.par,)

    @property
    def measured(self) -> tuple[float, ...]:
        """Of each of them the share of seeds."""
        return (self.share, self.then.share) if self.then else (self.share,)

    @property
    def counted(self) -> str:
        """What a ruling counts."""
        return self.fewest or "parameters"

    def refusal(self, recipe: Recipe, second: Recipe | None = None, steps: int = 0) -> str:
        """Why this line is no answer to the task, or these two after so many steps, 0 for as many as there
        are; "" where it may be one."""
        if recipe.turns or (second and second.turns):
            return "a line that changes in the run does not count; go to step 0 and change it there"
        if refused := _differs(recipe, read_line(self.begins), self.may, one=self.one):
            return f"{refused} as the task begins: {self.begins}"
        if self.most and recipe.parameters > self.most:
            return f"{recipe.parameters:,} parameters; at most {self.most:,} are allowed: take units away"
        if steps > self.steps:
            return f"{steps:,} steps; at most {self.steps:,} are allowed: go back to them"
        if self.then is None:
            return ""
        if second is None:
            return "this task wants two lines; fork at the first one, then change it"
        if refused := _differs(second, recipe, self.then.may, one=self.then.one):
            return f"{refused} in the second line as in the first: {print_line(recipe)}"
        return self.then.apart(recipe, second)

    def trained(self, steps: int) -> int:
        """For how many steps a line is judged that has gone so far: where fewer count, as far as it is."""
        return steps if self.fewest == "updates" and steps else self.steps


def _differs(recipe: Recipe, than: Recipe, may: Sequence[str], *, one: bool) -> str:
    """What has changed beside what may, as the begin of a sentence; "" where nothing has."""
    changed = [name for name in (*FIXED, *NET) if getattr(recipe, name) != getattr(than, name)]
    if beside := [name for name in changed if name not in may]:
        return f"{WORDS.get(beside[0], beside[0])} stays"
    words = list(dict.fromkeys(ONE_WORD.get(name, name) for name in changed))
    if one and len(words) > 1:
        told = " and ".join(WORDS.get(name, f"the {name}") for name in words[:2])
        return f"{told} are two words; all but one stays"
    return ""


STEEP = 1.5  # times the rate of the near side of a cliff, at most


def _steep(first: Recipe, second: Recipe) -> str:
    """Why two rates are no cliff."""
    low, high = first.learning_rate, second.learning_rate
    if high <= low:
        return f"the second line wants the higher rate: {low:g}, then {high:g} goes the wrong way"
    if high > STEEP * low:
        return f"{high:g} is {high / low:.2f} times {low:g}; at most {STEEP} times is near enough"
    return ""


def judge_lines(challenge: Challenge, recipes: Sequence[Recipe], steps: int = 0) -> Iterator[float | Ruling]:
    """The share of the work that is done, again and again; at last the judgement. `recipes` are one line, or
    two where the task wants two; `steps` how far they have gone."""
    first, then = recipes[0], challenge.then
    wanted = [(challenge.does, ENOUGH), *([(then.does, then.enough)] if then else [])]
    steps = challenge.trained(steps)
    shares: list[float] = []
    for at, (recipe, (does, _)) in enumerate(zip(recipes, wanted, strict=True)):
        found: list[bool] = []
        for trained in in_plans(recipe, steps, SEEDS):
            if isinstance(trained, float):
                yield (at + trained) / len(recipes)
                continue
            with np.errstate(all="ignore"):
                found += np.atleast_1d(does(trained)).tolist()
        shares.append(sum(found) / len(found))
    passed = all(share >= enough for share, (_, enough) in zip(shares, wanted, strict=True))
    counts = steps if challenge.fewest == "updates" else first.parameters
    yield Ruling(tuple(map(print_line, recipes)), tuple(shares), passed, counts)


CHALLENGES: Mapping[str, Challenge] = {
    "fence": Challenge(
        "fence the disc in with at most 20 parameters, hearing x and y only; fewer are better",
        "circle", "circle 2-4-1", 0.98, most=20, fewest="parameters",
    ),
    "fence-free": Challenge(
        "fence the disc in with at most three parameters, hearing whatever you like",
        "circle", "circle xx yy 2-1", 1.0, may=(*NET, "features"), most=3,
    ),
    "crossing": Challenge(
        "part the crossed corners with at most 20 parameters, hearing x and y only; fewer are better",
        "xor", "xor 2-4-1", 0.99, most=20, fewest="parameters",
    ),
    "two-numbers": Challenge(
        "part the crossed corners with two numbers", "xor", "xor xy 1-1", 1.0, may=(*NET, "features"), most=2,
    ),
    "no-unit": Challenge(
        "part two clouds without a hidden unit", "gauss", "gauss 2-1", 1.0, most=3,
    ),
    "spiral": Challenge(
        "part both arms of the spiral in 8,000 steps, hearing x and y only",
        "spiral", "spiral 2-10-10-1 relu adam .01", 0.98, 8000, fewest="parameters",
    ),
    "spiral-free": Challenge(
        "part both arms of the spiral with at most 40 parameters, hearing whatever you like",
        "spiral", "spiral x y sinx siny 4-5-1 adam .02", 0.99, 8000, may=(*NET, "features"), most=40,
    ),
    "hills": Challenge(
        "follow three hills and three hollows to an R² of .9 in 8,000 steps",
        "hills", "hills 2-12-12-1 gelu-tanh adam .01", 0.97, 8000, fewest="parameters",
    ),
    "cliff": Challenge(
        "stand at the edge of the cliff: a rate of sgd at which nine of ten starts get there, and in a "
        "second line one at most 1.5 times as high at which half of them or fewer do",
        "circle 2-8-8-1 relu sgd", "circle 2-8-8-1 relu sgd 1.6", 0.97, 1500, may=("rate",), says="get there",
        then=Second(
            "circle 2-8-8-1 relu sgd 2.3", 0.62, ("rate",), falls_short, "fall short", 0.5, apart=_steep,
        ),
    ),
    "few-steps": Challenge(
        "be quick: 97 % of the moons right after 300 updates at most, fewer are better; choose rule and rate",
        "moons 2-8-1 relu goal .97", "moons 2-8-1 relu nesterov .2 goal .97", 0.92, 300, may=("rule", "rate"),
        fewest="updates",
    ),
    "kill": Challenge(
        "kill it with one word: in some layer every second unit says the same on every row",
        "moons 2-8-8-1 relu sgd batch 20", "moons 2-8-8-1 relu sgd 30 batch 20", 0.96,
        one=True, does=killed,
    ),
    "twins": Challenge(
        "make twins: all units of a layer the same, and four in five rows right",
        "moons 2-8-8-1 relu sgd .3", "moons 2-8-8-1 relu sgd .3 constant", 1.0,
        may=("start", "scale"), does=twins,
    ),
    "six-sigmoids": Challenge(
        "six sigmoid layers learn nothing: mend that with one word; the shape stays",
        "circle 2-8-8-8-8-8-8-1 sigmoid sgd .3", "circle 2-8-8-8-8-8-8-1 sgd .3", 1.0,
        may=tuple(name for name in NET if name != "hidden"), one=True,
    ),
    "by-heart": Challenge(
        "let it learn 40 noisy rows by heart, all right in training and a loss above 1 on others; then, in a "
        "second line, keep that loss below 0.6 with one word more",
        "circle noise .35 rows 400 test .9", "circle 2-32-32-1 gelu-tanh noise .35 rows 400 test .9", 0.95,
        does=overfitted, says="learn them by heart",
        then=Second(
            "circle 2-32-32-1 gelu-tanh noise .35 rows 400 test .9 l2 .01", 0.93, NET, braked,
            "are kept from it", one=True,
        ),
    ),
    "starve": Challenge(
        "starve it: three weights of five below 0.02, and 95 % right",
        "circle 2-8-8-1", "circle 2-8-8-1 l1 .003", 1.0, may=("l1", "l2", "rate"), does=starved,
    ),
    "one-big-batch": Challenge(
        "all 200 rows in one batch, a hundred steps, plain downhill: choose the rate",
        "moons 2-8-1 relu sgd rows 400 batch 200", "moons 2-8-1 relu sgd 3 rows 400 batch 200", 0.95, 100,
        may=("rate",),
    ),
    "no-bend": Challenge(
        "show that it cannot be done: with one word, none of the hundred fences the disc in, however long",
        "circle 2-8-8-1", "circle 2-8-8-1 linear", 1.0, may=("squash",), does=straight,
    ),
}  # fmt: skip

BEGINNINGS: Mapping[str, str] = {name: task.begins for name, task in CHALLENGES.items()}


def find(name: str) -> Challenge:
    """The task of this name. Raises Unknown with the nearest."""
    if name not in CHALLENGES:
        raise Unknown("challenge", name, CHALLENGES)
    return CHALLENGES[name]
