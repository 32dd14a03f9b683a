"""The picture beside drop 13's exercise: rows, and what three teammates want to learn from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drops.exercises.blocks import Bar, Bars
from drops.exercises.figure import Drawing
from drops.text import number

WHO = "Ana", "Ben", "Cem"


def draw_opinions(params: Mapping[str, Any]) -> Drawing:
    """```figure opinions: rows, hidden, p1 … → the rows there are, and the numbers that each of the three
    wants to learn from them; before they are counted, the units.
    """
    bars, counted = [Bar("rows", float(params["rows"]))], "hand" in params  # beside the sheet
    for i, (who, units) in enumerate(zip(WHO, params["hidden"], strict=True), 1):
        wants = float(params.get(f"p{i}", 0.0)) if counted else float(units)
        bars.append(Bar(who, max(0.0, wants), f"{number(units)} hidden"))
    says = f"Rows to learn from, and {'numbers to learn' if counted else 'hidden units'}."
    return Drawing((Bars(tuple(bars), says, log=True),), {})
