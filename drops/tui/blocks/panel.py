"""An instrument of the Lab: rows of a name, a bar, and what it says."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment

from drops.networks.lab.instruments import InstrumentPanel
from drops.tui.base.ink import Inks, Line, Lines, written
from drops.tui.blocks.pixels import bar

BAR = 4  # cells of a bar at least


def panel(shown: InstrumentPanel, width: int, tall: int, ink: Inks) -> Lines:
    """At most `tall` lines; what has no room is counted. Names are cut before what is said of them."""
    title: Line = [Segment(shown.title, ink.bold), Segment("   i next", ink.dim)]
    out: Lines = [[], title]
    says = max((cell_len(row.says) for row in shown.rows if row.name), default=0)
    names = max((cell_len(row.name) for row in shown.rows), default=0)
    names = max(1, min(names, width - says - 4 - BAR)) if says else names
    room = max(BAR, width - names - says - 4)
    for row in shown.rows:
        if not row.name:  # a sentence
            out += written(row.says, width, ink.text)
        elif row.bar is None:
            out.append([Segment(set_cell_size(row.name, names) + "  ", ink.dim), Segment(row.says, ink.text)])
        else:
            drawn = bar(row.bar * room).ljust(room)[:room]
            out.append([
                Segment(set_cell_size(row.name, names) + "  ", ink.dim), Segment(drawn, ink.plus),
                Segment(f"  {row.says:>{says}}", ink.text),
            ])  # fmt: skip
    told = written(shown.told, width, ink.dim) if any(row.name for row in shown.rows) else []
    if len(out) + len(told) <= tall:
        return out + told
    more = len(out) - tall + 1
    return out[:tall] if more <= 1 else [*out[: tall - 1], [Segment(f"and {more} more", ink.dim)]]
