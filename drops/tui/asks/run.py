"""A live training as a show: pulled a few milliseconds at a time, and played at a pace of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widget import Widget

from drops.clock import ticks
from drops.exercises.blocks import Frame, Knob, Nudges, Run, Sheet, Words
from drops.exercises.nudges import RATE, told
from drops.tui.asks.asking import Asking, prompt
from drops.tui.asks.player import LASTS, SPEEDS, Player
from drops.tui.asks.pulls import Pulls
from drops.tui.asks.ruler import ruler
from drops.tui.base.ink import Inks, Lines, written
from drops.tui.blocks import blocks
from drops.tui.blocks.blocks import Hands
from drops.tui.blocks.prose import prose

PULLS = 60  # turns a second at the engine: short ones, since a key waits for the end of one
PAINTS = 15  # pictures a second
SEEN = 9  # lines of it that are on the screen before it plays


class AskRun(Asking):
    """Space pauses, ← → go from moment to moment, 1 to 4 set the speed; Enter goes on at any time."""

    ask: Run
    grows = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "pause or go on"),
        Binding("left", "scrub(-1)", "scrub", key_display="←→"),
        Binding("right", "scrub(1)", "forward", show=False),
        Binding("left", "turn(-1)", "turn", key_display="←→"),
        Binding("right", "turn(1)", "turn up", show=False),
        *(Binding(key, f"speed('{key}')", f"speed {key}", show=False) for key in SPEEDS),
        Binding("down,tab", "other(1)", "what to turn", key_display="↑↓"),
        Binding("up,shift+tab", "other(-1)", "what to turn, upwards", show=False),
        Binding("n", "nudge", "nudge it"),
        Binding("end", "finish", "result"),
        Binding("r", "again", "other starts"),
        Binding("d", "turning", "where it is decided"),
    ]

    def __init__(self, ask: Run, *, still: bool = False) -> None:
        super().__init__()
        self.ask = ask
        self.still = still  # reduced motion: only the last frame is painted
        self.seed = 0
        self.nudges: Nudges = ()
        self.turned: dict[str, float] = {}  # by knob, what it goes on with
        self.hand: int | None = None  # which knob is turned
        self.player = Player()
        self.frame: Frame | None = None  # what is shown; of the run before, while this one still has none
        self.skipped = False  # brought to its end by Enter
        self.pulls: Pulls | None = None  # what computes it
        self.running = False
        self._painted, self._turned = 0.0, 0.0
        self._seen = 0.0  # the place of what is shown
        self._below: tuple[int, int] | None = None  # width and lines that it does not fit
        self._ended = False  # whether what it came to was brought into sight
        self._placed = 0, 0  # the first and the last line of what is played
        self._pictured: tuple[Frame, object, Lines] | None = None  # what was drawn last, for which place
        self._timer: Timer | None = None

    @property
    def computed(self) -> bool:
        """Whether the engine is at its end."""
        return self.pulls is not None and self.pulls.over

    @property
    def over(self) -> bool:
        """Whether it has been seen to its end."""
        return self.computed and self.player.over

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in ("scrub", "speed"):
            return self.pulls is not None and not (action == "scrub" and self.hand is not None)
        if action == "finish":
            return self.pulls is not None and not self.over
        if action == "nudge":
            at = self.frame
            return self.ask.nudged is not None and not self.running and at is not None and 0 < at.done < 1
        if action in ("other", "turn"):
            return self.hand is not None
        if action == "turning":
            return self.player.turning is not None
        return super().check_action(action, parameters)

    @property
    def goes(self) -> str:
        return "run" if self.pulls is None else "result" if self._keeps_something else "go on"

    @property
    def _keeps_something(self) -> bool:
        """Whether there is something that it says at its end, and nobody has asked for that yet."""
        return bool(self.ask.closes) and not self.over and not self.skipped

    def go(self) -> bool:
        """Enter starts it, or brings it to what it says at its end. Whether to leave it instead."""
        self.skipped = (goes := self.goes) == "result"
        if goes != "go on":
            self.start() if goes == "run" else self.action_finish()
        return goes == "go on"

    @property
    def calls(self) -> dict[str, str]:
        """What its keys do now, in a word or two: a row of 60 columns holds them."""
        space = "again" if self.over else "play"
        if self.pulls is None or self.running:
            space = "pause" if self.running else "start"
        return {"pause": space, "again": "new start", "other(1)": "another"} | (
            {"nudge": "put it down"} if self.hand is not None else {}
        )

    def answer(self) -> str:
        return ""

    def start(self) -> None:
        """From the beginning, with the present seed."""
        self._take_up(self.ask.frames(self.seed), needed=self.ask.needed)
        self.player, self._seen = Player(LASTS), 0.0
        self.nudges, self.skipped, self._ended = (), False, False
        self._put_down()
        self.running, self._turned = True, ticks()
        if self._timer is None:
            self._timer = self.set_interval(1 / PULLS, self._turn)
        self._timer.resume()
        self.redraw()

    def _take_up(self, frames: Iterator[Frame | None], *, needed: bool = False) -> None:
        """Another run from now on; what still comes of the one before is let go of."""
        if self.pulls is not None:
            self.pulls.close()
        self.pulls = Pulls(frames, needed=needed)

    def give_way(self) -> None:
        """A key of this page comes first: the engine waits until what it does is painted."""
        if self.pulls is not None:
            self.pulls.give_way()

    def look(self) -> None:
        """Shows the moment that the show is at. A key that only stops it leaves what is on the screen:
        another moment would have to be drawn first.
        """
        self.frame, self._seen = self.player.frame or self.frame, self.player.place

    def redraw(self) -> None:
        self.give_way()
        super().redraw()
        if self.pulls is not None:
            self.call_after_refresh(self.pulls.go_on)

    def stop(self) -> None:
        """Cancels the run: nothing goes on behind another page."""
        self.running = False
        if self._timer is not None:
            self._timer.stop()
        if self.pulls is not None:
            self.pulls.close()

    def let_go(self) -> asyncio.Future[None] | None:
        """Nobody watches any more; what comes when all that is needed is computed, if it is not yet."""
        self.stop()
        going = None if self.pulls is None else self.pulls.going
        return None if going is None or going.done() else going

    def on_unmount(self) -> None:
        self.stop()

    def action_pause(self) -> None:
        if self.pulls is None:
            self.start()
        elif not self.running and self.turned:
            self._go_another_way()
        else:
            if self.player.over:  # from its end it begins once more
                self.player.place, self.player.hurries = 0.0, False
                self.look()
            elif self.running:
                self.player.place = self._seen
            self._go_on(running=not self.running)

    def action_nudge(self) -> None:
        """Takes a knob in hand, or puts it down: what is turned holds from the moment that is shown."""
        if self.hand is None:
            self.hand = 0
        else:
            self._put_down()
        self.redraw()

    def action_other(self, by: int) -> None:
        assert self.hand is not None
        self.hand = (self.hand + by) % len(self.ask.knobs)
        self.redraw()

    @property
    def _knob(self) -> Knob:
        """The knob in hand."""
        assert self.hand is not None
        return self.ask.knobs[self.hand]

    def _value(self, knob: Knob) -> float:
        """Where a knob stands at the moment that is shown: a weight is moved once, a rate is kept."""
        before = [to for at, name, to in self.nudges if name == knob.name == RATE and at <= self.player.place]
        return self.turned.get(knob.name, before[-1] if before else knob.start)

    def action_turn(self, by: int) -> None:
        knob = self._knob
        to = knob.nearest(self._value(knob) + by * knob.step)
        self.turned.pop(knob.name, None)
        if to != self._value(knob):  # turned back to where it stood, nothing goes another way
            self.turned[knob.name] = to
        self.redraw()

    def _put_down(self) -> None:
        self.turned, self.hand = {}, None

    def _go_another_way(self) -> None:
        """From the moment that is shown with what was turned; what was kept of later ones is let go of."""
        assert self.ask.nudged is not None
        at = self.player.cut()
        mine = ((at, name, to) for name, to in self.turned.items())
        self.nudges = (*(one for one in self.nudges if one[0] < at), *mine)
        self._take_up(self.ask.nudged(self.seed, self.nudges))
        self._go_on(running=True)

    def _go_on(self, *, running: bool) -> None:
        if running:
            self._put_down()
        self.running, self._turned = running, ticks()
        if self._timer is not None:
            self._timer.resume()
        self.redraw()

    def action_scrub(self, by: int) -> None:
        self.player.scrub(by)
        self.look()
        self._go_on(running=False)

    def action_speed(self, key: str) -> None:
        self.player.speed, self.player.hurries = SPEEDS[key], False
        self._go_on(running=True)

    def action_finish(self) -> None:
        """To the result; where it is not computed yet, as soon as it is."""
        self._put_down()
        self.player.finish()
        self.look()
        self._go_on(running=not self.computed)

    def action_turning(self) -> None:
        self._put_down()
        self.player.to_turning()
        self.look()
        self._go_on(running=False)

    def action_again(self) -> None:
        self.seed += 1
        self.start()

    def _turn(self) -> None:
        """One turn: what was pulled meanwhile is taken, the next pulls begin, and a painting if it is time.

        The engine runs ahead of what is shown, also while the show is paused.
        """
        if self.pulls is None:
            return
        for moment in self.pulls.take():
            self.player.keep(moment)
        now = ticks()
        if self.running and self._in_sight:
            self.player.hurries = self.player.hurries or self.still
            self.player.advance(now - self._turned)
            self.running = not (self.computed and self.player.over)
        self._turned = now
        if self.over or (self.running and not self.still and now - self._painted >= 1 / PAINTS):
            self._painted = now
            self.look()
            self.redraw()
        if self.over and not (self._ended or self.still) and self.sight is not None:
            self._ended = True
            self.call_after_refresh(self.sight, self)
        if self.computed and not self.running and self._timer is not None:
            self._timer.pause()
            self.screen.refresh_bindings()

    @property
    def _in_sight(self) -> bool:
        """Whether what it shows is on the screen: nothing is played below the fold."""
        bodies = (node for node in self.ancestors if isinstance(node, Widget) and node.id == "body")
        seen = self.region.intersection(next(bodies, self).region)
        return seen.height >= min(SEEN, self.region.height)

    def draw(self, width: int, ink: Inks) -> Lines:
        out = prompt(self.ask.prompt, width, ink)
        if self.pulls is None:
            return [*out, [Segment("▸ space starts it", ink.act)]]
        frame = self.frame
        told = prose(self.ask.closes, min(width, 80), ink) if self.ask.closes else []
        # until it is over its place alone: no picture shrinks at the end
        says: Lines = told if self.over else [[]] * len(told)
        if not told and frame and frame.done and not any(isinstance(o, Words | Sheet) for o in frame.show):
            says = written(frame.says, min(width, 80), ink.text)  # where the frame does not say it itself
        stands = self._stands(width, ink)
        if frame is None:
            return [*out, *stands]
        room, more = self.room(), len(out) + 1 + len(stands) + len(says)
        if self._below != (width, room):
            shown = self._fitted(frame, width, ink, room, more)
            if not 0 < room < more + len(shown):
                self._placed = len(out), more + len(shown) - 1
                return [*out, *shown, [], *stands, *says]
            self._below = width, room
        # it is scrolled to: where it stands first, then its pictures, as large as both are seen together
        shown = self._fitted(frame, width, ink, max(1, self.whole() - len(stands) - 1), 0)
        first, last = (told if self.over else [], []) if told else ([], [[], *says] if says else [])
        played: Lines = [*stands, *first, [], *shown, *last]
        if self.over and len(played) > self.whole():  # it is seen with all that it says
            played = [line for line in played if line]
        self._placed = len(out), len(out) + len(played) - 1
        return [*out, *played]

    def _fitted(self, frame: Frame, width: int, ink: Inks, tall: int, more: int) -> Lines:
        """Its pictures; a key that changes only what stands below them does not draw them anew."""
        place, last = (width, ink, tall, more), self._pictured
        if last is None or last[0] is not frame or last[1] != place:
            lines = blocks.fitted(frame.show, width, ink, Hands(tall=tall, fill=True), more)
            self._pictured = last = frame, place, lines
        return last[2]

    @property
    def in_view(self) -> tuple[int, int] | None:
        """Where it stands, and its pictures."""
        return self._placed if self.frame is not None else super().in_view

    def _stands(self, width: int, ink: Inks) -> Lines:
        """Where the show is, what is turned of it, and below it where it was decided."""
        player = self.player
        state = "done" if self.over else "running" if self.running else "paused"
        state += f" · starts {self.seed + 1}" if self.seed else ""
        line, decided = ruler(player, state, width, ink, running=self.running)
        out = [line]
        if self.hand is not None:
            text = f"▸ {self._knob.label}  {self._knob.told(self._value(self._knob))}"
            out.append([Segment(text, ink.act)])
            left = width - cell_len(text)
            for key in ("   space goes on from here", "   ←→ turn", "   ↑↓ another"):
                if cell_len(key) <= left:
                    out[-1].append(Segment(key, ink.dim))
                    left -= cell_len(key)
        elif self.nudges:
            out += written(f"   {told(self.ask.knobs, self.nudges)}", width, ink.dim)
        turning = player.turning
        if turning and turning[0] <= player.place + 1e-9:
            text = f"▴ {turning[1]}"
            start = max(0, min(decided, width - cell_len(text)))
            return [*out, [Segment(" " * start), Segment(text, ink.bold)]]
        return [*out, []] if turning or not self.computed else out  # its place: nothing moves when it comes
