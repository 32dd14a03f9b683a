"""A formula as a tree, and the values that it is worked out on.

    w·x + b   →  Sum("+", Product("*", Name w, Name x), Name b)

Values are numbers, lists of numbers, lists of equal lists; a word is a value of texts alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from drops.errors import DropsError

Value = float | tuple["Value", ...]
Values = Mapping[str, Value | str]


class FormulaError(DropsError):
    """What is wrong with a formula, and what its author may do."""

    def __init__(self, what: str, remedy: str) -> None:
        self.what, self.remedy = what, remedy
        super().__init__(f"{what}; {remedy}")


class Undefined(ArithmeticError):
    """These numbers leave the formula without a value: a division by 0, a root of −1."""


class Number(NamedTuple):
    value: float


class Name(NamedTuple):
    name: str


class Minus(NamedTuple):
    of: Tree


class Not(NamedTuple):
    of: Tree


class Binary(NamedTuple):
    """`+ - * / ^` element by element; `and`, `or` of two single numbers."""

    sign: str
    left: Tree
    right: Tree


class Compare(NamedTuple):
    """`0 < a <= 3`: 1 where each holds, else 0."""

    first: Tree
    rest: tuple[tuple[str, Tree], ...]


class Call(NamedTuple):
    function: str
    args: tuple[Tree, ...]


class Items(NamedTuple):
    items: tuple[Tree, ...]


class Indexed(NamedTuple):
    """`P[2]`, `P[2, 3]`, `P[1..3, 2..4]`: a place, or from … to, counted from 1, both ends in."""

    of: Tree
    at: tuple[tuple[Tree, Tree | None], ...]


Tree = Number | Name | Minus | Not | Binary | Compare | Call | Items | Indexed


def mapped(tree: Tree, part: Callable[[Tree], Tree]) -> Tree:
    """The tree with `part` of each of its parts in their place."""
    match tree:
        case Number() | Name():
            return tree
        case Minus(of):
            return Minus(part(of))
        case Not(of):
            return Not(part(of))
        case Binary(sign, left, right):
            return Binary(sign, part(left), part(right))
        case Compare(first, rest):
            return Compare(part(first), tuple((sign, part(other)) for sign, other in rest))
        case Call(function, args):
            return Call(function, tuple(map(part, args)))
        case Items(items):
            return Items(tuple(map(part, items)))
        case Indexed(of, places):
            return Indexed(part(of), tuple((part(low), high and part(high)) for low, high in places))


def names(tree: Tree) -> Iterator[str]:
    """The names that a formula reads, in order, as often as it does."""
    match tree:
        case Name(name):
            yield name
        case Number():
            return
        case Minus(of) | Not(of):
            yield from names(of)
        case Binary(_, left, right):
            yield from (*names(left), *names(right))
        case Compare(first, rest):
            yield from names(first)
            for _, other in rest:
                yield from names(other)
        case Call(_, args) | Items(args):
            for part in args:
                yield from names(part)
        case Indexed(of, at):
            yield from names(of)
            for low, high in at:
                yield from (*names(low), *(names(high) if high else ()))
