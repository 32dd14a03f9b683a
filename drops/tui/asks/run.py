"""A live training: pulled a few milliseconds at a time, so that no key ever waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.timer import Timer

from drops.clock import ticks
from drops.exercises.blocks import Frame, Run, Words
from drops.tui.asks.asking import Asking, prompt
from drops.tui.base.ink import Inks, Lines, written
from drops.tui.blocks import blocks, pixels
from drops.tui.blocks.blocks import Hands

PULLS = 60  # turns a second at the engine: short ones, since a key waits for the end of one
CHUNK = 0.0025  # seconds of a turn
PAINTS = 12  # pictures a second


class AskRun(Asking):
    """Space starts and pauses; r runs again with another seed; Enter goes on at any time."""

    ask: Run
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "start or pause"),
        Binding("r", "again", "again, another seed"),
    ]

    def __init__(self, ask: Run, *, still: bool = False) -> None:
        super().__init__()
        self.ask = ask
        self.still = still  # reduced motion: only the last frame is painted
        self.seed = 0
        self.frame: Frame | None = None  # the last one, also while the next run still has none
        self.over = False
        self.frames: Iterator[Frame | None] | None = None
        self.running = False
        # what a run holds open over its pauses (numpy.errstate) must be closed in the context it began in
        self._within = copy_context()
        self._painted, self._done = 0.0, 0.0
        self._timer: Timer | None = None

    @property
    def goes(self) -> str:
        return "run" if self.frames is None else "go on"

    def answer(self) -> str:
        return ""

    def start(self) -> None:
        """From the beginning, with the present seed."""
        self._close()
        self.frames = self.ask.frames(self.seed)
        self.over, self.running, self._done = False, True, 0.0
        if self._timer is None:
            self._timer = self.set_interval(1 / PULLS, self._turn)
        self._timer.resume()
        self.redraw()

    def stop(self) -> None:
        """Cancels the run: nothing goes on behind another page."""
        self.running = False
        if self._timer is not None:
            self._timer.stop()
        self._close()

    def _close(self) -> None:
        close = getattr(self.frames, "close", None)
        if close is not None:
            self._within.run(close)

    def on_unmount(self) -> None:
        self.stop()

    def action_pause(self) -> None:
        if self.frames is None:
            self.start()
        elif not self.over:
            self.running = not self.running
            self.redraw()

    def action_again(self) -> None:
        self.seed += 1
        self.start()

    def _turn(self) -> None:
        """One turn: as many pulls as fit into a few milliseconds, and a painting if it is time."""
        if not self.running or self.frames is None:
            return
        until = ticks() + CHUNK
        while ticks() < until:
            pulled = self._within.run(next, self.frames, self)
            if isinstance(pulled, Frame):
                self.frame, self._done = pulled, pulled.done
            if pulled is self or self._done >= 1:
                self.over, self.running = True, False
                break
        if not self.running or (not self.still and ticks() - self._painted >= 1 / PAINTS):
            self._painted = ticks()
            self.redraw()
        if not self.running and self._timer is not None:
            self._timer.pause()
            self.screen.refresh_bindings()

    def draw(self, width: int, ink: Inks) -> Lines:
        out = prompt(self.ask.prompt, width, ink)
        if self.frames is None:
            return [*out, [Segment("▸ space starts it", ink.act)]]
        frame = self.frame
        says: Lines = []
        if frame is not None and self._done and not any(isinstance(one, Words) for one in frame.show):
            says = written(frame.says, min(width, 80), ink.text)  # where the frame does not say it itself
        if frame is not None:
            more = len(out) + 2 + len(says)
            out += [*blocks.fitted(frame.show, width, ink, Hands(tall=self.room()), more), []]
        state = "done" if self.over else "running" if self.running else "paused"
        seed = f" · seed {self.seed + 1}" if self.seed else ""
        room = 0 if self.over else max(10, min(40, width - 20))
        bar = pixels.bar(self._done * room)
        drawn = [Segment(bar, ink.accent), Segment("░" * (room - len(bar)) + "  " * (room > 0), ink.rule)]
        return [*out, [*drawn, Segment(f"{state}{seed}", ink.dim)], *says]
