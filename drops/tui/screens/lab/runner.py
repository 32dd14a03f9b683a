"""The Lab's engine in a thread of its own: it does what keys ask for in their order, and trains between them.

The face never waits: it paints the last scene there is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import sleep
from typing import NamedTuple

from drops.clock import ticks
from drops.colours import LEVELS
from drops.errors import DropsError
from drops.networks.lab import instruments, look
from drops.networks.lab.bench import Bench
from drops.networks.lab.challenges import Ruling, find, judge_lines
from drops.networks.lab.desk import Desk
from drops.networks.lab.glimpse import Glimpse
from drops.networks.lab.instruments import InstrumentPanel
from drops.networks.lab.look import RowTold
from drops.networks.lab.recipe import Recipe, print_line
from drops.networks.lab.scene import FIRST_TWO, Axes, Place, Scene, Sizes, Wall, scene, wall
from drops.networks.lab.told import OwnBest, ruling_as_lines
from drops.networks.lab.why import Sum, explain, sum_of
from drops.text import in_percent
from drops.tui.terminal.network import over_a_network

PAINTS, FAR = 30, 10  # scenes a second, and over a network; of each the net or its other side is painted
SLOWEST = 4  # … of a terminal that does not keep up
STEADY = 30  # scenes in time after which there are more of them again
BITE = 0.002  # seconds of training between two looks at the keys
PATIENCE = 0.05  # seconds that training waits at most for what is painted
SEEDS = 20
SPEEDS = {"1": 60, "2": 600, "3": 5000, "4": 10**9}  # steps a second that the digits allow
Job = Callable[[], None]
Loss = tuple[int, float, float]  # step, loss in training, loss held back


class View(NamedTuple):
    """What the face wants to see: its sizes, the unit in hand, and what stands in the map's place."""

    sizes: Sizes
    focus: Place | None = None
    hard: bool = False
    why: bool = False  # the sum of that unit stands in the map's place
    row: int = 0  # of the training rows: whose numbers those are
    sheet: str = ""  # of what else the sheet is: a weight, "L"
    instrument: str = ""  # whose panel stands below the map; "" for the loss
    probed: bool = False  # that row is told
    axes: Axes = FIRST_TWO  # of many columns the two that the map spans


class Runner:
    """Owns the desk. `painted` is called in the app's loop when there is a new scene; `behind` says whether
    the terminal has not yet taken the last one."""

    def __init__(self, recipe: Recipe, painted: Callable[[], None], behind: Callable[[], bool]) -> None:
        self.view = View(Sizes((10, 10), (40, 40)))
        self.scene: Scene | None = None
        self.lost_at = 0  # what is seen is the last moment before the loss of this step, which is no number
        self.looks = 0  # how often there was something new to paint
        self.wall: Wall | None = None
        self.why: Sum | None = None
        self.sheet: list[str] = []  # where a weight's next step, or the loss, comes from
        self.panel: InstrumentPanel | None = None
        self.glimpse: Glimpse | None = None  # of what is offered
        self._wanted: Callable[[], Glimpse] | None = None
        self.history: list[Loss] = []  # to the newest moment, also while an earlier one is seen
        self.probed: RowTold | None = None  # what the net hears at a row, and says of it
        self.problem = ""  # why the last key did nothing
        self.judged = ""  # what a hundred unseen seeds make of the line, or how far they are
        self._judging: Iterator[float | Ruling] | None = None
        self.running = False
        self.speed, self.pace = 0.0, SPEEDS["2"]  # steps a second: as it is, and at most
        self._start, self._painted = recipe, painted
        self._behind = behind
        self.paints = self._most = FAR if over_a_network() else PAINTS
        self._late, self._in_time = False, 0
        self._jobs = SimpleQueue[Job | None]()
        self._loop = asyncio.get_running_loop()
        self._bite = 1
        self._free = Event()  # cleared while the face has something to do: both at once take twice as long
        self._free.set()
        self._clock, self._gone = 0.0, 0  # when it set off, and the steps since
        self._many: Bench | None = None
        self._other: Desk | None = None  # what is compared with, as it was when the line was forked
        self.other: Scene | None = None
        self.other_line = ""
        self.other_history: list[Loss] = []
        self.thread = Thread(target=self._work, name="lab", daemon=True)
        self.thread.start()

    # ── from the face ──────────────────────────────────────────────────────────────────────
    def do(self, job: Callable[[Desk], object]) -> None:
        """Does something at the desk when all before it is done."""
        self._jobs.put(lambda: self._safely(job))

    def go(self, *, running: bool) -> None:
        """Trains on, or stops."""
        self._jobs.put(lambda: self._set_off(running=running))

    def look(self, view: View) -> None:
        """Shows the same moment in another way; where that is no other way, nothing is to be made."""
        if view == self.view:
            return
        self.view = view
        self._jobs.put(lambda: None)

    def show_wall(self, *, shown: bool) -> None:
        """Twenty seeds of this line, trained to the same step, or the one net again."""
        self._jobs.put(lambda: self._open_wall() if shown else self._close_wall())

    def compare(self, *, shown: bool) -> None:
        """Forks here: what stands now trains on beside what is changed from now on. Or lets that go."""
        self._jobs.put(self._fork if shown else self._join)

    def judge(self, name: str, before: OwnBest | None, note: Callable[[Ruling], None]) -> None:
        """Has a hundred unseen seeds do a challenge with this line. `before` is the best that was done of it;
        `note` is told in the app's loop what came of it."""

        def start(desk: Desk) -> None:
            task, self.judged = find(name), ""
            recipes = [desk.recipe]
            if task.then and self._other is not None:
                recipes = [self._other.recipe, desk.recipe]
            steps = task.trained(desk.step)
            if refused := task.refusal(recipes[0], recipes[1] if recipes[1:] else None, steps):
                raise DropsError(refused)
            self.running, self._judging = False, judge_lines(task, recipes, steps)
            self._task, self._before, self._note = task, before, note

        self.do(start)

    def show_glimpse(self, make: Callable[[], Glimpse] | None) -> None:
        """Makes a glimpse of what is offered, unless by then another is wanted."""
        self._wanted, self.glimpse = make, None

        def show(_: Desk) -> None:
            if make is not None and make is self._wanted:
                self.glimpse = make()

        self.do(show)

    def give_way(self) -> None:
        """Trains no further until the face has painted what is to come."""
        self._free.clear()

    def go_on(self) -> None:
        """The face has painted."""
        self._free.set()

    def end(self) -> None:
        self._jobs.put(None)
        self.go_on()

    async def idle(self) -> None:
        """When all that was asked for is done."""
        done = self._loop.create_future()
        self._jobs.put(lambda: self._tell(lambda: done.set_result(None)))
        await done

    # ── in the thread ──────────────────────────────────────────────────────────────────────
    def _work(self) -> None:
        self.desk = Desk(self._start)
        self._look()
        shown, counted, since = ticks(), self.desk.step, ticks()
        while True:
            job = self._next()
            if job is None:
                return
            try:
                job()
            except Exception as error:  # a fault of ours: the app hears of it, and the thread lives
                self._tell(partial(_raised, error))
            now = ticks()
            if now - since >= 0.5:
                self.speed = max(0.0, (self.desk.step - counted) / (now - since)) if self.running else 0.0
                counted, since = self.desk.step, now
            if job != self._train or (now - shown >= 1 / self.paints and self._can_show()):
                shown = now
                self._look_safely()

    def _can_show(self) -> bool:
        """Whether the last scene has arrived by the time that the next one is due. Where one comes late, half
        as many are made: a slow terminal is given what it can take."""
        if not self._free.is_set() or self._behind():
            self._late = True
            return False
        if self._late:
            self.paints, self._in_time = max(SLOWEST, self.paints // 2), 0
        elif (in_time := self._in_time + 1) >= STEADY:
            self.paints, self._in_time = min(self._most, self.paints * 2), 0
        else:
            self._in_time = in_time
        self._late = False
        return True

    def _look_safely(self) -> None:
        try:
            self._look()
        except Exception as error:  # as above
            self._tell(partial(_raised, error))

    def _next(self) -> Job | None:
        """What was asked for first; where nothing was, a bite of training."""
        try:
            return self._jobs.get(block=not self._busy)
        except Empty:
            return self._train

    @property
    def _busy(self) -> bool:
        return (
            self.running
            or self._judging is not None
            or self._lags
            or (self._many is not None and self._many.step < self.desk.step and not self._many.lost)
        )

    @property
    def _lags(self) -> bool:
        """Whether what is compared with has to be trained on."""
        other = self._other
        return other is not None and other.step < self.desk.step and not other.ended

    def _train(self) -> None:
        """Some steps, about as many as a bite has time for."""
        if not self._free.wait(PATIENCE):
            self.go_on()
        began = ticks()
        if self._judging is not None:
            self._judge(began)
            return
        due = min(self._bite, int((began - self._clock) * self.pace - self._gone))
        if self.running and due > 0:
            self.desk.run(due)
            self._gone += due
            self.running = not self.desk.ended
        if self._many is not None:
            self._many.go(min(self._bite, self.desk.step - self._many.step))
        if self._other is not None and self._lags:
            self._other.run(min(max(self._bite, due), self.desk.step - self._other.step))
        if due <= 0 and self._many is None and not self._lags:
            sleep(BITE)  # the pace is slower than the engine
            return
        took = ticks() - began
        self._bite = max(
            1, min(500, self._bite * 2 if took < BITE / 2 else self._bite // 2 if took > BITE else self._bite)
        )

    def _judge(self, began: float) -> None:
        """A bite of the hundred."""
        assert self._judging is not None
        for found in self._judging:
            if isinstance(found, Ruling):
                self.judged = ruling_as_lines(self._task, found, self._before)[0]
                self._judging = None
                self._tell(partial(self._note, found))
                self._look()
                return
            self.judged = f"a hundred unseen starts … {in_percent(found)}"
            if ticks() - began >= BITE:
                return

    def _set_off(self, *, running: bool) -> None:
        self.running, self._clock, self._gone = running, ticks(), 0

    def _safely(self, job: Callable[[Desk], object]) -> None:
        self.problem = ""
        if self._judging is None:
            self.judged = ""
        line = self.desk.recipe
        try:
            job(self.desk)
        except DropsError as error:
            self.problem = str(error)
        if self._judging is not None and self.desk.recipe != line:  # a verdict is of the line that is seen
            self._judging, self.judged = None, ""
            self.problem = "the line changed while it was judged; j judges it anew"
        if self._many is not None and self._walled != self.desk.recipe:
            self._open_wall()
        if self._other is not None and self._other.step > self.desk.step:
            self._other.follow(self.desk.step)

    def _fork(self) -> None:
        self._other, self.other_history = self.desk.fork(), list(self.history)

    def _join(self) -> None:
        self._other, self.other, self.other_line = None, None, ""

    def _open_wall(self) -> None:
        self._walled = recipe = self.desk.recipe
        self._many = Bench(recipe, range(recipe.seed, recipe.seed + SEEDS))

    def _close_wall(self) -> None:
        self._many = self.wall = None

    def _look(self) -> None:
        """Makes what the face paints next."""
        bench, view = self.desk.bench, self.view
        axes = view.axes if max(view.axes) < bench.recipe.source.columns else FIRST_TWO
        self.scene = made = scene(
            bench, view.sizes, LEVELS, self._focus(view.focus), hard=view.hard, axes=axes
        )
        self.lost_at = self.desk.lost_at
        if self._many is not None:
            self.wall = wall(self._many, view.sizes.tile, LEVELS, axes)
        focus = self._focus(view.focus) or (len(bench.recipe.hidden) + 1, 0)
        layer, unit = focus if focus[0] else (len(bench.recipe.hidden) + 1, 0)
        self.why = sum_of(bench, layer, unit + 1, view.row) if view.why else None
        self.sheet = self._explained(bench, view) if view.sheet and self.why else []
        self.panel = instruments.read(bench, view.instrument) if view.instrument else None
        row = view.row % len(bench.train.X)
        self.probed = look.tell_row(bench, row) if view.probed else None
        self.history = _noted(self.history, made, self.desk.reached)
        if self._other is not None:
            self.other = scene(
                self._other.bench, Sizes((2, 2), view.sizes.big), LEVELS, hard=view.hard, axes=axes
            )
            self.other_line = print_line(self._other.recipe)
            self.other_history = _noted(self.other_history, self.other, self.other.step)
        self.looks += 1
        self.give_way()
        self._tell(self._painted)

    def _explained(self, bench: Bench, view: View) -> list[str]:
        """Where the number comes from that was asked for; nothing where the net has it no more."""
        try:
            return explain(bench, view.sheet, view.row)
        except DropsError:
            return []

    def _focus(self, focus: Place | None) -> Place | None:
        """The unit in hand, if the net still has it."""
        sizes = self.desk.bench.recipe.sizes
        return focus if focus and focus[0] < len(sizes) and focus[1] < sizes[focus[0]] else None

    def _tell(self, what: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the app has left
            self._loop.call_soon_threadsafe(what)


def _raised(error: Exception) -> None:
    raise error


def _noted(history: list[Loss], made: Scene, reached: int) -> list[Loss]:
    """The losses up to the newest moment with those of a scene, thinned where they are many."""
    behind = [one for one in history if made.step < one[0] <= reached]
    found = [one for one in history if one[0] < made.step] if made.step or behind else []
    found += [(made.step, *made.losses), *behind]
    if len(found) > 600:
        del found[1:-1:2]
    return found
