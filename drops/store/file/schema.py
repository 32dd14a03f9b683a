"""Making a progress file, and bringing an older one up to date."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, insert, select, text

from drops.carried import carried
from drops.clock import Moment
from drops.errors import Damaged, StoreError
from drops.store.file import backup
from drops.store.file.connect import connect, disconnect, driver, plainly, transaction
from drops.store.file.files import replacing
from drops.store.file.header import APPLICATION_ID, SCHEMA, whose
from drops.store.file.shape import misshapen
from drops.store.ids import next_id
from drops.store.tables import CHECKSUM, DERIVED, DEVICE, EVENT, MEMORY, META, METADATA

MIGRATIONS = carried("store/migrations")


def create(db: Connection, now: Moment) -> None:
    """Today's tables in an empty database: alembic need not be imported to begin."""
    learner, device = next_id(None, now.us), next_id(None, now.us)
    db.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    with transaction(db, None):
        METADATA.create_all(db)
        stamp(db)
        db.execute(insert(META), [{"name": "learner", "value": learner.hex()},
                                  {"name": "device", "value": device.hex()}])
        db.execute(insert(DEVICE), [{"learner_id": learner, "device_id": device, "added_us": now.us}])
        _hint(db)
        db.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")


def stamp(db: Connection) -> None:
    """Note that the tables are of today, as alembic does it."""
    db.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
                    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"))
    db.execute(text("INSERT INTO alembic_version VALUES (:at)"), {"at": revision(SCHEMA)})


# Rows in all, then rows that share the first column, the first two, … (sqlite_stat1's own form).
_SELECTIVITY = {
    ("event", "event"): "1000000 1000000 1",
    ("event", "event_item"): "900000 900000 2000 1",
    ("event", "event_rare"): "50000 50000 10000 1",
    ("event", "event_target"): "5000 5000 1 1",
    ("memory", "memory"): "500 500 1",
    ("memory", "memory_due"): "500 500 450 5 1",
}


def _hint(db: Connection) -> None:
    """Tell SQLite's planner how a log looks. One learner a file: it would otherwise believe that
    `learner_id = ?` finds a handful of rows, and read the whole log to undo one answer."""
    db.exec_driver_sql("ANALYZE")       # makes the table; what it measures of an empty file says nothing
    db.exec_driver_sql("DELETE FROM sqlite_stat1")
    for (table, index), rows in _SELECTIVITY.items():
        db.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, rows))


def reshape(db: Connection) -> None:
    """Make again, in the transaction that is open, what `misshapen` names: such a table is empty then."""
    wrong = misshapen(driver(db))
    for name, kind in wrong.items():
        if kind:
            db.exec_driver_sql(f"DROP {kind} IF EXISTS {name}")
    for table in (*DERIVED, CHECKSUM):
        if table.name in wrong:
            table.create(db)
    for index in (*EVENT.indexes, *MEMORY.indexes):
        index.create(db, checkfirst=True)
    if wrong:
        _hint(db)


def create_file(path: Path, now: Moment) -> None:
    """A new progress file, which is there whole or not at all."""
    with replacing(path) as fresh:
        db = connect(fresh)
        try:
            with plainly(path):
                create(db, now)
        finally:
            disconnect(db)


def identity(db: Connection, path: Path) -> tuple[bytes, bytes]:
    """The learner and the device this file, called `path` in errors, belongs to."""
    with plainly(path):
        meta = {row.name: row.value for row in db.execute(select(META))}
    return whose(meta, path)


def revision(schema: int) -> str:
    """The name of the migration that leads to a schema version."""
    return f"{schema:04d}"


def migrate(db: Connection, path: Path, now: Moment) -> bool:
    """Bring an older file up to date, after a verified backup, wholly or not at all; whether it was one."""
    with plainly(path):
        have = db.exec_driver_sql("PRAGMA user_version").scalar_one()
    if have == SCHEMA:
        return False
    kept = backup.back_up(db, path, now, f"before-{revision(SCHEMA)}")
    try:
        with transaction(db, path, "nothing was changed"):
            upgrade(db)
    except StoreError:
        raise
    except Exception as error:
        raise Damaged(f"{path} could not be brought up to date ({error}); it is as it was, "
                      f"and a copy lies in {kept}", path) from error
    with plainly(path):   # what is read before the next opening is the first page, not the write-ahead log
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def upgrade(db: Connection) -> None:
    """Run every migration that is missing, in the transaction that is open on `db`."""
    run_steps(db)
    reshape(db)
    _hint(db)
    db.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")


def run_steps(db: Connection) -> None:
    """The steps alone, on either engine."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", os.fspath(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, revision(SCHEMA))
