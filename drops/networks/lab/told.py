"""What is said of an experiment: a verdict as data and as lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median
from typing import Any, Protocol

from drops.networks.lab.broken import broken
from drops.networks.lab.challenges import ENOUGH, Challenge, Ruling
from drops.networks.lab.judge import Judgement
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import Recipe, print_line
from drops.networks.lab.rows import FRESH, classes
from drops.text import in_percent


class OwnBest(Protocol):
    """The line of a learner's own that did a task best."""

    @property
    def line(self) -> str: ...

    @property
    def counts(self) -> int: ...


def verdict_as_data(recipe: Recipe, steps: int, verdict: Judgement) -> dict[str, Any]:
    """For other programs. A loss that is no number any more is null; of a table its classes are named."""
    named = {} if recipe.source.drawn or not recipe.source.classes else {"class_names": list(classes(recipe))}
    return {
        "line": print_line(recipe),
        **named,
        "steps": steps,
        "seeds": len(verdict.scores),
        "share": verdict.share,
        "goal": verdict.reach,
        "measure": "accuracy" if recipe.source.classes else "r2",
        "parameters": broken(recipe).parameters,
        "loss": {"train": _median(verdict.train), "test": _median(verdict.test)},
        "scores": [_finite(score) for score in verdict.scores],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _median(values: Sequence[float]) -> float | None:
    return _finite(median(values))


def verdict_as_lines(recipe: Recipe, steps: int, verdict: Judgement) -> list[str]:
    """For a person: what was asked, how many got there, and how they ended."""
    many = len(verdict.scores)
    nets = f"{sum(verdict.passed)} of {many} {'net reaches' if many == 1 else 'nets reach'}"
    train, test = (_loss(values) for values in (verdict.train, verdict.test))
    scores = min(verdict.scores), max(verdict.scores), median(verdict.scores)
    least, most, middle = (_score(recipe, score) for score in scores)
    lost = sum(not math.isfinite(loss) for loss in verdict.train)
    lines = [
        f"{print_line(recipe)}   {broken(recipe).parameters:,} parameters",
        f"{nets} {goal(recipe)} {where(recipe)}, {'each ' * (many != 1)}after {steps:,} steps.",
        f"Their {measure(recipe)}: {least} to {most}, in the middle {middle}."
        if many != 1
        else f"Its {measure(recipe)}: {middle}.",
        f"Loss{' in the middle' * (many != 1)}: {train} on training rows, {test} on rows held back.",
    ]
    if lost:
        lines.append(f"{f'In {lost} of them the' if many != 1 else 'The'} loss is no number any more.")
    return lines


def goal(recipe: Recipe) -> str:
    """What a net has to reach."""
    return f"{recipe.reach * 100:g} % right" if recipe.source.classes else f"R² {recipe.reach:g}"


def where(recipe: Recipe) -> str:
    """Which rows a goal is measured on."""
    return f"on {FRESH:,} fresh rows" if recipe.source.drawn else "on the rows held back"


def measure(recipe: Recipe) -> str:
    return "share that is right" if recipe.source.classes else "R²"


def _score(recipe: Recipe, value: float) -> str:
    if not math.isfinite(value):
        return "no number"
    if recipe.source.classes:
        return in_percent(value)
    # a net that ran away has an R² of forty digits
    return (f"{value:.2f}" if abs(value) < 1000 else f"{value:.3g}").replace("-", "−")


def _loss(values: Sequence[float]) -> str:
    middle = median(values)
    return f"{middle:.4g}" if math.isfinite(middle) else "no number"


def moment(recipe: Recipe, step: int, train: float, test: float, score: float) -> str:
    """How a run stands."""
    reached = f"{_score(recipe, score)} right" if recipe.source.classes else f"R² {_score(recipe, score)}"
    where = "on fresh rows" if recipe.source.drawn else "of those held back"
    return f"step {step:,}: loss {train:.4g} in training, {test:.4g} on rows held back; {reached} {where}"


def ruling_as_data(name: str, task: Challenge, found: Ruling) -> dict[str, Any]:
    """For other programs."""
    told = {"challenge": name, "line": found.lines[0], "share": found.shares[0], "passed": found.passed}
    if task.then:
        told |= {"second": {"line": found.lines[1], "share": found.shares[1]}}
    return {**told, task.counted: found.counts}


def ruling_to_note(task: Challenge, found: Ruling) -> dict[str, Any]:
    """What the log keeps of it."""
    told = ruling_as_data("", task, found)
    del told["challenge"]
    return told


def ruling_as_lines(task: Challenge, found: Ruling, before: OwnBest | None = None) -> list[str]:
    """For a person: whether it is done, by how many of the hundred, and what stands beside it; `before` is
    the best that was done of it until now."""
    then = task.then
    must = f"{in_percent(ENOUGH)}{f' and {in_percent(then.enough)}' if then else ''} must"
    ends = "Done" if found.passed else f"Not yet: {must}"
    par = task.steps if task.fewest == "updates" else read_line(task.par).parameters
    less = f"; ours takes {par}" if task.fewest and found.counts > par else ""
    best = ""
    if task.fewest and found.passed and before and before.counts != found.counts:
        best = f" Your best {'was' if found.counts < before.counts else 'is'} {before.counts}: {before.line}."
    shares = [in_percent(share) for share in found.shares]
    beside = f"of the second line {shares[1]} {then.says}" if then else f"with {found.counts} {task.counted}"
    done = f"{shares[0]} of a hundred unseen starts {task.says}, {beside}"
    return [f"{done}{less}. {ends}.{best}"]
