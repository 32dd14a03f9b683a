"""A server that ends in the middle of the work, and lines that break: what was acknowledged is there, once."""

from __future__ import annotations

import threading
import time
from collections import Counter
from itertools import count

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from drops.clock import now
from drops.errors import StoreError
from drops.events import Fact, Kind, Rating
from drops.store.tables import DERIVED, EVENT

pytestmark = pytest.mark.slow


def answer(number: int) -> Fact:
    said = {"typed": str(number), "misconceptions": ["no-bias"] if number % 3 == 0 else []}
    return Fact(Kind.GRADED, f"a/{number % 5}", Rating.GOOD, True, 900, payload=said)


def rows_of(log, table) -> list:
    query = select(table).where(table.c.learner_id == log.learner_id)
    return sorted(map(tuple, log.read(lambda db: db.execute(query).all())))


@pytest.mark.parametrize("times", [3, pytest.param(20, marks=pytest.mark.nightly)])
def test_a_server_killed_under_load_loses_no_acknowledged_answer(cluster, classrooms, times):
    room = classrooms(now(), size=4)
    logs = [room.log(name, now()) for name in room.names for _ in range(2)]  # two devices at each log
    kept, refused, ends = [[] for _ in logs], Counter(), threading.Event()

    def work(place: int) -> None:
        for number in count():
            if ends.is_set():
                return
            try:
                kept[place].append(logs[place].append(answer(number), now()).event_id)
            except StoreError as problem:
                refused[str(problem).partition(";")[0]] += 1
                time.sleep(0.05)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(logs))]
    for thread in threads:
        thread.start()
    try:
        for _ in range(times):
            before = sum(map(len, kept))
            until = time.monotonic() + 20
            while sum(map(len, kept)) < before + 40 and time.monotonic() < until:
                time.sleep(0.02)
            cluster.stop()
            cluster.start()
    finally:
        ends.set()
        for thread in threads:
            thread.join(60)
    assert sum(map(len, kept)) >= 40 * times
    for place in range(0, len(logs), 2):
        log = logs[place]
        there = [row[1] for row in rows_of(log, EVENT)]
        acknowledged = kept[place] + kept[place + 1]
        assert Counter(there) == Counter(set(there)), "none twice"
        assert set(acknowledged) <= set(there), "none lost"
        before = {table.name: rows_of(log, table) for table in DERIVED}
        log.rebuild()
        assert {table.name: rows_of(log, table) for table in DERIVED} == before


def breaking(hub, times: int) -> list[int]:
    """The line breaks `times` times, each just after the server has kept what was to be kept."""
    left = [times]

    def after(connection) -> None:
        if left[0] > 0 and connection.info.pop("wrote", False):
            left[0] -= 1
            connection.connection.dbapi_connection.commit()
            connection.invalidate()
            raise OperationalError("COMMIT", {}, Exception("the line is gone"), connection_invalidated=True)

    def noticed(connection, cursor, statement, *_) -> None:
        connection.info["wrote"] = connection.info.get("wrote") or statement.startswith("INSERT INTO event")

    hooks.listen(hub.engine, "commit", after)
    hooks.listen(hub.engine, "before_cursor_execute", noticed)
    return left


def test_an_answer_that_was_kept_as_the_line_broke_is_kept_once(classroom, clock):
    room = classroom()
    log = room.log("Pupil 1", clock())
    left = breaking(room.learners, 1)
    told = log.append(answer(1), clock())
    assert left == [0]
    assert [event.event_id for event in log.events()] == [told.event_id]


def test_two_at_one_log_wait_for_each_other_and_their_ids_are_in_order(classroom, clock):
    room = classroom()
    logs = [room.log("Pupil 1", clock()) for _ in range(4)]
    kept: list[list[bytes]] = [[] for _ in logs]

    def work(place: int) -> None:
        kept[place] = [logs[place].append(answer(number), now()).event_id for number in range(15)]

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(logs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(ids == sorted(ids) for ids in kept)
    assert len({one for ids in kept for one in ids}) == 60
    before = {table.name: rows_of(logs[0], table) for table in DERIVED}
    logs[0].rebuild()
    assert {table.name: rows_of(logs[0], table) for table in DERIVED} == before
