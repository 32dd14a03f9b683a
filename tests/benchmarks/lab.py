"""How much the Lab trains, draws and keeps.

    python tests/benchmarks/lab.py

A net of 2-8-8-1 in batches of 10, at 120×36 unless said. Times are CPU times, medians of many: what
else the machine does is not in them. Steps while painting are by the clock, with the app in this
process drawing every scene it gets.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drops.clock import now
from drops.colours import LEVELS
from drops.course.parse import library_folders, load
from drops.memory.schedule import folded
from drops.networks.lab.bench import Bench
from drops.networks.lab.judge import judge
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.networks.lab.scene import Sizes, scene, wall
from drops.store.file.glance import glance
from drops.store.log import Log
from drops.study.study import Study
from drops.study.today import today
from drops.tui.app import DropsApp
from drops.tui.screens.lab.screen import LabScreen

LINE = "circle 2-8-8-1"
SIZES = Sizes((6, 6), (44, 40))


def row(what: str, value: float, unit: str, must: str = "") -> None:
    sys.stdout.write(f"{what:<46} {value:>12,.2f} {unit:<14} {must}\n")


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


async def face(size: tuple[int, int]) -> None:
    library = load(library_folders(None))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        app = DropsApp(
            lambda: today(library, glance(home), now()),
            lambda: Study(library, Log.open(home, folded(0.9), now=now())),
            now,
            lambda: library,
            home=home,
        )
        async with app.run_test(size=size) as pilot:
            await app.open_lab(LINE)
            lab = app.screen
            assert isinstance(lab, LabScreen)
            for _ in range(3):
                await lab.runner.idle()
                await pilot.pause()
            name = f"{size[0]}×{size[1]}"
            row(f"{name}: net, map and curve drawn", cpu(lab.picture.redraw, 60), "ms", "must 2")
            lab.runner.pace = 10**9
            lab.runner.go(running=True)
            await asyncio.sleep(0.5)
            first, began = lab.runner.desk.step, time.perf_counter()
            await asyncio.sleep(3)
            speed = (lab.runner.desk.step - first) / (time.perf_counter() - began)
            row(f"{name}: steps while painting", speed, "a second", "must 5,000")
            lab.runner.go(running=False)
            await lab.runner.idle()


def main() -> None:
    engine()
    for size in ((120, 36), (80, 24)):
        asyncio.run(face(size))
    row("memory (RSS)", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB", "must 85")


if __name__ == "__main__":
    main()
