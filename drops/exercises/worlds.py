"""The mistake's world beside the rule's: the same numbers worked out twice, and where the two part."""

from __future__ import annotations

from drops.exercises.blocks import Field, Sheet, Show, Strip
from drops.exercises.worksheet import Arithmetic, Misconception, Values, figure

PARTS = "◂ here they part"


def worlds(
    fields: tuple[Field, ...], sheet: Arithmetic, misconception: Misconception, shown: Values
) -> tuple[Show, ...]:
    """A row a field, worked out by the learner's rule and by the rule, and the first two that part on a line.

    `shown` are numbers in print, from which both go on. () where no field shows a difference.
    """
    right = sheet.run()
    yours = sheet.run(swap=misconception.swap, entered=shown)
    parted = [f for f in fields if figure(yours[f.name]) != figure(right[f.name])]
    if not parted:
        return ()
    first = parted[0]
    rows = tuple(
        (f.label, figure(yours[f.name]), figure(right[f.name]), PARTS if f is first else "") for f in fields
    )
    a, b = yours[first.name], right[first.name]
    says = f"By your rule {first.label} is {figure(a)}, by the rule {figure(b)}: there they part." + "".join(
        f" Then {f.label} is {figure(yours[f.name])} instead of {figure(right[f.name])}." for f in parted[1:]
    )
    air = max(1.0, abs(a - b)) * 0.35
    low, high = min(a, b, 0.0) - air, max(a, b, 0.0) + air
    line = Strip(low, high, ((a, "your rule"), (b, "the rule")), f"{first.label} on a line.")
    return Sheet(("", "your rule", "the rule", ""), rows, says), line
