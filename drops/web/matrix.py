"""A matrix as a table whose cells are shaded: the stronger the larger, blue above 0, orange below."""

from __future__ import annotations

from math import isnan

from htpy import Element, caption, div, table, tbody, td, th, thead, tr

from drops.colours import LEVELS
from drops.exercises.blocks import Matrix


def draw_matrix(block: Matrix) -> Element:
    """Every cell has its number, a dash where it is hidden and "?" where it is not known; what is in hand
    has a frame."""
    sizes = [abs(value) for row in block.values for value in row if value is not None and not isnan(value)]
    full = block.full or max(sizes, default=0.0) or 1.0
    lit = {*block.lit}

    def cell(r: int, c: int, value: float | None) -> Element:
        look = f"{_tone(value, full)}{' hand' if (r, c) in lit else ''}"
        sign = block.signs.get((r, c), "")
        return td(class_=look, data_spot=block.spots.get((r, c)))[f"{block.told(value)} {sign}".rstrip()]

    head = thead[tr[td, (th(scope="col")[name] for name in block.columns)]]
    body = tbody[
        (
            tr[th(scope="row")[name], (cell(r, c, value) for c, value in enumerate(block.values[r]))]
            for r, name in enumerate(block.rows)
        )
    ]
    title = caption[block.title] if block.title else None
    return div(".wide")[table(".sheet.matrix", aria_label=block.says)[title, head, body]]


def _tone(value: float | None, full: float) -> str:
    if value is None or isnan(value):
        return "dim"
    half = LEVELS // 2
    return f"m{half + max(-half, min(half, round(half * value / full)))}"
