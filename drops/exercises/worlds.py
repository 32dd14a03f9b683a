"""The mistake's world beside the rule's: the same numbers worked out twice, and where the two part."""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from drops.exercises.blocks import Bars, Beside, Field, Numbers, Sheet, Show, Strip, Surface, Wires
from drops.exercises.worksheet import Arithmetic, Misconception, Values, figure

YOURS, RULE = "your rule", "the rule"
PARTS = "◂ here they part"


class Parted(NamedTuple):
    """The same numbers worked out by the learner's rule and by the rule, and the first field that differs."""

    yours: Values
    rule: Values
    first: Field


def parted(
    fields: tuple[Field, ...], sheet: Arithmetic, misconception: Misconception, shown: Values
) -> Parted | None:
    """`shown` are numbers in print, from which both go on. None where no field shows a difference."""
    rule, yours = sheet.run(), sheet.run(swap=misconception.swap, entered=shown)
    first = next((f for f in fields if figure(yours[f.name]) != figure(rule[f.name])), None)
    return Parted(yours, rule, first) if first else None


def worlds(fields: tuple[Field, ...], both: Parted) -> tuple[Show, ...]:
    """A row a field, by the learner's rule and by the rule, and the first two that part on a line."""
    yours, rule, first = both
    rows = tuple(
        (f.label, figure(yours[f.name]), figure(rule[f.name]), PARTS if f is first else "") for f in fields
    )
    a, b = yours[first.name], rule[first.name]
    says = f"By your rule {first.label} is {figure(a)}, by the rule {figure(b)}: there they part." + "".join(
        f" Then {label} is {mine} instead of {right}."
        for label, mine, right, parts in rows
        if mine != right and not parts
    )
    air = max(1.0, abs(a - b)) * 0.35
    low, high = min(a, b, 0.0) - air, max(a, b, 0.0) + air
    line = Strip(low, high, ((a, YOURS), (b, RULE)), f"{first.label} on a line.")
    return Sheet(("", YOURS, RULE, ""), rows, says), line


def pictured(ask: Numbers, both: Parted) -> tuple[Show, ...]:
    """The first of the question's pictures that differs, in both worlds, or where none does the first; in
    hand is the first number that parts.
    """
    if ask.picture is None:
        return ()
    mine, right = (ask.picture(values, both.first.name) for values in (both.yours, both.rule))
    told = ask.picture(both.rule, "")  # a map shows where the border runs once nothing is asked
    right = tuple(so if isinstance(so, Surface) else one for one, so in zip_longest(right, told) if one)
    pairs = [pair for pair in zip(mine, right, strict=False) if pair[0] != pair[1]]
    return _both(*pairs[0]) if pairs else mine[:1]


def _both(mine: Show, right: Show) -> tuple[Show, ...]:
    """Side by side; of bars those that differ, by one scale; a chain, long and low, over the other."""
    if isinstance(mine, Bars) and isinstance(right, Bars):
        pairs = [pair for pair in zip(mine.bars, right.bars, strict=False) if pair[0].value != pair[1].value]
        bars = [replace(one, note=by) for pair in pairs for one, by in zip(pair, (YOURS, RULE), strict=True)]
        told = ", ".join(f"{bar.name} by {bar.note} {figure(bar.value)}" for bar in bars)
        return (replace(right, bars=tuple(bars), says=f"{told}."),) if bars else (right,)
    if isinstance(mine, Wires) and max(map(len, mine.names)) == 1:
        return Beside((mine,), (YOURS,)), Beside((right,), (RULE,))
    return (Beside((mine, right), (YOURS, RULE)),)
