"""Two programs at one home, and one that was killed there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from drops.errors import ReadOnly
from drops.store.file.files import Lock
from drops.store.file.glance import glance


def test_a_second_instance_only_reads_and_says_which_process_writes(filled, opened, at, answer, files):
    script = (
        "import sys; from pathlib import Path; from drops.store.log import Log; from drops.clock import now\n"
        "log = Log.open(Path(sys.argv[1]), lambda m, e: m, now=now(), daily_backup=False)\n"
        "print(log.read_only, flush=True); sys.stdin.read()"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", script, str(filled)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "False\n"
        with opened(filled) as log:
            assert log.why_read_only == (
                f"another drops (process {first.pid}) is writing to {filled}; close it, then try again"
            )
            with pytest.raises(ReadOnly):
                log.append(answer(), at())
            with pytest.raises(ReadOnly):
                log.rebuild()
            assert len(log.events()) == 200
    finally:
        first.communicate()
    with opened(filled) as log:  # the lock went with the process
        assert not log.read_only
        with opened(filled) as second:
            log.append(answer(), at())
            assert len(second.events()) == 201  # and a reader sees what is written meanwhile


def test_who_comes_while_another_is_only_just_opening_sees_what_it_writes(filled, opened, at, answer):
    lock = Lock(filled / "progress.db")
    lock.acquire()  # and its write-ahead log is not there yet
    with opened(filled) as reader:
        assert len(reader.events()) == 200
        lock.release()
        with opened(filled) as writer:
            writer.append_all([answer("d/1", typed="y" * 3000) for _ in range(50)], at(1))
        assert len(reader.events()) == 250


@pytest.mark.slow
def test_a_killed_writers_lock_is_nobodys(filled, opened):
    script = (
        "import os, sys; from pathlib import Path; from drops.store.log import Log; from drops.clock import now\n"
        "log = Log.open(Path(sys.argv[1]), lambda m, e: m, now=now()); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", script, str(filled)], check=False)
    assert (filled / "progress.pid").exists()
    with opened(filled) as log:
        assert not log.read_only


def killed_in(home: Path, step: str) -> None:
    """A start that is killed by SIGKILL in the middle of a step."""
    script = (
        "import os, sys; from pathlib import Path; from drops.clock import now; import drops.store.log as log\n"
        f"import drops.store.file.backup, drops.store.file.schema; {step} = lambda *_: os.kill(os.getpid(), 9)\n"
        "log.Log.open(Path(sys.argv[1]), lambda m, e: m, now=now())"
    )
    assert subprocess.run([sys.executable, "-c", script, str(home)], check=False).returncode == -9


def half_made(home: Path) -> list[str]:
    return [file.name for file in home.rglob(".*")]


@pytest.mark.slow
def test_what_killed_starts_left_half_made_is_gone_after_the_next(home, opened, at, answer):
    killed_in(home, "drops.store.file.schema.create")  # while the progress file is made
    assert half_made(home) != []
    with opened(home) as log:
        assert half_made(home) == []
        log.append(answer(), at())
    killed_in(home, "drops.store.file.backup.examine")  # while the daily copy is verified
    (home / ".restore-x1y2").mkdir()
    (home / ".restore-x1y2" / "fresh.db").write_bytes(b"half")
    left = half_made(home)
    assert len(left) >= 2
    with opened(home, read_only=True):
        assert half_made(home) == left  # who only reads removes nothing
    with opened(home):
        assert half_made(home) == []


def test_what_is_not_ours_is_not_taken_for_half_made(home, opened):
    opened(home).close()
    (home / "backups").mkdir()
    others = {
        home / name
        for name in (".progress.db.swp", ".notes.123.new", "progress.db.123.new", ".progress.db.new")
    }
    others |= {home / "backups" / ".thesis.db.123.new"}
    for file in others:
        file.write_text("not ours")
    opened(home).close()
    assert all(file.read_text() == "not ours" for file in others)


def test_answers_of_a_killed_writer_are_read_without_a_trace(home, opened, at, answer, files, tmp_path):
    copy = tmp_path / "copy"
    with opened(home) as log:
        log.append(answer(), at())
        shutil.copytree(home, copy)  # as it lies after a kill
    (copy / "progress.db-shm").unlink()  # and after the machine was switched off
    before = files(copy)
    with opened(copy, read_only=True) as log:
        assert len(log.events()) == 1
        assert log.memory("neuron/by-hand").reps == 1
    assert files(copy) == before


def test_a_link_to_a_progress_file_has_the_same_one_writer(filled, tmp_path, opened, at, answer):
    """Two homes, one file: its lock, its journal and its copies lie beside the file itself."""
    linked = tmp_path / "linked"
    linked.mkdir(mode=0o700)
    (linked / "progress.db").symlink_to(filled / "progress.db")
    with opened(filled) as log, opened(linked) as second:
        log.append(answer("a/new"), at(1))
        assert second.read_only
        assert f"is writing to {filled}" in second.why_read_only
        assert "a/new" in second.memories()  # with what is still in the journal
        assert "a/new" in glance(linked).memories
    with opened(linked) as second:
        assert not second.read_only
        second.append(answer("a/newer"), at(1))
        second.back_up(at(1))
    assert [file.name for file in linked.iterdir()] == ["progress.db"]
    assert list((filled / "backups").iterdir())
    with opened(filled) as log:
        assert {"a/new", "a/newer"} <= set(log.memories())
