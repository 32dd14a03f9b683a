"""The same answers, in a file and on a server: the same rows, whatever reads them."""

from __future__ import annotations

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from drops.clock import Moment, moment
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.store.server import classes
from drops.store.tables import CHECKSUM, DERIVED, EVENT
from drops.study.study import Study

pytestmark = pytest.mark.slow
OWN = {"learner_id", "event_id", "device_id", "target_id", "digest", "payload"}


def derived(log: Log) -> dict[str, list]:
    """Every derived row, and what they add up to, without whose it is."""
    found = {}
    for table in (*DERIVED, CHECKSUM):
        columns = [column for column in table.c if column.name != "learner_id"]
        query = select(*columns).where(table.c.learner_id == log.learner_id)
        found[table.name] = sorted(map(tuple, log.read(lambda db, query=query: db.execute(query).all())))
    return found


def told(log: Log) -> list:
    """The events, without what is drawn by chance: ids."""
    columns = [column for column in EVENT.c if column.name not in OWN]
    query = select(*columns).where(EVENT.c.learner_id == log.learner_id).order_by(EVENT.c.event_id)
    return [tuple(row) for row in log.read(lambda db: db.execute(query).all())]


def seen(log: Log) -> tuple:
    """What Today and Progress read, without ids."""
    glance, ledger = log.glance(), log.ledger()
    last = {key: [(one.day, one.clean, one.misconceptions) for one in tries] for key, tries in glance.lately.last.items()}
    lately = glance.lately
    return (
        glance.memories, glance.passed, glance.settings, glance.daily, glance.pace,
        [(e.kind, e.item_key, e.correct, e.study_day) for e in glance.newest],
        lately.tries, lately.reading, lately.asking, lately.misses, last, lately.rests, lately.rested,
        [(one.occurred_us, one.study_day) for one in lately.sessions],
        ledger.tallies, ledger.sightings, ledger.answered,
    )  # fmt: skip


def test_three_days_of_a_learner_leave_the_same_on_both_engines(classroom, home, library, clock, learners):
    file, server = Log.open(home, folded(0.9), now=clock()), classroom().log("Pupil 1", clock())
    learner = learners(Study(library, file), errs=lambda page: len(page.key) % 3 == 0)
    for _ in range(3):
        learner.day()
        clock.days(1)
    for was in file.events(voided=True):
        at = Moment(was.occurred_us, was.tz_offset_min, date.fromordinal(was.study_day))
        server.append(Fact(was.kind, was.item_key, was.rating, was.correct, was.duration_ms, was.target_id,
                           was.payload), at)  # fmt: skip
    assert told(file) == told(server)
    assert len(told(file)) > 90
    assert derived(file) == derived(server)
    assert derived(file)["mixup"]
    assert seen(file) == seen(server)
    for log in (file, server):
        before = derived(log)
        log.rebuild()
        assert derived(log) == before
        log.close()


KEYS = ("a/x", "a/y", "b/x")
FACTS = st.lists(
    st.tuples(
        st.sampled_from(["graded", "practice", "void", "reset", "forget", "suspend", "setting", "session"]),
        st.sampled_from(KEYS),
        st.integers(-2, 3),
        st.sampled_from(list(Rating)),
        st.sampled_from(["", "no-bias", "sign-dropped"]),
    ),
    max_size=14,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FACTS)
def test_any_history_is_folded_alike(two_logs, facts):
    logs, clock = two_logs()
    began = clock.at
    for log in logs:
        clock.at, events = began, []
        for kind, key, days, rating, mix_up in facts:
            clock.days(days)
            named = {"misconceptions": [mix_up] if mix_up else []}
            fact = {
                "graded": Fact(Kind.GRADED, key, rating, rating != Rating.AGAIN, 3000, payload=named),
                "practice": Fact(Kind.PRACTICE, key, None, not mix_up, 2000, payload=named),
                "void": Fact(Kind.VOID, target=events[len(events) // 2].event_id) if events else None,
                "reset": Fact(Kind.RESET, key),
                "forget": Fact(Kind.RESET),
                "suspend": Fact(Kind.SUSPEND, key, payload={"suspended": days > 0}),
                "setting": Fact(Kind.SETTING, payload={"name": key, "value": days}),
                "session": Fact(Kind.SESSION, key, payload={"passed": True}),
            }[kind]
            if fact:
                events.append(log.append(fact, moment(clock.at)))
    file, server = logs
    assert told(file) == told(server)
    assert derived(file) == derived(server)
    assert seen(file) == seen(server)
    for log in logs:
        log.close()


@pytest.fixture
def two_logs(classroom, tmp_path, clock):
    room = classroom()
    numbers = count()

    def fresh():
        name = f"Learner {next(numbers)}"
        room.tokens[name] = classes.add(room.owner, "8b", name, clock())
        return [Log.open(tmp_path / name, folded(0.9), now=clock()), room.log(name, clock())], clock

    return fresh
