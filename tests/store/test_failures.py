"""What may not be written or read, a disk that is full, somebody else's file: one plain line, and no other file touched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from drops.clock import now
from drops.errors import Damaged, Foreign, Newer, NoHome, NotSaved, ReadOnly
from drops.events import Fact, Kind, Rating
from drops.store.file.glance import glance
from drops.store.file.health import doctor
from drops.store.transfer import export, import_file
from program import ELSEWHERE, RESTORE, fill


def as_nobody(body: str, *arguments: object) -> str:
    """Run `body` as a user who owns nothing; what it printed."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can become another user")
    script = (
        "import os, sys; from pathlib import Path\n"
        "from drops.store.log import Log; from drops.store.file.glance import glance; from drops.clock import now\n"
        "from drops.events import Fact, Kind; from drops.errors import DropsError\n"
        "os.setgid(65534); os.setuid(65534); home = Path(sys.argv[1])\n" + body
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": "/"},
    )
    assert done.stderr == ""
    return done.stdout


@pytest.fixture
def reachable():
    """A folder to which another user can walk down."""
    # Not pytest's own: every other pytest that starts closes that to others again.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


# The disk is full ----------------------------------------------------------------------------


def test_on_a_full_disk_the_last_answer_is_not_saved_and_earlier_ones_are(small_disk, opened, at, answer):
    with opened(small_disk / "home") as log:
        kept = [log.append(answer("a/x"), at())]
        # Fill the disk to the last byte, as another program would.
        fill(small_disk)
        before = (small_disk / "film").stat().st_size
        with pytest.raises(NotSaved) as failure:
            kept.extend(log.append(answer("a/x", typed="y" * 8000), at()) for _ in range(300))
        assert str(failure.value) == "the disk is full; the last answer was NOT saved, earlier ones are safe"
        assert log.events() == kept
        assert (small_disk / "film").stat().st_size == before
        (small_disk / "film").unlink()
        kept.append(log.append(answer("a/x", typed="y" * 8000), at()))  # kept, and tried again
        assert log.events() == kept
        assert log.memory("a/x").reps == len(kept)
    with opened(small_disk / "home") as log:
        assert log.events() == kept


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (Fact(Kind.GRADED, "a/x", Rating.GOOD), "the last answer was NOT saved, earlier ones are safe"),
        (Fact(Kind.PRACTICE, "a/x"), "the last answer was NOT saved, earlier ones are safe"),
        (Fact(Kind.ATTEMPT, "a/x"), "the last answer was NOT saved, earlier ones are safe"),
        (Fact(Kind.SESSION), "where you are was NOT noted, every answer is safe"),
        (Fact(Kind.VOID, target=b"t" * 16), "the answer was NOT taken back, every answer is safe"),
        (Fact(Kind.RESET), "nothing was forgotten, every answer is safe"),
        (Fact(Kind.SUSPEND, "a/x"), "the question is as it was, every answer is safe"),
        (
            Fact(Kind.SETTING, payload={"name": "theme", "value": "light"}),
            "the setting is as it was, every answer is safe",
        ),
    ],
    ids=lambda value: value.kind.name if isinstance(value, Fact) else "",
)
def test_a_full_disk_says_what_was_not_saved(small_disk, opened, at, fact, line):
    with opened(small_disk / "home") as log:
        fill(small_disk)
        fact = fact._replace(payload={**fact.payload, "more": "x" * 60_000})  # more than a page that is there
        with pytest.raises(NotSaved) as failure:
            log.append(fact, at())
        assert str(failure.value) == f"the disk is full; {line}"
        if fact.kind == Kind.SESSION:  # where an answer is among several facts, it is what counts
            with pytest.raises(NotSaved, match="the last answer was NOT saved"):
                log.append_all([fact, Fact(Kind.GRADED, "a/x", Rating.GOOD)], at())


@pytest.mark.slow
def test_an_import_that_the_disk_has_no_room_for_brings_nothing(small_disk, opened, at, answer, tmp_path):
    with opened(tmp_path / "other") as other:
        other.append_all([answer(f"d/{n}", typed="x" * 9000) for n in range(300)], at())
        export(other, tmp_path / "other.jsonl")
    with opened(small_disk / "home") as log:
        kept = log.append_all([answer(f"d/{n}") for n in range(300)], at())
        with pytest.raises(NotSaved) as failure:
            import_file(log, tmp_path / "other.jsonl", at(), merge_learner=True)
        assert str(failure.value) == "the disk is full; nothing was imported, what is saved is safe"
        assert log.events() == kept


def test_a_disk_without_room_for_a_progress_file_speaks_of_no_answer(small_disk, opened):
    film = fill(small_disk)
    os.truncate(film, film.stat().st_size - 50_000)  # a folder and a lock still fit
    with pytest.raises(NotSaved, match=r"^the disk is full; nothing was written$"):
        opened(small_disk / "home")
    assert not (small_disk / "home" / "progress.db").exists()


def test_no_room_for_the_daily_copy_keeps_nobody_from_answering(small_disk, opened, at, answer):
    with opened(small_disk / "home") as log:
        log.append_all([answer(typed="x" * 2000) for _ in range(200)], at())
    (small_disk / "film").write_bytes(b"\0" * (shutil.disk_usage(small_disk).free - 300_000))
    with opened(small_disk / "home", day=1, daily_backup=True) as log:
        assert not log.read_only
        log.append(answer(), at(1))
        with pytest.raises(NotSaved, match=r"^the disk is full; no backup was made, what is saved is safe$"):
            log.back_up(at(1))
    assert [file.name for file in (small_disk / "home" / "backups").iterdir()] == []


# Where nothing may be written ----------------------------------------------------------------


@pytest.mark.slow
def test_answers_still_in_the_write_ahead_log_are_seen_also_where_nothing_may_be_written(
    reachable, home, opened, at, answer, files
):
    copy = reachable / "copy"
    with opened(home) as log:
        log.append(answer(), at())
        shutil.copytree(home, copy)  # as it lies after a kill
    (copy / "progress.db-shm").unlink()
    for place in (copy, *copy.iterdir()):
        place.chmod(0o755 if place.is_dir() else 0o644)
    before = files(copy)
    told = as_nobody("with Log.open(home, lambda m, e: m, now=now()) as log: print(len(log.events()))", copy)
    assert told == "1\n"
    assert files(copy) == before


def test_a_file_where_the_folder_should_be_is_named(home, opened, files):
    home.write_text("mine")
    with pytest.raises(NoHome) as failure:
        opened(home)
    assert str(failure.value) == f"{home} is a file, not a folder; name another with --home"
    assert glance(home).problem == str(failure.value)
    assert home.read_text() == "mine"


def test_a_folder_where_the_file_should_be_is_named(home, opened, files):
    (home / "progress.db").mkdir(parents=True)
    before = files(home)
    with pytest.raises(NoHome) as failure:
        opened(home)
    assert (
        str(failure.value) == f"{home}/progress.db is a folder where the progress file should be; {ELSEWHERE}"
    )
    assert glance(home).problem == str(failure.value)
    assert files(home) == before


# Somebody else's file ------------------------------------------------------------------------


def refused(home, opened, files, error, line):
    before = files(home)
    with pytest.raises(error) as failure:
        opened(home)
    assert (str(failure.value), failure.value.path) == (line, home / "progress.db")
    assert glance(home).problem == line
    assert any(
        finding.what == line and not finding.ok and finding.do
        for finding in doctor(home, lambda m, e: m, now())
    )
    assert files(home) == before


def test_another_programs_database_is_left_untouched(home, opened, files):
    home.mkdir()
    with sqlite3.connect(home / "progress.db") as db:
        db.execute("CREATE TABLE bookmarks (url)")
    db.close()
    refused(
        home,
        opened,
        files,
        Foreign,
        f"{home}/progress.db belongs to another program; it was left untouched: {ELSEWHERE}",
    )


@pytest.mark.parametrize("content", [b"my diary\n", b"SQLite format 3\0short", b"\0" * 5000])
def test_garbage_is_left_untouched(home, opened, files, content):
    home.mkdir()
    (home / "progress.db").write_bytes(content)
    refused(
        home,
        opened,
        files,
        Foreign,
        f"{home}/progress.db is not a progress file of drops; it was left untouched: {ELSEWHERE}",
    )


def test_a_later_schema_is_left_untouched(filled, opened, files):
    with (filled / "progress.db").open("r+b") as file:
        file.seek(60)
        file.write((99).to_bytes(4, "big"))
    refused(
        filled,
        opened,
        files,
        Newer,
        f"{filled}/progress.db was written by a later drops (schema 99, this one "
        "knows 2); it was left untouched: upgrade drops",
    )


def test_a_file_cut_short_is_not_written_to(filled, opened, files):
    path = filled / "progress.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(size // 2)
    refused(
        filled,
        opened,
        files,
        Damaged,
        f"{filled}/progress.db is cut short ({size // 2:,} of {size:,} bytes); {RESTORE}",
    )


def test_a_file_that_is_short_because_a_checkpoint_was_killed_is_whole_with_its_write_ahead_log(
    home, opened, at, answer, tmp_path
):
    copy = tmp_path / "copy"
    with opened(home) as log:
        kept = log.append_all([answer(typed="x" * 3000) for _ in range(50)], at())
        shutil.copytree(home, copy)  # as it lies after a kill: the answers are in the log
    path, wal = copy / "progress.db", copy / "progress.db-wal"
    with path.open("r+b") as file:  # of the checkpoint only the first page has come through
        file.seek(28)
        file.write((400).to_bytes(4, "big"))
    content = path.read_bytes()
    with opened(copy) as log:
        assert log.events() == kept
    path.write_bytes(content)
    wal.write_bytes(b"x" * 32)  # a head alone holds no page
    with pytest.raises(Damaged, match="is cut short"):
        opened(copy)


def test_an_empty_file_was_once_longer(filled, opened, files):
    (filled / "progress.db").write_bytes(b"")
    refused(filled, opened, files, Damaged, f"{filled}/progress.db is empty; {RESTORE}")


def test_a_missing_file_with_backups_is_no_new_learner(filled, opened, at):
    with opened(filled, daily_backup=True):
        pass
    (filled / "progress.db").unlink()
    with pytest.raises(Damaged) as failure:
        opened(filled)
    assert str(failure.value) == (
        f"{filled}/progress.db is missing, but its backups are there (1); `drops doctor --restore` brings the newest "
        f"back (to begin afresh, move {filled}/backups away)"
    )
    assert not (filled / "progress.db").exists()


# What SQLite says ----------------------------------------------------------------------------


def test_a_disk_that_cannot_keep_a_write_ahead_log_is_refused(filled, opened, monkeypatch):
    """What a network disk answers, which no test machine has: the mode stays as it was."""
    from drops.store.file import connect as module

    monkeypatch.setattr(module, "_PRAGMAS", ("locking_mode=EXCLUSIVE", "synchronous=NORMAL"))
    with pytest.raises(NoHome) as failure:
        opened(filled)
    assert str(failure.value) == (
        f"{filled} cannot keep answers safely (journal wal, synchronous 1); "
        "name a folder on a local disk with --home"
    )


@pytest.mark.parametrize(
    ("code", "error", "line"),
    [
        (sqlite3.SQLITE_FULL, NotSaved, "the disk is full; nothing was imported"),
        (sqlite3.SQLITE_IOERR_FSYNC, NotSaved, "the disk reports an error; nothing was imported"),
        (sqlite3.SQLITE_BUSY, NotSaved, "another program holds p.db; nothing was imported"),
        (sqlite3.SQLITE_LOCKED, NotSaved, "another program holds p.db; nothing was imported"),
        (
            sqlite3.SQLITE_CONSTRAINT_CHECK,
            NotSaved,
            "a rule of the log was broken (why); nothing was imported",
        ),
        (sqlite3.SQLITE_READONLY, ReadOnly, "p.db cannot be written to; progress is not saved"),
        (sqlite3.SQLITE_PERM, ReadOnly, "p.db cannot be written to; progress is not saved"),
        (sqlite3.SQLITE_AUTH, ReadOnly, "p.db cannot be written to; progress is not saved"),
        (sqlite3.SQLITE_CANTOPEN, NoHome, "p.db cannot be opened; name another folder with --home"),
        (
            sqlite3.SQLITE_NOTADB,
            Damaged,
            "p.db is damaged (why); nothing more is written to it: "
            f"`drops doctor` says what is damaged, {RESTORE}",
        ),
    ],
)
def test_every_error_of_the_database_has_its_line(code, error, line):
    from drops.store.file.connect import explained

    cause = sqlite3.OperationalError("why")
    cause.sqlite_errorcode = code
    told = explained(cause, Path("p.db"), "nothing was imported")
    assert type(told) is error
    assert (str(told), told.path) == (line, Path("p.db"))


def test_a_header_that_was_overwritten_comes_back_from_a_copy_and_the_line_says_so(
    home, opened, at, answer, fold
):
    from drops.store.file.restore import restore

    with opened(home) as log:
        kept = log.append_all([answer("a/x"), answer("a/y")], at())
        log.back_up(at())
    log.path.write_bytes(b"\0" * 100 + log.path.read_bytes()[100:])
    line = f"{log.path} is not a progress file of drops; it was left untouched: {ELSEWHERE}; {RESTORE}"
    with pytest.raises(Foreign) as failure:
        opened(home)
    assert (str(failure.value), glance(home).problem) == (line, line)
    assert restore(home, fold, at(1)).events == 2
    with opened(home, day=1) as log:
        assert log.events() == kept
