"""Histories that others wrote, imported or found at home: nothing of them reaches the terminal by a command."""

from __future__ import annotations

import csv
import os
import sqlite3

import pytest

from drops.store.file.ledger import ledger
from hostile import ONLY, Terminal, clean
from program import run


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ("today",),
        ("today", "--json"),
        ("progress",),
        ("progress", "--json"),
        ("path",),
        ("doctor",),
        ("doctor", "--rebuild"),
        ("export", "all.csv"),
        ("export", "all.jsonl"),
        ("backup", "copy.db"),
        ("plain",),
    ],
    ids="-".join,
)
def test_nothing_of_a_hostile_history_reaches_the_terminal_by_a_command(
    hostile_home, hostile, tmp_path, words
):
    words = [str(tmp_path / word) if "." in word else word for word in words]
    with Terminal(*words, home=hostile_home, before=ONLY.format(str(hostile))) as terminal:
        os.write(terminal._near, b"quit\n")
        said = terminal.all()
    assert terminal.process.returncode in (0, 1)
    clean(said)
    assert b"of its own" not in said
    for file in tmp_path.glob("all.*"):
        clean(file.read_bytes())
    for file in tmp_path.glob("all.csv"):  # and no cell begins as a spreadsheet's formula does
        rows = csv.reader(file.read_text(encoding="utf-8").splitlines())
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def changed(lived, tmp_path, changes):
    home = tmp_path / "home"
    home.mkdir()
    (home / "progress.db").write_bytes((lived / "progress.db").read_bytes())
    with sqlite3.connect(home / "progress.db") as db:
        db.execute(changes)
    db.close()
    return home


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ("DELETE FROM meta", "it does not say whose it is"),
        ("UPDATE meta SET value = 'PWN'", "it does not say whose it is"),
        ("UPDATE meta SET value = 'ab' WHERE name = 'learner'", "it does not say whose it is"),
        ("UPDATE meta SET value = x'00ff'", "it does not say whose it is"),
        ("DROP TABLE meta", "no such table: meta"),
    ],
)
def test_a_file_that_does_not_say_whose_it_is_is_one_line_and_comes_back(lived, tmp_path, changes, what):
    home = changed(lived, tmp_path, changes)
    file = f"{home}/progress.db"
    told = run("today", home=home).refused
    assert told.startswith((f"{file} is damaged ({what}); ", f"{file} cannot be read ({what}); `drops doctor` "))
    findings = run("doctor", home=home)
    assert (findings.status, findings.err) == (1, "")
    assert f"✗ {file} is damaged ({what}); " in findings.out
    assert run("doctor", "--restore", home=home).out.startswith("restored")
    with sqlite3.connect(lived / "progress.db") as db:
        answered = db.execute("SELECT sum(graded + practice) FROM daily").fetchone()[0]
    db.close()
    assert ledger(home).answered == answered > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        "UPDATE memory SET due_day = 'PWN'",
        "INSERT INTO setting SELECT learner_id, 'theme', 'no json' FROM device",
        *(
            pytest.param(more, marks=pytest.mark.slow)
            for more in (
                "UPDATE memory SET stability = 'PWN'",
                "UPDATE memory SET reps = x'ff'",
                "UPDATE daily SET graded = 'PWN'",
                "UPDATE passed SET study_day = 'PWN'",
                "UPDATE pace SET median = 'PWN'",
            )
        ),
    ],
)
def test_what_was_derived_and_is_of_another_type_is_derived_again(lived, tmp_path, changes):
    home = changed(lived, tmp_path, changes)
    assert ledger(home).glance.stale
    told = run("today", home=home)
    assert told.status == 0
    assert "they were derived again, no answer is touched" in told.err
    assert run("today", home=home).err == ""
