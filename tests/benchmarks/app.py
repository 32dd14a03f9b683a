"""How fast the app starts, answers a key, and leaves, beside a ten-line Textual app.

    python tests/benchmarks/app.py [rounds]

Both run in a pseudo-terminal, in turn, with a home of their own and their bytecode at hand, as an
installed program has it. Prints medians and ratios: absolute times say little on a shared machine,
ratios within one run do, and CPU time is quieter than the clock. Then keys while nets train and
maps are painted, beside the ten-line app's keys while nothing does; `drops today --json` beside
`python -c pass`; every page of every drop, and how long it keeps a key from being looked at; the
longest pull of every live run.

Memory is resident memory (RSS), shared pages of libraries included, and of it what no other
process has (USS). CPU time and memory are read from /proc: elsewhere they are not a number.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drops import catalog
from drops.clock import now
from drops.course.model import ExerciseFence
from drops.course.parse import library_folders, load
from drops.exercises import fading
from drops.exercises.blocks import Design, Figure, Run, Surface
from drops.memory.schedule import folded
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.pages import Page
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.asks.run import AskRun
from drops.tui.screens.coming import Standing
from drops.tui.screens.drop import DropScreen

ROOT = Path(__file__).parents[2]
TEN_LINES = """
from textual.app import App
from textual.widgets import Static
class Ten(App):
    BINDINGS = [("q", "quit", "quit"), ("x", "more", "more")]
    count = 0
    def compose(self):
        yield Static("Begin", id="text", markup=False)
    def action_more(self):
        self.count += 1
        self.query_one("#text").update(f"Begin {self.count}")
Ten().run()
"""
DROPS = "import sys; from drops.cli.main import main; sys.argv = ['drops', '--home', {home!r}]; sys.exit(main())"


WEIGHED = {"first page": 12, "run is done": 13, "peak": 8}  # and the columns that they take
BYTECODE = tempfile.TemporaryDirectory()


def with_bytecode() -> None:
    """What this process becomes keeps its bytecode; a first one, not counted, writes it."""
    os.environ["PYTHONPYCACHEPREFIX"] = BYTECODE.name
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


EVERYTHING = """
import filelock
import drops.cli.main, drops.course.markup, drops.study.study, drops.tui.keymap
list(drops.tui.keymap.places())
from drops.course.parse import library_folders, load
load(library_folders(None))
"""


class Terminal:
    """A program in a pseudo-terminal of 120 × 36."""

    def __init__(self, program: str) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS="120", LINES="36")
            with_bytecode()
            os.execv(sys.executable, [sys.executable, "-c", program])  # noqa: S606  # no shell between us
        self.seen = b""

    def read(self, seconds: float) -> bytes:
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            return b""
        self.seen += data
        return data

    def until(self, text: bytes, seconds: float = 30) -> float:
        """Seconds since the start until `text` was painted."""
        end = time.perf_counter() + seconds
        while text not in self.seen and time.perf_counter() < end:
            self.read(0.2)
        return time.perf_counter() - self.began

    def quiet(self, seconds: float = 0.15) -> None:
        while self.read(seconds):
            pass

    def watch(self, seconds: float) -> None:
        """Reads on, whatever comes."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.read(0.05)

    def key(self, key: bytes) -> float:
        """Seconds from a key to the first byte of what it paints."""
        start = time.perf_counter()
        os.write(self.fd, key)
        while not self.read(2):
            if time.perf_counter() - start > 2:
                break
        return time.perf_counter() - start

    @property
    def memory(self) -> dict[str, float]:
        """MB resident, and MB of its own."""
        try:
            text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        except OSError:
            return {"RSS MB": float("nan"), "USS MB": float("nan")}
        kb = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
        own = kb["Private_Clean"] + kb["Private_Dirty"]
        return {"RSS MB": kb["Rss"] / 1024, "USS MB": own / 1024}

    @property
    def peak(self) -> float:
        """MB that were resident at most."""
        try:
            text = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return float("nan")
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("VmHWM")) / 1024

    @property
    def cpu(self) -> float:
        """Seconds its threads have computed."""
        try:
            threads = list(Path(f"/proc/{self.pid}/task").glob("*/schedstat"))
            return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
        except OSError:
            return float("nan")

    @property
    def clock(self) -> float:
        """Seconds that all its threads have computed, to the microsecond; Linux alone lets others read it."""
        return time.clock_gettime((~self.pid << 3) | 2)

    def shows(self, text: bytes, seconds: float = 3) -> None:
        """Waits until `text` is painted anew."""
        self.seen, end = b"", time.perf_counter() + seconds
        while text not in self.seen and time.perf_counter() < end:
            self.read(0.05)

    def key_shows(self, key: bytes, text: bytes) -> float:
        """Seconds from a key to the painting of what only it can have painted."""
        start = time.perf_counter()
        os.write(self.fd, key)
        self.shows(text)
        return time.perf_counter() - start

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def leave(self) -> float:
        start = time.perf_counter()
        os.write(self.fd, b"q")
        while self.read(5):
            pass
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        return time.perf_counter() - start


def measured(program: str, keys: tuple[bytes, ...]) -> dict[str, float]:
    """One run: start, memory, some keys, leaving."""
    terminal = Terminal(program)
    out = {"cold start s": terminal.until(b"Begin"), "… of CPU s": terminal.cpu}
    terminal.quiet(0.6)  # whatever follows the first paint is done
    out |= terminal.memory
    times = []
    for _ in range(15):
        for key in keys:
            times.append(terminal.key(key))
            terminal.quiet(0.03)
    out |= spread(times)
    out["leaving s"] = terminal.leave()
    return out


def spread(times: list[float]) -> dict[str, float]:
    return {
        "key p50 ms": statistics.median(times) * 1000,
        "key p95 ms": sorted(times)[int(len(times) * 0.95)] * 1000,
    }


# While something runs ------------------------------------------------------------------------


def stands_at(home: Path, drop: int, wanted: Callable[[Page], bool]) -> bool:
    """A learner of our own answers a drop as far as the page that is wanted; whether there is one."""
    log = Log.open(home, folded(0.9), now=now())
    study = Study(load(library_folders(None)), log)
    session = study.begin(now(), drop=str(drop))
    while not (found := wanted(page := study.page(session))) and page.part != "end":
        if isinstance(page.ask, Design):  # none is right; any that is filled in goes on
            filled = "; ".join(field.filled for field in page.ask.fields)
            session, _ = study.answer(session, filled, now(), seconds=5)
        elif page.ask is not None and not isinstance(page.ask, Run):
            front = study._front(session)
            session, _ = study.answer(session, front.task.worked(front.ask).wanted, now(), seconds=5)
        session = study.turn(session, now())
    study.close()
    return found


def opened_at(home: Path, drop: int) -> Terminal:
    """The app on the page where the learner stands, by way of the path."""
    terminal = Terminal(DROPS.format(home=str(home)))
    terminal.until(b"path")
    terminal.quiet()
    terminal.key(b"p")
    terminal.quiet()
    for _ in range(drop - 1):
        terminal.key(b"j")
        terminal.quiet(0.03)
    terminal.key(b"\r")
    library = load(library_folders(None))
    stands, name = today(library, glance(home), now()), library.drop(str(drop)).id
    if stands.states[name] == "ahead" and name not in stands.begun:
        terminal.quiet()
        terminal.key(b"\r")  # asked first, read at the second Enter
    terminal.shows(b"min left", 30)  # the drop's page, and not the path any more
    return terminal


def is_asked(page: Page) -> bool:
    return page.part in ("predict", "do")


def sees(page: Page) -> bool:
    return isinstance(page.ask, Run)


def moves_a_map(page: Page) -> bool:
    return any(
        isinstance(block, Figure)
        and any(
            isinstance(one, Surface) for one in block.draw({knob.name: knob.start for knob in block.knobs})
        )
        for block in page.show
    )


def running(drop: int) -> tuple[dict[str, float], dict[str, float]]:
    """Keys while a live run paints: space, until "paused" is on the screen, and space again."""
    with tempfile.TemporaryDirectory() as home:
        stands_at(Path(home), drop, sees)
        terminal = opened_at(Path(home), drop)
        terminal.until(b"running")
        terminal.watch(1.0)  # until everything is built
        memory, times = terminal.memory, []
        for _ in range(12):
            os.write(terminal.fd, b"r")
            terminal.shows(b"running")
            for gap in (0.013, 0.029, 0.007):  # at any moment of a turn and a painting
                time.sleep(gap)
                times.append(terminal.key_shows(b" ", b"paused"))
                times.append(terminal.key_shows(b" ", b"running"))
        terminal.kill()
        return spread(times), memory


def weighed(drop: int) -> dict[str, float]:
    """The exercise of a drop: MB when it is on the screen, and when its live run is done, if it has one."""
    out: dict[str, float] = {}
    for what, wanted in (("first page", is_asked), ("run is done", sees)):
        with tempfile.TemporaryDirectory() as home:
            if not stands_at(Path(home), drop, wanted):
                continue
            terminal = opened_at(Path(home), drop)
            terminal.watch(1.5)
            if wanted is sees:
                terminal.until(b"done", 60)
                terminal.watch(0.5)
            out[what] = terminal.memory["RSS MB"]
            out["peak"] = max(terminal.peak, out.get("peak", 0.0))
            terminal.kill()
    return out


def on_a_map(drop: int) -> dict[str, float]:
    """Keys that paint a whole heat map anew."""
    with tempfile.TemporaryDirectory() as home:
        stands_at(Path(home), drop, moves_a_map)
        terminal = opened_at(Path(home), drop)
        terminal.quiet(1.0)
        times = []
        for _ in range(15):
            for key in (b"\x1b[C", b"\x1b[D"):  # → and ←
                times.append(terminal.key(key))
                terminal.quiet(0.03)
        terminal.kill()
        return spread(times)


def lost(keys: int = 200) -> int:
    """Keys that had no effect, of many typed at once: steps along the path, and then Enter."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal(DROPS.format(home=home))
        terminal.until(b"Begin")
        terminal.quiet()
        os.write(terminal.fd, b"p" + b"j" * keys + b"\r\r")
        terminal.until(b"min left")
        terminal.quiet(0.5)
        terminal.seen = b""
        terminal.key(b"?")  # the drop's page again, whole
        terminal.quiet()
        terminal.key(b"x")
        terminal.quiet()
        first = load(library_folders(None)).paths[0]
        rows = [b"", *(drop.title.encode() for drop in first.drops)]  # what the path says of itself, and its drops
        reached = next((i for i, title in enumerate(rows) if title and title in terminal.seen), 0)
        terminal.kill()
        return (1 + keys - reached) % len(rows)


# Without a terminal --------------------------------------------------------------------------


def computed(program: str) -> float:
    """Seconds of CPU, in user and system, that a Python program takes."""
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        with_bytecode()
        os.execv(sys.executable, [sys.executable, "-c", program])  # noqa: S606  # no shell between us
    used = os.wait4(pid, 0)[2]
    return used.ru_utime + used.ru_stime


def telling(rounds: int) -> tuple[float, float]:
    """`drops today --json`, and Python doing nothing: seconds of CPU."""
    with tempfile.TemporaryDirectory() as home:
        today = f"from drops.cli.main import main; main(['--home', {home!r}, 'today', '--json'])"
        computed(today)
        pairs = [(computed(today), computed("pass")) for _ in range(rounds)]
    ours, nothing = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(nothing)


STRETCHES: list[float] = []  # seconds of work between two looks at the keys
_work = asyncio.events.Handle._run


def _stretch(self: asyncio.Handle) -> None:
    began = time.thread_time()
    _work(self)
    if "turned" not in str(getattr(self, "_callback", "")):  # the app's work, and not ours
        STRETCHES.append(time.thread_time() - began)


async def turned(drop: int) -> list[tuple[float, str, float]]:
    """The pages of a drop up to a design, in a terminal of 120 × 36: ms of CPU until the next one stands there,
    which page, and ms of its longest stretch of work. What comes to it by itself later, a training or the picture
    of the day, it does not wait for.
    """
    out: list[tuple[float, str, float]] = []
    made: list[float] = []  # seconds in the thread that makes a page

    def timed(make: Callable[[], Standing]) -> Callable[[], Standing]:
        def run() -> Standing:
            began = time.thread_time()
            try:
                return make()
            finally:
                made.append(time.thread_time() - began)

        return run

    with tempfile.TemporaryDirectory() as home:
        library = load(library_folders(None))
        study = Study(library, Log.open(Path(home), folded(0.9), now=now()))
        app = DropsApp(lambda: study.today(now()), lambda: study, now, lambda: library, home=Path(home))
        async with app.run_test(size=(120, 36)) as pilot:
            await app.begin(drop=str(drop))
            screen = app.screen
            assert isinstance(screen, DropScreen)
            come = screen.come
            screen.come = lambda make: come(timed(make))  # type: ignore[method-assign]
            gc.collect()
            gc.freeze()  # as the app itself does in a terminal
            while (page := screen.page) is not None and page.part != "end":
                if isinstance(page.ask, Design):
                    break
                if page.ask is not None and not isinstance(page.ask, Run):
                    front = study._front(screen.session)
                    right = front.task.worked(front.ask).wanted
                    screen.session, _ = study.answer(screen.session, right, now(), seconds=5)
                start = time.thread_time()
                made.clear()
                STRETCHES.clear()
                await screen._turn()
                if isinstance(screen.asking, AskRun):
                    screen.asking.stop()  # the page, not the training on it
                await app.keyboard.idle()
                await pilot.pause()
                ms = (time.thread_time() - start + sum(made)) * 1000
                out.append((ms, f"drop {drop}, after {page.heading}", max(STRETCHES, default=0.0) * 1000))
        study.close()
    return out


def longest_pulls() -> list[tuple[float, str]]:
    """The longest pull of each live run: ms of CPU, and whose."""
    out: list[tuple[float, str]] = []
    library = load(library_folders(None))
    gc.collect()
    gc.freeze()
    for drop in library:
        for fence in drop.items.values():
            if isinstance(fence, ExerciseFence):
                steps = fading.steps(catalog.draw(fence.kind, 7, fence.params), fence.level, {})
                for run in (step.ask for step in steps if isinstance(step.ask, Run)):
                    start, longest = time.thread_time(), 0.0
                    for _ in run.frames(0):
                        longest, start = max(longest, time.thread_time() - start), time.thread_time()
                    out.append((longest * 1000, f"drop {drop.number}, {fence.kind}"))
    return out


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    computed(EVERYTHING)  # writes the bytecode
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    for _ in range(rounds):
        theirs.append(measured(TEN_LINES, (b"x", b"x")))
        with tempfile.TemporaryDirectory() as home:
            ours.append(measured(DROPS.format(home=home), (b"?", b"x")))  # help opens, help closes
    print(f"{'':16}{'drops':>10}{'ten lines':>12}{'ratio':>8}")
    for name in ours[0]:
        a, b = (statistics.median(run[name] for run in runs) for runs in (ours, theirs))
        print(f"{name:16}{a:>10.2f}{b:>12.2f}{a / b:>8.2f}")
    ten = statistics.median(run["key p95 ms"] for run in theirs)
    print(f"\n{'keys while …':32}{'p50 ms':>8}{'p95 ms':>8}{'ratio':>8}{'RSS MB':>9}{'USS MB':>9}")
    for drop, what in ((2, "sixty nets draw maps"), (3, "curves are fitted"), (10, "losses fall")):
        times, memory = running(drop)
        mb = "".join(f"{one:>9.1f}" for one in memory.values())
        print(f"drop {drop:>2}: {what:23}{_times(times, ten)}{mb}")
    print(f"drop  2: {'a map is moved':23}{_times(on_a_map(2), ten)}")
    print(f"\n{'MB in the exercise':20}{'first page':>12}{'run is done':>13}{'peak':>8}")
    for drop in range(1, 15):
        mb = weighed(drop)
        row = "".join(
            f"{mb[name]:>{wide}.1f}" if name in mb else " " * wide for name, wide in WEIGHED.items()
        )
        print(f"drop {drop:>2}{'':13}{row}")
    print(f"\nlost of 200 keys typed at once: {lost()}")
    ours_s, nothing_s = telling(2 * rounds)
    print(f"drops today --json: {ours_s * 1000:.1f} ms of CPU, {ours_s / nothing_s:.2f} × python -c pass")
    asyncio.events.Handle._run = _stretch  # type: ignore[method-assign]
    pages = sorted(page for drop in range(1, 15) for page in asyncio.run(turned(drop)))
    asyncio.events.Handle._run = _work  # type: ignore[method-assign]
    median = pages[len(pages) // 2][0]
    print(f"{len(pages)} pages turned: median {median:.1f} ms of CPU, worst {_worst([one[:2] for one in pages])}")
    print(f"longest stretches of their work: {_worst(sorted((ms, what) for _, what, ms in pages))}")
    print(f"longest pulls of live runs: {_worst(sorted(longest_pulls()))}")


def _worst(told: list[tuple[float, str]]) -> str:
    return "; ".join(f"{ms:.1f} ms ({what})" for ms, what in told[:-4:-1])


def _times(times: dict[str, float], ten: float) -> str:
    p50, p95 = times.values()
    return f"{p50:>8.1f}{p95:>8.1f}{p95 / ten:>8.2f}"


if __name__ == "__main__":
    main()
