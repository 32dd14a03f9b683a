"""From the first schema to today's, wholly or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys

import pytest
from sqlalchemy import text

from drops.errors import Damaged, ReadOnly
from drops.store import transfer
from drops.store.file import door, header, restore, schema
from drops.store.file.connect import connect, disconnect, transaction
from drops.store.file.health import doctor


def shape(path):
    with sqlite3.connect(path) as db:
        rows = db.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
        ).fetchall()
        hints = sorted(db.execute("SELECT * FROM sqlite_stat1").fetchall())
        version = db.execute("SELECT version_num FROM alembic_version").fetchall()
        user = db.execute("PRAGMA user_version").fetchone()
    db.close()
    return [(*row[:3], "".join((row[3] or "").split())) for row in rows], hints, version, user


@pytest.mark.slow
def test_a_file_migrated_from_the_first_schema_is_made_as_a_new_one(tmp_path, at):
    schema.create_file(tmp_path / "new.db", at())
    sqlite3.connect(tmp_path / "old.db").close()
    db = connect(tmp_path / "old.db")
    with transaction(db, None):
        schema.upgrade(db)
    disconnect(db)
    assert shape(tmp_path / "old.db") == shape(tmp_path / "new.db")


@pytest.fixture
def first(home, opened, at, answer):
    """A home whose file is of the first schema, and what it held before it was made so."""
    with opened(home) as log:
        log.append_all([answer("a/x", ms=200_000, misconceptions=["no-bias"]), answer("b/x")], at())
        log.append(answer("a/x", misconceptions=["no-bias"]), at(2))
        before = log.ledger()
    with sqlite3.connect(home / "progress.db") as db:
        for table in ("tally", "mixup", "sighting", "checksum"):
            db.execute(f"DROP TABLE {table}")
        db.execute("UPDATE alembic_version SET version_num = '0001'")
        db.execute("UPDATE daily SET ms = 201500 WHERE ms > 180000")  # as the first drops counted
        db.execute("PRAGMA user_version = 1")
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    return before


def test_a_file_of_the_first_schema_gains_its_counts_and_loses_nothing(home, opened, at, first):
    with opened(home, day=3) as log:
        assert log.ledger() == first
        assert log.mended == ""  # nothing was wrong
    assert [file.name for file in (home / "backups").iterdir()] == ["2026-03-05_120000-before-0002.db"]
    with opened(home, day=3) as log:
        assert log.mended == ""


def test_the_first_look_brings_a_file_of_the_first_schema_up_to_date(home, first, capsys):
    from drops.cli.main import main

    assert main(["--home", str(home), "today"]) == 0
    assert main(["--home", str(home), "progress"]) == 0
    printed = capsys.readouterr()
    assert "3 answers" in printed.out
    assert printed.err == ""


@pytest.mark.slow
def test_what_a_file_does_not_need_is_not_imported_when_the_schema_is_current(tmp_path):
    script = (
        "import sys; from pathlib import Path; from drops.store.log import Log; from drops.clock import now\n"
        "for _ in range(2): Log.open(Path(sys.argv[1]), lambda m, e: m, now=now()).close()\n"
        "print([m for m in ('alembic', 'sqlalchemy.orm', 'fsrs', 'numpy', 'sqlalchemy.dialects.postgresql') if m in "
        "sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


NEXT = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "0003", "0002"

def upgrade():
    with op.batch_alter_table("device") as device:
        device.add_column(sa.Column("name", sa.Text(), nullable=False, server_default=""))
    {last}
"""


@pytest.fixture
def tomorrow(tmp_path, monkeypatch):
    """Pretend that the schema moved on by one; `last` is the last statement of the step."""

    def tomorrow(last="pass"):
        folder = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, folder)
        (folder / "versions" / "v0003.py").write_text(NEXT.format(last=last))
        monkeypatch.setattr(schema, "MIGRATIONS", folder)
        for module in (schema, header, door, transfer, restore):
            monkeypatch.setattr(module, "SCHEMA", 3)

    return tomorrow


def test_an_older_file_is_brought_up_to_date_after_a_verified_copy(home, opened, at, answer, state, tomorrow):
    with opened(home) as log:
        log.append(answer(), at())
        before = state(log)
    tomorrow()
    with opened(home, day=1) as log:
        assert state(log) == before
        assert log.read(lambda db: db.execute(text("SELECT name FROM device")).all()) == [("",)]
        assert log.read(lambda db: db.exec_driver_sql("PRAGMA user_version").scalar_one()) == 3
        # The header of the file itself says so, not only its write-ahead log.
        assert header.read_header(log.path).schema == 3
    assert [file.name for file in (home / "backups").iterdir()] == ["2026-03-03_120000-before-0003.db"]


def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(home, opened, at, answer, tomorrow):
    with opened(home) as log:
        log.append(answer(), at())
    before = shape(log.path), log.path.read_bytes()
    tomorrow("op.execute('CREATE TABLE half (x)'); raise RuntimeError('power cut')")
    with pytest.raises(Damaged) as failure:
        opened(home, day=1)
    kept = home / "backups" / "2026-03-03_120000-before-0003.db"
    assert str(failure.value) == (
        f"{log.path} could not be brought up to date (power cut); it is as it was, and a copy lies in {kept}"
    )
    assert (shape(log.path), log.path.read_bytes()) == before
    assert kept.exists()


def test_a_migration_that_breaks_a_rule_of_sqlite_leaves_the_file_as_it_was(home, opened, at, tomorrow):
    opened(home).close()
    before = (home / "progress.db").read_bytes()
    tomorrow("op.execute('CREATE TABLE event (x)')")
    with pytest.raises(Damaged, match="could not be brought up to date|is damaged"):
        opened(home)
    assert (home / "progress.db").read_bytes() == before


def test_an_older_file_is_not_opened_where_it_cannot_be_brought_up_to_date(home, opened, tomorrow):
    opened(home).close()
    tomorrow()
    with pytest.raises(
        ReadOnly, match="is from an earlier drops and cannot be brought up to date: opened to read only"
    ):
        opened(home, read_only=True)


def test_an_older_file_is_imported_through_an_updated_copy(home, tmp_path, opened, at, answer, tomorrow):
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
    tomorrow()
    before = log.path.read_bytes()
    with opened(tmp_path / "new") as new:
        assert transfer.import_file(new, log.path, at(), merge_learner=True).merged.new == 1
    assert log.path.read_bytes() == before


def test_an_older_backup_is_restored_up_to_date(home, opened, at, answer, fold, tomorrow):
    with opened(home) as log:
        log.append(answer(), at())
        log.back_up(at())
    tomorrow()
    (home / "progress.db").write_bytes(b"")
    assert restore.restore(home, fold, at(1)).events == 1
    with opened(home) as log:
        assert len(log.events()) == 1
    assert all(finding.ok for finding in doctor(home, fold, at(1)))
