"""What a figure asks to be turned to: a formula over its knobs, and whether any setting meets it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from math import prod
from random import Random

from drops.errors import DropsError
from drops.exercises.blocks import Figure, Goal, Knob, Show
from drops.exercises.formulas.reading import read_known
from drops.exercises.formulas.tree import Tree, Undefined, names
from drops.exercises.formulas.working_out import holds
from drops.text import ended

MOST_SETTINGS = 50_000  # tried one by one; of more as many are drawn


class GoalError(DropsError):
    """A goal that cannot be: no figure has its knobs, or no setting meets it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}; {remedy}")


def with_goal(shown: tuple[Show, ...], says: str, when: str) -> tuple[Show, ...]:
    """The blocks with the goal at the first figure that has all the knobs of its formula.

    Raises FormulaError, GoalError.
    """
    figures = [block for block in shown if isinstance(block, Figure) and block.knobs]
    if not figures:
        raise GoalError("a goal for a figure without knobs", "delete it")
    tree = read_known(when, sorted({knob.name for figure in figures for knob in figure.knobs}))
    asked = set(names(tree)) - {"pi"}
    mine = next((f for f in figures if asked <= {knob.name for knob in f.knobs}), None)
    if mine is None:
        raise GoalError("a goal over the knobs of two figures", "name those of one")
    goal = Goal(says, lambda values: _met(tree, values))
    made = replace(mine, goal=goal, says=f"Try: {ended(says)}")
    return tuple(made if block is mine else block for block in shown)


def _met(tree: Tree, values: Mapping[str, float]) -> bool:
    try:
        return holds(tree, dict(values))
    except Undefined:  # a division by 0: not there
        return False


def found_by(figure: Figure, goal: Goal) -> Mapping[str, float]:
    """A setting of the knobs that meets the goal, other than the one it starts with.

    Raises GoalError where the start meets it already, or none does.
    """
    start = {knob.name: knob.start for knob in figure.knobs}
    if goal.reached(start):
        raise GoalError("a goal that is met before anything is turned", "start the figure elsewhere")
    for setting in settings(figure.knobs):
        if goal.reached(setting):
            return setting
    raise GoalError("a goal that no setting of the knobs meets", "change it, or the knobs' ranges")


def settings(knobs: tuple[Knob, ...]) -> Iterator[dict[str, float]]:
    """Every setting, or where there are too many, each knob alone and then as many as may be, by lot."""
    places = [knob.places for knob in knobs]
    of = [knob.name for knob in knobs]
    if prod(map(len, places)) <= MOST_SETTINGS:
        yield from (dict(zip(of, setting, strict=True)) for setting in product(*places))
        return
    start = {knob.name: knob.start for knob in knobs}
    for knob, values in zip(knobs, places, strict=True):
        yield from (start | {knob.name: value} for value in values)
    lot = Random(0)
    yield from (dict(zip(of, map(lot.choice, places), strict=True)) for _ in range(MOST_SETTINGS))
