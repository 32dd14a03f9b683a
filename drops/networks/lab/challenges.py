"""Tasks for the Lab, each with a line that does it and what a hundred seeds make of that line.

Twenty seeds are seen, a hundred unseen ones judge: twenty are too few to tell .85 from .95.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from drops.errors import Unknown
from drops.networks.lab.bench import Bench
from drops.networks.lab.judge import in_plans
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe
from nnlab.plan import Array

SEEDS = range(5001, 5101)  # that judge: nobody has seen them train
ENOUGH = 0.9  # of them
BAND = 0.06  # 95 of 100 repetitions of a share of .9 lie that near
NET = (
    "hidden",
    "squash",
    "rule",
    "rate",
    "schedule",
    "start",
    "scale",
    "batch",
    "l1",
    "l2",
    "drop",
    "clip",
    "loss",
)
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
    """On rows held back a loss below 0.5."""
    return np.asarray(bench.loss(bench.test) < 0.5)


def straight(bench: Bench) -> Array:
    """Short of the line's goal, and no hidden unit bends: not this net, no such net can."""
    bends = any(bench.recipe.squash_of(i) != "linear" for i in range(len(bench.recipe.hidden)))
    return np.asarray((bench.score(bench.fresh) < bench.recipe.reach) & (not bends))


def _hidden(bench: Bench) -> list[Array]:
    """What each hidden layer says, (members, n, units)."""
    values = bench.net.values(bench.train.X)
    layers = range(1, len(bench.recipe.hidden) + 1)
    return [values[f"h{k}"] if f"h{k}" in values else values[f"z{k}"] for k in layers]


# ── tasks ─────────────────────────────────────────────────────────────────────────────────
class Ruling(NamedTuple):
    """What the hundred seeds made of a line; `counts` is how many parameters or steps it took."""

    share: float
    counts: int

    @property
    def passed(self) -> bool:
        return self.share >= ENOUGH


@dataclass(frozen=True)
class Challenge:
    """A task. It begins at a line and leaves some of that to the learner; `par` is a line that does it."""

    task: str
    begins: str
    par: str
    share: float  # of the hundred, measured
    steps: int = 2000
    may: tuple[str, ...] = NET  # fields of a recipe that may change
    most: int = 0  # parameters, 0: any number
    fewest: str = ""  # what is to be small: "parameters", or "" where it is done or not
    does: Callable[[Bench], Array] = reaches

    def refusal(self, recipe: Recipe) -> str:
        """Why this line is no answer to the task; "" where it may be one."""
        begins = read_line(self.begins)
        if recipe.turns:
            return "a line that changes in the run does not count"
        for name in ("data", "features", *NET, "noise", "rows", "test", "goal", "fault"):
            if name not in self.may and getattr(recipe, name) != getattr(begins, name):
                return f"{WORDS.get(name, name)} stays as the task begins: {self.begins}"
        if self.most and recipe.parameters > self.most:
            return f"{recipe.parameters} parameters; at most {self.most} are allowed"
        return ""


WORDS = {"hidden": "the shape", "rate": "the rate", "scale": "the start", "fault": "what is broken"}


def judge_line(challenge: Challenge, recipe: Recipe) -> Iterator[float | Ruling]:
    """The share of the work that is done, again and again; at last the judgement."""
    found: list[bool] = []
    for trained in in_plans(recipe, challenge.steps, SEEDS):
        if isinstance(trained, float):
            yield trained
            continue
        with np.errstate(all="ignore"):
            found += np.atleast_1d(challenge.does(trained)).tolist()
    yield Ruling(sum(found) / len(found), recipe.parameters)


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
    "one-big-batch": Challenge(
        "all rows in one batch, a hundred steps, plain downhill: choose the rate",
        "moons 2-8-1 relu sgd batch 2000", "moons 2-8-1 relu sgd 3 batch 2000", 0.93, 100, may=("rate",),
    ),
    "few-steps": Challenge(
        "be quick: 97 % of the moons right after 300 updates; choose rule and rate",
        "moons 2-8-1 relu goal .97", "moons 2-8-1 relu nesterov .2 goal .97", 0.92, 300, may=("rule", "rate"),
    ),
    "no-bend": Challenge(
        "show that it cannot be done: with one word, none of the hundred fences the disc in, however long",
        "circle 2-8-8-1", "circle 2-8-8-1 linear", 1.0, may=("squash",), does=straight,
    ),
    "kill": Challenge(
        "kill it with one rate: in some layer every second unit says the same on every row",
        "moons 2-8-8-1 relu sgd batch 20", "moons 2-8-8-1 relu sgd 30 batch 20", 0.96,
        may=("rate",), does=killed,
    ),
    "twins": Challenge(
        "make twins: all units of a layer the same, and four in five rows right",
        "moons 2-8-8-1 relu sgd .3", "moons 2-8-8-1 relu sgd .3 constant", 1.0,
        may=("start", "scale"), does=twins,
    ),
    "six-sigmoids": Challenge(
        "six sigmoid layers learn nothing: mend that with one word",
        "circle 2-8-8-8-8-8-8-1 sigmoid sgd .3", "circle 2-8-8-8-8-8-8-1 sgd .3", 1.0, may=("squash",),
    ),
    "by-heart": Challenge(
        "let it learn 20 noisy rows by heart: all right in training, a loss above 1 on others",
        "circle noise .5 rows 40", "circle 2-32-32-1 noise .5 rows 40", 0.96, does=overfitted,
    ),
    "brake": Challenge(
        "a hundred noisy rows: keep the loss on others below 0.5 with one brake",
        "circle 2-32-32-1 noise .35 rows 200", "circle 2-32-32-1 noise .35 rows 200 l2 .003", 0.97,
        may=("l1", "l2", "drop"), does=braked,
    ),
    "starve": Challenge(
        "starve it: three weights of five below 0.02, and 95 % right",
        "circle 2-8-8-1", "circle 2-8-8-1 l1 .003", 1.0, may=("l1", "l2", "rate"), does=starved,
    ),
}  # fmt: skip

BEGINNINGS: Mapping[str, str] = {name: task.begins for name, task in CHALLENGES.items()}


def find(name: str) -> Challenge:
    """The task of this name. Raises Unknown with the nearest."""
    if name not in CHALLENGES:
        raise Unknown("challenge", name, CHALLENGES)
    return CHALLENGES[name]
