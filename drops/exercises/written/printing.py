"""A rule as people write it: "w₁·x₁ + b" for a hint, "{w[1]}·{x[1]} + {b}" for a line with its numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from drops.exercises.blocks import Sheet
from drops.exercises.formulas.functions import OF_EACH
from drops.exercises.formulas.tree import (
    Binary,
    Call,
    Compare,
    Indexed,
    Items,
    Minus,
    Name,
    Not,
    Number,
    Tree,
    Undefined,
    Value,
    mapped,
    names,
)
from drops.exercises.formulas.working_out import flat, holds, single, work_out
from drops.exercises.worksheet import HIGH, figure
from drops.text import MINUS, number

MOST_TERMS = 9
SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SIGNS = {"*": "·", "+": " + ", "-": " − ", "/": "/", "and": " and ", "or": " or "}
COMPARE = {"<=": "≤", ">=": "≥", "!=": "≠", "==": "="}
BINDS = {"or": 0, "and": 1, "+": 4, "-": 4, "*": 5, "/": 5, "^": 7}
AROUND = {"floor": "⌊⌋", "ceil": "⌈⌉", "abs": "||"}  # written by signs on both sides
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "phi": "φ",
}  # fmt: skip
Leaf = Callable[[Tree], str]
_BARE_EXPONENT = re.compile(r"\^(\{[^{}]*\}|[^\s(){}·/⌋⌉|]+)$")


def symbols(tree: Tree, given: Mapping[str, Value | str], letters: Mapping[str, str]) -> str:
    """The rule in letters."""

    def leaf(part: Tree) -> str:
        match part:
            case Name(name):
                return letter(name, letters)
            case Indexed(Name(name), at):
                places = [_place(low, given) for low, high in at if high is None]
                if len(places) == len(at) and None not in places:
                    digits = ", ".join(f"{place}" for place in places)
                    plain = letter(name, letters)
                    return f"{plain}{digits.translate(SUB)}" if len(places) == 1 else f"{plain}[{digits}]"
        return _plain(part, leaf, given)

    return _shown(tree, leaf, given, 0)


def template(tree: Tree, given: Mapping[str, Value | str]) -> str:
    """The rule with the names of its numbers in braces: what `fill` fills. A rule that only looks a number up
    says at which place."""
    whole = _decided(tree, given)

    def leaf(part: Tree) -> str:
        if isinstance(value := _fixed(part, given), tuple):
            return _value(value)
        match part:
            case Name("pi"):
                return "π"
            case Name(name):
                return f"{{{name}}}"
            case Indexed(Name(name), at):
                places = [_constant(low) if part is whole else _place(low, given) for low, _ in at]
                if None not in places and all(high is None for _, high in at):
                    return f"{{{name}[{','.join(map(str, places))}]}}"
        return _plain(part, leaf, given)

    return _shown(whole, leaf, given, 0)


def _decided(tree: Tree, given: Mapping[str, Value | str]) -> Tree:
    """The tree with the branch that these givens take in the place of each `if` that they decide."""

    def part(inner: Tree) -> Tree:
        return _decided(inner, given)

    match tree:
        case Call("if", (test, yes, no)) if all(name in given for name in names(test)):
            with suppress(Undefined):
                return part(yes if holds(test, given) else no)
    return mapped(tree, part)


def _fixed(tree: Tree, given: Mapping[str, Value | str]) -> Value | None:
    """The value of a name or a place that depends on givens alone."""
    if not isinstance(tree, Name | Indexed) or any(
        not isinstance(given.get(n), float | tuple) for n in names(tree)
    ):
        return None
    with suppress(Undefined):
        return work_out(tree, given)
    return None


def letter(name: str, letters: Mapping[str, str]) -> str:
    """A name as it is printed: `mu1` is μ₁, and a sign of the author's stands for it or for its letters."""
    if name in letters:
        return letters[name]
    plain = name.rstrip("0123456789")
    return letters.get(plain, GREEK.get(plain, plain)) + name[len(plain) :].translate(SUB)


def _value(value: Value) -> str:
    return f"({', '.join(map(_value, value))})" if isinstance(value, tuple) else figure(value)


def _constant(tree: Tree) -> int | None:
    return round(tree.value) if isinstance(tree, Number) else None


def _place(tree: Tree, given: Mapping[str, Value | str]) -> int | None:
    """A place as its number, also where a given says it: the learner never reads that given's name."""
    value = _fixed(tree, given)
    return round(value) if isinstance(value, float) else _constant(tree)


def _plain(tree: Tree, leaf: Leaf, given: Mapping[str, Value | str]) -> str:
    """A place that is not a plain one: P[1..3, 2]."""
    if not isinstance(tree, Indexed):
        return _shown(tree, leaf, given, 0)
    at = (f"{_shown(a, leaf, given, 0)}" + (f"…{_shown(b, leaf, given, 0)}" if b else "") for a, b in tree.at)
    name = tree.of.name if isinstance(tree.of, Name) else _shown(tree.of, leaf, given, 8)
    return f"{name}[{', '.join(at)}]"


def _shown(tree: Tree, leaf: Leaf, given: Mapping[str, Value | str], least: int) -> str:
    """`tree`, in brackets where it binds less than `least`."""

    def part(inner: Tree, binds: int) -> str:
        return _shown(inner, leaf, given, binds)

    match tree:
        case Number(value):
            return f"({figure(value)})" if value < 0 and least >= BINDS["*"] else figure(value)
        case Name() | Indexed():
            return leaf(tree)
        case Minus(of):
            text, binds = f"−{part(of, 6)}", 6
        case Not(of):
            text, binds = f"not {part(of, 2)}", 2
        case Binary("^", base, Number(1.0)):
            return part(base, least)
        case Binary("^", base, power):
            inner = part(base, 8)
            text = f"({inner})" if isinstance(base, Name | Indexed) else inner
            high = part(power, 7)
            text, binds = text + (high.translate(HIGH) if high.isdecimal() else f"^{high}"), 7
        case Binary(sign, left, right):
            binds = BINDS[sign]
            text = part(left, binds)
            if sign in "*/":  # e^(s)·v: what follows is not of the exponent
                text = _BARE_EXPONENT.sub(r"^(\1)", text)
            text += SIGNS[sign] + part(right, binds + (sign in "-/"))
        case Compare(first, rest):
            text = part(first, 4) + "".join(f" {COMPARE.get(s, s)} {part(other, 4)}" for s, other in rest)
            binds = 3
        case Items(items):
            return f"({', '.join(part(item, 0) for item in items)})"
        case Call(function, args):
            text, binds = _call(function, args, part, given)
    return f"({text})" if binds < least else text


def _call(
    function: str, args: tuple[Tree, ...], part: Callable[[Tree, int], str], given: Mapping[str, Value | str]
) -> tuple[str, int]:
    """Sums and means written out where they are short."""
    terms = _terms(function, args, given)
    if terms:
        added = " + ".join(part(term, 5) for term in terms)
        if function == "mean":
            return f"({added})/{len(terms)}", 5
        return (
            (f"√({' + '.join(part(Binary('^', t, Number(2.0)), 5) for t in terms)})", 8)
            if function == "norm"
            else (added, 4)
        )
    if function == "sqrt":
        simple = isinstance(args[0], Number | Name | Indexed)
        return f"√{part(args[0], 8)}" if simple else f"√({part(args[0], 0)})", 8
    if function == "exp":
        return f"e^{part(args[0], 7)}", 7
    window = _fixed(args[0], given) if len(args) == 1 else None
    if isinstance(window, tuple) and isinstance(window[0], tuple):  # its numbers, not their rows
        return f"{function}({', '.join(map(figure, flat(window)))})", 8
    inner = ", ".join(part(arg, 0) for arg in args)
    if function in AROUND:
        return inner.join(AROUND[function]), 8
    listed = len(args) == 1 and isinstance(args[0], Items | Name) and inner.startswith("(")
    return f"{function}{inner}" if listed else f"{function}({inner})", 8  # a list has its own brackets


def _terms(function: str, args: tuple[Tree, ...], given: Mapping[str, Value | str]) -> list[Tree]:
    if function not in ("sum", "mean", "norm", "dot") or (function != "dot" and len(args) > 1):
        return []
    if function in ("sum", "mean") and (windows := _windows(args[0], given)):
        return windows
    lengths = {_length(arg, given) for arg in args} - {0}
    if len(lengths) != 1 or not 2 <= (count := lengths.pop()) <= MOST_TERMS:
        return []
    rows = [[_element(arg, k, given) for arg in args] for k in range(count)]
    return [Binary("*", row[0], row[1]) if function == "dot" else row[0] for row in rows]


def _windows(tree: Tree, given: Mapping[str, Value | str]) -> list[Tree]:
    """The products of two windows of one shape, number by number; of anything else none."""
    match tree:
        case Binary("*", left, right):
            both = [_fixed(side, given) for side in (left, right)]
            if any(not isinstance(side, tuple) or not isinstance(side[0], tuple) for side in both):
                return []
            a, b = (flat(side) for side in both if side is not None)
            if len(a) != len(b) or len(a) > MOST_TERMS:
                return []
            return [Binary("*", Number(x), Number(y)) for x, y in zip(a, b, strict=True)]
    return []


def _length(tree: Tree, given: Mapping[str, Value | str]) -> int:
    """Of a list of plain numbers that can be taken apart; 0 of anything else."""
    match tree:
        case Name() | Indexed():
            value = _fixed(tree, given)
            if not isinstance(value, tuple) or any(isinstance(item, tuple) for item in value):
                return 0
            return len(value)
        case Items(items):
            return len(items)
        case Binary(_, left, right):
            return max(_length(left, given), _length(right, given))
        case Minus(of):
            return _length(of, given)
        case Call(function, (of,)) if function == "reverse" or function in OF_EACH:
            return _length(of, given)
    return 0


def _element(tree: Tree, k: int, given: Mapping[str, Value | str]) -> Tree:
    """The part of a list that makes its place `k` (from 0)."""
    at = (Number(float(k + 1)), None)
    match tree:
        case Name() if isinstance(_fixed(tree, given), tuple):
            return Indexed(tree, (at,))
        case Indexed(of, ((_, None) as row,)) if isinstance(_fixed(tree, given), tuple):
            return Indexed(of, (row, at))
        case Indexed(of, places) if isinstance(_fixed(tree, given), tuple):
            return Indexed(of, tuple(place if place[1] is None else _within(place[0], k) for place in places))
        case Items(items):
            return items[k]
        case Binary(sign, left, right):
            return Binary(sign, _element(left, k, given), _element(right, k, given))
        case Minus(of):
            return Minus(_element(of, k, given))
        case Call("reverse", (of,)):
            return _element(of, _length(of, given) - 1 - k, given)
        case Call(function, (of,)) if function in OF_EACH:
            return Call(function, (_element(of, k, given),))
    return tree


def _within(low: Tree, k: int) -> tuple[Tree, None]:
    """Place `k` (from 0) of those from `low` on."""
    return (Number(low.value + k) if isinstance(low, Number) else Binary("+", low, Number(float(k)))), None


def strip_of(strip: tuple[Tree, tuple[float, ...], int], letters: Mapping[str, str]) -> Sheet:
    """A rule at some places, to read it off where nobody can work it out by hand."""
    rule, at, digits = strip
    x, text = letter("x", letters), symbols(rule, {}, letters)
    values = [f"{single(rule, {'x': place}):.{digits}f}".replace("-", MINUS) for place in at]
    says = "; ".join(f"{number(place)}: {value}" for place, value in zip(at, values, strict=True))
    return Sheet((x, *map(number, at)), ((text, *values),), f"{text} by {x}. {says}.")
