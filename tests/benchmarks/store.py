"""What the store costs as a history grows: `python tests/benchmarks/store.py [10^6]`.

Ten times the events should cost ten times where all of them are read (rebuild, export,
import, backup, doctor), and nothing more where one is added, a few are asked for, or a whole
history is looked back on (`drops progress` as a program: CPU seconds, MB at most; and without
the program's own start).
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from drops.clock import Moment, now
from drops.course.parse import library_folders, load
from drops.events import Event, Fact, Kind, Memory, Rating
from drops.store.file.glance import glance
from drops.store.file.health import doctor
from drops.store.file.ledger import ledger
from drops.store.ids import next_id
from drops.store.log import Log
from drops.store.rows import StoredRow, seal
from drops.store.tables import EVENT
from drops.store.transfer import export, import_file

ITEMS = 500
COLUMNS = (
    "events",
    "B/event",
    "open ms",
    "glance ms",
    "due p50",
    "append p50",
    "append p95",
    "undo p50",
    "last 50",
    "rebuild s",
    "export s",
    "import s",
    "backup s",
    "doctor s",
    "progr. s",
    "progr. MB",
    "ledger ms",
)


def fold(memory: Memory | None, event: Event) -> Memory:
    """A fold that costs nothing, so that the store's own cost shows."""
    reps = memory.reps if memory else 0
    return Memory(
        event.item_key, event.study_day + reps % 60 + 1, 1.0, 5.0, event.study_day, reps + 1, 0, False, "none"
    )


def fill(log: Log, size: int, at: Moment) -> None:
    """A history of `size` events, 40 a day, ending today."""
    draw, last = random.Random(size), None
    days = size // 40
    own = [key for drop in load(library_folders(None)) for key in drop.kept]
    keys = [*own, *(f"understand-a-drop/item-{n}" for n in range(ITEMS - len(own)))]

    def write(db: Connection) -> None:
        nonlocal last
        for start in range(0, size, 20_000):
            rows = []
            for number in range(start, min(start + 20_000, size)):
                ago = days - number // 40
                us = at.us - ago * 86_400_000_000 - (40 - number % 40) * 1_000_000
                last = next_id(last, us)
                kind = draw.choices((Kind.GRADED, Kind.PRACTICE, Kind.SESSION), (70, 27, 3))[0]
                key = draw.choice(keys)
                named = f'"mix-up-{keys.index(key) % 200}"' if draw.random() < 0.1 else ""
                rows.append(
                    seal(
                        StoredRow(
                            log.learner_id,
                            last,
                            log.device_id,
                            None,
                            int(kind),
                            key,
                            us,
                            60,
                            max(1, at.day.toordinal() - ago),
                            3 if kind == Kind.GRADED else None,
                            not named,
                            4000,
                            '{"misconceptions":[' + named + "]}",
                            b"",
                        )
                    )
                )
            db.execute(insert(EVENT), [row._asdict() for row in rows])

    log.write(write, "")


def seconds(deed: Callable[[], Any]) -> float:
    """How long `deed` takes."""
    begin = time.perf_counter()
    deed()
    return time.perf_counter() - begin


def quantiles(deed: Callable[[], Any], times: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds."""
    taken = sorted(seconds(deed) * 1000 for _ in range(times))
    return statistics.median(taken), taken[int(times * 0.95)]


AS_A_PROGRAM = """
import resource, sys
from drops.cli.main import main
assert main(sys.argv[1:]) == 0
used = resource.getrusage(resource.RUSAGE_SELF)
room = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, room, file=sys.stderr)
"""


def run(*words: str) -> tuple[float, float]:
    """CPU seconds and MB at most of a command as a program (Linux)."""
    done = subprocess.run([sys.executable, "-c", AS_A_PROGRAM, *words], capture_output=True, text=True, check=True)
    spent, room = done.stderr.split()
    return float(spent), int(room) / 1024


def measure(size: int, folder: Path) -> tuple[float, ...]:
    """One row of the table."""
    at, home = now(), folder / "home"
    with Log.open(home, fold, now=at, daily_backup=False) as log:
        empty = log.path.stat().st_size
        fill(log, size, at)
        rebuild = seconds(log.rebuild)
        log.read(lambda db: db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)"))
        per_event = (log.path.stat().st_size - empty) / size
    opening = seconds(lambda: Log.open(home, fold, now=at, daily_backup=False).close())
    looking = seconds(lambda: glance(home))
    with Log.open(home, fold, now=at, daily_backup=False) as log:
        due, _ = quantiles(lambda: log.due(at.day.toordinal()), 200)
        answer = Fact(
            Kind.GRADED, "understand-a-drop/item-7", Rating.GOOD, True, 4000, payload={"typed": "0.5"}
        )
        append, slow = quantiles(lambda: log.append(answer, at), 200)
        targets = iter(log.events(kinds=[Kind.GRADED], newest_first=True, limit=20))
        undo, _ = quantiles(lambda: log.append(Fact(Kind.VOID, target=next(targets).event_id), at), 20)
        last, _ = quantiles(lambda: log.events(newest_first=True, limit=50), 20)
        exporting = seconds(lambda: export(log, folder / "log.jsonl"))
        copying = seconds(lambda: log.back_up(at))
        with Log.open(folder / "other", fold, now=at, daily_backup=False) as other:
            importing = seconds(lambda: import_file(other, folder / "log.jsonl", at, merge_learner=True).merged)
    looking_over = seconds(lambda: doctor(home, fold, at))
    spent, room = min(run("--home", str(home), "progress") for _ in range(3))
    adding_up = min(seconds(lambda: ledger(home)) for _ in range(3))
    return (
        size,
        per_event,
        opening * 1000,
        looking * 1000,
        due,
        append,
        slow,
        undo,
        last,
        rebuild,
        exporting,
        importing,
        copying,
        looking_over,
        spent,
        room,
        adding_up * 1000,
    )


def main() -> None:
    """Print the table; an argument is the largest history."""
    largest = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    print(" ".join(f"{name:>10}" for name in COLUMNS))
    for size in (1_000, 10_000, 20_000, 100_000, 1_000_000):
        if size <= largest:
            with tempfile.TemporaryDirectory() as folder:
                row = measure(size, Path(folder))
            print(
                " ".join(f"{value:>10,.0f}" if value >= 1000 else f"{value:>10.3f}" for value in row),
                flush=True,
            )


if __name__ == "__main__":
    main()
