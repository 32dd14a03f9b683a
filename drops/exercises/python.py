"""A formula as an expression in Python and numpy, for one set of numbers.

    relu(w·x[1] + b)    →    np.maximum(w * x[0] + b, 0)

Formulas count from 1 and forgive binary fractions; Python does neither, and what makes the difference on
these numbers is written out. `rounded` is a function of the program's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from drops.exercises.formulas.functions import HAIR, OF_EACH, OF_MANY
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
    Value,
)
from drops.exercises.formulas.working_out import work_out

LOOSEST, TEST, COMPARED, SUM, PRODUCT, SIGN, POWER, ATOM = range(8)  # how tightly an expression is bound
OPERATORS = {"+": (" + ", SUM), "-": (" - ", SUM), "*": (" * ", PRODUCT), "/": (" / ", PRODUCT)}

EACH = {  # of a number and of an array alike
    "abs": "np.abs({})", "sqrt": "np.sqrt({})", "exp": "np.exp({})", "ln": "np.log({})", "cos": "np.cos({})",
    "tanh": "np.tanh({})", "sign": "np.sign({})", "relu": "np.maximum({}, 0)",
    "sigmoid": "(1 / (1 + np.exp(-({}))))", "floor": "np.floor({} + 1e-9)", "ceil": "np.ceil({} - 1e-9)",
    "step": "np.where({} > 0, 1.0, 0.0)", "round": "rounded({})",
}  # fmt: skip
MANY = {
    "sum": "np.sum({})", "mean": "np.mean({})", "min": "np.min({})", "max": "np.max({})",
    "spread": "np.std({})", "norm": "np.linalg.norm({})", "count": "float(np.size({}))",
    "distinct": "float(len(np.unique({0})) == np.size({0}))", "whole": "float(np.all({0} == np.round({0})))",
}  # fmt: skip
assert (EACH.keys(), MANY.keys()) == (OF_EACH.keys(), OF_MANY.keys()), "a function without its Python"


class Printed(NamedTuple):
    """What names are called in the program, and what they stand for."""

    called: Mapping[str, str]
    values: Mapping[str, Value]

    def is_list(self, tree: Tree) -> bool:
        return isinstance(work_out(tree, self.values), tuple)


def in_python(tree: Tree, at: Printed) -> str:
    """The expression. Raises Undefined, KeyError where these numbers leave the formula without a value."""
    return _bound(tree, at, LOOSEST)


def _bound(tree: Tree, at: Printed, least: int) -> str:
    """In brackets where what stands around it binds more tightly."""
    text, binds = _written(tree, at)
    return text if binds >= least else f"({text})"


def _written(tree: Tree, at: Printed) -> tuple[str, int]:
    match tree:
        case Number(value):
            return (f"{value:g}" if value == round(value) and abs(value) < 1e6 else repr(value)), ATOM
        case Name(name):
            return ("np.pi" if name == "pi" and name not in at.values else at.called[name]), ATOM
        case Minus(of):
            return f"-{_bound(of, at, SIGN)}", SIGN
        case Binary("and" | "or") | Not() | Compare():
            return _tested(tree, at)
        case Binary("^", base, power):
            return f"{_bound(base, at, ATOM)} ** {_bound(power, at, SIGN)}", POWER
        case Binary(sign, left, right):
            written, binds = OPERATORS[sign]
            return f"{_bound(left, at, binds)}{written}{_bound(right, at, binds + 1)}", binds
        case Call():
            return _called(tree, at)
        case Items(items):
            return f"np.array([{', '.join(in_python(item, at) for item in items)}])", ATOM
        case Indexed(of, places):
            found = ", ".join(_place(low, high, at) for low, high in places)
            return f"{_bound(of, at, ATOM)}[{found}]", ATOM


def _place(low: Tree, high: Tree | None, at: Printed) -> str:
    first = f"{round(low.value) - 1}" if isinstance(low, Number) else f"int({in_python(low, at)}) - 1"
    if high is None:
        return first
    return f"{first}:{f'{round(high.value)}' if isinstance(high, Number) else f'int({in_python(high, at)})'}"


def _called(tree: Call, at: Printed) -> tuple[str, int]:
    function, args = tree
    if function == "if":
        test, yes, no = args
        return f"{_bound(yes, at, TEST)} if {condition(test, at)} else {_bound(no, at, TEST)}", LOOSEST
    if function in EACH:
        beside = any(sign in EACH[function] for sign in ("} >", "} +", "} -"))
        return EACH[function].format(_bound(args[0], at, SUM if beside else LOOSEST)), ATOM
    if function in MANY:
        return MANY[function].format(_together(args, at)), ATOM
    if function == "reverse":
        rows = work_out(args[0], at.values)
        assert isinstance(rows, tuple)
        ends = "::-1, ::-1" if isinstance(rows[0], tuple) else "::-1"
        return f"{_bound(args[0], at, ATOM)}[{ends}]", ATOM
    if function == "place":
        of = in_python(args[0], at)
        row_and_column = f"np.array(np.unravel_index(np.argmax({of}), np.shape({of})))"
        return f"{row_and_column if at.is_list(tree) else f'np.argmax({of})'} + 1.0", SUM
    a, b = (_bound(arg, at, PRODUCT + 1) for arg in args)  # dot, of tables too
    return f"np.sum({a} * {b})", ATOM


def _together(args: tuple[Tree, ...], at: Printed) -> str:
    """All numbers of the arguments."""
    lists = [at.is_list(arg) for arg in args]
    texts = [in_python(arg, at) for arg in args]
    if len(args) == 1:
        return texts[0]
    if any(lists):
        return f"np.hstack([{', '.join(f'np.ravel({text})' for text in texts)}])"
    return f"[{', '.join(texts)}]"


# ── conditions ────────────────────────────────────────────────────────────────────────────


def _tested(tree: Tree, at: Printed) -> tuple[str, int]:
    """A condition as a number, 1 where it holds."""
    if isinstance(tree, Compare) and any(map(at.is_list, (tree.first, *(of for _, of in tree.rest)))):
        parts, first = [], tree.first
        for sign, other in tree.rest:
            parts.append(f"np.where({_pair(first, sign, other, at)}, 1.0, 0.0)")
            first = other
        return " * ".join(parts), PRODUCT if len(parts) > 1 else ATOM
    return f"float({condition(tree, at)})", ATOM


def condition(tree: Tree, at: Printed) -> str:
    """A condition as Python tests it."""
    match tree:
        case Binary("and" | "or" as word, left, right):
            return f"({condition(left, at)} {word} {condition(right, at)})"
        case Not(of):
            return f"(not {condition(of, at)})"
        case Compare(first, rest):
            pairs = []
            for sign, other in rest:
                pairs.append(_pair(first, sign, other, at))
                first = other
            return " and ".join(pairs)
        case Call("whole" | "distinct" as function, args):
            return MANY[function].format(_together(args, at)).removeprefix("float(").removesuffix(")")
        case _:
            return f"{_bound(tree, at, SUM)} != 0"


_HAIRS = {"<": " - 1e-9", "<=": " + 1e-9", ">": " + 1e-9", ">=": " - 1e-9"}


def _pair(first: Tree, sign: str, other: Tree, at: Printed) -> str:
    """One comparison; where a hair decides on these numbers, with the hair."""
    left, right = _bound(first, at, SUM), _bound(other, at, SUM)
    near = any(
        0 < abs(a - b) <= HAIR for a, b in _pairs(work_out(first, at.values), work_out(other, at.values))
    )
    if not near:
        return f"{left} {sign} {right}"
    if sign in _HAIRS:
        return f"{left} {sign} {right}{_HAIRS[sign]}"
    return f"np.abs({left} - ({right})) {'<=' if sign == '==' else '>'} 1e-9"


def _pairs(a: Value, b: Value) -> list[tuple[float, float]]:
    if isinstance(a, tuple) and isinstance(b, tuple):
        return [pair for x, y in zip(a, b, strict=True) for pair in _pairs(x, y)]
    if isinstance(a, tuple):
        return [pair for x in a for pair in _pairs(x, b)]
    if isinstance(b, tuple):
        return [pair for y in b for pair in _pairs(a, y)]
    return [(a, b)]
