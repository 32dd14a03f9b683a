"""What was measured setting by setting, as a figure: a knob over the settings, bars, a sentence.

by_setting("λ", {"0": {"fresh rows": 0.55}, "0.03": {"fresh rows": 0.73}}, …)   →   numbers "fresh rows, 0.03"
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drops.exercises.blocks import Bar, Bars, Figure, Knob, Show, Words
from drops.exercises.figure import Drawing
from drops.exercises.sheets import SUB
from drops.text import number

Scores = Mapping[str, float]  # by what stands beside the bar


def by_setting(
    label: str,
    table: Mapping[str, Scores],  # by the setting of the knob
    unit: str,
    says: Callable[[str, Scores], str],
    hint: str,
    start: int = 0,
) -> tuple[tuple[Figure], Scores]:
    """Bars of each setting in turn, and every number that was measured: what a Drawing is made of."""

    def show(v: Mapping[str, float]) -> tuple[Show, ...]:
        setting = list(table)[int(v["setting"])]
        told = says(setting, table[setting])
        return Bars(tuple(Bar(*bar) for bar in table[setting].items()), told, unit), Words(told)

    knob = Knob("setting", label, 0, len(table) - 1, 1, start, tuple(table))
    numbers = {f"{name}, {setting}": at for setting, row in table.items() for name, at in row.items()}
    return (Figure((knob,), show, hint),), numbers


def draw_bars(params: Mapping[str, Any]) -> Drawing:
    """```figure bars: any names → a bar for each and several for a list: the numbers of a sheet."""
    bars: list[Bar] = []
    for name in params:
        if name == "hand":  # which blank is in hand makes no bar
            continue
        value = params[name]
        if isinstance(value, tuple | list):
            bars += (Bar(name + "".join(SUB[int(c)] for c in str(i)), one) for i, one in enumerate(value, 1))
        else:
            bars.append(Bar(name, value))
    says = ", ".join(f"{bar.name} {number(bar.value)}" for bar in bars)
    return Drawing((Bars(tuple(bars), f"{says}."),), {})
