"""What is scrolled of a screen. When the window changes its size, the words that were read stay in sight.

None of these paints anything of its own, and says so: with each key Textual asks all that stands behind
what changed for its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from textual import events
from textual.containers import Container, Vertical, VerticalScroll
from textual.geometry import Size

from drops.tui.base.drawn import Drawn

_WORD = re.compile(r"[^\W_]{2,}")
ALIKE = (6, 3, 1)  # words by which a place is known again, as many as are found

Said = Sequence[tuple[str, int]]  # each word, and the line that it stands in


def line_again(said: Said, words: Sequence[str], before: int) -> int | None:
    """The line in which `words` begin now; `before` words stood above them once. None: they are gone."""
    for count in ALIKE:
        wanted = list(words[:count])
        places = range(len(said) - len(wanted) + 1)
        here = [i for i in places if [word for word, _ in said[i : i + len(wanted)]] == wanted]
        if wanted and here:
            return said[min(here, key=lambda i: abs(i - before))][1]
    return None


class Abreast(Container):
    """What stands beside each other, or below."""

    BLANK = True


class Upright(Vertical):
    """What stands below each other."""

    BLANK = True


class Body(VerticalScroll):
    """A column that can be longer than the screen."""

    BLANK = True

    def __init__(self, *, id: str = "body") -> None:  # noqa: A002  # Textual's own name
        super().__init__(id=id, can_focus=False)
        self._words: tuple[str, ...] = ()  # those at its top, and
        self._before = 0  # how many stand above them
        self._laid_out: Size | None = None  # for which size; while another one is laid out nothing is read

    def watch_scroll_y(self, old: float, new: float) -> None:
        super().watch_scroll_y(old, new)
        if self.size == self._laid_out:
            self.call_after_refresh(self._read)

    def _read(self) -> None:
        """Notes what stands at the top."""
        if self.size != self._laid_out or not self.is_attached:
            return
        said, top = [*self._said()], round(self.scroll_y)
        at = next((i for i, (_, line) in enumerate(said) if line >= top), len(said)) if top else len(said)
        self._words, self._before = tuple(word for word, _ in said[at : at + max(ALIKE)]), at

    def on_resize(self, _: events.Resize) -> None:
        self.call_after_refresh(self._keep_place)

    def _keep_place(self) -> None:
        if not self.is_attached:
            return
        line = line_again([*self._said()], self._words, self._before)
        if line is not None:
            self.scroll_to(y=line, animate=False, immediate=True)
        self._laid_out = self.size

    def _said(self) -> Iterator[tuple[str, int]]:
        top = self.region.y - round(self.scroll_y)
        for widget in self.query(Drawn):
            if widget.region.size:
                for y, line in enumerate(widget.lines, widget.region.y - top):
                    for word in _WORD.findall(line):
                        yield word, y
