"""Bytes that are not what was written: told in one line, written to no more, and brought back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from program import DROP, RESTORE, events, faults, run, tree, untouched, write_at


def page_of(path: Path, name: str) -> int:
    """Where a table's first page begins in the file."""
    with sqlite3.connect(path) as db:
        page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    return (page - 1) * size


def damaged_line(path: Path, what: str) -> str:
    return (
        f"{path} is damaged ({what}); nothing more is written to it: `drops doctor` says what is damaged, "
        f"{RESTORE}"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("where", "what"),
    [
        (18, "file is not a database"),
        pytest.param(100, "database disk image is malformed", marks=pytest.mark.slow),
        ("event", "database disk image is malformed"),
        pytest.param("memory", "database disk image is malformed", marks=pytest.mark.slow),
    ],
)
def test_damage_is_told_and_a_restore_brings_back_all_that_can_be_read(home, tmp_path, where, what):
    path = home / "progress.db"
    before = events(home)
    place = where if isinstance(where, int) else page_of(path, where)
    write_at(path, place, b"\xa5" * (2 if place == 18 else 64))
    sound = {name: kept for name, kept in tree(home).items() if "/backups" in name}
    content = path.read_bytes()

    with untouched(home):  # also by who only looks
        told = run("doctor", home=home)
        run("today", home=home)
    assert (told.status, told.err) == (1, "")
    assert any(RESTORE in fault for fault in faults(told.out))
    if where != "event":  # of a log with a damaged page some answers can still be read, and it is browsed
        assert run("plain", DROP, home=home, typed="quit\n").refused == damaged_line(path, what)
    assert path.read_bytes() == content
    assert not [file for file in home.iterdir() if file.name.startswith("progress.db-")]

    told = run("doctor", "--restore", home=home)
    assert (told.status, told.err) == (0, "")
    assert told.out.startswith("restored from ")
    lost = [line for line in told.out.splitlines() if line.startswith("  lost: ")]
    assert len(events(home)) + len(lost) >= len(before) or where in (18, 100)
    assert {name: kept for name, kept in tree(home).items() if "/backups" in name}.items() >= sound.items()
    assert [kept.read_bytes() for kept in (home / "damaged").rglob("progress.db")] == [content]
    assert run("plain", home=home, typed="quit\n").out.splitlines()[-1] == (
        "Stopped. Every answer is stored; the next start goes on here."
    )


@pytest.mark.slow
def test_a_flipped_byte_that_sqlite_does_not_see_ends_writing_and_is_undone_by_a_restore(home):
    path = home / "progress.db"
    content = path.read_bytes()
    place = content.rindex(b'"typed":"77') + len(b'"typed":"')
    write_at(path, place, b"5")
    before = path.read_bytes()

    told = run("plain", home=home, typed="quit\n")
    assert (told.status, told.err) == (0, "")
    banner = told.out.splitlines()[0]
    assert f"{path} is damaged (answer " in banner
    assert banner.endswith(damaged_line(path, "").partition(")")[2])
    assert path.read_bytes() == before

    told = run("doctor", home=home)
    assert (told.status, told.err) == (1, "")
    assert any("were changed after they were written" in fault for fault in faults(told.out))

    assert run("doctor", "--restore", home=home).err == ""
    assert b'"typed":"77; 77; 77; 77"' in path.read_bytes()
    assert not any("changed" in fault for fault in faults(run("doctor", home=home).out))


def test_a_restore_of_a_sound_file_says_that_nothing_is_to_restore(home):
    content = (home / "progress.db").read_bytes()
    told = run("doctor", "--restore", home=home)
    assert told.out.splitlines()[0] == (
        "nothing to restore: the progress file is sound, and no copy holds an answer that it has not"
    )
    assert (told.status, told.err, "damaged" in told.out) == (0, "", False)
    assert (home / "progress.db").read_bytes() == content


def test_a_file_in_whose_place_an_older_one_was_put_is_not_called_damaged(home):
    path = home / "progress.db"
    older = path.read_bytes()
    run("settings", "budget_minutes", "9", home=home)
    run("backup", str(home / "backups" / "2099-01-01_000000.db"), home=home)
    before = events(home)
    path.write_bytes(older)
    told = run("doctor", "--restore", home=home).out
    assert told.startswith(f"restored from 2099-01-01_000000.db: {len(before)} events, 0 of them read from the file ")
    assert "the file as it was is kept in" in told
    assert events(home) == before


@pytest.mark.slow
def test_without_a_backup_damage_ends_in_a_fresh_file_with_all_that_can_be_read(home):
    shutil.rmtree(home / "backups")
    path, before = home / "progress.db", events(home)
    write_at(path, page_of(path, "memory"), b"\xa5" * 64)
    told = run("doctor", "--restore", home=home)
    assert told.out.startswith(f"restored without a backup to begin from: {len(before)} events, ")
    assert events(home) == before


@pytest.mark.slow
def test_a_missing_file_with_backups_is_no_new_learner(home):
    (home / "progress.db").unlink()
    with untouched(home):
        assert run("plain", home=home).refused == (
            f"{home}/progress.db is missing, but its backups are there (1); `drops doctor --restore` brings the "
            f"newest back (to begin afresh, move {home}/backups away)"
        )
    assert run("doctor", "--restore", home=home).status == 0
    assert len(events(home)) > 10
