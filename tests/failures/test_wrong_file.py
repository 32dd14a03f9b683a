"""Where the progress file should be lies something else: one line, and it is left as it is."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path

import pytest

from drops.errors import DropsError, StoreError
from drops.store.server.classes import read_names
from drops.tui.keymap import read
from program import ELSEWHERE, RESTORE, faults, run, untouched, write_at

# What reads or writes the progress file, and what goes with it on the command line.
COMMANDS = [
    ("today",),
    ("today", "--json"),
    ("path",),
    ("plain",),
    ("replay",),
    ("progress",),
    ("doctor",),
    ("doctor", "--rebuild"),
    ("backup", "copy.db"),
    ("export", "all.jsonl"),
    ("import", "other.jsonl"),
]
FEW = [
    ("today",),
    ("doctor",),
    ("import", "other.jsonl"),
]  # one that glances, one that looks, one that writes


def refused_by(commands, drops, home, tmp_path, line):
    """These commands say the line and touch nothing; the doctor says it among its findings."""
    with untouched(home):
        for words in commands:
            status, out, err = drops(home, *words)
            if words == ("doctor",):
                assert (status, err, faults(out)) == (1, "", [line]), words
            else:
                assert (status, out, err) == (1, "", f"drops: {line}\n"), words
    assert (tmp_path / "neighbour.txt").read_text() == "not ours"
    with untouched(home):  # and the same, not only in this process
        assert run("plain", home=home).refused == line


@pytest.mark.slow
def test_a_file_where_the_folder_should_be_is_named(drops, tmp_path):
    (tmp_path / "neighbour.txt").write_text("not ours")
    (tmp_path / "file").write_text("mine")
    refused_by(
        FEW,
        drops,
        tmp_path / "file",
        tmp_path,
        f"{tmp_path}/file is a file, not a folder; name another with --home",
    )


@pytest.mark.slow
def test_a_folder_where_the_file_should_be_is_named(drops, home, tmp_path):
    (home / "progress.db").unlink()
    (home / "progress.db").mkdir()
    refused_by(
        FEW,
        drops,
        home,
        tmp_path,
        f"{home}/progress.db is a folder where the progress file should be; {ELSEWHERE}",
    )


@pytest.mark.slow
def test_another_programs_database_is_left_as_it_is(drops, home, tmp_path):
    (home / "progress.db").unlink()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("CREATE TABLE bookmarks (url)")
    db.close()
    refused_by(
        COMMANDS,
        drops,
        home,
        tmp_path,
        f"{home}/progress.db belongs to another program; it was left untouched: {ELSEWHERE}; {RESTORE}",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "content", [b"my diary\n", b"SQLite format 3\0 and no more", b"\0" * 5000], ids=["text", "short", "zeros"]
)
def test_what_is_no_database_is_left_as_it_is(drops, home, tmp_path, content):
    (home / "progress.db").write_bytes(content)
    refused_by(
        FEW,
        drops,
        home,
        tmp_path,
        f"{home}/progress.db is not a progress file of drops; it was left untouched: {ELSEWHERE}; {RESTORE}",
    )


@pytest.mark.slow
def test_what_a_later_drops_wrote_is_left_as_it_is(drops, home, tmp_path):
    write_at(home / "progress.db", 60, (99).to_bytes(4, "big"))
    refused_by(
        FEW,
        drops,
        home,
        tmp_path,
        f"{home}/progress.db was written by a later drops (schema 99, this one knows 2); "
        "it was left untouched: upgrade drops",
    )


@pytest.mark.slow
def test_a_file_cut_short_is_not_written_to(drops, home, tmp_path):
    path = home / "progress.db"
    size = path.stat().st_size
    os.truncate(path, size // 2)
    refused_by(
        COMMANDS, drops, home, tmp_path, f"{path} is cut short ({size // 2:,} of {size:,} bytes); {RESTORE}"
    )


@pytest.mark.slow
def test_an_emptied_file_is_no_new_learner(drops, home, tmp_path):
    os.truncate(home / "progress.db", 0)
    refused_by(FEW, drops, home, tmp_path, f"{home}/progress.db is empty; {RESTORE}")


def pipe(place: Path) -> None:
    os.mkfifo(place)


def endless(place: Path) -> None:
    place.symlink_to("/dev/zero")


NO_FILES = pytest.mark.parametrize("made", [pipe, endless], ids=["a pipe", "a device"])
SMALL = ("drafts.json", "kinds.txt", "keys.toml", "progress.pid", "backups/2026-11-01_101010.db")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@NO_FILES
@pytest.mark.parametrize("name", SMALL)
def test_what_is_no_plain_file_is_not_waited_for(home, made, name):
    (home / "backups").mkdir(exist_ok=True)
    place = home / name
    place.unlink(missing_ok=True)
    made(place)
    assert run("today", home=home).status == 0
    assert run("plain", home=home, typed="quit\n").err == ""
    assert run("doctor", home=home).err == ""
    if name == "keys.toml":
        with pytest.raises(DropsError, match=r"cannot be read \(it is no plain file\); the usual keys hold"):
            read(home)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@NO_FILES
def test_what_is_no_plain_file_where_one_is_named_is_one_line(home, tmp_path, made):
    made(tmp_path / "odd")
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "learner.json").mkdir()
    assert "cannot be used (" in run("sync", "--join", shared, home=home).refused
    (shared / "learner.json").rmdir()
    made(shared / "learner.json")
    for name, word in (("link.json", "LINK"), ("sync.json", "FOLDER")):
        made(home / name)
        line = f"{home / name} cannot be read; `drops sync --join {word}` writes it anew"
        assert run("sync", home=home).refused == line
        (home / name).unlink()
    for words in (
        ("sync", "--join", shared),
        ("import", tmp_path / "odd"),
        ("add", tmp_path / "odd"),
    ):
        assert run(*words, home=home).refused, words
    with pytest.raises(StoreError, match=r"odd cannot be read \(it is no plain file\); nothing was made"):
        read_names(tmp_path / "odd")
    (home / "progress.db").unlink()
    made(home / "progress.db")
    what = "is no plain file; move it away, or name another folder with --home"
    for words in (("today",), ("undo",), ("doctor", "--restore")):
        assert run(*words, home=home).refused == f"{home / 'progress.db'} {what}"
