"""Givens, drawn: a number, one of a list, a formula over those before, or a table that says how.

    w = [-2, -1, 0.5]                               one of these
    x = { from = 1, to = 4, size = 2, signs = true }
    n = "3 + 4*w"                                   worked out
    where = ["w != x[1]"]                           draws again until all of these hold
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from drops.errors import DropsError
from drops.exercises.formulas.functions import HAIR
from drops.exercises.formulas.reading import MOST_ITEMS, WORDS, read_formula, read_known
from drops.exercises.formulas.tree import FormulaError, Name, Tree, Undefined, Value, Values, names
from drops.exercises.formulas.working_out import LARGEST, flat, holds, work_out

Pick = Callable[[int], int]  # a whole number from 0, below the one given

TRIES = 2_000
LONGEST_RANGE = 1_000
MOST_GIVENS = 48
OF_FENCE = ("where", "beside")  # of a draw fence: keys that are no givens
KEYS = ("of", "from", "to", "step", "not", "size", "signs", "shuffle", "flip", "distinct", "first", "was")


class GivenError(FormulaError):
    """A mistake in one given; `key` is its name, or "where"."""

    def __init__(self, key: str, what: str, remedy: str) -> None:
        self.key = key
        super().__init__(what, remedy)


class NoFace(DropsError):
    """No numbers were found that fit: the condition that failed most often."""


@dataclass(frozen=True)
class Given:
    """How one given is drawn: one of `pool`, alone or `size` of them; or worked out by `tree`."""

    name: str
    pool: tuple[Value | str, ...] = ()
    tree: Tree | None = None
    size: tuple[int, ...] = ()
    signs: bool = False
    shuffle: bool = False
    flip: bool = False
    distinct: bool = False
    first: bool = False
    was: Tree | None = None  # gives it from numbers stored before it was there

    def draw(self, pick: Pick, values: Values) -> Value | str:
        """A value for it. Raises Undefined where the draw or the formula gives none."""
        if self.tree is not None:
            return work_out(self.tree, values)
        if not self.size:
            return self._one(pick)
        *down, across = self.size
        rows = tuple(tuple(self._number(pick) for _ in range(across)) for _ in range(down[0] if down else 1))
        value = rows if down else rows[0]
        if self.distinct and len({round(number / HAIR) for number in flat(value)}) < len(flat(value)):
            raise Undefined(f"{self.name} is not distinct")
        return value

    def _number(self, pick: Pick) -> Value:
        value = self._one(pick)
        assert not isinstance(value, str), "words have no size"
        return value

    def _one(self, pick: Pick) -> Value | str:
        value = self.pool[pick(len(self.pool))]
        if isinstance(value, tuple):
            items = list(value)
            if self.shuffle:
                items = [items.pop(pick(len(items))) for _ in range(len(items))]
            if self.flip and pick(2):
                items.reverse()
            return tuple(self._signed(item, pick) for item in items)
        return value if isinstance(value, str) else self._signed(value, pick)

    def _signed(self, value: Value, pick: Pick) -> Value:
        if not self.signs or isinstance(value, tuple):
            return value
        return -value + 0.0 if pick(2) else value


@dataclass(frozen=True)
class Draws:
    """Givens in order, and what must hold between them."""

    givens: tuple[Given, ...]
    where: tuple[tuple[str, Tree], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(given.name for given in self.givens)

    @property
    def stored_names(self) -> tuple[str, ...]:
        """Also those that givens had before, in the order of the givens."""
        read = ((given.name, *(names(given.was) if given.was else ())) for given in self.givens)
        return tuple(dict.fromkeys(name for some in read for name in some))

    def kept(self, pick: Pick) -> dict[str, Value | str]:
        """The givens that are drawn once and kept over the tries."""
        return {given.name: given.draw(pick, {}) for given in self.givens if given.first}

    def once(self, pick: Pick, kept: Values) -> dict[str, Value | str]:
        """One try. Raises Undefined, with what failed, where it fits no condition."""
        values: dict[str, Value | str] = dict(kept)
        for given in self.givens:
            if given.name not in kept:
                values[given.name] = given.draw(pick, values)
        for n, (text, tree) in enumerate(self.where, 1):
            if not holds(tree, values):
                raise Undefined(f"`where` {n}, “{text}”")
        return {name: values[name] for name in self.names}  # as it is read again: picks go by it

    def named(self, stored: Mapping[str, Any]) -> dict[str, Value | str]:
        """The values of numbers that were stored by their names; one that was not is worked out, by its
        formula or by what it was. Raises KeyError where it has neither, Undefined.
        """
        values: dict[str, Value | str] = {}
        for given in self.givens:
            if given.name in stored:
                values[given.name] = _as_value(stored[given.name])
            elif given.tree is not None:
                values[given.name] = work_out(given.tree, values)
            elif given.was is not None:
                values[given.name] = work_out(given.was, {n: _as_value(stored[n]) for n in names(given.was)})
            else:
                raise KeyError(given.name)
        return values

    def draw(self, pick: Pick, fits: Callable[[Values], str] = lambda _: "") -> dict[str, Value | str]:
        """Values that meet every condition; `fits` says what else is wrong with them, if anything.

        Raises NoFace.
        """
        kept, fails = self.kept(pick), dict[str, int]()
        for _ in range(TRIES if self.givens else 1):
            try:
                values = self.once(pick, kept)
            except Undefined as problem:
                why = str(problem)
            else:
                if not (why := fits(values)):
                    return values
            fails[why] = fails.get(why, 0) + 1
        most = max(fails, key=lambda why: fails[why])
        raise NoFace(f"none of {sum(fails.values()):,} draws fits; most fail at {most}")


def _as_value(stored: Any) -> Value | str:
    if isinstance(stored, list | tuple):
        return tuple(cast(Value, _as_value(item)) for item in stored)
    return stored if isinstance(stored, str) else float(stored)


def read_draws(table: Mapping[str, Any], *, where: bool = True) -> Draws:
    """The givens of a table, and its `where` if it is one of a draw fence. Raises GivenError."""
    givens: list[Given] = []
    for name, said in table.items():
        if where and name in OF_FENCE:
            continue
        if len(givens) == MOST_GIVENS:
            raise GivenError(name, f"more than {MOST_GIVENS} givens", "split the exercise")
        try:
            if not _is_name(name):
                raise FormulaError(f"“{name[:40]}” is no name", "write letters, then digits: w, x1, lr")
            givens.append(_given(name, said, [given.name for given in givens]))
        except GivenError:
            raise
        except FormulaError as problem:
            raise GivenError(name, f"given {name}: {problem.what}", problem.remedy) from None
    known = [given.name for given in givens]
    return Draws(tuple(givens), tuple(_conditions(table.get("where", []) if where else [], known)))


def _is_name(name: str) -> bool:
    try:
        return isinstance(read_known(name, (name,)), Name) and name not in (*WORDS, "pi", "where")
    except FormulaError:
        return False


def _conditions(said: Any, known: Sequence[str]) -> list[tuple[str, Tree]]:
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise GivenError("where", "`where` is no list of formulas", 'write where = ["a < b"]')
    found: list[tuple[str, Tree]] = []
    for n, text in enumerate(said, 1):
        try:
            found.append((text, read_known(text, known)))
        except FormulaError as problem:
            raise GivenError("where", f"`where` {n}: {problem.what}", problem.remedy) from None
    return found


def _given(name: str, said: Any, before: Sequence[str]) -> Given:
    if isinstance(said, str):
        return Given(name, tree=read_known(said, before))
    if isinstance(said, list):
        return Given(name, _pool(said))
    if isinstance(said, dict):
        return _told(name, said)
    return Given(name, _pool([said]))


def _told(name: str, said: Mapping[str, Any]) -> Given:
    for key in said:
        if key not in KEYS:
            raise FormulaError(f"“{key[:40]}” is no key here", f"there are {', '.join(KEYS)}")
    if ("of" in said) == ("from" in said and "to" in said):
        raise FormulaError("neither a list nor a range", "write of = […], or from and to")
    pool = _pool(said["of"] if "of" in said else _range(said))
    without = _pool(said["not"]) if "not" in said else ()
    pool = tuple(value for value in pool if value not in without)
    size = said.get("size", ())
    size = tuple(size) if isinstance(size, list | tuple) else (1, size)
    whole = size or "size" not in said
    whole = whole and all(isinstance(n, int) and not isinstance(n, bool) and n > 0 for n in size)
    if not whole or len(size) > 2 or (size and size[0] * size[-1] > MOST_ITEMS):
        raise FormulaError("a size that is none", f"write size = 2 or size = [2, 3], {MOST_ITEMS} at most")
    flags = {key: said.get(key, False) for key in KEYS[6:-1]}
    for key, flag in flags.items():
        if not isinstance(flag, bool):
            raise FormulaError(f"{key} is {flag!r}", f"write {key} = true")
    if not pool or (size and not all(isinstance(value, float) for value in pool)):
        raise FormulaError("nothing to draw from", "write of = [1, 2, 3]")
    shape = size if isinstance(said.get("size"), list) else size[1:]
    was = None
    if "was" in said:
        if not isinstance(said["was"], str):
            raise FormulaError(f"was is {said['was']!r}", 'write was = "old[1]"')
        was = read_formula(said["was"])
    return Given(name, pool, size=shape, was=was, **flags)


def _range(said: Mapping[str, Any]) -> list[float]:
    low, high, step = (said["from"], said["to"], said.get("step", 1))
    if not all(_is_number(value) for value in (low, high, step)) or step <= 0 or high < low:
        raise FormulaError("a range that is none", "write from = 1, to = 9, step = 2")
    count = int((high - low) / step + HAIR) + 1
    if count > LONGEST_RANGE:
        raise FormulaError(f"a range of {count:,}", f"write at most {LONGEST_RANGE:,}")
    return [round(low + i * step, 10) for i in range(count)]


def _pool(said: Any) -> tuple[Value | str, ...]:
    if not isinstance(said, list) or not said or len(said) > LONGEST_RANGE:
        raise FormulaError("nothing to draw from", "write a list such as [1, 2, 3]")
    if all(isinstance(value, str) for value in said):
        return tuple(said)
    return tuple(_plain(value) for value in said)


def _plain(value: Any) -> Value:
    if isinstance(value, list) and value and len(value) <= MOST_ITEMS:
        return tuple(_plain(item) for item in value)
    if not _is_number(value):
        raise FormulaError(f"{str(value)[:40]} is no number", "write numbers, or words alone")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
