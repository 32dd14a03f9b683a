"""What lets a database be spread over machines: a learner's rows lie together, and are asked for together.

The learner stands first in every key and in every statement; no number comes from a sequence, and nothing is
unique across learners. Tables in eight parts show it: each statement reads one of them.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Computed, Identity, UniqueConstraint, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, ForeignKeyConstraint

from drops.events import Fact, Kind, Rating
from drops.store.corrections import Correction
from drops.store.server.tables import LEARNER, LOG_TABLES
from drops.store.sync import _ids
from drops.store.transfer import export
from drops.study.own import hands
from drops.study.study import Study

PARTS = 8
TABLES = {table.name for table in LOG_TABLES}


@pytest.mark.parametrize("table", LOG_TABLES, ids=lambda table: table.name)
def test_the_learner_comes_first_in_every_key(table):
    assert next(iter(table.primary_key.columns)).name == "learner_id"
    assert all(next(iter(index.columns)).name == "learner_id" for index in table.indexes)
    assert not any(index.unique for index in table.indexes)
    assert not [c for c in table.constraints if isinstance(c, UniqueConstraint | ForeignKeyConstraint)]
    for column in table.c:
        assert column.autoincrement in (False, "auto")
        assert not isinstance(column.server_default, Identity | Computed)
        assert column.default is None
    assert str(table.c.learner_id.type) == "BLOB"  # so "auto" makes no sequence


def test_an_index_leaves_out_on_a_server_what_it_leaves_out_in_a_file():
    parts = 0
    for index in (one for table in LOG_TABLES for one in table.indexes):
        on_server, in_file = (str(CreateIndex(index).compile(dialect=d.dialect())) for d in (postgresql, sqlite))
        assert on_server == in_file
        parts += "WHERE" in on_server
    assert parts == 3


def test_only_what_says_whose_a_file_is_stays_out_of_a_server():
    from drops.store.tables import METADATA

    assert {table.name for table in METADATA.sorted_tables} - TABLES == {"meta"}
    assert LEARNER.primary_key.columns.keys() == ["learner_id"]


@pytest.fixture
def parted(classroom, monkeypatch):
    """A class whose tables lie in eight parts, by learner."""
    for table in LOG_TABLES:
        monkeypatch.setitem(table.dialect_options["postgresql"], "partition_by", "HASH (learner_id)")
    room = classroom(size=12)

    def part(db) -> None:
        for name in TABLES:
            for number in range(PARTS):
                values = f"WITH (MODULUS {PARTS}, REMAINDER {number})"
                db.exec_driver_sql(f"CREATE TABLE {name}_part{number} PARTITION OF {name} FOR VALUES {values}")

    room.owner.run(part)
    return room


def live(log, library, clock, learners, tmp_path) -> None:
    """All that is done with a log."""
    study = Study(library, log)
    learner = learners(study, errs=lambda page: len(page.key) % 2 == 0)
    for _ in range(2):
        learner.day()
        clock.days(1)
    study.change("retention", "0.92", clock())
    hands.act(study, "undo", "", clock())
    answered = log.events(kinds=(Kind.GRADED, Kind.PRACTICE))
    key = answered[-1].item_key
    log.append(Fact(Kind.RESET, key), clock())
    log.append(Fact(Kind.GRADED, key, Rating.AGAIN, False, 900), clock())
    late = Fact(Kind.GRADED, key, Rating.GOOD, True, 900)
    clock.days(-3)
    log.append(late, clock())
    clock.days(3)
    moved = Correction(log.device_id, answered[0].event_id, answered[1].event_id, -1)
    log.append(moved.fact(), clock())
    log.append(Fact(Kind.RESET), clock())
    log.rebuild()
    log.events(item_prefix=key[:3], since_day=1, until_day=999_999, newest_first=True, limit=3)
    log.events(after=answered[0].event_id, voided=True)
    log.due(999_999)
    log.durations()
    log.daily()
    log.sightings()
    log.showings("no-bias", key.partition("/")[0])
    log.event(answered[0].event_id)
    log.ledger()
    _ids(log)
    export(log, tmp_path / "all.jsonl")


def parts_in(plan: str) -> set[str]:
    return set(re.findall(r"\b\w+_part(\d)\b", plan))


@pytest.mark.slow
def test_every_statement_asks_one_learners_rows_alone(parted, library, clock, learners, tmp_path):
    said = {}

    def heard(connection, cursor, statement, parameters, context, many) -> None:
        if TABLES & set(re.findall(r"\w+", statement)) and statement.split()[0] != "EXPLAIN":
            said.setdefault(statement, parameters[0] if many else parameters)

    event.listen(parted.learners.engine, "before_cursor_execute", heard)
    log = parted.log("Pupil 1", clock())
    live(log, library, clock, learners, tmp_path)
    event.remove(parted.learners.engine, "before_cursor_execute", heard)
    assert len(said) > 40
    assert {statement for statement in said if "learner_id" not in statement} == set()

    def plan_of(statement, parameters):
        return lambda db: "\n".join(
            row[0] for row in db.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
        )

    for statement, parameters in said.items():
        plan = parted.owner.run(plan_of(statement, parameters))  # whom no row security helps
        parts = parts_in(plan)
        assert len(parts) == 1 or not statement.startswith("SELECT"), f"{statement}\n{plan}"
        assert len(parts) <= 1, f"{statement}\n{plan}"
    everybodys = parted.owner.run(plan_of("SELECT * FROM event WHERE kind = 1", {}))
    assert len(parts_in(everybodys)) == PARTS, "a statement that names no learner is told apart"


@pytest.mark.slow
def test_no_table_of_the_server_draws_a_number(classroom):
    room = classroom()
    found = room.owner.run(
        lambda db: db.execute(text("SELECT count(*) FROM pg_class WHERE relkind = 'S'")).scalar_one()
    )
    assert found == 0
