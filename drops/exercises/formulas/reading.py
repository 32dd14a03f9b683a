"""From an author's text to a tree: a small reader by recursion, and limits that nothing gets past.

    formula = and { "or" and } ;      and     = not { "and" not } ;     not = "not" not | compare ;
    compare = sum { ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum } ;
    sum     = product { ( "+" | "-" ) product } ;    product = signed { ( "*" | "/" ) signed } ;
    signed  = "-" signed | power ;                   power   = place [ "^" signed ] ;
    place   = atom { "[" index [ "," index ] "]" } ; index   = sum [ ".." sum ] ;
    atom    = number | name | name "(" list ")" | "(" formula ")" | "[" list "]" ;
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from drops.exercises.formulas.functions import FUNCTIONS, OF_EACH, OF_LISTS
from drops.exercises.formulas.tree import (
    Binary,
    Call,
    Compare,
    FormulaError,
    Indexed,
    Items,
    Minus,
    Name,
    Not,
    Number,
    Tree,
    names,
)

LONGEST = 400  # characters
MOST_SIGNS = 120
DEEPEST = 12
MOST_DIGITS = 12
MOST_ITEMS = 64

_SPELLINGS = str.maketrans({"·": "*", "×": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!="})
_SIGN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.(?!\.)[0-9]*)?|\.[0-9]+)|(?P<name>[A-Za-zΑ-Ωα-ω][A-Za-zΑ-Ωα-ω0-9]*)"
    r"|(?P<sign><=|>=|==|!=|\.\.|[-+*/^<>()\[\],]))"
)
INSTEAD = {  # what people write, and what a formula has for it
    "**": "write ^ for a power", "²": "write ^2", "³": "write ^3", "√": "write sqrt(x)",
    "=": "write == to compare", "÷": "write / to divide", ":": "write / to divide", "%": "write /100",
    "?": "write if(test, a, b)", ",": "write 1.05 with a point",
}  # fmt: skip
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
WORDS = ("and", "or", "not")


@lru_cache(maxsize=4096)
def read_formula(text: str) -> Tree:
    """The tree of a formula. Raises FormulaError."""
    return _Reader(text).whole()


def read_known(text: str, known: Collection[str]) -> Tree:
    """The tree of a formula over `known` names. Raises FormulaError."""
    tree = read_formula(text)
    refuse_unknown(tree, known)
    return tree


def refuse_unknown(tree: Tree, known: Collection[str]) -> None:
    """Raises FormulaError for a name that is none of `known`."""
    for name in names(tree):
        if name not in known and name != "pi":
            said = ", ".join(known) or "none"
            raise FormulaError(f"“{name}” is no given and no line before it", f"there are {said}"[:200])


class _Reader:
    """The signs of one formula, read from left to right."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            what = f"a formula of {len(text):,} characters"
            raise FormulaError(what, f"write at most {LONGEST}; name parts of it as givens")
        self.signs = _signs(text)
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> str:
        return self.signs[self.at] if self.at < len(self.signs) else ""

    def take(self) -> str:
        self.at += 1
        return self.signs[self.at - 1]

    def wanted(self, sign: str) -> None:
        if self.next != sign:
            raise FormulaError(f"“{sign}” is missing before {self._here()}", "close what was opened")
        self.at += 1

    def _here(self) -> str:
        return f"“{self.next}”" if self.next else "the end"

    def whole(self) -> Tree:
        tree = self.formula()
        if self.next:
            remedy = INSTEAD.get(self.next, "put a sign before it")
            raise FormulaError(f"“{self.next}” stands where a formula should end", remedy)
        return tree

    def deeper(self, read: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"a formula deeper than {DEEPEST} brackets", "name parts of it as givens")
        tree = read()
        self.depth -= 1
        return tree

    def formula(self) -> Tree:
        return self._joined(("or",), lambda: self._joined(("and",), self.negated))

    def negated(self) -> Tree:
        if self.next != "not":
            return self.compare()
        self.take()
        return Not(self.deeper(self.negated))

    def compare(self) -> Tree:
        first, rest = self.sum(), list[tuple[str, Tree]]()
        while self.next in COMPARISONS:
            rest.append((self.take(), self.sum()))
        return Compare(first, tuple(rest)) if rest else first

    def sum(self) -> Tree:
        return self._joined(("+", "-"), lambda: self._joined(("*", "/"), self.signed))

    def _joined(self, signs: tuple[str, ...], part: Callable[[], Tree]) -> Tree:
        tree = part()
        while self.next in signs:
            tree = Binary(self.take(), tree, part())
        return tree

    def signed(self) -> Tree:
        if self.next == "-":
            self.take()
            return Minus(self.deeper(self.signed))
        base = self.place()
        if self.next != "^":
            return base
        self.take()
        return Binary("^", base, self.deeper(self.signed))

    def place(self) -> Tree:
        tree = self.atom()
        while self.next == "[":
            self.take()
            at = [self.index()]
            if self.next == ",":
                self.take()
                at.append(self.index())
            self.wanted("]")
            tree = Indexed(tree, tuple(at))
        return tree

    def index(self) -> tuple[Tree, Tree | None]:
        low = self.deeper(self.sum)
        if self.next != "..":
            return low, None
        self.take()
        return low, self.deeper(self.sum)

    def atom(self) -> Tree:
        sign = self.next
        if not sign:
            raise FormulaError("the formula ends too soon", "write what is missing")
        self.take()
        if sign[0].isdigit() or (sign[0] == "." and sign != ".."):
            return Number(float(sign))
        if sign == "(":
            tree = self.deeper(self.formula)
            self.wanted(")")
            return tree
        if sign == "[":
            return Items(self.list("]"))
        if sign in WORDS or not sign[0].isalpha():
            twice = "".join(self.signs[max(0, self.at - 2) : self.at])
            remedy = INSTEAD.get(twice, "write a number, a name or (…)")
            raise FormulaError(f"“{sign}” stands where a number should", remedy)
        return self.call(sign) if self.next == "(" else Name(sign)

    def call(self, function: str) -> Tree:
        if function not in FUNCTIONS:
            remedy = f"there are {', '.join(FUNCTIONS)}; a product is {function[:20]}*(…)"
            raise FormulaError(f"“{function[:40]}” is no function here", remedy)
        self.take()
        args = self.list(")")
        count = OF_LISTS.get(function, 1 if function in OF_EACH else len(args))
        if len(args) != count:
            raise FormulaError(f"{function} of {len(args)}", f"{function} takes {count}")
        return Call(function, args)

    def list(self, end: str) -> tuple[Tree, ...]:
        items = [self.deeper(self.formula)]
        while self.next == ",":
            self.take()
            items.append(self.deeper(self.formula))
        self.wanted(end)
        if len(items) > MOST_ITEMS:
            raise FormulaError(f"a list of {len(items)}", f"write at most {MOST_ITEMS}")
        return tuple(items)


def _signs(text: str) -> list[str]:
    plain, at, found = text.translate(_SPELLINGS).rstrip(), 0, list[str]()
    while at < len(plain):
        match = _SIGN.match(plain, at)
        if match is None:
            rest = plain[at:].lstrip()[:12]
            remedy = "write numbers, names, + − · / ^, comparisons and the functions of formulas"
            raise FormulaError(f"“{rest}” has no meaning in a formula", INSTEAD.get(rest[:1], remedy))
        sign = match[0].strip()
        if match["number"] and len(sign.replace(".", "")) > MOST_DIGITS:
            raise FormulaError(f"“{sign[:16]}…” has {len(sign)} digits", f"write at most {MOST_DIGITS}")
        found.append(sign)
        at = match.end()
    if len(found) > MOST_SIGNS:
        what = f"a formula of {len(found)} signs"
        raise FormulaError(what, f"write at most {MOST_SIGNS}; name parts of it as givens")
    return found
