"""A class's database brought up to date: wholly or not at all, by one at a time, on this engine as on the other."""

from __future__ import annotations

import shutil
import threading

import pytest
from sqlalchemy import inspect

from drops.errors import StoreError
from drops.events import Fact, Kind, Rating
from drops.memory.schedule import folded
from drops.store.file import schema
from drops.store.server import classes, hub
from drops.store.server.tables import LOG_TABLES
from drops.store.tables import METADATA

pytestmark = pytest.mark.slow
NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0003", "0002"

def upgrade():
    op.create_table("late", sa.Column("learner_id", sa.LargeBinary(16), primary_key=True))
    with op.batch_alter_table("device") as device:
        device.add_column(sa.Column("name", sa.Text(), nullable=False, server_default=""))
    {last}
"""


def upgrade(room) -> int:
    return classes.upgrade(room.owner, lambda settings: folded(settings.get("retention", 0.9)))


@pytest.fixture
def tomorrow(tmp_path, monkeypatch):
    def tomorrow(last="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder)
        (folder / "versions" / "v0003.py").write_text(NEXT.format(last=last))
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        for module in (schema, hub, classes):
            monkeypatch.setattr(module, "SCHEMA", 3)

    return tomorrow


@pytest.fixture
def room(classroom, clock):
    room = classroom()
    with room.log("Pupil 1", clock()) as log:
        log.append(Fact(Kind.GRADED, "a/x", Rating.GOOD, True, 900), clock())
    return room


def shape(room) -> dict:
    def look(db) -> dict:
        at = inspect(db)
        return {name: [column["name"] for column in at.get_columns(name)] for name in at.get_table_names()}

    return room.owner.run(look)


def test_an_older_class_is_brought_up_to_date_and_learns_on(room, clock, tomorrow):
    with room.log("Pupil 1", clock()) as log:
        before = log.memories()
    tomorrow()
    with pytest.raises(StoreError, match="its owner runs `drops class upgrade`"):
        room.learners.check_schema()
    assert upgrade(room) == 2
    room.learners.check_schema()
    with room.log("Pupil 1", clock()) as log:
        assert log.memories() == before
        log.append(Fact(Kind.GRADED, "a/y", Rating.GOOD, True, 900), clock())
    assert upgrade(room) == 3
    assert "late" in shape(room)


def test_a_step_that_fails_half_way_leaves_nothing_behind(room, clock, tomorrow):
    before = shape(room)
    tomorrow(last='op.execute("SELECT 1 / 0")')
    with pytest.raises(StoreError, match="the server refuses .*division by zero.*; nothing was changed"):
        upgrade(room)
    assert shape(room) == before
    assert room.owner.run(hub.schema_of) == 2


def test_four_at_once_do_it_once(room, tomorrow):
    tomorrow()
    found: list[object] = []

    def go() -> None:
        try:
            found.append(upgrade(room))
        except StoreError as problem:
            found.append(problem)

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(map(str, found)) == ["2", "3", "3", "3"]


def test_a_new_database_has_the_tables_that_are_written_down(classroom):
    found = shape(classroom())
    for table in LOG_TABLES:
        assert found[table.name] == [column.name for column in METADATA.tables[table.name].columns]
    assert set(found) == {table.name for table in LOG_TABLES} | {"class", "learner", "alembic_version"}
