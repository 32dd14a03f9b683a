"""One key of an exercise fence, read: a table, a text, a number, names, a formula at its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from drops.exercises.formulas.reading import read_formula, refuse_unknown
from drops.exercises.formulas.texts import check_text
from drops.exercises.formulas.tree import FormulaError, Number, Tree
from drops.exercises.written.unfolding import Each, Where, unfolded


class SpecError(FormulaError):
    """A mistake in the fence; `section` is its TOML table, "" above the first, and `key` stands in it."""

    def __init__(self, section: str, key: str, what: str, remedy: str) -> None:
        self.section, self.key = section, key
        super().__init__(what, remedy)


class Names(NamedTuple):
    """What a formula and a text may read."""

    each: Mapping[str, Each | None]
    known: list[str]
    told: set[str]  # in texts: lines over `each` as lists, too


ALIKE = "look alike"  # the end of a reason that a draw is not fair
MANY = 0.1  # share of the tries that is told of


def no_draw(fails: Counter[str]) -> SpecError:
    """Why nothing could be drawn, and where it stands: what most fail at, and what stops those that pass."""
    (most, _), *others = fails.most_common(2)
    what, last = f"none of {fails.total():,} draws fits; most fail {_at(most)}", most
    if others and others[0][1] > MANY * fails.total():
        last = others[0][0]
        what = f"{what}, others {_at(last)}"
    if ALIKE in f"{most} {last}":
        names = (most if ALIKE in most else last).removesuffix(ALIKE).split(" and ")
        remedy = "bend another line, or leave one of them out"
        return SpecError(f"mixups.{names[-1].strip()}", "swap", what, remedy)
    if most.startswith("mixup "):
        name = most.removeprefix("mixup ").partition(",")[0]
        return SpecError(f"mixups.{name}", "swap", what, "correct its formula")
    if most.startswith("line "):
        line = most.removeprefix("line ").partition(":")[0]
        return SpecError("lines", line, what, "correct that line, or draw from more")
    return SpecError("", "where", what, "loosen that, or draw from more")


def _at(reason: str) -> str:
    return f"{'where' if reason.endswith(ALIKE) else 'at'} {reason}"


def only(data: Mapping[str, Any], known: Iterable[str], section: str, whose: str, at: str = "") -> None:
    """Raises SpecError at the first key that is none; `at` is whose line it stands on, if not its own."""
    for key in data:
        if key not in known:
            said = ", ".join(known)
            raise SpecError(section, at or key, f"{whose}: “{key[:40]}” is no key here", f"there are {said}")


def read_table(data: Mapping[str, Any], key: str, section: str) -> Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        remedy = f'write {key} = {{ line = "…" }}' if section else f"write [{key}] and its keys below it"
        raise SpecError(section, key, f"{key} is no table", remedy)
    return value


def read_words(section: str, key: str, text: Any, known: Iterable[str], whose: str = "") -> str:
    """A text with formulas over `known` names; `whose` it is, where its key alone does not say."""
    whose = whose or key
    if not isinstance(text, str):
        raise SpecError(section, key, f"{whose} is no text", 'write "…"')
    try:
        check_text(text, sorted(known))
    except FormulaError as problem:
        raise SpecError(section, key, f"{whose}: {problem.what}", problem.remedy) from None
    return text


def read_number(section: str, key: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SpecError(section, key, f"{key} is no number", f"write {key} = a number")
    return float(value)


MOST_PLACES = 9


def read_digits(section: str, key: str, whose: str, value: Any) -> int:
    """A number of digits after the point."""
    if type(value) is not int or not 0 <= value <= MOST_PLACES:
        raise SpecError(section, key, f"{whose} is {value!r}", f"write a whole number up to {MOST_PLACES}")
    return value


def read_flag(section: str, key: str, whose: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise SpecError(section, key, f"{whose} is no flag", "write true or false")
    return value


def read_plain(section: str, key: str, whose: str, value: Any) -> str:
    """A text without formulas."""
    if not isinstance(value, str):
        raise SpecError(section, key, f"{whose} is no text", 'write "…"')
    return value


def read_names(data: Mapping[str, Any], key: str, known: Iterable[str]) -> list[str]:
    listed, names_known = data.get(key, []), list(known)
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise SpecError("", key, f"{key} is no list of names", f'write {key} = ["{names_known[0]}"]')
    for name in listed:
        if name not in names_known:
            raise SpecError("", key, f"{key}: no “{name[:40]}”", f"there are {', '.join(names_known)}")
    return listed


def read_tree(section: str, key: str, whose: str, text: Any, place: Where, known: Iterable[str]) -> Tree:
    """A formula, unfolded at a place of `each`, over names that are known there."""
    if isinstance(text, int | float) and not isinstance(text, bool):
        return Number(float(text))
    if not isinstance(text, str):
        raise SpecError(section, key, f"{whose} is no formula", 'write "a formula"')
    try:
        tree = unfolded(read_formula(text), *place)
        refuse_unknown(tree, list(known))
    except FormulaError as problem:
        raise SpecError(section, key, f"{whose}: {problem.what}", problem.remedy) from None
    return tree
