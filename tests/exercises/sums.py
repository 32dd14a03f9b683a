"""Reads the sums out of a text and works them out again: "−2·1 + 0.5·2 − 1 = −2".

Nothing of the product is used: what it prints is parsed as a reader would, sign by sign.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

_SIGN = re.compile(
    r"(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)|(?P<sign>[+−·×/()=^])|(?P<name>relu|ln(?= ))|(?P<power>[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<space>\s+)|(?P<other>[^\W\d]+|.)",
    re.DOTALL,
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


class Number(NamedTuple):
    """A value, and by how much rounding may have moved it."""

    value: float
    off: float


class NotASum(Exception):
    """What stands there is no arithmetic with numbers alone."""


def chains(text: str) -> Iterator[tuple[str, ...]]:
    """Every "a = b = c" of a text, as the pieces between its signs of equality; a piece alone where it has
    none. A piece that is not made of numbers alone is "".

    >>> [*chains("z = 2·3 − 1 = 5, and 4 + 8 remain")]
    [('', '2·3 − 1', '5'), ('4 + 8',)]
    """
    run: list[str] = []
    open_end = False  # a letter or a sign stands directly before: the piece is a part of something
    for match in _SIGN.finditer(text.replace("**", "").replace(" to the power ", "^")):
        kind, sign = match.lastgroup, match[0]
        if kind == "other":
            yield from _pieces(run, open_end, cut=sign not in ",.:;!?”)" and not _apart(run))
            run, open_end = [], sign not in " ,.:;!?“(" and not sign.isspace()
            continue
        if not run and kind == "space":
            open_end = False
            continue
        run.append(sign)
    yield from _pieces(run, open_end, cut=False)


def _apart(run: list[str]) -> bool:
    """Whether what comes next stands apart from the run: after a space that no sign precedes."""
    signs = [sign for sign in run if not sign.isspace()]
    return bool(run) and run[-1].isspace() and bool(signs) and signs[-1] not in "+−·×/(=^"


def _pieces(run: list[str], open_start: bool, cut: bool) -> Iterator[tuple[str, ...]]:
    if not any(sign[0].isdigit() for sign in run):
        return
    pieces = ["".join(piece).strip() for piece in _split(run)]
    if open_start or re.match(r"[+·×/]|−\s", pieces[0]):
        pieces[0] = ""
    if cut:
        pieces[-1] = ""
    yield tuple(piece if _is_sum(piece) else "" for piece in pieces)


def _split(run: list[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for sign in run:
        if sign == "=":
            yield piece
            piece = []
        else:
            piece.append(sign)
    yield piece


def _is_sum(piece: str) -> bool:
    try:
        worked(piece)
    except NotASum:
        return False
    return True


def has_a_sign(piece: str) -> bool:
    """Whether there is something to work out."""
    return re.search(r"[+·×/^]|\d\s*−|relu|ln |[⁰¹²³⁴⁵⁶⁷⁸⁹]", piece) is not None


def worked(piece: str) -> Number:
    """What a piece comes to. Raises NotASum."""
    signs = [m[0] for m in _SIGN.finditer(piece) if m.lastgroup != "space"]
    reader = _Reader(signs)
    result = reader.sum()
    if reader.left:
        raise NotASum(piece)
    return result


class _Reader:
    """Recursive descent: a sum of products of signed, raised, bracketed numbers."""

    def __init__(self, signs: list[str]) -> None:
        self.left = signs[::-1]

    def peek(self) -> str:
        return self.left[-1] if self.left else ""

    def sum(self) -> Number:
        total = self.product()
        while self.peek() in ("+", "−"):
            sign = -1 if self.left.pop() == "−" else 1
            term = self.product()
            total = Number(total.value + sign * term.value, total.off + term.off)
        return total

    def product(self) -> Number:
        total = self.signed()
        while self.peek() in ("·", "×", "/"):
            divides, factor = self.left.pop() == "/", self.signed()
            if divides and factor.value == 0:
                raise NotASum
            by = 1 / factor.value if divides else factor.value
            by_off = abs(factor.off / factor.value**2) if divides else factor.off
            total = Number(total.value * by, abs(total.value) * by_off + total.off * abs(by))
        return total

    def signed(self) -> Number:
        if self.peek() == "−":
            self.left.pop()
            inner = self.signed()
            return Number(-inner.value, inner.off)
        return self.raised()

    def raised(self) -> Number:
        base = self.one()
        power = self.peek()
        if power == "^":
            self.left.pop()
            exponent = self.one().value
        elif power and power[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
            exponent = float(self.left.pop().translate(_RAISED))
        else:
            return base
        return Number(base.value**exponent, abs(exponent * base.value ** (exponent - 1)) * base.off)

    def one(self) -> Number:
        sign = self.left.pop() if self.left else ""
        if sign == "(":
            inner = self.sum()
            if not self.left or self.left.pop() != ")":
                raise NotASum
            return inner
        if sign == "relu":
            inner = self.one()
            return Number(max(0.0, inner.value), inner.off)
        if sign == "ln":
            inner = self.one()
            if inner.value <= 0:
                raise NotASum
            return Number(math.log(inner.value), inner.off / inner.value)
        if not sign or not sign[0].isdigit():
            raise NotASum
        return Number(float(Fraction(sign.replace(",", ""))), _rounding(sign))


def _rounding(sign: str) -> float:
    """Three decimals and more are what a long number was cut to; fewer are meant."""
    decimals = len(sign.partition(".")[2])
    return 0.5 * 10.0**-decimals if decimals >= 3 else 0.0


def _last_digit(piece: str) -> float:
    """How far a printed result may lie from the exact one."""
    decimals = len(piece.partition(".")[2])
    return 0.5 * 10.0**-decimals if decimals and not has_a_sign(piece) else 0.0


def false_sums(text: str) -> list[str]:
    """Every "a = b" of a text that does not hold to the digits printed."""
    found = []
    for chain in chains(text):
        for one, other in pairwise(chain):
            if one and other and not agree(one, other):
                found.append(f"{one} = {other}")
    return found


def agree(one: str, other: str) -> bool:
    """Whether two printed sums come to the same, as exactly as they are printed."""
    a, b = worked(one), worked(other)
    inexact = max(_last_digit(one), _last_digit(other))
    return abs(a.value - b.value) <= a.off + b.off + inexact + 1e-9
