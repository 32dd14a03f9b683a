"""How much the Lab trains, draws and keeps.

    python tests/benchmarks/lab.py

A net of 2-8-8-1 in batches of 10, at 120×36 unless said. Times are CPU times, medians of many: what
else the machine does is not in them. Steps while painting are by the clock, with the app in this
process drawing every scene it gets. Keys are waited for in terminals of their own, the ten-line app's in
turn with the Lab's while it trains as fast as it goes: their ratio is what counts.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import resource
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from app import TEN_LINES, Terminal, spread
from textual._compositor import ChopsUpdate

from drops.clock import now
from drops.colours import LEVELS
from drops.course.parse import library_folders, load
from drops.networks.lab.bench import Bench
from drops.networks.lab.judge import judge
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.scene import Scene, Sizes, scene, wall
from drops.store.file.glance import glance
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.lab.runner import SPEEDS
from drops.tui.screens.lab.screen import LabScreen
from drops.tui.terminal.stretches import Stretches

LINE = "circle 2-8-8-1"
SIZES = Sizes((6, 6), (44, 40))


def row(what: str, value: float, unit: str, must: str = "") -> None:
    sys.stdout.write(f"{what:<52} {value:>12,.2f} {unit:<14} {must}\n")


def cpu(act: Callable[[], object], times: int = 30) -> float:
    """Milliseconds of CPU, the median."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        act()
        taken.append(time.process_time() - began)
    return 1000 * statistics.median(taken)


def engine() -> None:
    bench = Bench(read_line(LINE))
    began = time.process_time()
    bench.go(20_000)
    row("steps, nothing drawn", 20_000 / (time.process_time() - began), "a second")
    many = Bench(read_line(LINE), range(20))
    began = time.process_time()
    many.go(2_000)
    row("steps of 20 seeds", 40_000 / (time.process_time() - began), "net-steps/s")
    row(
        "a line read and printed",
        1000 * cpu(lambda: print_line(read_line("spiral x y 2-8-8-1 relu adam .01"))),
        "µs",
    )
    row("a new net with its rows", cpu(lambda: Bench(read_line(LINE))), "ms", "must 12")
    row("20 seeds built", cpu(lambda: Bench(read_line(LINE), range(20)), 8), "ms")
    row("a scene", cpu(lambda: scene(bench, SIZES, LEVELS)), "ms")
    row("20 maps", cpu(lambda: wall(many, (12, 12), LEVELS), 8), "ms")
    began = time.process_time()
    list(judge(read_line("circle 2-4-1"), 2000, range(100)))
    row("100 seeds judged, circle 2-4-1, 2,000 steps", time.process_time() - began, "s", "must 8")


class Counting(DropsApp):
    """Counts what a terminal would be sent: a test's app sends nothing."""

    written: list[int] = []  # noqa: RUF012  bytes of each update

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, ChopsUpdate):
            renderable = Stretches(renderable.chops, renderable.spans, renderable.chop_ends)
        if hasattr(renderable, "render_segments"):
            self.written.append(len(renderable.render_segments(self.console).encode()))
        super()._display(screen, renderable)


def later_scenes(lab: LabScreen, count: int) -> list[Scene]:
    """Scenes of a training, ten steps apart."""
    found = []
    for _ in range(count):
        lab.runner.desk.run(10)
        found.append(scene(lab.runner.desk.bench, lab.runner.view.sizes, LEVELS))
    return found


def paint(lab: LabScreen, scenes: Iterator[Scene]) -> None:
    made = next(scenes)
    lab.runner.scene = made
    lab.runner.looks += 1
    lab.runner.history.append((made.step, *made.losses))
    lab.picture.redraw()


async def settle(lab: LabScreen, pilot: Any) -> None:
    for _ in range(3):
        await lab.runner.idle()
        await pilot.pause()


def memory() -> float:
    """Megabytes that the app holds in a terminal of its own, after some seconds as fast as it goes."""
    with tempfile.TemporaryDirectory() as home:
        pid, terminal = pty.fork()
        if not pid:
            os.execv(sys.executable, [sys.executable, "-m", "drops", "--home", home, "lab", LINE])  # noqa: S606
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        for wait, keys in ((4, b"4"), (6, b"")):
            until = time.monotonic() + wait
            while time.monotonic() < until:
                if select.select([terminal], [], [], 0.1)[0]:
                    os.read(terminal, 1 << 16)
            os.write(terminal, keys)
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        os.kill(pid, signal.SIGTERM)
        os.close(terminal)
        os.waitpid(pid, 0)
        return pages * resource.getpagesize() / 1e6


WORDS = (b"2-8-8-1", b"tanh", b"adam", b".03", b"noise 0", b"rows 600", b"test .5", b"bce", b"batch 10")
RIGHT, LEFT = b"\x1b[C", b"\x1b[D"
IN_LAB = """
import sys
from drops.cli.main import main
sys.argv = ['drops', '--home', {home!r}, 'lab', *{line!r}.split()]
sys.exit(main())
"""


Waits = list[tuple[float, float]]  # from each key to what it paints: seconds, and seconds of CPU


def timed(terminal: Terminal, act: Callable[[], float]) -> tuple[float, float]:
    began = terminal.clock
    return act(), terminal.clock - began


def keys_of_ten_lines() -> Waits:
    terminal = Terminal(TEN_LINES)
    terminal.until(b"Begin")
    terminal.quiet(0.6)
    times = []
    for _ in range(28):
        times.append(timed(terminal, partial(terminal.key, b"x")))
        terminal.quiet(0.03)
    terminal.kill()
    return times


def keys_in_the_lab() -> Waits:
    """The same where a net trains and is painted: from word to word of the line, each painted only by its key."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(IN_LAB.format(home=home, line=LINE))
        terminal.until(b"batch 10")
        terminal.watch(1)
        os.write(terminal.fd, b"4")
        terminal.watch(2)
        os.write(terminal.fd, b"\t" + RIGHT)
        terminal.watch(0.5)
        times = []
        for _ in range(2):
            for key, words in ((RIGHT, WORDS), (LEFT, WORDS[-2::-1])):
                for word in words:
                    times.append(timed(terminal, partial(terminal.key_shows, key, word)))
                    terminal.watch(0.07)
            os.write(terminal.fd, LEFT)
            terminal.watch(0.2)
        terminal.kill()
        return times


def keys(rounds: int = 4) -> None:
    ten, lab = [], []
    for _ in range(rounds):
        ten += keys_of_ten_lines()
        lab += keys_in_the_lab()
    for at, what in enumerate(("by the clock", "of CPU, the training's with it")):
        ours, theirs = (spread([one[at] for one in waits]) for waits in (lab, ten))
        for name in ours:
            row(f"keys in the Lab, {name[4:-3]} {what}", ours[name], "ms", f"ten lines {theirs[name]:.1f}")
        ratio = ours["key p95 ms"] / theirs["key p95 ms"]
        row(f"… its p95 by the ten-line app's, {what}", ratio, "times", "" if at else "must 3")


def no_study() -> Any:
    raise AssertionError("the Lab opens, trains and paints without the study")


async def face(size: tuple[int, int]) -> None:
    library = load(library_folders(None))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        app = Counting(
            lambda: today(library, glance(home), now()),
            no_study,
            now,
            lambda: library,
            home=home,
        )
        async with app.run_test(size=size) as pilot:
            await app.open_lab(LINE)
            lab = app.screen
            assert isinstance(lab, LabScreen)
            await settle(lab, pilot)
            name = f"{size[0]}×{size[1]}"
            lab.runner.do(lambda desk: desk.run(200))
            await lab.runner.idle()
            for what, running, must in (
                ("all at once", False, ""),
                ("in turns, as it trains", True, "must 2"),
            ):
                scenes = iter(later_scenes(lab, 60))
                lab.runner.running = running  # the thread waits meanwhile: nothing is asked of it
                row(f"{name}: drawn {what}", cpu(partial(paint, lab, scenes), 60), "ms", must)
            lab.runner.running = False
            await settle(lab, pilot)
            for what, key in (("as it opens", "2"), ("as fast as it goes", "4")):
                lab.runner.pace = SPEEDS[key]
                lab.runner.do(lambda desk: desk.back(desk.step))
                lab.runner.go(running=True)
                await asyncio.sleep(0.5)
                first, began, app.written = lab.runner.desk.step, time.perf_counter(), []
                await asyncio.sleep(3)
                took, gone = time.perf_counter() - began, lab.runner.desk.step - first
                must = "must 5,000" if key == "4" else ""
                row(f"{name}, {what}: steps while painting", gone / took, "a second", must)
                row(f"{name}, {what}: frames", len(app.written) / took, "a second")
                most = "12" if size[0] >= 120 else "6"
                row(
                    f"{name}, {what}: bytes a frame",
                    statistics.fmean(app.written) / 1000,
                    "KB",
                    f"must {most}",
                )
            lab.runner.go(running=False)
            await lab.runner.idle()


def main() -> None:
    os.environ.pop("NO_COLOR", None)
    os.environ.update(COLORTERM="truecolor", TERM="xterm-256color")
    for size in ((120, 36), (80, 24)):
        asyncio.run(face(size))
    engine()
    keys()
    row("memory in a terminal, while it trains (RSS)", memory(), "MB", "must 85")


if __name__ == "__main__":
    main()
