"""A number line with named places on it; below a gate it is drawn as silent."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment

from drops import scales
from drops.exercises.blocks import Strip
from drops.tui.base.ink import Inks, Line, Lines
from drops.tui.blocks import pixels

WIDEST = 64  # cells of a line where it has no pane of its own
TALLEST = 12  # lines of a stem between a label and its mark, where nothing else takes the room


def draw(block: Strip, width: int, ink: Inks, more: int = 0, *, fill: bool = False) -> Lines:
    """Labels above the line, a mark where each stands, numbers below it; with `fill` over the whole width.

    The labels stand up to `more` lines higher.
    """
    columns = max(10, (width if fill else min(width, WIDEST)) - 2)
    scale = scales.Scale(block.low, block.high, columns)

    def place(value: float) -> int:
        return min(columns - 1, max(0, round(scale.place(value))))

    marks = [(place(value), label) for value, label in sorted(block.marks)]
    starts = [max(0, min(columns - cell_len(label), at - cell_len(label) // 2)) for at, label in marks]
    rows = pixels.rows_for(
        [(start, cell_len(label)) for start, (_, label) in zip(starts, marks, strict=True)]
    )
    above: Lines = []
    for row in reversed(range(max(rows, default=-1) + 1)):
        here = [
            (start, label) for start, (_, label), at in zip(starts, marks, rows, strict=True) if at == row
        ]
        above.append(_texts([*here, *_stems(marks, rows, row, here)], ink))
    high = max(0, min(more, TALLEST)) if marks else 0
    above += [_texts([(at, "│") for at in dict(marks)], ink)] * high
    gate = place(block.gate) if block.gate is not None else None
    stands = {at for at, _ in marks}
    cells = [
        ("●", 1)
        if x in stands
        else ("┃", 2)
        if x == gate
        else ("┄", 0)
        if gate is not None and x < gate
        else ("━", 3)
        for x in range(columns)
    ]
    inks = (ink.dim, ink.act, ink.warn, ink.text)
    line: Line = [Segment(text, inks[who]) for text, who in pixels.runs(cells)]
    ticks = scales.ticks(block.low, block.high, max(2, columns // 9))
    numbers = [(place(t), scales.short(t)) for t in ticks]
    out = [
        *above,
        line,
        _texts([(max(0, min(columns - len(t), x - len(t) // 2)), t) for x, t in numbers], ink, dim=True),
    ]
    if gate is not None:
        told = f"┄ silent below {scales.short(block.gate or 0.0)}", "━ lets through"
        whole = "   ".join(told)
        out += [[Segment(text, ink.dim)] for text in ([whole] if cell_len(whole) <= columns else told)]
    return [[Segment(" "), *line] for line in out]


def _stems(
    marks: list[tuple[int, str]], rows: list[int], row: int, here: list[tuple[int, str]]
) -> list[tuple[int, str]]:
    """A stem under every label that stands in a higher row, where this row leaves room."""
    taken = {x for start, label in here for x in range(start - 1, start + cell_len(label) + 1)}
    return [(at, "│") for (at, _), high in zip(marks, rows, strict=True) if high > row and at not in taken]


def _texts(texts: list[tuple[int, str]], ink: Inks, *, dim: bool = False) -> Line:
    out: Line = []
    where = 0
    for start, text in sorted(texts):
        if start >= where:
            out += [
                Segment(" " * (start - where)),
                Segment(text, ink.dim if dim or text == "│" else ink.text),
            ]
            where = start + cell_len(text)
    return out
