"""An exercise's arithmetic as a program of its own in numpy: its numbers, its lines, what is asked printed.

    z = w·x + b, a = relu(z)   of   w = 3, x = 2, b = −7     →     w = 3.0 …  z = w * x + b
                                                                   a = np.maximum(z, 0)
                                                                   print("a =", a)
"""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import fill as wrap
from typing import NamedTuple

from drops.exercises.formulas.tree import Call, Tree, Value, names
from drops.exercises.python import Printed, condition, in_python

TAKEN = {*keyword.kwlist, *dir(builtins), "np", "rounded"}
LONGEST = 90  # characters of a line
ROUNDED = """\
def rounded(x):  # halves go away from 0, as at school
    return np.trunc(x + np.copysign(0.5 + 1e-9, x))
"""


class ScriptLines(NamedTuple):
    """What a program is written from. `before` are lines of Python that come first, `called` what they call
    the numbers that they compute; `lines` are named formulas over `givens` and what stands before them."""

    givens: Mapping[str, Value]
    lines: tuple[tuple[str, Tree], ...]
    before: tuple[str, ...] = ()
    called: Mapping[str, str] = {}


def write_program(program: ScriptLines, values: Mapping[str, Value], asked: Sequence[tuple[str, str]]) -> str:
    """The program that prints what is `asked`, by label and name; `values` are what its names stand for."""
    wanted = _wanted(program, [name for _, name in asked])
    lines = [(name, tree) for name, tree in program.lines if name in wanted and name not in program.called]
    givens = {name: value for name, value in program.givens.items() if name in wanted - {*program.called}}
    own = _identifiers([*givens, *(name for name, _ in lines)], "\n".join(program.before))
    called = {**program.called, **own}
    printed = Printed(called, {**values, **program.givens})
    body = [_assigned(called[name], tree, printed) for name, tree in lines]
    told = [f"print({quoted(f'{label} =')}, {called[name]})" for label, name in asked]
    said = ", ".join(label for label, _ in asked)
    head = wrap(f"{said}: the same in numpy.", LONGEST, initial_indent="# ", subsequent_indent="# ")
    parts: list[list[str]] = [
        [head, "import numpy as np"],
        [f"\n{ROUNDED}"] if "rounded(" in "".join(body) else [],
        list(program.before),
        [f"{called[name]} = {literal(value)}" for name, value in givens.items()],
        body,
        told,
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _assigned(name: str, tree: Tree, at: Printed) -> str:
    """A line of the program; one that is too long for a line, and goes two ways, on three."""
    text = f"{name} = {in_python(tree, at)}"
    if len(text) <= LONGEST or not (isinstance(tree, Call) and tree.function == "if"):
        return text
    test, yes, no = tree.args
    ways = f"{in_python(yes, at)}\n    if {condition(test, at)}\n    else {in_python(no, at)}"
    return f"{name} = (\n    {ways}\n)"


def _wanted(program: ScriptLines, asked: Iterable[str]) -> set[str]:
    """What is asked, and all that it is made from."""
    found = set(asked)
    for name, tree in reversed(program.lines):
        if name in found and name not in program.called:
            found |= {*names(tree)}
    return found


def _identifiers(wanted: Iterable[str], before: str) -> dict[str, str]:
    """A name for each that Python takes, and no two alike: "dW2[1,2]" is dW2_1_2. Words that stand in the
    lines `before` are taken."""
    found: dict[str, str] = {}
    taken = {*re.findall(r"\w+", before), *TAKEN}
    for name in wanted:
        plain = re.sub(r"\W+", "_", name).strip("_") or "n"
        while plain in taken:
            plain += "_"
        taken.add(plain)
        found[name] = plain
    return found


def quoted(text: str) -> str:
    """A text of an author's as Python reads it: whatever stands in it, it stays a text."""
    return json.dumps(text, ensure_ascii=False)


def literal(value: Value) -> str:
    """A number, a list, a list of lists, as Python writes it."""
    if not isinstance(value, tuple):
        return repr(float(value))
    if len(text := _nested(value)) <= LONGEST:
        return f"np.array({text})"
    if isinstance(value[0], tuple):
        inside = "".join(f"    {_nested(row)},\n" for row in value)
    else:
        inside = wrap(text[1:-1], LONGEST, initial_indent="    ", subsequent_indent="    ") + ",\n"
    return f"np.array([\n{inside}])"


def _nested(value: Value) -> str:
    return f"[{', '.join(map(_nested, value))}]" if isinstance(value, tuple) else repr(float(value))
