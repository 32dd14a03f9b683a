"""Texts with formulas in them: "{k} layers, {s^k|4} left" and "{k == 1 ? layer : layers}".

`{formula}` prints a number as lessons do, `{formula|4}` with up to four digits after the point,
`{+formula}` with its sign and a blank, `{test ? words : words}` one of two; `{{` is a brace.
A number of a thousand and more has a comma, but not where a name in its formula begins with `year`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from drops.exercises.formulas.reading import read_formula, refuse_unknown
from drops.exercises.formulas.tree import FormulaError, Name, Tree, Value, Values, names
from drops.exercises.formulas.working_out import holds, work_out
from drops.exercises.worksheet import figure
from drops.text import MINUS, number, with_commas

BEFORE = ("·", "×", "/", "−", "− ", "+ ")  # a minus behind these stands in brackets: 3·(−2)
_AN = re.compile(r"(?:8|1[18](?!\d))")  # a number that begins with a vowel as it is said
YEAR = "year"  # what begins so is a year, and has no comma
_HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_FORK = re.compile(r"(.*?)\s\?\s(.*?)\s:\s?(.*)", re.DOTALL)
_INNER = re.compile(r"(?:^|\s)\?(?:\s|$)")
_NO_DIGITS = re.compile(r"\|(?!\s*[0-9]\s*$).*|:\s*\.?[0-9]*[fdeg%]?$")
TWO_CHOICES = "words alone stand in a choice; write two of them one after the other"
_DIGITS = re.compile(r"(.*)\|\s*([0-9])\s*", re.DOTALL)


class Hole(NamedTuple):
    """A number within a text."""

    tree: Tree
    digits: int | None = None
    signed: bool = False


class Fork(NamedTuple):
    """One of two texts."""

    test: Tree
    yes: str
    no: str


@lru_cache(maxsize=4096)
def read_text(text: str) -> tuple[str | Hole | Fork, ...]:
    """A text in its parts. Raises FormulaError."""
    found: list[str | Hole | Fork] = []
    end = 0
    for match in _HOLE.finditer(text):
        found.append(text[end : match.start()])
        end = match.end()
        if match[0] in ("{{", "}}"):
            found.append(match[0][0])
        elif match[1] is None:
            raise _single_brace(text, match.start())
        else:
            found.append(_hole(match[1]))
    return tuple(part for part in (*found, text[end:]) if part)


def _single_brace(text: str, at: int) -> FormulaError:
    opened = text.rfind("{", 0, at)
    if text[at] == "{" and "}" in text[at + 1 :] and "{" in text[at + 1 :].partition("}")[0]:
        return FormulaError("a brace within braces", TWO_CHOICES)
    if text[at] == "}" and opened >= 0 and "}" in text[opened:at]:
        return FormulaError("a brace within braces", TWO_CHOICES)
    mend = "close it" if text[at] == "{" else "open it"
    return FormulaError(f"a single “{text[at]}”", f"{mend}, or write it twice: {2 * text[at]}")


def _hole(inner: str) -> Hole | Fork:
    if not inner.strip():
        raise FormulaError("braces around nothing", "write a formula in them, or {{ for a brace")
    if fork := _FORK.fullmatch(inner):
        if any(_INNER.search(words) for words in fork.groups()[1:]):
            raise FormulaError("a choice within a choice", TWO_CHOICES)
        return Fork(read_formula(fork[1]), fork[2], fork[3])
    if "?" in inner:
        remedy = "write {n == 1 ? year : years}, with a blank on both sides of ? and before :"
        raise FormulaError("a choice without two words", remedy)
    if wrong := _NO_DIGITS.search(inner):
        raise FormulaError(f"“{wrong[0]}” is no number of digits", "write {price|2}, at most 9")
    digits = _DIGITS.fullmatch(inner)
    formula = digits[1] if digits else inner
    signed = formula.lstrip().startswith("+")
    tree = read_formula(formula.lstrip()[1:] if signed else formula)
    return Hole(tree, int(digits[2]) if digits else None, signed)


def check_text(text: str, known: Collection[str]) -> None:
    """Raises FormulaError for a text whose formulas cannot be read, or read a name that is not `known`."""
    for part in read_text(text):
        if not isinstance(part, str):
            refuse_unknown(part.test if isinstance(part, Fork) else part.tree, known)


def fill_text(text: str, values: Values, words: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text with its formulas worked out; a name alone is the word for it, where there is one.

    Raises Undefined, KeyError.
    """
    out = ""
    for part in read_text(text):
        match part:
            case str():
                out += part
            case Fork(test, yes, no):
                out += yes if holds(test, values) else no
            case Hole(Name(name)) if isinstance(word := words.get(name, values.get(name)), str):
                out += word
            case Hole(tree, digits, signed):
                text = _printed(work_out(tree, values), digits, signed)
                text = text if any(name.startswith(YEAR) for name in names(tree)) else with_commas(text)
                if _AN.match(text) and out[-3:].lower() in (" a ", "a "):
                    out = f"{out[:-1]}n "
                out += f"({text})" if not signed and text[0] == MINUS and out.endswith(BEFORE) else text
    return out


def _printed(value: Value, digits: int | None, signed: bool) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(_printed(item, digits, signed=False) for item in value)})"
    text = figure(value) if digits is None else number(value, digits)
    if not signed:
        return text
    return f"{MINUS if text.startswith(MINUS) else '+'} {text.removeprefix(MINUS)}"

