"""A line over `each` as its cells: h over 1, 2 becomes h1, h2; h[i-1] is the one before, h[0] the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from drops.exercises.formulas.tree import FormulaError, Indexed, Items, Name, Number, Tree, mapped, names
from drops.exercises.formulas.working_out import single


class Each(NamedTuple):
    """What a line stands for in turn: its variable, and the value before the first one."""

    variable: str
    values: tuple[str | int, ...]
    start: float | None


Where = tuple[Mapping[str, str | int], Mapping[str, Each | None]]  # a variable's value, and all lines


def unfolded(tree: Tree, index: Mapping[str, str | int], each: Mapping[str, Each | None]) -> Tree:
    """The tree at one place of `each`: its variable put in, lines over `each` by their cells' names."""

    def at(part: Tree) -> Tree:
        return unfolded(part, index, each)

    match tree:
        case Name(name) if name in index:
            value = index[name]
            return Name(value) if isinstance(value, str) else Number(float(value))
        case Name(name) if unfold := each.get(name):
            return Items(tuple(Name(f"{name}{value}") for value in unfold.values))
        case Indexed(Name(name), ((low, None),)) if unfold := each.get(name):
            return _cell_at(name, unfold, at(low))
    return mapped(tree, at)


def _cell_at(name: str, unfold: Each, place: Tree) -> Tree:
    if isinstance(place, Name) and place.name in unfold.values:
        return Name(f"{name}{place.name}")
    if any(names(place)) or isinstance(unfold.values[0], str):
        raise FormulaError(f"a place of “{name}” that is worked out", f"write {name}[1] or {name}[i-1]")
    number = round(single(place, {}))
    if number == 0 and unfold.start is not None:
        return Number(unfold.start)
    if not 1 <= number <= len(unfold.values):
        raise FormulaError(
            f"place {number} of “{name}”", f"it has places 1 to {len(unfold.values)}; start is 0"
        )
    return Name(f"{name}{unfold.values[number - 1]}")
