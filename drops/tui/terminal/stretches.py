"""What a terminal is sent when parts of lines changed: those parts. Textual sends each line from where its
widget begins.

Private there, so a test holds it.
"""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate


class Stretches(ChopsUpdate):
    """The same update, without what stands left of a change."""

    def render_segments(self, console: Console) -> str:
        sent: list[str] = []
        for y, start, end in self.spans:
            for behind, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= end or behind <= start:
                    continue
                first, last = max(x, start), min(behind, end)
                sent.append(Control.move_to(first, y).segment.text)
                sent.append(strip.crop(first - x, last - x).render(console))
        return "".join(sent)
