"""The numbers of a picture as a table with tabs, to be pasted elsewhere."""

from __future__ import annotations

from typing import assert_never

from drops.exercises.blocks import (
    Bars,
    Beside,
    Curve,
    Figure,
    Matrix,
    Sheet,
    Show,
    Strip,
    Surface,
    Wires,
    Words,
)
from drops.tui.blocks.blocks import Hands


def tabled(block: Show, hands: Hands) -> str:
    """The numbers of a picture as a table with tabs, to be pasted elsewhere."""
    match block:
        case Words():
            return ""
        case Sheet(columns=columns, rows=rows):
            lines = [
                "\t".join(columns),
                *("\t".join(c if isinstance(c, str) else "" for c in row) for row in rows),
            ]
            return "\n".join(lines)
        case Wires(names=names, weights=weights):
            return "\n".join(
                f"{names[layer][i]}\t{names[layer + 1][j]}\t{weight:g}"
                for layer, into in enumerate(weights)
                for j, row in enumerate(into)
                for i, weight in enumerate(row)
            )
        case Curve(series=series):
            return "\n".join(f"{s.name}\t{x:g}\t{y:g}" for s in series for x, y in s.points)
        case Surface(values=grid):
            return "\n".join("\t".join(f"{v:g}" for v in row) for row in grid)
        case Bars(bars=every):
            return "\n".join(f"{bar.name}\t{bar.value:g}" for bar in every)
        case Matrix(rows=rows, columns=columns, values=values):
            cells = ("\t".join([name, *map(block.told, row)]) for name, row in zip(rows, values, strict=True))
            return "\n".join(["\t".join(["", *columns]), *cells])
        case Strip(marks=marks):
            return "\n".join(f"{label}\t{value:g}" for value, label in marks)
        case Figure():
            knobs = "\n".join(f"{knob.label}\t{hands.of(block)[knob.name]:g}" for knob in block.knobs)
            return "\n\n".join(
                filter(None, [knobs, *(tabled(b, hands) for b in hands.shown(block))])
            )
        case Beside(blocks=blocks):
            return "\n\n".join(filter(None, (tabled(b, hands) for b in blocks)))
        case _:
            assert_never(block)
